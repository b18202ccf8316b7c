#include "base/nearest.h"

#include "base/utf8.h"

enum { LENGTH_MAX = 64, CANDIDATES_MAX = 32 };

/* Scores: 64 a mistake, and below it what tells words with as many apart; then these. */
enum { BEGINS = 1024, HOLDS = 2048 };

struct candidate {
	struct slice word;
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

/* UINT32_MAX: too far to be meant. Both are folded. */
static unsigned score(struct slice wanted, struct slice word)
{
	unsigned limit = wanted.n <= 3 ? 1 : wanted.n <= 6 ? 2 : 3;
	unsigned longer = (unsigned)(word.n > wanted.n ? word.n - wanted.n : wanted.n - word.n);
	unsigned distance = longer > limit ? limit + 1 : edits(wanted, word, limit);

	if (distance <= limit && distance < wanted.n)
		return distance * 64 + (wanted.p[0] != word.p[0] ? 32 : 0) + longer;
	if (wanted.n >= 3 && slice_starts(word, wanted))
		return BEGINS + longer;
	if (wanted.n >= 3 && slice_find(word, wanted) != (size_t)-1)
		return HOLDS + longer;
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

size_t nearest(struct slice word, nearest_word *word_at, const void *data, struct slice *ret_words,
	       size_t max)
{
	struct candidate candidates[CANDIDATES_MAX];
	char wanted[LENGTH_MAX], folded[LENGTH_MAX];
	struct slice text;
	size_t count = 0, kept = 0;

	if (max > CANDIDATES_MAX)
		max = CANDIDATES_MAX;
	if (word.n == 0 || word.n > LENGTH_MAX || max == 0)
		return 0;
	utf8_fold(word, wanted);
	for (size_t i = 0; (text = word_at(data, i)).p; i++) {
		if (text.n == 0 || text.n > LENGTH_MAX)
			continue;
		utf8_fold(text, folded);
		insert(candidates, &count, max, text,
		       score((struct slice){wanted, word.n}, (struct slice){folded, text.n}));
	}
	for (size_t i = 0; i < count; i++) {
		/* Where one mistake explains the word, two are not to be thought of. */
		if (candidates[i].score < BEGINS &&
		    candidates[i].score / 64 > candidates[0].score / 64)
			continue;
		ret_words[kept++] = candidates[i].word;
	}
	return kept;
}
