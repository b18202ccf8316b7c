/* What there is to say about each port that was found, and about all of them. */
#include <stdlib.h>

#include "advice/advice.h"
#include "audit/read.h"
#include "base/utf8.h"
#include "query/query.h"

enum {
	EPHEMERAL_FIRST = 32768, /* of Linux, unless it is configured otherwise */
	EPHEMERAL_LAST = 60999,
	NODE_PORTS_FIRST = 30000,
	NODE_PORTS_LAST = 32767,
	ROWS_MAX = 64,
	LIKE_LEAST = 5, /* letters of a name that another one may begin with */
};

struct judge {
	struct audit *audit;
	const struct image *image;
	struct audit_options options;
};

/* A port that is judged: its number, or the first of its range. */
struct subject {
	const struct audit_port *port;
	uint32_t index;
	enum transport transport;
	struct slice assigned;	      /* whom it is assigned to; absent: to nobody */
	struct slice assigned_beside; /* the same on another transport */
	enum transport beside;
	struct slice label; /* "8080/tcp" */
};

static void report(struct judge *judge, const struct subject *subject, enum audit_check check,
		   struct slice text)
{
	const struct audit_port *port = subject->port;

	audit_report(judge->audit, check, port->file, (struct place){port->line, port->column},
		     subject->index, port->owner, text);
}

#define REPORT(judge_, subject_, check_, ...)                                                      \
	report((judge_), (subject_), (check_), audit_text((judge_)->audit, __VA_ARGS__))
#define TEXT(slice_) (int)(slice_).n, (slice_).n ? (slice_).p : ""

/* Whether word is one of those that hyphens part in name. */
static bool has_word(struct slice name, struct slice word)
{
	while (name.p) {
		if (utf8_fold_eq(slice_cut(&name, '-'), word))
			return true;
	}
	return false;
}

static bool begins_with(struct slice name, struct slice start)
{
	return start.n >= LIKE_LEAST && name.n >= start.n &&
	       utf8_fold_eq((struct slice){name.p, start.n}, start);
}

/* What the registry calls a service that everybody calls by another name; else the name. */
static struct slice registered_name(struct slice name)
{
	static const struct {
		struct slice name, registered;
	} known[] = {
		{{"dns", 3}, {"domain", 6}},	{{"postgres", 8}, {"postgresql", 10}},
		{{"mariadb", 7}, {"mysql", 5}}, {{"memcached", 9}, {"memcache", 8}},
		{{"mongo", 5}, {"mongodb", 7}}, {{"rabbitmq", 8}, {"amqp", 4}},
		{{"valkey", 6}, {"redis", 5}},	{{"eclipse-mosquitto", 17}, {"mqtt", 4}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (utf8_fold_eq(known[i].name, name))
			return known[i].registered;
	}
	return name;
}

/* Whether two names may well be of one service. */
static bool are_alike(struct slice assigned, struct slice name)
{
	return utf8_fold_eq(assigned, registered_name(name)) || has_word(assigned, name) ||
	       has_word(name, assigned) || begins_with(assigned, name) ||
	       begins_with(name, assigned);
}

/* Whether the port is assigned to a service of such a name, on any transport. */
static bool is_of(const struct judge *judge, uint16_t port, struct slice name)
{
	for (unsigned t = 0; t < TRANSPORT_COUNT; t++) {
		uint32_t rows[ROWS_MAX];
		size_t count = query_port(judge->image, (enum transport)t, port, rows, ROWS_MAX);

		for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
			struct slice assigned = image_row_text(judge->image, rows[i], COLUMN_NAME);

			if (assigned.n > 0 && are_alike(assigned, name))
				return true;
		}
	}
	return false;
}

/* The first ports of a service name: how many; 0: it has none. */
static size_t ports_of(const struct judge *judge, struct slice name, uint16_t ports[static 4])
{
	uint32_t rows[ROWS_MAX];
	size_t count = query_name(judge->image, name, rows, ROWS_MAX), found = 0;

	for (size_t i = 0; i < count && i < ROWS_MAX && found < 4; i++) {
		struct image_row_head head;

		if (image_row_head(judge->image, rows[i], &head) && !head.portless &&
		    head.state == ROW_ASSIGNED &&
		    (found == 0 || ports[found - 1] != head.first_port))
			ports[found++] = head.first_port;
	}
	return found;
}

