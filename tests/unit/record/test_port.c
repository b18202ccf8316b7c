#undef NDEBUG
#include "../testing.h"

#include "record/port.h"

static void test_ranges(void **state)
{
	(void)state;
	assert_int_equal(port_range_of(0), PORT_RANGE_SYSTEM);
	assert_int_equal(port_range_of(1023), PORT_RANGE_SYSTEM);
	assert_int_equal(port_range_of(1024), PORT_RANGE_USER);
	assert_int_equal(port_range_of(49151), PORT_RANGE_USER);
	assert_int_equal(port_range_of(49152), PORT_RANGE_DYNAMIC);
	assert_int_equal(port_range_of(65535), PORT_RANGE_DYNAMIC);
	assert_text(port_range_name(PORT_RANGE_SYSTEM), "system");
	assert_text(port_range_name(PORT_RANGE_USER), "user");
	assert_text(port_range_name(PORT_RANGE_DYNAMIC), "dynamic");
}

static void test_procedures(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PORT_RANGE_COUNT; i++) {
		struct slice text = port_range_procedure((enum port_range)i);

		assert_true(slice_find(text, SLICE("RFC 6335, section")) != (size_t)-1);
	}
	assert_true(
		slice_starts(port_range_procedure(PORT_RANGE_DYNAMIC), SLICE("never assigned")));
}

static void test_edges(void **state)
{
	unsigned count = 0;

	(void)state;
	for (unsigned port = 0; port <= PORT_MAX; port++)
		count += port_is_edge((uint16_t)port);
	assert_int_equal(count, 4);
	assert_true(port_is_edge(0) && port_is_edge(1023) && port_is_edge(1024) &&
		    port_is_edge(49151));
}

static void test_parse(void **state)
{
	static const struct {
		struct slice text;
		uint16_t first, last;
	} good[] = {
		{SLICE("0"), 0, 0},
		{SLICE("443"), 443, 443},
		{SLICE("65535"), 65535, 65535},
		{SLICE("0-65535"), 0, 65535},
		{SLICE("7-7"), 7, 7},
		{SLICE("6000-6063"), 6000, 6063},
	};
	static const struct slice bad[] = {
		SLICE_NONE,
		SLICE(""),
		SLICE("-"),
		SLICE("1-"),
		SLICE("-1"),
		SLICE("65536"),
		SLICE("2-1"),
		SLICE("1-65536"),
		SLICE("1-2-3"),
		SLICE(" 1"),
		SLICE("1 - 2"),
		SLICE("01"),
		SLICE("1-02"),
		SLICE("0x1"),
		SLICE("1--2"),
		SLICE("a"),
		SLICE("1\0"),
		SLICE("4294967297"),
		SLICE("18446744073709551617"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		uint16_t first = 1, last = 1;

		assert_true(port_parse(good[i].text, &first, &last));
		assert_int_equal(first, good[i].first);
		assert_int_equal(last, good[i].last);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		uint16_t first = 11, last = 22;

		assert_false(port_parse(bad[i], &first, &last));
		assert_int_equal(first, 11);
		assert_int_equal(last, 22);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_procedures),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
