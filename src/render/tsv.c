/*
 * Tab-separated values for line-wise tools: a line of column titles, then a line a row, whatever
 * the fields hold: a tab, line feed, carriage return or backslash in one is written \t \n \r \\.
 */
#include "render/render.h"

static void put_field(struct out *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		switch (text.p[i]) {
		case '\t':
			out_put(out, SLICE("\\t"));
			break;
		case '\n':
			out_put(out, SLICE("\\n"));
			break;
		case '\r':
			out_put(out, SLICE("\\r"));
			break;
		case '\\':
			out_put(out, SLICE("\\\\"));
			break;
		default:
			out_byte(out, text.p[i]);
		}
	}
}

static void begin(struct out *out)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (i > 0)
			out_byte(out, '\t');
		out_put(out, column_title((enum column)i));
	}
	out_byte(out, '\n');
}

static void put_row(struct out *out, const struct row *row, size_t index)
{
	(void)index;
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		if (i > 0)
			out_byte(out, '\t');
		put_field(out, row->shown[i]);
	}
	out_byte(out, '\n');
}

static void end(struct out *out, size_t rows)
{
	(void)out;
	(void)rows;
}

const struct render_format render_tsv = {{"tsv", 3}, begin, put_row, end};
