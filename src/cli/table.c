#include "cli/table.h"

#include "base/utf8.h"
#include "cli/text.h"

enum {
	GAP = 2,     /* spaces between two columns, as in fit.c */
	INDENT = 2,  /* of what stands below a row */
	HANGING = 4, /* of its further lines */
	ROOM = 20,   /* columns after a heading below which longer text begins on its own line */
};

/* Parameters of SGR (ECMA-48, section 8.3.117). */
#define PLAIN	  ""
#define DIM	  "2"
#define UNDERLINE "4"
#define MARKED	  "1;4"

/* A table being written. */
struct writer {
	struct out *out;
	const struct table *table;
	const struct table_style *style;
	struct table_layout layout;
	struct table_row row;		       /* the one that is being written */
	struct strbuf tidy[TABLE_COLUMNS_MAX]; /* cells without needless blanks */
	struct strbuf needle, folded;	       /* what to mark, and the cell it is looked for in */
};

/* Text that is part of one cell, in a style. */
static void put_styled(struct writer *writer, struct slice text, const char *style)
{
	bool styled = writer->style->color && *style && text.n > 0;

	if (styled)
		out_printf(writer->out, "\033[%sm", style);
	text_put(writer->out, text);
	if (styled)
		out_put(writer->out, SLICE("\033[0m"));
}

/* Folds text into an empty buffer. */
static void fold(struct slice text, struct strbuf *folded)
{
	char *space;

	folded->n = 0;
	space = strbuf_extend(folded, text.n);
	if (space)
		utf8_fold(text, space);
}

/* A line of a cell, with what the whole cell holds of the mark's text marked. */
static void put_line(struct writer *writer, size_t column, struct slice line, const char *style)
{
	struct slice cell = writer->row.cells[column], needle = strbuf_slice(&writer->needle);
	size_t at = (size_t)(line.p - cell.p), end = at + line.n, from = 0, found;

	if (!writer->style->color || needle.n == 0 ||
	    !(writer->style->mark.columns >> column & 1)) {
		put_styled(writer, line, style);
		return;
	}
	fold(cell, &writer->folded);
	while (at < end) {
		struct slice rest = slice_skip(strbuf_slice(&writer->folded), from);
		size_t to;

		found = slice_find(rest, needle);
		if (found == (size_t)-1 || from + found >= end)
			break;
		to = from + found + needle.n;
		from += found;
		if (to > at) {
			from = from > at ? from : at;
			put_styled(writer, slice_between(cell.p + at, cell.p + from), style);
			at = to < end ? to : end;
			put_styled(writer, slice_between(cell.p + from, cell.p + at), MARKED);
		}
		from = to;
	}
	put_styled(writer, slice_between(cell.p + at, cell.p + end), style);
}

/* The cells beside each other, on as many lines as it takes. */
static void put_beside(struct writer *writer, const char *style)
{
	const struct table *table = writer->table;
	struct slice rest[TABLE_COLUMNS_MAX];
	bool more = true;

	for (size_t i = 0; i < table->column_count; i++)
		rest[i] = writer->row.cells[i].n > 0 ? writer->row.cells[i] : SLICE_NONE;
	while (more) {
		size_t x = 0, start = 0; /* columns written; where this cell begins */

		more = false;
		for (size_t i = 0; i < table->column_count; i++) {
			size_t width = writer->layout.width[i], used, pad, gap;
			struct slice line = rest[i];

			if (writer->layout.place[i] != TABLE_BESIDE)
				continue;
			if (writer->style->width > 0 && line.p)
				line = text_wrap(&rest[i], width);
			else
				rest[i] = SLICE_NONE;
			used = text_width(line);
			pad = start + (table->columns[i].right && used < width ? width - used : 0);
			start += width + GAP;
			more |= rest[i].p != NULL;
			if (line.n == 0)
				continue;
			/* Without wrapping, a wide cell may have pushed this one aside. */
			gap = x == 0 || pad >= x + GAP ? pad - x : GAP;
			out_repeat(writer->out, ' ', gap);
			put_line(writer, i, line, style);
			x += gap + used;
		}
		out_byte(writer->out, '\n');
	}
}

/* A cell below its row, which wraps; its heading ends at column x. */
static void put_wrapped(struct writer *writer, size_t column, size_t x, const char *style)
{
	struct slice cell = writer->row.cells[column], rest = cell;
	size_t width = writer->style->width;
	bool here = x + 1 + text_lines_width(cell) <= width || x + 1 + ROOM <= width;

	if (here)
		out_byte(writer->out, ' ');
	x = here ? x + 1 : width;
	while (rest.p) {
		if (x >= width) {
			out_byte(writer->out, '\n');
			out_repeat(writer->out, ' ', HANGING);
			x = HANGING;
		}
		put_line(writer, column, text_wrap(&rest, width > x ? width - x : 1), style);
		x = width;
	}
}

