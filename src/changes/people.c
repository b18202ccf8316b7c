/*
 * People, by their ids. One whose id is gone, while somebody of the same name and organization (or
 * address) has another, was renamed.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "changes/work.h"

struct known {
	struct slice id;
	uint64_t hash[2]; /* of name and organization, or of the address */
	uint32_t index;
	bool gone; /* the other edition has no such id */
};

struct group {
	const struct registry *registry;
	struct known *all; /* by id, then in order */
	size_t count;
};

static int compare_ids(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int result = slice_compare(x->id, y->id);

	return result != 0 ? result : x->index < y->index ? -1 : x->index > y->index;
}

static int compare_hashes(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	for (unsigned i = 0; i < 2; i++) {
		if (x->hash[i] != y->hash[i])
			return x->hash[i] < y->hash[i] ? -1 : 1;
	}
	/* Those who are new before those who were there. */
	if (x->gone != y->gone)
		return x->gone ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static bool is_same(const struct person *a, const struct person *b)
{
	return slice_eq(a->name, b->name) && slice_eq(a->organization, b->organization) &&
	       slice_eq(a->uri, b->uri) && slice_eq(a->updated, b->updated);
}

static void add_change(struct work *work, enum change_kind kind, uint32_t old, uint32_t new)
{
	uint64_t place = new != CHANGE_NOTHING ? 2 * (uint64_t) new : 2 * (uint64_t)old + 1;
	struct change *change = work_add_change(work, kind, WORK_POSITION_PEOPLE + place);

	if (change) {
		change->old = old;
		change->new = new;
	}
}

/* Tells of those in both editions, and marks those who are not. */
static void compare(struct work *work, struct group *a, struct group *b)
{
	size_t i = 0, j = 0;

	while (i < a->count || j < b->count) {
		int order = i == a->count   ? 1
			    : j == b->count ? -1
					    : slice_compare(a->all[i].id, b->all[j].id);

		if (order == 0) {
			uint32_t old = a->all[i++].index, new = b->all[j++].index;

			if (!is_same(&a->registry->people[old], &b->registry->people[new]))
				add_change(work, CHANGE_PERSON_CHANGED, old, new);
		} else if (order < 0) {
			a->all[i++].gone = true;
		} else {
			b->all[j++].gone = true;
		}
	}
}

/* By what one of another id is taken to be the same: the surest first. */
enum sameness { BY_ALL, BY_NAME, BY_ADDRESS };

/* Hashes what tells people apart beside their ids; 0 where there is nothing. */
static void hash_all(struct work *work, struct group *group, enum sameness by)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct person *person = &group->registry->people[group->all[i].index];

		work->scratch.n = 0;
		if (by == BY_ADDRESS) {
			work_add_number(&work->scratch, person->name.n > 0);
		} else {
			work_add_text(&work->scratch, person->name);
			work_add_text(&work->scratch, person->organization);
		}
		if (by != BY_NAME)
			work_add_text(&work->scratch, person->uri);
		if (by == BY_ALL)
			work_add_text(&work->scratch, person->updated);
		hash_wide(strbuf_slice(&work->scratch), group->all[i].hash);
		if (by == BY_ADDRESS ? person->uri.n == 0
				     : person->name.n == 0 && person->organization.n == 0)
			memset(group->all[i].hash, 0, sizeof(group->all[i].hash));
	}
	qsort(group->all, group->count, sizeof(*group->all), compare_hashes);
}

static void add_renaming(struct work *work, struct known *a, struct known *b)
{
	add_change(work, CHANGE_PERSON_RENAMED, a->index, b->index);
	if (work->failed)
		return;
	work->renamings[work->renaming_count++] =
		(struct renaming){a->id, b->id, (uint32_t)(work->change_count - 1)};
	a->gone = b->gone = false;
}

