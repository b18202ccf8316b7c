#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

static struct registry *read_text(struct slice document)
{
	return read_well(source_services_read, document);
}

static void expect_row(const struct registry *registry, size_t number, const char *name, int port,
		       enum transport transport, const char *description, const char *alias_of)
{
	struct row row;
	struct slice alias;

	assert_true(number < registry->row_count);
	row = registry_row(registry, number);
	alias = row_alias_of(&row);
	assert_true(slice_eq(row.shown[COLUMN_NAME], slice_cstr(name)));
	assert_int_equal(row.first_port, port);
	assert_int_equal(row.last_port, port);
	assert_int_equal(row.transport, transport);
	assert_int_equal(row.state, ROW_ASSIGNED);
	assert_true(slice_eq(row.shown[COLUMN_DESCRIPTION], slice_cstr(description)));
	assert_int_equal(!row.shown[COLUMN_DESCRIPTION].p, !description);
	assert_true(slice_eq(alias, slice_cstr(alias_of)));
	assert_int_equal(!alias.p, !alias_of);
}

static void test_lines(void **state)
{
	struct registry *registry CLEANUP(registry_freep) =
		read_text(SLICE("# head\n\n \t\r\n"
				"http\t80/tcp\twww www-http\t# WorldWideWeb HTTP\r\n"
				"  rtsp 554/udp#Real Time\n"
				"sua 14001/SCTP\n"
				"sql*net 66/dccp # \n"
				"last 0/tcp"));

	(void)state;
	assert_int_equal(registry->row_count, 7);
	expect_row(registry, 0, "http", 80, TRANSPORT_TCP, "WorldWideWeb HTTP", NULL);
	expect_row(registry, 1, "www", 80, TRANSPORT_TCP, "WorldWideWeb HTTP", "http");
	expect_row(registry, 2, "www-http", 80, TRANSPORT_TCP, "WorldWideWeb HTTP", "http");
	assert_slice(registry_row(registry, 2).shown[COLUMN_NOTES],
		     "This entry is an alias to \"http\".");
	assert_absent(registry_row(registry, 0).shown[COLUMN_NOTES]);
	expect_row(registry, 3, "rtsp", 554, TRANSPORT_UDP, "Real Time", NULL);
	expect_row(registry, 4, "sua", 14001, TRANSPORT_SCTP, NULL, NULL);
	expect_row(registry, 5, "sql*net", 66, TRANSPORT_DCCP, NULL, NULL);
	expect_row(registry, 6, "last", 0, TRANSPORT_TCP, NULL, NULL);
}

static void test_comments_that_go_on(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = read_text(SLICE("a 1/tcp # one\n"
									    "\t\t# two #2\n"
									    " #   three  \n"
									    "# four\n"
									    "b 2/tcp\n"
									    "\t# of nothing\n"
									    "c 3/tcp # one\n"
									    "\n"
									    "\t# of nothing\n"
									    "d 4/ddp # one\n"
									    "\t# two\n"
									    "e 5/tcp #\n"
									    "\t# two"));

	(void)state;
	assert_int_equal(registry->row_count, 4);
	expect_row(registry, 0, "a", 1, TRANSPORT_TCP, "one two #2 three", NULL);
	expect_row(registry, 1, "b", 2, TRANSPORT_TCP, NULL, NULL);
	expect_row(registry, 2, "c", 3, TRANSPORT_TCP, "one", NULL);
	expect_row(registry, 3, "e", 5, TRANSPORT_TCP, "two", NULL);
}

static void test_left_out(void **state)
{
	struct registry *registry CLEANUP(registry_freep) =
		read_text(SLICE("rtmp 1/ddp\n"
				"a 1/tcp a b a\n"
				"natd 8668/divert # NAT\n"
				"x 5/udplite\n"));

	(void)state;
	assert_int_equal(registry->row_count, 2);
	expect_row(registry, 1, "b", 1, TRANSPORT_TCP, NULL, "a");
}

