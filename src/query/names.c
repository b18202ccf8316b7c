#include "base/utf8.h"
#include "query/query.h"
#include "query/uses.h"

/* Names are at most 15 characters (RFC 6335, section 5.1); the registry's longest has 32. */
enum { NAME_MAX = 256 };

static struct slice name_text(const struct image *image, const unsigned char *name)
{
	return image_cell(image, image_u24(name));
}

static bool is_named(struct slice text, struct slice folded)
{
	return text.n == folded.n &&
	       (likely(memcmp(text.p, folded.p, folded.n) == 0) || utf8_fold_eq(text, folded));
}

/* Adds the rows of one cell's uses that have it as their name, keeping rows ascending. */
static size_t add_rows(const struct image *image, const unsigned char *name, uint32_t *rows,
		       size_t max, size_t count)
{
	struct uses uses = uses_at(image, image_u32(name + 4));
	uint32_t text = image_u24(name) + 1, row;

	while (uses_next(&uses, &row)) {
		const unsigned char *record = image_record(image, IMAGE_ROWS, row);
		size_t at = count < max ? count : max;

		if (!record || image_u24(record + IMAGE_ROW_TEXTS + 3 * COLUMN_NAME) != text)
			continue;
		/* Out of order only where names differ in nothing but letter case. */
		for (; at > 0 && rows[at - 1] > row; at--) {
			if (at < max)
				rows[at] = rows[at - 1];
		}
		if (at < max)
			rows[at] = row;
		count++;
	}
	return count;
}

size_t query_name(const struct image *image, struct slice name, uint32_t *ret_rows, size_t max)
{
	const struct image_section *slots = &image->sections[IMAGE_NAME_SLOTS];
	char space[NAME_MAX];
	struct slice folded = {space, name.n};
	uint32_t hash, probes = 0;
	size_t count = 0;

	if (name.n == 0 || name.n > sizeof(space))
		return 0;
	utf8_fold(name, space);
	hash = image_name_hash(folded);
	/* A corrupt image may have no empty slot: stop after one round. */
	for (uint32_t at = hash; probes < slots->count; at++, probes++) {
		const unsigned char *slot =
			slots->p + (size_t)(at & (slots->count - 1)) * slots->size;
		uint32_t number = image_u24(slot);
		const unsigned char *record;

		if (number == 0)
			break;
		if (slot[3] != image_name_tag(hash))
			continue;
		record = image_record(image, IMAGE_NAMES, number - 1);
		if (record && is_named(name_text(image, record), folded))
			count = add_rows(image, record, ret_rows, max, count);
	}
	return count;
}

uint32_t query_name_count(const struct image *image)
{
	return image->sections[IMAGE_NAMES].count;
}

struct slice query_name_at(const struct image *image, uint32_t index)
{
	const unsigned char *name = image_record(image, IMAGE_NAMES, index);

	return name ? name_text(image, name) : SLICE_NONE;
}

/* Order of a name against a folded prefix, by as many bytes as the shorter has. */
static int compare_folded(struct slice name, struct slice folded)
{
	char space[NAME_MAX];
	size_t n = name.n < sizeof(space) ? name.n : sizeof(space);

	utf8_fold((struct slice){name.p, n}, space);
	return slice_compare((struct slice){space, n}, folded);
}

uint32_t query_name_from(const struct image *image, struct slice prefix)
{
	uint32_t from = 0, to = query_name_count(image);
	char space[NAME_MAX];
	struct slice folded = {space, prefix.n < sizeof(space) ? prefix.n : sizeof(space)};

	utf8_fold((struct slice){prefix.p, folded.n}, space);
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (compare_folded(query_name_at(image, middle), folded) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}
