#include "http/assignments.h"

#include <stdlib.h>

#include "base/number.h"
#include "http/downloads.h"
#include "http/frame.h"
#include "query/query.h"
#include "render/image_page.h"

#define REGISTRY "/assignments/service-names-port-numbers"
#define DOCUMENT REGISTRY "/service-names-port-numbers"

static const struct xhtml_frame frame = {frame_links, frame_header, frame_footer};

/* What of the registry is asked for. */
struct wanted {
	struct strbuf search, as_of;
	uint64_t page;
	struct sort_key keys[COLUMN_COUNT];
	size_t key_count;
};

static void wanted_done(struct wanted *wanted)
{
	strbuf_done(&wanted->search);
	strbuf_done(&wanted->as_of);
}

/* A number in a parameter; an empty one is none. 1: it is one; 0: there is none. */
static int read_number(const struct http_request *request, struct slice name, size_t index,
		       uint64_t *ret_number, bool *ret_negative)
{
	struct strbuf value CLEANUP(strbuf_done) = {};
	int result = http_parameter_at(request, name, index, &value);
	struct slice text = strbuf_slice(&value);

	if (result != 1 || text.n == 0)
		return result < 0 ? result : 0;
	*ret_negative = text.p[0] == '-';
	return number_parse(slice_skip(text, *ret_negative), UINT32_MAX, ret_number)
		       ? 1
		       : FAULT_MALFORMED;
}

static int read_page(const struct http_request *request, struct wanted *wanted)
{
	bool negative = false;
	int result;

	wanted->page = 1;
	result = read_number(request, SLICE("page"), 0, &wanted->page, &negative);
	return result < 0 || (!negative && wanted->page > 0) ? result : FAULT_MALFORMED;
}

/* The columns count from 1; a negative one is sorted descending. */
static int read_keys(const struct http_request *request, struct wanted *wanted)
{
	uint64_t number;
	bool negative;
	int result;

	for (size_t i = 0;
	     (result = read_number(request, SLICE("skey"), i, &number, &negative)) == 1; i++) {
		if (number == 0 || number > COLUMN_COUNT || i == COLUMN_COUNT)
			return FAULT_MALFORMED;
		wanted->keys[wanted->key_count++] = (struct sort_key){
			.column = (enum column)(number - 1), .descending = negative};
	}
	return result;
}

/* 0; 1: the request was answered with what is wrong with it; a negative fault. */
static int read_wanted(const struct http_request *request, struct wanted *wanted,
		       struct http_response *response)
{
	struct slice detail = SLICE("search is not UTF-8, or has a NUL");
	int result = http_parameter(request, SLICE("search"), &wanted->search);

	if (result >= 0) {
		detail = SLICE("as_of is a date, YYYY-MM-DD");
		result = http_parameter(request, SLICE("as_of"), &wanted->as_of);
	}
	if (result >= 0) {
		detail = SLICE("page is a number from 1");
		result = read_page(request, wanted);
	}
	if (result >= 0) {
		detail = SLICE("skey is the number of a column, 1 to 12, or the same negative");
		result = read_keys(request, wanted);
	}
	if (result != FAULT_MALFORMED)
		return result < 0 ? result : 0;
	result = http_problem(response, 400, SLICE("Bad Request"), detail);
	return result < 0 ? result : 1;
}

/* How many rows match, and those from one of an index up to, but not with, another. */
struct found {
	uint32_t *rows; /* from index 0 on, as far as they are needed */
	size_t matches, from, to;
};

/* Sorting takes all of them; else those behind the page are left out. */
static int find(const struct image *image, const struct wanted *wanted, struct found *ret_found)
{
	struct rowset set CLEANUP(rowset_done) = {};
	struct found found = {};
	size_t needed, count = 0;

	if (!rowset_init(&set, image_row_count(image)))
		return FAULT_MEMORY;
	query_search(image, strbuf_slice(&wanted->search), QUERY_SEARCHED, &set);
	found.matches = rowset_count(&set);
	if (wanted->page <= query_pages(found.matches))
		query_page(found.matches, wanted->page, &found.from, &found.to);
	needed = wanted->key_count > 0 ? found.matches : found.to;
	found.rows = calloc(needed + 1, sizeof(*found.rows));
	if (!found.rows)
		return FAULT_MEMORY;
	ROWSET_EACH(&set, number)
	{
		if (count == needed)
			break;
		found.rows[count++] = number;
	}
	*ret_found = found;
	return query_sort(image, found.rows, count, wanted->keys, wanted->key_count);
}

