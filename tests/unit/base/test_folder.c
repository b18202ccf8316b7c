#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"

static int enter(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	return *state ? 0 : -1;
}

/* Entries of a folder but . and ..; -1: it is not there. */
static int count(const char *path)
{
	DIR *folder = opendir(path);
	int entries = -2;

	if (!folder)
		return -1;
	while (readdir(folder))
		entries++;
	closedir(folder);
	return entries;
}

static int leave(void **state)
{
	int result = 0;

	(void)unlink("out/a");
	(void)unlink("out/b");
	(void)unlink("link");
	(void)rmdir("out");
	if (count(".") != 0 || chdir("/") < 0 || rmdir(*state) < 0)
		result = -1;
	free(*state);
	return result;
}

static void add(struct folder_draft *draft, const char *name)
{
	struct fault fault;
	int fd;

	assert_int_equal(folder_draft_create(draft, name, &fd, &fault), 0);
	assert_int_equal(write(fd, name, strlen(name)), strlen(name));
	assert_int_equal(close(fd), 0);
}

static void write_to(const char *path)
{
	struct folder_draft draft;
	struct fault fault;

	assert_int_equal(folder_draft_begin(&draft, path, &fault), 0);
	add(&draft, "a");
	add(&draft, "b");
	assert_int_equal(folder_draft_commit(&draft, &fault), 0);
	assert_int_equal(count("out"), 2);
}

static void test_new(void **state)
{
	(void)state;
	write_to("out");
	assert_int_equal(count("."), 1);
}

static void test_slashes(void **state)
{
	(void)state;
	write_to("out//");
	assert_int_equal(count("."), 1);
}

static void test_empty(void **state)
{
	(void)state;
	assert_int_equal(mkdir("out", 0700), 0);
	write_to("./out/");
	assert_int_equal(count("."), 1);
}

/* What a link leads to is filled, the link stays. */
static void test_link(void **state)
{
	struct stat status;

	(void)state;
	assert_int_equal(mkdir("out", 0700), 0);
	assert_int_equal(symlink("out", "link"), 0);
	write_to("link");
	assert_int_equal(lstat("link", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
}

static void test_not_empty(void **state)
{
	struct folder_draft draft;
	struct fault fault;

	(void)state;
	write_to("out");
	assert_int_equal(folder_draft_begin(&draft, "out", &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "the folder is not empty");
	assert_int_equal(folder_draft_begin(&draft, "out/a", &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "is a file, not a folder");
	assert_int_equal(folder_draft_begin(&draft, "no/where", &fault), FAULT_SYSTEM);
	assert_told(fault);
	assert_int_equal(count("."), 1);
}

/* Somebody else may fill the place meanwhile. */
static void test_filled_meanwhile(void **state)
{
	struct folder_draft draft;
	struct fault fault;

	(void)state;
	assert_int_equal(folder_draft_begin(&draft, "out", &fault), 0);
	add(&draft, "c");
	write_to("out");
	assert_int_equal(folder_draft_commit(&draft, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "the folder is not empty");
	assert_int_equal(count("out"), 2);
	assert_int_equal(count("."), 1);
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

/* What would end the program waits until nothing stands beside its place. */
static void test_signal(void **state)
{
	void (*before)(int) = signal(SIGTERM, count_signal);
	struct folder_draft draft;
	struct fault fault;

	(void)state;
	assert_int_equal(folder_draft_begin(&draft, "out", &fault), 0);
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(signals, 0);
	folder_draft_abort(&draft);
	assert_int_equal(signals, 1);
	assert_int_equal(folder_draft_begin(&draft, "out", &fault), 0);
	add(&draft, "a");
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(signals, 1);
	assert_int_equal(folder_draft_commit(&draft, &fault), 0);
	assert_int_equal(signals, 2);
	assert_int_equal(count("out"), 1);
	signal(SIGTERM, before);
}

static void test_abort(void **state)
{
	struct folder_draft draft;
	struct fault fault;
	int fd;

	(void)state;
	assert_int_equal(folder_draft_begin(&draft, "out", &fault), 0);
	add(&draft, "a");
	assert_int_equal(folder_draft_create(&draft, "a", &fd, &fault), FAULT_SYSTEM);
	folder_draft_abort(&draft);
	folder_draft_abort(&draft);
	assert_int_equal(count("."), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new, enter, leave),
		cmocka_unit_test_setup_teardown(test_slashes, enter, leave),
		cmocka_unit_test_setup_teardown(test_empty, enter, leave),
		cmocka_unit_test_setup_teardown(test_link, enter, leave),
		cmocka_unit_test_setup_teardown(test_not_empty, enter, leave),
		cmocka_unit_test_setup_teardown(test_filled_meanwhile, enter, leave),
		cmocka_unit_test_setup_teardown(test_abort, enter, leave),
		cmocka_unit_test_setup_teardown(test_signal, enter, leave),
	};

	return cmocka_run_group_tests_name("folder", tests, NULL, NULL);
}
