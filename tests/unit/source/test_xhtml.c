#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reading.h"

#define HEAD                                                                                       \
	"<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" "                              \
	"\"http://host.invalid/x.dtd\">\n"                                                         \
	"<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>"
#define TAIL  "</body></html>"
#define TABLE "<table id=\"table-service-names-port-numbers\">"
#define TITLES_OF(unauthorized)                                                                    \
	"<thead><tr><th>Service Name</th><th class=\"x\">Port Number</th>"                         \
	"<th>Transport Protocol</th><th>Description</th><th>Assignee</th><th>Contact</th>"         \
	"<th>Registration Date</th><th>Modification Date</th><th>Reference</th>"                   \
	"<th>Service Code</th><th>" unauthorized "</th><th>Assignment Notes</th></tr></thead>\n"
#define TITLES TITLES_OF("Unauthorized Use Reported")

/* A row whose description, assignee, contact, reference and notes are given. */
#define ROW(port, description, assignee, contact, reference, notes)                                \
	"<tr><td>name</td><td align=\"center\">" port "</td><td>tcp</td><td>" description          \
	"</td><td>" assignee "</td><td>" contact "</td><td></td><td></td><td>" reference           \
	"</td><td></td><td></td><td>" notes "</td></tr>\n"
#define ROWS(rows) HEAD TABLE TITLES "<tbody>" rows "</tbody></table>" TAIL

#define PERSON(id) "[<a href=\"#" id "\">" id "</a>]"

/* References as they stand in rich text (record/rich.h). */
#define REF(type, data, text) "\2" type "\3" data "\3" text "\3\4"

static void test_rows(void **state)
{
	struct registry *registry = read_well(
		source_xhtml_read,
		SLICE(ROWS(ROW("80", "Plain &amp; <br/>\ntext", PERSON("A_B") PERSON("C_D"),
			       PERSON("C_D"), "", "as [x] &lt;y&gt;")
				   ROW("81-82", "", PERSON("A_B"), PERSON("A_B"), "", "\n  "))));
	struct row row = registry_row(registry, 0);

	(void)state;
	assert_int_equal(registry->row_count, 2);
	assert_slice(registry->header.id, "service-names-port-numbers");
	assert_slice(row.shown[COLUMN_NAME], "name");
	assert_slice(row.shown[COLUMN_PORT], "80");
	assert_slice(row.rich[COLUMN_DESCRIPTION], "Plain & \1\ntext");
	assert_slice(row.shown[COLUMN_DESCRIPTION], "Plain & \ntext");
	assert_true(row.assignee_given);
	assert_slice(row.shown[COLUMN_ASSIGNEE], "[A_B][C_D]");
	assert_slice(row.rich[COLUMN_CONTACT], REF("person", "C_D", ""));
	assert_slice(row.shown[COLUMN_NOTES], "as [x] <y>");
	assert_absent(row.shown[COLUMN_REFERENCE]);
	assert_absent(row.order);
	row = registry_row(registry, 1);
	assert_int_equal(row.first_port, 81);
	assert_int_equal(row.last_port, 82);
	assert_false(row.assignee_given);
	assert_slice(row.shown[COLUMN_ASSIGNEE], "[A_B]");
	assert_absent(row.shown[COLUMN_DESCRIPTION]);
	assert_absent(row.shown[COLUMN_NOTES]);
	registry_free(registry);
}

#define GO		     "https://www.iana.org/go/"
#define LINK(address, label) "[<a href=\"" address "\">" label "</a>]"

