#undef NDEBUG
#include "../testing.h"

#include "record/time.h"

static void test_there_and_back(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} moments[] = {
		{"1970-01-01T00:00:00Z", 0},	      {"1970-01-01T00:00:01Z", 1},
		{"1969-12-31T23:59:59Z", -1},	      {"1969-12-31T00:00:00Z", -86400},
		{"2000-02-29T12:34:56Z", 951827696},  {"2026-11-22T07:05:08Z", 1795331108},
		{"2100-03-01T00:00:00Z", 4107542400}, {"9999-12-31T23:59:59Z", 253402300799},
	};
	char space[TIME_LENGTH];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(moments); i++) {
		int64_t seconds;

		assert_true(time_parse(slice_cstr(moments[i].text), &seconds));
		assert_true(seconds == moments[i].seconds);
		assert_slice(time_write(seconds, space), slice_cstr(moments[i].text));
	}
	assert_text(time_write(INT64_MAX, space), "9999-12-31T23:59:59Z");
}

static void test_none(void **state)
{
	static const char *const texts[] = {
		"",
		"2026-11-22",
		"2026-11-22T07:05:08",
		"2026-11-22T07:05:08z",
		"2026-11-22 07:05:08Z",
		"2026-11-22T07:05:08Z ",
		"2026-11-22T24:00:00Z",
		"2026-11-22T07:60:00Z",
		"2026-11-22T07:05:60Z",
		"2026-02-29T07:05:08Z",
		"2026-11-22T0a:05:08Z",
		"2026-11-22T07-05:08Z",
		"2026-11-22T07:05-08Z",
		"2026-11-22T07:05:-8Z",
		"2026-11-22T07:05:08.0Z",
	};
	int64_t seconds;

	(void)state;
	assert_false(time_parse(SLICE_NONE, &seconds));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct slice text = copy_of(slice_cstr(texts[i]));

		if (time_parse(text, &seconds))
			fail_msg("%s", texts[i]);
		free((char *)text.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
