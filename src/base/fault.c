#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct fault *fault, uint64_t line, uint64_t column, const char *format,
		 va_list args)
{
	fault->line = line;
	fault->column = column;
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	for (char *c = fault->text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
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
