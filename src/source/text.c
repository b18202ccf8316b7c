/*
 * The publisher's plain text: the web page as the text browser ELinks prints it. Its parts, each
 * found by a line of its own:
 *
 *     the page's head, with the registry's title last
 *        Last Updated         sections: a heading three blanks in behind an empty line, then
 *        ...                  text, which stands one blank in (three where it is one line)
 *     the table of rows       text_table.h; begins at its titles
 *           Contact Information
 *     the table of people
 *           Footnote (or Footnotes)
 *        [1] ...              each footnote's first line three blanks in, its text below itself
 *        Licensing Terms      the last line: without it, the document was cut
 */
#include "source/reader.h"
#include "source/text_table.h"

enum person_column {
	PERSON_ID,
	PERSON_NAME,
	PERSON_ORGANIZATION,
	PERSON_URI,
	PERSON_UPDATED,
	PERSON_COLUMN_COUNT,
};

static const struct slice person_titles[PERSON_COLUMN_COUNT] = {
	{"ID", 2}, {"Name", 4}, {"Organization", 12}, {"Contact URI", 11}, {"Last Updated", 12},
};

static const struct text_form people_form = {
	.name = "people",
	.titles = person_titles,
	.columns = PERSON_COLUMN_COUNT,
	.single = 1 << PERSON_ID | 1 << PERSON_UPDATED,
	.key = PERSON_ID,
};

/*
 * Ports, transports, dates and codes hold no blank to wrap at. A row without a port has a service
 * name, which by RFC 6335, section 5.1 is one word, and a description.
 */
static const struct text_form services_form = {
	.name = "services",
	.columns = COLUMN_COUNT,
	.single = 1 << COLUMN_PORT | 1 << COLUMN_TRANSPORT | 1 << COLUMN_REGISTERED |
		  1 << COLUMN_MODIFIED | 1 << COLUMN_SERVICE_CODE,
	.key = COLUMN_PORT,
	.keyless = 1 << COLUMN_NAME | 1 << COLUMN_DESCRIPTION,
	.unbroken = 1 << COLUMN_NAME,
	.varying = 1 << COLUMN_TRANSPORT,
};

/* A document being read: its parts, from its start on. */
struct text {
	struct slice document;
	struct registry *registry;
	struct strbuf plain, rich; /* scratch */
	struct fault *fault;
};

static int refuse(const struct text *text, const char *at, const char *why)
{
	return fault_at(text->fault, FAULT_MALFORMED, text->document.p, text->document.n,
			(size_t)(at - text->document.p), "%s", why);
}

/* A fault of the registry, with its place. */
static int place_fault(const struct text *text, int code, const char *at)
{
	struct fault inner = text->fault ? *text->fault : (struct fault){};

	return fault_at(text->fault, code, text->document.p, text->document.n,
			(size_t)(at - text->document.p), "%s", inner.text);
}

/* Appends lines' rich text, the ends of lines kept as they are. */
static void add_rich(struct slice lines, struct strbuf *rich)
{
	struct slice line;

	for (bool first = true; lines.p; first = false) {
		line = slice_cut(&lines, '\n');
		if (!first)
			strbuf_add_byte(rich, '\n');
		rich_read(line, RICH_READ_TEXT, rich);
	}
}

/* The lines, each without up to so many blanks at its start and all at its end: in text->plain. */
static int read_lines(struct text *text, struct slice lines, size_t indent)
{
	struct slice line;

	text->plain.n = 0;
	while (text_next_line(&lines, &line)) {
		size_t n = 0;

		while (n < indent && n < line.n && line.p[n] == ' ')
			n++;
		while (line.n > n && byte_is_blank(line.p[line.n - 1]))
			line.n--;
		strbuf_add(&text->plain, slice_skip(line, n));
		strbuf_add_byte(&text->plain, '\n');
	}
	return text->plain.failed ? fault_memory(text->fault) : 0;
}

static int keep_rich(struct text *text, struct slice lines)
{
	text->rich.n = 0;
	add_rich(lines, &text->rich);
	return text->rich.failed ? fault_memory(text->fault) : 0;
}

/*
 * The text of a section's lines, which begin with what is left of its heading's: an empty line
 * before it and one behind it are none of it. Where there are more, it begins or ends with them;
 * the first line feed of it counts for nothing then, as in XHTML's <pre>.
 */
static struct slice section_text(struct slice lines)
{
	for (unsigned i = 0; i < 2 && slice_starts(lines, SLICE("\n")); i++)
		lines = slice_skip(lines, 1);
	if (slice_starts(lines, SLICE("\n")))
		lines = (struct slice){lines.p - 1, lines.n + 1};
	for (unsigned i = 0; i < 2 && slice_ends(lines, SLICE("\n")); i++) {
		if (i == 0 || !slice_ends(lines, SLICE("\n\n")))
			lines.n--;
	}
	return lines;
}

