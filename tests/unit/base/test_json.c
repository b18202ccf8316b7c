#undef NDEBUG
#include "../testing.h"

#include "base/json.h"

static void assert_json(struct slice text, const char *expected)
{
	struct slice copy = copy_of(text);
	struct out out CLEANUP(out_done);

	assert_int_equal(out_init_memory(&out), 0);
	json_put_string(&out, copy);
	assert_slice(out_slice(&out), slice_cstr(expected));
	free((char *)copy.p);
}

static void test_strings(void **state)
{
	(void)state;
	assert_json(SLICE(""), "\"\"");
	assert_json(SLICE("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
	assert_json(SLICE("\b\t\n\f\r\x01\x1f\x7f"), "\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\"");
	assert_json(SLICE("a\0b"), "\"a\\u0000b\"");
	assert_json(SLICE("\xc3\xa9\xf0\x9f\x98\x80"), "\"\xc3\xa9\xf0\x9f\x98\x80\"");
	assert_json(SLICE("\xff\xc3"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_strings)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
