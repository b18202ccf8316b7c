/* A table of distinct texts, numbered in the order in which they came. Texts are borrowed. */
#ifndef PORTBOOK_MKIMAGE_CELLS_H
#define PORTBOOK_MKIMAGE_CELLS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

struct cell {
	struct slice text;
	struct slice rich; /* absent where rich_read() makes it of the text */
	uint64_t hash;
};

struct cells {
	struct cell *p;
	uint32_t count, size;
	uint32_t *slots; /* number plus one; a power of two of them, at most half full */
	uint32_t slot_count;
	uint32_t expected; /* texts that there may be: a hint, so that growing does not take time */
};

void cells_done(struct cells *cells);

/* The number of that text, with that rich text, added where it is new. 0 or FAULT_MEMORY. */
int cells_add(struct cells *cells, struct slice text, struct slice rich,
	      uint32_t *ret_number) MUST_USE;

#endif
