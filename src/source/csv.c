/*
 * The publisher's CSV (RFC 4180, but for line breaks inside a field, which are LF alone): a record
 * of column titles, then a record a row. Fields are borrowed from the document; only those with a
 * doubled quote or a CR LF inside are put together anew, each in the scratch of its column.
 */
#include "source/reader.h"

struct csv {
	struct slice document;
	size_t at;
	struct slice fields[COLUMN_COUNT]; /* of the last record */
	struct strbuf scratch[COLUMN_COUNT];
	struct fault *fault;
};

static void csv_done(struct csv *csv)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		strbuf_done(&csv->scratch[i]);
}

static int refuse(const struct csv *csv, size_t at, const char *why)
{
	return fault_at(csv->fault, FAULT_MALFORMED, csv->document.p, csv->document.n, at, "%s",
			why);
}

/* The byte at an offset, or 0 past the end: no text document holds one (source_check_text). */
static char byte_at(const struct csv *csv, size_t at)
{
	return at < csv->document.n ? csv->document.p[at] : 0;
}

/* Both fields are read from csv->at, which is left behind them. */
static int read_plain(struct csv *csv, struct slice *ret_field)
{
	size_t from = csv->at;
	char c;

	while ((c = byte_at(csv, csv->at)) && c != ',' && c != '\n' && c != '\r') {
		if (c == '"')
			return refuse(csv, csv->at, "a quote inside a field that is not quoted");
		csv->at++;
	}
	*ret_field = (struct slice){csv->document.p + from, csv->at - from};
	return 0;
}

static int read_quoted(struct csv *csv, struct strbuf *scratch, struct slice *ret_field)
{
	const char *p = csv->document.p;
	size_t opened = csv->at, from = opened + 1, at = from;

	scratch->n = 0;
	for (; byte_at(csv, at) != '"' || byte_at(csv, at + 1) == '"'; at++) {
		if (at >= csv->document.n)
			return refuse(csv, opened, "the quote that opens here is never closed");
		if (p[at] == '"') {
			strbuf_add(scratch, slice_between(p + from, p + at));
			from = ++at;
		} else if (p[at] == '\r' && byte_at(csv, at + 1) == '\n') {
			strbuf_add(scratch, slice_between(p + from, p + at));
			from = at + 1;
		}
	}
	csv->at = at + 1;
	*ret_field = slice_between(p + from, p + at);
	if (from > opened + 1) {
		strbuf_add(scratch, *ret_field);
		*ret_field = strbuf_slice(scratch);
	}
	return scratch->failed ? fault_memory(csv->fault) : 0;
}

/* Past the line's end at csv->at, which the document's end is as well; false: it is none. */
static bool skip_line_end(struct csv *csv)
{
	struct slice rest = slice_skip(csv->document, csv->at);
	size_t n = slice_starts(rest, SLICE("\r\n")) ? 2 : slice_starts(rest, SLICE("\n"));

	csv->at += n;
	return n > 0 || rest.n == 0;
}

static int read_record(struct csv *csv)
{
	for (size_t count = 0; count < COLUMN_COUNT; count++) {
		bool quoted = byte_at(csv, csv->at) == '"';
		int result = quoted ? read_quoted(csv, &csv->scratch[count], &csv->fields[count])
				    : read_plain(csv, &csv->fields[count]);
		size_t end = csv->at;

		if (result < 0)
			return result;
		if (skip_line_end(csv))
			return count == COLUMN_COUNT - 1
				       ? 0
				       : fault_at(csv->fault, FAULT_MALFORMED, csv->document.p,
						  csv->document.n, end,
						  "the record ends after %zu of its %d fields",
						  count + 1, COLUMN_COUNT);
		if (csv->document.p[end] == '\r')
			return refuse(csv, end, "a carriage return without a line feed");
		if (csv->document.p[end] != ',')
			return refuse(csv, end, "text behind the quote that ends a field");
		csv->at = end + 1;
	}
	return fault_at(csv->fault, FAULT_MALFORMED, csv->document.p, csv->document.n, csv->at - 1,
			"the record has more than its %d fields", COLUMN_COUNT);
}

static int check_titles(const struct csv *csv)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!source_is_title(csv->fields[i], (enum column)i))
			return fault_at_line(csv->fault, FAULT_MALFORMED, 1, 1,
					     "column %u is \"%.*s\", not \"%s\"", i + 1,
					     csv->fields[i].n < 40 ? (int)csv->fields[i].n : 40,
					     csv->fields[i].p, column_title((enum column)i).p);
	}
	return 0;
}

int source_csv_read(struct slice document, struct registry *registry, struct fault *fault)
{
	struct csv csv CLEANUP(csv_done) = {.document = document, .fault = fault};
	int result = source_check_text(document, fault);

	if (result == 0)
		result = read_record(&csv);
	if (result == 0)
		result = check_titles(&csv);
	while (result == 0 && csv.at < document.n) {
		struct row row = {.at = (uint32_t)csv.at};

		result = read_record(&csv);
		if (result < 0)
			break;
		for (size_t i = 0; i < COLUMN_COUNT; i++)
			row.shown[i] = csv.fields[i].n > 0 ? csv.fields[i] : SLICE_NONE;
		row.assignee_given =
			!slice_eq(row.shown[COLUMN_ASSIGNEE], row.shown[COLUMN_CONTACT]);
		result = source_add_row(registry, &row, document, fault);
	}
	return result;
}
