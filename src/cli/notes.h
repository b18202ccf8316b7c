/* What overlays have of the ports and names that were looked up. */
#ifndef PORTBOOK_CLI_NOTES_H
#define PORTBOOK_CLI_NOTES_H

#include "cli/listing.h"
#include "overlay/overlay.h"
#include "query/query.h"

/* Zeroed memory is none. */
struct notes {
	struct overlay overlay;
	struct listing listing;
};

/* Opens the overlays. What cannot be read of them is said, and left out. 0 or FAULT_MEMORY. */
int notes_open(struct cli *cli, struct notes *notes, struct fault *fault) MUST_USE;
void notes_done(struct notes *notes);

/* Adds what they have of a query. 0 and whether there is anything; or FAULT_MEMORY. */
int notes_add(struct notes *notes, const struct query *query, bool *ret_found,
	      struct fault *fault) MUST_USE;

/*
 * Prints them as a table of their own, below another perhaps; nothing where there are none. 0 or
 * FAULT_MEMORY.
 */
int notes_print(struct cli *cli, const struct notes *notes, bool below,
		struct fault *fault) MUST_USE;

#endif
