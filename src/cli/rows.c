#include "cli/rows.h"

#include <stdio.h>
#include <stdlib.h>

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

int rows_sort(struct rows *rows, const struct sort_key *keys, size_t count, struct fault *fault)
{
	int result = query_sort(rows->image, rows->numbers, rows->count, keys, count);

	return result < 0 ? fault_memory(fault) : 0;
}

void rows_cut_page(struct rows *rows, uint64_t page)
{
	size_t from, to;

	query_page(rows->count, page, &from, &to);
	rows->count = to - from;
	memmove(rows->numbers, rows->numbers + from, rows->count * sizeof(*rows->numbers));
}
