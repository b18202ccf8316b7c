#include <string.h>

#include "annotate/flow.h"
#include "annotate/separators.h"

/*
 * Where the fields of a record lie: the one of number i behind bounds[i], up to bounds[i + 1].
 * bounds[0] is the byte before the record, which for the first one is -1.
 */
struct fields {
	size_t bounds[ANNOTATE_COLUMNS_MAX + 2];
	size_t count;
};

static inline struct slice field_of(const char *p, const struct fields *fields, int column)
{
	return slice_between(p + (fields->bounds[column] + 1), p + fields->bounds[column + 1]);
}

/* 0, 1 where the record cannot be read, or a negative fault. */
static inline int read_flow(struct worker *worker, const struct fields *fields, size_t needed,
			    struct flow *flow, struct fault *fault)
{
	const int *columns = worker->options->layout.columns;
	struct slice texts[ANNOTATE_FIELD_COUNT];

	if (unlikely(fields->count < needed))
		return 1;
#pragma GCC unroll 5
	for (unsigned i = 0; i < ANNOTATE_FIELD_COUNT; i++)
		texts[i] =
			columns[i] < 0 ? SLICE_NONE : field_of(worker->block.p, fields, columns[i]);
	return worker_read(worker, texts, flow, fault);
}

/* A record from one byte up to, but not with, its end. */
static inline int take_record(struct worker *worker, const struct fields *fields, size_t needed,
			      size_t end, struct fault *fault)
{
	const char *record = worker->block.p + (fields->bounds[0] + 1);
	size_t n = end - fields->bounds[0] - 1, room;
	struct flow flow = {};
	int result = 1;
	char *to;

	if (likely(n > 0 && !(worker->options->layout.comments && record[0] == '#'))) {
		result = read_flow(worker, fields, needed, &flow, fault);
		if (unlikely(result > 0))
			result = worker_unread(worker, record, fault);
		if (unlikely(result < 0))
			return result;
		worker->records++;
	}
	if (worker->summary) {
		if (result == 0)
			worker_count(worker, &flow);
		return 0;
	}
	/* With its line's end. */
	room = n + 2 + (result == 0 ? worker->services->added_max : 0);
	if (unlikely(worker->out_size - worker->out_n < room)) {
		int reserved = worker_reserve(worker, room, fault);

		if (reserved < 0)
			return reserved;
	}
	to = put_record(worker->out + worker->out_n, record, n);
	if (likely(result == 0))
		to = put_service(to, worker->services, &flow);
	worker->out_n = (size_t)(to - worker->out);
	return 0;
}

/* The end of a record's last field, and of its line as it is. */
static inline int end_record(struct worker *worker, struct fields *fields, size_t needed,
			     size_t end, bool line_feed, struct fault *fault)
{
	const char *p = worker->block.p;
	bool carriage_return = end > fields->bounds[0] + 1 && p[end - 1] == '\r';
	int result;

	end -= carriage_return;
	/* Where the last field is one that is looked at, it ends there. */
	if (fields->bounds[fields->count] > end)
		fields->bounds[fields->count] = end;
	result = take_record(worker, fields, needed, end, fault);
	if (result < 0 || worker->summary)
		return result;
	if (carriage_return)
		worker->out[worker->out_n++] = '\r';
	if (line_feed)
		worker->out[worker->out_n++] = '\n';
	return 0;
}

static size_t columns_needed(const struct annotate_layout *layout)
{
	int needed = 0;

	for (unsigned i = 0; i < ANNOTATE_FIELD_COUNT; i++)
		needed = layout->columns[i] >= needed ? layout->columns[i] + 1 : needed;
	return (size_t)needed;
}

/*
 * What most records are: ports in digits, a protocol that is 6 or 17, and nothing else to be looked
 * at. Without all that could be otherwise they take two thirds of the instructions.
 */
struct plain {
	bool possible;
	int source, destination, protocol;
	const struct services *services;
};

static struct plain plain_of(const struct worker *worker)
{
	const struct annotate_layout *layout = &worker->options->layout;
	const int *columns = layout->columns;

	return (struct plain){
		.possible = columns[ANNOTATE_PROTOCOL] >= 0 && columns[ANNOTATE_DATE] < 0 &&
			    columns[ANNOTATE_BYTES] < 0 && !worker->summary && !layout->comments,
		.source = columns[ANNOTATE_SOURCE_PORT],
		.destination = columns[ANNOTATE_DESTINATION_PORT],
		.protocol = columns[ANNOTATE_PROTOCOL],
		.services = worker->services,
	};
}

/* Writes a record that ends there, with its line feed: false, and nothing is, where it is odd. */
static inline bool put_plain(struct worker *worker, const struct plain *plain,
			     const struct fields *fields, size_t end)
{
	const char *p = worker->block.p;
	size_t from = fields->bounds[0] + 1, n = end - from;
	struct slice protocol = field_of(p, fields, plain->protocol);
	bool tcp = (protocol.n == 1) & (protocol.p[0] == '6');
	bool udp = (protocol.n == 2) & (protocol.p[0] == '1') & (protocol.p[1] == '7');
	uint32_t source, destination;
	struct flow flow;
	char *to;

	if (unlikely(!flow_digits(field_of(p, fields, plain->source), &source) ||
		     !flow_digits(field_of(p, fields, plain->destination), &destination)))
		return false;
	if (unlikely(!(tcp | udp) || p[end - 1] == '\r' || (source | destination) > PORT_MAX ||
		     worker->out_size - worker->out_n < n + 2 + plain->services->added_max))
		return false;
	flow.protocol = (enum flow_protocol)udp;
	flow.source = (uint16_t)source;
	flow.destination = (uint16_t)destination;
	to = put_record(worker->out + worker->out_n, p + from, n);
	to = put_service(to, plain->services, &flow);
	*to++ = '\n';
	worker->out_n = (size_t)(to - worker->out);
	worker->records++;
	return true;
}

int annotate_delimited(struct worker *worker, struct fault *fault)
{
	const struct annotate_layout *layout = &worker->options->layout;
	const struct block *block = &worker->block;
	const struct plain plain = plain_of(worker);
	size_t needed = columns_needed(layout);
	struct fields fields;
	int result;

	fields.bounds[0] = (size_t)-1;
	fields.count = 0;
	if (!block->separated)
		separators_find(&worker->block, layout->form.delimiter, layout->quotes);
	for (size_t i = 0; i * SEPARATORS_WORD < block->n; i++) {
		uint64_t bits = block->separators[i];

		for (; bits; bits &= bits - 1) {
			size_t at = i * SEPARATORS_WORD + (size_t)__builtin_ctzll(bits);

			/* Fields behind those that are looked at are not told apart. */
			fields.bounds[fields.count + 1] = at;
			fields.count += fields.count < needed;
			if (block->p[at] != '\n')
				continue;
			if (unlikely(!plain.possible || fields.count < needed ||
				     !put_plain(worker, &plain, &fields, at))) {
				result = end_record(worker, &fields, needed, at, true, fault);
				if (unlikely(result < 0))
					return result;
			}
			fields.bounds[0] = at;
			fields.count = 0;
		}
	}
	if (fields.bounds[0] + 1 == block->n)
		return 0;
	fields.bounds[fields.count + 1] = block->n;
	fields.count += fields.count < needed;
	/* What would be added to a field in open quotes would be a part of it. */
	return end_record(worker, &fields, block->open ? SIZE_MAX : needed, block->n, false, fault);
}
