#include "render/xhtml.h"

#include <errno.h>

#include "render/xhtml_writer.h"

enum { PAGES_BESIDE = 5 }; /* links to so many pages on either side of the current one */

static bool is_centered(enum column column)
{
	return column == COLUMN_PORT || column == COLUMN_TRANSPORT || column == COLUMN_SERVICE_CODE;
}

static void put_row(struct xhtml_writer *writer, const struct row *row)
{
	xhtml_put(writer, SLICE("<tr>"));
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;

		writer->rich.n = 0;
		row_rich(row, column, &writer->rich);
		xhtml_put(writer,
			  is_centered(column) ? SLICE("<td align=\"center\">") : SLICE("<td>"));
		xhtml_put_rich(writer, strbuf_slice(&writer->rich));
		xhtml_put(writer, SLICE("</td>"));
	}
	xhtml_put(writer, SLICE("</tr>"));
}

/* Text as part of an address: all but what RFC 3986, section 2.3, leaves alone is encoded. */
static void put_query_text(struct xhtml_writer *writer, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (byte_is_letter(c) || byte_is_digit(c) || strchr("-._~", c ? c : '/'))
			out_byte(writer->out, c);
		else
			out_printf(writer->out, "%%%02X", (unsigned char)c);
	}
}

/* The start of a link to rows of the same search, up to its sort keys. */
static void put_page_address(struct xhtml_writer *writer, const struct xhtml_page *page)
{
	xhtml_put(writer, SLICE("<a href=\""));
	xhtml_put_value(writer, page->base);
	xhtml_put(writer, SLICE("?"));
	if (page->search.n > 0) {
		xhtml_put(writer, SLICE("search="));
		put_query_text(writer, page->search);
	}
	if (page->as_of.n > 0) {
		xhtml_put(writer, SLICE("&amp;as_of="));
		put_query_text(writer, page->as_of);
	}
	xhtml_put(writer, page->filters);
}

/* Columns count from 1; a descending one is negative. */
static void put_key(struct xhtml_writer *writer, struct sort_key key)
{
	xhtml_put(writer, key.descending ? SLICE("&amp;skey=-") : SLICE("&amp;skey="));
	out_uint(writer->out, key.column + 1u);
}

static void put_page_link(struct xhtml_writer *writer, const struct xhtml_page *page,
			  uint64_t number)
{
	xhtml_put(writer, SLICE(" "));
	if (number == page->number) {
		out_uint(writer->out, number);
		return;
	}
	put_page_address(writer, page);
	for (size_t i = 0; i < page->key_count; i++)
		put_key(writer, page->keys[i]);
	xhtml_put(writer, SLICE("&amp;page="));
	out_uint(writer->out, number);
	xhtml_put(writer, SLICE("\">"));
	out_uint(writer->out, number);
	xhtml_put(writer, SLICE("</a>"));
}

/* Page 1, those around the current one, and the last, with "..." where some between are left out.
 */
static void put_page_links(struct xhtml_writer *writer, const struct xhtml_page *page)
{
	uint64_t before = 0;

	xhtml_put(writer, SLICE("<div class=\"pagination\">"));
	if (page->pages == 0)
		xhtml_put(writer, page->filters.n > 0 ? SLICE(" No row is all of this.")
						      : SLICE(" No row holds this text."));
	for (uint64_t i = 1; i <= page->pages; i++) {
		uint64_t distance = i > page->number ? i - page->number : page->number - i;

		if (i > 1 && i < page->pages && distance > PAGES_BESIDE)
			continue;
		if (i > before + 1)
			xhtml_put(writer, SLICE(" ..."));
		put_page_link(writer, page, i);
		before = i;
	}
	xhtml_put(writer, SLICE("</div>"));
}

static void put_search(struct xhtml_writer *writer, const struct xhtml_page *page)
{
	xhtml_put(writer, SLICE("<form method=\"get\" action=\""));
	xhtml_put_value(writer, page->base);
	xhtml_put(writer, SLICE("?\"><div><label for=\"search\">Text to search for</label> "
				"<input id=\"search\" name=\"search\" size=\"18\" type=\"text\" "
				"value=\""));
	xhtml_put_value(writer, page->search);
	xhtml_put(writer, SLICE("\" /> <input value=\"Search\" type=\"submit\" />"));
	if (page->as_of.n > 0) {
		xhtml_put(writer, SLICE("<input name=\"as_of\" type=\"hidden\" value=\""));
		xhtml_put_value(writer, page->as_of);
		xhtml_put(writer, SLICE("\" />"));
	}
	xhtml_put(writer, SLICE("</div></form>"));
}

