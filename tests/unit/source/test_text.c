#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/out.h"
#include "base/utf8.h"
#include "reading.h"

#define HEAD                                                                                       \
	"   The Authority\n"                                                                       \
	"\n"                                                                                       \
	"                  Registry of Names\n"                                                    \
	"\n"                                                                                       \
	"   Last Updated\n"                                                                        \
	"   2024-11-19\n"                                                                          \
	"\n"                                                                                       \
	"   Expert(s)\n"                                                                           \
	"\n"                                                                                       \
	" Ann One,\n"                                                                              \
	"  and Bob Two\n"                                                                          \
	"\n"                                                                                       \
	"   Reference\n"                                                                           \
	"   [RFC6335][RFC7605]\n"                                                                  \
	"\n"                                                                                       \
	"   Note\n"                                                                                \
	"\n"                                                                                       \
	" Names are assigned as\n"                                                                 \
	" documented in [RFC6335].\n"                                                              \
	"\n"                                                                                       \
	" More of it.\n"                                                                           \
	"\n"                                                                                       \
	"\n"                                                                                       \
	"   Request an Assignment\n"                                                               \
	"\n"                                                                                       \
	"   [https://registry.example/apply]\n"                                                    \
	"\n"                                                                                       \
	"\n"                                                                                       \
	"   Available Formats\n"                                                                   \
	"   [IMG]\n"                                                                               \
	"   CSV [IMG]\n"                                                                           \
	"   Plain text\n"                                                                          \
	"\n"
#define TITLES                                                                                     \
	" Service Name   Port Number Transport     Description      Assignee Contact  "            \
	"Registration"                                                                             \
	" Modification Reference Service Unauthorized   Assignment Notes\n"                        \
	"                            Protocol                                             Date   " \
	" "                                                                                        \
	"     Date                Code   Use Reported\n"
/* Fills every column, so that their widths are certain. */
#define FULL                                                                                       \
	"fifteen-letters 49152-65535   sctp    Full to its very end [Eightt] [Letter]  2001-01-02" \
	"   2002-03-04  [RFC6335] 1234567 Twelve_chars A note of 20 letters\n"
#define CONTACTS                                                                                   \
	"\n"                                                                                       \
	"                    Contact Information\n"                                                \
	"\n"                                                                                       \
	"   ID         Name      Organization      Contact URI         Last\n"                     \
	"                                                            Updated\n"                    \
	"[Ann_One] Ann One Full Fourteen chars mailto:ann&a.example 2001-02-03\n"
#define FOOTNOTES                                                                                  \
	"\n"                                                                                       \
	"                         Footnote\n"                                                      \
	"\n"                                                                                       \
	"   [1] For experiments, see\n"                                                            \
	"       [RFC3692].\n"                                                                      \
	"\n"                                                                                       \
	"   [2] Another.\n"                                                                        \
	"\n"
#define END "   Licensing Terms\n"

/* A line of the table of services, of its cells (NULL: empty). */
static void put_line(struct out *out, const char *const cells[COLUMN_COUNT])
{
	static const size_t widths[COLUMN_COUNT] = {15, 11, 9, 20, 8, 8, 12, 12, 9, 7, 12, 20};

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		struct slice cell = slice_cstr(cells[i] ? cells[i] : "");
		size_t width = utf8_text_width(cell);

		assert_true(width <= widths[i]);
		out_put(out, cell);
		out_repeat(out, ' ', widths[i] + 1 - width);
	}
	out_byte(out, '\n');
}

static void put_document(struct out *out, const char *const lines[][COLUMN_COUNT], size_t count)
{
	assert_int_equal(out_init_memory(out), 0);
	out_put(out, SLICE(HEAD TITLES FULL));
	for (size_t i = 0; i < count; i++)
		put_line(out, lines[i]);
	out_put(out, SLICE(CONTACTS FOOTNOTES END));
}

/* What the lines hold, with the full row before them. */
static struct registry *read_lines(const char *const lines[][COLUMN_COUNT], size_t count)
{
	struct registry *registry;
	struct out out;

	put_document(&out, lines, count);
	registry = read_well(source_text_read, out_slice(&out));
	out_done(&out);
	assert_true(registry->row_count >= 1);
	assert_slice(registry_row(registry, 0).shown[COLUMN_NAME], "fifteen-letters");
	return registry;
}

