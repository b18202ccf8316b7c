#undef NDEBUG
#include "../testing.h"

#include "linting.h"

#define DESCRIBED(text) RECORDS(RECORD(NAME("a") OVER("tcp") "<description>" text "</description>"))
#define WITH(inside)	RECORDS(RECORD(NAME("a") OVER("tcp") THING inside))

static void test_wording(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(STATE("Unassigned", "5") STATE("Reserved", "7") PORTLESS("a")), ""},
		{RECORDS(STATE("unassigned", "5") PORTLESS("a")), "701@0"},
		{RECORDS(STATE("Unassigned [was x]", "5") PORTLESS("a")), "701@0"},
		{RECORDS(STATE("(unassigned) Possibly", "5") PORTLESS("a")), "701@0"},
		{RECORDS(STATE("Removed", "5") PORTLESS("a")), "702@0"},
		{RECORDS(STATE("reserved", "5") PORTLESS("a")), "702@0"},
		{WITH("<note>Defined TXT Keys: None</note>"), "707@0"},
		{WITH("<note>Defined TXT keys: None</note>"), ""},
		{WITH("<unauthorized>Known Unauthorized Use on port 5</unauthorized>"), ""},
		{WITH("<unauthorized>Unauthorized Use Known on port 5</unauthorized>"), "708@0"},
		{DESCRIBED("A thing, version 2"), "709@0"},
		{DESCRIBED("A thing V2"), "709@0"},
		{DESCRIBED("A thing v2.1"), "709@0"},
		{DESCRIBED("TCPv4, SRV2, V6X, conversions"), ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_content(void **state)
{
	static const struct expectation cases[] = {
		{RECORDS(RECORD(NAME("a") OVER("tcp") "<description/>")), "703@0"},
		{RECORDS(RECORD(NAME("a") OVER("tcp"))), "703@0"},
		{WITH("<note/>"), "704@0"},
		{DESCRIBED("one\ntwo"), "705@0"},
		{DESCRIBED("one<br/>two"), ""},
		{WITH("<note>one\ntwo</note>"), "706@0"},
		{WITH("<note>one<br/>two</note>"), ""},
	};

	(void)state;
	EXPECT_ALL(cases);
}

#define TITLES                                                                                     \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"                \
	"Registration Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,"    \
	"Assignment Notes\r\n"
#define CSV_ROW(assignee, contact, references)                                                     \
	TITLES "a,,tcp,A thing," assignee "," contact ",2020-01-02,," references ",,,\r\n"

static void test_text_beside_references(void **state)
{
	static const struct expectation cases[] = {
		{CSV_ROW("[A_B]", "[A_B][C]", "[RFC6335][TR-352]"), ""},
		{CSV_ROW("[A_B]", "\"[A_B]\n[C]\"", ""), ""},
		{CSV_ROW("Ann Bee", "[A_B]", ""), "725@0"},
		{CSV_ROW("[A_B]", "[A_B] (asked)", ""), "725@0"},
		{CSV_ROW("[A_B]", "[A_B]", "see [RFC6335]"), "725@0"},
		{CSV_ROW("Ann", "Bob", "Book"), "725@0 725@0 725@0"},
		{CSV_ROW("", "Bob", ""), "725@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_references(void **state)
{
	static const struct expectation cases[] = {
		{WITH("<xref type='rfc' data='rfc6335'/>"), ""},
		{WITH("<xref type='uri' data='http://a.example'/><xref type='text'>b</xref>"), ""},
		{WITH("<xref type='draft' data='draft-a'/>"), "721@0"},
		{WITH("<note>See <xref type='draft' data='draft-a'/></note>"), "721@0"},
		{WITH("<xref type='book' data='a'/>"), "722@0"},
		{WITH("<xref type='note' data='1'/>"), ""},
		{HEAD RECORD(NAME("a") OVER("tcp") THING "<xref type='note' data='1'/>") RECORD(
			 NAME("b") OVER("tcp") THING
			 "<xref type='note' data='2'/>") "<footnote "
							 "anchor='1'>A</footnote><people>" PERSON
							 "</people></registry>",
		 "723@1"},
		{WITH("<xref type='rfc' data='6335'/>"), "724@0"},
		{WITH("<xref type='rfc' data='rfc63a'/>"), "724@0"},
		{WITH("<xref type='rfc' data='rfc'/>"), "724@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

static void test_characters(void **state)
{
	static const struct expectation cases[] = {
		{WITH("<note>Caf\xc3\xa9 \xe2\x80\x93 \xe4\xb8\xad</note>"), ""},
		{WITH("<note>Caf\xe2\x88\x9a\xc2\xa9</note>"), "801@0"},
		{WITH("<note>Caf\xc3\x83\xc2\xa9</note>"), "801@0"},
		{WITH("<note>Caf\xef\xbf\xbd</note>"), "801@0"},
		{WITH("<note>\xc3\x83 la carte</note>"), ""},
		{WITH("<note>a\xc2\xa0"
		      "b</note>"),
		 "802@0"},
		{WITH("<note>a\xe2\x80\x8b"
		      "b\xe2\x80\xae</note><unauthorized>Known Unauthorized Use\xc2\xad"
		      "</unauthorized>"),
		 "802@0"},
		{DESCRIBED("Caf\xc3\xa9"), "803@0"},
	};

	(void)state;
	EXPECT_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wording),	   cmocka_unit_test(test_content),
		cmocka_unit_test(test_references), cmocka_unit_test(test_text_beside_references),
		cmocka_unit_test(test_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