static void test_references(void **state)
{
	static const struct {
		struct slice document;
		struct slice rich;
	} cases[] = {
#define CASE(html, rich) {SLICE(ROWS(ROW("1", "", "", "", html, ""))), SLICE(rich)}
		CASE(LINK(GO "rfc6335", "RFC6335"), REF("rfc", "rfc6335", "")),
		CASE(LINK("http://www.iana.org/go/rfc6335", "RFC6335"), REF("rfc", "rfc6335", "")),
		CASE(LINK(GO "rfc8765", "RFC8765, Section 6.1"),
		     REF("rfc", "rfc8765", "RFC8765, Section 6.1")),
		CASE(LINK(GO "draft-a-b-02", "draft-a-b-02"), REF("draft", "draft-a-b-02", "")),
		CASE(LINK(GO "draft-ietf-a-b-02", "RFC-ietf-a-b-02"),
		     REF("draft", "RFC-ietf-a-b-02", "")),
		CASE(LINK(GO "draft-a-02#section-4", "draft-a-02, Section 4"),
		     REF("draft", "draft-a-02", "draft-a-02, Section 4")),
		CASE(LINK("http://h.invalid/a?b&amp;c", "http://h.invalid/a?b&amp;c"),
		     REF("uri", "http://h.invalid/a?b&c", "")),
		CASE(LINK("http://h.invalid/", "TR-1 [2]"),
		     REF("uri", "http://h.invalid/", "TR-1 [2]")),
		CASE(LINK("#note1", "1"), REF("note", "1", "")),
		CASE(LINK("#note1", "note1"), REF("person", "note1", "")),
		CASE(LINK("#A_B", "Anne B"), REF("person", "A_B", "Anne B")),
		CASE(LINK("#note1", "1") LINK(GO "rfc1", "RFC1") "[by [hand] only]",
		     REF("note", "1", "") REF("rfc", "rfc1", "") REF("text", "", "by [hand] only")),
		/* Without both brackets a link is its text. */
		CASE("<a href=\"#x\">a</a>] [<a href=\"#x\">b</a> <a href=\"#x\">c</a>", "a] [b c"),
		CASE("[<a id=\"x\">no address</a>]", REF("text", "", "no address")),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct registry *registry = read_well(source_xhtml_read, cases[i].document);
		struct slice rich = registry_row(registry, 0).rich[COLUMN_REFERENCE];

		assert_int_equal(rich.n, cases[i].rich.n);
		assert_memory_equal(rich.p, cases[i].rich.p, rich.n);
		registry_free(registry);
	}
}

static void test_paragraphs(void **state)
{
	struct registry *registry =
		read_well(source_xhtml_read,
			  SLICE(ROWS(ROW("1", "", "", "", "",
					 "\n <p>one</p>\n <p>two " PERSON("A_B") "</p>\n"))));

	(void)state;
	assert_slice(registry_row(registry, 0).rich[COLUMN_NOTES],
		     "\n \5one\6\n \5two " REF("person", "A_B", "") "\6\n");
	registry_free(registry);
}

static void test_header(void **state)
{
	struct registry *registry = read_well(
		source_xhtml_read,
		SLICE(HEAD
		      "<h1>The <b>Registry</b></h1><dl>\n"
		      "<dt>Last Updated</dt>\n<dd> 2020-01-02 </dd>"
		      "<dt>Expert(s)</dt><dd>\n <pre>A, \nB</pre>\n </dd>"
		      "<dt>Reference</dt><dd>" LINK(
			      GO "rfc6335",
			      "RFC6335") "</dd>"
					 "<dt>Note</dt><dd><pre>\n see " LINK(
						 GO "rfc1",
						 "RFC1") "\n</pre></dd>"
							 "<dt>Apply</dt><dd><pre>here</pre></dd>"
							 "<dt>Empty</dt><dd> </dd>"
							 "<dt>Available Formats</dt><dd><a "
							 "href=\"x.csv\">CSV</a></dd></dl>"
							 "<h1>People</h1>" TAIL));

	(void)state;
	assert_slice(registry->header.title, "The Registry");
	assert_slice(registry->header.updated, "2020-01-02");
	assert_slice(registry->header.expert, "A, \nB");
	assert_slice(registry->header.references, REF("rfc", "rfc6335", ""));
	assert_absent(registry->header.category);
	assert_int_equal(registry->note_count, 2);
	assert_absent(registry->notes[0].title);
	assert_slice(registry->notes[0].text, "\n see " REF("rfc", "rfc1", "") "\n");
	assert_slice(registry->notes[1].title, "Apply");
	assert_slice(registry->notes[1].text, "here");
	registry_free(registry);
}

#define PEOPLE_TITLES                                                                              \
	"<tr><th>ID</th><th>Name</th><th>Organization</th><th>Contact URI</th>"                    \
	"<th>Last Updated</th></tr>"