#define READ_LINES(...)                                                                            \
	read_lines((const char *const[][COLUMN_COUNT]){__VA_ARGS__},                               \
		   ARRAY_SIZE(((const char *const[][COLUMN_COUNT]){__VA_ARGS__})))

static int refuse_lines(const char *const lines[][COLUMN_COUNT], size_t count,
			struct fault *ret_fault)
{
	struct out out;
	int result;

	put_document(&out, lines, count);
	result = read_refused(source_text_read, out_slice(&out), ret_fault);
	out_done(&out);
	return result;
}

#define REFUSE_LINES(fault_, ...)                                                                  \
	refuse_lines((const char *const[][COLUMN_COUNT]){__VA_ARGS__},                             \
		     ARRAY_SIZE(((const char *const[][COLUMN_COUNT]){__VA_ARGS__})), fault_)

/* Lines of the document before the first of a test's own. */
enum { LINES_BEFORE = 36 };

static void assert_shown(struct slice rich, const char *expected)
{
	struct strbuf shown = {};

	rich_show(rich, &shown);
	strbuf_add_byte(&shown, '\0');
	assert_string_equal(shown.p, expected);
	strbuf_done(&shown);
}

static void test_header(void **state)
{
	struct registry *registry =
		read_well(source_text_read, SLICE(HEAD TITLES FULL CONTACTS END));

	(void)state;
	assert_slice(registry->header.title, "Registry of Names");
	assert_slice(registry->header.updated, "2024-11-19");
	assert_slice(registry->header.expert, "Ann One,\n and Bob Two");
	assert_shown(registry->header.references, "[RFC6335][RFC7605]");
	assert_int_equal(registry->note_count, 2);
	assert_absent(registry->notes[0].title);
	assert_shown(registry->notes[0].text,
		     "Names are assigned as\ndocumented in [RFC6335].\n\nMore of it.");
	assert_slice(registry->notes[1].title, "Request an Assignment");
	assert_shown(registry->notes[1].text, "[https://registry.example/apply]");
	assert_int_equal(registry->footnote_count, 0);
	registry_free(registry);
}

static void test_columns(void **state)
{
	struct registry *registry =
		READ_LINES({[COLUMN_PORT] = "     2", [COLUMN_DESCRIPTION] = "Reserved"});
	struct row row = registry_row(registry, 0);

	(void)state;
	assert_int_equal(registry->row_count, 2);
	assert_int_equal(row.first_port, 49152);
	assert_int_equal(row.last_port, 65535);
	assert_int_equal(row.transport, TRANSPORT_SCTP);
	assert_slice(row.shown[COLUMN_DESCRIPTION], "Full to its very end");
	assert_slice(row.shown[COLUMN_ASSIGNEE], "[Eightt]");
	assert_true(row.assignee_given);
	assert_slice(row.shown[COLUMN_CONTACT], "[Letter]");
	assert_slice(row.shown[COLUMN_REGISTERED], "2001-01-02");
	assert_slice(row.shown[COLUMN_MODIFIED], "2002-03-04");
	assert_slice(row.shown[COLUMN_REFERENCE], "[RFC6335]");
	assert_slice(row.shown[COLUMN_SERVICE_CODE], "1234567");
	assert_slice(row.shown[COLUMN_UNAUTHORIZED], "Twelve_chars");
	assert_slice(row.shown[COLUMN_NOTES], "A note of 20 letters");
	row = registry_row(registry, 1);
	assert_slice(row.shown[COLUMN_PORT], "2");
	assert_slice(row.shown[COLUMN_DESCRIPTION], "Reserved");
	assert_absent(row.shown[COLUMN_NAME]);
	assert_absent(row.shown[COLUMN_TRANSPORT]);
	assert_absent(row.shown[COLUMN_NOTES]);
	assert_int_equal(row.state, ROW_RESERVED);
	registry_free(registry);
}

