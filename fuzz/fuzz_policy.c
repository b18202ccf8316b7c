/* Any bytes as a policy: what is taken holds together, what is not is told with its place. */
#include "fuzz.h"
#include "policy/policy.h"
#include "record/transport.h"

static void check(const struct policy *policy)
{
	must(policy->range_count <= 32 && policy->range_count > 0);
	for (size_t i = 0; i < policy->range_count; i++) {
		const struct policy_range *range = &policy->ranges[i];

		must(range->first <= range->last && range->last <= 65535 && range->method);
		must(policy_range_of(policy, range->first) == range);
		must(policy_range_of(policy, range->last) == range);
	}
	for (size_t i = 0; i < policy->reserved_count; i++)
		must(policy_is_reserved(policy, policy->reserved[i]));
	for (size_t i = 0; i < policy->requirement_count; i++)
		must(policy->requirements[i].field.n > 0);
	for (size_t i = 0; i < ACTION_COUNT; i++)
		must(policy->roles[i] && policy->roles[i] < 1U << ROLE_ADMINISTRATOR);
	must(policy->procedures && policy->procedures < 1U << PROCEDURE_COUNT);
	must(policy->transports && policy->transports < 1U << TRANSPORT_COUNT);
	must(policy->names.most > 0 && policy->ports_most > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy *policy CLEANUP(policy_freep) = NULL;
	struct fault fault = {};
	int result = policy_read(fuzz_slice(data, size), &policy, &fault);

	must(result == 0 || result == FAULT_MALFORMED || result == FAULT_LIMIT);
	must(result == 0 || fault.text[0]);
	must(result != FAULT_MALFORMED || (fault.line > 0 && fault.column > 0));
	must(!policy == (result != 0));
	if (policy)
		check(policy);
	return 0;
}