/* A day or, where no more is known, a month. */
static bool is_date(struct slice text)
{
	static const char form[] = "0000-00-00";

	if (text.n != sizeof("0000-00") - 1 && text.n != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (form[i] == '-' ? text.p[i] != '-' : !byte_is_digit(text.p[i]))
			return false;
	}
	return true;
}

static int keep(struct text *text, struct slice from, struct slice *ret_kept)
{
	if (from.n == 0)
		return 0;
	return registry_keep(text->registry, from, ret_kept) < 0 ? fault_memory(text->fault) : 0;
}

/* A section: its heading, and the lines below it. */
static int read_section(struct text *text, struct slice heading, struct slice body)
{
	struct registry_header *header = &text->registry->header;
	struct slice content = slice_trim(body);
	int result;

	if (slice_eq(heading, SLICE("Last Updated"))) {
		if (content.n > 0 && !is_date(content))
			return refuse(text, heading.p,
				      "no date (YYYY-MM-DD or YYYY-MM) under this heading");
		return keep(text, content, &header->updated);
	}
	if (slice_eq(heading, SLICE("Available Formats")))
		return 0;
	if (slice_eq(heading, SLICE("Reference"))) {
		text->rich.n = 0;
		rich_read(content, RICH_READ_REFERENCES, &text->rich);
		if (text->rich.failed)
			return fault_memory(text->fault);
		return keep(text, strbuf_slice(&text->rich), &header->references);
	}
	result = read_lines(text, body, 1);
	if (result == 0)
		result = keep_rich(text, section_text(strbuf_slice(&text->plain)));
	if (result < 0)
		return result;
	if (slice_eq(heading, SLICE("Expert(s)")))
		return keep(text, strbuf_slice(&text->rich), &header->expert);
	result = registry_add_note(text->registry,
				   slice_eq(heading, SLICE("Note")) ? SLICE_NONE : heading,
				   strbuf_slice(&text->rich), text->fault);
	return result < 0 ? place_fault(text, result, heading.p) : 0;
}

/* Exactly three blanks in, and no reference, which may stand so as well. */
static bool is_heading(struct slice line)
{
	return slice_starts(line, SLICE("   ")) && line.n > 3 && !byte_is_blank(line.p[3]) &&
	       line.p[3] != '[';
}

/* The head's lines up to the first section's heading, which is cut off too; the last is the title.
 */
static int read_title(struct text *text, struct slice *rest, struct slice *ret_heading)
{
	struct slice line, title = SLICE_NONE;

	while (text_next_line(rest, &line)) {
		struct slice content = slice_trim(line);

		if (slice_eq(content, SLICE("Last Updated"))) {
			*ret_heading = content;
			return keep(text, title, &text->registry->header.title);
		}
		if (content.n > 0)
			title = content;
	}
	return refuse(text, text->document.p, "no \"Last Updated\" before the table of services");
}

static int read_head(struct text *text, struct slice head)
{
	struct slice rest = head, line, heading;
	/* A heading's own text follows it, perhaps behind an empty line; a date may be missing. */
	bool behind_empty = false, has_text = true;
	int result = read_title(text, &rest, &heading);
	const char *body = rest.p;

	if (result < 0)
		return result;
	while (text_next_line(&rest, &line)) {
		bool empty = slice_trim(line).n == 0;

		if (behind_empty && has_text && is_heading(line)) {
			result = read_section(text, heading, slice_between(body, line.p));
			if (result < 0)
				return result;
			heading = slice_trim(line);
			body = line.p + line.n;
			has_text = false;
		} else {
			has_text |= !empty;
		}
		behind_empty = empty;
	}
	return read_section(text, heading, slice_between(body, head.p + head.n));
}

/*
 * The row that cells are. Shown text has one line feed for a break and for an empty line: cells
 * with these are read as rich text, where an empty line is two breaks.
 */
static int read_cells(struct text *text, const struct slice cells[static COLUMN_COUNT],
		      struct row *row)
{
	size_t ends[COLUMN_COUNT], start = 0;

