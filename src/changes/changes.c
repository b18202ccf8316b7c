#include "changes/changes.h"

#include <stdlib.h>

#include "changes/work.h"

struct change *work_add_change(struct work *work, enum change_kind kind, uint64_t position)
{
	size_t size = work->change_size ? work->change_size * 2 : 64;
	struct change *grown = work->changes;

	if (work->change_count == work->change_size) {
		grown = realloc(work->changes, size * sizeof(*grown));
		if (!grown) {
			work->failed = true;
			return NULL;
		}
		work->changes = grown;
		work->change_size = size;
	}
	grown += work->change_count++;
	*grown = (struct change){.kind = kind,
				 .from = CHANGE_NOTHING,
				 .into = CHANGE_NOTHING,
				 .old = CHANGE_NOTHING,
				 .new = CHANGE_NOTHING,
				 .position = position};
	return grown;
}

static int compare_groups(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	for (unsigned i = 0; i < 2; i++) {
		if (x->group[i] != y->group[i])
			return x->group[i] < y->group[i] ? -1 : 1;
	}
	return x->position < y->position ? -1 : x->position > y->position;
}

/* Makes items of the same group one change. */
static void make_groups(struct work *work)
{
	const struct item *previous = NULL;

	qsort(work->items, work->item_count, sizeof(*work->items), compare_groups);
	for (size_t i = 0; i < work->item_count; i++) {
		struct item *item = &work->items[i];

		if (item->is_range || item->change != CHANGE_NOTHING)
			continue;
		if (previous && previous->group[0] == item->group[0] &&
		    previous->group[1] == item->group[1]) {
			item->change = previous->change;
		} else if (work_add_change(work, item->kind, item->position)) {
			item->change = (uint32_t)(work->change_count - 1);
		} else {
			return;
		}
		previous = item;
	}
}

static unsigned role(const struct item *item)
{
	if (item->is_range)
		return 2;
	return item->before == CHANGE_NOTHING || item->after == CHANGE_NOTHING;
}

/* In the order of changes; in each pairs, other rows, ranges. */
static int compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->change != y->change)
		return x->change < y->change ? -1 : 1;
	if (role(x) != role(y))
		return role(x) < role(y) ? -1 : 1;
	if (x->before != y->before)
		return x->before < y->before ? -1 : 1;
	return x->after < y->after ? -1 : x->after > y->after;
}

static int compare_changes(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return x->old < y->old ? -1 : x->old > y->old;
}

/* Whether the rows of no name are what the change is about. */
static bool is_of_ranges(enum change_kind kind)
{
	return kind >= CHANGE_STATE && kind <= CHANGE_RANGE_REMOVED;
}

/* Adds the item's rows to its change; rows has room for them. */
static void add_item(struct change *change, const struct item *item, uint32_t **before,
		     uint32_t **after)
{
	bool is_subject = !item->is_range || is_of_ranges(change->kind);

	if (change->before_count + change->after_count == 0) {
		change->before = *before;
		change->after = *after;
	}
	if (item->before != CHANGE_NOTHING) {
		*(*before)++ = item->before;
		change->before_count++;
		change->before_subjects += is_subject;
	}
	if (item->after != CHANGE_NOTHING) {
		*(*after)++ = item->after;
		change->after_count++;
		change->after_subjects += is_subject;
	}
	if (item->before != CHANGE_NOTHING && item->after != CHANGE_NOTHING) {
		change->pairs++;
		change->columns |= item->columns;
	}
	if (is_of_ranges(change->kind) && item->position < change->position)
		change->position = item->position;
}

/* Changes get their rows, and are put in order. */
static int finish(struct work *work, struct changes *changes)
{
	size_t size = work->item_count * sizeof(uint32_t);
	uint32_t *before = arena_alloc(&changes->arena, size + 1);
	uint32_t *after = arena_alloc(&changes->arena, size + 1);
	struct change *all = arena_alloc(&changes->arena, work->change_count * sizeof(*all) + 1);

	if (!before || !after || !all)
		return FAULT_MEMORY;
	if (work->item_count > 0)
		qsort(work->items, work->item_count, sizeof(*work->items), compare_items);
	for (size_t i = 0; i < work->item_count; i++) {
		if (work->items[i].change != CHANGE_NOTHING)
			add_item(&work->changes[work->items[i].change], &work->items[i], &before,
				 &after);
	}
	if (work->change_count > 0) {
		qsort(work->changes, work->change_count, sizeof(*all), compare_changes);
		memcpy(all, work->changes, work->change_count * sizeof(*all));
	}
	changes->all = all;
	changes->count = work->change_count;
	return 0;
}

