#undef NDEBUG
#include "../testing.h"

#include "linting.h"

#define ON(date) RECORDS(DATED(date, NAME("a") OVER("tcp") THING))
#define BETWEEN(date, updated)                                                                     \
	RECORDS("<record date='" date "' updated='" updated "'>" BY NAME("a") OVER("tcp") THING    \
		"</record>")
#define DESCRIBED(text) RECORDS(RECORD(NAME("a") OVER("tcp") "<description>" text "</description>"))

static void test_forms(void **state)
{
	static const struct expectation cases[] = {
		{ON("2012-02-29"), ""},	     {ON("2000-02-29"), ""},
		{ON("2012-12-31"), ""},	     {ON("2012-07"), "404@0"},
		{ON("2013-02-29"), "401@0"}, {ON("1900-02-29"), "401@0"},
		{ON("2013-13"), "401@0"},    {ON("2013-00"), "401@0"},
		{ON("2013-04-31"), "401@0"}, {ON("2013-04-00"), "401@0"},
		{ON("2013"), "401@0"},	     {ON("2013/04/01"), "401@0"},
		{ON("2013-4-01"), "401@0"},  {ON("2013-04-01Z"), "401@0"},
		{ON("2o13-04"), "401@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_comparisons(void **state)
{
	static const struct expectation cases[] = {
		{BETWEEN("2013-04-05", "2013-04-05"), ""},
		{BETWEEN("2013-04-05", "2013-04-04"), "402@0"},
		{BETWEEN("2013-04-05", "2013-04"), "404@0"},
		{BETWEEN("2013-04-05", "2013-03"), "402@0 404@0"},
		{BETWEEN("2013-04", "2013-05"), "404@0 404@0"},
		{ON("2024-01-02"), ""},
		{ON("2024-01-03"), "403@0"},
		{ON("2024-01"), "404@0"},
		{ON("2024-02"), "403@0 404@0"},
		{RECORDS("<record>" BY NAME("a") OVER("tcp") THING "</record>" PORTLESS("b")),
		 "405@0"},
		{RECORDS("<record>" BY NAME("a") OVER("tcp") THING "</record>"), ""},
		{RECORDS(PORTLESS("a") STATE("Reserved", "1")), "602@1"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_temporary(void **state)
{
	static const struct expectation cases[] = {
		{DESCRIBED("A (TEMPORARY - registered 2023-01-01, expires 2024-01-01)"), "406@0"},
		{DESCRIBED("A (TEMPORARY - registered 2023-01-02, expires 2024-01-02)"), ""},
		{DESCRIBED("A lease that expires 2020-01-01"), ""},
		{DESCRIBED("TEMPORARY, expires soon"), ""},
		{DESCRIBED("TEMPORARY, expires someday"), ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_others(void **state)
{
	static const char header[] =
		"<registry xmlns='http://www.iana.org/assignments' id='service-names-port-numbers'>"
		"<updated>soon</updated>" PORTLESS("a") "<people>" PERSON "</people></registry>";
	static const char person[] =
		HEAD PORTLESS("a") "<people>" PERSON
				   "<person id='B'><name>B</name><uri>mailto:b&amp;b.example</uri>"
				   "<updated>2024-01-03</updated></person>"
				   "<person id='C'><name>C</name><uri>mailto:c&amp;c.example</uri>"
				   "<updated>never</updated></person></people></registry>";

	(void)state;
	expect_document(header, "401@registry");
	expect_document(person, "302@p1 403@p1 302@p2 401@p2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_comparisons),
		cmocka_unit_test(test_temporary),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
