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
	entry->place = run->position != position ? position : 0;
}

static int64_t position_of(const struct run *runs, const struct run_entry *entry)
{
	return entry->place ? entry->place : runs[entry->run].position;
}

/*
 * Spreads entries [from, to) between the positions of those beside them. False: there is no room.
 * The entry before was put where it is, that behind stays there.
 */
static bool spread(struct run *runs, struct run_entry *entries, size_t from, size_t to,
		   size_t count)
{
	int64_t low = from > 0 ? position_of(runs, &entries[from - 1]) : 0, step = RUN_SPACING;

	if (to < count)
		step = (position_of(runs, &entries[to]) - low) / (int64_t)(to - from + 1);
	if (step == 0)
		return false;
	for (size_t i = from; i < to; i++)
		put(runs, &entries[i], low + (int64_t)(i - from + 1) * step);
	return true;
}

static size_t next_staying(const bool *stays, size_t i, size_t count)
{
	while (i < count && !stays[i])
		i++;
	return i;
}

/* Where there is no room between two that stay, more and more of those around them give way. */
static void fill_gaps(struct run *runs, struct run_entry *entries, size_t count, const bool *stays)
{
	for (size_t i = 0; i < count; i++) {
		size_t from = i, to = next_staying(stays, i, count);

		if (to == i)
			continue;
		for (size_t more = 1; !spread(runs, entries, from, to, count); more *= 2) {
			from = from > more ? from - more : 0;
			to = next_staying(stays, to + more < count ? to + more : count, count);
		}
		i = to;
	}
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
		fill_gaps(runs, entries, count, stays);
	}
	free(tails);
	free(before);
	free(stays);
	return done;
}
