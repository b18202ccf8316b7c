/* What an edition says beside its rows: header, notes and footnotes. */
#include <stdlib.h>

#include "changes/work.h"

struct notes {
	const struct registry_note *all;
	size_t count;
	bool *told; /* of each */
	uint64_t position;
	enum change_kind added;
};

static void add_change(struct work *work, struct notes *notes, enum change_kind kind, size_t old,
		       size_t new)
{
	struct change *change = work_add_change(work, kind, notes->position++);

	if (!change)
		return;
	change->old = (uint32_t)old;
	change->new = (uint32_t) new;
}

/* The first note of other that is not told and has the title (and text, if any) of this one. */
static size_t find(const struct notes *other, const struct registry_note *note, bool with_text)
{
	for (size_t i = 0; i < other->count; i++) {
		if (!other->told[i] && slice_eq(other->all[i].title, note->title) &&
		    (!with_text || slice_eq(other->all[i].text, note->text)))
			return i;
	}
	return other->count;
}

/* There are REGISTRY_NOTES_MAX at most, so that each may be compared with each. */
static void compare_notes(struct work *work, struct notes *a, struct notes *b)
{
	size_t j;

	a->told = calloc(a->count + 1, sizeof(*a->told));
	b->told = calloc(b->count + 1, sizeof(*b->told));
	if (!a->told || !b->told)
		work->failed = true;
	for (unsigned with_text = 2; with_text-- > 0 && !work->failed;) {
		for (size_t i = 0; i < a->count; i++) {
			if (a->told[i] || (j = find(b, &a->all[i], with_text)) == b->count)
				continue;
			a->told[i] = b->told[j] = true;
			if (!with_text)
				add_change(work, a, a->added + 2, i, j);
		}
	}
	for (size_t i = 0; i < a->count && !work->failed; i++) {
		if (!a->told[i])
			add_change(work, a, a->added + 1, i, CHANGE_NOTHING);
	}
	for (size_t i = 0; i < b->count && !work->failed; i++) {
		if (!b->told[i])
			add_change(work, a, a->added, CHANGE_NOTHING, i);
	}
	free(a->told);
	free(b->told);
}

void work_compare_header(struct work *work)
{
	const struct registry *a = work->sides[0].registry, *b = work->sides[1].registry;
	const struct registry_header *old = &a->header, *new = &b->header;
	struct notes notes[2] = {
		{a->notes, a->note_count, NULL, 1, CHANGE_NOTE_ADDED},
		{b->notes, b->note_count, NULL, 0, CHANGE_NOTE_ADDED},
	};
	struct notes footnotes[2] = {
		{a->footnotes, a->footnote_count, NULL, 1u << 16, CHANGE_FOOTNOTE_ADDED},
		{b->footnotes, b->footnote_count, NULL, 0, CHANGE_FOOTNOTE_ADDED},
	};

	if (!slice_eq(old->id, new->id) || !slice_eq(old->title, new->title) ||
	    !slice_eq(old->category, new->category) || !slice_eq(old->expert, new->expert) ||
	    !slice_eq(old->references, new->references))
		work->failed = !work_add_change(work, CHANGE_HEADER, 0);
	if (!work->failed)
		compare_notes(work, &notes[0], &notes[1]);
	if (!work->failed)
		compare_notes(work, &footnotes[0], &footnotes[1]);
}
