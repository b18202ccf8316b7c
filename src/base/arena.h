/*
 * An arena: memory that is handed out piece by piece and given back all at once. A registry and
 * everything read into it live in one. Not thread-safe.
 */
#ifndef PORTBOOK_BASE_ARENA_H
#define PORTBOOK_BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"
#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	char *next; /* first free byte of the newest block */
	size_t left;
	size_t block; /* bytes of the newest block, unless it is for one large piece */
};

/* n bytes aligned for any type, not zeroed; lives as long as the arena. NULL: no memory. */
void *arena_alloc(struct arena *arena, size_t n) MUST_USE;

/* n bytes at any address, not zeroed: nothing is lost between pieces. NULL: no memory. */
void *arena_bytes(struct arena *arena, size_t n) MUST_USE;

/*
 * A copy of the text, followed by a NUL that its length does not count. Absent text stays absent
 * and is no failure: failed is set (never cleared) where memory ran out.
 */
struct slice arena_copy(struct arena *arena, struct slice text, bool *failed);

/* Takes over all that other holds, which is empty afterwards. */
void arena_adopt(struct arena *arena, struct arena *other);

/* Gives everything back. The arena is empty and usable afterwards. */
void arena_done(struct arena *arena);

#endif
