#undef NDEBUG
#include "../testing.h"

#include "linting.h"

#define NAMED(name) RECORDS(PORTLESS(name))

static void test_names(void **state)
{
	static const struct expectation cases[] = {
		{NAMED("a"), ""},
		{NAMED("A-1-b"), ""},
		{NAMED("abcdefghijklmno"), ""},
		{NAMED("abcdefghijklmnop"), "102@0"},
		{NAMED("a_b"), "101@0"},
		{NAMED("a.b"), "101@0"},
		{NAMED("a b"), "101@0"},
		{NAMED("\xc3\xa9t"), "101@0"},
		{NAMED("123"), "103@0"},
		{NAMED("1-2"), "103@0"},
		{NAMED("-a"), "104@0"},
		{NAMED("a-"), "104@0"},
		{NAMED("a--b"), "105@0"},
		{NAMED("-"), "103@0 104@0"},
		{RECORDS("<record><name/>" OVER("tcp") "<description>Reserved</description>" PORT(
			 "5") "</record>" RESERVED("5", "udp") PORTLESS("a")),
		 "106@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_words(void **state)
{
	static const struct expectation cases[] = {
		{NAMED("a-v2"), "108@0"},
		{NAMED("a-V10"), "108@0"},
		{NAMED("v2"), ""},
		{NAMED("av2"), ""},
		{NAMED("a-v"), ""},
		{NAMED("a-v2-b"), ""},
		{NAMED("a-port"), "109@0"},
		{NAMED("Service-a"), "109@0"},
		{NAMED("a-protocol-b"), "109@0"},
		{NAMED("airport"), ""},
		{NAMED("services"), ""},
		{RECORDS(RECORD(NAME("a")
					OVER("udp") "<description>A Discovery of b</description>")),
		 "110@0"},
		{RECORDS(RECORD(NAME("a-disc")
					OVER("udp") "<description>a discovery</description>")),
		 ""},
		{RECORDS(RECORD(NAME("a") OVER("udp") "<description>rediscovery</description>")),
		 ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_responsible(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(PORTLESS("a") RECORD(NAME("b") THING)), "111@1"},
		{RECORDS(PORTLESS("a") "<record date='2011-09-01'>" NAME("b") OVER(
			 "tcp") "<xref type='person' data='A_Person'/>" THING "</record>"),
		 "309@1"},
		{RECORDS(PORTLESS("a") "<record date='2011-08-31'>" NAME("b") OVER(
			 "tcp") "<xref type='person' data='A_Person'/>" THING "</record>"),
		 ""},
		{RECORDS(PORTLESS("a") "<record date='2011-08-01'>" NAME("b") OVER("tcp") THING
			 "</record>"),
		 "310@1"},
		{RECORDS(PORTLESS("a") "<record date='2020-08-01'><assignee>"
				       "<xref type='person' data='A_Person'/></assignee>" NAME("b")
					       OVER("tcp") THING "</record>"),
		 "310@1"},
		{"a 5/tcp # A\na 5/udp # A\n", ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

#define BY_IESG(contact)                                                                           \
	HEAD "<record date='2020-01-02'><assignee><xref type='person' data='IESG'/></assignee>"    \
	     "<xref type='person' data='" contact "'/>" NAME("a") OVER("tcp") THING                \
		"</record>"                                                                        \
		"<people><person "                                                                 \
		"id='IESG'><name>I</name><uri>mailto:i&amp;i.example</uri></person>"               \
		"<person id='" contact                                                             \
		"'><name>I</name><uri>mailto:i&amp;i.example</uri></person>"                       \
		"</people></registry>"

static void test_iesg(void **state)
{
	static const struct expectation cases[] = {
		{BY_IESG("IETF_Chair"), ""},
		{BY_IESG("John"), "311@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_ports(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(SERVICE("a", "7-7", "tcp") RESERVED("7", "udp")), "205@0"},
		{RECORDS(SERVICE("a", "7-8", "tcp") RESERVED("7-8", "udp")), "206@0"},
		{RECORDS(SERVICE("a", "49152", "tcp") RESERVED("49152", "udp")), "207@0 207@1"},
		{RECORDS(PORTLESS("a") STATE("Unassigned", "49000-49200")), "207@1 208@1 602@1"},
		{RECORDS(SERVICE("a", "1023", "tcp") RESERVED("1023", "udp")), "208@0"},
		{RECORDS(SERVICE("a", "1024", "tcp") RESERVED("1024", "udp")), "208@0"},
		{RECORDS(STATE("Unassigned", "0") PORTLESS("a")), "208@0"},
		{RECORDS(STATE("Reserved", "0") STATE("Reserved", "1023-1024")
				 STATE("Reserved", "49151") PORTLESS("a")),
		 ""},
		{RECORDS(STATE("Unassigned", "1-1022") STATE("Unassigned", "1025-49150")
				 PORTLESS("a")),
		 ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_order(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(SERVICE("b", "7", "tcp") SERVICE("b", "7", "udp") STATE("Reserved", "8")
				 PORTLESS("c") PORTLESS("D") PORTLESS("e")),
		 ""},
		{RECORDS(STATE("Reserved", "8") STATE("Reserved", "7") PORTLESS("c")), "601@1"},
		{RECORDS(PORTLESS("c") STATE("Reserved", "7")), "602@1"},
		{RECORDS(PORTLESS("c") PORTLESS("B")), "603@1"},
		{RECORDS(SERVICE("b", "7", "udp") SERVICE("b", "7", "tcp")), "605@1"},
		{RECORDS(SERVICE("b", "7", "udp") RESERVED("7", "tcp")), ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),	    cmocka_unit_test(test_words),
		cmocka_unit_test(test_responsible), cmocka_unit_test(test_iesg),
		cmocka_unit_test(test_ports),	    cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
