/* The port that is asked for: its range, its state, and who uses it. */
#include <stdio.h>

#include "assign/assign.h"
#include "base/utf8.h"
#include "preflight/checks.h"
#include "query/query.h"

/* Ports of a range that are looked at one by one; their number is a finding by itself. */
enum { LOOKED_AT = 16 };

/* What the registry has of a port. */
struct port {
	uint16_t number;
	unsigned transports;   /* that are asked for */
	struct rows assigned;  /* of these, to others */
	struct rows reserved;  /* of these */
	struct rows elsewhere; /* assigned, of other transports, to others */
	bool held;	       /* all that is assigned to others is the applicant's */
	bool own;	       /* a service of the name asked for has it, by any transport */
	bool deassigned;       /* what is Reserved says that it was assigned once */
	bool shared;	       /* ... or is of further ports, or of all transports */
};

static void add(struct rows *rows, uint32_t number)
{
	for (size_t i = 0; i < rows->count; i++) {
		if (rows->numbers[i] == number)
			return;
	}
	if (rows->count < ROWS_MAX)
		rows->numbers[rows->count++] = number;
}

static void attach(struct work *work, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		work_precedent_row(work, rows->numbers[i], SLICE_NONE);
}

static void take_row(struct work *work, struct port *port, uint32_t number, bool asked)
{
	struct row row;

	image_row(work->image, number, &row);
	port->deassigned = port->deassigned || assign_is_released(&row);
	if (row.state == ROW_RESERVED && asked) {
		add(&port->reserved, number);
		port->shared = port->shared || row.transport == TRANSPORT_NONE ||
			       row.first_port != work->first_port ||
			       row.last_port != work->last_port;
	}
	if (row.state != ROW_ASSIGNED)
		return;
	if (utf8_fold_eq(row.shown[COLUMN_NAME], work->name)) {
		port->own = true;
		return;
	}
	add(asked ? &port->assigned : &port->elsewhere, number);
	port->held = port->held && row_is_held(work, number);
}

static void look(struct work *work, uint16_t number, struct port *ret_port)
{
	unsigned transports = work->application->transports;

	*ret_port = (struct port){.number = number, .transports = transports, .held = true};
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		uint32_t rows[ROWS_MAX];
		size_t count = query_port(work->image, (enum transport)i, number, rows, ROWS_MAX);

		for (size_t j = 0; j < count && j < ROWS_MAX; j++)
			take_row(work, ret_port, rows[j], transports >> i & 1);
	}
}

/* "assigned to "http", of [IESG]": of the first row. */
static void say_assigned(struct work *work, const struct port *port, const struct rows *rows)
{
	struct row row;

	image_row(work->image, rows->numbers[0], &row);
	if (port->held)
		work_find(work, PORT_SHARED, FIELD_PORTS,
			  "Port %u is the applicant's, for \"%.*s\". A second name on a port takes "
			  "the "
			  "experts' consent, and is rarely useful.",
			  port->number, TEXT(brief(row.shown[COLUMN_NAME])));
	else
		work_find(work, PORT_ASSIGNED, FIELD_PORTS,
			  "Port %u is assigned to \"%.*s\"%s%.*s.", port->number,
			  TEXT(brief(row.shown[COLUMN_NAME])),
			  row.shown[COLUMN_ASSIGNEE].n ? ", of " : "",
			  TEXT(brief(row.shown[COLUMN_ASSIGNEE])));
	attach(work, rows);
}

/* Spans of the past that had the port, and have it no more. */
static bool check_past(struct work *work, const struct port *port)
{
	const struct preflight_past *past = work->facts->past;
	bool found = false;

	for (size_t i = 0; past && i < past->count; i++) {
		const struct past_span *span = &past->spans[i];
		char space[PAST_DAY_SIZE];

		if (!span->until || span->first_port > port->number ||
		    span->last_port < port->number || utf8_fold_eq(span->name, work->name) ||
		    !(span->transports & port->transports))
			continue;
		if (!found)
			work_find(
				work, PORT_PAST, FIELD_PORTS,
				"Port %u was assigned to \"%.*s\" until %.*s: software that is out "
				"there may use it still. Others are free.",
				port->number, TEXT(brief(span->name)),
				TEXT(past_day(span->until, space)));
		found = true;
		work_precedent_past(work, span, true, SLICE("assigned until then"));
	}
	return found;
}