/*
 * Sorts by the column before what the rows are sorted by now; descending where that is by this
 * column first already.
 */
static void put_sort_link(struct xhtml_writer *writer, const struct xhtml_page *page,
			  enum column column)
{
	struct sort_key key = {.column = column};

	if (page->key_count > 0 && page->keys[0].column == column)
		key.descending = !page->keys[0].descending;
	put_page_address(writer, page);
	put_key(writer, key);
	for (size_t i = 0; i < page->key_count; i++) {
		if (page->keys[i].column != column)
			put_key(writer, page->keys[i]);
	}
	xhtml_put(writer, SLICE("\">"));
	xhtml_put_text(writer, column_title(column));
	xhtml_put(writer, SLICE("</a>"));
}

static void put_rows(struct xhtml_writer *writer, const struct xhtml_content *content,
		     const struct xhtml_page *page)
{
	struct row row;

	xhtml_put(writer, SLICE("<table id=\"table-" REGISTRY_ID "\" class=\""));
	xhtml_put(writer,
		  page ? SLICE("sortable_srv\"><thead><tr>") : SLICE("sortable\"><thead><tr>"));
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		xhtml_put(writer,
			  i == COLUMN_PORT ? SLICE("<th class=\"sortNumeric\">") : SLICE("<th>"));
		if (page)
			put_sort_link(writer, page, (enum column)i);
		else
			xhtml_put_text(writer, column_title((enum column)i));
		xhtml_put(writer, SLICE("</th>"));
	}
	xhtml_put(writer, SLICE("</tr></thead><tbody>"));
	for (size_t i = 0; content->row(content->data, i, &row); i++)
		put_row(writer, &row);
	xhtml_put(writer, SLICE("</tbody></table>"));
}

/* One a line. The publisher shows an empty address, which a single person has, as a link as well.
 */
static void put_addresses(struct xhtml_writer *writer, struct slice uris)
{
	struct rich_run run;

	if (uris.p && uris.n == 0)
		xhtml_put(writer, SLICE("<a href=\"\"></a>"));
	while (rich_next(&uris, &run)) {
		if (run.kind == RICH_BOUNDARY)
			xhtml_put(writer, SLICE("<br />"));
		else
			xhtml_put_link(writer, SLICE_NONE, run.text, run.text);
	}
}

/* A place that links lead to: its name, and its label in brackets. */
static void put_anchor(struct xhtml_writer *writer, struct slice prefix, struct slice name)
{
	xhtml_put(writer, SLICE("<a name=\""));
	xhtml_put_value(writer, prefix);
	xhtml_put_value(writer, name);
	xhtml_put(writer, SLICE("\" id=\""));
	xhtml_put_value(writer, prefix);
	xhtml_put_value(writer, name);
	xhtml_put(writer, SLICE("\">["));
	xhtml_put_text(writer, name);
	xhtml_put(writer, SLICE("]</a>"));
}

static void put_person(struct xhtml_writer *writer, const struct person *person)
{
	xhtml_put(writer, SLICE("<tr><td>"));
	put_anchor(writer, SLICE_NONE, person->id);
	xhtml_put(writer, SLICE("</td><td>"));
	xhtml_put_rich(writer, person->name);
	xhtml_put(writer, SLICE("</td><td>"));
	xhtml_put_rich(writer, person->organization);
	xhtml_put(writer, SLICE("</td><td>"));
	put_addresses(writer, person->uri);
	xhtml_put(writer, SLICE("</td><td>"));
	xhtml_put_rich(writer, person->updated);
	xhtml_put(writer, SLICE("</td></tr>"));
}

