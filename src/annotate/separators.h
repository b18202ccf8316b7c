/*
 * Where fields and records end in a block: a bit for each byte that is a delimiter or a line feed
 * and stands in no quotes. A quote begins a quoted field where it is the field's first byte, and
 * is any other byte elsewhere; in a quoted field two of them are one (RFC 4180, section 2).
 */
#ifndef PORTBOOK_ANNOTATE_SEPARATORS_H
#define PORTBOOK_ANNOTATE_SEPARATORS_H

#include "annotate/input.h"

enum { SEPARATORS_WORD = 64 /* bytes that a word of bits is about */ };

/* Fills in block->separators and block->open; the block begins with a record. delimiter '\0': line
 * feeds alone. */
void separators_find(struct block *block, char delimiter, bool quotes);

/* The bytes of the block up to the end of its last whole record; 0 where there is none. */
size_t separators_last(const struct block *block);

/* Leaves of the block, and what was found in it, the first n bytes. */
void separators_cut(struct block *block, size_t n);

/* How many line feeds there are in so many bytes. */
uint64_t separators_lines(const char *p, size_t n);

#endif
