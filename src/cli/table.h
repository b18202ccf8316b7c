/*
 * Tables for people. On a terminal a table fits its width: columns without content are left out,
 * cells wrap and are never cut, and what finds no room moves below its row, with its heading.
 * Elsewhere every row is one line.
 */
#ifndef PORTBOOK_CLI_TABLE_H
#define PORTBOOK_CLI_TABLE_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/out.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum { TABLE_COLUMNS_MAX = 16 };

struct table_column {
	struct slice title;
	unsigned least; /* columns of the terminal below which wrapping it reads badly */
	unsigned rank;	/* 0: stays beside; the greater, the earlier it moves below */
	bool right;	/* aligned */
};

/* The cells of a row; absent or empty for none. */
struct table_row {
	struct slice cells[TABLE_COLUMNS_MAX];
	struct strbuf scratch[TABLE_COLUMNS_MAX]; /* where cells may be built; empty at first */
	bool dim;
};

/* What is in the table; the owner of data gives its rows. */
struct table {
	const struct table_column *columns;
	size_t column_count; /* at most TABLE_COLUMNS_MAX */
	size_t row_count;
	unsigned hidden; /* mask of columns that are left out */
	const void *data;
	/* Fills in the row of an index, all absent on entry. Cells live as long as row and data. */
	void (*read)(const void *data, size_t index, struct table_row *row);
};

/* What to mark in cells: text in any letter case. Absent: nothing. */
struct table_mark {
	struct slice text;
	unsigned columns; /* mask */
};

struct table_style {
	unsigned width; /* of the terminal; 0: not to be wrapped */
	bool color;
	struct table_mark mark;
};

/* Where a column stands. */
enum table_place { TABLE_BESIDE, TABLE_BELOW, TABLE_NOWHERE };

struct table_layout {
	enum table_place place[TABLE_COLUMNS_MAX];
	size_t width[TABLE_COLUMNS_MAX]; /* of columns beside */
};

/* What a column holds. */
struct table_extent {
	size_t widest; /* of its cells */
	size_t filled; /* cells that are not empty */
};

/* Makes a layout for columns of these extents. width is the terminal's; 0: without end. */
void table_fit(const struct table *table, const struct table_extent *extents, size_t width,
	       struct table_layout *ret_layout);

/* Writes the table, with its heading; nothing for one without rows. 0 or FAULT_MEMORY. */
int table_write(struct out *out, const struct table *table, const struct table_style *style,
		struct fault *fault) MUST_USE;

#endif
