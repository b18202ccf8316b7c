/*
 * Whatever fails while a port is taken, given up or looked at, it is said, no socket is left, and
 * the database has what it had.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include <dirent.h>

#include "builtin/builtin.h"

#include "../unit/reserve/made_up.h"
#include "failing.h"
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
		close(lease.fd);
	return result;
}

static int take_again(struct fault *fault)
{
	struct reserve_lease lease;
	int result = take_as("old", 2, &lease, fault);

	if (result == 0)
		close(lease.fd);
	return result;
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

/* "old" has a port, whose process is gone. The database is made once, and copied. */
static void begin_with_one(void)
{
	struct reserve_lease lease;
	struct fault fault;

	if (access("one.db", F_OK) < 0) {
		set_process(1, 'S', 1001);
		assert_int_equal(take_as("old", 1, &lease, &fault), 0);
		close(lease.fd);
		set_process(1, 'S', 0);
		assert_int_equal(rename("r.db", "one.db"), 0);
	}
	assert_int_equal(system("cp one.db r.db"), 0);
}

/* With the n-th call failing, for every n, alone and with all after it. */
static void fail_everywhere(int (*act)(struct fault *fault), bool all_after)
{
	char before[400], after[400];
	enum failing failed = FAILING_MEMORY;
	unsigned n = 0;

	while (failed != FAILING_NONE) {
		struct fault fault = {};
		unsigned open;
		int result;

		begin_with_one();
		get_rows(before);
		open = descriptors();
		assert_true(++n < CALLS_MAX);
		failing_arm(n, all_after);
		result = act(&fault);
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
	int (*const acts[])(struct fault * fault) = {take_new, take_again, release, sysctl};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		fail_everywhere(acts[i], false);
		fail_everywhere(acts[i], true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_failures)};

	return cmocka_run_group_tests(tests, begin, leave);
}
