#undef NDEBUG
#include "../testing.h"

static void test_plain(void **state)
{
	struct fault fault = {9, 9, "old"};

	(void)state;
	assert_int_equal(fault_set(&fault, FAULT_LIMIT, "more than %d", 3), FAULT_LIMIT);
	assert_int_equal(fault.line, 0);
	assert_int_equal(fault.column, 0);
	assert_string_equal(fault.text, "more than 3");
	assert_int_equal(fault_memory(&fault), FAULT_MEMORY);
	assert_string_equal(fault.text, "out of memory");
	assert_int_equal(fault_at_line(&fault, FAULT_MALFORMED, 3, 4, "x"), FAULT_MALFORMED);
	assert_int_equal(fault.line, 3);
	assert_int_equal(fault.column, 4);
}

static void test_nobody_wants_to_know(void **state)
{
	(void)state;
	assert_int_equal(fault_set(NULL, FAULT_SYSTEM, "x"), FAULT_SYSTEM);
	assert_int_equal(fault_at(NULL, FAULT_SYSTEM, "a", 1, 0, "x"), FAULT_SYSTEM);
	assert_int_equal(fault_at_line(NULL, FAULT_SYSTEM, 1, 1, "x"), FAULT_SYSTEM);
	assert_int_equal(fault_memory(NULL), FAULT_MEMORY);
}

static void test_places(void **state)
{
	static const char document[] = "ab\n\ncd\r\ne";
	static const struct {
		size_t at;
		uint64_t line, column;
	} places[] = {
		{0, 1, 1}, {1, 1, 2}, {2, 1, 3}, {3, 2, 1},  {4, 3, 1},
		{6, 3, 3}, {8, 4, 1}, {9, 4, 2}, {10, 4, 2}, {SIZE_MAX, 4, 2},
	};
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		assert_int_equal(fault_at(&fault, FAULT_MALFORMED, document, sizeof(document) - 1,
					  places[i].at, "here"),
				 FAULT_MALFORMED);
		assert_int_equal(fault.line, places[i].line);
		assert_int_equal(fault.column, places[i].column);
	}
	assert_int_equal(fault_at(&fault, FAULT_MALFORMED, NULL, 0, 0, "here"), FAULT_MALFORMED);
	assert_int_equal(fault.line, 1);
	assert_int_equal(fault.column, 1);
}

static void test_text_stays_one_printable_line(void **state)
{
	struct fault fault;
	char text[2000] = {};

	(void)state;
	fault_set(&fault, FAULT_MALFORMED, "a\nb\tc\x1b[31m\x7f d");
	assert_string_equal(fault.text, "a?b?c?[31m? d");
	/* U+0085 and U+009B are control characters as well; U+00E9 and U+4E2D are not. */
	fault_set(&fault, FAULT_MALFORMED, "\xc2\x85 \xc2\x9b \xc3\xa9 \xe4\xb8\xad");
	assert_string_equal(fault.text, "?? ?? \xc3\xa9 \xe4\xb8\xad");
	fault_set(&fault, FAULT_MALFORMED, "%.*s and \xff", 1, "\xc3\xa9");
	assert_string_equal(fault.text, "? and ?");
	memset(text, 'a', sizeof(text) - 1);
	fault_set(&fault, FAULT_MALFORMED, "%s", text);
	assert_int_equal(strlen(fault.text), sizeof(fault.text) - 1);
	/* A character that the end cuts. */
	memcpy(text + sizeof(fault.text) - 2, "\xc3\xa9", 2);
	fault_set(&fault, FAULT_MALFORMED, "%s", text);
	assert_int_equal(fault.text[sizeof(fault.text) - 2], '?');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_nobody_wants_to_know),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_text_stays_one_printable_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
