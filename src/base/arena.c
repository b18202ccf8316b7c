#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/pages.h"

/* The first block is small, since many arenas are; the others grow up to the greatest. */
enum { BLOCK_LEAST = 8 * 1024, BLOCK_GREATEST = 256 * 1024, ALIGNMENT = 16 };

struct arena_block {
	struct arena_block *next;
	_Alignas(ALIGNMENT) char bytes[];
};

static bool add_block(struct arena *arena, size_t at_least)
{
	size_t size = arena->block ? arena->block * 4 : BLOCK_LEAST;
	struct arena_block *block;

	size = size < BLOCK_GREATEST ? size : BLOCK_GREATEST;
	arena->block = size;
	size = at_least > size ? at_least : size;

	if (size > SIZE_MAX - sizeof(*block))
		return false;
	block = malloc(sizeof(*block) + size);
	if (!block)
		return false;
	pages_expect(block, size);
	block->next = arena->blocks;
	arena->blocks = block;
	arena->next = block->bytes;
	arena->left = size;
	return true;
}

void *arena_bytes(struct arena *arena, size_t n)
{
	void *piece;

	if (n > arena->left && !add_block(arena, n))
		return NULL;
	piece = arena->next;
	arena->next += n;
	arena->left -= n;
	return piece;
}

void *arena_alloc(struct arena *arena, size_t n)
{
	size_t pad = arena->next ? -(uintptr_t)arena->next % ALIGNMENT : 0;

	if (n > SIZE_MAX - ALIGNMENT)
		return NULL;
	/* A new block is aligned by itself; one that has room is padded up to the boundary. */
	if (arena->next && arena->left >= pad + n) {
		arena->next += pad;
		arena->left -= pad;
	} else if (!add_block(arena, n)) {
		return NULL;
	}
	return arena_bytes(arena, n);
}

struct slice arena_copy(struct arena *arena, struct slice text, bool *failed)
{
	char *copy;

	if (!text.p)
		return text;
	copy = text.n < SIZE_MAX ? arena_bytes(arena, text.n + 1) : NULL;
	if (!copy) {
		*failed = true;
		return SLICE_NONE;
	}
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return (struct slice){copy, text.n};
}

void arena_adopt(struct arena *arena, struct arena *other)
{
	struct arena_block **last = &arena->blocks;

	while (*last)
		last = &(*last)->next;
	*last = other->blocks;
	*other = (struct arena){};
}

void arena_done(struct arena *arena)
{
	for (struct arena_block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	*arena = (struct arena){};
}
