/* Records' bytes from a file descriptor, in blocks that end where a record does. */
#ifndef PORTBOOK_ANNOTATE_INPUT_H
#define PORTBOOK_ANNOTATE_INPUT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/strbuf.h"

/* Bytes that are read at a time; tests make it small. */
#ifndef ANNOTATE_BLOCK
#define ANNOTATE_BLOCK ((size_t)256 * 1024)
#endif

enum {
	ANNOTATE_RECORD_MAX = 16 * 1024 * 1024, /* bytes of a record */
	ANNOTATE_SLACK =
		64, /* bytes behind a block that may be read, and whose values do not matter */
};

/* Which bytes are not part of a field, as a bit each; see annotate/separators.h. */
struct block {
	char *p;
	size_t n, size;	      /* size: without the slack */
	uint64_t *separators; /* a bit for each byte, of as many words as size takes */
	bool separated;	      /* they are there */
	bool open;	      /* with them: it ends in quotes that nothing closed */
};

void block_done(struct block *block);

struct annotate_input {
	int fd;
	char delimiter; /* '\0': records are lines */
	bool quotes;
	bool ended;
	uint64_t line;	   /* the first that was not passed over, from 1 */
	struct block rest; /* read, and not part of a block yet */
};

/* Begins to read from a descriptor, which stays the caller's. */
void annotate_input_open(struct annotate_input *input, int fd);
void annotate_input_close(struct annotate_input *input);

/*
 * The line that begins at a byte of what was not passed over yet, with its end, as it is; empty
 * where there is none. Only before the first block. Lives until the next call. 0 or a negative
 * fault.
 */
int annotate_input_line(struct annotate_input *input, size_t at, struct slice *ret_line,
			struct fault *fault) MUST_USE;

/* Passes over the first n bytes, which annotate_input_line gave, and appends them to text. */
int annotate_input_take(struct annotate_input *input, size_t n, struct strbuf *text,
			struct fault *fault) MUST_USE;

/*
 * Some whole records as a block, whose memory is used again; the last one may be without an end.
 * 1, 0 at the end, or a negative fault. Waits for no more than there is, once it has a record.
 */
int annotate_input_block(struct annotate_input *input, struct block *block,
			 struct fault *fault) MUST_USE;

#endif
