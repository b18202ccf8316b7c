#include "http/wanted.h"

#include <stdlib.h>

#include "base/number.h"
#include "http/api.h"

void wanted_done(struct wanted *wanted)
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

/* The words of a parameter, with commas between, into a mask. */
static int read_words(enum api_parameter parameter, struct slice words, unsigned *mask,
		      struct http_response *response)
{
	while (words.n > 0) {
		unsigned index;
		int result = api_find_word(parameter, slice_cut(&words, ','), &index, response);

		if (result != 0)
			return result;
		*mask |= 1u << index;
	}
	return 0;
}

/* Forms give a parameter once for each word that is checked; links, once with all of them. */
static int read_mask(const struct http_request *request, enum api_parameter parameter,
		     unsigned *mask, struct http_response *response)
{
	struct slice name = api_parameter_name(parameter);

	for (size_t i = 0;; i++) {
		struct strbuf value CLEANUP(strbuf_done) = {};
		int result = http_parameter_at(request, name, i, &value);

		if (result == FAULT_MALFORMED)
			return api_refuse(response, parameter, "its value is no text in UTF-8");
		if (result != 1)
			return result;
		result = read_words(parameter, strbuf_slice(&value), mask, response);
		if (result != 0)
			return result;
	}
}

static int read_filter(const struct http_request *request, struct wanted *wanted,
		       struct http_response *response)
{
	int result = 0;

	for (unsigned i = 0; i < QUERY_PROPERTY_COUNT && result == 0; i++)
		result = read_mask(request, (enum api_parameter)(API_TRANSPORT + i),
				   &wanted->filter.masks[i], response);
	return result;
}

int wanted_read(const struct http_request *request, struct wanted *wanted,
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
	if (result >= 0)
		return read_filter(request, wanted, response);
	if (result != FAULT_MALFORMED)
		return result;
	result = http_problem(response, 400, SLICE("Bad Request"), detail);
	return result < 0 ? result : 1;
}

bool wanted_has_filter(const struct wanted *wanted)
{
	for (size_t i = 0; i < QUERY_PROPERTY_COUNT; i++) {
		if (wanted->filter.masks[i])
			return true;
	}
	return false;
}

bool wanted_is_all(const struct wanted *wanted)
{
	return wanted->search.n == 0 && !wanted_has_filter(wanted);
}

static void filter(const struct wanted *wanted, const struct image *image, struct rowset *set)
{
	if (!wanted_has_filter(wanted))
		return;
	ROWSET_EACH(set, number)
	{
		if (!query_passes(image, &wanted->filter, number))
			rowset_remove(set, number);
	}
}

/* Sorting takes all of them; else those behind the page are left out. */
int wanted_find(const struct wanted *wanted, const struct image *image, bool whole,
		struct found *ret_found)
{
	struct rowset set CLEANUP(rowset_done) = {};
	struct found found = {};
	size_t needed, count = 0;

	if (!rowset_init(&set, image_row_count(image)))
		return FAULT_MEMORY;
	query_search(image, strbuf_slice(&wanted->search), QUERY_SEARCHED, &set);
	filter(wanted, image, &set);
	found.matches = rowset_count(&set);
	if (whole)
		found.to = found.matches;
	else if (wanted->page <= query_pages(found.matches))
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