static void test_assignee_as_contact(void **state)
{
	struct registry *registry =
		READ_LINES({"a", "1", "tcp", [COLUMN_ASSIGNEE] = "[A]", [COLUMN_CONTACT] = "[A]"},
			   {"a", "2", "tcp", [COLUMN_ASSIGNEE] = "[A]"});

	(void)state;
	assert_false(registry_row(registry, 1).assignee_given);
	assert_slice(registry_row(registry, 1).shown[COLUMN_ASSIGNEE], "[A]");
	assert_true(registry_row(registry, 2).assignee_given);
	registry_free(registry);
}

/* "Protocol" would not have fitted behind, "keys:" would have. */
static void test_wrapped_and_broken_lines(void **state)
{
	struct registry *registry =
		READ_LINES({"a", "1", "tcp", "The Secure Shell", [COLUMN_NOTES] = "Defined TXT"},
			   {[COLUMN_DESCRIPTION] = "Protocol", [COLUMN_NOTES] = "keys: n"},
			   {"b", "2", "tcp", "Next"});

	(void)state;
	assert_int_equal(registry->row_count, 3);
	assert_slice(registry_row(registry, 1).shown[COLUMN_DESCRIPTION],
		     "The Secure Shell Protocol");
	assert_slice(registry_row(registry, 1).shown[COLUMN_NOTES], "Defined TXT\nkeys: n");
	assert_slice(registry_row(registry, 2).shown[COLUMN_DESCRIPTION], "Next");
	registry_free(registry);
}

/* The other cells stand in the middle; empty lines inside of a cell are its own. */
static void test_row_of_several_lines(void **state)
{
	struct registry *registry = READ_LINES(
		{[COLUMN_DESCRIPTION] = "whois++"}, {[COLUMN_REFERENCE] = "[RFC1]"},
		{"whoispp", "63", "tcp", "IANA assigned this", [COLUMN_REFERENCE] = "and more"},
		{[COLUMN_DESCRIPTION] = "well-formed name"}, {[COLUMN_DESCRIPTION] = "x"},
		{"re-mail-ck", "50", "tcp"});
	struct row row = registry_row(registry, 1);

	(void)state;
	assert_int_equal(registry->row_count, 3);
	assert_slice(row.shown[COLUMN_NAME], "whoispp");
	assert_slice(row.shown[COLUMN_DESCRIPTION],
		     "whois++\nIANA assigned this well-formed name\nx");
	assert_slice(row.shown[COLUMN_REFERENCE], "[RFC1] and more");
	assert_slice(registry_row(registry, 2).shown[COLUMN_NAME], "re-mail-ck");
	registry_free(registry);
}

/* The second and third line could be above and below the second port as well. */
static void test_breaks_tell_rows_apart(void **state)
{
	struct registry *registry = READ_LINES(
		{"ftp", "21", "tcp", "File Transfer"}, {[COLUMN_DESCRIPTION] = "Protocol"},
		{"xyz", "22", "udp", "Another Transferring"}, {[COLUMN_DESCRIPTION] = "Protocol"});

	(void)state;
	assert_int_equal(registry->row_count, 3);
	assert_slice(registry_row(registry, 1).shown[COLUMN_DESCRIPTION], "File Transfer Protocol");
	assert_slice(registry_row(registry, 2).shown[COLUMN_DESCRIPTION],
		     "Another Transferring Protocol");
	registry_free(registry);
}

/* Here nothing but their likeness tells: the first row ends as if it went on. */
static void test_likeness_tells_rows_apart(void **state)
{
	struct registry *registry = READ_LINES(
		{"mux", "1", "tcp", "A multiplexer of all"},
		{"mux", "1", "udp", "A multiplexer of all"},
		{[COLUMN_DESCRIPTION] = "Argus security and"},
		{"argus", "2", "tcp", "fire-prevention in a"}, {[COLUMN_DESCRIPTION] = "system"},
		{[COLUMN_DESCRIPTION] = "Argus security and"},
		{"argus", "2", "udp", "fire-prevention in a"}, {[COLUMN_DESCRIPTION] = "system"});

	(void)state;
	assert_int_equal(registry->row_count, 5);
	for (size_t i = 1; i < 3; i++)
		assert_slice(registry_row(registry, i).shown[COLUMN_DESCRIPTION],
			     "A multiplexer of all");
	for (size_t i = 3; i < 5; i++)
		assert_slice(registry_row(registry, i).shown[COLUMN_DESCRIPTION],
			     "Argus security and fire-prevention in a system");
	registry_free(registry);
}