static void put_people(struct xhtml_writer *writer, const struct xhtml_content *content)
{
	struct person person;

	if (!content->person(content->data, 0, &person))
		return;
	xhtml_put(writer, SLICE("<h1 class=\"people\">Contact Information</h1>"
				"<table class=\"sortable\"><thead><tr><th>ID</th>"
				"<th>Name</th><th>Organization</th><th>Contact URI</th>"
				"<th>Last Updated</th></tr></thead><tbody>"));
	for (size_t i = 0; content->person(content->data, i, &person); i++)
		put_person(writer, &person);
	xhtml_put(writer, SLICE("</tbody></table>"));
}

static void put_footnotes(struct xhtml_writer *writer, const struct xhtml_content *content)
{
	struct slice anchor, text;
	size_t count = 0;

	while (content->footnote(content->data, count, &anchor, &text))
		count++;
	if (count == 0)
		return;
	xhtml_put(writer, count == 1 ? SLICE("<h1>Footnote</h1>") : SLICE("<h1>Footnotes</h1>"));
	xhtml_put(writer, SLICE("<table class=\"fn\">"));
	for (size_t i = 0; content->footnote(content->data, i, &anchor, &text); i++) {
		xhtml_put(writer, SLICE("<tr><td class=\"fn\" valign=\"top\">"));
		put_anchor(writer, SLICE("note"), anchor);
		xhtml_put(writer, SLICE("</td><td class=\"fn\"><pre>"));
		xhtml_put_rich(writer, text);
		xhtml_put(writer, SLICE("</pre></td></tr>"));
	}
	xhtml_put(writer, SLICE("</table>"));
}

/* A fact of the definition list; preformatted as the publisher's longer texts are. */
static void put_fact(struct xhtml_writer *writer, struct slice term, struct slice rich,
		     bool preformatted)
{
	if (!rich.p)
		return;
	xhtml_put(writer, SLICE("<dt>"));
	xhtml_put_text(writer, term);
	xhtml_put(writer, preformatted ? SLICE("</dt><dd><pre>") : SLICE("</dt><dd>"));
	xhtml_put_rich(writer, rich);
	xhtml_put(writer, preformatted ? SLICE("</pre></dd>") : SLICE("</dd>"));
}

/* Which a registry may tell already, with the publisher's address. */
#define REQUEST SLICE("Request an Assignment")

static void put_markup(struct xhtml_writer *writer, struct slice term, struct slice markup)
{
	if (markup.n == 0)
		return;
	xhtml_put(writer, SLICE("<dt>"));
	xhtml_put_text(writer, term);
	xhtml_put(writer, SLICE("</dt><dd>"));
	xhtml_put(writer, markup);
	xhtml_put(writer, SLICE("</dd>"));
}

static void put_facts(struct xhtml_writer *writer, const struct xhtml_content *content,
		      struct slice request, struct slice formats)
{
	struct slice title, text;

	xhtml_put(writer, SLICE("<dl>"));
	put_fact(writer, SLICE("Last Updated"), content->updated, false);
	put_fact(writer, SLICE("Expert(s)"), content->expert, true);
	put_fact(writer, SLICE("Reference"), content->references, false);
	for (size_t i = 0; content->note(content->data, i, &title, &text); i++) {
		put_fact(writer, title.n > 0 ? title : SLICE("Note"), text, true);
		if (slice_eq(title, REQUEST) && request.n > 0) {
			xhtml_put(writer, SLICE("<dd>"));
			xhtml_put(writer, request);
			xhtml_put(writer, SLICE("</dd>"));
			request = SLICE_NONE;
		}
	}
	put_markup(writer, REQUEST, request);
	put_markup(writer, SLICE("Available Formats"), formats);
	xhtml_put(writer, SLICE("</dl>"));
}

/* A page by itself has what it looks like inside. */
static void put_style(struct out *out)
{
	out_put(out,
		SLICE("<style type=\"text/css\">"
		      "body { font-family: sans-serif; margin: 1em }\n"
		      "table { border-collapse: collapse }\n"
		      "th, td { border: 1px solid #999; padding: .2em .4em; vertical-align: top }\n"
		      "th { text-align: left }\n"
		      "dt { font-weight: bold; margin-top: .5em }\n"
		      ".pagination { margin: .5em 0 }\n"
		      "</style>"));
}

static void put_nothing(struct out *out)
{
	(void)out;
}