	text->rich.n = 0;
	for (unsigned k = 0; k < COLUMN_COUNT; k++) {
		struct slice rest = cells[k];

		if (slice_find(rest, SLICE("\n\n")) != (size_t)-1) {
			while (rest.p) {
				rich_read(slice_cut(&rest, '\n'), RICH_READ_TEXT, &text->rich);
				if (rest.p)
					rich_add_break(&text->rich);
			}
		}
		ends[k] = text->rich.n;
	}
	for (unsigned k = 0; k < COLUMN_COUNT; start = ends[k++]) {
		if (ends[k] > start)
			row->rich[k] = (struct slice){text->rich.p + start, ends[k] - start};
		else
			row->shown[k] = cells[k];
	}
	row->assignee_given = !slice_eq(cells[COLUMN_ASSIGNEE], cells[COLUMN_CONTACT]);
	return text->rich.failed ? fault_memory(text->fault) : 0;
}

static int read_rows(struct text *text, struct slice table)
{
	struct slice titles[COLUMN_COUNT], cells[TEXT_COLUMNS_MAX];
	struct text_form form = services_form;
	struct text_rows rows CLEANUP(text_rows_done) = {};
	size_t at;
	int result;

	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		titles[i] = column_title((enum column)i);
	form.titles = titles;
	result = text_rows_open(&rows, &form, text->document, table, text->fault);
	while (result == 0) {
		struct row row = {};

		result = text_rows_next(&rows, cells, &at, text->fault);
		if (result != 0)
			break;
		row.at = (uint32_t)at;
		result = read_cells(text, cells, &row);
		if (result == 0)
			result = source_add_row(text->registry, &row, text->document, text->fault);
	}
	return result < 0 ? result : 0;
}

/* Addresses hold no blank: what parts them are ends of lines. */
static int add_person(struct text *text, const struct slice cells[static PERSON_COLUMN_COUNT],
		      size_t at)
{
	struct slice id = cells[PERSON_ID];
	struct person person = {
		.id = {id.p + 1, id.n - 2},
		.name = cells[PERSON_NAME],
		.organization = cells[PERSON_ORGANIZATION],
		.updated = cells[PERSON_UPDATED],
		.at = (uint32_t)at,
	};
	int result;

	if (id.n < 3 || id.p[0] != '[' || id.p[id.n - 1] != ']')
		return refuse(text, text->document.p + at, "a person's id stands in brackets");
	text->rich.n = 0;
	for (size_t i = 0; i < cells[PERSON_URI].n; i++) {
		if (byte_is_blank(cells[PERSON_URI].p[i]))
			rich_add_boundary(&text->rich);
		else
			strbuf_add_byte(&text->rich, cells[PERSON_URI].p[i]);
	}
	if (text->rich.failed)
		return fault_memory(text->fault);
	if (text->rich.n > 0)
		person.uri = strbuf_slice(&text->rich);
	result = registry_add_person(text->registry, &person, text->fault);
	return result < 0 ? place_fault(text, result, text->document.p + at) : 0;
}

static int read_people(struct text *text, struct slice table)
{
	struct text_rows rows CLEANUP(text_rows_done) = {};
	struct slice cells[TEXT_COLUMNS_MAX];
	size_t at;
	int result;

	if (text_title_lines(&people_form, table) == 0)
		return refuse(text, table.p, "no titles of the table of people");
	result = text_rows_open(&rows, &people_form, text->document, table, text->fault);
	while (result == 0) {
		result = text_rows_next(&rows, cells, &at, text->fault);
		if (result == 0)
			result = add_person(text, cells, at);
	}
	return result < 0 ? result : 0;
}

/*
 * "[N] ", three blanks in or (where its lines are long) less: the anchor, where the text begins,
 * and how far in that is.
 */
static bool is_footnote(struct slice line, struct slice *ret_anchor, const char **ret_text,
			size_t *ret_indent)
{
	size_t open = 0, close, at;

	while (open < 3 && open < line.n && line.p[open] == ' ')
		open++;
	close = slice_find_byte(line, ']');
	if (open == line.n || line.p[open] != '[' || close == (size_t)-1 || close == open + 1)
		return false;
	at = close + 1;
	while (at < line.n && line.p[at] == ' ')
		at++;
	*ret_anchor = (struct slice){line.p + open + 1, close - open - 1};
	*ret_text = line.p + at;
	*ret_indent = at;
	return true;
}

static int read_footnotes(struct text *text, struct slice rest)
{
	const char *end = rest.p + rest.n, *body, *next_body = NULL;
	struct slice line, anchor, next_anchor;
	size_t indent, next_indent = 0;
	int result;

	do {
		if (!text_next_line(&rest, &line))
			return 0;
	} while (slice_trim(line).n == 0);
	if (!is_footnote(line, &anchor, &body, &indent))
		return refuse(text, line.p, "no footnote ([1] ...)");
	for (bool more = true; more; anchor = next_anchor, body = next_body, indent = next_indent) {
		const char *until = end;

		while ((more = text_next_line(&rest, &line))) {
			if (is_footnote(line, &next_anchor, &next_body, &next_indent)) {
				until = line.p;
				break;
			}
		}
		result = read_lines(text, slice_between(body, until), indent);
		if (result == 0)
			result = keep_rich(text, slice_trim(strbuf_slice(&text->plain)));
		if (result < 0)
			return result;
		result = registry_add_footnote(text->registry, anchor, strbuf_slice(&text->rich),
					       text->fault);
		if (result < 0)
			return place_fault(text, result, anchor.p);
	}
	return 0;
}