/* The part of a port's name that is a service name with a port; absent: none. */
static struct slice service_in(const struct judge *judge, struct slice name)
{
	struct slice rest = name, first = registered_name(slice_cut(&rest, '-'));
	uint16_t ports[4];

	name = registered_name(name);
	if (ports_of(judge, name, ports) > 0)
		return name;
	return rest.p && ports_of(judge, first, ports) > 0 ? first : SLICE_NONE;
}

/*
 * What a service publishes is what its image is named after only where it leads to a port of that.
 * The port inside stands before the one outside.
 */
static bool leads_elsewhere(const struct judge *judge, const struct subject *subject)
{
	const struct audit_port *port = subject->port, *inside = port - 1;

	return judge->audit->files[port->file].kind == AUDIT_COMPOSE && !port->named &&
	       port->use == AUDIT_TAKEN && subject->index > 0 && inside->use == AUDIT_INSIDE &&
	       inside->file == port->file && !is_of(judge, inside->first, port->name);
}

static bool is_web_port(const struct judge *judge, const struct audit_port *port)
{
	return port->web && is_of(judge, port->first, SLICE("http"));
}

static void judge_name(struct judge *judge, const struct subject *subject)
{
	const struct audit_port *port = subject->port;
	bool seen = port->use == AUDIT_TAKEN || port->use == AUDIT_OFFERED ||
		    port->use == AUDIT_SETTING;
	struct slice service, assigned = subject->assigned;
	uint16_t ports[4];
	size_t count;

	if (!seen || port->name.n == 0 || leads_elsewhere(judge, subject) ||
	    is_of(judge, port->first, port->name))
		return;
	service = service_in(judge, port->name);
	if (service.p && is_of(judge, port->first, service))
		return;
	count = service.p ? ports_of(judge, service, ports) : 0;
	if (count > 0 && port->named)
		REPORT(judge, subject, NAME_NUMBER, "%.*s has port %u%s, not %.*s%s%.*s",
		       TEXT(service), ports[0], count > 1 ? " and others" : "",
		       TEXT(subject->label), assigned.p ? ", which is assigned to " : "",
		       TEXT(assigned));
	else if (assigned.p && (count > 0 || (port->named && !is_web_port(judge, port))))
		REPORT(judge, subject, ASSIGNED_OTHER, "%.*s is assigned to %.*s, and this is %.*s",
		       TEXT(subject->label), TEXT(assigned), TEXT(port->name));
}

static bool says(struct slice text, struct slice word)
{
	for (size_t i = 0; i + word.n <= text.n; i++) {
		if (utf8_fold_eq((struct slice){text.p + i, word.n}, word))
			return true;
	}
	return false;
}

/* Whether the registry says of a port that nobody has that somebody had it. */
static bool was_assigned(const struct judge *judge, const struct subject *subject)
{
	uint32_t rows[ROWS_MAX];
	size_t count =
		query_port(judge->image, subject->transport, subject->port->first, rows, ROWS_MAX);

	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		struct slice about = image_row_text(judge->image, rows[i], COLUMN_DESCRIPTION),
			     notes = image_row_text(judge->image, rows[i], COLUMN_NOTES);

		if (says(about, SLICE("removed")) || says(about, SLICE("de-registered")) ||
		    says(about, SLICE("de-assigned")) || says(notes, SLICE("removed")) ||
		    says(notes, SLICE("de-registered")) || says(notes, SLICE("de-assigned")))
			return true;
	}
	return false;
}

static void judge_state(struct judge *judge, const struct subject *subject)
{
	const struct audit_port *port = subject->port;
	enum row_state state = query_port_state(judge->image, subject->transport, port->first);
	bool outside = port->use == AUDIT_TAKEN || port->use == AUDIT_OFFERED;

	if (state == ROW_ASSIGNED || port->first >= PORT_DYNAMIC_FIRST ||
	    port->use == AUDIT_REMOTE || port->use == AUDIT_SETTING || port->use == AUDIT_NODE)
		return;
	if (subject->assigned_beside.p) {
		REPORT(judge, subject, WRONG_TRANSPORT, "%.*s is not assigned; %u/%.*s is, to %.*s",
		       TEXT(subject->label), port->first, TEXT(transport_name(subject->beside)),
		       TEXT(subject->assigned_beside));
		return;
	}
	if (!outside)
		return;
	if (was_assigned(judge, subject))
		REPORT(judge, subject, DEASSIGNED, "%.*s was assigned once, and is not any more",
		       TEXT(subject->label));
	else if (state == ROW_RESERVED)
		REPORT(judge, subject, RESERVED, "%.*s is reserved", TEXT(subject->label));
	else if (port->first < PORT_USER_FIRST)
		REPORT(judge, subject, UNASSIGNED_SYSTEM,
		       "%.*s is a System Port that is not assigned", TEXT(subject->label));
}

