#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/pages.h"

void strbuf_done(struct strbuf *buffer)
{
	free(buffer->p);
	*buffer = (struct strbuf){.max = buffer->max};
}

static bool fail(struct strbuf *buffer)
{
	buffer->failed = true;
	buffer->size = buffer->n;
	return false;
}

static bool resize(struct strbuf *buffer, size_t size)
{
	char *grown = realloc(buffer->p, size);

	if (!grown)
		return fail(buffer);
	pages_expect(grown + buffer->n, size - buffer->n);
	buffer->p = grown;
	buffer->size = size;
	return true;
}

static size_t limit_of(const struct strbuf *buffer)
{
	return buffer->max ? buffer->max : SIZE_MAX / 2;
}

static bool reserve(struct strbuf *buffer, size_t n)
{
	size_t limit = limit_of(buffer), size = buffer->size ? buffer->size : 64;

	if (buffer->p && n <= buffer->size - buffer->n)
		return true;
	if (buffer->failed || n > limit - buffer->n)
		return fail(buffer);
	while (size - buffer->n < n)
		size *= 2;
	return resize(buffer, size > limit ? limit : size);
}

void strbuf_reserve(struct strbuf *buffer, size_t n)
{
	if (n <= buffer->size - buffer->n)
		return;
	if (buffer->failed || n > limit_of(buffer) - buffer->n)
		fail(buffer);
	else
		resize(buffer, buffer->n + n);
}

char *strbuf_extend(struct strbuf *buffer, size_t n)
{
	char *at;

	if (!reserve(buffer, n))
		return NULL;
	at = buffer->p + buffer->n;
	buffer->n += n;
	return at;
}

void strbuf_add(struct strbuf *buffer, struct slice text)
{
	char *at;

	if (text.n == 0)
		return;
	at = strbuf_extend(buffer, text.n);
	if (at)
		memcpy(at, text.p, text.n);
}

void strbuf_add_uint(struct strbuf *buffer, uint64_t value)
{
	char digits[NUMBER_DIGITS];

	strbuf_add(buffer, number_write(value, digits));
}

void strbuf_printf(struct strbuf *buffer, const char *format, ...)
{
	char text[512];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text))
		fail(buffer);
	else
		strbuf_add(buffer, (struct slice){text, (size_t)n});
}
