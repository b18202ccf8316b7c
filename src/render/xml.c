#include "render/xml.h"

#include <errno.h>

#include "base/strbuf.h"

/* Bytes that are written as they are, at the start of the text. */
static size_t plain_run(struct slice text)
{
	static const bool other[256] = {['&'] = true,  ['<'] = true,  ['>'] = true, ['"'] = true,
					['\r'] = true, ['\n'] = true, ['\t'] = true};
	size_t n = 0;

	while (n < text.n && !other[(unsigned char)text.p[n]])
		n++;
	return n;
}

static void put_escaped(struct out *out, struct slice text, bool attribute)
{
	for (;; text = slice_skip(text, 1)) {
		size_t n = plain_run(text);

		out_put(out, (struct slice){text.p, n});
		if (n == text.n)
			return;
		text = slice_skip(text, n);
		switch (text.p[0]) {
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
				out_printf(out, "&#%d;", text.p[0]);
				break;
			}
			/* fallthrough */
		default:
			out_byte(out, text.p[0]);
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

/* A line of its own begins with its line feed, so that what is between two things is part of one.
 */
static void new_line(struct out *out, unsigned level)
{
	out_put(out, (struct slice){"\n      ", 1 + 2 * (size_t)level});
}

static void put_element(struct out *out, unsigned level, struct slice name, struct slice rich)
{
	new_line(out, level);
	out_byte(out, '<');
	out_put(out, name);
	if (rich.n == 0) {
		out_put(out, SLICE("/>"));
		return;
	}
	out_byte(out, '>');
	put_rich(out, rich);
	out_put(out, SLICE("</"));
	out_put(out, name);
	out_byte(out, '>');
}

static void put_references(struct out *out, unsigned level, struct slice rich)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		if (run.kind != RICH_REFERENCE)
			continue;
		new_line(out, level);
		put_reference(out, &run);
	}
}

/* The next reference, cut from *rest and written. */
static void put_next_reference(struct out *out, unsigned level, struct slice *rest)
{
	struct rich_run run;

	while (rich_next(rest, &run)) {
		if (run.kind != RICH_REFERENCE)
			continue;
		new_line(out, level);
		put_reference(out, &run);
		return;
	}
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
		put_next_reference(out, 2, &rest[COLUMN_CONTACT]);
	} else if (letter == ROW_ELEMENT_REFERENCE) {
		put_next_reference(out, 2, &rest[COLUMN_REFERENCE]);
	} else if (letter == ROW_ELEMENT_ASSIGNEE) {
		new_line(out, 2);
		out_put(out, SLICE("<assignee>"));
		put_references(out, 3, cut_element(&rest[COLUMN_ASSIGNEE]));
		new_line(out, 2);
		out_put(out, SLICE("</assignee>"));
	} else {
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
			if (fields[i].letter == letter)
				put_element(out, 2, fields[i].name,
					    cut_element(&rest[fields[i].column]));
		}
	}
}

/* A row that brings no order gets the publisher's most usual one, with all there is of each kind.
 */
static void put_in_usual_order(struct out *out, const struct row *row,
			       struct slice rest[static COLUMN_COUNT])
{
	const struct {
		char letter;
		bool present;
	} elements[] = {
		{ROW_ELEMENT_NAME, row->shown[COLUMN_NAME].p},
		{ROW_ELEMENT_PROTOCOL, row->shown[COLUMN_TRANSPORT].p},
		{ROW_ELEMENT_ASSIGNEE, row->assignee_given},
		{ROW_ELEMENT_CONTACT, true},
		{ROW_ELEMENT_DESCRIPTION, true},
		{ROW_ELEMENT_NUMBER, row->shown[COLUMN_PORT].p},
		{ROW_ELEMENT_REFERENCE, true},
		{ROW_ELEMENT_SERVICE_CODE, row->shown[COLUMN_SERVICE_CODE].p},
		{ROW_ELEMENT_UNAUTHORIZED, row->shown[COLUMN_UNAUTHORIZED].p},
		{ROW_ELEMENT_NOTE, row->shown[COLUMN_NOTES].p},
	};

	for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
		if (elements[i].letter == ROW_ELEMENT_CONTACT)
			put_references(out, 2, rest[COLUMN_CONTACT]);
		else if (elements[i].letter == ROW_ELEMENT_REFERENCE)
			put_references(out, 2, rest[COLUMN_REFERENCE]);
		else if (elements[i].present)
			put_row_element(out, elements[i].letter, rest);
	}
}

/* Whether the part is verbatim in the model, and so written. */
static bool put_verbatim(struct out *out, struct slice verbatim)
{
	out_put(out, verbatim);
	return verbatim.p != NULL;
}

