/*
 * Why something failed, for a person: one line, with the place in the document where there is
 * one. Functions return 0 or a negative enum fault_code and describe it in the fault they were
 * given; callers pass both on unchanged. Nothing below the command line prints.
 */
#ifndef PORTBOOK_BASE_FAULT_H
#define PORTBOOK_BASE_FAULT_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum fault_code {
	FAULT_MEMORY = -1,    /* no memory left */
	FAULT_SYSTEM = -2,    /* the operating system refused: open, read, write, ... */
	FAULT_MALFORMED = -3, /* the document or image is not what its format demands */
	FAULT_LIMIT = -4,     /* larger than a stated limit */
	FAULT_UNKNOWN = -5,   /* not a registry document, or of an unknown format or version */
};

struct fault {
	uint64_t line;	 /* 1-based; 0: no place in a document */
	uint64_t column; /* 1-based, in bytes; 0: none */
	char text[240];	 /* NUL-terminated, no line feed */
};

/*
 * Describes the fault and returns code. fault may be NULL. Text that does not fit is shortened;
 * bytes of control characters and of malformed UTF-8 become '?', so that it stays one line on any
 * terminal.
 */
int fault_set(struct fault *fault, int code, const char *format, ...) PRINTF(3, 4);

/* The same with a place: line and column of offset at in the document text of n bytes. */
int fault_at(struct fault *fault, int code, const char *document, size_t n, size_t at,
	     const char *format, ...) PRINTF(6, 7);

/* The same with a place that is known already. */
int fault_at_line(struct fault *fault, int code, uint64_t line, uint64_t column, const char *format,
		  ...) PRINTF(5, 6);

/* "out of memory", without needing any. Returns FAULT_MEMORY. */
int fault_memory(struct fault *fault);

#endif