/* The part that begins with the titles of the table of services; absent: there is none. */
static struct slice find_services(struct slice document)
{
	struct text_form form = services_form;
	struct slice titles[COLUMN_COUNT], line;

	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		titles[i] = column_title((enum column)i);
	form.titles = titles;
	for (struct slice rest = document; document.n > 0; document = rest) {
		if (text_title_lines(&form, document) > 0)
			return document;
		if (!text_next_line(&rest, &line))
			break;
	}
	return SLICE_NONE;
}

/*
 * Cuts *rest at a line that holds this alone, behind an empty one: the text before it, with *rest
 * left behind the line. Absent, and *rest unchanged: there is none.
 */
static struct slice cut_at(struct slice *rest, struct slice heading)
{
	struct slice scan = *rest, line;
	bool behind_empty = false;

	while (text_next_line(&scan, &line)) {
		struct slice content = slice_trim(line);

		if (behind_empty && slice_eq(content, heading)) {
			struct slice before = slice_between(rest->p, line.p);

			*rest = scan.p ? scan : (struct slice){line.p + line.n, 0};
			return before;
		}
		behind_empty = content.n == 0;
	}
	return SLICE_NONE;
}

/* Without the document's last line, which is always this. */
static int cut_end(const struct text *text, struct slice *rest)
{
	struct slice end = SLICE("Licensing Terms"), content = slice_trim(*rest);
	size_t feed = slice_find_last_byte(content, '\n');
	struct slice line = slice_skip(content, feed == (size_t)-1 ? 0 : feed + 1);

	if (!slice_eq(slice_trim(line), end))
		return refuse(text, line.p,
			      "cut, or not as published: the last line is not "
			      "\"Licensing Terms\"");
	*rest = slice_between(rest->p, line.p);
	return 0;
}

/* Of what stands before the table of services and behind that of people. */
static int limit_prose(const struct text *text, struct slice prose)
{
	if (prose.n <= REGISTRY_CELL_MAX)
		return 0;
	return fault_at(text->fault, FAULT_LIMIT, text->document.p, text->document.n,
			(size_t)(prose.p - text->document.p),
			"more than the limit of %d bytes outside of the tables", REGISTRY_CELL_MAX);
}

static int read_parts(struct text *text)
{
	struct slice document = text->document, rest = find_services(document);
	struct slice head, services, people, line;
	int result;

	if (!rest.p)
		return refuse(text, document.p,
			      "no table of services: no line of its titles "
			      "(Service Name   Port Number ...)");
	head = slice_between(document.p, rest.p);
	result = cut_end(text, &rest);
	if (result < 0)
		return result;
	services = cut_at(&rest, SLICE("Contact Information"));
	if (!services.p)
		return refuse(text, rest.p, "no \"Contact Information\" behind this table");
	people = cut_at(&rest, SLICE("Footnote"));
	if (!people.p)
		people = cut_at(&rest, SLICE("Footnotes"));
	if (!people.p) {
		people = rest;
		rest.n = 0;
	}
	result = limit_prose(text, head);
	if (result == 0)
		result = limit_prose(text, rest);
	if (result < 0)
		return result;
	while (slice_starts(people, SLICE("\n")) || slice_starts(people, SLICE("\r\n")))
		(void)text_next_line(&people, &line);
	result = read_head(text, head);
	if (result == 0)
		result = read_rows(text, services);
	if (result == 0)
		result = read_people(text, people);
	return result < 0 ? result : read_footnotes(text, rest);
}

int source_text_read(struct slice document, struct registry *registry, struct fault *fault)
{
	struct text text = {.document = document, .registry = registry, .fault = fault};
	int result;

	if (document.n > SOURCE_DOCUMENT_MAX)
		return fault_at_line(fault, FAULT_LIMIT, 1, 1, "larger than the limit of %d bytes",
				     SOURCE_DOCUMENT_MAX);
	result = source_check_text(document, fault);
	if (result == 0)
		result = read_parts(&text);
	strbuf_done(&text.plain);
	strbuf_done(&text.rich);
	return result;
}