static void check_reserved(struct work *work, const struct port *port, bool past)
{
	struct row row;

	image_row(work->image, port->reserved.numbers[0], &row);
	if (port->elsewhere.count > 0 && !port->shared) {
		struct slice name =
			image_row_text(work->image, port->elsewhere.numbers[0], COLUMN_NAME);

		if (!port->held) {
			work_find(work, PORT_COUNTERPART, FIELD_PORTS,
				  "Port %u is Reserved beside \"%.*s\", which has it by another "
				  "transport. It should not go to another service while others are "
				  "free.",
				  port->number, TEXT(brief(name)));
			attach(work, &port->elsewhere);
		}
	} else if (port->deassigned && !port->shared) {
		if (!past) {
			work_find(
				work, PORT_PAST, FIELD_PORTS,
				"Port %u is Reserved because it was de-assigned. It should not be "
				"assigned again while others are free.",
				port->number);
			attach(work, &port->reserved);
		}
	} else if (work->range && work->range->method && work->range->method->approvals > 0) {
		work_find(work, PORT_APPROVAL, FIELD_PORTS,
			  "Port %u is Reserved (\"%.*s\"): the approvers have to give it free.",
			  port->number, TEXT(brief(row.shown[COLUMN_DESCRIPTION])));
		attach(work, &port->reserved);
	} else {
		work_find(work, PORT_RESERVED, FIELD_PORTS,
			  "Port %u is Reserved (\"%.*s\"): ask for another one.", port->number,
			  TEXT(brief(row.shown[COLUMN_DESCRIPTION])));
		attach(work, &port->reserved);
	}
}

static void check_unauthorized(struct work *work, uint16_t number)
{
	bool found = false;

	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		uint32_t rows[ROWS_MAX];
		size_t count = query_port(work->image, (enum transport)i, number, rows, ROWS_MAX);

		for (size_t j = 0; j < count && j < ROWS_MAX; j++) {
			struct slice use =
				image_row_text(work->image, rows[j], COLUMN_UNAUTHORIZED);

			if (use.n == 0)
				continue;
			if (!found)
				work_find(work, PORT_UNAUTHORIZED, FIELD_PORTS,
					  "Unauthorized use of port %u is reported: %.*s", number,
					  TEXT(brief(use)));
			found = true;
			work_precedent_row(work, rows[j], SLICE("unauthorized use reported"));
		}
	}
}

/* What is common and not registered. */
static void check_common(struct work *work, uint16_t number)
{
	bool found = false;

	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		uint32_t rows[ROWS_MAX];
		bool asked = work->application->transports >> i & 1;
		size_t count = query_port(&work->common, (enum transport)i, number, rows, ROWS_MAX);

		for (size_t j = 0; j < count && j < ROWS_MAX && asked; j++) {
			struct row row;

			image_row(&work->common, rows[j], &row);
			if (utf8_fold_eq(row.shown[COLUMN_NAME], work->name))
				continue;
			if (!found)
				work_find(work, PORT_COMMON, FIELD_PORTS,
					  "Port %u is in common use without registration: %.*s.",
					  number, TEXT(brief(row.shown[COLUMN_DESCRIPTION])));
			found = true;
			work_precedent(work, &(struct preflight_precedent){
						     .name = row.shown[COLUMN_NAME],
						     .first_port = row.first_port,
						     .last_port = row.last_port,
						     .transport = row.transport,
						     .date = row.shown[COLUMN_MODIFIED],
						     .what = SLICE("common, not registered"),
					     });
		}
	}
}

static void check_port(struct work *work, uint16_t number)
{
	struct port port;
	bool past;

	if (policy_is_reserved(work->policy, number)) {
		work_find(work, PORT_WITHHELD, FIELD_PORTS,
			  "Port %u is kept back, so that ranges can be extended: nobody gets it.",
			  number);
		return;
	}
	look(work, number, &port);
	if (port.assigned.count > 0) {
		say_assigned(work, &port, &port.assigned);
	} else {
		past = check_past(work, &port);
		if (port.reserved.count > 0 && !port.own)
			check_reserved(work, &port, past);
		else if (port.elsewhere.count > 0 && !port.own) {
			work_find(work, PORT_OTHER_TRANSPORT, FIELD_PORTS,
				  "Port %u is \"%.*s\" by another transport: two services of one "
				  "port "
				  "are taken for each other.",
				  number,
				  TEXT(brief(image_row_text(work->image, port.elsewhere.numbers[0],
							    COLUMN_NAME))));
			attach(work, &port.elsewhere);
		}
	}
	check_unauthorized(work, number);
	check_common(work, number);
}

