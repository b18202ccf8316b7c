#undef NDEBUG
#include "../testing.h"

#include "policy/policy.h"
#include "record/transport.h"

static struct slice builtin(const char *name)
{
	size_t n = 0;
	const char *text = policy_builtin(name, &n);

	assert_non_null(text);
	return (struct slice){text, n};
}

static struct policy *read_builtin(const char *name)
{
	struct fault fault = {};
	struct policy *policy = NULL;
	int result = policy_read(builtin(name), &policy, &fault);

	assert_string_equal(fault.text, "");
	assert_int_equal(result, 0);
	return policy;
}

static void test_actions(void **state)
{
	(void)state;
	for (enum action i = 0; i < ACTION_COUNT; i++) {
		enum action found = ACTION_COUNT;

		assert_true(action_find(action_name(i), &found));
		assert_int_equal(found, i);
	}
	assert_absent(action_name(ACTION_COUNT));
	assert_false(action_find(SLICE("fil"), &(enum action){0}));
}

static void assert_range(const struct policy *policy, int32_t port, const char *name,
			 unsigned reviews, unsigned approvals)
{
	const struct policy_range *range = policy_range_of(policy, port);

	assert_non_null(range);
	assert_slice(range->name, slice_cstr(name));
	assert_int_equal(range->method->reviews, reviews);
	assert_int_equal(range->method->approvals, approvals);
	assert_false(range->method->automatic);
}

/* RFC 6335, section 8.1. */
static void test_rfc6335(void **state)
{
	struct policy *policy CLEANUP(policy_freep) = read_builtin("rfc6335");
	(void)state;

	assert_text(policy->name, "rfc6335");
	assert_true(policy->publisher_rules);
	assert_range(policy, 0, "system", 1, 1);
	assert_range(policy, 1023, "system", 1, 1);
	assert_range(policy, 1024, "user", 1, 0);
	assert_range(policy, 49151, "user", 1, 0);
	assert_range(policy, 49152, "dynamic", 0, 0);
	assert_true(policy_range_of(policy, 65535)->method->never);
	assert_range(policy, -1, "names", 0, 0);
	assert_null(policy_range_of(policy, 65536));
	assert_true(policy_is_reserved(policy, 0) && policy_is_reserved(policy, 49151));
	assert_false(policy_is_reserved(policy, 1021) || policy_is_reserved(policy, 49152));
	assert_int_equal(policy->procedures, (1U << PROCEDURE_COUNT) - 1);
	assert_int_equal(policy->transports, (1U << TRANSPORT_COUNT) - 1);
	assert_int_equal(policy->deadlines[DEADLINE_CALL], 28);
	assert_int_equal(policy->early_term, 365);
	assert_int_equal(policy->renewals, 1);
	assert_int_equal(policy->names.most, 15);
	assert_int_equal(policy->leases.first, -1);
	for (enum action i = 0; i < ACTION_COUNT; i++)
		assert_true(policy->roles[i] != 0);
	assert_int_equal(policy->roles[ACTION_GRANT], 1U << ROLE_REGISTRAR);
}

static void test_organisation(void **state)
{
	struct policy *policy CLEANUP(policy_freep) = read_builtin("organisation");
	(void)state;

	assert_false(policy->publisher_rules);
	assert_range(policy, 20000, "services", 1, 0);
	assert_true(policy_range_of(policy, 29000)->method->automatic);
	assert_true(policy_range_of(policy, -1)->method->automatic);
	assert_null(policy_range_of(policy, 443));
	assert_int_equal(policy->leases.first, 30000);
	assert_int_equal(policy->leases.last, 32767);
	assert_int_equal(policy->leases.hours, 168);
}

static const struct policy_requirement *requirement(const struct policy *policy, const char *field,
						    enum procedure procedure, int32_t port)
{
	const struct policy_range *range = policy_range_of(policy, port);

	for (size_t i = 0; i < policy->requirement_count; i++) {
		const struct policy_requirement *one = &policy->requirements[i];

		if (slice_eq(one->field, slice_cstr(field)) && one->procedures >> procedure & 1 &&
		    one->ranges >> (range - policy->ranges) & 1)
			return one;
	}
	return NULL;
}

static void test_requirements(void **state)
{
	struct policy *policy CLEANUP(policy_freep) = read_builtin("rfc6335");
	const struct policy_requirement *found;
	(void)state;

	assert_null(requirement(policy, "why_port", PROCEDURE_NAME, -1));
	assert_null(requirement(policy, "why_system", PROCEDURE_PORT, 8080));
	assert_non_null(requirement(policy, "why_system", PROCEDURE_PORT, 80));
	assert_non_null(requirement(policy, "assignee_email", PROCEDURE_NAME, -1));
	found = requirement(policy, "security", PROCEDURE_PORT, 8080);
	assert_false(found->must);
	assert_text(found->section, "RFC 7605, section 7.4");
	assert_true(requirement(policy, "description", PROCEDURE_PORT, 8080)->must);
}

static void test_unknown(void **state)
{
	size_t n;
	(void)state;

	assert_null(policy_builtin("", &n));
	assert_null(policy_builtin("rfc", &n));
	policy_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actions),	     cmocka_unit_test(test_rfc6335),
		cmocka_unit_test(test_organisation), cmocka_unit_test(test_requirements),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