/* Links to the whole in other formats. */
static void put_formats(struct strbuf *formats, const struct wanted *wanted)
{
	static const struct {
		const char *ending, *name;
	} all[] = {{"xml", "XML"}, {"csv", "CSV"}, {"txt", "Plain text"}, {"json", "JSON"}};
	struct slice as_of = strbuf_slice(&wanted->as_of);

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		strbuf_printf(formats, "%s<a href=\"" DOCUMENT ".%s", i > 0 ? " " : "",
			      all[i].ending);
		/* It was taken as a date: digits, "-" and "." alone. */
		if (as_of.n > 0)
			strbuf_printf(formats, "?as_of=%.*s", (int)as_of.n, as_of.p);
		strbuf_printf(formats, "\">%s</a>", all[i].name);
	}
}

static int write_page(const struct image *image, const struct wanted *wanted,
		      const struct found *found, const struct strbuf *formats,
		      struct http_response *response)
{
	struct xhtml_page page = {.base = SLICE(DOCUMENT ".xhtml"),
				  .search = strbuf_slice(&wanted->search),
				  .as_of = strbuf_slice(&wanted->as_of),
				  .formats = strbuf_slice(formats),
				  .number = wanted->page,
				  .pages = query_pages(found->matches),
				  .keys = wanted->keys,
				  .key_count = wanted->key_count,
				  .frame = &frame};
	bool there = page.number <= page.pages || page.number == 1;
	struct image_part part = {.image = image,
				  .rows = found->rows + found->from,
				  .row_count = found->to - found->from};
	uint32_t *people;
	int result;

	result = query_people_numbers(image, part.rows, part.row_count, &people, &part.person_count,
				      NULL);
	if (result < 0)
		return result;
	part.people = people;
	result = http_respond(response, there ? 200 : 404, HTTP_HTML);
	if (result == 0)
		render_image_page(&response->body, &part, &page);
	free(people);
	return result;
}

static int answer_page(const struct site_edition *edition, const struct wanted *wanted,
		       struct http_response *response)
{
	struct strbuf formats CLEANUP(strbuf_done) = {};
	struct found found = {};
	int result = find(&edition->image, wanted, &found);

	put_formats(&formats, wanted);
	if (result == 0 && formats.failed)
		result = FAULT_MEMORY;
	if (result == 0)
		result = write_page(&edition->image, wanted, &found, &formats, response);
	free(found.rows);
	if (result == 0)
		response->last_modified = http_keep(response, edition->stamp);
	return result;
}

int assignments_page(struct site *site, const struct http_request *request,
		     const struct slice *captured, struct http_response *response)
{
	struct wanted wanted CLEANUP(wanted_done) = {};
	const struct site_edition *edition;
	int result = read_wanted(request, &wanted, response);

	(void)captured;
	if (result == 0)
		result = handler_hold(site, request, &edition, response);
	if (result != 0)
		return result < 0 ? result : 0;
	result = answer_page(edition, &wanted, response);
	site_release(site, edition);
	return result;
}

/* The format of a file name; false: none of ours. */
static bool find_format(struct slice name, enum download_format *ret_format)
{
	struct slice start = SLICE("service-names-port-numbers.");

	return slice_starts(name, start) && download_find(slice_skip(name, start.n), ret_format);
}

/* Of the newest edition what all share; of a past one, which few ask for, what is made for them. */
static int answer_download(struct site *site, const struct site_edition *edition, bool newest,
			   enum download_format format, struct http_response *response)
{
	struct download download = {};
	int result = http_respond(response, 200, download_type(format));

	if (result < 0)
		return result;
	if (newest) {
		result = downloads_get(site, edition, format, &download, NULL);
	} else {
		result = download_write(site, edition, format, &response->body, NULL);
	}
	if (result < 0)
		return result;
	if (newest) {
		response->shared = download.plain->bytes;
		response->shared_gzip = download.gzip->bytes;
		response->files[0] = download.plain;
		response->files[1] = download.gzip;
	}
	response->etag = http_keep(response, download.tag);
	response->last_modified = http_keep(response, edition->stamp);
	return 0;
}

int assignments_download(struct site *site, const struct http_request *request,
			 const struct slice *captured, struct http_response *response)
{
	struct strbuf as_of CLEANUP(strbuf_done) = {};
	const struct site_edition *edition;
	enum download_format format;
	int result;

	if (!find_format(captured[0], &format))
		return http_problem(
			response, 404, SLICE("Not Found"),
			SLICE("the registry is there as .xhtml, .csv, .xml, .txt, .json"));
	result = handler_hold(site, request, &edition, response);
	if (result != 0)
		return result < 0 ? result : 0;
	(void)!http_parameter(request, SLICE("as_of"), &as_of);
	result = answer_download(site, edition, as_of.n == 0, format, response);
	if (as_of.n > 0)
		site_trim();
	if (result == 0 && response->shared.p)
		site_leave(site, edition, response);
	else
		site_release(site, edition);
	return result;
}