/* Whether any port of those wanted could be given. */
static bool any_left(const struct work *work)
{
	unsigned transports = work->application->transports;

	for (int32_t port = work->first_port; port <= work->last_port; port++) {
		const struct policy_range *range = policy_range_of(work->policy, port);
		bool free = range && !(range->method && range->method->never) &&
			    !policy_is_reserved(work->policy, (uint16_t)port);

		for (unsigned i = 0; i < TRANSPORT_COUNT && free; i++) {
			if (transports == 0 || (transports >> i & 1))
				free = query_port_state(work->image, (enum transport)i,
							(uint16_t)port) == ROW_UNASSIGNED;
		}
		if (free)
			return true;
	}
	return false;
}

/* Whether the range assigns anything: of both ends, which may lie in two. */
static bool check_range(struct work *work)
{
	const int32_t ends[] = {work->first_port, work->last_port};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		const struct policy_range *range = policy_range_of(work->policy, ends[i]);

		if (!range)
			work_find(work, PORT_FOREIGN, FIELD_PORTS,
				  "Port %d is in no range of this registry.", (int)ends[i]);
		else if (range->method && range->method->never)
			work_find_by(work, PORT_NEVER, FIELD_PORTS, range->section,
				     "Port %d is of a range (%d-%d) of which nothing is assigned.",
				     (int)ends[i], (int)range->first, (int)range->last);
		else
			continue;
		return false;
	}
	return true;
}

static void check_count(struct work *work)
{
	unsigned count = (unsigned)(work->last_port - work->first_port) + 1;

	if (count == 1 || work->application->any_port)
		return;
	if (work->policy->ports_most > 0 && count > work->policy->ports_most)
		work_find(work, PORTS_TOO_MANY, FIELD_PORTS,
			  "%u ports are asked for; one application has at most %u.", count,
			  work->policy->ports_most);
	else
		work_find(
			work, PORTS_SEVERAL, FIELD_PORTS,
			"%u ports are asked for. Each is to be useful by itself; one port suffices "
			"for a service that tells its parts apart within the protocol.",
			count);
}

static void check_system(struct work *work)
{
	if (work->policy->publisher_rules &&
	    port_range_of((uint16_t)work->first_port) == PORT_RANGE_SYSTEM &&
	    !has_specification(work) &&
	    !has_word(work_value(work, FIELD_REFERENCE), SLICE("proprietary")))
		work_find(work, SYSTEM_SPECIFICATION, FIELD_REFERENCE,
			  "A System Port takes a stable specification, of the IETF or approved by "
			  "the "
			  "IESG: name the RFC or the draft.");
}

/* A further transport, of the port of what it is for. */
static void check_added(struct work *work)
{
	struct row row;
	struct port port;

	if (work->subject.count == 0)
		return;
	image_row(work->image, work->subject.numbers[0], &row);
	work->name = row.shown[COLUMN_NAME];
	if (row.state != ROW_ASSIGNED || row.first_port < 0)
		return;
	look(work, (uint16_t)row.first_port, &port);
	if (port.assigned.count > 0)
		say_assigned(work, &port, &port.assigned);
}

void check_ports(struct work *work)
{
	int32_t last = work->last_port;

	if (work_is(work, IN(TRANSPORT)))
		check_added(work);
	if (!work_is(work, PORTING) || work->first_port < 0)
		return;
	check_count(work);
	if (!check_range(work))
		return;
	check_system(work);
	if (work->application->any_port) {
		if (!any_left(work))
			work_find(work, PORT_NONE_LEFT, FIELD_PORTS,
				  "No port of %d-%d is free for these transports.",
				  (int)work->first_port, (int)last);
		return;
	}
	if (last > work->first_port + LOOKED_AT)
		last = work->first_port + LOOKED_AT;
	for (int32_t port = work->first_port; port <= last; port++)
		check_port(work, (uint16_t)port);
}
