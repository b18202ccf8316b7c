/*
 * Inside source/: the fixed-width tables of the plain text. They are what the text browser ELinks
 * prints of the web page's tables, so that all of it follows from how that lays out a table:
 *
 * - Columns are parted by one blank position, the same in all lines. A title stands in the middle
 *   of its column: of the blanks around it, half (rounded down) stand before it. A table that
 *   fits a page is indented by three, a wider one by less, down to none.
 * - Text wraps at blanks; a column is never narrower than its longest word. A line that ends
 *   although the next word would have fitted ends in a line break of the page.
 * - Nothing parts the rows. A row is as many lines high as its highest cell, and its other cells
 *   stand in the middle of it: of the empty lines, half (rounded down) stand above.
 *
 * Positions and widths are columns on a terminal, not bytes (base/utf8.h).
 */
#ifndef PORTBOOK_SOURCE_TEXT_TABLE_H
#define PORTBOOK_SOURCE_TEXT_TABLE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/strbuf.h"

/* Limits, stated in the faults and in docs/SOURCES.md. */
enum {
	TEXT_COLUMNS_MAX = 12,
	TEXT_LINE_MAX = 16384,	  /* bytes of a table's line */
	TEXT_LINES_MAX = 4000000, /* lines of a table */
	TEXT_HEIGHT_MAX = 128,	  /* lines of a row */
};

/* What is known of a table before it is read. */
struct text_form {
	const char *name; /* for faults */
	const struct slice *titles;
	unsigned columns;
	uint16_t single; /* a bit for each column whose cells are one line at most */
	unsigned key;	 /* of those, the one that every row has ... */
	/*
	 * ... or else it has these columns, the leftmost of them one word. 0: no row is without
	 * its key.
	 */
	uint16_t keyless;
	uint16_t unbroken; /* columns whose text wraps, but has no line breaks */
	uint16_t varying;  /* columns that differ where a row repeats the one above */
};

struct text_column {
	size_t left, width;
};

/* What a line holds in a column: its text without the blanks around, and where that ends. */
struct text_cell {
	struct slice text;
	size_t end; /* positions from the column's left */
};

/* Cuts the first line off *rest, without its LF or CR LF. False at the end. */
bool text_next_line(struct slice *rest, struct slice *ret_line);

/* The lines that the table's titles take where they begin the text; 0: they do not. */
unsigned text_title_lines(const struct text_form *form, struct slice text);

/* Finds the columns of the table that the text is, beginning with its titles. */
int text_find_columns(const struct text_form *form, struct slice document, struct slice table,
		      struct text_column columns[static TEXT_COLUMNS_MAX],
		      struct fault *fault) MUST_USE;

/* Cuts a line of the table whose columns these are. */
void text_cut_line(const struct text_column *columns, unsigned count, struct slice line,
		   struct text_cell cells[static TEXT_COLUMNS_MAX]);

/* A table being read row by row. Zeroed memory may be given to text_rows_done. */
struct text_rows {
	const struct text_form *form;
	struct slice document;
	struct text_column columns[TEXT_COLUMNS_MAX];
	struct text_line *lines; /* text_rows.c */
	size_t count, next;
	struct text_cell cells[TEXT_HEIGHT_MAX][TEXT_COLUMNS_MAX]; /* of the row in hand */
	struct strbuf scratch[TEXT_COLUMNS_MAX];
};

/* table is a part of the document and begins with the titles. Both must outlive the reading. */
int text_rows_open(struct text_rows *rows, const struct text_form *form, struct slice document,
		   struct slice table, struct fault *fault) MUST_USE;
void text_rows_done(struct text_rows *rows);

/*
 * The next row's cells, absent where empty and borrowed until the next call, and the document's
 * offset of the row. In a cell a line feed is a break, and two are an empty line. Returns 1 at the
 * end.
 */
int text_rows_next(struct text_rows *rows, struct slice ret_cells[static TEXT_COLUMNS_MAX],
		   size_t *ret_at, struct fault *fault) MUST_USE;

#endif
