#undef NDEBUG
#include "../testing.h"

#include "record/transport.h"

static void test_names(void **state)
{
	static const struct slice upper[] = {SLICE("TCP"), SLICE("Udp"), SLICE("sCtP"),
					     SLICE("DCCP")};

	(void)state;
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		enum transport transport = TRANSPORT_NONE;

		assert_true(transport_parse(transport_name((enum transport)i), &transport));
		assert_int_equal(transport, i);
		transport = TRANSPORT_NONE;
		assert_true(transport_parse(upper[i], &transport));
		assert_int_equal(transport, i);
	}
	assert_text(transport_name(TRANSPORT_NONE), "");
}

static void test_no_names(void **state)
{
	static const struct slice bad[] = {
		SLICE_NONE,    SLICE(""),     SLICE("tc"), SLICE("tcpp"),
		SLICE("tcp "), SLICE("icmp"), SLICE("6"),  SLICE("tcp\0"),
	};
	enum transport transport = TRANSPORT_SCTP;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_false(transport_parse(bad[i], &transport));
		assert_int_equal(transport, TRANSPORT_SCTP);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