void render_xml_row(struct out *out, const struct row *row, struct strbuf *scratch)
{
	struct slice rest[COLUMN_COUNT];
	size_t from[COLUMN_COUNT];

	if (put_verbatim(out, row->verbatim))
		return;
	scratch->n = 0;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		rest[i] = row->rich[i];
		if (rest[i].p)
			continue;
		from[i] = scratch->n;
		row_rich(row, (enum column)i, scratch);
		rest[i].n = scratch->n - from[i];
	}
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!rest[i].p)
			rest[i].p = strbuf_slice(scratch).p + from[i];
	}
	new_line(out, 1);
	out_put(out, SLICE("<record"));
	put_attribute(out, SLICE("date"), row->shown[COLUMN_REGISTERED]);
	put_attribute(out, SLICE("updated"), row->shown[COLUMN_MODIFIED]);
	out_byte(out, '>');
	for (size_t i = 0; i < row->order.n; i++)
		put_row_element(out, row->order.p[i], rest);
	if (!row->order.p)
		put_in_usual_order(out, row, rest);
	new_line(out, 1);
	out_put(out, SLICE("</record>"));
}

static void put_note(struct out *out, unsigned level, const struct registry_note *note,
		     struct slice element, struct slice attribute)
{
	new_line(out, level);
	out_byte(out, '<');
	out_put(out, element);
	put_attribute(out, attribute, note->title);
	out_byte(out, '>');
	put_rich(out, note->text);
	out_put(out, SLICE("</"));
	out_put(out, element);
	out_byte(out, '>');
}

void render_xml_footnote(struct out *out, const struct registry_note *note)
{
	if (!put_verbatim(out, note->verbatim))
		put_note(out, 1, note, SLICE("footnote"), SLICE("anchor"));
}

void render_xml_header(struct out *out, const struct registry *registry)
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

	if (put_verbatim(out, registry->layout.header))
		return;
	out_put(out, header->prolog.n ? header->prolog
				      : SLICE("<?xml version='1.0' encoding='UTF-8'?>\n"));
	out_put(out, SLICE("<registry xmlns=\"http://www.iana.org/assignments\" "
			   "id=\"" REGISTRY_ID "\">"));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i].text.p)
			put_element(out, 1, texts[i].name, texts[i].text);
	}
	put_references(out, 1, header->references);
	if (header->expert.p)
		put_element(out, 1, SLICE("expert"), header->expert);
	/* The publisher does not indent a note that has a title. */
	for (size_t i = 0; i < registry->note_count; i++)
		put_note(out, registry->notes[i].title.p ? 0 : 1, &registry->notes[i],
			 SLICE("note"), SLICE("title"));
}

void render_xml_people(struct out *out, const struct registry *registry)
{
	if (put_verbatim(out, registry->layout.people) || registry->person_count == 0)
		return;
	new_line(out, 1);
	out_put(out, SLICE("<people>"));
}

void render_xml_person(struct out *out, const struct person *person)
{
	struct slice uris = person->uri;

	if (put_verbatim(out, person->verbatim))
		return;
	new_line(out, 2);
	out_put(out, SLICE("<person"));
	put_attribute(out, SLICE("id"), person->id);
	out_byte(out, '>');
	if (person->name.p)
		put_element(out, 3, SLICE("name"), person->name);
	if (person->organization.p)
		put_element(out, 3, SLICE("org"), person->organization);
	if (uris.p) {
		do
			put_element(out, 3, SLICE("uri"), cut_element(&uris));
		while (uris.n > 0);
	}
	if (person->updated.p)
		put_element(out, 3, SLICE("updated"), person->updated);
	new_line(out, 2);
	out_put(out, SLICE("</person>"));
}

void render_xml_end(struct out *out, const struct registry *registry)
{
	if (put_verbatim(out, registry->layout.end))
		return;
	if (registry->person_count > 0) {
		new_line(out, 1);
		out_put(out, SLICE("</people>"));
	}
	out_put(out, SLICE("\n</registry>\n"));
}

void render_xml(struct out *out, const struct registry *registry)
{
	struct strbuf scratch CLEANUP(strbuf_done) = {};

	render_xml_header(out, registry);
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		render_xml_row(out, &row, &scratch);
	}
	for (size_t i = 0; i < registry->footnote_count; i++)
		render_xml_footnote(out, &registry->footnotes[i]);
	render_xml_people(out, registry);
	for (size_t i = 0; i < registry->person_count; i++)
		render_xml_person(out, &registry->people[i]);
	render_xml_end(out, registry);
	if (scratch.failed && !out->error)
		out->error = ENOMEM;
}
