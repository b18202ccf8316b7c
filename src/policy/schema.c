/* The keys of a policy, and what must hold between them. docs/POLICY.md describes them. */
#include "policy/read.h"

#include "record/port.h"
#include "record/transport.h"

enum {
	METHODS_MAX = 32,
	RANGES_MAX = 32, /* bits of a mask */
	REQUIREMENTS_MAX = 500,
	REVIEWS_MAX = 9,
	NAME_LONGEST = 62, /* with the underscore before it a label of the DNS: RFC 1035, 2.3.4 */
	TERM_MAX = 36500,  /* days */
	LEASE_MAX = 24 * 366,
	LEASES_MAX = 65536,
};

static bool find_procedure(const struct reader *reader, struct slice name, unsigned *ret_bit)
{
	enum procedure procedure;
	bool found = procedure_find(name, &procedure);

	(void)reader;
	if (found)
		*ret_bit = procedure;
	return found;
}

static bool find_role(const struct reader *reader, struct slice name, unsigned *ret_bit)
{
	enum role role;
	bool found = role_find(name, &role) && role != ROLE_ADMINISTRATOR;

	(void)reader;
	if (found)
		*ret_bit = role;
	return found;
}

static bool find_transport(const struct reader *reader, struct slice name, unsigned *ret_bit)
{
	(void)reader;
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (slice_eq(transport_name(i), name)) {
			*ret_bit = i;
			return true;
		}
	}
	return false;
}

static bool find_range(const struct reader *reader, struct slice name, unsigned *ret_bit)
{
	for (unsigned i = 0; i < reader->policy->range_count; i++) {
		if (slice_eq(reader->policy->ranges[i].name, name)) {
			*ret_bit = i;
			return true;
		}
	}
	return false;
}

static int read_procedures(struct reader *reader, const struct where *where, void *to)
{
	return read_mask(reader, where, find_procedure, "procedure", to);
}

static int read_transports(struct reader *reader, const struct where *where, void *to)
{
	return read_mask(reader, where, find_transport, "transport protocol", to);
}

static int read_range_names(struct reader *reader, const struct where *where, void *to)
{
	return read_mask(reader, where, find_range, "range of this policy", to);
}

/* Methods. */

static int read_reviews(struct reader *reader, const struct where *where, void *to)
{
	return read_number(reader, where, 0, REVIEWS_MAX, to);
}

static int read_method(struct reader *reader, const struct where *where, void *to)
{
	static const struct key keys[] = {
		{SLICE("name"), read_name, offsetof(struct policy_method, name), NEEDED},
		{SLICE("title"), read_text, offsetof(struct policy_method, title), NEEDED},
		{SLICE("reviews"), read_reviews, offsetof(struct policy_method, reviews), OPTIONAL},
		{SLICE("approvals"), read_reviews, offsetof(struct policy_method, approvals),
		 OPTIONAL},
		{SLICE("automatic"), read_bool, offsetof(struct policy_method, automatic),
		 OPTIONAL},
		{SLICE("never"), read_bool, offsetof(struct policy_method, never), OPTIONAL},
		{SLICE("section"), read_text, offsetof(struct policy_method, section), OPTIONAL},
	};
	struct policy_method *method = to;
	int result = read_object(reader, where, keys, ARRAY_SIZE(keys), to);

	if (result < 0)
		return result;
	if (method->never && (method->automatic || method->reviews || method->approvals))
		return complain(reader, where, "what is never assigned has no other method");
	if (method->automatic && (method->reviews || method->approvals))
		return complain(reader, where,
				"what is granted automatically has no reviews or approvals");
	return 0;
}

/* Whether a name is there again among those before it, which are the first of elements. */
static bool is_again(struct slice name, const void *elements, size_t size, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(*(const struct slice *)((const char *)elements + i * size), name))
			return true;
	}
	return false;
}

static int read_methods(struct reader *reader, const struct where *where, void *to)
{
	struct policy *policy = to;
	void *methods;
	size_t count;
	int result = read_array(reader, where, METHODS_MAX, sizeof(struct policy_method),
				read_method, &methods, &count);

	if (result < 0)
		return result;
	policy->methods = methods;
	policy->method_count = count;
	for (size_t i = 0; i < count; i++) {
		if (is_again(policy->methods[i].name, methods, sizeof(*policy->methods), i))
			return complain(reader, where, "methods[%zu] has the name of another one",
					i);
	}
	return 0;
}

/* Ranges. */

static int read_range_ports(struct reader *reader, const struct where *where, void *to)
{
	struct policy_range *range = to;

	return read_ports(reader, where, true, &range->first, &range->last);
}

