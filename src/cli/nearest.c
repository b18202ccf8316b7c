#include "cli/nearest.h"

#include "base/utf8.h"

enum { WORD_MAX = 64, FAR = WORD_MAX + 1 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Letters to put in, take out, replace or swap with their neighbour (the optimal string alignment
 * distance) between two folded words of at most WORD_MAX bytes.
 */
static unsigned distance(struct slice a, struct slice b)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2];

	for (unsigned j = 0; j <= b.n; j++)
		last[j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned *oldest = before;

		now[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			bool same = a.p[i - 1] == b.p[j - 1];

			now[j] = least(last[j - 1] + !same, least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = oldest;
	}
	return last[b.n];
}

/* FAR for a word that is not like it. */
static unsigned mistakes(struct slice folded, struct slice candidate)
{
	char space[WORD_MAX];
	struct slice other = {space, candidate.n};
	unsigned n;

	if (candidate.n > WORD_MAX)
		return FAR;
	utf8_fold(candidate, space);
	if (folded.n >= 3 && slice_find(other, folded) != (size_t)-1)
		return 1;
	n = distance(folded, other);
	return n <= 1 + folded.n / 4 && n < folded.n ? n : FAR;
}

size_t nearest(struct slice word, nearest_word *word_at, const void *data, struct slice *ret_words,
	       size_t max)
{
	unsigned found[16];
	size_t count = 0;
	char space[WORD_MAX];
	struct slice folded = {space, word.n}, candidate;

	if (word.n == 0 || word.n > WORD_MAX)
		return 0;
	if (max > sizeof(found) / sizeof(found[0]))
		max = sizeof(found) / sizeof(found[0]);
	utf8_fold(word, space);
	for (size_t i = 0; (candidate = word_at(data, i)).p; i++) {
		unsigned n = mistakes(folded, candidate);
		size_t at = count;

		while (at > 0 && found[at - 1] > n)
			at--;
		if (n == FAR || at == max)
			continue;
		count += count < max;
		memmove(found + at + 1, found + at, (count - at - 1) * sizeof(*found));
		memmove(ret_words + at + 1, ret_words + at, (count - at - 1) * sizeof(*ret_words));
		found[at] = n;
		ret_words[at] = candidate;
	}
	return count;
}
