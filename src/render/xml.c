#include "render/xml.h"

#include <errno.h>

#include "base/strbuf.h"

static void put_escaped(struct out *out, struct slice text, bool attribute)
{
	for (size_t i = 0; i < text.n; i++) {
		switch (text.p[i]) {
		case '&':
			out_put(out, SLICE("&amp;"));
			break;
		case '<':
			out_put(out, SLICE("&lt;"));
			break;
		case '>':
			out_put(out, SLICE("&gt;"));
			break;
		case '"':
			out_put(out, attribute ? SLICE("&quot;") : SLICE("\""));
			break;
		case '\r':
			out_put(out, SLICE("&#13;"));
			break;
		case '\n':
		case '\t':
			/* Attribute values would otherwise be read back with spaces. */
			if (attribute) {
				out_printf(out, "&#%d;", text.p[i]);
				break;
			}
			/* fallthrough */
		default:
			out_byte(out, text.p[i]);
		}
	}
}

static void put_attribute(struct out *out, struct slice name, struct slice value)
{
	if (!value.p)
		return;
	out_byte(out, ' ');
	out_put(out, name);
	out_put(out, SLICE("=\""));
	put_escaped(out, value, true);
	out_byte(out, '"');
}

static void put_reference(struct out *out, const struct rich_run *run)
{
	struct slice none = SLICE_NONE;

	out_put(out, SLICE("<xref"));
	put_attribute(out, SLICE("type"), run->type);
	put_attribute(out, SLICE("data"), run->data.n ? run->data : none);
	put_attribute(out, SLICE("section"), run->section.n ? run->section : none);
	if (run->text.n == 0) {
		out_put(out, SLICE("/>"));
		return;
	}
	out_byte(out, '>');
	put_escaped(out, run->text, false);
	out_put(out, SLICE("</xref>"));
}

static void put_rich(struct out *out, struct slice rich)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		switch (run.kind) {
		case RICH_TEXT:
			put_escaped(out, run.text, false);
			break;
		case RICH_BREAK:
			out_put(out, SLICE("<br/>"));
			break;
		case RICH_REFERENCE:
			put_reference(out, &run);
			break;
		case RICH_PARAGRAPH:
			out_put(out, SLICE("<paragraph>"));
			break;
		case RICH_PARAGRAPH_END:
			out_put(out, SLICE("</paragraph>"));
			break;
		case RICH_BOUNDARY:
			break;
		}
	}
}

/* The text up to a boundary between elements, cut from *rest. */
static struct slice cut_element(struct slice *rest)
{
	struct slice whole = *rest;
	struct rich_run run;

	while (rest->n > 0) {
		const char *before = rest->p;

		if (rich_next(rest, &run) && run.kind == RICH_BOUNDARY)
			return slice_between(whole.p, before);
	}
	return whole;
}

static void put_element(struct out *out, const char *indent, struct slice name, struct slice rich)
{
	out_put(out, slice_cstr(indent));
	out_byte(out, '<');
	out_put(out, name);
	if (rich.n == 0) {
		out_put(out, SLICE("/>\n"));
		return;
	}
	out_byte(out, '>');
	put_rich(out, rich);
	out_put(out, SLICE("</"));
	out_put(out, name);
	out_put(out, SLICE(">\n"));
}

static void put_references(struct out *out, const char *indent, struct slice rich)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		if (run.kind != RICH_REFERENCE)
			continue;
		out_put(out, slice_cstr(indent));
		put_reference(out, &run);
		out_byte(out, '\n');
	}
}

/* The next reference, cut from *rest and written. */
static void put_next_reference(struct out *out, const char *indent, struct slice *rest)
{
	struct rich_run run;

	while (rich_next(rest, &run)) {
		if (run.kind != RICH_REFERENCE)
			continue;
		out_put(out, slice_cstr(indent));
		put_reference(out, &run);
		out_byte(out, '\n');
		return;
	}
}

/* The publisher's most usual order of a record's elements, for a row that brings none. */
static struct slice usual_order(const struct row *row, struct slice contacts,
				struct slice references, char space[static 512])
{
	size_t n = 0;
	struct rich_run run;
	const struct {
		char letter;
		bool present;
	} before[] = {
		{ROW_ELEMENT_NAME, row->shown[COLUMN_NAME].p},
		{ROW_ELEMENT_PROTOCOL, row->shown[COLUMN_TRANSPORT].p},
		{ROW_ELEMENT_ASSIGNEE, row->assignee_given},
	};

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		if (before[i].present)
			space[n++] = before[i].letter;
	}
	while (rich_next(&contacts, &run) && n < 200) {
		if (run.kind == RICH_REFERENCE)
			space[n++] = ROW_ELEMENT_CONTACT;
	}
	space[n++] = ROW_ELEMENT_DESCRIPTION;
	if (row->shown[COLUMN_PORT].p)
		space[n++] = ROW_ELEMENT_NUMBER;
	while (rich_next(&references, &run) && n < 400) {
		if (run.kind == RICH_REFERENCE)
			space[n++] = ROW_ELEMENT_REFERENCE;
	}
	if (row->shown[COLUMN_SERVICE_CODE].p)
		space[n++] = ROW_ELEMENT_SERVICE_CODE;
	if (row->shown[COLUMN_UNAUTHORIZED].p)
		space[n++] = ROW_ELEMENT_UNAUTHORIZED;
	if (row->shown[COLUMN_NOTES].p)
		space[n++] = ROW_ELEMENT_NOTE;
	return (struct slice){space, n};
}

