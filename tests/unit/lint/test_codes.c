#undef NDEBUG
#include "../testing.h"

#include "linting.h"

#define CODED(name, transport, code) RECORD(NAME(name) OVER(transport) THING "<sc>" code "</sc>")

static void test_codes(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(CODED("a", "dccp", "1145656131")), ""},
		{RECORDS(CODED("a", "dccp", "1056964607") CODED("b", "dccp", "1073741824")), ""},
		{RECORDS(RECORD(NAME("a") OVER("dccp") THING)), "501@0"},
		{RECORDS(RESERVED("7", "tcp") RESERVED("7", "udp") RESERVED("7", "dccp")
				 PORTLESS("a")),
		 ""},
		{RECORDS(CODED("a", "dccp", "SC:DISC")), "502@0"},
		{RECORDS(CODED("a", "dccp", "4294967296")), "502@0"},
		{RECORDS(CODED("a", "dccp", "0")), "503@0"},
		{RECORDS(CODED("a", "dccp", "4294967295")), "503@0"},
		{RECORDS(CODED("a", "dccp", "1056964608")), "503@0"},
		{RECORDS(CODED("a", "dccp", "1073741823")), "503@0"},
		{RECORDS(CODED("a", "dccp", "5") CODED("b", "dccp", "6") CODED("c", "dccp", "5")),
		 "504@2"},
		{RECORDS(CODED("a", "tcp", "5")), "505@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_codes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
