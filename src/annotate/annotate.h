/*
 * Flow records in, the same with what the registry says of their ports out; or how often each
 * service was there. Records are read from a file descriptor in blocks, and worked on by several
 * threads; what is written has their order.
 */
#ifndef PORTBOOK_ANNOTATE_ANNOTATE_H
#define PORTBOOK_ANNOTATE_ANNOTATE_H

#include "annotate/input.h"
#include "annotate/services.h"
#include "base/attr.h"
#include "base/fault.h"
#include "image/image.h"
#include "record/transport.h"

/* What is looked at in a record. */
enum annotate_field {
	ANNOTATE_SOURCE_PORT,
	ANNOTATE_DESTINATION_PORT,
	ANNOTATE_PROTOCOL,
	ANNOTATE_DATE,
	ANNOTATE_BYTES,
	ANNOTATE_FIELD_COUNT,
};

enum { ANNOTATE_COLUMNS_MAX = 4096 /* the last of them that may be looked at */ };

/* Where it is in a record. */
struct annotate_layout {
	struct annotate_form form;
	bool quotes;   /* of delimited records: fields may stand in quotes (RFC 4180, section 2) */
	bool comments; /* of delimited records: lines that begin with # are none */
	/* The column from 0, -1: none. */
	int columns[ANNOTATE_FIELD_COUNT];
	/* JSON: the name of the member that it is, one in another object behind a dot; with a NUL.
	 */
	struct slice members[ANNOTATE_FIELD_COUNT];
	enum transport transport; /* where there is no protocol */
};

/* What was counted of a service's flows. */
struct annotate_count {
	uint64_t flows, bytes;
};

/* Flows by transport and port of their service; those without one stand apart. */
struct annotate_summary {
	struct annotate_count ports[TRANSPORT_COUNT][PORT_COUNT];
	struct annotate_count undecided; /* of the four transports, and nothing says who served */
	struct annotate_count others;	 /* of other protocols */
};

struct annotate_options {
	struct annotate_layout layout;
	/* Where there is no date in a record: what is said of the ports. */
	const struct services *services;
	/*
	 * Else, what is said of them as of a record's date, as the record has it; for one thread
	 * until it gives it back. 0, 1 where that is no date, or a negative fault. Any thread may
	 * call, several at once.
	 */
	int (*as_of)(void *context, struct slice date, const struct services **ret_services,
		     struct fault *fault);
	void (*give_back)(void *context, const struct services *services);
	void *context;
	bool strict;	  /* the first record that cannot be read is a fault */
	unsigned threads; /* 1 or more */
	/* Counts instead of writing: added to what is there. NULL: none. */
	struct annotate_summary *summary;
	/* Takes what is written, one call after the other; false ends the run. */
	bool (*write)(void *context, struct slice text);
};

struct annotate_result {
	uint64_t records;
	uint64_t unread; /* of them: passed through as they were */
	uint64_t line;	 /* of the first of these */
	bool open;	 /* what was written last has no end of its line */
};

/*
 * Annotates all records of an input, and adds to the result. What stands before a fault has been
 * written, up to the end of a record. 0; 1 where writing ended it; FAULT_MALFORMED, with its line,
 * where it is strict; FAULT_LIMIT for a record of more than ANNOTATE_RECORD_MAX bytes; FAULT_SYSTEM
 * where reading fails; FAULT_MEMORY.
 */
int annotate_flows(const struct annotate_options *options, struct annotate_input *input,
		   struct annotate_result *result, struct fault *fault) MUST_USE;

#endif
