#undef NDEBUG
#include "../testing.h"

#include "base/strbuf.h"

static void test_growing(void **state)
{
	struct strbuf buffer = {};

	(void)state;
	assert_text(strbuf_slice(&buffer), "");
	for (unsigned i = 0; i < 1000; i++) {
		strbuf_add(&buffer, SLICE("ab"));
		strbuf_add_byte(&buffer, 'c');
	}
	assert_false(buffer.failed);
	assert_int_equal(buffer.n, 3000);
	for (unsigned i = 0; i < 3000; i++)
		assert_int_equal(buffer.p[i], "abc"[i % 3]);
	strbuf_done(&buffer);
	assert_null(buffer.p);
	assert_text(strbuf_slice(&buffer), "");
}

static void test_kinds(void **state)
{
	struct strbuf buffer = {};
	char *place;

	(void)state;
	strbuf_add(&buffer, SLICE_NONE);
	strbuf_add_uint(&buffer, UINT64_MAX);
	strbuf_add_byte(&buffer, '\0');
	strbuf_printf(&buffer, "%s-%d", "x", -1);
	place = strbuf_extend(&buffer, 2);
	assert_non_null(place);
	memcpy(place, "yz", 2);
	assert_text(strbuf_slice(&buffer), "18446744073709551615\0x--1yz");
	strbuf_done(&buffer);
}

static void test_extending_by_nothing_is_no_failure(void **state)
{
	struct strbuf buffer = {};

	(void)state;
	assert_non_null(strbuf_extend(&buffer, 0));
	assert_int_equal(buffer.n, 0);
	strbuf_done(&buffer);
}

static void test_maximum(void **state)
{
	struct strbuf buffer = {.max = 100};

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		strbuf_add_byte(&buffer, 'a');
	assert_false(buffer.failed);
	assert_int_equal(buffer.n, 100);
	strbuf_add_byte(&buffer, 'b');
	assert_true(buffer.failed);
	assert_int_equal(buffer.n, 100);
	strbuf_done(&buffer);
	assert_false(buffer.failed);
	assert_int_equal(buffer.max, 100);
	/* What does not fit as a whole is not added in part. */
	strbuf_add(&buffer, SLICE("x"));
	assert_null(strbuf_extend(&buffer, 100));
	assert_text(strbuf_slice(&buffer), "x");
	strbuf_done(&buffer);
}

static void test_failure_is_sticky(void **state)
{
	struct strbuf buffer = {.max = 3};

	(void)state;
	strbuf_add(&buffer, SLICE("ab"));
	strbuf_add(&buffer, SLICE("cd"));
	assert_true(buffer.failed);
	strbuf_add_byte(&buffer, 'e');
	strbuf_add_uint(&buffer, 1);
	strbuf_printf(&buffer, "f");
	assert_null(strbuf_extend(&buffer, 1));
	assert_true(buffer.failed);
	assert_text(strbuf_slice(&buffer), "ab");
	strbuf_done(&buffer);
}

static void test_sizes_that_overflow(void **state)
{
	struct strbuf buffer = {};

	(void)state;
	strbuf_add_byte(&buffer, 'a');
	assert_null(strbuf_extend(&buffer, SIZE_MAX));
	assert_true(buffer.failed);
	assert_int_equal(buffer.n, 1);
	strbuf_done(&buffer);
}

static void test_printf_of_too_much(void **state)
{
	struct strbuf buffer = {};
	char text[600] = {};

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	strbuf_printf(&buffer, "%s", text + 100);
	assert_false(buffer.failed);
	assert_int_equal(buffer.n, 499);
	strbuf_printf(&buffer, "%s", text);
	assert_true(buffer.failed);
	assert_int_equal(buffer.n, 499);
	strbuf_done(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_extending_by_nothing_is_no_failure),
		cmocka_unit_test(test_maximum),
		cmocka_unit_test(test_failure_is_sticky),
		cmocka_unit_test(test_sizes_that_overflow),
		cmocka_unit_test(test_printf_of_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
