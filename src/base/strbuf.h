/*
 * A growing byte buffer with a maximum that it is born with. Its error is sticky: after memory or
 * the maximum ran out, appending does nothing, and the owner asks once, at the end. Zeroed memory
 * is a valid empty buffer without a maximum.
 */
#ifndef PORTBOOK_BASE_STRBUF_H
#define PORTBOOK_BASE_STRBUF_H

#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

struct strbuf {
	char *p;	/* not NUL-terminated; NULL while nothing was added */
	size_t n, size; /* used and allocated; size is n after a failure, so that nothing fits */
	size_t max;	/* 0: no limit but memory */
	bool failed;
};

void strbuf_done(struct strbuf *buffer);

/* Makes room for n more bytes, where they are known, so that nothing is copied while adding. */
void strbuf_reserve(struct strbuf *buffer, size_t n);

/* n more bytes to write into; NULL where the buffer failed. */
char *strbuf_extend(struct strbuf *buffer, size_t n);
void strbuf_add(struct strbuf *buffer, struct slice text);
static inline void strbuf_add_byte(struct strbuf *buffer, char c)
{
	if (likely(buffer->n < buffer->size))
		buffer->p[buffer->n++] = c;
	else
		strbuf_add(buffer, (struct slice){&c, 1});
}

void strbuf_add_uint(struct strbuf *buffer, uint64_t value);
void strbuf_printf(struct strbuf *buffer, const char *format, ...) PRINTF(2, 3);

/* What it holds: borrowed until the next change. Present, though perhaps empty. */
static inline struct slice strbuf_slice(const struct strbuf *buffer)
{
	return (struct slice){buffer->p ? buffer->p : "", buffer->n};
}

#endif
