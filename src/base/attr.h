/*
 * Compiler attributes behind short names, and scope-bound clean-up: a local marked CLEANUP(fn)
 * is passed by address to fn when it leaves its scope; take() hands its value over instead.
 */
#ifndef PORTBOOK_BASE_ATTR_H
#define PORTBOOK_BASE_ATTR_H

#include <stddef.h>

#define MUST_USE      __attribute__((warn_unused_result))
#define PRINTF(f, a)  __attribute__((format(printf, f, a)))
#define CLEANUP(fn)   __attribute__((cleanup(fn)))
#define likely(x)     __builtin_expect(!!(x), 1)
#define unlikely(x)   __builtin_expect(!!(x), 0)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The pointer, with the variable that owned it set to NULL. */
#define take(p)                                                                                    \
	({                                                                                         \
		typeof(p) take_ = (p);                                                             \
		(p) = NULL;                                                                        \
		take_;                                                                             \
	})

#endif
