/* People of the registry: those that rows name, as a table, and as JSON. */
#ifndef PORTBOOK_CLI_PEOPLE_H
#define PORTBOOK_CLI_PEOPLE_H

#include "cli/cli.h"
#include "cli/rows.h"

/* The people as a table; nothing for none. 0 or FAULT_MEMORY. */
int people_table(struct out *out, const struct image *image, const struct rowset *people,
		 const struct screen *screen, struct fault *fault) MUST_USE;

/* The people as a JSON array, without a line feed after it. */
void people_json(struct out *out, const struct image *image, const struct rowset *people);

#endif
