/* The first edition of a new registry. */
#include "assign/edit.h"

static int add_row(struct registry *registry, bool assigns, int32_t first, int32_t last,
		   struct fault *fault)
{
	struct strbuf ports CLEANUP(strbuf_done) = {};
	struct row row = {.order = SLICE("di")};
	int result;

	row.shown[COLUMN_DESCRIPTION] = row.rich[COLUMN_DESCRIPTION] =
		assigns ? SLICE("Unassigned") : SLICE("Reserved");
	strbuf_add_uint(&ports, (uint64_t)first);
	if (last > first)
		strbuf_printf(&ports, "-%d", (int)last);
	if (ports.failed)
		return fault_memory(fault);
	row.rich[COLUMN_PORT] = strbuf_slice(&ports);
	result = registry_add_row(registry, &row, fault);
	return result > 0 ? FAULT_MALFORMED : result;
}

/* A row for each run of ports of a range that are to be had, or are not. */
static int add_rows(struct registry *registry, const struct policy *policy, struct fault *fault)
{
	for (int32_t port = 0; port <= PORT_MAX;) {
		const struct policy_range *range = policy_range_of(policy, port);
		int32_t last = port;
		bool assigns;
		int result;

		/* Dynamic Ports are nobody's, which needs no row to say so (RFC 6335, section 6).
		 */
		if (!range || (range->method->never && port >= PORT_DYNAMIC_FIRST)) {
			port++;
			continue;
		}
		assigns = policy_assigns(policy, port);
		while (last < range->last && policy_assigns(policy, last + 1) == assigns)
			last++;
		result = add_row(registry, assigns, port, last, fault);
		if (result < 0)
			return result;
		port = last + 1;
	}
	return 0;
}

int assign_begin_registry(const struct policy *policy, struct slice title, struct slice day,
			  struct registry **ret_registry, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	int result;

	if (!registry)
		return fault_memory(fault);
	if (registry_keep(registry, SLICE(REGISTRY_ID), &registry->header.id) < 0 ||
	    registry_keep(registry, title.p ? title : policy->registry_title,
			  &registry->header.title) < 0 ||
	    registry_keep(registry, day, &registry->header.updated) < 0)
		return fault_memory(fault);
	result = add_rows(registry, policy, fault);
	if (result < 0)
		return result;
	*ret_registry = take(registry);
	return 0;
}
