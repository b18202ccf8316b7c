#include "history/runs.h"

#include <stdlib.h>
#include <string.h>

#include "history/places.h"

void runs_done(struct runs *runs)
{
	free(runs->p);
	free(runs->heads);
	*runs = (struct runs){};
}

static uint32_t *head_of(const struct runs *runs, const uint64_t content[2], uint32_t copy)
{
	uint64_t mixed = content[0] + copy * UINT64_C(0x9e3779b97f4a7c15);

	return &runs->heads[(mixed ^ mixed >> 32) & (runs->head_count - 1)];
}

static void link_run(struct runs *runs, size_t index)
{
	struct run *run = &runs->p[index];
	uint32_t *head = head_of(runs, run->content, run->copy);

	run->next = *head;
	*head = (uint32_t)index + 1;
}

/* Room for one more, in the array and in the table. */
static bool grow(struct runs *runs)
{
	size_t size = runs->size ? runs->size * 2 : 64;
	struct run *grown;
	uint32_t *heads;

	if (runs->count < runs->size)
		return true;
	if (size > UINT32_MAX / 2)
		return false;
	grown = reallocarray(runs->p, size, sizeof(*grown));
	if (!grown)
		return false;
	runs->p = grown;
	heads = calloc(size, sizeof(*heads));
	if (!heads)
		return false;
	free(runs->heads);
	runs->heads = heads;
	runs->size = runs->head_count = size;
	for (size_t i = 0; i < runs->count; i++)
		link_run(runs, i);
	return true;
}

bool runs_load(struct runs *runs, const struct run *run)
{
	struct run *loaded;

	if (!grow(runs))
		return false;
	loaded = &runs->p[runs->count];
	*loaded = *run;
	loaded->is_new = loaded->is_changed = loaded->form_is_new = false;
	loaded->split_from = 0;
	loaded->entry = loaded->added = 0;
	link_run(runs, runs->count++);
	if (run->number > runs->last_number)
		runs->last_number = run->number;
	return true;
}

static bool holds(const struct run *run, int64_t edition)
{
	return run->since <= edition && run->until > edition;
}

/*
 * Numbers entries of the same content within the edition, so that each is one of a kind: by means
 * of a table of the contents met so far.
 */
static bool number_copies(struct run_entry *entries, size_t count)
{
	size_t size = 64;
	uint32_t *met; /* index + 1 of the last entry with that content */

	while (size < count * 2)
		size *= 2;
	met = calloc(size, sizeof(*met));
	if (!met)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct run_entry *entry = &entries[i];
		size_t slot = entry->content[0] & (size - 1);

		while (met[slot] && memcmp(entries[met[slot] - 1].content, entry->content,
					   sizeof(entry->content)) != 0)
			slot = (slot + 1) & (size - 1);
		entry->copy = met[slot] ? entries[met[slot] - 1].copy + 1 : 0;
		met[slot] = (uint32_t)i + 1;
	}
	free(met);
	return true;
}

static bool has_content(const struct run *run, const struct run_entry *entry)
{
	return run->copy == entry->copy &&
	       memcmp(run->content, entry->content, sizeof(run->content)) == 0;
}

/* The run that the entry goes on with: of the edition before, else of the one after. */
static struct run *find_run(const struct runs *runs, int64_t before, int64_t after,
			    const struct run_entry *entry)
{
	struct run *later = NULL;

	if (runs->head_count == 0)
		return NULL;
	for (uint32_t i = *head_of(runs, entry->content, entry->copy); i; i = runs->p[i - 1].next) {
		struct run *run = &runs->p[i - 1];

		if (!has_content(run, entry) ||
		    (run->form_known && entry->form_known && run->form != entry->form))
			continue;
		if (holds(run, before))
			return run;
		if (run->since == after)
			later = run;
	}
	return later;
}

static struct run *new_run(struct runs *runs, const struct run *like)
{
	struct run *run;

	if (!grow(runs))
		return NULL;
	run = &runs->p[runs->count];
	*run = *like;
	run->number = ++runs->last_number;
	run->is_new = true;
	run->is_changed = run->form_is_new = false;
	link_run(runs, runs->count++);
	return run;
}

static void forget_last_addition(struct runs *runs)
{
	runs->additions++;
	for (size_t i = 0; i < runs->count; i++) {
		struct run *run = &runs->p[i];

		run->is_new = run->is_changed = run->form_is_new = false;
		run->split_from = 0;
		run->entry = 0;
	}
}

static void go_on_with(struct runs *runs, struct run *run, int64_t edition, size_t index,
		       const struct run_entry *entry)
{
	run->added = runs->additions;
	if (run->since > edition) {
		run->since = edition;
		run->is_changed = true;
	}
	if (entry->form_known && !run->form_known) {
		run->form = entry->form;
		run->form_known = run->form_is_new = run->is_changed = true;
		run->entry = (uint32_t)index + 1;
	}
}

/* Entries that go on with a run do; returns false where memory ran out. */
static bool match_entries(struct runs *runs, int64_t edition, int64_t before, int64_t after,
			  struct run_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct run_entry *entry = &entries[i];
		struct run *run = find_run(runs, before, after, entry);

		if (run) {
			go_on_with(runs, run, edition, i, entry);
		} else {
			run = new_run(runs, &(struct run){.since = edition,
							  .until = after,
							  .content = {entry->content[0],
								      entry->content[1]},
							  .form = entry->form,
							  .form_known = entry->form_known,
							  .copy = entry->copy,
							  .entry = (uint32_t)i + 1,
							  .added = runs->additions});
			if (!run)
				return false;
		}
		entry->run = (uint32_t)(run - runs->p);
	}
	return true;
}

/* Runs that would hold at the edition too, but do not: they end there, or are parted by it. */
static bool end_runs(struct runs *runs, int64_t edition, int64_t after, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct run *run = &runs->p[i];

		if (run->added == runs->additions || !holds(run, edition))
			continue;
		if (run->until > after) {
			struct run later = *run;

			later.since = after;
			later.split_from = run->number;
			later.entry = 0;
			if (!new_run(runs, &later))
				return false;
			run = &runs->p[i];
		}
		run->until = edition;
		run->is_changed = true;
	}
	return true;
}

bool runs_add(struct runs *runs, int64_t edition, int64_t before, int64_t after,
	      struct run_entry *entries, size_t count)
{
	size_t known = runs->count;

	forget_last_addition(runs);
	return number_copies(entries, count) &&
	       match_entries(runs, edition, before, after, entries, count) &&
	       end_runs(runs, edition, after, known) && places_find(runs->p, entries, count);
}

bool runs_have(const struct runs *runs, const struct run_entry *entry, int64_t edition)
{
	if (runs->head_count == 0)
		return false;
	for (uint32_t i = *head_of(runs, entry->content, entry->copy); i; i = runs->p[i - 1].next) {
		if (has_content(&runs->p[i - 1], entry) && holds(&runs->p[i - 1], edition))
			return true;
	}
	return false;
}

size_t runs_count(const struct runs *runs, int64_t edition)
{
	size_t count = 0;

	for (size_t i = 0; i < runs->count; i++)
		count += holds(&runs->p[i], edition);
	return count;
}
