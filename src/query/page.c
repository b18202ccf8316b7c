/* Rows in pages: sorted, cut, and with the people that they name. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "base/number.h"
#include "base/utf8.h"
#include "query/query.h"

/* What is being sorted by. */
struct order {
	const struct image *image;
	const struct sort_key *keys;
	size_t count;
};

/* A port, a range of ports or a service code, as a number to sort by; nothing is -1. */
static int64_t number_of(struct slice text)
{
	uint16_t first, last;
	uint64_t number;

	if (text.n == 0)
		return -1;
	if (port_parse(text, &first, &last))
		return (int64_t)first << 16 | last;
	return number_parse(text, UINT32_MAX, &number) ? (int64_t)number << 16 : INT64_MAX;
}

static int compare_folded(struct slice a, struct slice b)
{
	while (a.n > 0 && b.n > 0) {
		char left[64], right[64];
		size_t n = a.n < b.n ? a.n : b.n;
		int result;

		n = n < sizeof(left) ? n : sizeof(left);
		utf8_fold((struct slice){a.p, n}, left);
		utf8_fold((struct slice){b.p, n}, right);
		result = memcmp(left, right, n);
		if (result != 0)
			return result;
		a = slice_skip(a, n);
		b = slice_skip(b, n);
	}
	return (a.n > 0) - (b.n > 0);
}

static int compare_column(enum column column, struct slice a, struct slice b)
{
	if (column == COLUMN_PORT || column == COLUMN_SERVICE_CODE) {
		int64_t left = number_of(a), right = number_of(b);

		return (left > right) - (left < right);
	}
	return compare_folded(a, b);
}

static int compare(const void *a, const void *b, void *data)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	const struct order *order = data;

	for (size_t i = 0; i < order->count; i++) {
		enum column column = order->keys[i].column;
		int result = compare_column(column, image_row_text(order->image, left, column),
					    image_row_text(order->image, right, column));

		if (result != 0)
			return order->keys[i].descending ? -result : result;
	}
	return (left > right) - (left < right);
}

void query_sort(const struct image *image, uint32_t *rows, size_t count,
		const struct sort_key *keys, size_t key_count)
{
	struct order order = {image, keys, key_count};

	if (key_count > 0)
		qsort_r(rows, count, sizeof(*rows), compare, &order);
}

uint64_t query_pages(size_t count)
{
	return (count + QUERY_PAGE_ROWS - 1) / QUERY_PAGE_ROWS;
}

void query_page(size_t count, uint64_t page, size_t *ret_from, size_t *ret_to)
{
	size_t to = (size_t)page * QUERY_PAGE_ROWS;

	*ret_from = page > 1 ? (size_t)(page - 1) * QUERY_PAGE_ROWS - 1 : 0;
	*ret_to = to < count ? to : count;
}

static void add_named(const struct image *image, struct slice rich, struct rowset *people)
{
	struct rich_run run;
	uint32_t number;

	while (rich_next(&rich, &run)) {
		if (run.kind == RICH_REFERENCE && slice_eq(run.type, SLICE("person")) &&
		    query_person(image, run.data, &number))
			rowset_add(people, number);
	}
}

int query_people(const struct image *image, const uint32_t *rows, size_t count,
		 struct rowset *people, struct fault *fault)
{
	struct strbuf rich CLEANUP(strbuf_done) = {};

	for (size_t i = 0; i < count; i++) {
		struct row row;

		image_row(image, rows[i], &row);
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			/* Of shown text, brackets alone make references. */
			if (!row.rich[column].p &&
			    slice_find_byte(row.shown[column], '[') == (size_t)-1)
				continue;
			rich.n = 0;
			row_rich(&row, (enum column)column, &rich);
			add_named(image, strbuf_slice(&rich), people);
		}
	}
	return rich.failed ? fault_memory(fault) : 0;
}

int query_people_numbers(const struct image *image, const uint32_t *rows, size_t count,
			 uint32_t **ret_people, size_t *ret_count, struct fault *fault)
{
	struct rowset set CLEANUP(rowset_done) = {};
	uint32_t *people;
	size_t n = 0;
	int result;

	if (!rowset_init(&set, image_person_count(image)))
		return fault_memory(fault);
	result = query_people(image, rows, count, &set, fault);
	if (result < 0)
		return result;
	people = calloc(rowset_count(&set) + 1, sizeof(*people));
	if (!people)
		return fault_memory(fault);
	ROWSET_EACH(&set, number)
	people[n++] = number;
	*ret_people = people;
	*ret_count = n;
	return 0;
}