static void put_terms(struct out *out)
{
	out_put(out, SLICE("<div><a href=\"https://www.iana.org/help/licensing-terms\">Licensing "
			   "Terms</a></div>"));
}

static const struct xhtml_frame alone = {put_style, put_nothing, put_terms};

static void put_head(struct xhtml_writer *writer, struct slice title,
		     const struct xhtml_frame *frame)
{
	/* What a site puts around it is of today's HTML. */
	xhtml_put(writer,
		  frame != &alone
			  ? SLICE("<!DOCTYPE html>\n")
			  : SLICE("<?xml version=\"1.0\"?>\n"
				  "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" "
				  "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\n"));
	xhtml_put(writer,
		  SLICE("<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" "
			"xml:lang=\"en\"><head>"
			"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\" />"
			"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" "
			"/>"));
	frame->head(writer->out);
	xhtml_put(writer, SLICE("<title>"));
	xhtml_put_text(writer, title);
	xhtml_put(writer, SLICE("</title></head><body>"));
	frame->begin(writer->out);
	xhtml_put(writer, SLICE("<h1>"));
	xhtml_put_text(writer, title);
	xhtml_put(writer, SLICE("</h1>"));
}

void render_xhtml_page(struct out *out, const struct xhtml_content *content,
		       const struct xhtml_page *page)
{
	const struct xhtml_frame *frame = page && page->frame ? page->frame : &alone;
	struct xhtml_writer writer = {.out = out};

	put_head(&writer,
		 content->title.n > 0
			 ? content->title
			 : SLICE("Service Name and Transport Protocol Port Number Registry"),
		 frame);
	if (page && page->form.p) {
		xhtml_put(&writer, page->form);
		xhtml_put(&writer, page->folded ? SLICE("<details class=\"about\">")
						: SLICE("<details class=\"about\" open=\"open\">"));
		xhtml_put(&writer, SLICE("<summary>About this registry</summary>"));
	}
	put_facts(&writer, content, page ? page->request : SLICE_NONE,
		  page ? page->formats : SLICE_NONE);
	if (page && page->form.p)
		xhtml_put(&writer, SLICE("</details>"));
	else if (page)
		put_search(&writer, page);
	if (page)
		put_page_links(&writer, page);
	put_rows(&writer, content, page);
	if (page)
		put_page_links(&writer, page);
	put_people(&writer, content);
	put_footnotes(&writer, content);
	frame->end(out);
	xhtml_put(&writer, SLICE("</body></html>\n"));
	if ((writer.rich.failed || writer.label.failed) && !out->error)
		out->error = ENOMEM;
	strbuf_done(&writer.rich);
	strbuf_done(&writer.label);
}

static bool note_of(const struct registry_note *notes, size_t count, size_t index,
		    struct slice *ret_title, struct slice *ret_text)
{
	if (index >= count)
		return false;
	*ret_title = notes[index].title;
	*ret_text = notes[index].text;
	return true;
}

static bool registry_note(const void *data, size_t index, struct slice *ret_title,
			  struct slice *ret_text)
{
	const struct registry *registry = data;

	return note_of(registry->notes, registry->note_count, index, ret_title, ret_text);
}

static bool registry_footnote(const void *data, size_t index, struct slice *ret_anchor,
			      struct slice *ret_text)
{
	const struct registry *registry = data;

	return note_of(registry->footnotes, registry->footnote_count, index, ret_anchor, ret_text);
}

static bool row_at(const void *data, size_t index, struct row *ret_row)
{
	const struct registry *registry = data;

	if (index >= registry->row_count)
		return false;
	*ret_row = registry_row(registry, index);
	return true;
}

static bool registry_person(const void *data, size_t index, struct person *ret_person)
{
	const struct registry *registry = data;

	if (index >= registry->person_count)
		return false;
	*ret_person = registry->people[index];
	return true;
}

void render_xhtml(struct out *out, const struct registry *registry)
{
	const struct xhtml_content content = {
		.title = registry->header.title,
		.updated = registry->header.updated,
		.references = registry->header.references,
		.expert = registry->header.expert,
		.data = registry,
		.note = registry_note,
		.row = row_at,
		.person = registry_person,
		.footnote = registry_footnote,
	};

	render_xhtml_page(out, &content, NULL);
}
