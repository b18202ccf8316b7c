/* Rows and people on pages, and which part of many of them. */
#include <errno.h>
#include <stdlib.h>

#include "base/number.h"
#include "http/frame.h"
#include "http/view.h"

static void put_column(struct view *view, const struct row *row, enum column column)
{
	struct strbuf rich CLEANUP(strbuf_done) = {};

	row_rich(row, column, &rich);
	if (rich.failed)
		view->writer.out->error = view->writer.out->error ?: ENOMEM;
	view_rich(view, strbuf_slice(&rich));
}

void view_state(struct view *view, enum row_state state)
{
	view_put(view, SLICE("<span class=\"state "));
	view_text(view, row_state_name(state));
	view_put(view, SLICE("\">"));
	view_text(view, row_state_name(state));
	view_put(view, SLICE("</span>"));
}

static void put_name(struct view *view, const struct row *row)
{
	struct slice alias_of = row_alias_of(row);

	view_put(view, SLICE("<tr><th scope=\"row\">"));
	if (row->shown[COLUMN_NAME].n > 0)
		view_service(view, row->shown[COLUMN_NAME]);
	else
		view_state(view, row->state);
	if (row_is_historic(row))
		view_put(view, SLICE(" <span class=\"tag\">historic</span>"));
	if (alias_of.n > 0) {
		view_put(view, SLICE(" <span class=\"tag\">alias of "));
		view_service(view, alias_of);
		view_put(view, SLICE("</span>"));
	}
	view_put(view, SLICE("</th><td class=\"port\">"));
	if (row->first_port >= 0) {
		view_port(view, row->first_port, row->last_port, row->transport);
	} else {
		view_put(view, SLICE("<span class=\"quiet\">no port</span>"));
		if (row->transport < TRANSPORT_COUNT) {
			view_put(view, SLICE(", "));
			view_text(view, transport_name(row->transport));
		}
	}
	view_put(view, SLICE("</td>"));
}

static void put_cell(struct view *view, const struct row *row, enum column column,
		     struct slice before)
{
	view_put(view, before);
	put_column(view, row, column);
	view_put(view, SLICE("</td>"));
}

/* The contacts are said once where they are the assignee. */
static void put_people_cell(struct view *view, const struct row *row)
{
	view_put(view, row->shown[COLUMN_ASSIGNEE].n > 0 || row->shown[COLUMN_CONTACT].n > 0
			       ? SLICE("<td class=\"who\" data-label=\"Assignee, contact\">")
			       : SLICE("<td class=\"who\">"));
	put_column(view, row, row->assignee_given ? COLUMN_ASSIGNEE : COLUMN_CONTACT);
	if (row->assignee_given && row->shown[COLUMN_CONTACT].n > 0 &&
	    !slice_eq(row->shown[COLUMN_ASSIGNEE], row->shown[COLUMN_CONTACT])) {
		view_put(view, SLICE("<br /><span class=\"quiet\">Contact:</span> "));
		put_column(view, row, COLUMN_CONTACT);
	}
	view_put(view, SLICE("</td>"));
}

static void put_dates(struct view *view, const struct row *row)
{
	view_put(view, SLICE("<td class=\"when\" data-label=\"Registered, modified\">"));
	view_text(view, row->shown[COLUMN_REGISTERED]);
	if (row->shown[COLUMN_MODIFIED].n > 0) {
		view_put(view, row->shown[COLUMN_REGISTERED].n > 0
				       ? SLICE("<br /><span class=\"quiet\">modified</span> ")
				       : SLICE("<span class=\"quiet\">modified</span> "));
		view_text(view, row->shown[COLUMN_MODIFIED]);
	}
	view_put(view, SLICE("</td>"));
}

static void put_notes(struct view *view, const struct row *row)
{
	static const struct {
		enum column column;
		struct slice label;
	} parts[] = {
		{COLUMN_UNAUTHORIZED,
		 SLICE("<p><span class=\"tag warn\">Unauthorized use</span> ")},
		{COLUMN_SERVICE_CODE, SLICE("<p><span class=\"tag\">Service code</span> ")},
		{COLUMN_NOTES, SLICE("<p>")},
	};

	view_put(view, SLICE("<td class=\"notes\">"));
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (row->shown[parts[i].column].n == 0)
			continue;
		view_put(view, parts[i].label);
		put_column(view, row, parts[i].column);
		view_put(view, SLICE("</p>"));
	}
	view_put(view, SLICE("</td></tr>\n"));
}

void view_rows(struct view *view, struct slice caption, const uint32_t *rows, size_t count)
{
	struct row row;

	view_put(view, SLICE("<div class=\"scroll\"><table class=\"rows\"><caption>"));
	view_text(view, caption);
	view_put(view, SLICE("</caption><thead><tr><th scope=\"col\">Service</th>"
			     "<th scope=\"col\">Port</th><th scope=\"col\">Description</th>"
			     "<th scope=\"col\">Assignee, contact</th>"
			     "<th scope=\"col\">Registered</th><th scope=\"col\">Reference</th>"
			     "<th scope=\"col\">Notes</th></tr></thead><tbody>\n"));
	for (size_t i = 0; i < count; i++) {
		image_row(view_image(view), rows[i], &row);
		put_name(view, &row);
		put_cell(view, &row, COLUMN_DESCRIPTION, SLICE("<td class=\"what\">"));
		put_people_cell(view, &row);
		if (row.shown[COLUMN_REGISTERED].n > 0 || row.shown[COLUMN_MODIFIED].n > 0)
			put_dates(view, &row);
		else
			view_put(view, SLICE("<td></td>"));
		put_cell(view, &row, COLUMN_REFERENCE,
			 row.shown[COLUMN_REFERENCE].n > 0 ? SLICE("<td data-label=\"Reference\">")
							   : SLICE("<td>"));
		put_notes(view, &row);
	}
	view_put(view, SLICE("</tbody></table></div>\n"));
}