static void test_people(void **state)
{
	struct registry *registry = read_well(
		source_xhtml_read,
		SLICE(HEAD
		      "<table><tr><th>Other</th></tr><tr><td>ignored</td></tr></table>"
		      "<table>" PEOPLE_TITLES
		      "<tr><td>\n <a name=\"A_B\" id=\"A_B\">[A_B]</a>\n</td><td>A B </td><td></td>"
		      "<td>\n <a href=\"mailto:a&amp;b\">mailto:a&amp;b</a>\n <br />"
		      "<a href=\"mailto:c\">mailto:c</a></td><td>2020-01</td></tr>"
		      "<tr><td><a id=\"Org\">[Org]</a></td><td></td><td>O</td><td><a href=\"\"></a>"
		      "</td><td></td></tr><tr><td>[X]</td><td></td><td></td><td></td><td></td></tr>"
		      "</table>" TAIL));
	const struct person *person = &registry->people[0];

	(void)state;
	assert_int_equal(registry->person_count, 3);
	assert_slice(person->id, "A_B");
	assert_slice(person->name, "A B ");
	assert_absent(person->organization);
	assert_slice(person->uri, "mailto:a&b\7mailto:c");
	assert_slice(person->updated, "2020-01");
	person++;
	assert_slice(person->id, "Org");
	assert_absent(person->name);
	assert_slice(person->organization, "O");
	assert_slice(person->uri, "");
	person++;
	assert_slice(person->id, "X");
	assert_absent(person->uri);
	registry_free(registry);
}

static void test_footnotes(void **state)
{
	struct registry *registry = read_well(
		source_xhtml_read,
		SLICE(HEAD
		      "<table class=\"fn\"><tr><td class=\"fn\"><a id=\"note1\">[1]</a></td><td>"
		      "<pre>Only\n here.</pre></td></tr></table>" TAIL));

	(void)state;
	assert_int_equal(registry->footnote_count, 1);
	assert_slice(registry->footnotes[0].title, "1");
	assert_slice(registry->footnotes[0].text, "Only\n here.");
	registry_free(registry);
}

static void test_former_title(void **state)
{
	struct registry *registry = read_well(
		source_xhtml_read, SLICE(HEAD TABLE TITLES_OF("Known Unauthorized Uses")
						 ROW("1", "", "", "", "", "") "</table>" TAIL));

	(void)state;
	assert_int_equal(registry->row_count, 1);
	registry_free(registry);
}

/* The encoding is the one that the document declares. */
static void test_other_encoding(void **state)
{
	static const char latin[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" ROWS(
		ROW("1", "caf\xe9 " PERSON("A_B"), "", "", "", ""));
	struct registry *registry =
		read_well(source_xhtml_read, (struct slice){latin, sizeof(latin) - 1});

	(void)state;
	assert_slice(registry_row(registry, 0).shown[COLUMN_DESCRIPTION], "caf\xc3\xa9 [A_B]");
	registry_free(registry);
}

