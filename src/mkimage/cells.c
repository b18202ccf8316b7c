#include "mkimage/cells.h"

#include <stdlib.h>

#include "base/fault.h"
#include "base/hash.h"
#include "base/pages.h"

void cells_done(struct cells *cells)
{
	free(cells->p);
	free(cells->slots);
	*cells = (struct cells){};
}

static void place(struct cells *cells, uint32_t number)
{
	uint32_t at = (uint32_t)cells->p[number].hash & (cells->slot_count - 1);

	while (cells->slots[at])
		at = (at + 1) & (cells->slot_count - 1);
	cells->slots[at] = number + 1;
}

static int grow(struct cells *cells)
{
	uint32_t size = cells->size ? cells->size * 2 : 64;

	while (size < cells->expected)
		size *= 2;

	struct cell *grown = realloc(cells->p, size * sizeof(*grown));
	uint32_t *slots;

	if (!grown)
		return FAULT_MEMORY;
	pages_expect(grown + cells->count, (size - cells->count) * sizeof(*grown));
	cells->p = grown;
	slots = calloc((size_t)size * 2, sizeof(*slots));
	if (!slots)
		return FAULT_MEMORY;
	pages_expect(slots, (size_t)size * 2 * sizeof(*slots));
	free(cells->slots);
	cells->slots = slots;
	cells->slot_count = size * 2;
	cells->size = size;
	for (uint32_t i = 0; i < cells->count; i++)
		place(cells, i);
	return 0;
}

static bool same(const struct cell *cell, const struct cell *wanted)
{
	return cell->hash == wanted->hash && slice_eq(cell->text, wanted->text) &&
	       !cell->rich.p == !wanted->rich.p && slice_eq(cell->rich, wanted->rich);
}

int cells_add(struct cells *cells, struct slice text, struct slice rich, uint32_t *ret_number)
{
	struct cell cell = {text, rich, hash_bytes(text)};
	uint32_t at;

	if (cells->count == cells->size && grow(cells) < 0)
		return FAULT_MEMORY;
	at = (uint32_t)cell.hash & (cells->slot_count - 1);
	for (; cells->slots[at]; at = (at + 1) & (cells->slot_count - 1)) {
		uint32_t number = cells->slots[at] - 1;

		if (same(&cells->p[number], &cell)) {
			*ret_number = number;
			return 0;
		}
	}
	cells->p[cells->count] = cell;
	cells->slots[at] = cells->count + 1;
	*ret_number = cells->count++;
	return 0;
}
