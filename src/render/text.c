#include "render/text.h"

#include <errno.h>

#include "render/text_table.h"

static const struct slice usual_title =
	SLICE("Service Name and Transport Protocol Port Number Registry");

/* The head and what stands between tables, with its scratch. */
struct page {
	struct out *out;
	struct strbuf text, label;
};

/* Text flowing between the margins, in lines that begin at them or are centred. */
static void put_flow(struct page *page, struct slice rich, bool centred)
{
	size_t room = TEXT_PAGE - (centred ? 0 : 2 * TEXT_MARGIN), width;
	struct slice rest, line;

	page->text.n = 0;
	text_flow(rich, &page->text, &page->label);
	rest = strbuf_slice(&page->text);
	while (text_take_line(&rest, room, &line, &width)) {
		size_t spare = room > width ? room - width : 0;

		out_repeat(page->out, ' ', centred ? spare / 2 : TEXT_MARGIN);
		out_put(page->out, line);
		out_byte(page->out, '\n');
	}
}

static void put_title(struct page *page, struct slice title)
{
	out_byte(page->out, '\n');
	put_flow(page, title, true);
	out_byte(page->out, '\n');
}

/* A section of flowing text. */
static void put_section(struct page *page, struct slice heading, struct slice rich)
{
	put_flow(page, heading, false);
	if (rich.n > 0)
		put_flow(page, rich, false);
	out_byte(page->out, '\n');
}

/* A section whose lines stand as they are, one blank in. */
static void put_lines(struct page *page, struct slice heading, struct slice rich)
{
	struct slice rest;

	put_flow(page, heading, false);
	out_byte(page->out, '\n');
	page->text.n = 0;
	text_verbatim(rich, &page->text);
	rest = strbuf_slice(&page->text);
	/* As in XHTML's <pre>: a line feed at the start is none of the text. */
	if (slice_starts(rest, SLICE("\n")))
		rest = slice_skip(rest, 1);
	while (rest.n > 0) {
		struct slice line = slice_cut(&rest, '\n');

		while (line.n > 0 && byte_is_blank(line.p[line.n - 1]))
			line.n--;
		out_repeat(page->out, ' ', line.n > 0);
		out_put(page->out, line);
		out_byte(page->out, '\n');
	}
	out_byte(page->out, '\n');
}

static void put_head(struct page *page, const struct registry *registry)
{
	const struct registry_header *header = &registry->header;

	out_put(page->out, SLICE("   Internet Assigned Numbers Authority\n\n"
				 "     \u2022\u00a0Domains\n     \u2022\u00a0Protocols\n"
				 "     \u2022\u00a0Numbers\n     \u2022\u00a0About\n"));
	put_title(page, header->title.n > 0 ? header->title : usual_title);
	put_section(page, SLICE("Last Updated"), header->updated);
	if (header->expert.n > 0)
		put_lines(page, SLICE("Expert(s)"), header->expert);
	if (header->references.n > 0)
		put_section(page, SLICE("Reference"), header->references);
	for (size_t i = 0; i < registry->note_count; i++) {
		const struct registry_note *note = &registry->notes[i];

		put_lines(page, note->title.n > 0 ? note->title : SLICE("Note"), note->text);
	}
	out_put(page->out, SLICE("   Available Formats\n   [IMG]\n   CSV [IMG]\n   XML [IMG]\n"
				 "   HTML [IMG]\n   Plain text\n\n"));
}

static void add_service(struct text_table *table, const struct registry *registry, size_t i)
{
	struct row row = registry_row(registry, i);

	for (unsigned k = 0; k < COLUMN_COUNT; k++) {
		table->rich.n = 0;
		row_rich(&row, (enum column)k, &table->rich);
		text_table_add(table, strbuf_slice(&table->rich));
	}
}

static void add_person(struct text_table *table, const struct registry *registry, size_t i)
{
	const struct person *person = &registry->people[i];
	const struct slice rest[] = {person->name, person->organization, person->uri,
				     person->updated};

	table->rich.n = 0;
	strbuf_add_byte(&table->rich, '[');
	strbuf_add(&table->rich, person->id);
	strbuf_add_byte(&table->rich, ']');
	text_table_add(table, strbuf_slice(&table->rich));
	for (size_t k = 0; k < ARRAY_SIZE(rest); k++)
		text_table_add(table, rest[k]);
}

static void add_footnote(struct text_table *table, const struct registry *registry, size_t i)
{
	const struct registry_note *footnote = &registry->footnotes[i];

	table->rich.n = 0;
	strbuf_add_byte(&table->rich, '[');
	strbuf_add(&table->rich, footnote->title);
	strbuf_add_byte(&table->rich, ']');
	text_table_add(table, strbuf_slice(&table->rich));
	text_table_add(table, footnote->text);
}

static void put_table(struct page *page, struct text_table *table, const struct registry *registry)
{
	text_table_put(table, registry, page->out);
	if (table->failed)
		page->text.failed = true;
	text_table_done(table);
}

static void put_services(struct page *page, const struct registry *registry)
{
	struct slice titles[COLUMN_COUNT];
	struct text_table table = {
		.columns = COLUMN_COUNT,
		.centred = 1 << COLUMN_PORT | 1 << COLUMN_TRANSPORT | 1 << COLUMN_SERVICE_CODE,
		.titles = titles,
		.rows = registry->row_count,
		.add_row = add_service,
	};

	for (unsigned k = 0; k < COLUMN_COUNT; k++)
		titles[k] = column_title((enum column)k);
	put_table(page, &table, registry);
}

static void put_people(struct page *page, const struct registry *registry)
{
	static const struct slice titles[] = {
		{"ID", 2},	     {"Name", 4},	   {"Organization", 12},
		{"Contact URI", 11}, {"Last Updated", 12},
	};
	struct text_table table = {
		.columns = ARRAY_SIZE(titles),
		.titles = titles,
		.rows = registry->person_count,
		.add_row = add_person,
	};

	put_title(page, SLICE("Contact Information"));
	put_table(page, &table, registry);
}

static void put_footnotes(struct page *page, const struct registry *registry)
{
	struct text_table table = {
		.columns = 2,
		.verbatim = true,
		.rows = registry->footnote_count,
		.add_row = add_footnote,
	};

	if (registry->footnote_count == 0)
		return;
	put_title(page, registry->footnote_count == 1 ? SLICE("Footnote") : SLICE("Footnotes"));
	put_table(page, &table, registry);
}

void render_text(struct out *out, const struct registry *registry)
{
	struct page page = {.out = out};

	put_head(&page, registry);
	put_services(&page, registry);
	put_people(&page, registry);
	put_footnotes(&page, registry);
	out_put(out, SLICE("\n   Licensing Terms\n"));
	if ((page.text.failed || page.label.failed) && !out->error)
		out->error = ENOMEM;
	strbuf_done(&page.text);
	strbuf_done(&page.label);
}