/* What found no room beside, with headings: short ones share a line. */
static void put_below(struct writer *writer, const char *style)
{
	const struct table *table = writer->table;
	size_t width = writer->style->width, x = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		struct slice title = table->columns[i].title, cell = writer->row.cells[i];
		size_t label = text_width(title) + 1, needed = label + 1 + text_lines_width(cell);
		bool lines = cell.n > 0 && slice_find_byte(cell, '\n') != (size_t)-1;

		if (writer->layout.place[i] != TABLE_BELOW || cell.n == 0)
			continue;
		if (x > 0 && !lines && x + GAP + needed <= width) {
			out_repeat(writer->out, ' ', GAP);
			x += GAP;
		} else {
			if (x > 0)
				out_byte(writer->out, '\n');
			out_repeat(writer->out, ' ', INDENT);
			x = INDENT;
		}
		put_styled(writer, title, DIM);
		out_byte(writer->out, ':');
		put_wrapped(writer, i, x + label, style);
		x = !lines && x + needed <= width ? x + needed : width;
	}
	if (x > 0)
		out_byte(writer->out, '\n');
}

/*
 * A cell with one space for every run of blanks. Where lines may break, those before text that
 * stands at the margin are kept; indented ones are only how the document was typed.
 */
static struct slice tidy(struct slice cell, bool lines, struct strbuf *space)
{
	struct slice rest = slice_trim(cell);

	space->n = 0;
	while (rest.n > 0) {
		char blank = ' ';
		size_t n = 0;

		for (; n < rest.n && byte_is_blank(rest.p[n]); n++)
			blank = rest.p[n] == '\n' && lines ? '\n' : ' ';
		if (n > 0)
			strbuf_add_byte(space, blank);
		rest = slice_skip(rest, n);
		for (n = 0; n < rest.n && !byte_is_blank(rest.p[n]);)
			n++;
		strbuf_add(space, (struct slice){rest.p, n});
		rest = slice_skip(rest, n);
	}
	return strbuf_slice(space);
}

static void read_row(struct writer *writer, size_t index)
{
	const struct table *table = writer->table;
	struct table_row *row = &writer->row;

	row->dim = false;
	for (size_t i = 0; i < table->column_count; i++) {
		row->scratch[i].n = 0;
		row->cells[i] = SLICE_NONE;
	}
	table->read(table->data, index, row);
	for (size_t i = 0; i < table->column_count; i++) {
		if (table->hidden >> i & 1)
			row->cells[i] = SLICE_NONE;
		else
			row->cells[i] =
				tidy(row->cells[i], writer->style->width > 0, &writer->tidy[i]);
	}
}

static void measure(struct writer *writer, struct table_extent *extents)
{
	for (size_t row = 0; row < writer->table->row_count; row++) {
		read_row(writer, row);
		for (size_t i = 0; i < writer->table->column_count; i++) {
			struct slice cell = writer->row.cells[i];
			size_t width = writer->style->width > 0 ? text_lines_width(cell)
								: text_width(cell);

			extents[i].filled += width > 0;
			if (width > extents[i].widest)
				extents[i].widest = width;
		}
	}
}

static void put_rows(struct writer *writer)
{
	const struct table *table = writer->table;

	for (size_t i = 0; i < table->column_count; i++)
		writer->row.cells[i] = table->columns[i].title;
	put_beside(writer, UNDERLINE);
	fold(writer->style->mark.text, &writer->needle); /* not before: headings are not marked */
	for (size_t row = 0; row < table->row_count; row++) {
		const char *style;

		read_row(writer, row);
		style = writer->row.dim ? DIM : PLAIN;
		put_beside(writer, style);
		put_below(writer, style);
	}
}

int table_write(struct out *out, const struct table *table, const struct table_style *style,
		struct fault *fault)
{
	struct writer writer = {.out = out, .table = table, .style = style};
	struct table_extent extents[TABLE_COLUMNS_MAX] = {};
	bool failed = false;

	if (table->row_count == 0)
		return 0;
	measure(&writer, extents);
	table_fit(table, extents, style->width, &writer.layout);
	put_rows(&writer);
	for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++) {
		failed |= writer.row.scratch[i].failed || writer.tidy[i].failed;
		strbuf_done(&writer.row.scratch[i]);
		strbuf_done(&writer.tidy[i]);
	}
	failed |= writer.needle.failed || writer.folded.failed;
	strbuf_done(&writer.needle);
	strbuf_done(&writer.folded);
	return failed ? fault_memory(fault) : 0;
}
