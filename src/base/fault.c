#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* What a terminal might take for a command, and what it could not show, as '?'. */
static void make_printable(char *text)
{
	struct slice rest = slice_cstr(text);

	while (rest.n > 0) {
		uint32_t c;
		size_t n = utf8_next(rest, &c);

		if (c < ' ' || (c >= 0x7f && c < 0xa0) || (c == 0xfffd && n == 1))
			memset(text, '?', n);
		rest = slice_skip(rest, n);
		text += n;
	}
}

static void fill(struct fault *fault, uint64_t line, uint64_t column, const char *format,
		 va_list args)
{
	fault->line = line;
	fault->column = column;
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	make_printable(fault->text);
}

int fault_set(struct fault *fault, int code, const char *format, ...)
{
	va_list args;

	if (!fault)
		return code;
	va_start(args, format);
	fill(fault, 0, 0, format, args);
	va_end(args);
	return code;
}

int fault_at_line(struct fault *fault, int code, uint64_t line, uint64_t column, const char *format,
		  ...)
{
	va_list args;

	if (!fault)
		return code;
	va_start(args, format);
	fill(fault, line, column, format, args);
	va_end(args);
	return code;
}

int fault_at(struct fault *fault, int code, const char *document, size_t n, size_t at,
	     const char *format, ...)
{
	va_list args;
	uint64_t line = 1;
	size_t start = 0;

	if (!fault)
		return code;
	if (at > n)
		at = n;
	for (const char *lf; start < at && (lf = memchr(document + start, '\n', at - start));) {
		start = (size_t)(lf - document) + 1;
		line++;
	}
	va_start(args, format);
	fill(fault, line, at - start + 1, format, args);
	va_end(args);
	return code;
}

int fault_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_MEMORY, "out of memory");
}
