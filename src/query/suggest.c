/*
 * The nearest names to a misspelt one: by the edits between them (a letter inserted, left out,
 * changed, or two neighbours swapped), then by how they begin, then by length.
 */
#include "base/utf8.h"
#include "query/query.h"

enum { LENGTH_MAX = 64, CANDIDATES_MAX = 32 };

struct candidate {
	struct slice name;
	unsigned score; /* smaller is nearer */
};

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

/* Edits from a to b (optimal string alignment); more than limit counts as limit + 1. */
static unsigned edits(struct slice a, struct slice b, unsigned limit)
{
	unsigned rows[3][LENGTH_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];

	for (unsigned j = 0; j <= b.n; j++)
		above[j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned *oldest = before, least = row[0] = i;

		for (unsigned j = 1; j <= b.n; j++) {
			bool same = a.p[i - 1] == b.p[j - 1];

			row[j] = smallest(above[j] + 1, row[j - 1] + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
			if (row[j] < least)
				least = row[j];
		}
		if (least > limit)
			return limit + 1;
		before = above;
		above = row;
		row = oldest;
	}
	return above[b.n];
}

/* UINT_MAX: too far to be meant. */
static unsigned score(struct slice wanted, struct slice name)
{
	unsigned limit = wanted.n <= 4 ? 1 : wanted.n <= 8 ? 2 : 3;
	unsigned longer = (unsigned)(name.n > wanted.n ? name.n - wanted.n : wanted.n - name.n);
	unsigned distance = longer > limit ? limit + 1 : edits(wanted, name, limit);

	if (distance <= limit)
		return distance * 64 + (wanted.p[0] != name.p[0] ? 32 : 0) +
		       (longer > 31 ? 31 : longer);
	/* What begins with the words typed comes after what was probably mistyped. */
	if (wanted.n >= 3 && slice_starts(name, wanted))
		return 1000 + longer;
	return UINT32_MAX;
}

static void insert(struct candidate *candidates, size_t *count, size_t max, struct slice name,
		   unsigned points)
{
	size_t at = *count;

	if (points == UINT32_MAX || (at == max && candidates[at - 1].score <= points))
		return;
	if (at < max)
		(*count)++;
	else
		at--;
	for (; at > 0 && candidates[at - 1].score > points; at--)
		candidates[at] = candidates[at - 1];
	candidates[at] = (struct candidate){name, points};
}

size_t query_suggest(const struct image *image, struct slice name, struct slice *ret_names,
		     size_t max)
{
	struct candidate candidates[CANDIDATES_MAX];
	char wanted[LENGTH_MAX], folded[LENGTH_MAX];
	uint32_t names = query_name_count(image);
	size_t count = 0;

	if (max > CANDIDATES_MAX)
		max = CANDIDATES_MAX;
	if (name.n == 0 || name.n > LENGTH_MAX || max == 0)
		return 0;
	utf8_fold(name, wanted);
	for (uint32_t i = 0; i < names; i++) {
		struct slice text = query_name_at(image, i);

		if (text.n == 0 || text.n > LENGTH_MAX)
			continue;
		utf8_fold(text, folded);
		insert(candidates, &count, max, text,
		       score((struct slice){wanted, name.n}, (struct slice){folded, text.n}));
	}
	for (size_t i = 0; i < count; i++)
		ret_names[i] = candidates[i].name;
	return count;
}
