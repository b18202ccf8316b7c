/* A set of rows of one image, kept as bits; walking it gives registry order. */
#ifndef PORTBOOK_QUERY_ROWSET_H
#define PORTBOOK_QUERY_ROWSET_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

struct rowset {
	uint64_t *bits;
	uint32_t rows; /* the image's; members are below it */
};

/* Empty, for an image of that many rows. False: no memory. */
static inline bool rowset_init(struct rowset *set, uint32_t rows)
{
	set->rows = rows;
	set->bits = calloc(rows / 64 + 1, sizeof(*set->bits));
	return set->bits != NULL;
}

static inline void rowset_done(struct rowset *set)
{
	free(set->bits);
	*set = (struct rowset){};
}

static inline void rowset_clear(struct rowset *set)
{
	memset(set->bits, 0, (set->rows / 64 + 1) * sizeof(*set->bits));
}

/* A number past the end is no member and is left out. */
static inline void rowset_add(struct rowset *set, uint32_t row)
{
	if (likely(row < set->rows))
		set->bits[row / 64] |= UINT64_C(1) << (row % 64);
}

static inline void rowset_remove(struct rowset *set, uint32_t row)
{
	if (likely(row < set->rows))
		set->bits[row / 64] &= ~(UINT64_C(1) << (row % 64));
}

/* Adds those of the eight rows from first on, a multiple of eight, whose bit is set. */
static inline void rowset_add_eight(struct rowset *set, uint32_t first, unsigned char bits)
{
	if (first + 8 <= set->rows) {
		set->bits[first / 64] |= (uint64_t)bits << (first % 64);
	} else {
		for (uint32_t i = 0; i < 8; i++) {
			if (bits >> i & 1)
				rowset_add(set, first + i);
		}
	}
}

static inline bool rowset_has(const struct rowset *set, uint32_t row)
{
	return row < set->rows && set->bits[row / 64] >> (row % 64) & 1;
}

/* The first member that is not below from; set->rows where there is none. */
static inline uint32_t rowset_next(const struct rowset *set, uint32_t from)
{
	uint64_t word;

	if (from >= set->rows)
		return set->rows;
	word = set->bits[from / 64] & (~UINT64_C(0) << (from % 64));
	for (uint32_t i = from / 64; i <= set->rows / 64; word = set->bits[i]) {
		if (word)
			return i * 64 + (uint32_t)__builtin_ctzll(word);
		if (++i > set->rows / 64)
			break;
	}
	return set->rows;
}

static inline uint32_t rowset_count(const struct rowset *set)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i <= set->rows / 64; i++)
		n += (uint32_t)__builtin_popcountll(set->bits[i]);
	return n;
}

/* for (each member, in order) */
#define ROWSET_EACH(set, row)                                                                      \
	for (uint32_t row = rowset_next((set), 0); row < (set)->rows;                              \
	     row = rowset_next((set), row + 1))

#endif
