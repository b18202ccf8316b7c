/* Ports of the same addresses that two services take. */
#include <search.h>
#include <stdlib.h>

#include "audit/read.h"

/* The families that an address is of, and whether it is any of them. */
enum { FAMILY_4 = 1, FAMILY_6 = 2 };

struct bound {
	const struct audit_port *port;
	struct slice address;
	uint32_t index;
	unsigned families;
	bool any; /* address of these */
};

static bool is_any(struct slice address, unsigned *ret_families)
{
	bool six = slice_find_byte(address, ':') != (size_t)-1;

	*ret_families = !address.p ? FAMILY_4 | FAMILY_6 : six ? FAMILY_6 : FAMILY_4;
	return !address.p || slice_eq(address, SLICE("0.0.0.0")) || slice_eq(address, SLICE("::"));
}

static struct slice plain(struct slice address)
{
	return slice_eq(address, SLICE("localhost")) ? SLICE("127.0.0.1") : address;
}

static struct bound bound_of(const struct audit_port *port, size_t index)
{
	struct bound bound = {
		.port = port, .address = plain(port->address), .index = (uint32_t)index};

	bound.any = is_any(port->address, &bound.families);
	return bound;
}

static bool addresses_meet(const struct bound *a, const struct bound *b)
{
	if (a->any || b->any)
		return (a->families & b->families) != 0;
	return slice_eq(a->address, b->address);
}

static struct slice stem(struct slice name)
{
	size_t dot = slice_find_last_byte(name, '.');

	return dot == (size_t)-1 ? name : (struct slice){name.p, dot};
}

static bool is_unit(enum audit_kind kind)
{
	return kind == AUDIT_SOCKET || kind == AUDIT_SERVICE;
}

static bool is_proxy(enum audit_kind kind)
{
	return kind == AUDIT_NGINX || kind == AUDIT_HAPROXY;
}

/* An override file is read together with the one beside it; others are instead of it. */
static bool is_used_by_itself(struct slice path)
{
	struct slice base = path_base(path);

	if (slice_starts(base, SLICE("docker-")))
		base = slice_skip(base, 7);
	return slice_eq(base, SLICE("compose.yaml")) || slice_eq(base, SLICE("compose.yml")) ||
	       slice_starts(base, SLICE("compose.override."));
}

static bool files_meet(const struct audit_file *a, const struct audit_port *port_a,
		       const struct audit_file *b, const struct audit_port *port_b)
{
	bool same_owner = slice_eq(port_a->owner, port_b->owner);

	if (is_unit(a->kind) && is_unit(b->kind))
		return !slice_eq(stem(port_a->owner), stem(port_b->owner));
	if (a->kind == AUDIT_COMPOSE && b->kind == AUDIT_COMPOSE &&
	    slice_eq(path_folder(a->path), path_folder(b->path)))
		return !same_owner && is_used_by_itself(a->path) && is_used_by_itself(b->path);
	if (a->kind == b->kind && (is_proxy(a->kind) || a->kind == AUDIT_KUBERNETES))
		return !same_owner && a->kind != AUDIT_NGINX;
	if (is_proxy(a->kind) || is_proxy(b->kind))
		return is_unit(a->kind) || is_unit(b->kind) ||
		       (slice_starts(a->path, SLICE("/etc/")) &&
			slice_starts(b->path, SLICE("/")) && is_proxy(a->kind)) ||
		       (slice_starts(b->path, SLICE("/etc/")) &&
			slice_starts(a->path, SLICE("/")) && is_proxy(b->kind));
	return a->kind != AUDIT_KUBERNETES && b->kind != AUDIT_KUBERNETES;
}

/* a begins no later than b. */
static bool meet(const struct audit *audit, const struct bound *a, const struct bound *b)
{
	const struct audit_port *x = a->port, *y = b->port;
	const struct audit_file *file = &audit->files[x->file];

	/* A service publishes a port once, in whatever many lines. */
	if (x->file == y->file && file->kind != AUDIT_COMPOSE && slice_eq(x->owner, y->owner))
		return false;
	if (x->last < y->first || !addresses_meet(a, b))
		return false;
	return x->file == y->file || files_meet(file, x, &audit->files[y->file], y);
}

