#include "base/utf8.h"
#include "query/query.h"
#include "query/uses.h"

static struct slice id_at(const struct image *image, uint32_t index, uint32_t *ret_number)
{
	const unsigned char *entry = image_record(image, IMAGE_PEOPLE_BY_ID, index);
	const unsigned char *person;

	*ret_number = entry ? image_u24(entry) : 0;
	person = image_record(image, IMAGE_PEOPLE, *ret_number);
	return person ? image_text(image, person) : SLICE_NONE;
}

static int compare_id(struct slice id, struct slice folded)
{
	char space[256];

	if (id.n > sizeof(space))
		id.n = sizeof(space);
	utf8_fold(id, space);
	return slice_compare((struct slice){space, id.n}, folded);
}

bool query_person(const struct image *image, struct slice id, uint32_t *ret_number)
{
	char space[256];
	struct slice folded = {space, id.n};
	uint32_t from = 0, to = image->sections[IMAGE_PEOPLE_BY_ID].count, number;
	bool found = false;

	if (id.n > sizeof(space))
		return false;
	utf8_fold(id, space);
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (compare_id(id_at(image, middle, &number), folded) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	/* Ids that differ in letter case only stand together: the exact one is preferred. */
	for (; from < image->sections[IMAGE_PEOPLE_BY_ID].count && id.n > 0; from++) {
		struct slice text = id_at(image, from, &number);

		if (!utf8_fold_eq(text, id))
			break;
		if (!found || slice_eq(text, id))
			*ret_number = number;
		found = true;
	}
	return found;
}

/* Whether the shown text names the person: has its id in brackets. */
static bool names(struct slice text, struct slice id)
{
	while (text.n >= id.n + 2) {
		size_t at = slice_find(text, id);

		if (at == (size_t)-1)
			return false;
		if (at > 0 && text.p[at - 1] == '[' && at + id.n < text.n &&
		    text.p[at + id.n] == ']')
			return true;
		text = slice_skip(text, at + 1);
	}
	return false;
}

void query_person_rows(const struct image *image, struct slice id, struct rowset *set)
{
	uint32_t searched = image_u32(image_record(image, IMAGE_COUNTS, 0));

	if (id.n == 0)
		return;
	for (uint32_t cell = 0; cell < searched; cell++) {
		struct uses uses = uses_of(image, cell);
		uint32_t row;

		if (!names(image_cell(image, cell), id))
			continue;
		while (uses_next(&uses, &row))
			rowset_add(set, row);
	}
}
