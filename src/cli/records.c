#include "cli/records.h"

#include "base/utf8.h"
#include "render/csv.h"
#include "render/render.h"

void records_done(struct records *records)
{
	listing_done(&records->listing);
}

void records_add_text(struct strbuf *to, struct slice text)
{
	while (text.n > 0) {
		uint32_t character;
		size_t n = utf8_next(text, &character);

		if (n == 1 && character == 0xfffd)
			strbuf_add(to, SLICE("\xef\xbf\xbd"));
		else
			strbuf_add(to, (struct slice){text.p, n});
		text = slice_skip(text, n);
	}
}

static void put_json(struct records *records, const struct slice *row)
{
	struct out *out = records->cli->out;
	bool lines = records->cli->arguments.settings.format == FORMAT_NDJSON;

	if (!lines)
		out_put(out, records->count > 0 ? SLICE(",\n") : SLICE("[\n"));
	for (size_t i = 0; i < records->listing.column_count; i++) {
		out_put(out, i > 0 ? SLICE(",\"") : SLICE("{\""));
		out_put(out, records->keys[i]);
		out_put(out, SLICE("\":"));
		if ((records->numbers >> i & 1) && row[i].n > 0)
			out_put(out, row[i]);
		else
			render_json_text(out, row[i]);
	}
	out_put(out, lines ? SLICE("}\n") : SLICE("}"));
}

/* RFC 4180. */
static void put_csv(struct records *records, const struct slice *row)
{
	struct out *out = records->cli->out;

	for (size_t i = 0; i < records->listing.column_count; i++) {
		if (i > 0)
			out_byte(out, ',');
		render_csv_field(out, row[i]);
	}
	out_put(out, SLICE("\r\n"));
}

void records_begin(struct records *records)
{
	if (records->cli->arguments.settings.format == FORMAT_CSV)
		put_csv(records, records->keys);
}

void records_put(struct records *records, struct strbuf *row)
{
	enum format format = records->cli->arguments.settings.format;
	struct slice texts[RECORDS_CELLS];

	for (size_t i = 0; i < records->listing.column_count; i++) {
		records->failed |= row[i].failed;
		texts[i] = strbuf_slice(&row[i]);
		if (format == FORMAT_TABLE)
			listing_add(&records->listing, texts[i]);
	}
	if (format == FORMAT_CSV)
		put_csv(records, texts);
	else if (format != FORMAT_TABLE)
		put_json(records, texts);
	for (size_t i = 0; i < records->listing.column_count; i++)
		strbuf_done(&row[i]);
	records->count++;
}

int records_end(struct records *records, struct fault *fault)
{
	enum format format = records->cli->arguments.settings.format;

	if (records->failed)
		return fault_memory(fault);
	if (format == FORMAT_JSON)
		out_put(records->cli->out, records->count > 0 ? SLICE("\n]\n") : SLICE("[]\n"));
	return format == FORMAT_TABLE ? listing_write(records->cli, &records->listing, fault) : 0;
}
