/* Fields of flow records: what is a port, a protocol and a counter, and what is none. */
#undef NDEBUG
#include "../testing.h"

#include <stdio.h>

#include "annotate/flow.h"

/* With bytes behind it that do not matter. */
static struct slice field(const char *text)
{
	static char space[128];
	size_t n = strlen(text);

	memset(space, '9', sizeof(space));
	memcpy(space, text, n);
	return (struct slice){space, n};
}

static void test_every_port(void **state)
{
	static const char *const forms[] = {"%u", "%05u", " %u", "%u\t ", "\"%u\"", " \" %u \" "};
	char text[32];

	(void)state;
	for (unsigned value = 0; value <= 99999; value++) {
		for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
			uint16_t port = 1;

			snprintf(text, sizeof(text), forms[i], value);
			assert_int_equal(flow_port(field(text), &port), value <= PORT_MAX);
			assert_int_equal(port, value <= PORT_MAX ? value : 1);
		}
	}
}

static void test_no_ports(void **state)
{
	static const char *const texts[] = {
		"",	  " ",	 "\"",	      "\"\"", "-1",   "+1",   "1.0",
		"000001", "1 2", "\"1",	      "1\"",  "http", "0x10", "12345678901234567890",
		":",	  "1/",	 "\"\"1\"\"", "\xb2", "1\n",  "/",    "1:2"};
	uint16_t port;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_false(flow_port(field(texts[i]), &port));
	for (unsigned c = 0; c < 256; c++) {
		char text[] = {'4', (char)c, '3', '\0'};
		struct slice odd = field("443");

		memcpy((char *)(uintptr_t)odd.p, text, 3);
		assert_int_equal(flow_port(odd, &port), c >= '0' && c <= '9');
	}
}

static void test_protocols(void **state)
{
	static const struct {
		const char *text;
		enum flow_protocol protocol;
	} cases[] = {
		{"6", FLOW_TCP},	   {"17", FLOW_UDP},
		{"33", FLOW_DCCP},	   {"132", FLOW_SCTP},
		{"tcp", FLOW_TCP},	   {"UDP", FLOW_UDP},
		{"Sctp", FLOW_SCTP},	   {"dCCP", FLOW_DCCP},
		{" TCP  ", FLOW_TCP},	   {"\"6\"", FLOW_TCP},
		{"0", FLOW_OTHER},	   {"1", FLOW_OTHER},
		{"58", FLOW_OTHER},	   {"255", FLOW_OTHER},
		{"ICMP", FLOW_OTHER},	   {"ipv6-icmp", FLOW_OTHER},
		{"256", FLOW_MALFORMED},   {"06", FLOW_MALFORMED},
		{"", FLOW_MALFORMED},	   {"-", FLOW_MALFORMED},
		{"-1", FLOW_MALFORMED},	   {"6.0", FLOW_MALFORMED},
		{"t\"cp", FLOW_MALFORMED}, {"tc\xc3\xa9", FLOW_MALFORMED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(flow_protocol(field(cases[i].text)), cases[i].protocol);
	assert_int_equal(flow_protocol((struct slice){"t\0p", 3}), FLOW_MALFORMED);
}

static void test_bytes(void **state)
{
	uint64_t bytes = 7;

	(void)state;
	assert_true(flow_bytes(field("18446744073709551615"), &bytes));
	assert_true(bytes == UINT64_MAX);
	assert_true(flow_bytes(field("-"), &bytes) && bytes == 0);
	assert_true(flow_bytes(field(" \"12\" "), &bytes) && bytes == 12);
	assert_true(flow_bytes(field(""), &bytes) && bytes == 0);
	assert_false(flow_bytes(field("18446744073709551616"), &bytes));
	assert_false(flow_bytes(field("1.5"), &bytes));
	assert_false(flow_bytes(field("1 M"), &bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_port), cmocka_unit_test(test_no_ports),
		cmocka_unit_test(test_protocols), cmocka_unit_test(test_bytes)};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
