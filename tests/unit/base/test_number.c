#undef NDEBUG
#include "../testing.h"

#include "base/number.h"

static void test_parse(void **state)
{
	static const struct {
		struct slice text;
		uint64_t max, value;
	} good[] = {
		{SLICE("0"), 0, 0},
		{SLICE("7"), 7, 7},
		{SLICE("10"), 10, 10},
		{SLICE("65535"), 65535, 65535},
		{SLICE("18446744073709551615"), UINT64_MAX, UINT64_MAX},
	};
	static const struct {
		struct slice text;
		uint64_t max;
	} bad[] = {
		{SLICE(""), 9},
		{SLICE("00"), 9},
		{SLICE("01"), 9},
		{SLICE("+1"), 9},
		{SLICE("-1"), 9},
		{SLICE(" 1"), 9},
		{SLICE("1 "), 9},
		{SLICE("1\0"), 9},
		{SLICE("0x1"), 9},
		{SLICE("1e1"), 99},
		{SLICE("8"), 7},
		{SLICE("65536"), 65535},
		{SLICE("\xd9\xa1"), 9},
		{SLICE("18446744073709551616"), UINT64_MAX},
		{SLICE("99999999999999999999"), UINT64_MAX},
		{SLICE("100000000000000000000"), UINT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		uint64_t value = 1;

		assert_true(number_parse(good[i].text, good[i].max, &value));
		assert_true(value == good[i].value);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		uint64_t value = 12345;

		assert_false(number_parse(bad[i].text, bad[i].max, &value));
		assert_true(value == 12345);
	}
	assert_false(number_parse(SLICE_NONE, 9, &(uint64_t){0}));
}

static void test_write(void **state)
{
	static const struct {
		uint64_t value;
		struct slice text;
	} cases[] = {
		{0, SLICE("0")},
		{9, SLICE("9")},
		{10, SLICE("10")},
		{65535, SLICE("65535")},
		{UINT64_MAX, SLICE("18446744073709551615")},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char space[NUMBER_DIGITS];

		assert_slice(number_write(cases[i].value, space), cases[i].text);
	}
}

static void test_hexadecimal(void **state)
{
	static const unsigned char bytes[] = {0x00, 0x0f, 0xf0, 0xff, 0x9a};
	char space[2 * sizeof(bytes)];

	(void)state;
	hex_write(bytes, sizeof(bytes), space);
	assert_slice(((struct slice){space, sizeof(space)}), SLICE("000ff0ff9a"));
}

static void test_back_and_forth(void **state)
{
	struct random random = {1};

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		uint64_t value =
			((uint64_t)random_next(&random) << 32 | random_next(&random)) >> (i % 64);
		char space[NUMBER_DIGITS];
		uint64_t back;

		assert_true(number_parse(number_write(value, space), UINT64_MAX, &back));
		assert_true(back == value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_hexadecimal),
		cmocka_unit_test(test_back_and_forth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