static void test_long_name(void **state)
{
	struct registry *registry = READ_LINES(
		{"abc", "1"}, {"Apple Remote"}, {"Desktop (Net", "3283", "tcp", "Net Assistant"},
		{"Assistant)"}, {"Escale (Newton", "3679", "udp"}, {"Dock)"});

	(void)state;
	assert_int_equal(registry->row_count, 4);
	assert_slice(registry_row(registry, 2).shown[COLUMN_NAME],
		     "Apple Remote Desktop (Net Assistant)");
	assert_slice(registry_row(registry, 3).shown[COLUMN_NAME], "Escale (Newton Dock)");
	registry_free(registry);
}

static void test_rows_without_port(void **state)
{
	struct registry *registry = READ_LINES(
		{"abc", "1", "tcp", "With a port"}, {"argus", [COLUMN_DESCRIPTION] = "ARGUS"},
		{"arp", [COLUMN_DESCRIPTION] = "Address Resolution"},
		{[COLUMN_DESCRIPTION] = "Protocol"}, {"bbn", [COLUMN_DESCRIPTION] = "BBN"});

	(void)state;
	assert_int_equal(registry->row_count, 5);
	assert_slice(registry_row(registry, 2).shown[COLUMN_NAME], "argus");
	assert_int_equal(registry_row(registry, 2).first_port, -1);
	assert_slice(registry_row(registry, 3).shown[COLUMN_DESCRIPTION],
		     "Address Resolution Protocol");
	assert_slice(registry_row(registry, 4).shown[COLUMN_NAME], "bbn");
	registry_free(registry);
}

/* Two bytes a column, three bytes two columns, and two bytes none. */
static void test_wide_characters(void **state)
{
	struct registry *registry = READ_LINES(
		{"a", "1", "tcp", "FORT\xc3\x89 Vision", [COLUMN_ASSIGNEE] = "[\xc3\x89]"},
		{"b", "2", "tcp", "\xe6\xbc\xa2\xe5\xad\x97", [COLUMN_ASSIGNEE] = "[B]"},
		{"c", "3", "tcp", "Combine Full to ende\xcc\x81", [COLUMN_ASSIGNEE] = "[C]"});

	(void)state;
	assert_int_equal(registry->row_count, 4);
	assert_slice(registry_row(registry, 1).shown[COLUMN_DESCRIPTION], "FORT\xc3\x89 Vision");
	assert_slice(registry_row(registry, 1).shown[COLUMN_ASSIGNEE], "[\xc3\x89]");
	assert_slice(registry_row(registry, 2).shown[COLUMN_DESCRIPTION],
		     "\xe6\xbc\xa2\xe5\xad\x97");
	assert_slice(registry_row(registry, 2).shown[COLUMN_ASSIGNEE], "[B]");
	assert_slice(registry_row(registry, 3).shown[COLUMN_DESCRIPTION],
		     "Combine Full to ende\xcc\x81");
	assert_slice(registry_row(registry, 3).shown[COLUMN_ASSIGNEE], "[C]");
	registry_free(registry);
}

static void test_people(void **state)
{
	struct registry *registry = read_well(
		source_text_read,
		SLICE(HEAD TITLES FULL CONTACTS
		      "[Bob_2]   Bob Two                     mailto:b&b.example\n"
		      "                                      mailto:b&c.example\n"
		      "                       The Alliance\n"
		      "[T_A]                  of Networks                         2013-05\n"
		      "                       and Devices\n"
		      "[lone]\n" END));
	const struct person *person = registry->people;

	(void)state;
	assert_int_equal(registry->person_count, 4);
	assert_slice(person[0].id, "Ann_One");
	assert_slice(person[0].name, "Ann One Full");
	assert_slice(person[0].organization, "Fourteen chars");
	assert_slice(person[0].uri, "mailto:ann&a.example");
	assert_slice(person[0].updated, "2001-02-03");
	assert_slice(person[1].id, "Bob_2");
	assert_slice(person[1].name, "Bob Two");
	assert_absent(person[1].organization);
	assert_absent(person[1].updated);
	assert_slice(person[1].uri, "mailto:b&b.example\7mailto:b&c.example");
	assert_slice(person[2].organization, "The Alliance of Networks and Devices");
	assert_slice(person[2].updated, "2013-05");
	assert_slice(person[3].id, "lone");
	assert_absent(person[3].uri);
	registry_free(registry);
}