int view_numbers(const struct rowset *set, uint32_t **ret_rows, size_t *ret_count)
{
	size_t count = 0;
	uint32_t *rows = malloc((rowset_count(set) + 1) * sizeof(*rows));

	if (!rows)
		return FAULT_MEMORY;
	ROWSET_EACH(set, row)
	rows[count++] = row;
	*ret_rows = rows;
	*ret_count = count;
	return 0;
}

static void put_person_row(struct view *view, const struct person *person)
{
	view_put(view, SLICE("<tr><th scope=\"row\">"));
	view_link(view, SLICE("/people/"), person->id);
	if (person->name.n > 0)
		xhtml_put_rich(&view->writer, person->name);
	else
		view_text(view, person->id);
	view_put(view, SLICE("</a></th><td>"));
	xhtml_put_rich(&view->writer, person->organization);
	view_put(view, SLICE("</td><td>"));
	view_addresses(view, person->uri);
	view_put(view, SLICE("</td></tr>\n"));
}

void view_addresses(struct view *view, struct slice uris)
{
	struct rich_run run;

	while (rich_next(&uris, &run)) {
		struct slice mail = SLICE("mailto:");

		if (run.kind == RICH_BOUNDARY)
			view_put(view, SLICE("<br />"));
		else if (slice_starts(run.text, mail))
			/* As it is published, with & for @, which is none to write to. */
			view_text(view, slice_skip(run.text, mail.n));
		else
			xhtml_put_link(&view->writer, SLICE_NONE, run.text, run.text);
	}
}

int view_people(struct view *view, const uint32_t *rows, size_t count)
{
	struct rowset people CLEANUP(rowset_done) = {};
	struct person person;
	struct fault fault;
	int result;

	if (!rowset_init(&people, image_person_count(view_image(view))))
		return FAULT_MEMORY;
	result = query_people(view_image(view), rows, count, &people, &fault);
	if (result < 0 || rowset_count(&people) == 0)
		return result;
	view_put(view,
		 SLICE("<h2>Contacts</h2>\n<div class=\"scroll\"><table class=\"rows people\">"
		       "<caption>People and organizations that these rows name</caption>"
		       "<thead><tr><th scope=\"col\">Name</th>"
		       "<th scope=\"col\">Organization</th><th scope=\"col\">Address</th>"
		       "</tr></thead><tbody>\n"));
	ROWSET_EACH(&people, number)
	{
		image_person(view_image(view), number, &person);
		put_person_row(view, &person);
	}
	view_put(view, SLICE("</tbody></table></div>\n"));
	return 0;
}

int view_window(struct view *view, size_t count, uint64_t *ret_number, size_t *ret_from,
		size_t *ret_to)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	int result = http_parameter(view->request, SLICE("page"), &text);
	uint64_t number = 1, pages = query_pages(count);

	if (result == FAULT_MEMORY)
		return result;
	if (result == FAULT_MALFORMED ||
	    (text.n > 0 && !number_parse(strbuf_slice(&text), UINT64_MAX, &number)))
		return 0;
	if (number == 0 || number > (pages > 0 ? pages : 1))
		return 0;
	*ret_number = number;
	*ret_from = (size_t)(number - 1) * QUERY_PAGE_ROWS;
	*ret_to = count - *ret_from > QUERY_PAGE_ROWS ? *ret_from + QUERY_PAGE_ROWS : count;
	return 1;
}

enum { LINKS_BESIDE = 4 };

static void put_page_link(struct view *view, struct slice search, uint64_t number)
{
	view_put(view, SLICE("<a href=\"?"));
	if (search.n > 0) {
		view_put(view, SLICE("q="));
		frame_encoded(view->writer.out, search);
		view_put(view, SLICE("&amp;"));
	}
	view_put(view, SLICE("page="));
	view_number(view, number);
	if (view->as_of.n > 0) {
		view_put(view, SLICE("&amp;as_of="));
		frame_encoded(view->writer.out, strbuf_slice(&view->as_of));
	}
	view_put(view, SLICE("\">"));
	view_number(view, number);
	view_put(view, SLICE("</a>"));
}

void view_links(struct view *view, struct slice search, uint64_t number, uint64_t pages)
{
	uint64_t before = 0;

	if (pages < 2)
		return;
	view_put(view, SLICE("<nav aria-label=\"Pages\"><ul class=\"pages\">"));
	for (uint64_t i = 1; i <= pages; i++) {
		if (i > 1 && i < pages && (i > number ? i - number : number - i) > LINKS_BESIDE)
			continue;
		view_put(view,
			 i > before + 1 ? SLICE("<li><span>…</span></li><li>") : SLICE("<li>"));
		if (i == number) {
			view_put(view, SLICE("<b aria-current=\"page\">"));
			view_number(view, i);
			view_put(view, SLICE("</b>"));
		} else {
			put_page_link(view, search, i);
		}
		view_put(view, SLICE("</li>"));
		before = i;
	}
	view_put(view, SLICE("</ul></nav>\n"));
}
