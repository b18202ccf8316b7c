/*
 * Rows by filters, in pages. A cursor is the hash of everything that the page after it depends on
 * - the edition's image, the query and the place in the answer - with that place and the edition's
 * number, so that a walk stays with the edition that it began with, and no cursor fits another
 * question:
 *
 *     HASH "-" PLACE "-" NUMBER
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/number.h"
#include "base/utf8.h"
#include "history/history.h"
#include "http/api.h"
#include "http/frame.h"
#include "render/render.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 1000, HASH_DIGITS = 16, CURSOR_SIZE = 64 };

struct filter {
	bool has_ports;
	uint16_t first, last;
	struct slice name, search; /* absent: any */
	struct query_filter rows;
	struct sort_key sort[COLUMN_COUNT];
	size_t sort_count;
	size_t limit;
};

/* Zeroed: there is none. */
struct cursor {
	struct slice hash;
	size_t place;
	int64_t number; /* of the edition in the store; 0: of none */
};

static int read_limit(const struct api_values *values, struct filter *filter,
		      struct http_response *response)
{
	struct slice text = api_value(values, API_LIMIT);
	uint64_t limit = LIMIT_DEFAULT;

	if (text.p && (!number_parse(text, LIMIT_MAX, &limit) || limit == 0))
		return api_refuse(response, API_LIMIT, "\"%.*s\" is no number of 1 to %d",
				  text.n < 40 ? (int)text.n : 40, text.p, LIMIT_MAX);
	filter->limit = (size_t)limit;
	return 0;
}

static int read_filter(const struct api_values *values, struct filter *filter,
		       struct http_response *response)
{
	struct slice ports = api_value(values, API_PORT);
	int result = 0;

	filter->has_ports = ports.p;
	filter->name = api_value(values, API_NAME);
	filter->search = api_value(values, API_SEARCH);
	if (ports.p && !port_parse(ports, &filter->first, &filter->last))
		return api_refuse(response, API_PORT,
				  "\"%.*s\" is no port number or range of 0-65535",
				  ports.n < 40 ? (int)ports.n : 40, ports.p);
	result = api_read_filter(values, &filter->rows, response);
	/* As in a look-up: a row that names no transport is of all of them. */
	if (filter->rows.masks[QUERY_TRANSPORT] && (filter->has_ports || filter->name.p))
		filter->rows.masks[QUERY_TRANSPORT] |= 1u << TRANSPORT_NONE;
	if (result == 0)
		result = api_read_sort(values, filter->sort, &filter->sort_count, response);
	return result == 0 ? read_limit(values, filter, response) : result;
}

static int read_cursor(const struct api_values *values, struct cursor *cursor,
		       struct http_response *response)
{
	struct slice text = api_value(values, API_CURSOR), rest = text, place;
	uint64_t from = 0, number = 0;

	if (!text.p)
		return 0;
	cursor->hash = slice_cut(&rest, '-');
	place = slice_cut(&rest, '-');
	if (cursor->hash.n != HASH_DIGITS || !number_parse(place, UINT32_MAX, &from) ||
	    !number_parse(rest, INT64_MAX, &number) || from == 0)
		return api_refuse(response, API_CURSOR, "it is none that was given out here");
	cursor->place = (size_t)from;
	cursor->number = (int64_t)number;
	return 0;
}

/* Of what a page depends on, but for its size. */
static int hash_of(const struct site_edition *edition, const struct api_values *values,
		   size_t place, char digits[static HASH_DIGITS + 1])
{
	struct strbuf all CLEANUP(strbuf_done) = {};

	/* An image's header has its checksum. */
	strbuf_add(&all, (struct slice){edition->image.bytes.p, 64});
	strbuf_add(&all, edition->label);
	strbuf_printf(&all, " %zu", place);
	for (unsigned i = 0; i < API_PARAMETER_COUNT; i++) {
		struct slice value = api_value(values, (enum api_parameter)i);

		if (i == API_LIMIT || i == API_CURSOR)
			continue;
		/* No value has a NUL. */
		strbuf_add_byte(&all, '\0');
		strbuf_add(&all, value);
	}
	if (all.failed)
		return FAULT_MEMORY;
	snprintf(digits, HASH_DIGITS + 1, "%016" PRIx64, hash_bytes(strbuf_slice(&all)));
	return 0;
}

