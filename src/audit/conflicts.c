/* Ports of the same addresses that two services take. */
#include <stdlib.h>

#include "audit/read.h"

/* The families that an address is of, and whether it is any of them. */
enum { FAMILY_4 = 1, FAMILY_6 = 2 };

struct bound {
	const struct audit_port *port;
	uint32_t index;
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

static bool addresses_meet(struct slice a, struct slice b)
{
	unsigned families_a, families_b;
	bool any_a = is_any(a, &families_a), any_b = is_any(b, &families_b);

	if (any_a || any_b)
		return (families_a & families_b) != 0;
	return slice_eq(plain(a), plain(b));
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
static bool meet(const struct audit *audit, const struct audit_port *a, const struct audit_port *b)
{
	const struct audit_file *file = &audit->files[a->file];

	if (a->last < b->first || !addresses_meet(a->address, b->address))
		return false;
	if (a->file != b->file)
		return files_meet(file, a, &audit->files[b->file], b);
	/* A service publishes a port once, in whatever many lines. */
	return !slice_eq(a->owner, b->owner) || file->kind == AUDIT_COMPOSE;
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

int conflicts_find(struct audit *audit, struct fault *fault)
{
	struct bound *bound = malloc((audit->port_count + 1) * sizeof(*bound));
	size_t count = 0, from = 0;

	if (!bound)
		return fault_memory(fault);
	for (size_t i = 0; i < audit->port_count; i++) {
		if (audit->ports[i].group != GROUP_NONE)
			bound[count++] = (struct bound){&audit->ports[i], (uint32_t)i};
	}
	qsort(bound, count, sizeof(*bound), compare);
	for (size_t i = 0; i < count; i++) {
		uint16_t reach = 0;

		if (bound[i].port->group != bound[from].port->group ||
		    bound[i].port->transport != bound[from].port->transport)
			from = i;
		/* Those before that end before this one begins are behind for good. */
		while (from < i && bound[from].port->last < bound[i].port->first)
			from++;
		for (size_t j = from; j < i && reach == 0; j++) {
			if (!meet(audit, bound[j].port, bound[i].port))
				continue;
			report(audit, &bound[j], &bound[i]);
			reach = 1;
		}
	}
	free(bound);
	return 0;
}
