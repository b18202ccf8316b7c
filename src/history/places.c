#include "history/places.h"

#include <stdlib.h>

/*
 * Marks the entries that stay: the longest ascending sequence of positions of runs that are not
 * new (patience sorting: tails[k] is the entry with the least position that a sequence of k + 1
 * can end with, before[] the one in front of each).
 */
static void find_staying(const struct run *runs, const struct run_entry *entries, size_t count,
			 uint32_t *tails, uint32_t *before, bool *stays)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		size_t low = 0, high = length;

		if (runs[entries[i].run].is_new)
			continue;
		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (runs[entries[tails[middle]].run].position <
			    runs[entries[i].run].position)
				low = middle + 1;
			else
				high = middle;
		}
		before[i] = low > 0 ? tails[low - 1] + 1 : 0;
		tails[low] = (uint32_t)i;
		if (low == length)
			length++;
	}
	for (uint32_t i = length > 0 ? tails[length - 1] + 1 : 0; i; i = before[i - 1])
		stays[i - 1] = true;
}

static void put(struct run *runs, struct run_entry *entry, int64_t position)
{
	struct run *run = &runs[entry->run];

	if (run->is_new)
		run->position = position;
	else if (run->position != position)
		entry->place = position;
}

/* Every entry anew, where there is no room left between two of them. */
static void put_all(struct run *runs, struct run_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		entries[i].place = 0;
		put(runs, &entries[i], (int64_t)(i + 1) * RUN_SPACING);
	}
}

/* Spreads entries [from, to) between two positions. False: there is no room. */
static bool spread(struct run *runs, struct run_entry *entries, size_t from, size_t to, int64_t low,
		   int64_t high)
{
	int64_t step = (high - low) / (int64_t)(to - from + 1);

	if (step == 0)
		return false;
	for (size_t i = from; i < to; i++)
		put(runs, &entries[i], low + (int64_t)(i - from + 1) * step);
	return true;
}

static bool fill_gaps(struct run *runs, struct run_entry *entries, size_t count, const bool *stays)
{
	int64_t low = 0;
	size_t from = 0;

	for (size_t i = 0; i < count; i++) {
		if (!stays[i])
			continue;
		if (i > from && !spread(runs, entries, from, i, low, runs[entries[i].run].position))
			return false;
		low = runs[entries[i].run].position;
		from = i + 1;
	}
	return from == count || spread(runs, entries, from, count, low,
				       low + (int64_t)(count - from + 1) * RUN_SPACING);
}

bool places_find(struct run *runs, struct run_entry *entries, size_t count)
{
	uint32_t *tails = calloc(count + 1, sizeof(*tails));
	uint32_t *before = calloc(count + 1, sizeof(*before));
	bool *stays = calloc(count + 1, sizeof(*stays));
	bool done = tails && before && stays;

	for (size_t i = 0; i < count; i++)
		entries[i].place = 0;
	if (done) {
		find_staying(runs, entries, count, tails, before, stays);
		if (!fill_gaps(runs, entries, count, stays))
			put_all(runs, entries, count);
	}
	free(tails);
	free(before);
	free(stays);
	return done;
}
