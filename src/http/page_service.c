/* A service: its ports, its other names, its people, its history. */
#include <errno.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "http/view.h"

enum { NAMES_MAX = 5, ALIASES_MAX = 64 };

/* The DNS-SD types that the name may have (RFC 6763, section 7). */
static void put_types(struct view *view, const uint32_t *rows, size_t count, struct slice name)
{
	bool tcp = false, others = false;

	for (size_t i = 0; i < count; i++) {
		struct image_row_head head;

		if (!image_row_head(view_image(view), rows[i], &head))
			continue;
		tcp |= head.transport == TRANSPORT_TCP || head.transport == TRANSPORT_NONE;
		others |= head.transport != TRANSPORT_TCP;
	}
	view_put(view, SLICE("<dt>DNS-SD type</dt><dd>"));
	for (unsigned i = 0; i < 2; i++) {
		if (!(i == 0 ? tcp : others))
			continue;
		view_put(view, i > 0 && tcp ? SLICE(", <code>_") : SLICE("<code>_"));
		view_text(view, name);
		view_put(view, i == 0 ? SLICE("._tcp</code>") : SLICE("._udp</code>"));
	}
	view_put(view, SLICE("</dd>"));
}

static void put_ports(struct view *view, const uint32_t *rows, size_t count)
{
	bool any = false;

	view_put(view, SLICE("<dt>Ports</dt><dd>"));
	for (size_t i = 0; i < count; i++) {
		struct image_row_head head;

		if (!image_row_head(view_image(view), rows[i], &head) || head.portless)
			continue;
		view_put(view, any ? SLICE(", ") : SLICE(""));
		view_port(view, head.first_port, head.last_port, head.transport);
		any = true;
	}
	view_put(view, any ? SLICE("</dd>")
			   : SLICE("none: the name alone is registered, and where it is served is "
				   "found otherwise, as by DNS-SD</dd>"));
}

/* Names whose rows say that they are aliases of this one, and those that this one is said to be of.
 */
static int put_aliases(struct view *view, const uint32_t *rows, size_t count, struct slice name)
{
	const struct image *image = view_image(view);
	struct rowset set CLEANUP(rowset_done) = {};
	struct slice before = SLICE_NONE;
	struct row row;
	size_t found = 0;

	if (!rowset_init(&set, image_row_count(image)))
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++) {
		image_row(image, rows[i], &row);
		if (row_alias_of(&row).n > 0 && !utf8_fold_eq(row_alias_of(&row), before)) {
			before = row_alias_of(&row);
			view_put(view, SLICE("<dt>Alias of</dt><dd>"));
			view_service(view, before);
			view_put(view, SLICE("</dd>"));
		}
	}
	before = SLICE_NONE;
	query_search(image, name, QUERY_COLUMN(COLUMN_NOTES), &set);
	ROWSET_EACH(&set, number)
	{
		struct slice other;

		image_row(image, number, &row);
		other = row.shown[COLUMN_NAME];
		if (!utf8_fold_eq(row_alias_of(&row), name) || slice_eq(other, before) ||
		    found == ALIASES_MAX)
			continue;
		view_put(view, found++ > 0 ? SLICE(", ") : SLICE("<dt>Aliases</dt><dd>"));
		view_service(view, other);
		before = other;
	}
	view_put(view, found > 0 ? SLICE("</dd>") : SLICE(""));
	return 0;
}

/* Each reference once: neighbours' are often the same. */
static void put_references(struct view *view, const uint32_t *rows, size_t count)
{
	struct strbuf rich CLEANUP(strbuf_done) = {};
	struct slice before = SLICE_NONE;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		struct row row;

		image_row(view_image(view), rows[i], &row);
		if (row.shown[COLUMN_REFERENCE].n == 0 ||
		    slice_eq(row.shown[COLUMN_REFERENCE], before))
			continue;
		before = row.shown[COLUMN_REFERENCE];
		rich.n = 0;
		row_rich(&row, COLUMN_REFERENCE, &rich);
		if (rich.failed)
			view->writer.out->error = ENOMEM;
		view_put(view, any ? SLICE(" ") : SLICE("<dt>References</dt><dd>"));
		view_rich(view, strbuf_slice(&rich));
		any = true;
	}
	view_put(view, any ? SLICE("</dd>") : SLICE(""));
}

static int put_service(struct view *view, const uint32_t *rows, size_t count)
{
	struct slice name = image_row_text(view_image(view), rows[0], COLUMN_NAME);
	int result = view_begin(view, 200, name);

	if (result < 0)
		return result;
	view_put(view, SLICE("<p class=\"kicker\">Service</p><h1 class=\"mono\">"));
	view_text(view, name);
	view_put(view, SLICE("</h1><p class=\"lead\">"));
	view_text(view, image_row_text(view_image(view), rows[0], COLUMN_DESCRIPTION));
	view_put(view, SLICE("</p>\n<dl class=\"facts\">"));
	put_ports(view, rows, count);
	put_types(view, rows, count, name);
	result = put_aliases(view, rows, count, name);
	if (result < 0)
		return result;
	put_references(view, rows, count);
	view_put(view, SLICE("</dl>\n<h2>Rows</h2>\n"));
	view_rows(view, SLICE("What the registry has of this name"), rows, count);
	result = view_people(view, rows, count);
	if (result == 0)
		result = view_history(view, name);
	return result < 0 ? result : view_end(view);
}

static int put_missing(struct view *view, struct slice name)
{
	struct slice names[NAMES_MAX];
	size_t count = query_suggest(view_image(view), name, names, ARRAY_SIZE(names));

	return view_missing(view, SLICE("service of that name"), names, count);
}

int service_page(struct site *site, const struct http_request *request,
		 const struct slice *captured, struct http_response *response)
{
	struct view view CLEANUP(view_done) = {};
	uint32_t *rows;
	size_t count;
	int result = view_open(&view, site, request, response);

	if (result != 0)
		return result < 0 ? result : 0;
	count = query_name(view_image(&view), captured[0], NULL, 0);
	if (count == 0)
		return put_missing(&view, captured[0]);
	rows = malloc(count * sizeof(*rows));
	if (!rows)
		return FAULT_MEMORY;
	query_name(view_image(&view), captured[0], rows, count);
	result = put_service(&view, rows, count);
	free(rows);
	return result;
}