static int read_range_method(struct reader *reader, const struct where *where, void *to)
{
	struct slice name = SLICE_NONE;
	int result = read_name(reader, where, &name);

	for (size_t i = 0; i < reader->policy->method_count && result == 0; i++) {
		const struct policy_method *method = &reader->policy->methods[i];

		if (slice_eq(method->name, name)) {
			*(const struct policy_method **)to = method;
			return 0;
		}
	}
	return result < 0 ? result : complain(reader, where, "this is no method of this policy");
}

static int read_range(struct reader *reader, const struct where *where, void *to)
{
	static const struct key keys[] = {
		{SLICE("name"), read_name, offsetof(struct policy_range, name), NEEDED},
		{SLICE("ports"), read_range_ports, 0, NEEDED},
		{SLICE("method"), read_range_method, offsetof(struct policy_range, method), NEEDED},
		{SLICE("section"), read_text, offsetof(struct policy_range, section), OPTIONAL},
	};

	return read_object(reader, where, keys, ARRAY_SIZE(keys), to);
}

static bool overlap(int32_t first, int32_t last, const struct policy_range *range)
{
	return first <= range->last && last >= range->first;
}

static int read_ranges(struct reader *reader, const struct where *where, void *to)
{
	struct policy *policy = to;
	void *elements;
	size_t count;
	int result = read_array(reader, where, RANGES_MAX, sizeof(struct policy_range), read_range,
				&elements, &count);

	if (result < 0)
		return result;
	policy->ranges = elements;
	policy->range_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct policy_range *range = &policy->ranges[i];

		if (is_again(range->name, elements, sizeof(*range), i))
			return complain(reader, where, "ranges[%zu] has the name of another one",
					i);
		for (size_t j = 0; j < i; j++) {
			if (overlap(range->first, range->last, &policy->ranges[j]))
				return complain(reader, where,
						"ranges[%zu] and ranges[%zu] overlap", j, i);
		}
	}
	return 0;
}

static int read_reserved_port(struct reader *reader, const struct where *where, void *to)
{
	unsigned port;
	int result = read_number(reader, where, 0, PORT_MAX, &port);

	if (result == 0 && !policy_range_of(reader->policy, (int32_t)port))
		result = complain(reader, where, "%u is in no range of this policy", port);
	if (result == 0)
		*(uint16_t *)to = (uint16_t)port;
	return result;
}

static int read_reserved(struct reader *reader, const struct where *where, void *to)
{
	struct policy *policy = to;
	void *ports;
	size_t count;
	int result = read_array(reader, where, PORT_COUNT, sizeof(uint16_t), read_reserved_port,
				&ports, &count);

	if (result < 0)
		return result;
	policy->reserved = ports;
	policy->reserved_count = count;
	for (size_t i = 1; i < count; i++) {
		if (policy->reserved[i - 1] >= policy->reserved[i])
			return complain(reader, where, "these must ascend");
	}
	return 0;
}

/* Requirements. */

struct demand {
	struct policy_requirement like; /* each of them, but for its field */
	struct slice *fields;
	size_t field_count;
};

static int read_level(struct reader *reader, const struct where *where, void *to)
{
	struct slice level = SLICE_NONE;
	int result = read_text(reader, where, &level);

	if (result < 0)
		return result;
	if (!slice_eq(level, SLICE("must")) && !slice_eq(level, SLICE("should")))
		return complain(reader, where, "this must be \"must\" or \"should\"");
	*(bool *)to = slice_eq(level, SLICE("must"));
	return 0;
}

static int read_fields(struct reader *reader, const struct where *where, void *to)
{
	struct demand *demand = to;
	void *fields;
	int result = read_array(reader, where, 100, sizeof(struct slice), read_name, &fields,
				&demand->field_count);

	if (result == 0)
		demand->fields = fields;
	return result;
}

static int read_demand(struct reader *reader, const struct where *where, void *to)
{
	static const struct key keys[] = {
		{SLICE("fields"), read_fields, 0, NEEDED},
		{SLICE("procedures"), read_procedures, offsetof(struct demand, like.procedures),
		 OPTIONAL},
		{SLICE("ranges"), read_range_names, offsetof(struct demand, like.ranges), OPTIONAL},
		{SLICE("level"), read_level, offsetof(struct demand, like.must), OPTIONAL},
		{SLICE("section"), read_text, offsetof(struct demand, like.section), OPTIONAL},
	};
	struct demand *demand = to;

	*demand = (struct demand){
		.like = {.procedures = UINT32_MAX, .ranges = UINT32_MAX, .must = true}};
	return read_object(reader, where, keys, ARRAY_SIZE(keys), to);
}

