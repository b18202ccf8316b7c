/* How many ports and names were assigned with each edition. */
#include <stdlib.h>

#include "record/port.h"
#include "timeline/timeline.h"

/* The begin or end of a row. */
struct event {
	int64_t edition;
	uint32_t name; /* numbered from 1; 0: none */
	uint16_t first_port, last_port;
	bool portless, ends;
	unsigned char transports; /* mask */
};

struct growth {
	struct event *events;
	size_t count, size;
	struct strbuf name; /* the last one */
	uint32_t names;	    /* distinct ones */
	struct chart_point *points;
	size_t point_count, point_size, next; /* next: of the events */
	/* How many rows that hold have the port, and the name. */
	uint32_t (*port_rows)[PORT_COUNT];
	uint32_t *name_rows;
	struct chart_point now;
};

static void growth_done(struct growth *growth)
{
	free(growth->events);
	strbuf_done(&growth->name);
	free(growth->points);
	free(growth->port_rows);
	free(growth->name_rows);
}

static bool add_event(struct growth *growth, const struct event *event)
{
	if (growth->count == growth->size) {
		size_t size = growth->size ? growth->size * 2 : 1024;
		struct event *grown = reallocarray(growth->events, size, sizeof(*grown));

		if (!grown)
			return false;
		growth->events = grown;
		growth->size = size;
	}
	growth->events[growth->count++] = *event;
	return true;
}

/* The number of a name; they come in order. */
static uint32_t number_of(struct growth *growth, struct slice name)
{
	if (!name.p)
		return 0;
	if (growth->names == 0 || !slice_eq(strbuf_slice(&growth->name), name)) {
		growth->name.n = 0;
		strbuf_add(&growth->name, name);
		growth->names++;
	}
	return growth->names;
}

static int take_span(void *context, const struct history_span *span)
{
	struct growth *growth = context;
	enum transport transport = TRANSPORT_NONE;
	struct event event = {.edition = span->since,
			      .name = number_of(growth, span->name),
			      .first_port = span->first_port,
			      .last_port = span->last_port,
			      .portless = span->portless,
			      .transports = (1u << TRANSPORT_COUNT) - 1};

	if (transport_parse(span->transport, &transport) && transport < TRANSPORT_COUNT)
		event.transports = (unsigned char)(1u << transport);
	if (growth->name.failed || !add_event(growth, &event))
		return FAULT_MEMORY;
	event.edition = span->until;
	event.ends = true;
	return add_event(growth, &event) ? 0 : FAULT_MEMORY;
}

static int compare_events(const void *a, const void *b)
{
	const struct event *one = a, *other = b;

	return one->edition < other->edition ? -1 : one->edition > other->edition;
}

/* Counts a row more or less; what this changes is counted in total. */
static void count(uint32_t *rows, bool ends, uint32_t *total)
{
	if (ends && *rows > 0)
		*total -= --*rows == 0;
	else if (!ends)
		*total += (*rows)++ == 0;
}

static void apply(struct growth *growth, const struct event *event)
{
	if (event->name > 0)
		count(&growth->name_rows[event->name], event->ends, &growth->now.names);
	for (unsigned i = 0; i < TRANSPORT_COUNT && !event->portless; i++) {
		if (!(event->transports >> i & 1))
			continue;
		for (uint32_t port = event->first_port; port <= event->last_port; port++)
			count(&growth->port_rows[i][port], event->ends, &growth->now.ports[i]);
	}
}

static int take_edition(void *context, const struct history_edition *edition)
{
	struct growth *growth = context;

	while (growth->next < growth->count &&
	       growth->events[growth->next].edition <= edition->number)
		apply(growth, &growth->events[growth->next++]);
	if (!date_parse(edition->date, &growth->now.date))
		return 0;
	if (growth->point_count == growth->point_size) {
		size_t size = growth->point_size ? growth->point_size * 2 : 64;
		struct chart_point *grown = reallocarray(growth->points, size, sizeof(*grown));

		if (!grown)
			return FAULT_MEMORY;
		growth->points = grown;
		growth->point_size = size;
	}
	growth->points[growth->point_count++] = growth->now;
	return 0;
}

int timeline_growth(struct history *history, struct chart_point **ret_points, size_t *ret_count,
		    struct fault *fault)
{
	struct growth growth CLEANUP(growth_done) = {};
	int result = history_assigned(history, take_span, &growth, fault);

	if (result == 0) {
		growth.port_rows = calloc(TRANSPORT_COUNT, sizeof(*growth.port_rows));
		growth.name_rows = calloc((size_t)growth.names + 1, sizeof(*growth.name_rows));
		if (!growth.port_rows || !growth.name_rows)
			result = FAULT_MEMORY;
	}
	if (result == 0 && growth.count > 0)
		qsort(growth.events, growth.count, sizeof(*growth.events), compare_events);
	if (result == 0)
		result = history_editions(history, take_edition, &growth, fault);
	if (result < 0)
		return result == FAULT_MEMORY ? fault_memory(fault) : result;
	*ret_points = take(growth.points);
	*ret_count = growth.point_count;
	return 0;
}