static void find_rows(struct work *work)
{
	for (unsigned i = 0; i < 2; i++) {
		size_t count = work->sides[i].registry->row_count;

		work->sides[i].partner = malloc((count + 1) * sizeof(*work->sides[i].partner));
		work->sides[i].match = calloc(count + 1, sizeof(*work->sides[i].match));
		if (!work->sides[i].partner || !work->sides[i].match)
			work->failed = true;
	}
	if (!work->failed)
		work_pair_rows(work);
	if (!work->failed)
		work_make_items(work);
	if (!work->failed)
		make_groups(work);
	if (!work->failed)
		work_place_ranges(work);
}

static void work_done(struct work *work)
{
	for (unsigned i = 0; i < 2; i++) {
		free(work->sides[i].partner);
		free(work->sides[i].match);
	}
	free(work->items);
	free(work->changes);
	free(work->renamings);
	strbuf_done(&work->scratch);
	strbuf_done(&work->other);
}

int changes_find(const struct registry *before, const struct registry *after, unsigned parts,
		 struct changes *ret_changes, struct fault *fault)
{
	struct work work = {.sides = {{before, NULL, NULL}, {after, NULL, NULL}}};
	struct changes changes = {.before = before, .after = after};

	if (parts & CHANGES_HEADER)
		work_compare_header(&work);
	if (parts & CHANGES_PEOPLE && !work.failed)
		work_compare_people(&work);
	if (parts & CHANGES_ROWS && !work.failed)
		find_rows(&work);
	if (!work.failed && finish(&work, &changes) < 0)
		work.failed = true;
	work_done(&work);
	if (work.failed) {
		changes_done(&changes);
		return fault_memory(fault);
	}
	*ret_changes = changes;
	return 0;
}

void changes_done(struct changes *changes)
{
	arena_done(&changes->arena);
	*changes = (struct changes){};
}

