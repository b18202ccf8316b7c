/* Memory that fails while policies and applications are read and written. */
#undef NDEBUG
#include "../unit/testing.h"

#include "application/application.h"
#include "failing.h"
#include "policy/policy.h"

enum { CALLS_MAX = 1000 };

static int read_policy(struct fault *fault)
{
	struct policy *policy CLEANUP(policy_freep) = NULL;
	size_t n = 0;
	const char *text = policy_builtin("rfc6335", &n);
	int result = policy_read((struct slice){text, n}, &policy, fault);

	assert_int_equal(!policy, result != 0);
	return result;
}

/* What is read is written, and read again. */
static int read_application(struct slice document, bool yaml, struct fault *fault)
{
	struct application application CLEANUP(application_done) = {};
	struct application_problem problem = {};
	struct out out CLEANUP(out_done) = {.fd = -1};
	int result = yaml ? application_read_yaml(document, &application, &problem)
			  : application_read_json(document, &application, &problem);

	*fault = problem.fault;
	if (result != 0 || !yaml)
		return result;
	if (out_init_memory(&out) < 0)
		return fault_memory(fault);
	application_write_json(&application, 7, &out);
	application_write_template(application.procedure, &application, &out);
	if (out_finish(&out) != 0)
		return fault_memory(fault);
	return 0;
}

static int read_yaml(struct fault *fault)
{
	return read_application(SLICE("procedure: port\nname: &a foo\nports: any\nother: *a\n"
				      "transports: [tcp, udp]\nreference: [a, b]\n"),
				true, fault);
}

static int read_json(struct fault *fault)
{
	return read_application(
		SLICE("{\"procedure\":\"name\",\"transports\":[\"tcp\",\"udp\"],\"other\":\"a\"}"),
		false, fault);
}

static void fail_each(int (*run)(struct fault *))
{
	for (unsigned all_after = 0; all_after < 2; all_after++) {
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n++) {
			struct fault fault = {};
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, all_after);
			result = run(&fault);
			failed = failing_disarm();
			assert_int_equal(result, failed == FAILING_NONE ? 0 : FAULT_MEMORY);
			if (result < 0)
				assert_told(fault);
		}
	}
}

static void test_policy(void **state)
{
	(void)state;
	fail_each(read_policy);
}

static void test_application(void **state)
{
	(void)state;
	fail_each(read_yaml);
	fail_each(read_json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_policy),
					   cmocka_unit_test(test_application)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
