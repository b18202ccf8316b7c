#undef NDEBUG
#include "../testing.h"

#include "linting.h"

#define SOMEBODY(id, inside) "<person id='" id "'>" inside "</person>"
#define MAIL(address)	     "<uri>mailto:" address "</uri>"
#define BEING(id, inside)                                                                          \
	HEAD "<record date='2020-01-02'><assignee><xref type='person' data='" id "'/></assignee>"  \
	     "<xref type='person' data='" id "'/>" NAME("a") OVER("tcp") THING                     \
		"</record><people>" SOMEBODY(id, inside) "</people></registry>"
#define WITH_URI(uri) BEING("X", "<name>X</name><uri>" uri "</uri>")
#define GOOD	      "<name>X</name>" MAIL("x&amp;x.example")
#define AMONG(people) HEAD PORTLESS("a") "<people>" PERSON people "</people></registry>"

static void test_references(void **state)
{
	static const struct expectation cases[] = {
		{HEAD PORTLESS("a") "</registry>", ""},
		{HEAD PORTLESS("a") "<people>" SOMEBODY("B", GOOD) "</people></registry>",
		 "301@0 301@0 302@p0"},
		{AMONG(SOMEBODY("B", GOOD)), "302@p1"},
		{HEAD RECORD(NAME("a") OVER("tcp") THING
			     "<note>Was <xref type='person' data='B'/></note>") "<people>" PERSON
			 SOMEBODY("B", GOOD) "</people></registry>",
		 ""},
		{HEAD "<note>See <xref type='person' data='C'/></note>" PORTLESS(
			 "a") "<people>" PERSON "</people></registry>",
		 "301@registry"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_ids(void **state)
{
	static const struct expectation cases[] = {
		{AMONG(SOMEBODY("A_Person", GOOD)), "303@p1"},
		{AMONG(SOMEBODY("a_person", GOOD)), "302@p1 304@p1"},
		{AMONG(SOMEBODY("A_Persom", GOOD)), "302@p1 604@p1"},
		{BEING("X", MAIL("x&amp;x.example")), "305@p0"},
		{BEING("X", "<org>X</org>" MAIL("x&amp;x.example")), ""},
		{BEING("X\xc3\xa9", GOOD), "804@p0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_uris(void **state)
{
	static const struct expectation cases[] = {
		{BEING("X", "<name>X</name>"), "306@p0"},
		{WITH_URI("tel:+1-2"), "307@p0"},
		{WITH_URI(""), "307@p0"},
		{WITH_URI("mailto:a.b+c&amp;d-e.f.example"), ""},
		{WITH_URI("mailto:a@b.example"), "308@p0"},
		{WITH_URI("mailto:a&amp;b"), "308@p0"},
		{WITH_URI("mailto:a&amp;b.example."), "308@p0"},
		{WITH_URI("mailto:a&amp;.b.example"), "308@p0"},
		{WITH_URI("mailto:&amp;b.example"), "308@p0"},
		{WITH_URI("mailto:a&amp;b_c.example"), "308@p0"},
		{WITH_URI("mailto:A Name"), "308@p0"},
		{BEING("X", GOOD "<uri>http://x.example</uri>" MAIL("x")), "307@p0 308@p0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_uris),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
