/*
 * Where output goes: a file descriptor through a fixed buffer, or memory. Its error is sticky, so
 * that writers write on and the owner asks once, at the end (out_finish).
 */
#ifndef PORTBOOK_BASE_OUT_H
#define PORTBOOK_BASE_OUT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

struct out {
	char *p; /* what was not written yet; for memory: everything */
	size_t n, size;
	int fd;	   /* -1: memory */
	int error; /* errno of the first failure, 0 while all is well */
};

/* Both return FAULT_MEMORY without memory for the buffer, else 0. The fd stays the caller's. */
int out_init_fd(struct out *out, int fd) MUST_USE;
int out_init_memory(struct out *out) MUST_USE;
void out_done(struct out *out);

void out_put(struct out *out, struct slice text);
static inline void out_byte(struct out *out, char c)
{
	if (likely(out->n < out->size && !out->error))
		out->p[out->n++] = c;
	else
		out_put(out, (struct slice){&c, 1});
}

void out_repeat(struct out *out, char c, size_t times);
void out_uint(struct out *out, uint64_t value);
void out_printf(struct out *out, const char *format, ...) PRINTF(2, 3);

/* Writes what is left; returns 0, or the errno of the first failure since out_init. */
int out_finish(struct out *out) MUST_USE;

/* What memory output holds: borrowed until the next change. */
static inline struct slice out_slice(const struct out *out)
{
	return (struct slice){out->p, out->n};
}

#endif
