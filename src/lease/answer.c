#include "lease/answer.h"

#include "base/number.h"
#include "record/port.h"
#include "tree/tree.h"

static int malformed(const struct tree_node *node, const char *what, struct fault *fault)
{
	return fault_at_line(fault, FAULT_MALFORMED, node->line, node->column,
			     "the answer is no lease: %s", what);
}

static bool read_number(const struct tree_node *object, struct slice key, uint64_t max,
			uint64_t *ret_number)
{
	const struct tree_node *node = tree_get(object, key);

	return node && node->kind == TREE_SCALAR && node->plain &&
	       number_parse(node->text, max, ret_number) && *ret_number > 0;
}

/* Empty: it is null, or not there. */
static struct slice read_text(const struct tree_node *object, struct slice key)
{
	const struct tree_node *node = tree_get(object, key);

	return node && node->kind == TREE_SCALAR && !node->plain ? node->text : SLICE("");
}

static int read_lease(const struct tree_node *object, struct lease *ret_lease, struct fault *fault)
{
	uint64_t number, port;
	struct lease lease = {
		.name = read_text(object, SLICE("name")),
		.holder = read_text(object, SLICE("holder")),
		.host = read_text(object, SLICE("host")),
		.project = read_text(object, SLICE("project")),
		.since = read_text(object, SLICE("since")),
		.until = read_text(object, SLICE("until")),
	};

	if (object->kind != TREE_MAPPING)
		return malformed(object, "it is no object", fault);
	if (!read_number(object, SLICE("number"), INT64_MAX, &number))
		return malformed(object, "it has no \"number\"", fault);
	if (!read_number(object, SLICE("port"), PORT_MAX, &port))
		return malformed(object, "it has no \"port\" from 1 to 65535", fault);
	if (!transport_parse(read_text(object, SLICE("transport")), &lease.transport) ||
	    lease.transport == TRANSPORT_NONE)
		return malformed(object, "it has no \"transport\"", fault);
	lease.number = (int64_t)number;
	lease.port = (uint16_t)port;
	*ret_lease = lease;
	return 0;
}

int answer_lease(struct slice body, struct arena *arena, struct lease *ret_lease,
		 struct fault *fault)
{
	const struct tree_node *root;
	int result = tree_read_json(body, arena, &root, fault);

	return result < 0 ? result : read_lease(root, ret_lease, fault);
}

int answer_leases(struct slice body, struct arena *arena, const struct lease **ret_leases,
		  size_t *ret_count, struct fault *fault)
{
	const struct tree_node *root, *list, *node;
	struct lease *leases;
	size_t count = 0, i = 0;
	int result = tree_read_json(body, arena, &root, fault);

	if (result < 0)
		return result;
	list = tree_get(root, SLICE("leases"));
	if (!list || list->kind != TREE_SEQUENCE)
		return malformed(root, "it has no list of \"leases\"", fault);
	for (node = list->first; node; node = node->next)
		count++;
	leases = arena_alloc(arena, (count + 1) * sizeof(*leases));
	if (!leases)
		return fault_memory(fault);
	for (node = list->first; node && result == 0; node = node->next)
		result = read_lease(node, &leases[i++], fault);
	if (result < 0)
		return result;
	*ret_leases = leases;
	*ret_count = count;
	return 0;
}

struct slice answer_problem(struct slice body, struct arena *arena)
{
	const struct tree_node *root;
	struct slice detail;

	if (tree_read_json(body, arena, &root, NULL) != 0 || root->kind != TREE_MAPPING)
		return SLICE("");
	detail = read_text(root, SLICE("detail"));
	return detail.n > 0 ? detail : read_text(root, SLICE("title"));
}
