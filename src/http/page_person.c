/* A person or organization, and the rows that name it. */
#include <stdlib.h>

#include "http/view.h"

static void put_fact(struct view *view, struct slice term, struct slice rich)
{
	if (rich.n == 0)
		return;
	view_put(view, SLICE("<dt>"));
	view_text(view, term);
	view_put(view, SLICE("</dt><dd>"));
	xhtml_put_rich(&view->writer, rich);
	view_put(view, SLICE("</dd>"));
}

static int put_person(struct view *view, const struct person *person, const uint32_t *rows,
		      size_t count)
{
	uint64_t number;
	size_t from, to;
	int result = view_window(view, count, &number, &from, &to);

	if (result < 0)
		return result;
	if (result == 0)
		return view_missing(view, SLICE("such page of this contact's rows"), NULL, 0);
	result = view_begin(view, 200, person->id);
	if (result < 0)
		return result;
	view_put(view, SLICE("<p class=\"kicker\">Contact</p><h1>"));
	if (person->name.n > 0)
		xhtml_put_rich(&view->writer, person->name);
	else
		view_text(view, person->id);
	view_put(view, SLICE("</h1>\n<dl class=\"facts\">"));
	put_fact(view, SLICE("Organization"), person->organization);
	if (person->uri.n > 0) {
		view_put(view, SLICE("<dt>Address</dt><dd>"));
		view_addresses(view, person->uri);
		view_put(view, SLICE("</dd>"));
	}
	put_fact(view, SLICE("Last updated"), person->updated);
	view_put(view, SLICE("<dt>Id</dt><dd><code>"));
	view_text(view, person->id);
	view_put(view, SLICE("</code></dd></dl>\n<h2>"));
	view_thousands(view, count);
	view_put(view, count == 1 ? SLICE(" row</h2>\n") : SLICE(" rows</h2>\n"));
	if (count > 0)
		view_rows(view, SLICE("Rows that name this contact"), rows + from, to - from);
	view_links(view, SLICE_NONE, number, query_pages(count));
	return view_end(view);
}

int person_page(struct site *site, const struct http_request *request, const struct slice *captured,
		struct http_response *response)
{
	struct view view CLEANUP(view_done) = {};
	struct rowset set CLEANUP(rowset_done) = {};
	struct person person = {.id = captured[0]};
	uint32_t number, *rows = NULL;
	size_t count;
	bool known;
	int result = view_open(&view, site, request, response);

	if (result != 0)
		return result < 0 ? result : 0;
	known = query_person(view_image(&view), captured[0], &number);
	if (known)
		image_person(view_image(&view), number, &person);
	if (!rowset_init(&set, image_row_count(view_image(&view))))
		return FAULT_MEMORY;
	query_person_rows(view_image(&view), person.id, &set);
	/* Editions without a list of people have their ids in rows alone. */
	if (!known && rowset_count(&set) == 0)
		return view_missing(&view, SLICE("contact of that id"), NULL, 0);
	result = view_numbers(&set, &rows, &count);
	if (result == 0)
		result = put_person(&view, &person, rows, count);
	free(rows);
	return result;
}
