/* What is in a database, tests/cli/test_forms.py looks at. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "package/package.h"

static int enter(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	return *state ? 0 : -1;
}

static int leave(void **state)
{
	(void)unlink("one");
	(void)unlink("two");
	if (chdir("/") < 0 || rmdir(*state) < 0)
		return -1;
	free(*state);
	return 0;
}

static struct slice read_back(const char *path)
{
	struct file_content content;
	struct fault fault;
	struct slice copy;

	assert_int_equal(file_read(path, 1 << 24, &content, &fault), 0);
	copy = copy_of(content.text);
	file_content_done(&content);
	return copy;
}

/* Also what no reader lets in: a NUL, malformed UTF-8, people twice. */
static struct registry *made_up(void)
{
	struct registry *registry = registry_new();
	struct row row = {.shown = {SLICE("a\0b"), SLICE("1-2"), SLICE("tcp"), SLICE("\xff'\";--"),
				    SLICE("[A][A]"), SLICE("[A]")},
			  .assignee_given = true};
	struct person person = {.id = SLICE("A"), .name = SLICE("=1")};
	struct fault fault;

	assert_non_null(registry);
	registry->header.title = SLICE("T");
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
		assert_int_equal(registry_add_person(registry, &person, &fault), 0);
		assert_int_equal(registry_add_note(registry, SLICE_NONE, SLICE("note"), &fault), 0);
	}
	return registry;
}

static void test_same_bytes(void **state)
{
	struct registry *registry = made_up();
	struct slice one, two;
	struct fault fault;

	(void)state;
	assert_int_equal(package_write_database("one", registry, SLICE("here"), &fault), 0);
	assert_int_equal(package_write_database("two", registry, SLICE("here"), &fault), 0);
	one = read_back("one");
	two = read_back("two");
	assert_slice(one, two);
	assert_true(slice_starts(one, SLICE("SQLite format 3\0")));
	assert_int_not_equal(slice_find(one, SLICE("a\0b")), (size_t)-1);
	assert_int_not_equal(slice_find(one, SLICE("\xff'\";--")), (size_t)-1);
	/* Over what is there. */
	assert_int_equal(package_write_database("one", registry, SLICE("there"), &fault), 0);
	free((void *)two.p);
	two = read_back("one");
	assert_false(slice_eq(one, two));
	free((void *)one.p);
	free((void *)two.p);
	registry_free(registry);
}

static void test_refused(void **state)
{
	struct registry *registry = made_up();
	struct fault fault;

	(void)state;
	assert_int_equal(package_write_database("no/where", registry, SLICE_NONE, &fault),
			 FAULT_SYSTEM);
	assert_told(fault);
	assert_int_equal(package_write_database("/dev/null", registry, SLICE_NONE, &fault),
			 FAULT_SYSTEM);
	assert_string_equal(fault.text, "a database is a file: not a device, pipe or folder");
	registry_free(registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_same_bytes, enter, leave),
		cmocka_unit_test_setup_teardown(test_refused, enter, leave),
	};

	return cmocka_run_group_tests_name("database", tests, NULL, NULL);
}