static const struct {
	struct slice name, title;
	enum change_subject subject;
} kinds[CHANGE_KIND_COUNT] = {
	[CHANGE_HEADER] = {SLICE("header"), SLICE("Header"), CHANGE_OF_HEADER},
	[CHANGE_NOTE_ADDED] = {SLICE("note-added"), SLICE("Notes added"), CHANGE_OF_NOTE},
	[CHANGE_NOTE_REMOVED] = {SLICE("note-removed"), SLICE("Notes removed"), CHANGE_OF_NOTE},
	[CHANGE_NOTE_CHANGED] = {SLICE("note-changed"), SLICE("Notes changed"), CHANGE_OF_NOTE},
	[CHANGE_FOOTNOTE_ADDED] = {SLICE("footnote-added"), SLICE("Footnotes added"),
				   CHANGE_OF_FOOTNOTE},
	[CHANGE_FOOTNOTE_REMOVED] = {SLICE("footnote-removed"), SLICE("Footnotes removed"),
				     CHANGE_OF_FOOTNOTE},
	[CHANGE_FOOTNOTE_CHANGED] = {SLICE("footnote-changed"), SLICE("Footnotes changed"),
				     CHANGE_OF_FOOTNOTE},
	[CHANGE_ASSIGNED] = {SLICE("assigned"), SLICE("Assigned"), CHANGE_OF_ROWS},
	[CHANGE_ASSIGNED_TEMPORARILY] = {SLICE("assigned-temporarily"),
					 SLICE("Assigned temporarily"), CHANGE_OF_ROWS},
	[CHANGE_NAME_ADDED] = {SLICE("name-added"), SLICE("Names without a port registered"),
			       CHANGE_OF_ROWS},
	[CHANGE_TRANSPORT_ADDED] = {SLICE("transport-added"), SLICE("Transports added"),
				    CHANGE_OF_ROWS},
	[CHANGE_PORT_ADDED] = {SLICE("port-added"), SLICE("Ports given to names without one"),
			       CHANGE_OF_ROWS},
	[CHANGE_EXTENDED] = {SLICE("extended"), SLICE("Temporary registrations extended"),
			     CHANGE_OF_ROWS},
	[CHANGE_PERMANENT] = {SLICE("permanent"), SLICE("Temporary registrations made permanent"),
			      CHANGE_OF_ROWS},
	[CHANGE_RENAMED] = {SLICE("renamed"), SLICE("Renamed"), CHANGE_OF_ROWS},
	[CHANGE_REASSIGNED] = {SLICE("reassigned"), SLICE("Assigned to another service"),
			       CHANGE_OF_ROWS},
	[CHANGE_MOVED] = {SLICE("moved"), SLICE("Moved to other ports"), CHANGE_OF_ROWS},
	[CHANGE_TRANSPORT_CHANGED] = {SLICE("transport-changed"), SLICE("Transports changed"),
				      CHANGE_OF_ROWS},
	[CHANGE_PORT_REMOVED] = {SLICE("port-removed"), SLICE("Ports removed, names kept"),
				 CHANGE_OF_ROWS},
	[CHANGE_TRANSPORT_REMOVED] = {SLICE("transport-removed"), SLICE("Transports removed"),
				      CHANGE_OF_ROWS},
	[CHANGE_NAME_REMOVED] = {SLICE("name-removed"), SLICE("Names without a port removed"),
				 CHANGE_OF_ROWS},
	[CHANGE_EXPIRED] = {SLICE("expired"), SLICE("Temporary registrations ended"),
			    CHANGE_OF_ROWS},
	[CHANGE_DEASSIGNED] = {SLICE("de-assigned"), SLICE("De-assigned"), CHANGE_OF_ROWS},
	[CHANGE_STATE] = {SLICE("state"), SLICE("States changed"), CHANGE_OF_ROWS},
	[CHANGE_SPLIT] = {SLICE("split"), SLICE("Ranges split"), CHANGE_OF_ROWS},
	[CHANGE_MERGED] = {SLICE("merged"), SLICE("Ranges merged"), CHANGE_OF_ROWS},
	[CHANGE_RESIZED] = {SLICE("resized"), SLICE("Ranges resized"), CHANGE_OF_ROWS},
	[CHANGE_REDRAWN] = {SLICE("redrawn"), SLICE("Ranges redrawn"), CHANGE_OF_ROWS},
	[CHANGE_RANGE_ADDED] = {SLICE("range-added"), SLICE("Ports without a name added"),
				CHANGE_OF_ROWS},
	[CHANGE_RANGE_REMOVED] = {SLICE("range-removed"), SLICE("Ports without a name removed"),
				  CHANGE_OF_ROWS},
	[CHANGE_ASSIGNEE] = {SLICE("assignee"), SLICE("Assignees changed"), CHANGE_OF_ROWS},
	[CHANGE_CONTACT] = {SLICE("contact"), SLICE("Contacts changed"), CHANGE_OF_ROWS},
	[CHANGE_PUBLISHED] = {SLICE("published"), SLICE("Drafts published as RFC"), CHANGE_OF_ROWS},
	[CHANGE_REFERENCE] = {SLICE("reference"), SLICE("References changed"), CHANGE_OF_ROWS},
	[CHANGE_DESCRIPTION] = {SLICE("description"), SLICE("Descriptions changed"),
				CHANGE_OF_ROWS},
	[CHANGE_SERVICE_CODE] = {SLICE("service-code"), SLICE("Service codes changed"),
				 CHANGE_OF_ROWS},
	[CHANGE_UNAUTHORIZED] = {SLICE("unauthorized-use"), SLICE("Unauthorized use reported"),
				 CHANGE_OF_ROWS},
	[CHANGE_NOTES] = {SLICE("notes"), SLICE("Assignment notes changed"), CHANGE_OF_ROWS},
	[CHANGE_DATES] = {SLICE("dates"), SLICE("Dates changed"), CHANGE_OF_ROWS},
	[CHANGE_PERSON_ADDED] = {SLICE("person-added"), SLICE("People added"), CHANGE_OF_PERSON},
	[CHANGE_PERSON_REMOVED] = {SLICE("person-removed"), SLICE("People removed"),
				   CHANGE_OF_PERSON},
	[CHANGE_PERSON_CHANGED] = {SLICE("person-changed"), SLICE("People changed"),
				   CHANGE_OF_PERSON},
	[CHANGE_PERSON_RENAMED] = {SLICE("person-renamed"), SLICE("People renamed"),
				   CHANGE_OF_PERSON},
};

struct slice change_kind_name(enum change_kind kind)
{
	return kinds[kind].name;
}

struct slice change_kind_title(enum change_kind kind)
{
	return kinds[kind].title;
}

enum change_subject change_subject(enum change_kind kind)
{
	return kinds[kind].subject;
}
