/*
 * The registry as the publisher's style sheet and site show it: XHTML, the whole or one captured
 * page. A definition list holds the header; tables hold the rows (by their id), the people (by
 * their titles) and the footnotes (by their class). All else on a page is passed over.
 *
 * A document type is read over, never loaded. One with an internal subset is refused, so that a
 * document declares no entities; those that XHTML itself would declare (&nbsp;) are refused where
 * they are used: the publisher uses none.
 */
#include <assert.h>
#include <expat.h>

#include "source/collector.h"
#include "source/reader.h"

enum { DEPTH_MAX = 64 }; /* of nested elements; the publisher's documents have 10 */

enum table {
	TABLE_NONE,
	TABLE_OTHER,
	TABLE_ROWS,
	TABLE_PEOPLE,
	TABLE_FOOTNOTES,
};

struct page {
	XML_Parser parser;
	struct slice document;
	struct registry *registry;
	struct fault *fault;
	int result; /* the first failure, after which nothing is done any more */
	unsigned depth;

	enum table table;
	unsigned titles; /* of the table so far */
	unsigned cells;	 /* of the table row so far */
	size_t row_at;	 /* where it began */
	bool addressed;	 /* its PERSON_URI cell has a link, though perhaps an empty one */
	struct strbuf cell[COLUMN_COUNT];
	struct strbuf term;    /* of the definition list */
	struct strbuf content; /* of a title, definition or heading */

	struct collector collector; /* of the element whose content is kept */
	unsigned kept_depth;
	const char *const *attributes; /* of the element that starts */
	struct strbuf shown;
};

static void fail(struct page *page, int result)
{
	page->result = result;
	XML_StopParser(page->parser, XML_FALSE);
}

static size_t place(const struct page *page)
{
	XML_Index at = XML_GetCurrentByteIndex(page->parser);

	return at < 0 ? 0 : (size_t)at;
}

static void refuse(struct page *page, const char *why)
{
	if (page->result)
		return;
	fail(page, fault_at(page->fault, FAULT_MALFORMED, page->document.p, page->document.n,
			    place(page), "%s", why));
}

static bool is_blank(struct slice text)
{
	return slice_trim(text).n == 0;
}

static void keep(struct page *page, struct strbuf *kept, enum rich_reading reading)
{
	if (page->collector.rich) {
		refuse(page, "a cell or heading inside of another");
		return;
	}
	page->kept_depth = page->depth;
	collector_begin(&page->collector, kept, reading);
}

/* What rich text shows: borrowed until asked again. */
static struct slice shown(struct page *page, const struct strbuf *rich)
{
	page->shown.n = 0;
	rich_show(strbuf_slice(rich), &page->shown);
	if (page->shown.failed)
		fail(page, fault_memory(page->fault));
	return strbuf_slice(&page->shown);
}

/* A cell as it stands; absent where it holds nothing. */
static struct slice cell_rich(const struct page *page, unsigned cell)
{
	struct slice rich = strbuf_slice(&page->cell[cell]);

	return is_blank(rich) ? SLICE_NONE : rich;
}

static void end_registry_row(struct page *page)
{
	struct row row = {.at = (uint32_t)page->row_at};
	int result;

	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		row.rich[i] = cell_rich(page, i);
	row.assignee_given = !slice_eq(row.rich[COLUMN_ASSIGNEE], row.rich[COLUMN_CONTACT]);
	if (!row.assignee_given)
		row.rich[COLUMN_ASSIGNEE] = SLICE_NONE;
	result = source_add_row(page->registry, &row, page->document, page->fault);
	if (result < 0)
		fail(page, result);
}

enum person_cell {
	PERSON_ID,
	PERSON_NAME,
	PERSON_ORGANIZATION,
	PERSON_URI,
	PERSON_UPDATED,
	PERSON_CELLS,
};

/* A cell that holds characters only. */
static struct slice cell_plain(struct page *page, unsigned cell)
{
	struct slice text = cell_rich(page, cell), rest = text;
	struct rich_run run;

	if (rich_next(&rest, &run) && (run.kind != RICH_TEXT || rest.n > 0))
		refuse(page, "a line break or reference where only text is expected");
	return text;
}