static int read_requirements(struct reader *reader, const struct where *where, void *to)
{
	struct policy *policy = to;
	struct policy_requirement *requirements;
	struct demand *demands;
	void *elements;
	size_t count, total = 0, n = 0;
	int result = read_array(reader, where, REQUIREMENTS_MAX, sizeof(struct demand), read_demand,
				&elements, &count);

	if (result < 0)
		return result;
	demands = elements;
	for (size_t i = 0; i < count; i++)
		total += demands[i].field_count;
	requirements = arena_alloc(reader->arena, total * sizeof(*requirements) + 1);
	if (!requirements)
		return fault_memory(reader->fault);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < demands[i].field_count; j++) {
			requirements[n] = demands[i].like;
			requirements[n++].field = demands[i].fields[j];
		}
	}
	policy->requirements = requirements;
	policy->requirement_count = n;
	return 0;
}

/* The rest. */

static int read_action_roles(struct reader *reader, const struct where *where, void *to)
{
	return read_mask(reader, where, find_role, "role that acts", to);
}

static int read_roles(struct reader *reader, const struct where *where, void *to)
{
	struct key keys[ACTION_COUNT];

	for (enum action i = 0; i < ACTION_COUNT; i++)
		keys[i] = (struct key){action_name(i), read_action_roles, i * sizeof(unsigned),
				       NEEDED};
	return read_object(reader, where, keys, ARRAY_SIZE(keys), to);
}

static int read_deadlines(struct reader *reader, const struct where *where, void *to)
{
	static const struct key keys[] = {
		{SLICE("validate"), read_days, DEADLINE_VALIDATE * sizeof(unsigned), OPTIONAL},
		{SLICE("review"), read_days, DEADLINE_REVIEW * sizeof(unsigned), OPTIONAL},
		{SLICE("requester"), read_days, DEADLINE_REQUESTER * sizeof(unsigned), OPTIONAL},
		{SLICE("approve"), read_days, DEADLINE_APPROVE * sizeof(unsigned), OPTIONAL},
		{SLICE("call"), read_days, DEADLINE_CALL * sizeof(unsigned), OPTIONAL},
		{SLICE("grant"), read_days, DEADLINE_GRANT * sizeof(unsigned), OPTIONAL},
		{SLICE("appeal"), read_days, DEADLINE_APPEAL * sizeof(unsigned), OPTIONAL},
	};

	return read_object(reader, where, keys, ARRAY_SIZE(keys), to);
}

static int read_most(struct reader *reader, const struct where *where, void *to)
{
	return read_number(reader, where, 1, NAME_LONGEST, to);
}

static int read_names(struct reader *reader, const struct where *where, void *to)
{
	static const struct key keys[] = {
		{SLICE("most"), read_most, offsetof(struct policy, names.most), OPTIONAL},
		{SLICE("letter"), read_bool, offsetof(struct policy, names.letter), OPTIONAL},
		{SLICE("hyphens"), read_bool, offsetof(struct policy, names.hyphens), OPTIONAL},
		{SLICE("underscore"), read_bool, offsetof(struct policy, names.underscore),
		 OPTIONAL},
	};

	return read_object(reader, where, keys, ARRAY_SIZE(keys), to);
}

static int read_lease_ports(struct reader *reader, const struct where *where, void *to)
{
	struct policy *policy = to;

	return read_ports(reader, where, false, &policy->leases.first, &policy->leases.last);
}

static int read_hours(struct reader *reader, const struct where *where, void *to)
{
	return read_number(reader, where, 1, LEASE_MAX, to);
}

static int read_per_account(struct reader *reader, const struct where *where, void *to)
{
	return read_number(reader, where, 1, LEASES_MAX, to);
}

static int read_leases(struct reader *reader, const struct where *where, void *to)
{
	static const struct key keys[] = {
		{SLICE("ports"), read_lease_ports, 0, NEEDED},
		{SLICE("hours"), read_hours, offsetof(struct policy, leases.hours), NEEDED},
		{SLICE("per_account"), read_per_account,
		 offsetof(struct policy, leases.per_account), NEEDED},
	};
	const struct policy *policy = to;
	int result = read_object(reader, where, keys, ARRAY_SIZE(keys), to);

	for (size_t i = 0; i < policy->range_count && result == 0; i++) {
		const struct policy_range *range = &policy->ranges[i];

		if (!range->method->never &&
		    overlap(policy->leases.first, policy->leases.last, range))
			result =
				complain(reader, where, "ports are lent that \"%.*s\" assigns, too",
					 (int)range->name.n, range->name.p);
	}
	return result;
}