/* A date may be a month's, or missing; empty lines of notes are kept. */
static void test_sections(void **state)
{
	struct registry *registry =
		read_well(source_text_read, SLICE("   Last Updated\n\n   A Title\n\n\n  one\n\n\n"
						  "   Note\n\n text\n\n" TITLES FULL CONTACTS END));

	(void)state;
	assert_absent(registry->header.updated);
	assert_int_equal(registry->note_count, 2);
	assert_slice(registry->notes[0].title, "A Title");
	assert_slice(registry->notes[0].text, "\n\n one\n\n");
	assert_slice(registry->notes[1].text, "text");
	registry_free(registry);
	registry = read_well(source_text_read,
			     SLICE("   Last Updated\n   2026-08\n\n" TITLES FULL CONTACTS END));
	assert_slice(registry->header.updated, "2026-08");
	registry_free(registry);
}

static void test_empty_lines_in_cells(void **state)
{
	struct registry *registry = READ_LINES({[COLUMN_DESCRIPTION] = "One"},
					       {[COLUMN_NAME] = "a", [COLUMN_PORT] = "     1"},
					       {[COLUMN_DESCRIPTION] = "two", [COLUMN_NOTES] = ""});

	(void)state;
	assert_int_equal(registry->row_count, 2);
	assert_slice(registry_row(registry, 1).shown[COLUMN_DESCRIPTION], "One\ntwo");
	assert_slice(registry_row(registry, 1).rich[COLUMN_DESCRIPTION], "One\1\1two");
	registry_free(registry);
}

/* As far in as the first footnote's text, each line's own blanks stay. */
static void test_wide_anchors(void **state)
{
	struct registry *registry =
		read_well(source_text_read,
			  SLICE(HEAD TITLES FULL CONTACTS "\n  Footnotes\n\n"
							  "   [1]  One,\n          and more.\n"
							  "   [12] Two.\n\n" END));

	(void)state;
	assert_int_equal(registry->footnote_count, 2);
	assert_shown(registry->footnotes[0].text, "One,\n  and more.");
	assert_slice(registry->footnotes[1].title, "12");
	assert_shown(registry->footnotes[1].text, "Two.");
	registry_free(registry);
}

static void test_footnotes(void **state)
{
	struct registry *registry =
		read_well(source_text_read, SLICE(HEAD TITLES FULL CONTACTS FOOTNOTES END));

	(void)state;
	assert_int_equal(registry->footnote_count, 2);
	assert_slice(registry->footnotes[0].title, "1");
	assert_shown(registry->footnotes[0].text, "For experiments, see\n[RFC3692].");
	assert_slice(registry->footnotes[1].title, "2");
	assert_shown(registry->footnotes[1].text, "Another.");
	registry_free(registry);
}

static void test_carriage_returns(void **state)
{
	struct slice document = SLICE(HEAD TITLES FULL CONTACTS FOOTNOTES END);
	struct strbuf with = {};
	struct registry *registry;

	(void)state;
	for (size_t i = 0; i < document.n; i++) {
		if (document.p[i] == '\n')
			strbuf_add_byte(&with, '\r');
		strbuf_add_byte(&with, document.p[i]);
	}
	registry = read_well(source_text_read, strbuf_slice(&with));
	assert_int_equal(registry->row_count, 1);
	assert_slice(registry_row(registry, 0).shown[COLUMN_NOTES], "A note of 20 letters");
	assert_slice(registry->header.expert, "Ann One,\n and Bob Two");
	assert_int_equal(registry->person_count, 1);
	assert_int_equal(registry->footnote_count, 2);
	registry_free(registry);
	strbuf_done(&with);
}

