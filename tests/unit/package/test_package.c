#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "package/descriptor.h"
#include "package/package.h"

/* SHA-256 of "[]" and a line feed. */
#define EMPTY_ARRAY "37517e5f3dc66819f61f5a7bb8ace1921282415f10551d2defa5c3eb0985b570"

static const char *const names[] = {"service-names.csv", "rows.json", "people.json",
				    "datapackage.json"};

static int enter(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	return *state ? 0 : -1;
}

static int leave(void **state)
{
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void)snprintf(path, sizeof(path), "out/%s", names[i]);
		(void)unlink(path);
	}
	if (rmdir("out") < 0 || chdir("/") < 0 || rmdir(*state) < 0)
		return -1;
	free(*state);
	return 0;
}

static void expect_in_file(const char *path, struct slice text)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct fault fault;

	assert_int_equal(file_read(path, 1 << 20, &content, &fault), 0);
	if (slice_find(content.text, text) == (size_t)-1)
		fail_msg("%s: no %.*s in:\n%.*s", path, (int)text.n, text.p, (int)content.text.n,
			 content.text.p);
}

static void test_nothing(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct fault fault;
	struct stat status;

	(void)state;
	assert_int_equal(package_write("out", registry, &fault), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "out/%s", names[i]);
		assert_int_equal(stat(path, &status), 0);
		assert_true(status.st_size > 0);
	}
	expect_in_file("out/people.json", SLICE("[]\n"));
	expect_in_file("out/datapackage.json", SLICE("\"path\": \"people.json\""));
	expect_in_file("out/datapackage.json",
		       SLICE("\"bytes\": 3,\n      \"hash\": \"sha256:" EMPTY_ARRAY "\""));
	assert_int_equal(package_write("out", registry, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "the folder is not empty");
}

static void expect_head(struct slice updated, struct slice title, struct slice expected)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct package_content contents[PACKAGE_FILE_COUNT] = {};
	struct out out;

	registry->header.updated = updated;
	registry->header.title = title;
	assert_int_equal(out_init_memory(&out), 0);
	package_describe(&out, registry, contents);
	assert_int_equal(out_finish(&out), 0);
	assert_true(slice_starts(out_slice(&out), expected));
	out_done(&out);
}

#define START "{\n  \"profile\": \"data-package\",\n  \"name\": \"" REGISTRY_ID "\",\n  \"title\": "

static void test_head(void **state)
{
	(void)state;
	expect_head(SLICE("2026-02-13"), SLICE("A \"b\"\n"),
		    SLICE(START "\"A \\\"b\\\"\\n\",\n  \"version\": \"2026-02-13\",\n"
				"  \"created\": \"2026-02-13T00:00:00Z\",\n  \"homepage\": "));
	expect_head(SLICE("2026-08"), SLICE("A"),
		    SLICE(START "\"A\",\n  \"version\": \"2026-08\",\n  \"homepage\": "));
	expect_head(SLICE("2026-08-1x"), SLICE("A"),
		    SLICE(START "\"A\",\n  \"version\": \"2026-08-1x\",\n  \"homepage\": "));
	expect_head(SLICE_NONE, SLICE_NONE,
		    SLICE(START "\"Service Name and Transport Protocol Port Number Registry\",\n"
				"  \"homepage\": "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing, enter, leave),
		cmocka_unit_test(test_head),
	};

	return cmocka_run_group_tests_name("package", tests, NULL, NULL);
}
