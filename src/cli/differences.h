/* Changes as commands print them. */
#ifndef PORTBOOK_CLI_DIFFERENCES_H
#define PORTBOOK_CLI_DIFFERENCES_H

#include "changes/changes.h"
#include "cli/listing.h"

/* What a service is that comes or goes, since its name alone says little; else absent. */
struct slice difference_description(const struct changes *changes, const struct change *change);

/*
 * Adds three cells: the kind, the change as a sentence, and a description. first: it is how the
 * first edition has it, of which nobody knows since when.
 */
void differences_add(struct listing *listing, const struct changes *changes,
		     const struct change *change, bool first);

#endif
