/*
 * Whatever fails while a port is taken, given up or looked at, it is said, no socket is left, and
 * the database has what it had.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include <dirent.h>
#include <signal.h>
#include <sys/socket.h>

#include "builtin/builtin.h"

#include "../unit/reserve/made_up.h"
#include "failing.h"
#include "host/identity.h"
#include "reserve/reserve.h"

enum { CALLS_MAX = 2000 };

static struct image image;
static char project[400];

static int begin(void **state)
{
	struct fault fault;

	assert_int_equal(image_open(&image, builtin_image(), &fault), 0);
	if (enter(state) < 0)
		return -1;
	set_process(1, 'S', 1001);
	set_process(2, 'S', 1002);
	return getcwd(project, sizeof(project)) ? 0 : -1;
}

/* What the kernel refuses, with errno; 0: nothing. */
static int bind_error, kill_error, openat_error;

#define REFUSING(name, error, parameters, arguments)                                               \
	int __real_##name parameters;                                                              \
	int __wrap_##name parameters;                                                              \
	int __wrap_##name parameters                                                               \
	{                                                                                          \
		if ((error) == 0)                                                                  \
			return __real_##name arguments;                                            \
		errno = error;                                                                     \
		return -1;                                                                         \
	}

REFUSING(bind, bind_error, (int fd, const struct sockaddr *address, socklen_t size),
	 (fd, address, size))
REFUSING(kill, kill_error, (pid_t process, int sign), (process, sign))
REFUSING(openat, openat_error, (int folder, const char *path, int flags, ...),
	 (folder, path, flags))
REFUSING(openat64, openat_error, (int folder, const char *path, int flags, ...),
	 (folder, path, flags))

static int take_as(const char *name, int process, struct reserve_lease *ret_lease,
		   struct fault *fault)
{
	struct reserve_request request = {.name = slice_cstr(name),
					  .folder = slice_cstr(project),
					  .command = SLICE("serve"),
					  .process = process,
					  .first = 22000,
					  .last = 22400,
					  .stated = true};
	struct reserve *reserve CLEANUP(reserve_closep) = NULL;
	int result = reserve_open("r.db", MACHINE, RESERVE_CREATE, &reserve, fault);

	return result < 0 ? result : reserve_take(reserve, &image, &request, ret_lease, fault);
}

static int take_new(struct fault *fault)
{
	struct reserve_lease lease;
	int result = take_as("new", 2, &lease, fault);

	if (result == 0)
		reserve_lease_done(&lease);
	return result;
}

static int take_again(struct fault *fault)
{
	struct reserve_lease lease;
	int result = take_as("old", 2, &lease, fault);

	if (result == 0)
		reserve_lease_done(&lease);
	return result;
}

static struct reserve_lease moved;

/* "old" has got another port meanwhile. */
static int undo(struct fault *fault)
{
	const struct reserve_request request = {.transport = TRANSPORT_TCP, .process = 3};
	struct reserve *reserve CLEANUP(reserve_closep) = NULL;
	int result = reserve_open("r.db", MACHINE, RESERVE_WRITE, &reserve, fault);

	return result < 0 ? result : reserve_undo(reserve, &request, &moved, fault);
}

static int release(struct fault *fault)
{
	struct reserve_subject all = {.first = 1, .last = PORT_MAX, .transport = TRANSPORT_NONE};
	struct reserve *reserve CLEANUP(reserve_closep) = NULL;
	int result = reserve_open("r.db", MACHINE, RESERVE_WRITE, &reserve, fault);

	return result < 0 ? result : reserve_release(reserve, &all, 0, fault);
}

static int sysctl(struct fault *fault)
{
	struct strbuf ports CLEANUP(strbuf_done) = {};
	struct reserve *reserve CLEANUP(reserve_closep) = NULL;
	int result = reserve_open("r.db", MACHINE, RESERVE_READ, &reserve, fault);

	return result < 0 ? result : reserve_sysctl(reserve, &ports, fault);
}

static int note(void *context, const struct reservation *row)
{
	char **at = context;

	*at += sprintf(*at, "%.*s %u %lld;", (int)row->name.n, row->name.p, row->port,
		       (long long)row->process);
	return 0;
}

static void get_rows(char *at)
{
	struct reserve *reserve CLEANUP(reserve_closep) = NULL;
	struct fault fault;

	*at = '\0';
	assert_int_equal(reserve_open("r.db", MACHINE, RESERVE_READ, &reserve, &fault), 0);
	assert_int_equal(reserve_each(reserve, note, &at, &fault), 0);
}

static unsigned descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(folder);
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

/*
 * Databases are made once, and copied. In one.db "old" has a port, whose process is gone; in two.db
 * it has another one.
 */
