#undef NDEBUG
#include "../testing.h"

#include "lease/answer.h"

#define GOOD "\"number\":7,\"port\":30000,\"transport\":\"tcp\""

static void test_lease(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct lease lease;

	(void)state;
	assert_int_equal(answer_lease(SLICE("{" GOOD ",\"name\":\"web\",\"host\":null,\"until\":1,"
					    "\"holder\":\"ada\",\"more\":[{}]}"),
				      &arena, &lease, NULL),
			 0);
	assert_int_equal(lease.number, 7);
	assert_int_equal(lease.port, 30000);
	assert_int_equal(lease.transport, TRANSPORT_TCP);
	assert_slice(lease.name, SLICE("web"));
	assert_slice(lease.holder, SLICE("ada"));
	assert_slice(lease.host, SLICE(""));
	assert_slice(lease.until, SLICE(""));
}

static void test_no_lease(void **state)
{
	static const char *const bodies[] = {
		"",
		"{",
		"[]",
		"{}",
		"{\"port\":1,\"transport\":\"tcp\"}",
		"{\"number\":0,\"port\":1,\"transport\":\"tcp\"}",
		"{\"number\":-1,\"port\":1,\"transport\":\"tcp\"}",
		"{\"number\":9223372036854775808,\"port\":1,\"transport\":\"tcp\"}",
		"{\"number\":\"7\",\"port\":1,\"transport\":\"tcp\"}",
		"{\"number\":7,\"port\":0,\"transport\":\"tcp\"}",
		"{\"number\":7,\"port\":65536,\"transport\":\"tcp\"}",
		"{\"number\":7,\"port\":1.5,\"transport\":\"tcp\"}",
		"{\"number\":7,\"port\":1}",
		"{\"number\":7,\"port\":1,\"transport\":\"\"}",
		"{\"number\":7,\"port\":1,\"transport\":\"x\"}",
		"{\"number\":7,\"port\":1,\"transport\":6}",
		"{" GOOD "} {}",
	};
	struct arena arena CLEANUP(arena_done) = {};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct lease lease = {.number = -1};
		struct fault fault = {};

		assert_int_equal(answer_lease(slice_cstr(bodies[i]), &arena, &lease, &fault),
				 FAULT_MALFORMED);
		assert_string_not_equal(fault.text, "");
		assert_int_equal(lease.number, -1);
	}
}

static void test_list(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	const struct lease *leases;
	size_t count;
	struct fault fault;

	(void)state;
	assert_int_equal(answer_leases(SLICE("{\"leases\":[]}"), &arena, &leases, &count, &fault),
			 0);
	assert_int_equal(count, 0);
	assert_int_equal(answer_leases(SLICE("{\"leases\":[{" GOOD "},{" GOOD "}]}"), &arena,
				       &leases, &count, &fault),
			 0);
	assert_int_equal(count, 2);
	assert_int_equal(leases[1].port, 30000);
	assert_int_equal(answer_leases(SLICE("{\"leases\":[{" GOOD "},\n3]}"), &arena, &leases,
				       &count, &fault),
			 FAULT_MALFORMED);
	assert_int_equal(fault.line, 2);
	assert_int_equal(answer_leases(SLICE("[]"), &arena, &leases, &count, &fault),
			 FAULT_MALFORMED);
	assert_int_equal(answer_leases(SLICE("{\"leases\":{}}"), &arena, &leases, &count, &fault),
			 FAULT_MALFORMED);
}

static void test_problem(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};

	(void)state;
	assert_slice(answer_problem(SLICE("{\"title\":\"No\",\"detail\":\"none left\"}"), &arena),
		     SLICE("none left"));
	assert_slice(answer_problem(SLICE("{\"title\":\"No\",\"detail\":\"\"}"), &arena),
		     SLICE("No"));
	assert_slice(answer_problem(SLICE("<html>"), &arena), SLICE(""));
	assert_slice(answer_problem(SLICE("[\"title\"]"), &arena), SLICE(""));
}

static void test_token(void **state)
{
	char longest[4097];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	assert_true(lease_token_valid((struct slice){longest, 4096}));
	assert_false(lease_token_valid((struct slice){longest, 4097}));
	assert_true(lease_token_valid(SLICE("pb_~!-._")));
	assert_false(lease_token_valid(SLICE("")));
	assert_false(lease_token_valid(SLICE("a b")));
	assert_false(lease_token_valid(SLICE("a\r\nb: c")));
	assert_false(lease_token_valid(SLICE("a\x7f")));
	assert_false(lease_token_valid(SLICE("\xc3\xa9")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lease), cmocka_unit_test(test_no_lease),
		cmocka_unit_test(test_list),  cmocka_unit_test(test_problem),
		cmocka_unit_test(test_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
