#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/text.h"

static void assert_slice(struct slice text, const char *expected)
{
	assert_non_null(text.p);
	assert_int_equal(text.n, strlen(expected));
	assert_memory_equal(text.p, expected, text.n);
}

static void assert_put(void (*put)(struct out *, struct slice), const char *text,
		       const char *expected)
{
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	put(&out, slice_cstr(text));
	assert_slice(out_slice(&out), expected);
	out_done(&out);
}

static void assert_lines(const char *text, size_t width, const char *const *lines)
{
	struct slice rest = slice_cstr(text);

	for (size_t i = 0; lines[i]; i++) {
		struct slice line;

		assert_non_null(rest.p);
		line = text_wrap(&rest, width);
		assert_slice(line, lines[i]);
	}
	assert_null(rest.p);
}

static void test_nothing_is_obeyed(void **state)
{
	(void)state;
	assert_put(text_put, "plain", "plain");
	assert_put(text_put, "a\033[31mb", "a\xef\xbf\xbd[31mb");
	assert_put(text_put,
		   "a\xc2\x9b"
		   "31mb\x7f",
		   "a\xef\xbf\xbd"
		   "31mb\xef\xbf\xbd");
	assert_put(text_put, "a\nb\tc", "a b c");
	assert_put(text_put, "bad \xff byte", "bad \xef\xbf\xbd byte");
	assert_put(text_put, "turned \xe2\x80\xae", "turned \xef\xbf\xbd");
	assert_put(text_put, "caf\xc3\xa9", "caf\xc3\xa9");
	assert_put(text_put_lines, "a\r\nb\tc\n\033\rd",
		   "a\r\nb\tc\n\xef\xbf\xbd\xef\xbf\xbd"
		   "d");
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(text_width(SLICE("plain")), 5);
	assert_int_equal(text_width(SLICE("caf\xc3\xa9")), 4);
	assert_int_equal(text_width(SLICE("\xe6\xbc\xa2")), 2);
	assert_int_equal(text_width(SLICE("e\xcc\x81")), 1);
	assert_int_equal(text_width(SLICE("\033\xff\n")), 3);
	assert_int_equal(text_lines_width(SLICE("one\nthree\n")), 5);
	assert_int_equal(text_lines_width(SLICE_NONE), 0);
}

static void test_wrap_at_blanks(void **state)
{
	(void)state;
	assert_lines("", 5, (const char *const[]){"", NULL});
	assert_lines("exact", 5, (const char *const[]){"exact", NULL});
	assert_lines("one two three", 7, (const char *const[]){"one two", "three", NULL});
	assert_lines("one two three", 8, (const char *const[]){"one two", "three", NULL});
	assert_lines("one   two", 4, (const char *const[]){"one", "two", NULL});
	assert_lines("one\ntwo three", 5, (const char *const[]){"one", "two", "three", NULL});
	assert_lines("one two ", 3, (const char *const[]){"one", "two", NULL});
}

static void test_wrap_elsewhere(void **state)
{
	(void)state;
	assert_lines("[A_One][B_Two]", 8, (const char *const[]){"[A_One]", "[B_Two]", NULL});
	assert_lines("first/second", 8, (const char *const[]){"first/", "second", NULL});
	assert_lines("a-bcdefghij", 8, (const char *const[]){"a-bcdefg", "hij", NULL});
	assert_lines("abcdefghij", 4, (const char *const[]){"abcd", "efgh", "ij", NULL});
	assert_lines("\xe6\xbc\xa2\xe5\xad\x97", 3,
		     (const char *const[]){"\xe6\xbc\xa2", "\xe5\xad\x97", NULL});
	/* Too wide for any line, it stands alone. */
	assert_lines("\xe6\xbc\xa2\xe5\xad\x97", 1,
		     (const char *const[]){"\xe6\xbc\xa2", "\xe5\xad\x97", NULL});
}

/* Whatever the text and the width: no line is too wide, and nothing but blanks is lost. */
static void test_wrap_loses_nothing(void **state)
{
	static const char text[] = "The quick/brown fox_jumps [over][the] lazy-dog  at\n"
				   "https://www.example/ports?name=caf\xc3\xa9 \xff\033 end";

	(void)state;
	for (size_t width = 1; width < 80; width++) {
		struct slice rest = slice_cstr(text);
		const char *at = text;

		while (rest.p) {
			struct slice line = text_wrap(&rest, width);

			assert_true(text_width(line) <= width);
			for (; at < line.p; at++)
				assert_true(byte_is_blank(*at));
			at = line.p + line.n;
		}
		assert_int_equal(*at, '\0');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_obeyed),  cmocka_unit_test(test_width),
		cmocka_unit_test(test_wrap_at_blanks),	   cmocka_unit_test(test_wrap_elsewhere),
		cmocka_unit_test(test_wrap_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
