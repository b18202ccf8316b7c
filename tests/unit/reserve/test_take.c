/* Which port a name gets on a made-up machine, whose ports are nevertheless those of this one. */
#undef NDEBUG
#include "../testing.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "builtin/builtin.h"
#include "query/query.h"

#include "made_up.h"
#include "reserve/reserve.h"

static struct image image;
static char project[400]; /* a folder of its own, and so are the ports of names in it */

/*
 * Ports among which enough are nobody's on any machine that runs this. Other tests of reserve,
 * which run beside this one, ask for others.
 */
enum { FIRST = 21000, LAST = 21400 };

static int begin(void **state)
{
	struct fault fault;

	assert_int_equal(image_open(&image, builtin_image(), &fault), 0);
	if (enter(state) < 0)
		return -1;
	return getcwd(project, sizeof(project)) ? 0 : -1;
}

/* Each test has a database of its own, and processes 1 to 9. */
static int fresh(void **state)
{
	(void)state;
	(void)unlink("r.db");
	for (int process = 1; process < 10; process++)
		set_process(process, 'S', 1000 + process);
	return 0;
}

static struct reserve *opened(void)
{
	struct reserve *reserve = NULL;
	struct fault fault = {};

	assert_int_equal(reserve_open("r.db", MACHINE, RESERVE_CREATE, &reserve, &fault), 0);
	return reserve;
}

static struct reserve_request request_of(const char *name, int process)
{
	return (struct reserve_request){.name = slice_cstr(name),
					.folder = slice_cstr(project),
					.command = SLICE("serve"),
					.process = process,
					.first = FIRST,
					.last = LAST,
					.stated = true};
}

/* The port, or the fault. */
static int take_it(const struct reserve_request *request, struct reserve_lease *ret_lease,
		   struct fault *fault)
{
	struct reserve *reserve CLEANUP(reserve_closep) = opened();

	return reserve_take(reserve, &image, request, ret_lease, fault);
}

static uint16_t taken(const struct reserve_request *request)
{
	struct reserve_lease lease;
	struct fault fault = {};
	uint16_t port;

	assert_int_equal(take_it(request, &lease, &fault), 0);
	assert_true(lease.fd >= 0);
	port = lease.port;
	reserve_lease_done(&lease);
	return port;
}

static int note(void *context, const struct reservation *row)
{
	char **at = context;

	*at += sprintf(*at, "%.*s %s;", (int)row->name.n, row->name.p, row->held ? "held" : "free");
	return 0;
}

static void assert_rows(const char *expected)
{
	struct reserve *reserve CLEANUP(reserve_closep) = opened();
	char space[1000] = "", *at = space;
	struct fault fault;

	assert_int_equal(reserve_each(reserve, note, &at, &fault), 0);
	assert_string_equal(space, expected);
}

static void test_by_name(void **state)
{
	struct reserve_request web = request_of("web", 1), api = request_of("api", 2);
	uint16_t port = taken(&web), other = taken(&api);

	(void)state;
	assert_int_not_equal(port, other);
	assert_int_equal(query_port_state(&image, TRANSPORT_TCP, port), ROW_UNASSIGNED);
	assert_rows("api held;web held;");
	set_process(1, 'S', 0);
	assert_rows("api held;web free;");
	web.process = 3;
	assert_int_equal(taken(&web), port);
	/* The same place without any memory of it. */
	(void)unlink("r.db");
	assert_int_equal(taken(&web), port);
}

static void test_held(void **state)
{
	struct reserve_request web = request_of("web", 1);
	struct reserve_lease lease;
	struct fault fault = {};
	uint16_t port = taken(&web);

	(void)state;
	web.process = 2;
	assert_int_equal(take_it(&web, &lease, &fault), RESERVE_NAME_HELD);
	assert_non_null(strstr(fault.text, "is held by process 1: serve"));
	web = request_of("api", 2);
	web.first = web.last = port;
	assert_int_equal(take_it(&web, &lease, &fault), FAULT_SYSTEM);
	assert_non_null(strstr(fault.text, "is held by process 1: serve"));
	/* Its number is another's now. */
	set_process(1, 'S', 5);
	assert_int_equal(taken(&web), port);
	assert_rows("api held;");
}