static void make_databases(void)
{
	struct reserve_lease lease, other;
	struct fault fault;

	set_process(3, 'S', 1003);
	assert_int_equal(take_as("old", 1, &lease, &fault), 0);
	set_process(1, 'S', 0);
	assert_int_equal(system("cp r.db one.db"), 0);
	/* The port is in use. */
	assert_int_equal(take_as("old", 3, &other, &fault), 0);
	assert_int_equal(other.given_up, lease.port);
	moved = other;
	reserve_lease_done(&lease);
	assert_int_equal(rename("r.db", "two.db"), 0);
}

struct act {
	int (*run)(struct fault *fault);
	const char *copy; /* of the database it works on */
};

/* With the n-th call failing, for every n, alone and with all after it. */
static void fail_everywhere(const struct act *act, bool all_after)
{
	char before[400], after[400];
	enum failing failed = FAILING_MEMORY;
	unsigned n = 0;

	while (failed != FAILING_NONE) {
		struct fault fault = {};
		unsigned open;
		int result;

		assert_int_equal(system(act->copy), 0);
		get_rows(before);
		open = descriptors();
		assert_true(++n < CALLS_MAX);
		failing_arm(n, all_after);
		result = act->run(&fault);
		failed = failing_disarm();
		get_rows(after);
		assert_int_equal(descriptors(), open);
		/* Some failures do no harm: closing, for example. */
		if (result < 0) {
			assert_told(fault);
			assert_string_equal(after, before);
		} else {
			assert_int_equal(result, 0);
		}
		assert_true(result == 0 || failed != FAILING_NONE);
	}
	assert_true(n > 10);
}

static void test_failures(void **state)
{
	static const struct act acts[] = {
		{take_new, "cp one.db r.db"}, {take_again, "cp one.db r.db"},
		{release, "cp one.db r.db"},  {sysctl, "cp one.db r.db"},
		{undo, "cp two.db r.db"},
	};

	(void)state;
	make_databases();
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		fail_everywhere(&acts[i], false);
		fail_everywhere(&acts[i], true);
	}
	reserve_lease_done(&moved);
}

/* A privileged port is no port in use. */
static void test_refused(void **state)
{
	struct reserve_request request = {.name = SLICE("refused"),
					  .folder = slice_cstr(project),
					  .process = 2,
					  .first = 22401,
					  .last = 22401};
	struct reserve *reserve CLEANUP(reserve_closep) = NULL;
	struct reserve_lease lease;
	struct fault fault = {};

	(void)state;
	assert_int_equal(reserve_open("refused.db", MACHINE, RESERVE_CREATE, &reserve, &fault), 0);
	bind_error = EACCES;
	assert_int_equal(reserve_take(reserve, &image, &request, &lease, &fault), FAULT_SYSTEM);
	bind_error = 0;
	assert_string_equal(fault.text, "cannot bind port 22401/tcp: Permission denied");
}

static void assert_life(int64_t process, int expected)
{
	struct fault fault = {};
	int64_t started;

	assert_int_equal(host_process_started("", process, &started, &fault), expected);
}

static int is_held(void *context, const struct reservation *row)
{
	(void)context;
	return row->held;
}

/* Of processes whose files may not be seen, the kernel says whether they live. */
static void test_hidden(void **state)
{
	static const int hides[] = {ENOENT, EACCES, EPERM};
	const struct reserve_request request = {.name = SLICE("hidden"),
						.folder = slice_cstr(project),
						.command = SLICE("serve"),
						.process = 2,
						.first = 22000,
						.last = 22400,
						.stated = true};
	struct reserve *reserve CLEANUP(reserve_closep) = NULL;
	struct reserve_lease lease;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hides); i++) {
		openat_error = hides[i];
		assert_life(getpid(), HOST_HIDDEN);
		kill_error = EPERM;
		assert_life(17, HOST_HIDDEN);
		kill_error = ESRCH;
		assert_life(17, HOST_ENDED);
		kill_error = 0;
	}
	openat_error = 0;
	assert_int_equal(reserve_open("hidden.db", MACHINE, RESERVE_CREATE, &reserve, &fault), 0);
	assert_int_equal(reserve_take(reserve, &image, &request, &lease, &fault), 0);
	openat_error = EACCES;
	assert_int_equal(reserve_each(reserve, is_held, NULL, &fault), 1);
	openat_error = ENOENT;
	assert_int_equal(reserve_each(reserve, is_held, NULL, &fault), 0);
	reserve_lease_done(&lease);
	openat_error = ESRCH;
	assert_life(getpid(), HOST_ENDED);
	openat_error = EMFILE;
	assert_life(getpid(), FAULT_SYSTEM);
	openat_error = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_failures),
					   cmocka_unit_test(test_refused),
					   cmocka_unit_test(test_hidden)};

	return cmocka_run_group_tests(tests, begin, leave);
}