/* "[id]" without its brackets, which every id has. */
static struct slice cell_id(struct page *page, unsigned cell)
{
	struct slice id = slice_trim(cell_plain(page, cell));

	if (id.n > 2 && slice_starts(id, SLICE("[")) && slice_ends(id, SLICE("]")))
		return (struct slice){id.p + 1, id.n - 2};
	refuse(page, "an id that is not in brackets");
	return SLICE_NONE;
}

/* The addresses of a cell, which has one a line, as struct person wants them. */
static struct slice cell_uris(struct page *page, unsigned cell)
{
	struct slice rest = strbuf_slice(&page->cell[cell]);
	struct rich_run run;

	page->shown.n = 0;
	while (rich_next(&rest, &run)) {
		struct slice uri = slice_trim(run.text);

		if (uri.n > 0 && page->shown.n > 0)
			rich_add_boundary(&page->shown);
		strbuf_add(&page->shown, uri);
	}
	if (page->shown.failed)
		fail(page, fault_memory(page->fault));
	return page->shown.n > 0 || page->addressed ? strbuf_slice(&page->shown) : SLICE_NONE;
}

static void end_person_row(struct page *page)
{
	struct person person = {
		.id = cell_id(page, PERSON_ID),
		.name = cell_plain(page, PERSON_NAME),
		.organization = cell_plain(page, PERSON_ORGANIZATION),
		.uri = cell_uris(page, PERSON_URI),
		.updated = cell_plain(page, PERSON_UPDATED),
		.at = (uint32_t)page->row_at,
	};
	int result = page->result;

	if (result == 0)
		result = registry_add_person(page->registry, &person, page->fault);
	if (result < 0)
		fail(page, result);
}

static void end_footnote_row(struct page *page)
{
	struct slice anchor = cell_id(page, 0);
	int result = page->result;

	if (result == 0)
		result = registry_add_footnote(page->registry, anchor, strbuf_slice(&page->cell[1]),
					       page->fault);
	if (result < 0)
		fail(page, result);
}

static const struct {
	unsigned cells, titles;
	void (*end_row)(struct page *page);
} tables[] = {
	[TABLE_ROWS] = {COLUMN_COUNT, COLUMN_COUNT, end_registry_row},
	[TABLE_PEOPLE] = {PERSON_CELLS, PERSON_CELLS, end_person_row},
	[TABLE_FOOTNOTES] = {2, 0, end_footnote_row},
};

static struct slice attribute(const struct page *page, const char *name)
{
	for (const char *const *pair = page->attributes; pair[0]; pair += 2) {
		if (strcmp(pair[0], name) == 0)
			return slice_cstr(pair[1]);
	}
	return SLICE_NONE;
}

static void start_table(struct page *page)
{
	if (page->table != TABLE_NONE) {
		refuse(page, "a table inside of a table");
		return;
	}
	page->titles = 0;
	page->table = TABLE_OTHER;
	if (slice_eq(attribute(page, "id"), SLICE("table-" REGISTRY_ID))) {
		page->registry->header.id = SLICE(REGISTRY_ID);
		page->table = TABLE_ROWS;
	} else if (slice_eq(attribute(page, "class"), SLICE("fn"))) {
		page->table = TABLE_FOOTNOTES;
	}
}

static void end_table(struct page *page)
{
	page->table = TABLE_NONE;
}

static void start_title(struct page *page)
{
	keep(page, &page->content, RICH_READ_TEXT);
}

static void end_title(struct page *page)
{
	static const struct slice people[PERSON_CELLS] = {
		SLICE("ID"),	      SLICE("Name"),	     SLICE("Organization"),
		SLICE("Contact URI"), SLICE("Last Updated"),
	};
	struct slice title = shown(page, &page->content);
	unsigned i = page->titles++;
	bool expected = true;

	if (page->table == TABLE_OTHER && i == 0 && slice_eq(title, people[0]))
		page->table = TABLE_PEOPLE;
	if (page->table == TABLE_ROWS)
		expected = i < COLUMN_COUNT && source_is_title(title, (enum column)i);
	else if (page->table == TABLE_PEOPLE)
		expected = i < PERSON_CELLS && slice_eq(title, people[i]);
	if (!expected)
		refuse(page, "a column that is not the one expected here");
}

