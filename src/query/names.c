#include "base/nearest.h"
#include "base/utf8.h"
#include "query/query.h"
#include "query/uses.h"

/* Names are at most 15 characters (RFC 6335, section 5.1); the registry's longest has 32. */
enum { NAME_MAX = 256 };

static struct slice name_text(const struct image *image, const unsigned char *name)
{
	return image_cell(image, image_u24(name));
}

/*
 * A name being looked for. As all that are not too long (RFC 6335, section 5.1), and nearly all
 * others, fit into two words, they are folded and compared as such.
 */
struct wanted {
	struct slice name;
	uint64_t words[2]; /* folded; zeros where it is longer */
	uint32_t hash;
};

/* The eight ASCII bytes folded. */
static uint64_t fold_word(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t from_a = word + ones * (0x80 - 'A'), above_z = word + ones * (0x80 - 'Z' - 1);

	return word | (from_a & ~above_z & ones * 0x80) >> 2;
}

static bool is_ascii(const uint64_t words[static 2])
{
	return ((words[0] | words[1]) & UINT64_C(0x8080808080808080)) == 0;
}

/* name has 1 to NAME_MAX bytes. */
static void prepare(struct slice name, struct wanted *ret_wanted)
{
	char space[NAME_MAX];
	uint64_t words[2] = {};

	if (name.n <= IMAGE_NAME_SHORT)
		image_words((const unsigned char *)name.p, name.n, words);
	if (likely(words[0] && is_ascii(words))) {
		*ret_wanted = (struct wanted){name, {fold_word(words[0]), fold_word(words[1])}, 0};
		ret_wanted->hash = (uint32_t)image_hash_words(name.n, ret_wanted->words);
		return;
	}
	utf8_fold(name, space);
	if (name.n <= IMAGE_NAME_SHORT)
		image_words((const unsigned char *)space, name.n, words);
	*ret_wanted = (struct wanted){name, {words[0], words[1]}, 0};
	ret_wanted->hash = image_name_hash((struct slice){space, name.n});
}

static bool is_wanted(const struct image *image, const unsigned char *name,
		      const struct wanted *wanted)
{
	if (likely(wanted->words[0]))
		return image_u64(name + IMAGE_NAME_WORDS) == wanted->words[0] &&
		       image_u64(name + IMAGE_NAME_WORDS + 8) == wanted->words[1];
	return utf8_fold_eq(name_text(image, name), wanted->name);
}

/* Adds the rows of a cell's uses that have it as their name, keeping rows ascending. */
static size_t add_rows(const struct image *image, const unsigned char *name, uint32_t *rows,
		       size_t max, size_t count)
{
	struct uses uses = uses_of(image, image_u24(name));
	uint32_t text = image_u24(name) + 1, row;

	while (uses_next(&uses, &row)) {
		const unsigned char *shown = image_row_column(image, row, COLUMN_NAME);
		size_t at = count < max ? count : max;

		if (!shown || image_u24(shown) != text)
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

/* The rows of the names that fold alike, of which this is the first. */
static size_t list_rows(const struct image *image, uint32_t number, const struct wanted *wanted,
			uint32_t *ret_rows, size_t max)
{
	const unsigned char *name = image_record(image, IMAGE_NAMES, number);
	uint32_t run = name[IMAGE_NAME_RUN], first = image_u24(name + IMAGE_NAME_FIRST);
	size_t count = 0;

	if (likely(run > 0)) {
		for (uint32_t i = 0; i < run && i < max; i++)
			ret_rows[i] = first + i;
		return run;
	}
	for (; name && is_wanted(image, name, wanted);
	     name = image_record(image, IMAGE_NAMES, ++number))
		count = add_rows(image, name, ret_rows, max, count);
	return count;
}

size_t query_name(const struct image *image, struct slice name, uint32_t *ret_rows, size_t max)
{
	const struct image_section *slots = &image->sections[IMAGE_NAME_SLOTS];
	struct wanted wanted;

	if (name.n == 0 || name.n > NAME_MAX)
		return 0;
	prepare(name, &wanted);
	/* A corrupt image may have no empty slot: stop after one round. */
	for (uint32_t at = wanted.hash, probes = 0; probes < slots->count; at++, probes++) {
		const unsigned char *slot =
			slots->p + (size_t)(at & (slots->count - 1)) * slots->size;
		uint32_t number = image_u24(slot);
		const unsigned char *record;

		if (likely(slot[3] == image_name_tag(wanted.hash))) {
			record = image_record(image, IMAGE_NAMES, number - 1);
			if (likely(record && is_wanted(image, record, &wanted)))
				return list_rows(image, number - 1, &wanted, ret_rows, max);
		}
		if (number == 0)
			break;
	}
	return 0;
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

static struct slice name_of_index(const void *image, size_t index)
{
	return query_name_at(image, (uint32_t)index);
}

size_t query_suggest(const struct image *image, struct slice name, struct slice *ret_names,
		     size_t max)
{
	return nearest(name, name_of_index, image, ret_names, max);
}
