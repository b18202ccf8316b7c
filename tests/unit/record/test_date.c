#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "record/date.h"

static void expect(const char *text, unsigned year, unsigned month, unsigned day)
{
	struct date date = {};

	assert_true(date_parse(slice_cstr(text), &date));
	assert_int_equal(date.year, year);
	assert_int_equal(date.month, month);
	assert_int_equal(date.day, day);
}

static void test_dates(void **state)
{
	(void)state;
	expect("2026-02-13", 2026, 2, 13);
	expect("1994-10", 1994, 10, 0);
	expect("2024-02-29", 2024, 2, 29);
	expect("2000-02-29", 2000, 2, 29);
	expect("0000-12-31", 0, 12, 31);
}

static void test_no_dates(void **state)
{
	static const char *const texts[] = {
		"",	      "2026",	    "2026-1",	   "2026-00",	 "2026-13",    "2026-02-30",
		"2023-02-29", "1900-02-29", "2026-04-31",  "2026-04-00", "2026/04/01", "2026-04/01",
		"26-04-01",   "2026-4-01 ", "2026-04-01T", "+026-04-01", "2026-04-0x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct date date = {.year = 7};

		assert_false(date_parse(slice_cstr(texts[i]), &date));
		assert_int_equal(date.year, 7);
	}
}

/* Each day of 600 years as the C library has it, there and back. */
static void test_numbers(void **state)
{
	char space[DATE_LENGTH];

	(void)state;
	for (int64_t number = -100000; number < 119000; number++) {
		struct date date = date_of_number(number);
		time_t seconds = number * 86400;
		struct tm parts;
		struct date again;

		assert_non_null(gmtime_r(&seconds, &parts));
		assert_int_equal(date.year, parts.tm_year + 1900);
		assert_int_equal(date.month, parts.tm_mon + 1);
		assert_int_equal(date.day, parts.tm_mday);
		assert_int_equal(date_number(date), number);
		assert_true(date_parse(date_write(date, space), &again));
		assert_memory_equal(&again, &date, sizeof(date));
	}
	assert_memory_equal(date_write((struct date){987, 6, 5}, space).p, "0987-06-05", 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_no_dates),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