static void test_after_a_boot(void **state)
{
	struct reserve_request web = request_of("web", 1);

	(void)state;
	taken(&web);
	set_file("/proc/sys/kernel/random/boot_id", "other\n");
	assert_rows("web free;");
	set_file("/proc/sys/kernel/random/boot_id", "11111111-2222-3333-4444-555555555555\n");
	assert_rows("web held;");
}

static void test_avoided(void **state)
{
	struct reserve_request web = request_of("web", 1);
	uint16_t port = taken(&web), second;
	char text[40];

	(void)state;
	(void)unlink("r.db");
	snprintf(text, sizeof(text), "%u\n", port);
	set_file("/proc/sys/net/ipv4/ip_local_reserved_ports", text);
	second = taken(&web);
	assert_int_not_equal(second, port);
	set_file("/proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
	/* It has that one now. */
	set_process(1, 'S', 0);
	web.process = 2;
	assert_int_equal(taken(&web), second);
	(void)unlink("r.db");
	snprintf(text, sizeof(text), "%u\t%u\n", FIRST, LAST - 100);
	set_file("/proc/sys/net/ipv4/ip_local_port_range", text);
	assert_true(taken(&web) > LAST - 100);
	set_file("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
}

/* Not all that begin where no port is good have the first that is. */
static void test_parted(void **state)
{
	bool had[PORT_MAX + 1] = {};
	unsigned others = 0;
	char text[40];

	(void)state;
	snprintf(text, sizeof(text), "%u\t%u\n", FIRST, LAST - 100);
	set_file("/proc/sys/net/ipv4/ip_local_port_range", text);
	for (int i = 0; i < 9; i++) {
		char name[] = {(char)('a' + i), '\0'};
		struct reserve_request request = request_of(name, 1);
		uint16_t port;

		(void)unlink("r.db");
		port = taken(&request);
		assert_true(port > LAST - 100);
		others += !had[port];
		had[port] = true;
	}
	assert_true(others >= 6);
	set_file("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
}

/* Unassigned all of them, and unauthorized use of the lower ones is reported. */
enum { REPORTED_FIRST = 11624, REPORTED_LAST = 11719, UNUSED_LAST = 11750 };

static void test_unauthorized(void **state)
{
	char name[] = "a";
	struct reserve_request request = request_of(name, 1);

	(void)state;
	request.first = REPORTED_FIRST;
	request.last = UNUSED_LAST;
	for (int i = 0; i < 9; i++, name[0]++) {
		uint16_t port = taken(&request);

		assert_true(port > REPORTED_LAST);
		assert_int_equal(query_port_state(&image, TRANSPORT_TCP, port), ROW_UNASSIGNED);
	}
	/* Where there are no others. */
	request.last = REPORTED_LAST;
	assert_true(taken(&request) >= REPORTED_FIRST);
}

static bool is_even(const void *context, enum transport transport, uint16_t port)
{
	assert_ptr_equal(context, project);
	return transport == TRANSPORT_TCP && port % 2 == 0;
}

static void test_known(void **state)
{
	struct reserve_request request = request_of("a", 1);

	(void)state;
	request.is_known = is_even;
	request.context = project;
	for (int process = 1; process < 10; process++) {
		char name[] = {(char)('a' + process), '\0'};

		request.name = slice_cstr(name);
		request.process = process;
		assert_int_equal(taken(&request) % 2, 1);
	}
}

static void test_one_after_the_other(void **state)
{
	struct reserve_request requests[] = {request_of("a", 1), request_of("b", 2),
					     request_of("c", 3)};
	uint16_t first = taken(&requests[0]);
	struct reserve_lease lease;
	struct fault fault;

	(void)state;
	requests[1].first = requests[1].last = requests[2].first = requests[2].last = first;
	assert_int_equal(take_it(&requests[1], &lease, &fault), FAULT_SYSTEM);
	set_process(1, 'S', 0);
	assert_int_equal(taken(&requests[1]), first);
	assert_rows("b held;");
}

static void test_in_use(void **state)
{
	struct reserve_request web = request_of("web", 1), other = request_of("web", 2);
	struct reserve_lease lease, second;
	struct fault fault;

	(void)state;
	assert_int_equal(take_it(&web, &lease, &fault), 0);
	set_process(1, 'S', 0);
	/* The process is gone, but the socket is there yet. */
	assert_int_equal(take_it(&other, &second, &fault), 0);
	assert_int_not_equal(second.port, lease.port);
	assert_int_equal(second.given_up, lease.port);
	assert_int_equal(second.refused, EADDRINUSE);
	reserve_lease_done(&lease);
	reserve_lease_done(&second);
	assert_rows("web held;");
}

static int note_all(void *context, const struct reservation *row)
{
	char **at = context;

	*at += sprintf(*at, "%.*s %u %u %lld %lld %.*s %s;", (int)row->name.n, row->name.p,
		       row->port, row->owner, (long long)row->process, (long long)row->since,
		       (int)row->command.n, row->command.p, row->held ? "held" : "free");
	return 0;
}

static void get_rows(struct reserve *reserve, char *at)
{
	struct fault fault;

	*at = '\0';
	assert_int_equal(reserve_each(reserve, note_all, &at, &fault), 0);
}

/* Takes it and undoes that, after which all is as it was before. */
static void assert_undone(struct reserve *reserve, const struct reserve_request *request)
{
	char before[1000], after[1000];
	struct reserve_lease lease;
	struct fault fault;

	get_rows(reserve, before);
	assert_int_equal(reserve_take(reserve, &image, request, &lease, &fault), 0);
	get_rows(reserve, after);
	assert_string_not_equal(after, before);
	assert_int_equal(reserve_undo(reserve, request, &lease, &fault), 0);
	get_rows(reserve, after);
	assert_string_equal(after, before);
	reserve_lease_done(&lease);
}

static void test_undo(void **state)
{
	struct reserve_request web = request_of("web", 1), api = request_of("api", 2);
	struct reserve *reserve CLEANUP(reserve_closep) = opened();
	uint16_t port;

	(void)state;
	assert_undone(reserve, &web);
	assert_rows("");
	web.command = SLICE("it's \"so\"; ?1 -- TEXT");
	port = taken(&web);
	set_process(1, 'S', 0);
	web.process = 3;
	web.command = SLICE("serve");
	assert_undone(reserve, &web);
	/* Another port than it had, another one's port, and both. */
	web.first = web.last = port > FIRST ? port - 1 : port + 1;
	assert_undone(reserve, &web);
	api.first = api.last = port;
	assert_undone(reserve, &api);
	api.first = api.last = web.first;
	taken(&api);
	set_process(2, 'S', 0);
	api.first = api.last = port;
	api.process = 4;
	assert_undone(reserve, &api);
	assert_rows("api free;web free;");
}

/* What others got meanwhile is theirs. */
static void test_undo_late(void **state)
{
	struct reserve_request web = request_of("web", 1), api = request_of("api", 2);
	struct reserve *reserve CLEANUP(reserve_closep) = opened();
	struct reserve_lease lease;
	uint16_t port = taken(&web);
	struct fault fault;

	(void)state;
	set_process(1, 'S', 0);
	web.process = 3;
	web.first = web.last = port > FIRST ? port - 1 : port + 1;
	assert_int_equal(reserve_take(reserve, &image, &web, &lease, &fault), 0);
	api.first = api.last = port;
	assert_int_equal(taken(&api), port);
	assert_int_equal(reserve_undo(reserve, &web, &lease, &fault), 0);
	reserve_lease_done(&lease);
	assert_rows("api held;");
}

static void test_release(void **state)
{
	struct reserve_request web = request_of("web", 1), api = request_of("api", 2);
	struct reserve *reserve CLEANUP(reserve_closep) = opened();
	struct reserve_subject all = {.first = 1, .last = PORT_MAX, .transport = TRANSPORT_NONE},
			       name = {.name = SLICE("web"),
				       .folder = slice_cstr(project),
				       .transport = TRANSPORT_TCP};
	struct fault fault;

	(void)state;
	web.owner = 1000;
	taken(&web);
	taken(&api);
	set_process(1, 'S', 0);
	/* All or none. */
	assert_int_equal(reserve_release(reserve, &all, 0, &fault), FAULT_SYSTEM);
	assert_rows("api held;web free;");
	assert_int_equal(reserve_release(reserve, &name, 1001, &fault), FAULT_SYSTEM);
	assert_non_null(strstr(fault.text, "is of user 1000"));
	name.transport = TRANSPORT_UDP;
	assert_int_equal(reserve_release(reserve, &name, 1000, &fault), 1);
	name.transport = TRANSPORT_TCP;
	assert_int_equal(reserve_release(reserve, &name, 1000, &fault), 0);
	assert_int_equal(reserve_release(reserve, &name, 1000, &fault), 1);
	set_process(2, 'S', 0);
	assert_int_equal(reserve_release(reserve, &all, 0, &fault), 0);
	assert_rows("");
}

static void test_sysctl(void **state)
{
	struct reserve_request web = request_of("web", 1);
	struct reserve *reserve CLEANUP(reserve_closep) = opened();
	struct strbuf ports CLEANUP(strbuf_done) = {};
	struct fault fault;
	char expected[80];

	(void)state;
	snprintf(expected, sizeof(expected), "80,90-92,%u,65534-65535", taken(&web));
	set_file("/proc/sys/net/ipv4/ip_local_reserved_ports", "80,90-92,65534-65535\n");
	assert_int_equal(reserve_sysctl(reserve, &ports, &fault), 0);
	assert_slice(strbuf_slice(&ports), slice_cstr(expected));
	set_file("/proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
}

static void test_no_such_process(void **state)
{
	struct reserve_request web = request_of("web", 77);
	struct reserve_lease lease;
	struct fault fault;

	(void)state;
	assert_int_equal(take_it(&web, &lease, &fault), FAULT_SYSTEM);
	assert_non_null(strstr(fault.text, MACHINE "/proc/77/stat is not there"));
	assert_rows("");
}

static void test_reading(void **state)
{
	struct reserve *reserve = NULL;
	struct fault fault;
	FILE *file;

	(void)state;
	assert_int_equal(reserve_open("r.db", MACHINE, RESERVE_READ, &reserve, &fault),
			 FAULT_SYSTEM);
	assert_int_equal(reserve_open("r.db", MACHINE, RESERVE_WRITE, &reserve, &fault),
			 FAULT_SYSTEM);
	file = fopen("r.db", "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(reserve_open("r.db", MACHINE, RESERVE_READ, &reserve, &fault),
			 FAULT_MALFORMED);
	assert_null(reserve);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_by_name),	 TEST(test_held),
		TEST(test_after_a_boot), TEST(test_avoided),
		TEST(test_parted),	 TEST(test_unauthorized),
		TEST(test_known),	 TEST(test_one_after_the_other),
		TEST(test_in_use),	 TEST(test_undo),
		TEST(test_undo_late),	 TEST(test_release),
		TEST(test_sysctl),	 TEST(test_no_such_process),
		TEST(test_reading),
	};

	return cmocka_run_group_tests(tests, begin, leave);
}