static void test_bad_port(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(REFUSE_LINES(&fault, {"a", "1", "tcp", "One"},
				      {[COLUMN_DESCRIPTION] = "Two lines and then"},
				      {"b", "x65536", "tcp", "this is too long"}),
			 FAULT_MALFORMED);
	assert_int_equal(fault.line, LINES_BEFORE + 3);
	assert_int_equal(fault.column, 17);
	assert_non_null(strstr(fault.text, "\"x65536\" is no port"));
	assert_int_equal(REFUSE_LINES(&fault, {"a", "1", "icmp", "One"}), FAULT_MALFORMED);
	assert_int_equal(fault.line, LINES_BEFORE + 1);
	assert_non_null(strstr(fault.text, "\"icmp\" is no transport"));
}

static void test_lines_that_are_no_row(void **state)
{
	struct fault fault;

	(void)state;
	/* A name alone names no row; nor can a cell stand so far off its row's middle. */
	assert_int_equal(REFUSE_LINES(&fault, {"a", "1", "tcp", "One"}, {"alone"}),
			 FAULT_MALFORMED);
	assert_int_equal(fault.line, LINES_BEFORE + 2);
	assert_int_equal(REFUSE_LINES(&fault, {"a", "1", "tcp", "One"},
				      {[COLUMN_DESCRIPTION] = "b"}, {[COLUMN_DESCRIPTION] = "c"},
				      {[COLUMN_DESCRIPTION] = "d"}),
			 FAULT_MALFORMED);
	assert_int_equal(fault.line, LINES_BEFORE + 3);
	assert_non_null(strstr(fault.text, "no rows of the table of services"));
}

static int refuse(struct slice document, struct fault *ret_fault)
{
	return read_refused(source_text_read, document, ret_fault);
}

static void test_cut(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(refuse(SLICE(HEAD TITLES FULL), &fault), FAULT_MALFORMED);
	assert_int_equal(fault.line, LINES_BEFORE);
	assert_non_null(strstr(fault.text, "Licensing Terms"));
	assert_int_equal(refuse(SLICE(HEAD TITLES FULL CONTACTS), &fault), FAULT_MALFORMED);
	assert_int_equal(refuse(SLICE(HEAD TITLES FULL CONTACTS "   Licensing"), &fault),
			 FAULT_MALFORMED);
	assert_int_equal(refuse(SLICE(HEAD TITLES FULL "\n" END), &fault), FAULT_MALFORMED);
	assert_int_equal(fault.line, LINES_BEFORE - 2);
	assert_non_null(strstr(fault.text, "Contact Information"));
}

static void test_missing_parts(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(refuse(SLICE(""), &fault), FAULT_MALFORMED);
	assert_int_equal(refuse(SLICE(HEAD END), &fault), FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "no table of services"));
	assert_int_equal(refuse(SLICE(TITLES FULL CONTACTS END), &fault), FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "Last Updated"));
	assert_int_equal(
		refuse(SLICE("   Last Updated\n   today\n\n" TITLES FULL CONTACTS END), &fault),
		FAULT_MALFORMED);
	assert_int_equal(fault.line, 1);
	assert_int_equal(fault.column, 4);
	assert_int_equal(
		refuse(SLICE(HEAD TITLES FULL "\n Contact Information\n\nNobody\n" END), &fault),
		FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "titles of the table of people"));
	assert_int_equal(refuse(SLICE(HEAD TITLES FULL CONTACTS "bare\n" END), &fault),
			 FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "brackets"));
	assert_int_equal(
		refuse(SLICE(HEAD TITLES FULL CONTACTS "\n Footnote\n\n bare\n" END), &fault),
		FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "footnote"));
}

static void test_columns_that_touch(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(
		refuse(SLICE(HEAD TITLES FULL "sixteen-letters-x         1\n" CONTACTS END),
		       &fault),
		FAULT_MALFORMED);
	assert_int_equal(fault.line, LINES_BEFORE - 2);
	assert_non_null(strstr(fault.text, "do not stand apart"));
	assert_int_equal(refuse(SLICE(HEAD TITLES FULL "a\t\t1\ttcp\n" CONTACTS END), &fault),
			 FAULT_MALFORMED);
	assert_int_equal(fault.line, LINES_BEFORE + 1);
	assert_int_equal(fault.column, 2);
}

