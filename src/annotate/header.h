/*
 * Where ports, protocols and the like are in an input: found by the names that its columns have,
 * or as it was said.
 */
#ifndef PORTBOOK_ANNOTATE_HEADER_H
#define PORTBOOK_ANNOTATE_HEADER_H

#include "annotate/annotate.h"
#include "base/out.h"
#include "base/strbuf.h"

/* What was said of an input. */
struct annotate_wanted {
	/*
	 * Names of columns, or their numbers from 1; absent: that with a usual name, but none for
	 * the date.
	 */
	struct slice columns[ANNOTATE_FIELD_COUNT];
	bool no_header;
	char delimiter;		      /* '\0': as it is found */
	bool counts;		      /* bytes matter */
	bool confidence, description; /* to be added, too */
};

/* What was found. Zeroed memory is a valid empty one. */
struct annotate_header {
	struct annotate_layout layout; /* borrows from names, and from what was wanted */
	struct strbuf text;	       /* what stands before the first record, as it is */
	bool named;		       /* with the names of the columns */
	struct strbuf names;
};

void annotate_header_done(struct annotate_header *header);

/*
 * Finds the layout of an input that nothing was read of, and passes over its header. 0; 1 where
 * there is nothing in it; FAULT_UNKNOWN where the ports or the protocol are not found (of which
 * the latter is left to layout.transport if that is none but TRANSPORT_NONE); or another negative
 * fault. ret_header is empty before.
 */
int annotate_header_read(struct annotate_input *input, const struct annotate_wanted *wanted,
			 enum transport transport, struct annotate_header *ret_header,
			 struct fault *fault) MUST_USE;

/* Writes the header with the names of what is added. */
void annotate_header_write(struct out *out, const struct annotate_header *header);

/* Whether records of both may follow each other in one output. */
bool annotate_header_eq(const struct annotate_header *a, const struct annotate_header *b);

#endif
