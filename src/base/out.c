#include "base/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/number.h"

enum { BUFFER_SIZE = 64 * 1024 };

static int init(struct out *out, int fd)
{
	*out = (struct out){.fd = fd, .p = malloc(BUFFER_SIZE)};
	if (!out->p) {
		out->error = ENOMEM;
		return FAULT_MEMORY;
	}
	out->size = BUFFER_SIZE;
	return 0;
}

int out_init_fd(struct out *out, int fd)
{
	return init(out, fd);
}

int out_init_memory(struct out *out)
{
	return init(out, -1);
}

void out_done(struct out *out)
{
	free(out->p);
	*out = (struct out){.fd = -1};
}

static void write_all(struct out *out, const char *p, size_t n)
{
	while (n > 0 && !out->error) {
		ssize_t written = write(out->fd, p, n);

		if (written < 0) {
			if (errno != EINTR)
				out->error = errno;
		} else {
			p += written;
			n -= (size_t)written;
		}
	}
}

static void grow(struct out *out, size_t n)
{
	size_t size = out->size;
	char *grown;

	while (size - out->n < n && size <= SIZE_MAX / 4)
		size *= 2;
	grown = size - out->n < n ? NULL : realloc(out->p, size);
	if (!grown) {
		out->error = ENOMEM;
		return;
	}
	out->p = grown;
	out->size = size;
}

void out_put(struct out *out, struct slice text)
{
	if (unlikely(text.n > out->size - out->n)) {
		if (out->error)
			return;
		if (out->fd < 0) {
			grow(out, text.n);
		} else {
			write_all(out, out->p, out->n);
			out->n = 0;
			if (text.n > out->size) {
				write_all(out, text.p, text.n);
				return;
			}
		}
	}
	if (out->error || text.n == 0)
		return;
	memcpy(out->p + out->n, text.p, text.n);
	out->n += text.n;
}

void out_repeat(struct out *out, char c, size_t times)
{
	while (times-- > 0)
		out_byte(out, c);
}

void out_uint(struct out *out, uint64_t value)
{
	char digits[NUMBER_DIGITS];

	out_put(out, number_write(value, digits));
}

void out_printf(struct out *out, const char *format, ...)
{
	char text[1024];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text))
		out->error = out->error ? out->error : EOVERFLOW;
	else
		out_put(out, (struct slice){text, (size_t)n});
}

int out_finish(struct out *out)
{
	if (out->fd >= 0) {
		write_all(out, out->p, out->n);
		out->n = 0;
	}
	return out->error;
}
