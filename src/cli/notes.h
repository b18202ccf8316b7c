/* What overlays have of what is asked: a table of their own, each row tagged with its source. */
#ifndef PORTBOOK_CLI_NOTES_H
#define PORTBOOK_CLI_NOTES_H

#include "cli/rows.h"

/* Adds the rows of the rows' image, a layer's, that are meant. 0, or not: forwarded. */
typedef int notes_finder(const struct cli *cli, void *context, struct rows *rows,
			 struct fault *fault);

/*
 * Where a table is asked for, prints what is found in each layer, in their order, below the answer
 * of the registry where there is one; nothing where nothing is. What cannot be read of overlays is
 * said, and left out. 0 and whether there is anything; or what find returned, or FAULT_MEMORY.
 */
int notes_print(struct cli *cli, notes_finder *find, void *context, bool below, bool *ret_found,
		struct fault *fault) MUST_USE;

#endif
