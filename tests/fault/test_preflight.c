/* Whatever allocation fails while an application is checked, it is said, and nothing leaks. */
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/preflight/desk.h"
#include "../unit/preflight/editions.h"
#include "failing.h"

enum { CALLS_MAX = 1000 };

/* Together they find something of nearly every group. */
static const char *const cases[] = {
	"",
	"name=hyper;ports=4711;security=;transports=tcp "
	"udp;why_port=;assignee_email=ann@one.example",
	"name=hyper2;ports=4713-4715;description=Hyper Service;reference=draft-ietf-zebra-00",
	"transports=dccp;service_code=1685221232;ports=5200",
	"procedure=de-assignment;subject=hyper 1080/udp",
	"procedure=modification;subject=hyper;name=hyperion;assignee_name=Bob;assignee_email=b@c."
	"example",
	"procedure=transport;subject=quick;transports=udp",
};

static void test_each(void **state)
{
	struct made made;

	(void)state;
	made_open(&made, "rfc6335");
	for (size_t i = 0; i < ARRAY_SIZE(cases) * 2; i++) {
		struct application application = application_of(cases[i / 2]);
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n++) {
			struct preflight found = {};
			struct fault fault = {};
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, i % 2);
			result = preflight(&application, made.policy, &made.facts, &found, &fault);
			failed = failing_disarm();
			assert_int_equal(result, failed == FAILING_NONE ? 0 : FAULT_MEMORY);
			if (result != 0)
				assert_told(fault);
			assert_int_equal(found.count > 0, result == 0);
			preflight_done(&found);
		}
		application_done(&application);
	}
	made_done(&made);
}

/* The same while the past is read; the store goes on to be used. */
static void test_past(void **state)
{
	char place[] = "/tmp/portbook-past-XXXXXX";
	struct history *history = open_editions(place);

	(void)state;
	for (unsigned all_after = 0; all_after < 2; all_after++) {
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n++) {
			struct preflight_past *past = NULL;
			struct fault fault = {};
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, all_after);
			result = history_begin(history, false, &fault);
			if (result == 0)
				result = preflight_past_read(history, &past, &fault);
			history_rollback(history);
			failed = failing_disarm();
			assert_true(result == 0 || result == FAULT_MEMORY ||
				    result == FAULT_SYSTEM);
			assert_true(failed != FAILING_NONE || result == 0);
			assert_int_equal(past != NULL, result == 0);
			if (result != 0)
				assert_told(fault);
			preflight_past_free(past);
		}
	}
	history_close(history);
	unlink(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_each),
					   cmocka_unit_test(test_past)};

	return cmocka_run_group_tests_name("preflight", tests, NULL, NULL);
}
