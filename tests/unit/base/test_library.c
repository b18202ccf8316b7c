#undef NDEBUG
#include "../testing.h"

#include "base/library.h"

struct functions {
	size_t (*length)(const char *text);
	int (*compare)(const char *a, const char *b);
};

static void test_found(void **state)
{
	static const char *const names[] = {"strlen", "strcmp"};
	struct functions functions = {};
	struct fault fault = {};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(library_open("libc.so.6", "the C library", names,
					      ARRAY_SIZE(names), &functions, &fault),
				 0);
		assert_int_equal(functions.length("four"), 4);
		assert_int_equal(functions.compare("four", "four"), 0);
	}
}

static void test_missing(void **state)
{
	static const char *const names[] = {"strlen", "no_such_function"};
	struct functions functions = {};
	struct fault fault = {};

	(void)state;
	assert_int_equal(
		library_open("libnone.so.7", "None", names, ARRAY_SIZE(names), &functions, &fault),
		FAULT_SYSTEM);
	assert_string_equal(fault.text, "None is needed: libnone.so.7: cannot open shared object "
					"file: No such file or directory");
	assert_int_equal(
		library_open("libc.so.6", "C", names, ARRAY_SIZE(names), &functions, &fault),
		FAULT_SYSTEM);
	assert_string_equal(fault.text, "this C is too old: no no_such_function() in libc.so.6");
	assert_null(functions.length);
	assert_null(functions.compare);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