static void start_row(struct page *page)
{
	page->cells = 0;
	page->addressed = false;
	page->row_at = place(page);
}

static void end_row(struct page *page)
{
	/* A row without cells holds the titles. */
	if (page->table <= TABLE_OTHER || page->cells == 0)
		return;
	if (page->cells != tables[page->table].cells || page->titles != tables[page->table].titles)
		fail(page, fault_at(page->fault, FAULT_MALFORMED, page->document.p,
				    page->document.n, page->row_at,
				    "a row of %u cells under %u titles where each should have %u",
				    page->cells, page->titles, tables[page->table].cells));
	else
		tables[page->table].end_row(page);
}

static void start_cell(struct page *page)
{
	if (page->table <= TABLE_OTHER)
		return;
	if (page->cells >= tables[page->table].cells)
		refuse(page, "a row with more cells than the table has columns");
	else
		keep(page, &page->cell[page->cells],
		     page->table == TABLE_ROWS ? column_reading((enum column)page->cells)
					       : RICH_READ_TEXT);
}

static void end_cell(struct page *page)
{
	page->cells++;
}

static void start_term(struct page *page)
{
	keep(page, &page->term, RICH_READ_TEXT);
}

static void start_definition(struct page *page)
{
	keep(page, &page->content,
	     slice_eq(slice_trim(strbuf_slice(&page->term)), SLICE("Reference"))
		     ? RICH_READ_REFERENCES
		     : RICH_READ_TEXT);
}

static void end_definition(struct page *page)
{
	struct registry_header *header = &page->registry->header;
	struct slice term = slice_trim(strbuf_slice(&page->term));
	struct slice rich = strbuf_slice(&page->content);
	int result = 0;

	if (is_blank(rich) || slice_eq(term, SLICE("Available Formats")))
		return;
	if (slice_eq(term, SLICE("Last Updated")))
		result = registry_keep(page->registry, shown(page, &page->content),
				       &header->updated);
	else if (slice_eq(term, SLICE("Expert(s)")))
		result = registry_keep(page->registry, rich, &header->expert);
	else if (slice_eq(term, SLICE("Reference")))
		result = registry_keep(page->registry, rich, &header->references);
	else
		result = registry_add_note(page->registry,
					   slice_eq(term, SLICE("Note")) ? SLICE_NONE
									 : shown(page, &page->term),
					   rich, page->fault);
	if (result < 0)
		fail(page, result == FAULT_MEMORY ? fault_memory(page->fault) : result);
}

static void end_heading(struct page *page)
{
	struct slice *title = &page->registry->header.title;

	if (!title->p && registry_keep(page->registry, shown(page, &page->content), title) < 0)
		fail(page, fault_memory(page->fault));
}

static void start_link(struct page *page)
{
	if (page->cells == PERSON_URI)
		page->addressed = true;
	if (page->collector.in_link)
		refuse(page, "a link inside of a link");
	else if (page->collector.rich)
		collector_link(&page->collector, attribute(page, "href"));
}

/* What elements do; those inside of an element whose content is kept add to that. */
static const struct element {
	const char *name;
	void (*start)(struct page *page);
	void (*end)(struct page *page); /* its content, where kept, is complete */
	void (*add)(struct collector *collector);
	void (*add_end)(struct collector *collector);
} elements[] = {
	{.name = "td", .start = start_cell, .end = end_cell},
	{.name = "a", .start = start_link, .add_end = collector_link_end},
	{.name = "br", .add = collector_break},
	{.name = "tr", .start = start_row, .end = end_row},
	{.name = "p", .add = collector_paragraph, .add_end = collector_paragraph_end},
	{.name = "th", .start = start_title, .end = end_title},
	{.name = "dt", .start = start_term},
	{.name = "dd", .start = start_definition, .end = end_definition},
	{.name = "pre", .add = collector_pre, .add_end = collector_pre_end},
	{.name = "h1", .start = start_title, .end = end_heading},
	{.name = "table", .start = start_table, .end = end_table},
};

static const struct element *find_element(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
		if (strcmp(elements[i].name, name) == 0)
			return &elements[i];
	}
	return NULL;
}

