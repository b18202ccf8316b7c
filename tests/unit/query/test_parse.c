#undef NDEBUG
#include "../testing.h"

#include "query/query.h"

static void test_ports(void **state)
{
	static const struct {
		struct slice text;
		uint16_t first, last;
		enum transport transport;
	} cases[] = {
		{SLICE("443"), 443, 443, TRANSPORT_NONE},
		{SLICE("0"), 0, 0, TRANSPORT_NONE},
		{SLICE(" 443\n"), 443, 443, TRANSPORT_NONE},
		{SLICE("443/tcp"), 443, 443, TRANSPORT_TCP},
		{SLICE("443/UDP"), 443, 443, TRANSPORT_UDP},
		{SLICE("6000-6010"), 6000, 6010, TRANSPORT_NONE},
		{SLICE("0-65535/dccp"), 0, 65535, TRANSPORT_DCCP},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fault fault = {};
		struct query query;

		assert_true(query_parse(cases[i].text, &query, &fault));
		assert_int_equal(query.kind, QUERY_PORTS);
		assert_int_equal(query.first, cases[i].first);
		assert_int_equal(query.last, cases[i].last);
		assert_int_equal(query.transport, cases[i].transport);
		assert_false(query.service_type);
	}
}

static void test_names(void **state)
{
	static const struct {
		struct slice text, name;
		enum transport transport;
		bool service_type;
	} cases[] = {
		{SLICE("https"), SLICE("https"), TRANSPORT_NONE, false},
		{SLICE(" https "), SLICE("https"), TRANSPORT_NONE, false},
		{SLICE("https/tcp"), SLICE("https"), TRANSPORT_TCP, false},
		{SLICE("https/TCP"), SLICE("https"), TRANSPORT_TCP, false},
		{SLICE("914c/g"), SLICE("914c/g"), TRANSPORT_NONE, false},
		{SLICE("914c/g/udp"), SLICE("914c/g"), TRANSPORT_UDP, false},
		{SLICE("https/"), SLICE("https/"), TRANSPORT_NONE, false},
		{SLICE("443/ip"), SLICE("443/ip"), TRANSPORT_NONE, false},
		{SLICE("443x"), SLICE("443x"), TRANSPORT_NONE, false},
		{SLICE("-1"), SLICE("-1"), TRANSPORT_NONE, false},
		{SLICE("_https._tcp"), SLICE("https"), TRANSPORT_TCP, true},
		{SLICE("_HTTPS._UDP"), SLICE("HTTPS"), TRANSPORT_UDP, true},
		{SLICE("_a.b._tcp"), SLICE("a.b"), TRANSPORT_TCP, true},
		{SLICE("_443._tcp"), SLICE("443"), TRANSPORT_TCP, true},
		{SLICE("_https._ip"), SLICE("_https._ip"), TRANSPORT_NONE, false},
		{SLICE("_https.tcp"), SLICE("_https.tcp"), TRANSPORT_NONE, false},
		{SLICE("https._tcp"), SLICE("https._tcp"), TRANSPORT_NONE, false},
		{SLICE("_https"), SLICE("_https"), TRANSPORT_NONE, false},
		{SLICE("_._tcp"), SLICE("_._tcp"), TRANSPORT_NONE, false},
		{SLICE("_tcp"), SLICE("_tcp"), TRANSPORT_NONE, false},
		{SLICE("_"), SLICE("_"), TRANSPORT_NONE, false},
		{SLICE("\xc3\xa9lan"), SLICE("\xc3\xa9lan"), TRANSPORT_NONE, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fault fault = {};
		struct query query;

		assert_true(query_parse(cases[i].text, &query, &fault));
		assert_int_equal(query.kind, QUERY_NAME);
		assert_slice(query.name, cases[i].name);
		assert_int_equal(query.transport, cases[i].transport);
		assert_int_equal(query.service_type, cases[i].service_type);
	}
}

static void test_what_cannot_be_meant(void **state)
{
	static const struct slice cases[] = {
		SLICE_NONE,
		SLICE(""),
		SLICE(" \t"),
		SLICE("/tcp"),
		SLICE("65536"),
		SLICE("2-1"),
		SLICE("1-"),
		SLICE("1-2-3"),
		SLICE("007"),
		SLICE("1-65536/tcp"),
		SLICE("99999999999999999999999999999999999999999999999999999999999999"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct query query = {.first = 77};
		struct fault fault = {};

		assert_false(query_parse(cases[i], &query, &fault));
		assert_told(fault);
		assert_int_equal(query.first, 77);
		assert_false(query_parse(cases[i], &query, NULL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_what_cannot_be_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
