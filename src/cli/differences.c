#include "cli/differences.h"

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
