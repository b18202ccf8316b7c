/* Which process is which on a made-up machine, and on this one. */
#undef NDEBUG
#include "host/identity.h"

#include "tree.h"

static void put_stat(int process, char state, long started)
{
	char path[80], text[200];

	snprintf(path, sizeof(path), "/proc/%d/stat", process);
	snprintf(text, sizeof(text),
		 "%d (a) Z (b) %c 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 %ld 100 100\n",
		 process, state, started);
	put_file(path, text);
}

static void assert_life(int64_t process, enum host_life expected)
{
	int64_t started = 0;
	struct fault fault;

	assert_int_equal(host_process_started(root, process, &started, &fault), expected);
}

static void test_started(void **state)
{
	int64_t started = 0;
	struct fault fault;

	(void)state;
	put_stat(17, 'S', 4711);
	assert_int_equal(host_process_started(root, 17, &started, &fault), HOST_LIVES);
	assert_int_equal(started, 4711);
	put_stat(17, 'Z', 4711);
	assert_life(17, HOST_ENDED);
	put_stat(17, 'X', 4711);
	assert_life(17, HOST_ENDED);
	assert_life(18, HOST_ENDED);
	assert_life(0, HOST_ENDED);
	assert_life(-1, HOST_ENDED);
	assert_life(INT64_MAX, HOST_ENDED);
}

static void test_this_machine(void **state)
{
	static const char *const roots[] = {"", NULL};
	int64_t started = 0;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		assert_int_equal(host_process_started(roots[i], getpid(), &started, &fault),
				 HOST_LIVES);
		assert_true(started > 0);
		/* The kernel gives no process such a number. */
		assert_int_equal(host_process_started(roots[i], INT32_MAX, &started, &fault),
				 HOST_ENDED);
		assert_int_equal(host_process_started(roots[i], INT64_MAX, &started, &fault),
				 HOST_ENDED);
	}
}

static void test_nonsense(void **state)
{
	static const char *const texts[] = {
		"",	   ")",
		"19 (a",   "19 (a)",
		"19 (a) ", "19 (a) S",
		")) S 1",  "19 (a) S 1 1 1 0 -1 4 1 0 0 0 0 0 0 0 20 0 1 0 x 1"};
	int64_t started = 0;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		put_file("/proc/19/stat", texts[i]);
		assert_life(19, HOST_ENDED);
	}
	put_file("/proc/20/stat/x", "");
	assert_int_equal(host_process_started(root, 20, &started, &fault), FAULT_SYSTEM);
	assert_told(fault);
}

static void test_scope(void **state)
{
	char scope[HOST_SCOPE_SIZE], boot[600], nowhere[80];
	struct fault fault;

	(void)state;
	assert_int_equal(host_scope("", scope, &fault), 0);
	assert_non_null(strstr(scope, " pid:["));
	snprintf(nowhere, sizeof(nowhere), "%s/nowhere", root);
	assert_int_equal(host_scope(nowhere, scope, &fault), 0);
	assert_string_equal(scope, " ");
	/* Whatever is not just absent is no scope, for processes of another one count as ended. */
	snprintf(boot, sizeof(boot), "%s/proc/sys/kernel/random/boot_id", root);
	put_file("/proc/sys/kernel/random/other", "");
	assert_int_equal(mkdir(boot, 0700), 0);
	assert_int_equal(host_scope(root, scope, &fault), FAULT_SYSTEM);
	assert_told(fault);
	assert_int_equal(rmdir(boot), 0);
	put_file("/proc/sys/kernel/random/boot_id", "11111111-2222-3333-4444-555555555555\n");
	assert_int_equal(host_scope(root, scope, &fault), 0);
	assert_string_equal(scope, "11111111-2222-3333-4444-555555555555 ");
	put_link("/proc/self/ns/pid", "pid:[4026531836]");
	assert_int_equal(host_scope(root, scope, &fault), 0);
	assert_string_equal(scope, "11111111-2222-3333-4444-555555555555 pid:[4026531836]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_started, make_root, remove_root),
		cmocka_unit_test(test_this_machine),
		cmocka_unit_test_setup_teardown(test_nonsense, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_scope, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