static bool overlaps(const struct audit_port *port, uint16_t first, uint16_t last)
{
	return port->first <= last && port->last >= first;
}

static void judge_ranges(struct judge *judge, const struct subject *subject)
{
	const struct audit_port *port = subject->port;
	uint16_t first = judge->options.ephemeral_first, last = judge->options.ephemeral_last;

	if (port->use == AUDIT_NODE &&
	    (port->first < NODE_PORTS_FIRST || port->last > NODE_PORTS_LAST))
		REPORT(judge, subject, NODE_PORT_RANGE, "%u is no NodePort: %d to %d", port->first,
		       NODE_PORTS_FIRST, NODE_PORTS_LAST);
	/* A setting is the server's own where it is PORT, which is for browsers. */
	if (port->use != AUDIT_TAKEN && !(port->use == AUDIT_SETTING && port->web))
		return;
	if (port->last >= PORT_DYNAMIC_FIRST)
		REPORT(judge, subject, DYNAMIC,
		       "%.*s is a Dynamic Port, which systems give to clients",
		       TEXT(subject->label));
	else if (overlaps(port, first, last))
		REPORT(judge, subject, EPHEMERAL,
		       "%.*s is one of those that the system gives to clients (%u to %u)",
		       TEXT(subject->label), first, last);
	else if (overlaps(port, NODE_PORTS_FIRST, NODE_PORTS_LAST))
		REPORT(judge, subject, IN_NODE_PORTS,
		       "%.*s is in the range of NodePorts (%d to %d)", TEXT(subject->label),
		       NODE_PORTS_FIRST, NODE_PORTS_LAST);
}

static void judge_browsers(struct judge *judge, const struct subject *subject)
{
	const struct audit_port *port = subject->port;
	uint16_t blocked;

	if (subject->transport != TRANSPORT_TCP ||
	    !(port->use == AUDIT_TAKEN || (port->web && port->use != AUDIT_INSIDE)) ||
	    !advice_browsers_refuse_in(port->first, port->last, &blocked))
		return;
	if (!port->web &&
	    (blocked < PORT_USER_FIRST || (port->name.n > 0 && is_of(judge, blocked, port->name))))
		return;
	REPORT(judge, subject, BLOCKED, "browsers refuse port %u", blocked);
}

static struct slice label_of(struct judge *judge, const struct audit_port *port)
{
	struct slice transport = transport_name((enum transport)port->transport);

	if (port->first == port->last)
		return audit_text(judge->audit, "%u/%.*s", port->first, TEXT(transport));
	return audit_text(judge->audit, "%u-%u/%.*s", port->first, port->last, TEXT(transport));
}

static struct slice assigned_to(const struct judge *judge, enum transport transport, uint16_t port)
{
	uint32_t row;

	if (!query_port_named(judge->image, transport, port, &row))
		return SLICE_NONE;
	return image_row_text(judge->image, row, COLUMN_NAME);
}

/* Whether the port's name, or its owner's ("service web"), is like that of what is there. */
static bool is_own(const struct audit_port *port, struct slice other)
{
	struct slice rest = port->owner;

	if (port->name.n > 0 && are_alike(port->name, other))
		return true;
	while (rest.p) {
		struct slice word = slice_trim(slice_cut(&rest, ' '));

		if (word.n > 0 && are_alike(word, other))
			return true;
	}
	return false;
}

/* Registered, reserved, configured, running: where the last three do not go together. */
static void judge_drift(struct judge *judge, const struct subject *subject)
{
	const struct audit_port *port = subject->port;
	const struct audit_seen *seen;
	bool open = false;
	size_t count;

	if (!judge->options.against || port->use != AUDIT_TAKEN || port->first != port->last)
		return;
	count = audit_seen_find(&judge->options, subject->transport, port->first, &seen);
	for (size_t i = 0; i < count; i++, seen++) {
		open |= seen->open;
		if (i > 0 && audit_seen_compare(seen - 1, seen) == 0)
			continue;
		/* Only a program that is named after a service is sure to be that. */
		if (seen->running.n > 0 && !is_own(port, seen->running) &&
		    service_in(judge, seen->running).p)
			REPORT(judge, subject, DRIFT_TAKEN, "%.*s is held by %.*s now",
			       TEXT(subject->label), TEXT(seen->running));
		if (seen->reserved.n > 0 && !is_own(port, seen->reserved))
			REPORT(judge, subject, DRIFT_HELD, "%.*s is reserved for \"%.*s\"",
			       TEXT(subject->label), TEXT(seen->reserved));
	}
	if (!open)
		REPORT(judge, subject, DRIFT_SILENT, "nothing listens at %.*s",
		       TEXT(subject->label));
}

