/*
 * The publisher's CSV, byte by byte: records end CR LF, line breaks inside a field are LF, and
 * only fields that hold a comma, a quote or a line break are quoted. Nothing is done to text that
 * a spreadsheet would take for a formula (=, +, -, @ first), for the bytes are the publisher's.
 */
#include "render/csv.h"
#include "render/render.h"

static void put_quoted(struct out *out, struct slice text)
{
	out_byte(out, '"');
	for (size_t quote; (quote = slice_find_byte(text, '"')) != (size_t)-1;) {
		out_put(out, (struct slice){text.p, quote + 1});
		out_byte(out, '"');
		text = slice_skip(text, quote + 1);
	}
	out_put(out, text);
	out_byte(out, '"');
}

void render_csv_field(struct out *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == ',' || c == '"' || c == '\n' || c == '\r') {
			put_quoted(out, text);
			return;
		}
	}
	out_put(out, text);
}

static void put_record(struct out *out, const struct slice fields[static COLUMN_COUNT])
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		if (i > 0)
			out_byte(out, ',');
		render_csv_field(out, fields[i]);
	}
	out_put(out, SLICE("\r\n"));
}

static void begin(struct out *out)
{
	struct slice titles[COLUMN_COUNT];

	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		titles[i] = column_title((enum column)i);
	put_record(out, titles);
}

static void put_row(struct out *out, const struct row *row, size_t index)
{
	(void)index;
	put_record(out, row->shown);
}

static void end(struct out *out, size_t rows)
{
	(void)out;
	(void)rows;
}

const struct render_format render_csv = {{"csv", 3}, begin, put_row, end};