static int read_ports_most(struct reader *reader, const struct where *where, void *to)
{
	return read_number(reader, where, 1, PORT_COUNT, to);
}

static int read_early_term(struct reader *reader, const struct where *where, void *to)
{
	return read_number(reader, where, 1, TERM_MAX, to);
}

static int read_renewals(struct reader *reader, const struct where *where, void *to)
{
	return read_number(reader, where, 0, 1000, to);
}

/* Methods before ranges, and those before what is of them. */
static const struct key policy_keys[] = {
	{SLICE("policy"), read_name, offsetof(struct policy, name), NEEDED},
	{SLICE("title"), read_text, offsetof(struct policy, title), NEEDED},
	{SLICE("registry_title"), read_text, offsetof(struct policy, registry_title), NEEDED},
	{SLICE("publisher_rules"), read_bool, offsetof(struct policy, publisher_rules), OPTIONAL},
	{SLICE("methods"), read_methods, 0, NEEDED},
	{SLICE("ranges"), read_ranges, 0, NEEDED},
	{SLICE("reserved"), read_reserved, 0, OPTIONAL},
	{SLICE("procedures"), read_procedures, offsetof(struct policy, procedures), NEEDED},
	{SLICE("transports"), read_transports, offsetof(struct policy, transports), NEEDED},
	{SLICE("names"), read_names, 0, OPTIONAL},
	{SLICE("ports_most"), read_ports_most, offsetof(struct policy, ports_most), OPTIONAL},
	{SLICE("requirements"), read_requirements, 0, OPTIONAL},
	{SLICE("roles"), read_roles, offsetof(struct policy, roles), NEEDED},
	{SLICE("deadlines"), read_deadlines, offsetof(struct policy, deadlines), OPTIONAL},
	{SLICE("term"), read_days, offsetof(struct policy, term), OPTIONAL},
	{SLICE("early_term"), read_early_term, offsetof(struct policy, early_term), OPTIONAL},
	{SLICE("renewals"), read_renewals, offsetof(struct policy, renewals), OPTIONAL},
	{SLICE("leases"), read_leases, 0, OPTIONAL},
};

static bool method_is_used(const struct policy *policy, const struct policy_method *method)
{
	for (size_t i = 0; i < policy->range_count; i++) {
		if (policy->ranges[i].method == method)
			return true;
	}
	return false;
}

static bool assigns(const struct policy *policy, bool ports)
{
	for (size_t i = 0; i < policy->range_count; i++) {
		const struct policy_range *range = &policy->ranges[i];

		if (!range->method->never && (range->first >= 0) == ports)
			return true;
	}
	return false;
}

static bool has(const struct policy *policy, enum procedure procedure)
{
	return policy->procedures >> procedure & 1;
}

static int check(struct reader *reader, const struct where *root)
{
	const struct policy *policy = reader->policy;

	for (size_t i = 0; i < policy->method_count; i++) {
		if (!method_is_used(policy, &policy->methods[i]))
			return complain(reader, root, "methods[%zu] is of no range", i);
	}
	if (has(policy, PROCEDURE_PORT) && !assigns(policy, true))
		return complain(reader, root, "procedures: no range has ports to assign");
	if (has(policy, PROCEDURE_NAME) && !assigns(policy, false))
		return complain(
			reader, root,
			"procedures: names are assigned, but no range has \"ports\": \"none\"");
	if (has(policy, PROCEDURE_SERVICE_CODE) && !(policy->transports >> TRANSPORT_DCCP & 1))
		return complain(reader, root,
				"procedures: service codes are DCCP's, which is not in transports");
	if (has(policy, PROCEDURE_EARLY) && policy->early_term == 0)
		return complain(reader, root, "procedures: \"early\" needs an \"early_term\"");
	return 0;
}

int policy_read_tree(struct slice json, struct owned_policy *owned, struct fault *fault)
{
	struct reader reader = {&owned->policy, &owned->arena, fault};
	struct where root = {};
	int result = tree_read_json(json, &owned->arena, &root.node, fault);

	owned->policy.ports_most = 1;
	owned->policy.names.most = 15; /* RFC 6335, section 5.1 */
	owned->policy.names.letter = owned->policy.names.hyphens = true;
	owned->policy.leases.first = owned->policy.leases.last = -1;
	if (result == 0)
		result = read_object(&reader, &root, policy_keys, ARRAY_SIZE(policy_keys),
				     &owned->policy);
	if (result == 0)
		result = check(&reader, &root);
	return result;
}
