#undef NDEBUG
#include "../testing.h"

static void test_absent_is_not_empty(void **state)
{
	(void)state;
	assert_absent(SLICE_NONE);
	assert_absent(slice_cstr(NULL));
	assert_text(slice_cstr(""), "");
	assert_text(slice_cstr("ab"), "ab");
	assert_true(slice_eq(SLICE_NONE, SLICE("")));
	assert_absent(slice_trim(SLICE_NONE));
	assert_absent(slice_skip(SLICE_NONE, 3));
}

static void test_comparing(void **state)
{
	(void)state;
	assert_true(slice_eq(SLICE("ab"), SLICE("ab")));
	assert_false(slice_eq(SLICE("ab"), SLICE("ac")));
	assert_false(slice_eq(SLICE("ab"), SLICE("abc")));
	assert_true(slice_eq(SLICE("a\0b"), SLICE("a\0b")));
	assert_true(slice_compare(SLICE("a"), SLICE("b")) < 0);
	assert_true(slice_compare(SLICE("b"), SLICE("a")) > 0);
	assert_true(slice_compare(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_compare(SLICE("ab"), SLICE("a")) > 0);
	assert_int_equal(slice_compare(SLICE("ab"), SLICE("ab")), 0);
	assert_int_equal(slice_compare(SLICE_NONE, SLICE("")), 0);
	assert_true(slice_compare(SLICE_NONE, SLICE("a")) < 0);
	/* Bytes are unsigned. */
	assert_true(slice_compare(SLICE("\x7f"), SLICE("\x80")) < 0);
}

static void test_ends(void **state)
{
	(void)state;
	assert_true(slice_starts(SLICE("abc"), SLICE("ab")));
	assert_true(slice_starts(SLICE("abc"), SLICE("")));
	assert_true(slice_starts(SLICE_NONE, SLICE("")));
	assert_false(slice_starts(SLICE("a"), SLICE("ab")));
	assert_false(slice_starts(SLICE_NONE, SLICE("a")));
	assert_true(slice_ends(SLICE("abc"), SLICE("bc")));
	assert_true(slice_ends(SLICE("abc"), SLICE_NONE));
	assert_false(slice_ends(SLICE("c"), SLICE("bc")));
	assert_false(slice_ends(SLICE("ab"), SLICE("bc")));
}

static void test_finding(void **state)
{
	(void)state;
	assert_int_equal(slice_find(SLICE("abcabc"), SLICE("bc")), 1);
	assert_int_equal(slice_find(SLICE("abc"), SLICE("")), 0);
	assert_int_equal(slice_find(SLICE_NONE, SLICE("")), 0);
	assert_true(slice_find(SLICE("abc"), SLICE("abcd")) == (size_t)-1);
	assert_true(slice_find(SLICE("abc"), SLICE("ac")) == (size_t)-1);
	assert_true(slice_find(SLICE_NONE, SLICE("a")) == (size_t)-1);
	assert_int_equal(slice_find_byte(SLICE("aba"), 'a'), 0);
	assert_int_equal(slice_find_last_byte(SLICE("aba"), 'a'), 2);
	assert_true(slice_find_byte(SLICE("aba"), 'c') == (size_t)-1);
	assert_true(slice_find_last_byte(SLICE("aba"), 'c') == (size_t)-1);
	assert_true(slice_find_byte(SLICE_NONE, 'a') == (size_t)-1);
	assert_true(slice_find_last_byte(SLICE_NONE, 'a') == (size_t)-1);
}

static void test_cutting(void **state)
{
	struct slice rest = SLICE("a,,b");

	(void)state;
	assert_text(slice_cut(&rest, ','), "a");
	assert_text(slice_cut(&rest, ','), "");
	assert_text(slice_cut(&rest, ','), "b");
	assert_absent(rest);
	assert_absent(slice_cut(&rest, ','));
	rest = SLICE("a,");
	assert_text(slice_cut(&rest, ','), "a");
	assert_text(rest, "");
	assert_text(slice_cut(&rest, ','), "");
	assert_absent(rest);
}

static void test_parts(void **state)
{
	const char *text = "abc";

	(void)state;
	assert_text(slice_skip(SLICE("abc"), 2), "c");
	assert_text(slice_skip(SLICE("abc"), 3), "");
	assert_text(slice_skip(SLICE("abc"), SIZE_MAX), "");
	assert_text(slice_between(text + 1, text + 3), "bc");
	assert_text(slice_trim(SLICE(" \t\r\na b\n ")), "a b");
	assert_text(slice_trim(SLICE(" \n ")), "");
	assert_text(slice_trim(SLICE("\fa\v")), "\fa\v");
}

static void test_bytes(void **state)
{
	(void)state;
	for (int c = -128; c < 128; c++) {
		assert_int_equal(byte_is_digit((char)c), c >= '0' && c <= '9');
		assert_int_equal(byte_is_letter((char)c),
				 (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
		assert_int_equal(byte_is_blank((char)c),
				 c == ' ' || c == '\t' || c == '\n' || c == '\r');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_absent_is_not_empty),
		cmocka_unit_test(test_comparing),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_cutting),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
