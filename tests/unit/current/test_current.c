#undef NDEBUG
#include "current/current.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../testing.h"
#include "builtin/builtin.h"

static char folder[64], path[128];

static void write_image(struct slice bytes)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/portbook-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	snprintf(path, sizeof(path), "%s/%s", folder, CURRENT_IMAGE);
	write_image(builtin_image());
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void expect(bool good)
{
	struct image image;

	assert_int_equal(current_open(folder, &image), good);
	if (good) {
		assert_int_equal(image.bytes.n, builtin_image().n);
		assert_int_equal(image_verify(&image, NULL), 0);
		current_close(&image);
		assert_int_equal(image.bytes.n, 0);
	}
}

static void test_good(void **state)
{
	(void)state;
	expect(true);
	chmod(path, 0400);
	expect(true);
}

static void test_nothing_there(void **state)
{
	(void)state;
	unlink(path);
	expect(false);
	assert_false(current_open("/nowhere/at/all", &(struct image){}));
	assert_false(current_open(path, &(struct image){}));
}

static void test_corrupt(void **state)
{
	struct slice bytes = builtin_image();

	(void)state;
	write_image(SLICE(""));
	expect(false);
	write_image(SLICE("short"));
	expect(false);
	write_image((struct slice){bytes.p, bytes.n - 1});
	expect(false);
	write_image((struct slice){bytes.p + 1, bytes.n - 1});
	expect(false);
}

/* Whoever may write the folder or the file may be anybody. */
static void test_writable(void **state)
{
	(void)state;
	chmod(path, 0664);
	expect(false);
	chmod(path, 0646);
	expect(false);
	chmod(path, 0644);
	chmod(folder, 0775);
	expect(false);
	chmod(folder, 01777);
	expect(false);
	chmod(folder, 0755);
	expect(true);
}

static void test_no_regular_file(void **state)
{
	char target[160];

	(void)state;
	unlink(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	expect(false);
	unlink(path);
	snprintf(target, sizeof(target), "%s.other", path);
	assert_int_equal(mkdir(path, 0755), 0);
	expect(false);
	rmdir(path);
	write_image(builtin_image());
	assert_int_equal(rename(path, target), 0);
	assert_int_equal(symlink(target, path), 0);
	expect(false);
	unlink(target);
}

/* The owner is root's or the folder's; only root can make a file somebody else's. */
static void test_owners(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(folder, 12345, 12345), 0);
	expect(true);
	assert_int_equal(chown(path, 12345, 12345), 0);
	expect(true);
	assert_int_equal(chown(folder, 0, 0), 0);
	expect(false);
	assert_int_equal(chown(path, 12346, 0), 0);
	expect(false);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_good),     TEST(test_nothing_there),	 TEST(test_corrupt),
		TEST(test_writable), TEST(test_no_regular_file), TEST(test_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