static void judge_port(struct judge *judge, uint32_t index)
{
	struct subject subject = {.port = &judge->audit->ports[index],
				  .index = index,
				  .transport =
					  (enum transport)judge->audit->ports[index].transport};

	if (subject.port->use == AUDIT_REMOTE)
		return;
	subject.label = label_of(judge, subject.port);
	subject.assigned = assigned_to(judge, subject.transport, subject.port->first);
	for (unsigned t = 0; t < TRANSPORT_COUNT && !subject.assigned_beside.p; t++) {
		if (t == (unsigned)subject.transport)
			continue;
		subject.assigned_beside =
			assigned_to(judge, (enum transport)t, subject.port->first);
		subject.beside = (enum transport)t;
	}
	judge_name(judge, &subject);
	judge_state(judge, &subject);
	judge_ranges(judge, &subject);
	judge_browsers(judge, &subject);
	judge_drift(judge, &subject);
}

/* DNS and Kerberos are on both; ports of one owner stand beside each other. */
static void judge_pairs(struct judge *judge, uint32_t from, uint32_t to)
{
	static const uint16_t both[] = {53, 88};

	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		unsigned seen = 0;
		uint32_t first = to;

		for (uint32_t k = from; k < to; k++) {
			const struct audit_port *port = &judge->audit->ports[k];

			if (port->first > both[i] || port->last < both[i] ||
			    (port->use != AUDIT_TAKEN && port->use != AUDIT_OFFERED))
				continue;
			seen |= 1u << port->transport;
			first = first == to ? k : first;
		}
		if (seen == 1u << TRANSPORT_TCP || seen == 1u << TRANSPORT_UDP) {
			struct subject subject = {.port = &judge->audit->ports[first],
						  .index = first};

			REPORT(judge, &subject, TRANSPORT_MISSING,
			       "port %u is there for %s alone, and is to be for both", both[i],
			       seen == 1u << TRANSPORT_TCP ? "tcp" : "udp");
		}
	}
}

static int compare_findings(const void *a, const void *b)
{
	const struct audit_finding *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	if (x->check->number != y->check->number)
		return x->check->number < y->check->number ? -1 : 1;
	return slice_compare(x->text, y->text);
}

/* In order, each once: both sides of 53:53 say the same. */
static void sort_findings(struct audit *audit)
{
	size_t kept = 0;

	if (audit->finding_count > 0)
		qsort(audit->findings, audit->finding_count, sizeof(*audit->findings),
		      compare_findings);
	for (size_t i = 0; i < audit->finding_count; i++) {
		if (kept == 0 ||
		    compare_findings(&audit->findings[kept - 1], &audit->findings[i]) != 0)
			audit->findings[kept++] = audit->findings[i];
	}
	audit->finding_count = kept;
}

int audit_judge(struct audit *audit, const struct image *image, const struct audit_options *options,
		struct fault *fault)
{
	struct judge judge = {.audit = audit, .image = image, .options = *options};
	uint32_t from = 0, count = (uint32_t)audit->port_count;
	int result;

	if (judge.options.ephemeral_first == 0) {
		judge.options.ephemeral_first = EPHEMERAL_FIRST;
		judge.options.ephemeral_last = EPHEMERAL_LAST;
	}
	result = conflicts_find(audit, fault);
	if (result < 0)
		return result;
	for (uint32_t i = 0; i < count; i++) {
		const struct audit_port *port = &audit->ports[i];

		judge_port(&judge, i);
		if (i + 1 < count && audit->ports[i + 1].file == port->file &&
		    slice_eq(audit->ports[i + 1].owner, port->owner))
			continue;
		judge_pairs(&judge, from, i + 1);
		from = i + 1;
	}
	sort_findings(audit);
	allow_apply(audit);
	sort_findings(audit);
	return audit->failed ? fault_memory(fault) : 0;
}
