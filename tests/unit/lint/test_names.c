#undef NDEBUG
#include "../testing.h"

#include "linting.h"

#define ALIAS(name, target)                                                                        \
	RECORD(NAME(name) OVER("tcp") THING "<note>This entry is an alias to \"" target            \
					    "\".</note>")
#define REPLACEMENT(name, other)                                                                   \
	RECORD(NAME(name) OVER("tcp") "<description>A replacement for \"" other "\".</"            \
				      "description>")

static void test_groups(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(SERVICE("a", "7", "tcp") SERVICE("A", "7", "udp")), "107@1"},
		{RECORDS(SERVICE("a", "7", "tcp") SERVICE("a", "7", "udp")), ""},
		{RECORDS(SERVICE("a", "7", "tcp") SERVICE("a", "7", "udp") SERVICE("a", "8", "tcp")
				 SERVICE("a", "8", "udp") SERVICE("a", "9", "tcp")
					 RESERVED("9", "udp")),
		 "112@2"},
		{RECORDS(SERVICE("a", "7", "tcp") SERVICE("a", "7", "udp") PORTLESS("a")), "113@2"},
		{RECORDS(PORTLESS("a") PORTLESS("a")), "201@1"},
		{RECORDS(PORTLESS("a") PORTLESS("A")), "107@1 201@1"},
		{RECORDS(PORTLESS("a") RECORD(NAME("a") OVER("udp") THING)), ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_aliases(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(PORTLESS("a") ALIAS("b", "a")), "121@1"},
		{RECORDS(PORTLESS("a") ALIAS("b", "A")), "121@1"},
		{RECORDS(PORTLESS("a") ALIAS("b", "c")), "121@1 122@1"},
		{RECORDS(RECORD(NAME("a") OVER("udp") THING) ALIAS("b", "a")), "121@1 123@1"},
		{RECORDS(REPLACEMENT("a", "b") ALIAS("b", "a")), "121@1"},
		{RECORDS(REPLACEMENT("a", "b") PORTLESS("c")), "124@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

#define CODED(name, number) RECORD(NAME(name) OVER("dccp") THING PORT(number) "<sc>" number "</sc>")
#define EXPERIMENT(name, number)                                                                   \
	SERVICE(name, number, "tcp")                                                               \
	SERVICE(name, number, "udp") SERVICE(name, number, "sctp") CODED(name, number)

static void test_experiments(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(EXPERIMENT("exp1", "1021") EXPERIMENT("exp2", "1022")), ""},
		{RECORDS(EXPERIMENT("exp1", "1020")), "210@0 210@1 210@2 210@3"},
		{RECORDS(SERVICE("exp2", "1022", "tcp") SERVICE("exp2", "1022", "udp")
				 CODED("exp2", "1022")),
		 "211@0"},
		{RECORDS(SERVICE("exp3", "1020", "tcp") SERVICE("exp3", "1020", "udp")), ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_experiments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
