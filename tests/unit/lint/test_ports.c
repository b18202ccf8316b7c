#undef NDEBUG
#include "../testing.h"

#include "linting.h"

#define NOTED(name, number, transport, note)                                                       \
	RECORD(NAME(name) OVER(transport) THING PORT(number) "<note>" note "</note>")

static void test_shared(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(SERVICE("a", "7", "tcp") SERVICE("b", "7", "tcp") RESERVED("7", "udp")),
		 "202@1"},
		{RECORDS(SERVICE("a", "7", "tcp") SERVICE("b", "7", "tcp") SERVICE("c", "7", "tcp")
				 SERVICE("d", "7", "tcp") RESERVED("7", "udp")),
		 "202@1"},
		{RECORDS(SERVICE("a", "7", "tcp") SERVICE("b", "7", "udp")), ""},
		{RECORDS(SERVICE("a", "7", "tcp")
				 NOTED("b", "7", "tcp", "This is a duplicate of the \"a\" service")
					 RESERVED("7", "udp")),
		 ""},
		{RECORDS(SERVICE("a", "7", "tcp") NOTED(
			 "b", "7", "tcp", "This entry is an alias to \"a\".") RESERVED("7", "udp")),
		 "121@1"},
		{RECORDS(SERVICE("a", "7", "tcp") RESERVED("7", "tcp") RESERVED("7", "udp")),
		 "212@1"},
		{RECORDS(RESERVED("7", "tcp") STATE_OVER("Unassigned", "7", "tcp")
				 RESERVED("7", "udp") PORTLESS("a")),
		 "212@0 212@1"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_overlaps(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(STATE("Reserved", "5-7") STATE("Reserved", "8-9") PORTLESS("a")), ""},
		{RECORDS(STATE("Reserved", "5-7") STATE("Reserved", "7-9") PORTLESS("a")), "203@1"},
		{RECORDS(STATE("Reserved", "5-9") SERVICE("a", "7", "tcp") RESERVED("7", "udp")),
		 "203@1 203@2"},
		{RECORDS(RESERVED("5-9", "tcp") RESERVED("5-9", "udp") RESERVED("7", "sctp")
				 PORTLESS("a")),
		 ""},
		{RECORDS(RESERVED("5-9", "tcp") RESERVED("5-9", "udp") STATE("Reserved", "7")
				 PORTLESS("a")),
		 "203@2"},
		/* The row before that reaches furthest is not the one just before. */
		{RECORDS(STATE("Reserved", "5-90") STATE("Reserved", "6") STATE("Reserved", "80")
				 PORTLESS("a")),
		 "203@1 203@2"},
		{RECORDS(STATE("Reserved", "7") RESERVED("7", "tcp") PORTLESS("a")), "203@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_adjacent(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(STATE("Unassigned", "5-7") STATE("Unassigned", "8") PORTLESS("a")),
		 "204@1"},
		{RECORDS(STATE("Unassigned", "5-7") STATE("Unassigned", "9") PORTLESS("a")), ""},
		{RECORDS(STATE("Reserved", "5-7") STATE("Unassigned", "8") PORTLESS("a")), ""},
		{RECORDS(STATE_OVER("Unassigned", "5", "tcp") STATE_OVER("Unassigned", "5", "udp")
				 STATE_OVER("Unassigned", "6", "tcp")
					 STATE_OVER("Unassigned", "6", "udp") PORTLESS("a")),
		 ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_counterparts(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(SERVICE("a", "7", "tcp")), "209@0"},
		{RECORDS(SERVICE("a", "7", "udp") SERVICE("a", "7", "sctp")), "209@0"},
		{RECORDS(SERVICE("a", "7", "sctp")), ""},
		{RECORDS(SERVICE("a", "7", "tcp") RESERVED("7", "udp")), ""},
		{RECORDS(SERVICE("a", "7-9", "tcp") RESERVED("7-9", "udp")), "206@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_adjacent),
		cmocka_unit_test(test_counterparts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
