/* What tests share: cmocka with all it needs, and numbers that only look random. */
#ifndef PORTBOOK_TESTS_TESTING_H
#define PORTBOOK_TESTS_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"

#define assert_slice(slice_, expected_)                                                            \
	do {                                                                                       \
		struct slice got_ = (slice_), want_ = (expected_);                                 \
		assert_int_equal(!got_.p, !want_.p);                                               \
		assert_int_equal(got_.n, want_.n);                                                 \
		if (want_.n > 0)                                                                   \
			assert_memory_equal(got_.p, want_.p, want_.n);                             \
	} while (0)

#define assert_text(slice_, literal_) assert_slice((slice_), SLICE(literal_))
#define assert_absent(slice_)	      assert_null((slice_).p)

/* A fault with a reason: one line of text. */
#define assert_told(fault_)                                                                        \
	do {                                                                                       \
		assert_true((fault_).text[0] != '\0');                                             \
		assert_null(strchr((fault_).text, '\n'));                                          \
	} while (0)

/* xorshift64*: the same numbers in every run. The state must not be 0. */
struct random {
	uint64_t state;
};

static inline uint32_t random_next(struct random *random)
{
	random->state ^= random->state >> 12;
	random->state ^= random->state << 25;
	random->state ^= random->state >> 27;
	return (uint32_t)((random->state * 0x2545f4914f6cdd1d) >> 32);
}

/* Below the limit, which is not 0. */
static inline uint32_t random_below(struct random *random, uint32_t limit)
{
	return random_next(random) % limit;
}

/* A copy of exactly its size, so that a sanitizer sees reading past the end. */
static inline struct slice copy_of(struct slice text)
{
	char *copy = malloc(text.n ? text.n : 1);

	assert_non_null(copy);
	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	return (struct slice){copy, text.n};
}

#endif
