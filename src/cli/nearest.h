/* Which known words somebody may have meant. */
#ifndef PORTBOOK_CLI_NEAREST_H
#define PORTBOOK_CLI_NEAREST_H

#include "base/slice.h"

/* The word of an index; absent where there is none. */
typedef struct slice nearest_word(const void *data, size_t index);

/*
 * Words at index 0 and on that are like the given one, best first: those that hold it or that few
 * typing mistakes part from it, in any letter case. At most max; how many.
 */
size_t nearest(struct slice word, nearest_word *word_at, const void *data, struct slice *ret_words,
	       size_t max);

#endif
