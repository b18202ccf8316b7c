/* People of the registry: those that rows name, as a table, and as JSON. */
#ifndef PORTBOOK_CLI_PEOPLE_H
#define PORTBOOK_CLI_PEOPLE_H

#include "cli/cli.h"
#include "cli/rows.h"

/*
 * Adds the people that the rows name - as assignee, contact or inside other text - to a set that
 * was made for as many members as the image has people. 0 or FAULT_MEMORY.
 */
int people_named(const struct rows *rows, struct rowset *people, struct fault *fault) MUST_USE;

/* The people as a table; nothing for none. 0 or FAULT_MEMORY. */
int people_table(struct out *out, const struct image *image, const struct rowset *people,
		 const struct screen *screen, struct fault *fault) MUST_USE;

/* The people as a JSON array, without a line feed after it. */
void people_json(struct out *out, const struct image *image, const struct rowset *people);

#endif
