/* Which known words somebody may have meant. */
#ifndef PORTBOOK_BASE_NEAREST_H
#define PORTBOOK_BASE_NEAREST_H

#include "base/slice.h"

/* The word of an index; absent where there is none. */
typedef struct slice nearest_word(const void *data, size_t index);

/*
 * Words at index 0 and on that are like the given one, in any letter case, best first: those that
 * few typing mistakes part from it, then those that begin with it, then those that hold it.
 * Writes at most max (and never more than 32); returns how many. Words longer than 64 bytes are
 * like none.
 */
size_t nearest(struct slice word, nearest_word *word_at, const void *data, struct slice *ret_words,
	       size_t max);

#endif
