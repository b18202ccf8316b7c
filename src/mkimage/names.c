/* Service names: in folded order, and in a hash table. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "base/utf8.h"
#include "mkimage/build.h"

struct name {
	struct slice folded;
	uint32_t cell;
	uint32_t first, last, count; /* rows */
};

static int compare_names(const void *left, const void *right)
{
	const struct name *a = left, *b = right;
	int order = slice_compare(a->folded, b->folded);

	return order ? order : (a->cell > b->cell) - (a->cell < b->cell);
}

/* Each cell that is some row's name, once. Folded text goes to arena. */
static int collect(const struct build *build, struct name *names, uint32_t *ret_count,
		   struct arena *arena)
{
	/* Of each cell the number of its name plus one. */
	uint32_t *seen CLEANUP(build_freep) = calloc(build->searched.count + 1, sizeof(*seen));
	uint32_t count = 0;

	if (!seen)
		return FAULT_MEMORY;
	for (uint32_t row = 0; row < build->registry->row_count; row++) {
		uint32_t text = build_row_text(build, row, COLUMN_NAME);
		struct slice name;
		char *folded;

		if (text == 0 || build->searched.p[text - 1].text.n == 0)
			continue;
		if (!seen[text - 1]) {
			name = build->searched.p[text - 1].text;
			folded = arena_alloc(arena, name.n);
			if (!folded)
				return FAULT_MEMORY;
			utf8_fold(name, folded);
			names[count] = (struct name){{folded, name.n}, text - 1, row, row, 0};
			seen[text - 1] = ++count;
		}
		names[seen[text - 1] - 1].last = row;
		names[seen[text - 1] - 1].count++;
	}
	*ret_count = count;
	return 0;
}

static int write_slots(struct build *build, const struct name *names, uint32_t count)
{
	uint32_t slot_count = 2;
	uint32_t *slots CLEANUP(build_freep) = NULL;

	while (slot_count < count * 2)
		slot_count *= 2;
	slots = calloc(slot_count, sizeof(*slots));
	if (!slots)
		return FAULT_MEMORY;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t hash = image_name_hash(names[i].folded);
		uint32_t at = hash & (slot_count - 1);

		if (i > 0 && slice_eq(names[i - 1].folded, names[i].folded))
			continue;
		while (slots[at])
			at = (at + 1) & (slot_count - 1);
		slots[at] = (i + 1) | image_name_tag(hash) << 24;
	}
	for (uint32_t i = 0; i < slot_count; i++)
		build_u32(&build->sections[IMAGE_NAME_SLOTS], slots[i]);
	return 0;
}

/* How many rows have the name of that index; 0 where they are not all rows from its first on. */
static uint32_t run_length(const struct name *names, uint32_t count, uint32_t index)
{
	const struct name *name = &names[index];

	if ((index > 0 && slice_eq(name[-1].folded, name->folded)) ||
	    (index + 1 < count && slice_eq(name[1].folded, name->folded)) ||
	    name->last - name->first + 1 != name->count || name->count > UINT8_MAX)
		return 0;
	return name->count;
}

static void write_name(struct build *build, const struct name *name, uint32_t run)
{
	struct strbuf *section = &build->sections[IMAGE_NAMES];

	build_u24(section, name->cell);
	build_u8(section, run);
	build_u24(section, name->first);
	for (size_t i = 0; i < IMAGE_NAME_SHORT; i++) {
		bool has = name->folded.n <= IMAGE_NAME_SHORT && i < name->folded.n;

		build_u8(section, has ? (unsigned char)name->folded.p[i] : 0);
	}
}

int build_names(struct build *build, struct fault *fault)
{
	struct name *names CLEANUP(build_freep) =
		malloc((build->searched.count + 1) * sizeof(*names));
	struct arena arena CLEANUP(arena_done) = {};
	uint32_t count;

	if (!names || collect(build, names, &count, &arena) < 0)
		return fault_memory(fault);
	qsort(names, count, sizeof(*names), compare_names);
	for (uint32_t i = 0; i < count; i++)
		write_name(build, &names[i], run_length(names, count, i));
	return write_slots(build, names, count) < 0 ? fault_memory(fault) : 0;
}
