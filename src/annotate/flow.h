/*
 * Inside annotate/: the fields of a flow record, read from their bytes, and what is added to it.
 * Reading a field may look at some bytes behind it (ANNOTATE_SLACK).
 */
#ifndef PORTBOOK_ANNOTATE_FLOW_H
#define PORTBOOK_ANNOTATE_FLOW_H

#include <endian.h>

#include "annotate/annotate.h"

enum { ANNOTATE_FIELD_SLACK = 8 /* bytes behind a field's first that may be read */ };

/* What a protocol's field says. */
enum flow_protocol {
	FLOW_TCP = TRANSPORT_TCP,
	FLOW_UDP = TRANSPORT_UDP,
	FLOW_SCTP = TRANSPORT_SCTP,
	FLOW_DCCP = TRANSPORT_DCCP,
	FLOW_OTHER,	/* another protocol, of which the registry says nothing */
	FLOW_MALFORMED, /* not a protocol's number or name */
};

/* Without the blanks around it, and the quotes in these. */
struct slice flow_bare(struct slice field);

/* One to five digits, all at once. */
static inline bool flow_digits(struct slice text, uint32_t *ret_value)
{
	uint64_t word;

	if (text.n - 1 >= 5)
		return false;
	memcpy(&word, text.p, sizeof(word));
	/* The digits last, and zeros before them. */
	word = le64toh(word) << (64 - 8 * text.n);
	word |= UINT64_C(0x3030303030303030) >> (8 * text.n);
	if (((word & UINT64_C(0xf0f0f0f0f0f0f0f0)) |
	     ((word + UINT64_C(0x0606060606060606)) & UINT64_C(0xf0f0f0f0f0f0f0f0)) >> 4) !=
	    UINT64_C(0x3333333333333333))
		return false;
	/* Of each two neighbours, of each two of those, and so on. */
	word = (word & UINT64_C(0x0f0f0f0f0f0f0f0f)) * 2561 >> 8;
	word = (word & UINT64_C(0x00ff00ff00ff00ff)) * 6553601 >> 16;
	word = (word & UINT64_C(0x0000ffff0000ffff)) * UINT64_C(42949672960001) >> 32;
	*ret_value = (uint32_t)word;
	return true;
}

/* The same within blanks or quotes. */
bool flow_odd_port(struct slice field, uint32_t *ret_value);

/* False where it is no number of 0 to 65535 in at most five digits. */
static inline bool flow_port(struct slice field, uint16_t *ret_port)
{
	uint32_t value;

	if (unlikely(!flow_digits(field, &value)) && !flow_odd_port(field, &value))
		return false;
	if (value > PORT_MAX)
		return false;
	*ret_port = (uint16_t)value;
	return true;
}

/*
 * A number of IP protocols (6, 17, 132 and 33 are the registry's transports) or a name, in any
 * letter case.
 */
enum flow_protocol flow_protocol(struct slice field);

/* A counter of bytes; nothing, and a hyphen, are none. */
bool flow_bytes(struct slice field, uint64_t *ret_bytes);

/* A record as far as it matters. */
struct flow {
	enum flow_protocol protocol;
	uint16_t source, destination;
	uint64_t bytes;
};

/* What a thread has of its own: records to work on, and what came of them. */
struct worker {
	const struct annotate_options *options;
	struct block block;
	/* What is to be written. */
	char *out;
	size_t out_n, out_size;
	const struct services *services; /* as of the date of the record before */
	char date[40];
	size_t date_n;
	struct annotate_summary *summary;
	/* Of this block: */
	uint64_t records, unread;
	size_t first_unread; /* its first byte's place, where there is one */
	struct fault fault;
};

/* Room for n more bytes and ANNOTATE_SLACK. 0 or FAULT_MEMORY. */
int worker_reserve(struct worker *worker, size_t n, struct fault *fault);

/*
 * Finds what is said of ports as of a date: 0, 1 where it is no date, or a negative fault. What
 * was found is the worker's until the next date.
 */
int worker_as_of(struct worker *worker, struct slice date, struct fault *fault);

/* Counts a record of the block that cannot be read: 1, or FAULT_MALFORMED where that is wanted. */
int worker_unread(struct worker *worker, const char *record, struct fault *fault);

/* Works on the block. 0 or a negative fault. */
int annotate_delimited(struct worker *worker, struct fault *fault);
int annotate_json(struct worker *worker, struct fault *fault);

/*
 * n bytes, and perhaps some more that do not matter: most texts take one step, and no guess of how
 * many.
 */
static inline char *put_bytes(char *to, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i += SERVICES_SLACK)
		__builtin_memcpy(to + i, from + i, SERVICES_SLACK);
	return to + n;
}

/* The same of a record's, which are more; they have ANNOTATE_SLACK behind them, and so has to. */
static inline char *put_record(char *to, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i += ANNOTATE_SLACK)
		__builtin_memcpy(to + i, from + i, ANNOTATE_SLACK);
	return to + n;
}

/* What is added to a record of a flow. to has room for it. */
static inline char *put_service(char *to, const struct services *services, const struct flow *flow)
{
	struct service_choice choice;
	const struct port_service *service;
	const struct service_middle *middle;

	if (unlikely(flow->protocol == FLOW_OTHER))
		return put_bytes(to, services->nothing.text, services->nothing.n);
	choice = services_choose(services, (enum transport)flow->protocol, flow->source,
				 flow->destination);
	if (unlikely(choice.confidence == ANNOTATE_NONE))
		return put_bytes(to, services->undecided.text, services->undecided.n);
	service = &services->ports[flow->protocol][choice.port];
	middle = &services->middles[choice.side][service->state][choice.confidence];
	to = put_bytes(to, services->texts + service->head, service->head_n);
	to = put_bytes(to, middle->text, middle->n);
	if (services->tails) {
		const struct service_tail *tail = &services->tails[flow->protocol][choice.port];

		to = put_bytes(to, services->texts + tail->at, tail->n);
	}
	return to;
}

/*
 * Reads a flow of the texts of its fields, absent where there is no such column: 0, 1 where one is
 * not what it should be, or a negative fault.
 */
static inline int worker_read(struct worker *worker,
			      const struct slice fields[static ANNOTATE_FIELD_COUNT],
			      struct flow *flow, struct fault *fault)
{
	flow->protocol = (enum flow_protocol)worker->options->layout.transport;
	if (likely(fields[ANNOTATE_PROTOCOL].p))
		flow->protocol = flow_protocol(fields[ANNOTATE_PROTOCOL]);
	if (unlikely(flow->protocol == FLOW_MALFORMED))
		return 1;
	if (fields[ANNOTATE_BYTES].p && !flow_bytes(fields[ANNOTATE_BYTES], &flow->bytes))
		return 1;
	/* Of other protocols these are types and codes, or nothing. */
	if (likely(flow->protocol != FLOW_OTHER) &&
	    (!flow_port(fields[ANNOTATE_SOURCE_PORT], &flow->source) ||
	     !flow_port(fields[ANNOTATE_DESTINATION_PORT], &flow->destination)))
		return 1;
	if (likely(!fields[ANNOTATE_DATE].p))
		return 0;
	return worker_as_of(worker, flow_bare(fields[ANNOTATE_DATE]), fault);
}

/* Counts a flow to its service. */
void worker_count(struct worker *worker, const struct flow *flow);

#endif
