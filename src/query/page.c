/* Rows in pages: sorted, cut, and with the people that they name. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "base/number.h"
#include "base/utf8.h"
#include "query/query.h"

/* What the text of a row in the column that is sorted by begins with, folded. */
struct start {
	uint64_t first, next; /* eight bytes each, or a number and nothing */
};

struct order {
	const struct image *image;
	struct start *starts; /* by row number */
	enum column column;
	bool numbers, descending;
};

/* A port, a range of ports or a service code, as a number to sort by; nothing is 0. */
static uint64_t number_of(struct slice text)
{
	uint16_t first, last;
	uint64_t number;

	if (text.n == 0)
		return 0;
	if (port_parse(text, &first, &last))
		return ((uint64_t)first << 16 | last) + 1;
	return number_parse(text, UINT32_MAX, &number) ? (number << 16) + 1 : UINT64_MAX;
}

/* Of texts that begin differently these compare as the texts do. */
static struct start start_of(struct slice text)
{
	/* A character that reaches beyond is folded as a whole. */
	char folded[sizeof(struct start) + 1] = {};
	struct start start = {};

	utf8_fold((struct slice){text.p, text.n < sizeof(folded) ? text.n : sizeof(folded)},
		  folded);
	for (unsigned i = 0; i < 8; i++) {
		start.first = start.first << 8 | (unsigned char)folded[i];
		start.next = start.next << 8 | (unsigned char)folded[8 + i];
	}
	return start;
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

static int compare_texts(const struct order *order, uint32_t a, uint32_t b)
{
	const struct start *start = &order->starts[a], *other = &order->starts[b];
	struct slice left, right;

	if (start->first != other->first)
		return start->first < other->first ? -1 : 1;
	if (start->next != other->next)
		return start->next < other->next ? -1 : 1;
	/* Two that end here have no rest to be compared: no text has a NUL. */
	if (order->numbers || (start->next & 0xff) == 0)
		return 0;
	left = image_row_text(order->image, a, order->column);
	right = image_row_text(order->image, b, order->column);
	/* Equal texts are mostly the same one. */
	return left.p == right.p ? 0 : compare_folded(left, right);
}

static int compare(const void *a, const void *b, void *data)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	const struct order *order = data;
	int result = compare_texts(order, left, right);

	if (result != 0)
		return order->descending ? -result : result;
	return (left > right) - (left < right);
}

/* By the first key, and then each run of equal ones by the others. */
static void sort(struct order order, uint32_t *rows, size_t count, const struct sort_key *keys,
		 size_t key_count)
{
	order.column = keys->column;
	order.numbers = keys->column == COLUMN_PORT || keys->column == COLUMN_SERVICE_CODE;
	order.descending = keys->descending;
	for (size_t i = 0; i < count; i++) {
		struct slice text = image_row_text(order.image, rows[i], order.column);

		order.starts[rows[i]] =
			order.numbers ? (struct start){.first = number_of(text)} : start_of(text);
	}
	qsort_r(rows, count, sizeof(*rows), compare, &order);
	if (key_count == 1)
		return;
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count; to++) {
			if (compare_texts(&order, rows[from], rows[to]) != 0)
				break;
		}
		if (to - from > 1)
			sort(order, rows + from, to - from, keys + 1, key_count - 1);
	}
}

int query_sort(const struct image *image, uint32_t *rows, size_t count, const struct sort_key *keys,
	       size_t key_count)
{
	struct order order = {.image = image};
	uint32_t last = 0;

	/* Of no rows there may be no array, which qsort_r() wants. */
	if (key_count == 0 || count == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		last = rows[i] > last ? rows[i] : last;
	order.starts = calloc((size_t)last + 1, sizeof(*order.starts));
	if (!order.starts)
		return FAULT_MEMORY;
	sort(order, rows, count, keys, key_count);
	free(order.starts);
	return 0;
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