static void test_refused(void **state)
{
	static const struct {
		struct slice document;
		unsigned line, column;
		const char *text;
	} cases[] = {
		{SLICE("<html>\n<p></html>"), 2, 6, "not well-formed: mismatched tag"},
		{SLICE("<html>\n"), 2, 1, "not well-formed: no element found"},
		{SLICE("<html>\n&#1;</html>"), 2, 1,
		 "not well-formed: reference to invalid character number"},
		{SLICE("<html>\n&nbsp;</html>"), 2, 1, "not well-formed: undefined entity"},
		{SLICE("<!DOCTYPE html SYSTEM \"x\">\n<html>\n <p>&nbsp;</p></html>"), 3, 5,
		 "an entity that the document does not declare"},
		{SLICE("<!DOCTYPE html SYSTEM \"x\">\n<html>\n <a href=\"a&nbsp;b\"/></html>"), 3,
		 2, "an entity that the document does not declare, in an attribute"},
		{SLICE("<!DOCTYPE html [\n<!ENTITY a \"b\">]><html>&a;</html>"), 1, 16,
		 "a document type with declarations of its own"},
		{SLICE("<!DOCTYPE html SYSTEM \"x\" [<!ENTITY % a SYSTEM \"y\"> %a;]><html/>"), 1,
		 27, "a document type with declarations of its own"},
		{SLICE(HEAD TABLE "<tr><th>Port Number</th></tr></table>" TAIL), 2, 114,
		 "a column that is not the one expected here"},
		{SLICE(HEAD TABLE TITLES "<tr><td>a</td></tr></table>" TAIL), 3, 1,
		 "a row of 1 cells under 12 titles where each should have 12"},
		{SLICE(HEAD TABLE "\n" ROW("1", "", "", "", "", "") "</table>" TAIL), 3, 1,
		 "a row of 12 cells under 0 titles where each should have 12"},
		{SLICE(HEAD TABLE TITLES ROW("1", "", "", "", "", "</td><td>") "</table>" TAIL), 3,
		 136, "a row with more cells than the table has columns"},
		{SLICE(ROWS(ROW("1", "<table></table>", "", "", "", ""))), 3, 66,
		 "a table inside of a table"},
		{SLICE(ROWS(ROW("1", "<h1></h1>", "", "", "", ""))), 3, 66,
		 "a cell or heading inside of another"},
		{SLICE(ROWS(ROW("1", "<a><b><a/></b></a>", "", "", "", ""))), 3, 72,
		 "a link inside of a link"},
		{SLICE(ROWS(ROW("1x", "", "", "", "", ""))), 3, 8,
		 "\"1x\" is no port number or range of 0-65535"},
		{SLICE(HEAD "<table>" PEOPLE_TITLES
			    "\n<tr><td>A</td><td/><td/><td/><td/></tr></table>" TAIL),
		 3, 35, "an id that is not in brackets"},
		{SLICE(HEAD "<table>" PEOPLE_TITLES
			    "\n<tr><td>[A]</td><td>a<br/>b</td><td/><td/><td/></tr></table>" TAIL),
		 3, 48, "a line break or reference where only text is expected"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fault fault;
		int code = read_refused(source_xhtml_read, cases[i].document, &fault);

		assert_string_equal(fault.text, cases[i].text);
		assert_int_equal(code, FAULT_MALFORMED);
		assert_int_equal(fault.line, cases[i].line);
		assert_int_equal(fault.column, cases[i].column);
	}
}

static void test_depth_limit(void **state)
{
	struct strbuf document = {};
	struct fault fault;

	(void)state;
	for (unsigned i = 0; i < 64; i++)
		strbuf_add(&document, SLICE("<html>"));
	assert_int_equal(read_refused(source_xhtml_read, strbuf_slice(&document), &fault),
			 FAULT_MALFORMED);
	strbuf_add(&document, SLICE("\n<html>"));
	assert_int_equal(read_refused(source_xhtml_read, strbuf_slice(&document), &fault),
			 FAULT_LIMIT);
	assert_int_equal(fault.line, 2);
	assert_string_equal(fault.text, "more than the limit of 64 nested elements");
	strbuf_done(&document);
}

static void test_mangled(void **state)
{
	(void)state;
	read_mangled(
		source_xhtml_read,
		SLICE(HEAD "<dl><dt>Note</dt><dd><pre>a</pre></dd></dl>" TABLE TITLES ROW(
			"80", "a<br/>&amp;\xc3\xa4", PERSON("A"), "", LINK("#note1", "1"),
			"<p>x</p>") "</table><table>" PEOPLE_TITLES
				    "<tr><td>[A]</td><td/><td/><td>u<br/>v</td><td/></tr></table>"
				    "<table class=\"fn\"><tr><td>[1]</td><td/></tr></table>" TAIL),
		3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	     cmocka_unit_test(test_references),
		cmocka_unit_test(test_paragraphs),   cmocka_unit_test(test_header),
		cmocka_unit_test(test_people),	     cmocka_unit_test(test_footnotes),
		cmocka_unit_test(test_former_title), cmocka_unit_test(test_other_encoding),
		cmocka_unit_test(test_refused),	     cmocka_unit_test(test_depth_limit),
		cmocka_unit_test(test_mangled),
	};

	return cmocka_run_group_tests_name("source/xhtml", tests, NULL, NULL);
}
