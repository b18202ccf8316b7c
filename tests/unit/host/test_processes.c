#undef NDEBUG
#include "host/processes.h"

#include "base/utf8.h"
#include "tree.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct host_sockets sockets;
static struct host_processes processes;

static void put_socket(struct strbuf *text, unsigned port, unsigned inode)
{
	strbuf_printf(text, "0: 0100007F:%04X 00000000:0000 0A 0:0 00:0 0 7 0 %u 1\n", port, inode);
}

static int set_up(void **state)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	if (make_root(state) != 0)
		return -1;
	/* 80 twice, as parts of one socket have the same inode; the last has none. */
	put_socket(&text, 80, 1001);
	put_socket(&text, 80, 1001);
	put_socket(&text, 81, 1002);
	put_socket(&text, 82, 1003);
	put_socket(&text, 83, 0);
	put_bytes("/proc/net/tcp", text.p, text.n);
	put_file("/proc/net/tcp6", "");
	return 0;
}

static int tear_down(void **state)
{
	host_processes_done(&processes);
	host_sockets_done(&sockets);
	return remove_root(state);
}

static void read_machine(void)
{
	struct host_wanted wanted = {.transports = 1u << TRANSPORT_TCP};

	assert_int_equal(host_sockets_read(root, &wanted, &sockets, NULL), 0);
	assert_int_equal(sockets.count, 5);
	assert_int_equal(host_processes_read(root, &sockets, &processes, NULL), 0);
}

/* The pids that have a socket, which must be these; 0 ends them. */
static void expect_pids(size_t socket, uint32_t first, uint32_t second)
{
	size_t count, expected = (first != 0) + (size_t)(second != 0);
	const struct host_owner *owners = host_owners(&processes, socket, &count);

	assert_int_equal(count, expected);
	if (first)
		assert_int_equal(processes.all[owners[0].process].pid, first);
	if (second)
		assert_int_equal(processes.all[owners[1].process].pid, second);
}

static void test_owners(void **state)
{
	(void)state;
	put_link("/proc/self/ns/net", "net:[1]");
	put_link("/proc/10/fd/0", "/dev/null");
	put_link("/proc/10/fd/3", "socket:[1001]");
	put_link("/proc/10/fd/4", "socket:[1001]"); /* a copy */
	put_link("/proc/10/fd/5", "socket:[1002]");
	put_link("/proc/10/ns/net", "net:[1]");
	put_link("/proc/9/fd/3", "socket:[1002]"); /* shared */
	put_link("/proc/9/ns/net", "net:[2]");
	put_link("/proc/11/fd/3", "socket:[9999]"); /* not on a port */
	put_link("/proc/11/ns/net", "net:[3]");
	put_link("/proc/12/fd/3", "socket:[]");
	put_link("/proc/12/fd/4", "socket:[0]");
	put_link("/proc/12/fd/5", "socket:[1003");
	put_link("/proc/12/fd/6", "socket:[01003]");
	put_link("/proc/12/fd/7", "socket:[99999999999999999999]");
	put_file("/proc/13/comm", "no descriptors\n");
	put_link("/proc/notapid/fd/3", "socket:[1003]");
	read_machine();
	assert_int_equal(processes.count, 2);
	assert_int_equal(processes.all[0].pid, 9);
	expect_pids(0, 10, 0);
	expect_pids(1, 10, 0);
	expect_pids(2, 9, 10);
	expect_pids(3, 0, 0);
	expect_pids(4, 0, 0);
	assert_true(processes.all[0].other_network);
	assert_false(processes.all[1].other_network);
	assert_int_equal(processes.foreign, 2);
	assert_int_equal(processes.networks, 2);
	assert_false(processes.no_proc);
}

static void test_described(void **state)
{
	const struct host_process *process;

	(void)state;
	put_link("/proc/10/fd/3", "socket:[1001]");
	put_file("/proc/10/comm", "we\033[31mb\n");
	put_bytes("/proc/10/cmdline", "/opt/web\0-p\0a\nb\x9b\0\xc3\xa4\0", 20);
	put_link("/proc/10/exe", "/opt/bin/web (deleted)");
	put_link("/proc/10/cwd", "/srv/we b");
	put_file("/proc/10/status", "Name:\tweb\nUid:\t5\t4294967\t5\t5\nGid:\t1\t1\t1\t1\n");
	put_file("/proc/10/cgroup", "0::/system.slice/web.service/docker/" ID "\n");
	/* Only its first argument tells what it runs. */
	put_link("/proc/11/fd/3", "socket:[1002]");
	put_bytes("/proc/11/cmdline", "/usr/bin/other\0x", 16);
	read_machine();
	assert_int_equal(processes.count, 2);
	process = &processes.all[0];
	assert_text(process->command, "we?[31mb");
	assert_text(process->command_line, "/opt/web -p a b? \xc3\xa4");
	assert_text(process->program, "web");
	assert_text(process->folder, "/srv/we b");
	assert_int_equal(process->uid, 4294967);
	assert_absent(process->user);
	assert_text(process->container, "docker 0123456789ab");
	assert_text(process->unit, "web.service");
	process = &processes.all[1];
	assert_text(process->program, "other");
	assert_absent(process->command);
	assert_absent(process->folder);
	assert_absent(process->unit);
	assert_absent(process->container);
	/* The folder's owner, where there is no other word. */
	assert_int_equal(process->uid, geteuid());
}

/* A command line is bounded, and ends with a whole character. */
static void test_long(void **state)
{
	static char line[5000];
	struct slice kept;
	size_t bad;

	(void)state;
	put_link("/proc/10/fd/3", "socket:[1001]");
	for (size_t i = 1; i + 1 < sizeof(line); i += 2)
		memcpy(line + i, "\xc3\xa4", 2);
	line[0] = 'a';
	put_bytes("/proc/10/cmdline", line, sizeof(line) - 1);
	read_machine();
	kept = processes.all[0].command_line;
	assert_in_range(kept.n, 1000, 1024);
	assert_true(utf8_valid(kept, &bad));
	assert_int_equal(slice_find_byte(kept, '?'), (size_t)-1);
}

static void test_unreadable(void **state)
{
	char path[128];

	(void)state;
	put_link("/proc/10/fd/3", "socket:[1001]");
	snprintf(path, sizeof(path), "%s/proc/10/fd", root);
	assert_int_equal(chmod(path, 0), 0);
	read_machine();
	/* Root may read everything. */
	assert_int_equal(processes.unreadable, geteuid() != 0);
	assert_int_equal(chmod(path, 0755), 0);
}

static void test_no_proc(void **state)
{
	struct host_wanted wanted = {.transports = 1u << TRANSPORT_TCP};

	(void)state;
	assert_int_equal(host_sockets_read(root, &wanted, &sockets, NULL), 0);
	assert_int_equal(host_processes_read("/nowhere/at/all", &sockets, &processes, NULL), 0);
	assert_true(processes.no_proc);
	expect_pids(0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_owners, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_described, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_long, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unreadable, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_proc, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
