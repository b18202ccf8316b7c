#undef NDEBUG
#include "../testing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/out.h"

static void write_some(struct out *out)
{
	out_put(out, SLICE("text"));
	out_put(out, SLICE_NONE);
	out_byte(out, '\0');
	out_repeat(out, '-', 3);
	out_repeat(out, '-', 0);
	out_uint(out, UINT64_MAX);
	out_printf(out, "%s/%d", "a", -7);
}

#define SOME "text\0---18446744073709551615a/-7"

static void test_memory(void **state)
{
	struct out out;

	(void)state;
	assert_int_equal(out_init_memory(&out), 0);
	write_some(&out);
	assert_text(out_slice(&out), SOME);
	assert_int_equal(out_finish(&out), 0);
	assert_text(out_slice(&out), SOME);
	out_done(&out);
}

/* By bytes, by pieces and by one piece larger than any buffer. */
static void write_much(struct out *out, const char *large, size_t n)
{
	for (size_t i = 0; i < 100000; i++)
		out_byte(out, large[i]);
	for (size_t i = 100000; i < n; i += 1000)
		out_put(out, (struct slice){large + i, 1000});
	out_put(out, (struct slice){large, n});
}

static char *make_large(size_t n)
{
	char *large = malloc(n);

	assert_non_null(large);
	for (size_t i = 0; i < n; i++)
		large[i] = (char)(i % 251);
	return large;
}

static void test_much_memory(void **state)
{
	size_t n = 300000;
	char *large = make_large(n);
	struct out out;

	(void)state;
	assert_int_equal(out_init_memory(&out), 0);
	write_much(&out, large, n);
	assert_int_equal(out_finish(&out), 0);
	assert_int_equal(out.n, 2 * n);
	assert_memory_equal(out.p, large, n);
	assert_memory_equal(out.p + n, large, n);
	out_done(&out);
	free(large);
}

static void test_much_to_a_file(void **state)
{
	size_t n = 300000;
	char *large = make_large(n), *back = malloc(2 * n + 1);
	FILE *file = tmpfile();
	struct out out;

	(void)state;
	assert_non_null(file);
	assert_non_null(back);
	assert_int_equal(out_init_fd(&out, fileno(file)), 0);
	write_much(&out, large, n);
	assert_int_equal(out_finish(&out), 0);
	out_done(&out);
	assert_int_equal(pread(fileno(file), back, 2 * n + 1, 0), 2 * n);
	assert_memory_equal(back, large, n);
	assert_memory_equal(back + n, large, n);
	free(large);
	free(back);
	fclose(file);
}

static void test_no_space(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct out out;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(out_init_fd(&out, fd), 0);
	write_some(&out);
	assert_int_equal(out.error, 0);
	assert_int_equal(out_finish(&out), ENOSPC);
	/* It stays so, whatever is written. */
	write_some(&out);
	out_repeat(&out, 'x', 200000);
	out_printf(&out, "%2000d", 1);
	assert_int_equal(out_finish(&out), ENOSPC);
	out_done(&out);
	close(fd);
}

static void test_nobody_reads(void **state)
{
	int fds[2];
	struct out out;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(out_init_fd(&out, fds[1]), 0);
	out_repeat(&out, 'x', 200000);
	assert_int_equal(out_finish(&out), EPIPE);
	out_done(&out);
	close(fds[1]);
}

static void test_printf_of_too_much(void **state)
{
	struct out out;

	(void)state;
	assert_int_equal(out_init_memory(&out), 0);
	out_printf(&out, "%1023d", 1);
	assert_int_equal(out.n, 1023);
	out_printf(&out, "%1024d", 1);
	assert_int_equal(out_finish(&out), EOVERFLOW);
	out_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),	       cmocka_unit_test(test_much_memory),
		cmocka_unit_test(test_much_to_a_file), cmocka_unit_test(test_no_space),
		cmocka_unit_test(test_nobody_reads),   cmocka_unit_test(test_printf_of_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
