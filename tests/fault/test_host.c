/*
 * Whatever memory fails while sockets and processes are read, that is said, nothing leaks, and no
 * descriptor stays open. What else fails is no fault: so much was not seen.
 */
#undef NDEBUG
#include "../unit/host/tree.h"

#include <dirent.h>
#include <fcntl.h>

#include "failing.h"
#include "host/identity.h"
#include "host/processes.h"

enum { CALLS_MAX = 5000 };

#define ENDS "0100007F:%04X 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 %u 1 0"

/* A machine with more sockets and processes than there is room for at first. */
static int make_machine(void **state)
{
	char text[40000], path[80], link[40];
	size_t n = 0;

	if (make_root(state) < 0)
		return -1;
	for (unsigned i = 0; i < 300; i++)
		n += (size_t)sprintf(text + n, "%4u: " ENDS "\n", i, 1000 + i, 5000 + i);
	put_bytes("/proc/net/tcp", text, n);
	put_file("/proc/100/comm", "server\n");
	put_bytes("/proc/100/cmdline", "server\0-x", 9);
	put_file("/proc/100/cgroup", "0::/system.slice/server.service\n");
	for (unsigned i = 0; i < 280; i++) {
		snprintf(path, sizeof(path), "/proc/%u/fd/%u", 100 + i / 4, i % 4);
		snprintf(link, sizeof(link), "socket:[%u]", 5000 + i);
		put_link(path, link);
	}
	return 0;
}

static unsigned descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 1000; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static int look(const char *place, struct fault *fault)
{
	const struct host_wanted wanted = {.all = true};
	struct host_sockets sockets CLEANUP(host_sockets_done) = {};
	struct host_processes processes CLEANUP(host_processes_done) = {};
	int result = host_sockets_read(place, &wanted, &sockets, fault);

	return result == 0 ? host_processes_read(place, &sockets, &processes, fault) : result;
}

static void fail_everywhere(const char *place, bool all_after)
{
	enum failing failed = FAILING_MEMORY;
	unsigned memory = 0;

	for (unsigned n = 1; failed != FAILING_NONE; n++) {
		struct fault fault = {};
		unsigned open = descriptors();
		int result;

		assert_true(n < CALLS_MAX);
		failing_arm(n, all_after);
		result = look(place, &fault);
		failed = failing_disarm();
		assert_int_equal(descriptors(), open);
		if (failed == FAILING_MEMORY) {
			memory++;
			assert_int_equal(result, FAULT_MEMORY);
		} else {
			assert_true(result == 0 || (all_after && result == FAULT_MEMORY));
		}
		if (result != 0)
			assert_told(fault);
	}
	assert_true(memory > 5);
}

static void test_made_up(void **state)
{
	(void)state;
	fail_everywhere(root, false);
	fail_everywhere(root, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_made_up, make_machine, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
