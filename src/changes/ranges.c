/*
 * Rows of no name - Unassigned, Reserved - are redrawn around names that come and go: a port is cut
 * out of a range, which becomes two; another transport's port is Reserved beside it. Rows whose
 * ports overlap, directly or through others, belong together. Where a name is among them, each row
 * of no name goes with the nearest name; where there is none, they are a change of their own.
 */
#include <stdlib.h>

#include "changes/work.h"

/* Ports that an item's row has in one of the editions. */
struct place {
	int32_t first, last;
	uint32_t item, row;
	uint8_t transport, which; /* which: 0 before, 1 after */
	bool is_range;
};

struct places {
	struct work *work;
	struct place *all; /* by first port, transport; names before ranges */
	size_t count;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->transport != y->transport)
		return x->transport < y->transport ? -1 : 1;
	if (x->is_range != y->is_range)
		return x->is_range ? 1 : -1;
	if (x->which != y->which)
		return x->which < y->which ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static void add_place(struct places *places, uint32_t item, unsigned which)
{
	const struct item *of = &places->work->items[item];
	uint32_t index = which == 0 ? of->before : of->after;
	struct row row;

	if (index == CHANGE_NOTHING)
		return;
	row = registry_row(places->work->sides[which].registry, index);
	if (row.first_port < 0 && !of->is_range)
		return;
	places->all[places->count++] = (struct place){.first = row.first_port,
						      .last = row.last_port,
						      .item = item,
						      .row = index,
						      .transport = (uint8_t)row.transport,
						      .which = (uint8_t)which,
						      .is_range = of->is_range};
}

/* Whether it is a range, or a name whose ports may have been taken from one or gone into one. */
static bool has_place(const struct item *item)
{
	return item->is_range ||
	       (item->kind >= CHANGE_ASSIGNED && item->kind <= CHANGE_PORT_ADDED) ||
	       (item->kind >= CHANGE_MOVED && item->kind <= CHANGE_DEASSIGNED);
}

/* The range that the ports of each name were taken from, or went into: any that covers the first.
 */
static void find_sources(struct places *places)
{
	const struct place *widest[2][TRANSPORT_COUNT + 1] = {};
	struct work *work = places->work;

	for (size_t i = 0, j = 0; i < places->count; i++) {
		const struct place *place = &places->all[i];
		struct change *change;

		for (; j < places->count && places->all[j].first <= place->first; j++) {
			const struct place *range = &places->all[j];
			const struct place **best = &widest[range->which][range->transport];

			if (range->is_range && (!*best || (*best)->last < range->last))
				*best = range;
		}
		if (place->is_range)
			continue;
		const struct place *source = widest[!place->which][place->transport];

		if (!source || source->last < place->first)
			source = widest[!place->which][TRANSPORT_NONE];
		if (!source || source->last < place->first)
			continue;
		change = &work->changes[work->items[place->item].change];
		if (place->which == 1 && change->from == CHANGE_NOTHING)
			change->from = source->row;
		if (place->which == 0 && change->into == CHANGE_NOTHING)
			change->into = source->row;
	}
}

/* Places from..to have names among them: each range goes with the nearest. */
static void join_names(struct places *places, size_t from, size_t to)
{
	const struct place *previous = NULL, *next = NULL;
	struct item *items = places->work->items;
	size_t ahead = from;

	for (size_t i = from; i < to; i++) {
		const struct place *place = &places->all[i], *nearest;

		if (!place->is_range) {
			previous = place;
			continue;
		}
		if (ahead <= i)
			ahead = i + 1;
		while (ahead < to && places->all[ahead].is_range)
			ahead++;
		next = ahead < to ? &places->all[ahead] : NULL;
		nearest = previous;
		if (!previous ||
		    (previous->first < place->first && next && next->first <= place->last))
			nearest = next;
		items[place->item].change = items[nearest->item].change;
	}
}

static enum change_kind kind_of_ranges(size_t before, size_t after)
{
	if (before == 0)
		return CHANGE_RANGE_ADDED;
	if (after == 0)
		return CHANGE_RANGE_REMOVED;
	if (before == 1 && after == 1)
		return CHANGE_RESIZED;
	if (before == 1)
		return CHANGE_SPLIT;
	return after == 1 ? CHANGE_MERGED : CHANGE_REDRAWN;
}

/* Of two items one, a pair. */
static void make_pair(struct work *work, struct item *a, struct item *b)
{
	struct item *before = a->before != CHANGE_NOTHING ? a : b, *after = before == a ? b : a;
	struct row row = registry_row(work->sides[0].registry, before->before);
	struct row other = registry_row(work->sides[1].registry, after->after);

	before->after = after->after;
	before->position = after->position;
	before->columns = work_columns(&row, &other);
	after->change = after->after = CHANGE_NOTHING;
}

static void make_change(struct places *places, size_t from, size_t to)
{
	struct work *work = places->work;
	size_t counts[2] = {};
	struct change *change;

	for (size_t i = from; i < to; i++)
		counts[places->all[i].which]++;
	change = work_add_change(work, kind_of_ranges(counts[0], counts[1]), UINT64_MAX);
	if (!change)
		return;
	for (size_t i = from; i < to; i++)
		work->items[places->all[i].item].change = (uint32_t)(change - work->changes);
	if (change->kind == CHANGE_RESIZED)
		make_pair(work, &work->items[places->all[from].item],
			  &work->items[places->all[from + 1].item]);
}

/* Where the places end that overlap, directly or through others, with the one at from. */
static size_t find_end(const struct places *places, size_t from, bool *ret_named)
{
	int32_t last = places->all[from].last;
	size_t to = from;

	*ret_named = false;
	for (; to < places->count && places->all[to].first <= last; to++) {
		*ret_named = *ret_named || !places->all[to].is_range;
		if (places->all[to].last > last)
			last = places->all[to].last;
	}
	return to;
}

void work_place_ranges(struct work *work)
{
	struct places places = {.work = work};
	bool any = false, named;

	for (size_t i = 0; i < work->item_count; i++)
		any = any || work->items[i].is_range;
	if (!any)
		return;
	places.all = malloc(work->item_count * 2 * sizeof(*places.all));
	if (!places.all) {
		work->failed = true;
		return;
	}
	for (uint32_t i = 0; i < work->item_count; i++) {
		for (unsigned which = 0; which < 2 && has_place(&work->items[i]); which++)
			add_place(&places, i, which);
	}
	qsort(places.all, places.count, sizeof(*places.all), compare_places);
	find_sources(&places);
	for (size_t from = 0, to; from < places.count && !work->failed; from = to) {
		to = find_end(&places, from, &named);
		if (named)
			join_names(&places, from, to);
		else
			make_change(&places, from, to);
	}
	free(places.all);
}