/* Holds the edition that the cursor is of. */
static int hold_again(struct site *site, const struct cursor *cursor,
		      const struct site_edition **ret_edition, struct http_response *response)
{
	char space[32];
	int n = snprintf(space, sizeof(space), "%04d-%02d-%02d.%d",
			 (int)(cursor->number / 100000000 % 10000),
			 (int)(cursor->number / 1000000 % 100), (int)(cursor->number / 10000 % 100),
			 (int)(cursor->number % 10000));
	const struct site_edition *edition;
	struct fault fault;
	int result = site_hold(site, SLICE_NONE, &edition, &fault);

	if (result == 0 && edition->number != cursor->number) {
		site_release(site, edition);
		result = site_hold(site, (struct slice){space, (size_t)n}, &edition, &fault);
	}
	if (result > 0 || result == FAULT_MALFORMED)
		return api_refuse(response, API_CURSOR, "its edition is not served any more");
	if (result == 0)
		*ret_edition = edition;
	return result;
}

static int hold(struct site *site, const struct api_values *values, const struct cursor *cursor,
		const struct site_edition **ret_edition, struct http_response *response)
{
	char digits[HASH_DIGITS + 1];
	int result;

	if (!cursor->hash.p)
		return api_hold(site, values, ret_edition, response);
	result = cursor->number > 0 ? hold_again(site, cursor, ret_edition, response)
				    : api_hold(site, values, ret_edition, response);
	if (result == 0)
		result = hash_of(*ret_edition, values, cursor->place, digits);
	else
		return result;
	if (result == 0 && !slice_eq(cursor->hash, slice_cstr(digits)))
		result = api_refuse(response, API_CURSOR,
				    "it is of another edition, of another query, or none");
	if (result != 0)
		site_release(site, *ret_edition);
	return result;
}

/* The rows that a filter leaves of all, by what is quickest to find them by. */
static void find_first(const struct image *image, const struct filter *filter, struct rowset *set)
{
	struct query query = {.transport = TRANSPORT_NONE, .name = filter->name};

	if (filter->has_ports) {
		query.kind = QUERY_PORTS;
		query.first = filter->first;
		query.last = filter->last;
		query_rows(image, &query, set);
	} else if (filter->name.p) {
		query.kind = QUERY_NAME;
		query_rows(image, &query, set);
	} else {
		query_search(image, filter->search.p ? filter->search : SLICE(""), QUERY_SEARCHED,
			     set);
	}
}

/* Whether a row found by its ports has the name too, and is what else it is to be. */
static bool passes(const struct image *image, const struct filter *filter, uint32_t number)
{
	if (!query_passes(image, &filter->rows, number))
		return false;
	return !filter->name.p || !filter->has_ports ||
	       utf8_fold_eq(image_row_text(image, number, COLUMN_NAME), filter->name);
}

/* All rows that match, in order; the caller's to free. */
static int find(const struct image *image, const struct filter *filter, uint32_t **ret_rows,
		size_t *ret_count)
{
	struct rowset set CLEANUP(rowset_done) = {}, found CLEANUP(rowset_done) = {};
	bool searched = filter->search.p && (filter->has_ports || filter->name.p);
	uint32_t *rows;
	size_t count = 0;

	if (!rowset_init(&set, image_row_count(image)) ||
	    (searched && !rowset_init(&found, image_row_count(image))))
		return FAULT_MEMORY;
	find_first(image, filter, &set);
	if (searched)
		query_search(image, filter->search, QUERY_SEARCHED, &found);
	rows = calloc((size_t)rowset_count(&set) + 1, sizeof(*rows));
	if (!rows)
		return FAULT_MEMORY;
	ROWSET_EACH(&set, number)
	{
		if (passes(image, filter, number) && (!searched || rowset_has(&found, number)))
			rows[count++] = number;
	}
	if (query_sort(image, rows, count, filter->sort, filter->sort_count) < 0) {
		free(rows);
		return FAULT_MEMORY;
	}
	*ret_rows = rows;
	*ret_count = count;
	return 0;
}