/*
 * An entity that nothing declares is passed over in attributes without a word (expat tells only of
 * those in content): looked for in the tag itself. Its encoding has '&' where ASCII has it.
 */
static bool attributes_are_whole(const struct page *page)
{
	static const struct slice declared[] = {SLICE("#"),   SLICE("amp;"),  SLICE("lt;"),
						SLICE("gt;"), SLICE("quot;"), SLICE("apos;")};
	struct slice tag = {page->document.p + place(page),
			    (size_t)XML_GetCurrentByteCount(page->parser)};

	(void)slice_cut(&tag, '&');
	while (tag.p) {
		size_t i = 0;

		while (i < ARRAY_SIZE(declared) && !slice_starts(tag, declared[i]))
			i++;
		if (i == ARRAY_SIZE(declared))
			return false;
		(void)slice_cut(&tag, '&');
	}
	return true;
}

static void on_start(void *context, const char *name, const char **attributes)
{
	struct page *page = context;
	const struct element *element = find_element(name);

	if (page->result)
		return;
	page->attributes = (const char *const *)attributes;
	if (++page->depth > DEPTH_MAX)
		fail(page,
		     fault_at(page->fault, FAULT_LIMIT, page->document.p, page->document.n,
			      place(page), "more than the limit of %d nested elements", DEPTH_MAX));
	else if (!attributes_are_whole(page))
		refuse(page, "an entity that the document does not declare, in an attribute");
	else if (element && element->start)
		element->start(page);
	else if (element && element->add && page->collector.rich)
		element->add(&page->collector);
}

static void on_end(void *context, const char *name)
{
	struct page *page = context;
	const struct element *element = find_element(name);

	if (page->result)
		return;
	if (page->collector.rich && page->depth == page->kept_depth &&
	    !collector_end(&page->collector))
		fail(page, fault_memory(page->fault));
	else if (element && element->end)
		element->end(page);
	else if (element && element->add_end && page->collector.rich)
		element->add_end(&page->collector);
	page->depth--;
}

static void on_characters(void *context, const char *p, int n)
{
	struct page *page = context;

	if (!page->result && page->collector.rich)
		collector_text(&page->collector, (struct slice){p, (size_t)n});
}

static void on_doctype(void *context, const char *name, const char *system_id,
		       const char *public_id, int has_internal_subset)
{
	struct page *page = context;

	(void)name;
	(void)system_id;
	(void)public_id;
	if (has_internal_subset)
		refuse(page, "a document type with declarations of its own");
}

/* All that no other handler takes, of which entities that nothing declares must not be lost. */
static void on_anything_else(void *context, const char *p, int n)
{
	if (n > 0 && p[0] == '&')
		refuse(context, "an entity that the document does not declare");
}

static void page_done(struct page *page)
{
	XML_ParserFree(page->parser);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		strbuf_done(&page->cell[i]);
	strbuf_done(&page->term);
	strbuf_done(&page->content);
	strbuf_done(&page->shown);
	collector_done(&page->collector);
}

int source_xhtml_read(struct slice document, struct registry *registry, struct fault *fault)
{
	struct page page CLEANUP(page_done) = {
		.parser = XML_ParserCreate(NULL),
		.document = document,
		.registry = registry,
		.fault = fault,
	};

	assert(document.n <= SOURCE_DOCUMENT_MAX);
	if (!page.parser)
		return fault_memory(fault);
	XML_SetUserData(page.parser, &page);
	XML_SetElementHandler(page.parser, on_start, on_end);
	XML_SetCharacterDataHandler(page.parser, on_characters);
	XML_SetStartDoctypeDeclHandler(page.parser, on_doctype);
	XML_SetDefaultHandlerExpand(page.parser, on_anything_else);
	if (XML_Parse(page.parser, document.p, (int)document.n, XML_TRUE) == XML_STATUS_OK ||
	    page.result)
		return page.result;
	if (XML_GetErrorCode(page.parser) == XML_ERROR_NO_MEMORY)
		return fault_memory(fault);
	return fault_at(fault, FAULT_MALFORMED, document.p, document.n, place(&page),
			"not well-formed: %s", XML_ErrorString(XML_GetErrorCode(page.parser)));
}