/* The page's titles parted by single blanks, as in text copied from it. */
static void test_other_layouts(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(
		refuse(SLICE(HEAD "Service Name Port Number Transport Protocol Description "
				  "Assignee Contact Registration Date Modification Date Reference "
				  "Service Code Unauthorized Use Reported Assignment Notes\n"
				  "a 1 tcp One [A] [A]\n" CONTACTS END),
		       &fault),
		FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "do not stand apart"));
	assert_int_equal(refuse(SLICE(HEAD "| Service Name | Port Number | Transport Protocol |\n"
					   "| a | 1 | tcp |\n" CONTACTS END),
				&fault),
			 FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "no table of services"));
}

static void test_not_text(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(refuse(SLICE(HEAD "\1" TITLES FULL CONTACTS END), &fault),
			 FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "control character"));
	assert_int_equal(refuse(SLICE(HEAD "\xff" TITLES FULL CONTACTS END), &fault),
			 FAULT_MALFORMED);
	assert_non_null(strstr(fault.text, "UTF-8"));
}

static void put_tall_row(struct out *out, unsigned lines)
{
	assert_int_equal(out_init_memory(out), 0);
	out_put(out, SLICE(HEAD TITLES FULL));
	for (unsigned i = 0; i < lines; i++) {
		bool middle = i == (lines - 1) / 2;

		put_line(out, (const char *const[COLUMN_COUNT]){
				      middle ? "a" : "", middle ? "1" : "", middle ? "tcp" : "",
				      "eighteen characters"});
	}
	out_put(out, SLICE(CONTACTS END));
}

static void test_limits(void **state)
{
	struct registry *registry;
	struct fault fault;
	struct out out;

	(void)state;
	put_tall_row(&out, 128);
	registry = read_well(source_text_read, out_slice(&out));
	assert_int_equal(registry_row(registry, 1).shown[COLUMN_DESCRIPTION].n, 128 * 20 - 1);
	registry_free(registry);
	out_done(&out);

	put_tall_row(&out, 131);
	assert_int_equal(refuse(out_slice(&out), &fault), FAULT_MALFORMED);
	/* The row before ends in the first or the second of the lines. */
	assert_int_equal(fault.line, LINES_BEFORE + 2);
	out_done(&out);

	assert_int_equal(out_init_memory(&out), 0);
	out_put(&out, SLICE(HEAD TITLES FULL));
	out_repeat(&out, 'x', 16385);
	out_put(&out, SLICE("\n" CONTACTS END));
	assert_int_equal(refuse(out_slice(&out), &fault), FAULT_LIMIT);
	assert_int_equal(fault.line, LINES_BEFORE + 1);
	assert_non_null(strstr(fault.text, "16384 bytes"));
	out_done(&out);

	assert_int_equal(out_init_memory(&out), 0);
	out_put(&out, SLICE("   Last Updated\n   2024-11-19\n\n   Note\n\n "));
	out_repeat(&out, '[', REGISTRY_CELL_MAX);
	out_put(&out, SLICE("\n\n" TITLES FULL CONTACTS END));
	assert_int_equal(refuse(out_slice(&out), &fault), FAULT_LIMIT);
	assert_non_null(strstr(fault.text, "65535 bytes"));
	out_done(&out);
}

static void test_mangled(void **state)
{
	(void)state;
	read_mangled(
		source_text_read,
		SLICE(HEAD TITLES FULL
		      "a                    1         tcp    The Secure Shell\n"
		      "                                      Protocol\n"
		      "b                                     No port\n" CONTACTS FOOTNOTES END),
		3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_assignee_as_contact),
		cmocka_unit_test(test_wrapped_and_broken_lines),
		cmocka_unit_test(test_row_of_several_lines),
		cmocka_unit_test(test_breaks_tell_rows_apart),
		cmocka_unit_test(test_likeness_tells_rows_apart),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_rows_without_port),
		cmocka_unit_test(test_wide_characters),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_empty_lines_in_cells),
		cmocka_unit_test(test_wide_anchors),
		cmocka_unit_test(test_footnotes),
		cmocka_unit_test(test_carriage_returns),
		cmocka_unit_test(test_bad_port),
		cmocka_unit_test(test_lines_that_are_no_row),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_missing_parts),
		cmocka_unit_test(test_columns_that_touch),
		cmocka_unit_test(test_other_layouts),
		cmocka_unit_test(test_not_text),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_mangled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
