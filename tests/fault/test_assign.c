/* Wherever memory runs out while an application is applied, it is said, and nothing leaks. */
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/assign/applying.h"
#include "failing.h"

enum { CALLS_MAX = 4000 };

static const char *const applications[] = {
	"procedure: port\nname: one\nports: any\ntransports: tcp\ndescription: One\n"
	"reference: RFC9000\nassignee_name: Ann\nassignee_email: a@example.org\n",
	"procedure: name\nname: two\ntransports: tcp udp\ndescription: Two\ntxt_keys: a\n"
	"contact_name: Cy\ncontact_email: c@example.org\n",
	"procedure: transport\nsubject: one\ntransports: udp sctp\n",
	"procedure: modification\nsubject: two\nname: aaa\ndescription: Other\n"
	"contact_name: Di\ncontact_email: d@example.org\nnotes: See [Ann]\n",
	"procedure: early\nname: three\nports: 20004-20005\ntransports: tcp\n"
	"expires: 2027-01-02\n",
	"procedure: renewal\nsubject: three\nexpires: 2028-01-02\n",
	"procedure: reuse\nsubject: three\nname: four\ntransports: tcp\ndescription: Four\n",
	"procedure: de-assignment\nsubject: one\n",
};

/* Applies one after the other. Returns what the first that failed did. */
static int run(const struct policy *policy, const struct application *all, struct fault *fault)
{
	const struct assign_options options = {.day = SLICE("2026-11-22")};
	struct registry *registry CLEANUP(registry_freep) = NULL;
	int result = assign_begin_registry(policy, SLICE("T"), options.day, &registry, fault);

	for (size_t i = 0; i < ARRAY_SIZE(applications) && result == 0; i++) {
		struct registry *after = NULL;
		struct assign_result done;

		result = assign_apply(registry, &all[i], policy, &options, &after, &done, fault);
		if (result != 0)
			break;
		registry_free(registry);
		registry = after;
	}
	return result;
}

static void fail_each(const char *name)
{
	struct policy *policy = applying_policy(name);
	struct application all[ARRAY_SIZE(applications)];
	struct fault fault = {};
	unsigned n = 0;
	enum failing failed;

	for (size_t i = 0; i < ARRAY_SIZE(applications); i++)
		all[i] = applying(slice_cstr(applications[i]));
	if (run(policy, all, &fault) != 0)
		fail_msg("%s", fault.text);
	do {
		int result;

		fault = (struct fault){};
		failing_arm(++n, false);
		result = run(policy, all, &fault);
		failed = failing_disarm();
		assert_int_equal(result, failed == FAILING_NONE ? 0 : FAULT_MEMORY);
		if (failed != FAILING_NONE)
			assert_told(fault);
	} while (failed != FAILING_NONE && n < CALLS_MAX);
	assert_true(n > 50 && n < CALLS_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(applications); i++)
		application_done(&all[i]);
	policy_free(policy);
}

static void test_publisher(void **state)
{
	(void)state;
	fail_each("rfc6335");
}

static void test_organisation(void **state)
{
	(void)state;
	fail_each("organisation");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_publisher),
		cmocka_unit_test(test_organisation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