static const struct row_field {
	char letter;
	enum column column;
	struct slice name;
} fields[] = {
	{ROW_ELEMENT_NAME, COLUMN_NAME, SLICE("name")},
	{ROW_ELEMENT_PROTOCOL, COLUMN_TRANSPORT, SLICE("protocol")},
	{ROW_ELEMENT_NUMBER, COLUMN_PORT, SLICE("number")},
	{ROW_ELEMENT_DESCRIPTION, COLUMN_DESCRIPTION, SLICE("description")},
	{ROW_ELEMENT_SERVICE_CODE, COLUMN_SERVICE_CODE, SLICE("sc")},
	{ROW_ELEMENT_UNAUTHORIZED, COLUMN_UNAUTHORIZED, SLICE("unauthorized")},
	{ROW_ELEMENT_NOTE, COLUMN_NOTES, SLICE("note")},
};

static void put_row_element(struct out *out, char letter, struct slice rest[static COLUMN_COUNT])
{
	if (letter == ROW_ELEMENT_CONTACT) {
		put_next_reference(out, "    ", &rest[COLUMN_CONTACT]);
	} else if (letter == ROW_ELEMENT_REFERENCE) {
		put_next_reference(out, "    ", &rest[COLUMN_REFERENCE]);
	} else if (letter == ROW_ELEMENT_ASSIGNEE) {
		out_put(out, SLICE("    <assignee>\n"));
		put_references(out, "      ", cut_element(&rest[COLUMN_ASSIGNEE]));
		out_put(out, SLICE("    </assignee>\n"));
	} else {
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
			if (fields[i].letter == letter)
				put_element(out, "    ", fields[i].name,
					    cut_element(&rest[fields[i].column]));
		}
	}
}

static void put_row(struct out *out, const struct row *row, struct strbuf *scratch)
{
	struct slice rest[COLUMN_COUNT];
	size_t from[COLUMN_COUNT];
	char space[512];
	struct slice order;

	scratch->n = 0;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		from[i] = scratch->n;
		row_rich(row, (enum column)i, scratch);
		rest[i].n = scratch->n - from[i];
	}
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		rest[i].p = strbuf_slice(scratch).p + from[i];
	order = row->order.p
			? row->order
			: usual_order(row, rest[COLUMN_CONTACT], rest[COLUMN_REFERENCE], space);
	out_put(out, SLICE("  <record"));
	put_attribute(out, SLICE("date"), row->shown[COLUMN_REGISTERED]);
	put_attribute(out, SLICE("updated"), row->shown[COLUMN_MODIFIED]);
	out_put(out, SLICE(">\n"));
	for (size_t i = 0; i < order.n; i++)
		put_row_element(out, order.p[i], rest);
	out_put(out, SLICE("  </record>\n"));
}

static void put_notes(struct out *out, const struct registry_note *notes, size_t count,
		      struct slice element, struct slice attribute)
{
	for (size_t i = 0; i < count; i++) {
		out_put(out, SLICE("  <"));
		out_put(out, element);
		put_attribute(out, attribute, notes[i].title);
		out_byte(out, '>');
		put_rich(out, notes[i].text);
		out_put(out, SLICE("</"));
		out_put(out, element);
		out_put(out, SLICE(">\n"));
	}
}

static void put_header(struct out *out, const struct registry *registry)
{
	const struct registry_header *header = &registry->header;
	const struct {
		struct slice name, text;
	} texts[] = {
		{SLICE("title"), header->title.p ? header->title
						 : SLICE("Service Name and Transport Protocol "
							 "Port Number Registry")},
		{SLICE("category"), header->category},
		{SLICE("updated"), header->updated},
	};

	out_put(out, header->prolog.n ? header->prolog
				      : SLICE("<?xml version='1.0' encoding='UTF-8'?>\n"));
	out_put(out, SLICE("<registry xmlns=\"http://www.iana.org/assignments\" "
			   "id=\"" REGISTRY_ID "\">\n"));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i].text.p)
			put_element(out, "  ", texts[i].name, texts[i].text);
	}
	put_references(out, "  ", header->references);
	if (header->expert.p)
		put_element(out, "  ", SLICE("expert"), header->expert);
	put_notes(out, registry->notes, registry->note_count, SLICE("note"), SLICE("title"));
}

static void put_person(struct out *out, const struct person *person)
{
	struct slice uris = person->uri;

	out_put(out, SLICE("    <person"));
	put_attribute(out, SLICE("id"), person->id);
	out_put(out, SLICE(">\n"));
	if (person->name.p)
		put_element(out, "      ", SLICE("name"), person->name);
	if (person->organization.p)
		put_element(out, "      ", SLICE("org"), person->organization);
	if (uris.p) {
		do
			put_element(out, "      ", SLICE("uri"), cut_element(&uris));
		while (uris.n > 0);
	}
	if (person->updated.p)
		put_element(out, "      ", SLICE("updated"), person->updated);
	out_put(out, SLICE("    </person>\n"));
}

void render_xml(struct out *out, const struct registry *registry)
{
	struct strbuf scratch CLEANUP(strbuf_done) = {};

	put_header(out, registry);
	for (size_t i = 0; i < registry->row_count; i++)
		put_row(out, &registry->rows[i], &scratch);
	put_notes(out, registry->footnotes, registry->footnote_count, SLICE("footnote"),
		  SLICE("anchor"));
	if (registry->person_count > 0) {
		out_put(out, SLICE("  <people>\n"));
		for (size_t i = 0; i < registry->person_count; i++)
			put_person(out, &registry->people[i]);
		out_put(out, SLICE("  </people>\n"));
	}
	out_put(out, SLICE("</registry>\n"));
	if (scratch.failed && !out->error)
		out->error = ENOMEM;
}
