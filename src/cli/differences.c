#include "cli/differences.h"

#include "base/utf8.h"
#include "render/changes.h"

struct slice difference_description(const struct changes *changes, const struct change *change)
{
	if (change->kind < CHANGE_ASSIGNED || change->kind > CHANGE_DEASSIGNED)
		return SLICE_NONE;
	if (change->after_subjects > 0)
		return registry_row(changes->after, change->after[0]).shown[COLUMN_DESCRIPTION];
	return registry_row(changes->before, change->before[0]).shown[COLUMN_DESCRIPTION];
}

void differences_add(struct listing *listing, const struct changes *changes,
		     const struct change *change, bool first)
{
	struct out summary;

	listing_add(listing, first ? SLICE("first-seen") : change_kind_name(change->kind));
	if (out_init_memory(&summary) < 0) {
		listing->text.failed = true;
		return;
	}
	render_change_summary(&summary, changes, change);
	listing->text.failed |= summary.error != 0;
	listing_add(listing, out_slice(&summary));
	out_done(&summary);
	listing_add(listing, difference_description(changes, change));
}

/* Whether a column names the person, as [ID]. */
static bool names_person(struct slice shown, struct slice id)
{
	for (struct slice rest = shown; rest.n > id.n + 1;) {
		size_t at = slice_find_byte(rest, '[');

		if (at == (size_t)-1)
			return false;
		rest = slice_skip(rest, at + 1);
		if (rest.n > id.n && rest.p[id.n] == ']' &&
		    utf8_fold_eq((struct slice){rest.p, id.n}, id))
			return true;
	}
	return false;
}

static bool row_names(const struct registry *registry, uint32_t index, struct slice id)
{
	struct row row = registry_row(registry, index);

	return names_person(row.shown[COLUMN_ASSIGNEE], id) ||
	       names_person(row.shown[COLUMN_CONTACT], id);
}

static bool is_of_person(const struct changes *changes, const struct change *change,
			 struct slice id)
{
	if (change_subject(change->kind) == CHANGE_OF_PERSON)
		return (change->old != CHANGE_NOTHING &&
			utf8_fold_eq(changes->before->people[change->old].id, id)) ||
		       (change->new !=
			CHANGE_NOTHING &&utf8_fold_eq(changes->after->people[change->new].id, id));
	/* A row that goes on naming somebody is no change to them. */
	for (uint32_t i = 0; i < change->before_subjects || i < change->after_subjects; i++) {
		bool before = i < change->before_subjects &&
			      row_names(changes->before, change->before[i], id);
		bool after = i < change->after_subjects &&
			     row_names(changes->after, change->after[i], id);

		if (before != after)
			return true;
	}
	return false;
}

static bool row_is_of(const struct registry *registry, uint32_t index,
		      const struct history_subject *subject)
{
	struct row row = registry_row(registry, index);

	if (subject->transport.p && row.shown[COLUMN_TRANSPORT].n > 0 &&
	    !utf8_fold_eq(row.shown[COLUMN_TRANSPORT], subject->transport))
		return false;
	if (subject->name.p)
		return utf8_fold_eq(row.shown[COLUMN_NAME], subject->name);
	return row_has_port(&row, (uint16_t)subject->port);
}

static bool is_of(const struct changes *changes, const struct change *change,
		  const struct history_subject *subject)
{
	if (subject->id.p)
		return is_of_person(changes, change, subject->id);
	for (uint32_t i = 0; i < change->before_count; i++) {
		if (row_is_of(changes->before, change->before[i], subject))
			return true;
	}
	for (uint32_t i = 0; i < change->after_count; i++) {
		if (row_is_of(changes->after, change->after[i], subject))
			return true;
	}
	return false;
}

void differences_keep(struct changes *changes, const struct history_subject *subject)
{
	size_t kept = 0;

	for (size_t i = 0; i < changes->count; i++) {
		if (is_of(changes, &changes->all[i], subject))
			changes->all[kept++] = changes->all[i];
	}
	changes->count = kept;
}
