/*
 * Inside render/: fixed-width tables as the text browser ELinks lays out those of the web page,
 * which is what the publisher offers as plain text:
 *
 * - Text wraps at blanks only, so that a column is never narrower than its longest word. Where
 *   even such columns overflow the page, as those of the whole registry do, each is as wide as
 *   its longest word; where the longest lines fit, as wide as these; else something between.
 * - One blank parts columns. Titles, and columns that say so, are centred; so is, from top to
 *   bottom, every cell in its row. Odd blanks stand behind, odd empty lines below.
 *
 * Widths are columns on a terminal, not bytes (base/utf8.h).
 */
#ifndef PORTBOOK_RENDER_TEXT_TABLE_H
#define PORTBOOK_RENDER_TEXT_TABLE_H

#include <stdint.h>

#include "base/out.h"
#include "base/strbuf.h"
#include "registry/registry.h"

enum {
	TEXT_PAGE = 150, /* what is centred is centred on this width; only tables overflow it */
	TEXT_MARGIN = 3, /* on either side */
	TEXT_CELLS = 12, /* of a row, at most */
};

/* Zeroed but for the first part; text_table_done() gives back what text_table_put() allocates. */
struct text_table {
	unsigned columns;
	uint16_t centred;	    /* a bit for each column whose cells are centred */
	bool verbatim;		    /* lines stand as they are, from the top of their row */
	const struct slice *titles; /* NULL: none */
	size_t rows;
	/* Adds the cells of a row (text_table_add), as many as there are columns. */
	void (*add_row)(struct text_table *table, const struct registry *registry, size_t row);

	/* The row in hand: its cells' text, one behind the other. */
	struct strbuf flow, label, rich;
	size_t ends[TEXT_CELLS];
	unsigned filled;
	bool is_title;
	/* Of each column: its longest word, its longest line, its longest line as laid out. */
	size_t least[TEXT_CELLS], most[TEXT_CELLS], used[TEXT_CELLS];
	size_t width[TEXT_CELLS];
	bool failed; /* memory ran out */
};

/* The next cell of the row in hand. */
void text_table_add(struct text_table *table, struct slice rich);

void text_table_put(struct text_table *table, const struct registry *registry, struct out *out);
void text_table_done(struct text_table *table);

/*
 * Appends rich text as it flows: words parted by one blank, or by one line feed for a break, or
 * two where a line stays empty: between breaks and around paragraphs. None of these at its ends.
 */
void text_flow(struct slice rich, struct strbuf *flow, struct strbuf *label);

/* Appends rich text with its own blanks and line feeds. */
void text_verbatim(struct slice rich, struct strbuf *text);

/*
 * Cuts a line of at most so many columns (but at least a word) off *rest; its width. False, at the
 * end: *rest is absent.
 */
bool text_take_line(struct slice *rest, size_t width, struct slice *ret_line, size_t *ret_width);

#endif
