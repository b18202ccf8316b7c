/* What a made-up machine says of its processes and connections. */
#undef NDEBUG
#include "../testing.h"

#include "made_up.h"
#include "reserve/machine.h"

static void test_started(void **state)
{
	int64_t started = 0;
	struct fault fault;

	(void)state;
	set_process(17, 'S', 4711);
	assert_int_equal(machine_started(MACHINE, 17, &started, &fault), 0);
	assert_int_equal(started, 4711);
	set_process(17, 'Z', 4711);
	assert_int_equal(machine_started(MACHINE, 17, &started, &fault), 1);
	set_process(17, 'S', 0);
	assert_int_equal(machine_started(MACHINE, 17, &started, &fault), 1);
	assert_int_equal(machine_started(MACHINE, 0, &started, &fault), 1);
	assert_int_equal(machine_started(MACHINE, -1, &started, &fault), 1);
	assert_int_equal(machine_started(MACHINE, INT64_MAX, &started, &fault), 1);
	assert_int_equal(machine_started("", getpid(), &started, &fault), 0);
}

static void test_nonsense(void **state)
{
	static const char *const texts[] = {
		"",	   ")",
		"17 (a",   "17 (a)",
		"17 (a) ", "17 (a) S",
		")) S 1",  "17 (a) S 1 1 1 0 -1 4 1 0 0 0 0 0 0 0 20 0 1 0 x 1"};
	int64_t started = 0;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		set_file("/proc/17/stat", texts[i]);
		assert_int_equal(machine_started(MACHINE, 17, &started, &fault), 1);
	}
	set_file("/proc/17/stat", NULL);
	assert_int_equal(mkdir(MACHINE "/proc/17/stat", 0700), 0);
	assert_int_equal(machine_started(MACHINE, 17, &started, &fault), FAULT_SYSTEM);
	assert_told(fault);
	assert_int_equal(rmdir(MACHINE "/proc/17/stat"), 0);
}

static void test_scope(void **state)
{
	char scope[MACHINE_SCOPE_SIZE];
	struct fault fault;

	(void)state;
	assert_int_equal(machine_scope(MACHINE, scope, &fault), 0);
	assert_string_equal(scope, "11111111-2222-3333-4444-555555555555 ");
	assert_int_equal(machine_scope(MACHINE "/nowhere", scope, &fault), 0);
	assert_string_equal(scope, " ");
	assert_int_equal(machine_scope("", scope, &fault), 0);
	assert_non_null(strstr(scope, "pid:["));
}

#define LINE(local, state)                                                                         \
	"   0: " local " 00000000:0000 " state " 00000000:00000000 00:00000000 00000000 0 0 1\n"

static void assert_connected(const char *tcp, const char *tcp6, bool expected)
{
	bool connected = !expected;
	struct fault fault;

	set_file("/proc/net/tcp", tcp);
	set_file("/proc/net/tcp6", tcp6);
	assert_int_equal(machine_connected(MACHINE, 0x1f90, &connected, &fault), 0);
	assert_int_equal(connected, expected);
}

static void test_connected(void **state)
{
	(void)state;
	assert_connected("sl local_address\n", NULL, false);
	assert_connected(LINE("00000000:1F90", "0A"), NULL, false);
	assert_connected(LINE("00000000:1F90", "0A") LINE("0100007F:1F90", "06"), NULL, true);
	assert_connected(LINE("0100007F:1F91", "06"),
			 LINE("0000000000000000FFFF00000100007F:1F90", "01"), true);
	assert_connected("\n\n  \n:1F90\n x", "1: 2", false);
	assert_connected(NULL, NULL, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_started),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_connected),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
