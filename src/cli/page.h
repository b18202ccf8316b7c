/* Pages of a search as XHTML. */
#ifndef PORTBOOK_CLI_PAGE_H
#define PORTBOOK_CLI_PAGE_H

#include "cli/cli.h"
#include "cli/rows.h"

/*
 * Writes a page: its rows, the people that they name, and links to the other pages of the search.
 * 0 or FAULT_MEMORY.
 */
int page_print(struct cli *cli, const struct rows *rows, struct slice search, uint64_t number,
	       uint64_t pages, struct fault *fault) MUST_USE;

#endif
