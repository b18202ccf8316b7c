#undef NDEBUG
#include "../testing.h"

#include <sys/resource.h>
#include <unistd.h>

#include "base/memory_file.h"

static struct memory_file file_of(struct slice text)
{
	struct memory_file file;
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	out_put(&out, text);
	assert_int_equal(out.error, 0);
	memory_file_make(&file, &out);
	/* It is nobody's twice. */
	assert_null(out.p);
	out_done(&out);
	assert_true(slice_eq(file.bytes, text));
	return file;
}

static void test_share(void **state)
{
	struct memory_file file = file_of(SLICE("one two three"));
	struct slice part = {file.bytes.p + 4, 3}, other = SLICE("two");
	uint64_t offset = 0;
	char read[8] = {};
	int fd = -1, second = -1;

	(void)state;
	assert_true(file.fd >= 0);
	assert_true(memory_file_share(&file, part, &fd, &offset));
	assert_int_equal(offset, 4);
	assert_true(memory_file_share(&file, file.bytes, &second, &offset));
	assert_int_equal(offset, 0);
	close(second);
	/* What is shared outlives the file. */
	memory_file_done(&file);
	assert_int_equal(pread(fd, read, 3, 4), 3);
	assert_string_equal(read, "two");
	close(fd);
	assert_false(memory_file_share(&file, other, &fd, &offset));
}

static void test_no_part(void **state)
{
	struct memory_file file = file_of(SLICE("one two three"));
	char *copy = strdup("one two three");
	uint64_t offset;
	int fd;

	(void)state;
	assert_non_null(copy);
	assert_false(memory_file_share(&file, (struct slice){copy, 13}, &fd, &offset));
	assert_false(memory_file_share(&file, (struct slice){file.bytes.p, 14}, &fd, &offset));
	assert_false(memory_file_share(&file, (struct slice){file.bytes.p + 10, 4}, &fd, &offset));
	assert_false(memory_file_share(&file, (struct slice){file.bytes.p - 1, 2}, &fd, &offset));
	free(copy);
	memory_file_done(&file);
	/* Without bytes there is nothing to share, and to be done with it twice is no harm. */
	memory_file_done(&file);
	file = file_of(SLICE(""));
	assert_int_equal(file.fd, -1);
	assert_false(memory_file_share(&file, file.bytes, &fd, &offset));
	memory_file_done(&file);
}

/* Without a descriptor the bytes are in memory, and those of a file are sent from there. */
static void test_no_descriptor(void **state)
{
	struct memory_file before = file_of(SLICE("one")), file;
	struct rlimit limit, none;
	uint64_t offset;
	int fd;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_false(memory_file_share(&before, before.bytes, &fd, &offset));
	file = file_of(SLICE("two"));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(file.fd, -1);
	assert_false(memory_file_share(&file, file.bytes, &fd, &offset));
	memory_file_done(&file);
	memory_file_done(&before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_no_part),
		cmocka_unit_test(test_no_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
