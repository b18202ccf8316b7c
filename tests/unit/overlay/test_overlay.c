#undef NDEBUG
#include "../testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "overlay/overlay.h"

struct told {
	int count;
	char path[200];
	struct fault fault;
};

static void tell(void *context, const char *path, const struct fault *fault)
{
	struct told *told = context;

	told->count++;
	snprintf(told->path, sizeof(told->path), "%s", path);
	told->fault = *fault;
}

static void put(const char *folder, const char *name, const char *text)
{
	char path[200];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void remove_folder(const char *folder, const char *const *names, size_t count)
{
	char path[200];

	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(folder), 0);
}

/* The name of a port in a layer. */
static struct slice name_in(const struct overlay_layer *layer, uint16_t port)
{
	uint32_t row;

	return query_port(&layer->image, TRANSPORT_TCP, port, &row, 1) > 0
		       ? image_row_text(&layer->image, row, COLUMN_NAME)
		       : SLICE_NONE;
}

static void test_order(void **state)
{
	char first[] = "/tmp/portbook-overlay-XXXXXX", second[] = "/tmp/portbook-overlay-XXXXXX";
	static const char *const names[] = {"b", "a", ".x", "a~", "empty"};
	struct overlay overlay;
	struct told told = {};
	struct fault fault;

	(void)state;
	assert_non_null(mkdtemp(first));
	assert_non_null(mkdtemp(second));
	put(first, "b", "two 7002/tcp\n");
	put(first, "a", "one 7001/tcp\n");
	put(first, ".x", "what is this\n");
	put(first, "a~", "what is this\n");
	put(first, "empty", "\n# nothing\n");
	put(second, "a", "three 7003/tcp\n");
	assert_int_equal(overlay_open((const char *const[]){first, "/none/at/all", second}, 3, tell,
				      &told, &overlay, &fault),
			 0);
	assert_int_equal(told.count, 0);
	assert_int_equal(overlay.count, 4);
	assert_true(slice_eq(name_in(&overlay.layers[0], 7001), SLICE("one")));
	assert_true(slice_eq(name_in(&overlay.layers[1], 7002), SLICE("two")));
	assert_true(slice_eq(name_in(&overlay.layers[2], 7003), SLICE("three")));
	assert_null(overlay.layers[3].path);
	assert_true(slice_eq(overlay_source(&overlay.layers[3]), SLICE("common")));
	overlay_done(&overlay);
	remove_folder(first, names, ARRAY_SIZE(names));
	remove_folder(second, names + 1, 1);
}

static void test_broken(void **state)
{
	char folder[] = "/tmp/portbook-overlay-XXXXXX";
	static const char *const names[] = {"a", "b"};
	struct overlay overlay;
	struct told told = {};
	struct fault fault;

	(void)state;
	assert_non_null(mkdtemp(folder));
	put(folder, "a", "one 7001/tcp\ntwo 7002/ipx\n");
	put(folder, "b", "three 7003/tcp\n");
	assert_int_equal(
		overlay_open((const char *const[]){folder}, 1, tell, &told, &overlay, &fault), 0);
	assert_int_equal(told.count, 1);
	assert_true(slice_ends(slice_cstr(told.path), SLICE("/a")));
	assert_int_equal(told.fault.line, 2);
	assert_int_equal(overlay.count, 2);
	overlay_done(&overlay);
	remove_folder(folder, names, ARRAY_SIZE(names));
}

/* Each of the built-in list has a name, a page that says so, and a date. */
static void test_common(void **state)
{
	struct overlay overlay;
	struct told told = {};
	struct fault fault;

	(void)state;
	assert_int_equal(overlay_open(NULL, 0, tell, &told, &overlay, &fault), 0);
	assert_int_equal(overlay.count, 1);
	assert_true(image_row_count(&overlay.layers[0].image) >= 50);
	for (uint32_t i = 0; i < image_row_count(&overlay.layers[0].image); i++) {
		struct row row;

		image_row(&overlay.layers[0].image, i, &row);
		assert_int_equal(row.state, ROW_ASSIGNED);
		assert_true(row.first_port > 0 && row.shown[COLUMN_DESCRIPTION].n > 0);
		assert_true(slice_starts(overlay_reference(&overlay.layers[0], &row),
					 SLICE("https://")));
		assert_int_equal(overlay_date(&overlay.layers[0], &row).n, 10);
	}
	assert_true(name_in(&overlay.layers[0], 5173).n > 0);
	overlay_done(&overlay);
}

/* A year of five digits is no date. Few file systems have one; that of shared memory does. */
static void test_date_out_of_range(void **state)
{
	const struct timespec times[2] = {{.tv_sec = 253402300800}, {.tv_sec = 253402300800}};
	const char *const names[] = {"a"};
	char folder[] = "/dev/shm/portbook-overlay-XXXXXX", path[200];
	struct overlay overlay;
	struct told told = {};
	struct fault fault;
	struct stat status;

	(void)state;
	if (!mkdtemp(folder))
		skip();
	put(folder, names[0], "one 7001/tcp\n");
	snprintf(path, sizeof(path), "%s/a", folder);
	if (utimensat(AT_FDCWD, path, times, 0) < 0 || stat(path, &status) < 0 ||
	    status.st_mtime != times[0].tv_sec) {
		remove_folder(folder, names, 1);
		skip();
	}
	assert_int_equal(
		overlay_open((const char *const[]){folder}, 1, tell, &told, &overlay, &fault), 0);
	assert_int_equal(overlay.count, 2);
	assert_string_equal(overlay.layers[0].date, "");
	overlay_done(&overlay);
	remove_folder(folder, names, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_common),
		cmocka_unit_test(test_date_out_of_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
