/* A table whose cells are gathered one after the other before it is written. */
#ifndef PORTBOOK_CLI_LISTING_H
#define PORTBOOK_CLI_LISTING_H

#include "cli/cli.h"
#include "cli/table.h"

/* Zeroed memory, with columns, is a valid empty one. Its error is sticky, told when written. */
struct listing {
	const struct table_column *columns;
	size_t column_count;
	unsigned hidden;    /* mask of columns that are left out */
	struct strbuf text; /* of all cells, each ended by a NUL */
	size_t *starts;	    /* of each row's first cell */
	size_t count, size, cells;
};

void listing_done(struct listing *listing);

/* Adds the next cell, of the next row where the last one is full. */
void listing_add(struct listing *listing, struct slice cell);
void listing_add_number(struct listing *listing, int64_t number);

/* 0 or FAULT_MEMORY. */
int listing_write(struct cli *cli, const struct listing *listing, struct fault *fault) MUST_USE;

#endif