/* Link: the same query with the next cursor (RFC 8288). Left out where it is too long. */
static int add_link(struct http_response *response, const struct api_values *values,
		    struct slice cursor)
{
	struct out link CLEANUP(out_done);

	if (out_init_memory(&link) < 0)
		return FAULT_MEMORY;
	out_put(&link, SLICE("</api/v1/rows?"));
	for (unsigned i = 0; i < API_PARAMETER_COUNT; i++) {
		struct slice value = api_value(values, (enum api_parameter)i);

		if (!value.p || i == API_CURSOR)
			continue;
		out_put(&link, api_parameter_name((enum api_parameter)i));
		out_byte(&link, '=');
		frame_encoded(&link, value);
		out_byte(&link, '&');
	}
	out_put(&link, SLICE("cursor="));
	out_put(&link, cursor);
	out_put(&link, SLICE(">; rel=\"next\""));
	if (link.error)
		return FAULT_MEMORY;
	(void)http_add_header(response, SLICE("Link"), out_slice(&link));
	return 0;
}

/* The cursor of what follows a place, written where it has room; absent: nothing follows. */
static int next_cursor(const struct site_edition *edition, const struct api_values *values,
		       size_t place, size_t count, char space[static CURSOR_SIZE],
		       struct slice *ret_cursor)
{
	char digits[HASH_DIGITS + 1];
	int n, result;

	*ret_cursor = SLICE_NONE;
	if (place >= count)
		return 0;
	result = hash_of(edition, values, place, digits);
	n = snprintf(space, CURSOR_SIZE, "%s-%zu-%" PRId64, digits, place, edition->number);
	if (result == 0)
		*ret_cursor = (struct slice){space, (size_t)n};
	return result;
}

static int put_page(struct http_response *response, const struct site_edition *edition,
		    const struct api_values *values, const struct filter *filter, size_t from,
		    const uint32_t *rows, size_t count)
{
	size_t to = count - from > filter->limit ? from + filter->limit : count;
	struct out *out = &response->body;
	char space[CURSOR_SIZE];
	struct slice cursor;
	int result = api_respond(response, edition->stamp);

	if (result == 0)
		result = next_cursor(edition, values, to, count, space, &cursor);
	if (result == 0 && cursor.p)
		result = add_link(response, values, cursor);
	if (result < 0)
		return result;
	out_put(out, SLICE("{\"rows\":["));
	for (size_t i = from; i < to; i++) {
		struct row row;

		image_row(&edition->image, rows[i], &row);
		out_put(out, i > from ? SLICE(",\n") : SLICE("\n"));
		render_json_row(out, &row);
	}
	out_put(out, SLICE("\n],\"total\":"));
	out_uint(out, count);
	out_put(out, SLICE(",\"next\":"));
	render_json_text(out, cursor);
	api_put_edition(out, edition);
	out_put(out, SLICE("}\n"));
	return 0;
}

static int answer(struct http_response *response, const struct site_edition *edition,
		  const struct api_values *values, const struct filter *filter, size_t from)
{
	uint32_t *rows;
	size_t count;
	int result = find(&edition->image, filter, &rows, &count);

	if (result < 0)
		return result;
	/* Past the end nothing was ever given out; such a hash was made by hand. */
	result = put_page(response, edition, values, filter, from < count ? from : count, rows,
			  count);
	free(rows);
	return result;
}

int api_rows(struct site *site, const struct http_request *request, const struct slice *captured,
	     struct http_response *response)
{
	unsigned allowed = (1u << (API_CURSOR + 1)) - 1;
	struct api_values values CLEANUP(api_values_done) = {};
	const struct site_edition *edition;
	struct filter filter = {};
	struct cursor cursor = {};
	int result = api_read(request, allowed, &values, response);

	(void)captured;
	if (result == 0)
		result = read_filter(&values, &filter, response);
	if (result == 0)
		result = read_cursor(&values, &cursor, response);
	if (result == 0)
		result = hold(site, &values, &cursor, &edition, response);
	if (result != 0)
		return api_end(result, response);
	result = answer(response, edition, &values, &filter, cursor.place);
	site_release(site, edition);
	return api_end(result, response);
}