static int compare(const void *a, const void *b)
{
	const struct bound *x = a, *y = b;

	if (x->port->group != y->port->group)
		return x->port->group < y->port->group ? -1 : 1;
	if (x->port->transport != y->port->transport)
		return x->port->transport < y->port->transport ? -1 : 1;
	if (x->port->first != y->port->first)
		return x->port->first < y->port->first ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static void report(struct audit *audit, const struct bound *a, const struct bound *b)
{
	const struct bound *later = a->index > b->index ? a : b, *earlier = later == a ? b : a;
	const struct audit_port *port = later->port, *other = earlier->port;
	struct slice path = audit->files[other->file].path,
		     transport = transport_name((enum transport)port->transport);
	uint16_t first = port->first > other->first ? port->first : other->first;
	bool near = port->file == other->file;

	audit_report(audit, near ? TAKEN_TWICE : TAKEN_ELSEWHERE, port->file,
		     (struct place){port->line, port->column}, later->index, port->owner,
		     audit_text(audit, "%u/%.*s is taken by %.*s as well (%.*s%sline %u)", first,
				(int)transport.n, transport.p, (int)other->owner.n, other->owner.p,
				near ? 0 : (int)path.n, path.p, near ? "" : ", ", other->line));
}

/* Those that meet the same others are equal; ports of one group and transport. */
static int compare_open(const void *a, const void *b)
{
	const struct bound *x = a, *y = b;
	int order;

	if (x->port->file != y->port->file)
		return x->port->file < y->port->file ? -1 : 1;
	if (x->port->last != y->port->last)
		return x->port->last < y->port->last ? -1 : 1;
	order = slice_compare(x->port->owner, y->port->owner);
	return order != 0 ? order : slice_compare(x->address, y->address);
}

/* Those that may be met by ones that begin later: each once, of those that are equal the first. */
struct open {
	const struct bound **list;
	size_t count, room;
	void *tree;	 /* of the same, and of those that are behind */
	size_t compared; /* pairs, in all */
	bool failed;
};

static void clear(struct open *open)
{
	tree_done(&open->tree);
	open->count = 0;
}

/* Leaves out those that end before a port, when they may be half of the list. */
static void drop_behind(struct open *open, uint16_t port)
{
	size_t kept = 0;

	if (open->count < open->room)
		return;
	for (size_t i = 0; i < open->count; i++) {
		if (open->list[i]->port->last >= port)
			open->list[kept++] = open->list[i];
	}
	open->count = kept;
	open->room = kept * 2 + 8;
}

/* The first that it meets; NULL: it meets none, or too many were compared. */
static const struct bound *find_met(struct open *open, const struct audit *audit,
				    const struct bound *bound)
{
	for (size_t i = 0; i < open->count && open->compared < COMPARED_MAX; i++) {
		open->compared++;
		if (meet(audit, open->list[i], bound))
			return open->list[i];
	}
	return NULL;
}

static void add(struct open *open, const struct bound *bound)
{
	const struct bound *const *found = tsearch(bound, &open->tree, compare_open);

	open->failed |= !found;
	if (found && *found == bound)
		open->list[open->count++] = bound;
}

static void give_up(struct audit *audit, const struct bound *bound)
{
	const struct audit_port *port = bound->port;

	audit_report(audit, MALFORMED, port->file, (struct place){port->line, port->column},
		     bound->index, port->owner,
		     audit_text(audit,
				"more than %d pairs of ports share a number: not all of "
				"them are compared",
				COMPARED_MAX));
}

/* Sorted, each with those before it. */
static void compare_all(struct audit *audit, const struct bound *bound, size_t count,
			struct open *open)
{
	for (size_t i = 0; i < count && !open->failed; i++) {
		const struct audit_port *port = bound[i].port,
					*before = i ? bound[i - 1].port : port;
		const struct bound *met;

		if (port->group != before->group || port->transport != before->transport)
			clear(open);
		drop_behind(open, port->first);
		met = find_met(open, audit, &bound[i]);
		if (met)
			report(audit, met, &bound[i]);
		if (open->compared == COMPARED_MAX) {
			give_up(audit, &bound[i]);
			return;
		}
		add(open, &bound[i]);
	}
}

int conflicts_find(struct audit *audit, struct fault *fault)
{
	size_t count = 0;
	struct bound *bound = calloc(audit->port_count + 1, sizeof(*bound));
	struct open open = {.list = calloc(audit->port_count + 1, sizeof(struct bound *))};

	open.failed = !bound || !open.list;
	for (size_t i = 0; i < audit->port_count && !open.failed; i++) {
		if (audit->ports[i].group != GROUP_NONE)
			bound[count++] = bound_of(&audit->ports[i], i);
	}
	if (count > 0)
		qsort(bound, count, sizeof(*bound), compare);
	compare_all(audit, bound, count, &open);
	clear(&open);
	free(open.list);
	free(bound);
	return open.failed ? fault_memory(fault) : 0;
}
