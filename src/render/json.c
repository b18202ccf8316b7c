/*
 * JSON (RFC 8259): rows as an array with an object a line, or as one object a line (ndjson).
 * Every key is there in every object, null (or an empty array) where the registry says nothing.
 * The service code is a string, as the other texts are: what the registry holds there is text.
 */
#include <errno.h>

#include "base/json.h"
#include "render/render.h"

void render_json_text(struct out *out, struct slice text)
{
	if (text.n > 0)
		json_put_string(out, text);
	else
		out_put(out, SLICE("null"));
}

/* Each object begins with its first key; all later ones follow a value. */
static void put_key(struct out *out, struct slice key)
{
	out_put(out, SLICE(",\""));
	out_put(out, key);
	out_put(out, SLICE("\":"));
}

static void put_member(struct out *out, struct slice key, struct slice text)
{
	put_key(out, key);
	render_json_text(out, text);
}

static void put_port(struct out *out, struct slice key, int32_t port)
{
	put_key(out, key);
	if (port >= 0)
		out_uint(out, (uint64_t)port);
	else
		out_put(out, SLICE("null"));
}

static void put_reference(struct out *out, const struct rich_run *run, struct strbuf *label,
			  struct strbuf *shown)
{
	label->n = shown->n = 0;
	rich_add_label(label, run);
	rich_show(strbuf_slice(label), shown);
	out_put(out, SLICE("{\"type\":"));
	json_put_string(out, run->type);
	put_member(out, SLICE("data"), run->data);
	put_member(out, SLICE("text"), strbuf_slice(shown));
	out_byte(out, '}');
}

/* The references of a column, as an array: of people their ids, of all others an object each. */
static void put_references(struct out *out, const struct row *row, enum column column)
{
	bool people = column_reading(column) == RICH_READ_PEOPLE;
	struct strbuf rich CLEANUP(strbuf_done) = {}, label CLEANUP(strbuf_done) = {};
	struct strbuf shown CLEANUP(strbuf_done) = {};
	struct slice rest, separator = SLICE_NONE;
	struct rich_run run;

	put_key(out, column_key(column));
	out_byte(out, '[');
	row_rich(row, column, &rich);
	rest = strbuf_slice(&rich);
	while (rich_next(&rest, &run)) {
		bool person = slice_eq(run.type, SLICE("person"));

		if (run.kind != RICH_REFERENCE || (people && !person))
			continue;
		out_put(out, separator);
		separator = SLICE(",");
		if (people)
			json_put_string(out, run.data);
		else
			put_reference(out, &run, &label, &shown);
	}
	out_byte(out, ']');
	if ((rich.failed || label.failed || shown.failed) && !out->error)
		out->error = ENOMEM;
}

static void put_column(struct out *out, const struct row *row, enum column column)
{
	put_member(out, column_key(column), row->shown[column]);
}

void render_json_row(struct out *out, const struct row *row)
{
	out_put(out, SLICE("{\"name\":"));
	render_json_text(out, row->shown[COLUMN_NAME]);
	put_port(out, SLICE("first_port"), row->first_port);
	put_port(out, SLICE("last_port"), row->last_port);
	put_member(out, SLICE("transport"), transport_name(row->transport));
	put_column(out, row, COLUMN_DESCRIPTION);
	put_references(out, row, COLUMN_ASSIGNEE);
	put_references(out, row, COLUMN_CONTACT);
	put_column(out, row, COLUMN_REGISTERED);
	put_column(out, row, COLUMN_MODIFIED);
	put_references(out, row, COLUMN_REFERENCE);
	put_column(out, row, COLUMN_SERVICE_CODE);
	put_column(out, row, COLUMN_UNAUTHORIZED);
	put_column(out, row, COLUMN_NOTES);
	put_member(out, SLICE("state"), row_state_name(row->state));
	put_member(out, SLICE("range"),
		   row->first_port < 0 ? SLICE_NONE
				       : port_range_name(port_range_of((uint16_t)row->first_port)));
	put_member(out, SLICE("alias_of"), row_alias_of(row));
	put_key(out, SLICE("historic"));
	out_put(out, row_is_historic(row) ? SLICE("true") : SLICE("false"));
	out_byte(out, '}');
}

static void put_uris(struct out *out, struct slice uris)
{
	struct slice separator = SLICE_NONE;
	struct rich_run run;

	put_key(out, SLICE("uris"));
	out_byte(out, '[');
	while (rich_next(&uris, &run)) {
		if (run.kind != RICH_TEXT)
			continue;
		out_put(out, separator);
		separator = SLICE(",");
		json_put_string(out, run.text);
	}
	out_byte(out, ']');
}

void render_json_person(struct out *out, const struct person *person)
{
	out_put(out, SLICE("{\"id\":"));
	render_json_text(out, person->id);
	put_member(out, SLICE("name"), person->name);
	put_member(out, SLICE("organization"), person->organization);
	put_uris(out, person->uri);
	put_member(out, SLICE("updated"), person->updated);
	out_byte(out, '}');
}

static void begin_array(struct out *out)
{
	out_byte(out, '[');
}

static void put_element(struct out *out, const struct row *row, size_t index)
{
	out_put(out, index > 0 ? SLICE(",\n") : SLICE("\n"));
	render_json_row(out, row);
}

static void end_array(struct out *out, size_t rows)
{
	out_put(out, rows > 0 ? SLICE("\n]\n") : SLICE("]\n"));
}

static void begin_lines(struct out *out)
{
	(void)out;
}

static void put_line(struct out *out, const struct row *row, size_t index)
{
	(void)index;
	render_json_row(out, row);
	out_byte(out, '\n');
}

static void end_lines(struct out *out, size_t rows)
{
	(void)out;
	(void)rows;
}

const struct render_format render_json = {{"json", 4}, begin_array, put_element, end_array};
const struct render_format render_ndjson = {{"ndjson", 6}, begin_lines, put_line, end_lines};