static void test_refused(void **state)
{
	static const struct {
		struct slice document;
		unsigned line, column;
		const char *text;
	} cases[] = {
		{SLICE("a 1/tcp\nssh\n"), 2, 1, "\"ssh\" has no port/transport behind it"},
		{SLICE("a 1/tcp\nssh # 22/tcp\n"), 2, 1, "\"ssh\" has no port/transport behind it"},
		{SLICE("a 1/tcp\n ssh 22\n"), 2, 6, "\"22\" names no transport: port/transport"},
		{SLICE("ssh 22/\n"), 1, 5, "\"22/\" names no transport: port/transport"},
		{SLICE("ssh 22 tcp\n"), 1, 5, "\"22\" names no transport: port/transport"},
		{SLICE("ssh /tcp\n"), 1, 5, "\"/tcp\" begins with no port number of 0-65535"},
		{SLICE("ssh 65536/tcp\n"), 1, 5,
		 "\"65536/tcp\" begins with no port number of 0-65535"},
		{SLICE("ssh 022/tcp\n"), 1, 5, "\"022/tcp\" begins with no port number of 0-65535"},
		{SLICE("ssh -1/tcp\n"), 1, 5, "\"-1/tcp\" begins with no port number of 0-65535"},
		{SLICE("x 1-2/tcp\n"), 1, 3, "\"1-2/tcp\" begins with no port number of 0-65535"},
		{SLICE("x 1/tpc\n"), 1, 5,
		 "\"tpc\" is no transport protocol (tcp, udp, sctp, dccp)"},
		{SLICE("x 1/tcp/udp\n"), 1, 5,
		 "\"tcp/udp\" is no transport protocol (tcp, udp, sctp, dccp)"},
		{SLICE("x 1/tcp a\001b\n"), 1, 10, "control character 0x01: not a text document"},
		{SLICE("x 1/tcp # \xff\n"), 1, 11, "malformed UTF-8 (byte 0xff)"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fault fault;

		assert_int_equal(read_refused(source_services_read, cases[i].document, &fault),
				 FAULT_MALFORMED);
		assert_string_equal(fault.text, cases[i].text);
		assert_int_equal(fault.line, cases[i].line);
		assert_int_equal(fault.column, cases[i].column);
	}
}

static void test_limit(void **state)
{
	struct strbuf document CLEANUP(strbuf_done) = {};
	struct fault fault;

	(void)state;
	strbuf_add(&document, SLICE("a 1/tcp #\n"));
	for (unsigned i = 0; i < REGISTRY_CELL_MAX / 8; i++)
		strbuf_add(&document, SLICE("\t# 1234567\n"));
	strbuf_add(&document, SLICE("\t# 123456789\n"));
	assert_int_equal(read_refused(source_services_read, strbuf_slice(&document), &fault),
			 FAULT_LIMIT);
	assert_string_equal(fault.text, "a Description of more than the limit of 65535 bytes");
	assert_int_equal(fault.line, 1);
}

static void test_detection(void **state)
{
	static const struct {
		struct slice document;
		bool services;
	} cases[] = {
		{SLICE("ssh 22/tcp"), true},
		{SLICE("\n# Service Name and Transport Protocol Port Number\n\nssh\t22/tcp\n"),
		 true},
		{SLICE("\xef\xbb\xbf# a\nssh 22/tpc\n"), true},
		{SLICE("ssh 99999/tcp\n"), true},
		{SLICE("ssh 22\n"), false},
		{SLICE("ssh\n22/tcp\n"), false},
		{SLICE("ssh a/tcp\n"), false},
		{SLICE("ssh /tcp\n"), false},
		{SLICE("# 22/tcp\n"), false},
		{SLICE(""), false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		enum source_format format = SOURCE_FORMAT_COUNT;

		assert_int_equal(source_detect(cases[i].document, &format) &&
					 format == SOURCE_SERVICES,
				 cases[i].services);
	}
}

static void test_mangled(void **state)
{
	(void)state;
	read_mangled(source_services_read,
		     SLICE("# a\nhttp\t80/tcp\twww w2 # Web\n\t\t# more\nrtmp 1/ddp # x\nz 9/udp"),
		     20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),	 cmocka_unit_test(test_comments_that_go_on),
		cmocka_unit_test(test_left_out), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limit),	 cmocka_unit_test(test_detection),
		cmocka_unit_test(test_mangled),
	};

	return cmocka_run_group_tests_name("services", tests, NULL, NULL);
}
