#define _GNU_SOURCE
#include "cli/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/utf8.h"

void rows_done(struct rows *rows)
{
	free(rows->numbers);
	free(rows->uncovered);
	*rows = (struct rows){};
}

/* Room for more numbers. */
static int grow(struct rows *rows, size_t more, struct fault *fault)
{
	size_t size = rows->size;
	uint32_t *numbers;

	if (rows->count + more <= size)
		return 0;
	size = rows->count + more > size * 2 ? rows->count + more : size * 2;
	numbers = reallocarray(rows->numbers, size, sizeof(*numbers));
	if (!numbers)
		return fault_memory(fault);
	rows->numbers = numbers;
	rows->size = size;
	return 0;
}

int rows_add(struct rows *rows, const struct rowset *set, struct fault *fault)
{
	int result = grow(rows, rowset_count(set), fault);

	if (result < 0)
		return result;
	ROWSET_EACH(set, number)
	rows->numbers[rows->count++] = number;
	return 0;
}

int rows_add_uncovered(struct rows *rows, enum transport transport, uint16_t first, uint16_t last,
		       struct fault *fault)
{
	struct uncovered *uncovered;
	int result = grow(rows, 1, fault);

	if (result < 0)
		return result;
	uncovered = reallocarray(rows->uncovered, rows->uncovered_count + 1, sizeof(*uncovered));
	if (!uncovered)
		return fault_memory(fault);
	rows->uncovered = uncovered;
	rows->numbers[rows->count++] =
		image_row_count(rows->image) + (uint32_t)rows->uncovered_count;
	uncovered += rows->uncovered_count++;
	*uncovered = (struct uncovered){};
	query_uncovered(transport, first, last, &uncovered->row);
	uncovered->length = (size_t)snprintf(uncovered->ports, sizeof(uncovered->ports),
					     first == last ? "%u" : "%u-%u", first, last);
	return 0;
}

void rows_get(const struct rows *rows, size_t index, struct row *ret_row)
{
	uint32_t number = rows->numbers[index], count = image_row_count(rows->image);

	if (number < count) {
		image_row(rows->image, number, ret_row);
		return;
	}
	const struct uncovered *uncovered = &rows->uncovered[number - count];

	*ret_row = uncovered->row;
	ret_row->shown[COLUMN_PORT] = (struct slice){uncovered->ports, uncovered->length};
}

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

void rows_sort(struct rows *rows, const struct sort_key *keys, size_t count)
{
	struct order order = {rows->image, keys, count};

	if (count > 0)
		qsort_r(rows->numbers, rows->count, sizeof(*rows->numbers), compare, &order);
}

uint64_t rows_pages(const struct rows *rows)
{
	return (rows->count + PAGE_ROWS - 1) / PAGE_ROWS;
}

void rows_cut_page(struct rows *rows, uint64_t page)
{
	size_t from = page > 1 ? (size_t)(page - 1) * PAGE_ROWS - 1 : 0;
	size_t to = (size_t)page * PAGE_ROWS;

	to = to < rows->count ? to : rows->count;
	rows->count = to - from;
	memmove(rows->numbers, rows->numbers + from, rows->count * sizeof(*rows->numbers));
}