/* Finds for those who are gone whom they became; several may have become one. */
static void find_renamed(struct work *work, struct group *a, struct group *b, enum sameness by)
{
	size_t j = 0;
	bool any = false;

	for (size_t i = 0; i < a->count; i++)
		any = any || a->all[i].gone;
	if (!any)
		return;
	hash_all(work, a, by);
	hash_all(work, b, by);
	for (size_t i = 0; i < a->count && !work->failed; i++) {
		struct known *old = &a->all[i];
		struct known *new;

		if (!old->gone || (old->hash[0] == 0 && old->hash[1] == 0))
			continue;
		while (j < b->count &&
		       (b->all[j].hash[0] != old->hash[0] ? b->all[j].hash[0] < old->hash[0]
							  : b->all[j].hash[1] < old->hash[1]))
			j++;
		if (j == b->count)
			break;
		new = &b->all[j];
		if (new->hash[0] != old->hash[0] || new->hash[1] != old->hash[1])
			continue;
		/* An address alone is shared by too many. */
		if (by == BY_ADDRESS && !new->gone)
			continue;
		add_renaming(work, old, new);
		/* The next one takes the next that is new. */
		if (j + 1 < b->count && b->all[j + 1].gone &&
		    b->all[j + 1].hash[0] == new->hash[0] && b->all[j + 1].hash[1] == new->hash[1])
			j++;
	}
}

static void tell_rest(struct work *work, const struct group *group, bool added)
{
	for (size_t i = 0; i < group->count; i++) {
		uint32_t index = group->all[i].index;

		if (!group->all[i].gone)
			continue;
		if (added)
			add_change(work, CHANGE_PERSON_ADDED, CHANGE_NOTHING, index);
		else
			add_change(work, CHANGE_PERSON_REMOVED, index, CHANGE_NOTHING);
	}
}

static bool begin(struct group *group, const struct registry *registry)
{
	*group = (struct group){.registry = registry, .count = registry->person_count};
	group->all = malloc((group->count + 1) * sizeof(*group->all));
	if (!group->all)
		return false;
	for (uint32_t i = 0; i < group->count; i++)
		group->all[i] = (struct known){.id = registry->people[i].id, .index = i};
	qsort(group->all, group->count, sizeof(*group->all), compare_ids);
	return true;
}

static int compare_renamings(const void *a, const void *b)
{
	const struct renaming *x = a, *y = b;
	int result = slice_compare(x->from, y->from);

	return result != 0 ? result : x->change < y->change ? -1 : x->change > y->change;
}

void work_compare_people(struct work *work)
{
	struct group a, b = {};

	work->failed = !begin(&a, work->sides[0].registry) || !begin(&b, work->sides[1].registry);
	work->renamings =
		malloc((work->sides[0].registry->person_count + 1) * sizeof(*work->renamings));
	work->failed = work->failed || !work->renamings;
	if (!work->failed) {
		compare(work, &a, &b);
		find_renamed(work, &a, &b, BY_ALL);
		find_renamed(work, &a, &b, BY_NAME);
		find_renamed(work, &a, &b, BY_ADDRESS);
		tell_rest(work, &a, false);
		tell_rest(work, &b, true);
		qsort(work->renamings, work->renaming_count, sizeof(*work->renamings),
		      compare_renamings);
	}
	work->failed = work->failed || work->scratch.failed;
	free(a.all);
	free(b.all);
}

static const struct renaming *find(const struct work *work, struct slice id)
{
	size_t low = 0, high = work->renaming_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (slice_compare(id, work->renamings[middle].from) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < work->renaming_count && slice_eq(work->renamings[low].from, id)
		       ? &work->renamings[low]
		       : NULL;
}

const struct renaming *work_renaming(struct work *work, struct slice before, struct slice after)
{
	const struct renaming *first = NULL;
	struct strbuf *renamed = &work->other;

	if (work->renaming_count == 0 || !before.p)
		return NULL;
	renamed->n = 0;
	while (before.p) {
		/* "[id]", with whatever may stand between two. */
		struct slice id = slice_cut(&before, ']'), space = id;
		const struct renaming *renaming;

		slice_cut(&id, '[');
		renaming = id.p ? find(work, id) : NULL;
		space.n -= id.n;
		strbuf_add(renamed, space);
		strbuf_add(renamed, renaming ? renaming->to : id);
		if (before.p)
			strbuf_add_byte(renamed, ']');
		if (!first)
			first = renaming;
	}
	return slice_eq(strbuf_slice(renamed), after) ? first : NULL;
}
