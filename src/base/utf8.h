/*
 * UTF-8: well-formedness, letter case, and how wide text is on a terminal.
 *
 * Folding is the simple, one-to-one case folding of the Latin, Greek, Cyrillic and Armenian
 * letters whose two cases take two bytes each, and of ASCII. It therefore never changes the length
 * of a text, so that an offset in folded text is the same offset in the original.
 */
#ifndef PORTBOOK_BASE_UTF8_H
#define PORTBOOK_BASE_UTF8_H

#include <stdint.h>

#include "base/slice.h"

enum { UTF8_LONGEST = 4 /* bytes of a character */ };

/* True for well-formed UTF-8 (RFC 3629); otherwise the offset of the first bad byte. */
bool utf8_valid(struct slice text, size_t *ret_bad_at);

/*
 * The character at the start of the text, which has n > 0 bytes, and how many bytes it takes. A
 * malformed byte counts as one character U+FFFD.
 */
size_t utf8_next(struct slice text, uint32_t *ret_character);

/* At most max bytes from the start of a text, so that its last character is whole. */
struct slice utf8_cut(struct slice text, size_t max);

/* Columns on a terminal: 0 for combining and control characters, 2 for wide ones, else 1. */
unsigned utf8_width(uint32_t character);
size_t utf8_text_width(struct slice text);

/* Folds text into to, which has room for text.n bytes and may be text.p itself. */
void utf8_fold(struct slice text, char *to);

/* Whether two texts are equal when folded. */
bool utf8_fold_eq(struct slice a, struct slice b);

static inline char ascii_fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

#endif
