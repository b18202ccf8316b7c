#include "policy/policy.h"

#include <stdlib.h>

#include "policy/read.h"

#include "policy-files.h" /* made of data/policies/: policy_rfc6335, policy_organisation */

static const struct slice actions[ACTION_COUNT] = {
	[ACTION_FILE] = SLICE("file"),	       [ACTION_AMEND] = SLICE("amend"),
	[ACTION_COMMENT] = SLICE("comment"),   [ACTION_VALIDATE] = SLICE("validate"),
	[ACTION_ASSIGN] = SLICE("assign"),     [ACTION_RETURN] = SLICE("return"),
	[ACTION_ANSWER] = SLICE("answer"),     [ACTION_APPROVE] = SLICE("approve"),
	[ACTION_RECUSE] = SLICE("recuse"),     [ACTION_ESCALATE] = SLICE("escalate"),
	[ACTION_CALL] = SLICE("call"),	       [ACTION_DECIDE] = SLICE("decide"),
	[ACTION_REFUSE] = SLICE("refuse"),     [ACTION_GRANT] = SLICE("grant"),
	[ACTION_WITHDRAW] = SLICE("withdraw"),
};

struct slice action_name(enum action action)
{
	return action < ACTION_COUNT ? actions[action] : SLICE_NONE;
}

bool action_find(struct slice name, enum action *ret_action)
{
	for (enum action i = 0; i < ACTION_COUNT; i++) {
		if (slice_eq(actions[i], name)) {
			*ret_action = i;
			return true;
		}
	}
	return false;
}

const char *policy_builtin(const char *name, size_t *ret_length)
{
	static const struct {
		const char *name;
		struct slice text;
	} policies[] = {
		{"rfc6335", {policy_rfc6335, sizeof(policy_rfc6335) - 1}},
		{"organisation", {policy_organisation, sizeof(policy_organisation) - 1}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		if (strcmp(policies[i].name, name) == 0) {
			*ret_length = policies[i].text.n;
			return policies[i].text.p;
		}
	}
	return NULL;
}

int policy_read(struct slice json, struct policy **ret_policy, struct fault *fault)
{
	struct owned_policy *owned;
	int result;

	if (json.n > POLICY_BYTES_MAX)
		return fault_set(fault, FAULT_LIMIT, "a policy has at most %d bytes",
				 POLICY_BYTES_MAX);
	owned = calloc(1, sizeof(*owned));
	if (!owned)
		return fault_memory(fault);
	result = policy_read_tree(json, owned, fault);
	if (result < 0)
		policy_free(&owned->policy);
	else
		*ret_policy = &owned->policy;
	return result;
}

void policy_free(struct policy *policy)
{
	struct owned_policy *owned = (struct owned_policy *)policy;

	if (!owned)
		return;
	arena_done(&owned->arena);
	free(owned);
}

void policy_freep(struct policy **policy)
{
	policy_free(*policy);
}

const struct policy_range *policy_range_of(const struct policy *policy, int32_t port)
{
	for (size_t i = 0; i < policy->range_count; i++) {
		if (port >= policy->ranges[i].first && port <= policy->ranges[i].last)
			return &policy->ranges[i];
	}
	return NULL;
}

bool policy_is_reserved(const struct policy *policy, uint16_t port)
{
	for (size_t i = 0; i < policy->reserved_count; i++) {
		if (policy->reserved[i] == port)
			return true;
	}
	return false;
}
