#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reading.h"

#define TITLES                                                                                     \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"                \
	"Registration Date,Modification Date,Reference,Service Code,"                              \
	"Unauthorized Use Reported,Assignment Notes"

static void test_columns(void **state)
{
	struct registry *registry = read_well(
		source_csv_read,
		SLICE(TITLES
		      "\r\n"
		      "one,1-2,tcp,First,[A],[B],2001-01-02,2002-03-04,[RFC6335],7,Used,Note\r\n"
		      ",3,,Reserved,,,,,,,,\r\n"));
	struct row row = registry_row(registry, 0);

	(void)state;
	assert_int_equal(registry->row_count, 2);
	assert_slice(row.shown[COLUMN_NAME], "one");
	assert_slice(row.shown[COLUMN_PORT], "1-2");
	assert_int_equal(row.first_port, 1);
	assert_int_equal(row.last_port, 2);
	assert_int_equal(row.transport, TRANSPORT_TCP);
	assert_slice(row.shown[COLUMN_ASSIGNEE], "[A]");
	assert_slice(row.shown[COLUMN_CONTACT], "[B]");
	assert_slice(row.shown[COLUMN_REGISTERED], "2001-01-02");
	assert_slice(row.shown[COLUMN_MODIFIED], "2002-03-04");
	assert_slice(row.shown[COLUMN_REFERENCE], "[RFC6335]");
	assert_slice(row.shown[COLUMN_SERVICE_CODE], "7");
	assert_slice(row.shown[COLUMN_UNAUTHORIZED], "Used");
	assert_slice(row.shown[COLUMN_NOTES], "Note");
	assert_absent(row.order);
	row = registry_row(registry, 1);
	assert_absent(row.shown[COLUMN_NAME]);
	assert_absent(row.shown[COLUMN_TRANSPORT]);
	assert_absent(row.shown[COLUMN_NOTES]);
	assert_int_equal(row.state, ROW_RESERVED);
	registry_free(registry);
}

static void test_assignee_given(void **state)
{
	struct registry *registry =
		read_well(source_csv_read, SLICE(TITLES "\n"
							"a,1,tcp,,[A],[A],,,,,,\n"
							"a,2,tcp,,[A],[B],,,,,,\n"
							"a,3,tcp,,[A],,,,,,,\n"
							"a,4,tcp,,,,,,,,,\n"));

	(void)state;
	assert_false(registry_row(registry, 0).assignee_given);
	assert_slice(registry_row(registry, 0).shown[COLUMN_ASSIGNEE], "[A]");
	assert_true(registry_row(registry, 1).assignee_given);
	assert_true(registry_row(registry, 2).assignee_given);
	assert_slice(registry_row(registry, 2).shown[COLUMN_ASSIGNEE], "[A]");
	assert_absent(registry_row(registry, 2).shown[COLUMN_CONTACT]);
	assert_false(registry_row(registry, 3).assignee_given);
	registry_free(registry);
}

static void test_quoted_fields(void **state)
{
	struct registry *registry =
		read_well(source_csv_read, SLICE(TITLES "\r\n"
							"a,1,tcp,\"x, y\",,,,,,,,\"\"\r\n"
							"a,2,tcp,\"\"\"q\"\"\",,,,,,,,\" \"\r\n"
							"a,3,tcp,\"one\r\ntwo\nthree\",,,,,,,,\r\n"
							"a,4,tcp,\"c\rr\",,,,,,,,\"z\"\"\""));

	(void)state;
	assert_int_equal(registry->row_count, 4);
	assert_slice(registry_row(registry, 0).shown[COLUMN_DESCRIPTION], "x, y");
	assert_absent(registry_row(registry, 0).shown[COLUMN_NOTES]);
	assert_slice(registry_row(registry, 1).shown[COLUMN_DESCRIPTION], "\"q\"");
	assert_slice(registry_row(registry, 1).shown[COLUMN_NOTES], " ");
	assert_slice(registry_row(registry, 2).shown[COLUMN_DESCRIPTION], "one\ntwo\nthree");
	assert_slice(registry_row(registry, 3).shown[COLUMN_DESCRIPTION], "c\rr");
	assert_slice(registry_row(registry, 3).shown[COLUMN_NOTES], "z\"");
	registry_free(registry);
}

/* Several fields of a row need their own scratch, and the next row begins anew. */
static void test_fields_put_together_stay_apart(void **state)
{
	struct registry *registry = read_well(
		source_csv_read, SLICE(TITLES "\n"
					      "\"a\"\"\",1,tcp,\"b\"\"\",,,,,,,,\"c\"\"\"\n"
					      "d,2,tcp,\"e\"\"f\",,,,,,,,\n"));

	(void)state;
	assert_slice(registry_row(registry, 0).shown[COLUMN_NAME], "a\"");
	assert_slice(registry_row(registry, 0).shown[COLUMN_DESCRIPTION], "b\"");
	assert_slice(registry_row(registry, 0).shown[COLUMN_NOTES], "c\"");
	assert_slice(registry_row(registry, 1).shown[COLUMN_DESCRIPTION], "e\"f");
	registry_free(registry);
}

static void test_former_title(void **state)
{
	struct registry *registry =
		read_well(source_csv_read,
			  SLICE("Service Name,Port Number,Transport Protocol,Description,Assignee,"
				"Contact,Registration Date,Modification Date,\"Reference\","
				"Service Code,Known Unauthorized Uses,Assignment Notes\n"
				"a,1,tcp,,,,,,,,used,\n"));

	(void)state;
	assert_slice(registry_row(registry, 0).shown[COLUMN_UNAUTHORIZED], "used");
	registry_free(registry);
}

static void test_refused(void **state)
{
	static const struct {
		struct slice document;
		int code;
		unsigned line, column;
		const char *text;
	} cases[] = {
		{SLICE("a,b\r\n"), FAULT_MALFORMED, 1, 4,
		 "the record ends after 2 of its 12 fields"},
		{SLICE("," TITLES), FAULT_MALFORMED, 1, 159,
		 "the record has more than its 12 fields"},
		{SLICE("a,b,c,d,e,f,g,h,i,j,k,l\n"), FAULT_MALFORMED, 1, 1,
		 "column 1 is \"a\", not \"Service Name\""},
		{SLICE(TITLES "\r\n,1,tcp,x,,,,,,,\r\n"), FAULT_MALFORMED, 2, 16,
		 "the record ends after 11 of its 12 fields"},
		{SLICE(TITLES "\r\n\r\n"), FAULT_MALFORMED, 2, 1,
		 "the record ends after 1 of its 12 fields"},
		{SLICE(TITLES "\r\n,1,tcp,x,,,,,,,,,\r\n"), FAULT_MALFORMED, 2, 17,
		 "the record has more than its 12 fields"},
		{SLICE(TITLES "\n,1,tcp,\"x\ny,,,,\n,,,,\n"), FAULT_MALFORMED, 2, 8,
		 "the quote that opens here is never closed"},
		{SLICE(TITLES "\n,1,tcp,x\"y,,,,,,,,\n"), FAULT_MALFORMED, 2, 9,
		 "a quote inside a field that is not quoted"},
		{SLICE(TITLES "\n,1,tcp,\"x\"y,,,,,,,,\n"), FAULT_MALFORMED, 2, 11,
		 "text behind the quote that ends a field"},
		{SLICE(TITLES "\n,1,tcp,x\ry,,,,,,,,\n"), FAULT_MALFORMED, 2, 9,
		 "a carriage return without a line feed"},
		{SLICE(TITLES "\n,1,tcp,x,,,,,,,,\r"), FAULT_MALFORMED, 2, 17,
		 "a carriage return without a line feed"},
		{SLICE(TITLES "\n,1,tcp,x\0y,,,,,,,,\n"), FAULT_MALFORMED, 2, 9,
		 "control character 0x00: not a text document"},
		{SLICE(TITLES "\n,1,tcp,\x01,,,,,,,,\n"), FAULT_MALFORMED, 2, 8,
		 "control character 0x01: not a text document"},
		{SLICE(TITLES "\n,1,tcp,\xc3(,,,,,,,,\n"), FAULT_MALFORMED, 2, 8,
		 "malformed UTF-8 (byte 0xc3)"},
		{SLICE(TITLES "\n,1,tcp,x,,,,,,,,\n,70000,tcp,x,,,,,,,,\n"), FAULT_MALFORMED, 3, 1,
		 "\"70000\" is no port number or range of 0-65535"},
		{SLICE(TITLES "\n,1,ipx,x,,,,,,,,\n"), FAULT_MALFORMED, 2, 1,
		 "\"ipx\" is no transport protocol (tcp, udp, sctp, dccp)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fault fault;
		int code = read_refused(source_csv_read, cases[i].document, &fault);

		assert_string_equal(fault.text, cases[i].text);
		assert_int_equal(code, cases[i].code);
		assert_int_equal(fault.line, cases[i].line);
		assert_int_equal(fault.column, cases[i].column);
	}
}

static void test_cell_limit(void **state)
{
	struct strbuf document = {};
	struct registry *registry;
	struct fault fault;

	(void)state;
	strbuf_add(&document, SLICE(TITLES "\na,1,tcp,"));
	memset(strbuf_extend(&document, REGISTRY_CELL_MAX), 'x', REGISTRY_CELL_MAX);
	strbuf_add(&document, SLICE(",,,,,,,,"));
	registry = read_well(source_csv_read, strbuf_slice(&document));
	assert_int_equal(registry_row(registry, 0).shown[COLUMN_DESCRIPTION].n, REGISTRY_CELL_MAX);
	registry_free(registry);

	document.n -= 8;
	strbuf_add(&document, SLICE("x,,,,,,,,"));
	assert_int_equal(read_refused(source_csv_read, strbuf_slice(&document), &fault),
			 FAULT_LIMIT);
	assert_int_equal(fault.line, 2);
	assert_string_equal(fault.text, "a Description of more than the limit of 65535 bytes");
	strbuf_done(&document);
}

static void test_mangled(void **state)
{
	(void)state;
	read_mangled(source_csv_read,
		     SLICE(TITLES "\r\n"
				  "one,1-2,tcp,\"Fi\"\"r,st\",[A],[B],2001-01-02,,[RFC6335],7,,\r\n"
				  "two,3,udp,\"a\r\nb\",[\xc3\x84_B],,,,,,,N\n"),
		     3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_assignee_given),
		cmocka_unit_test(test_quoted_fields),
		cmocka_unit_test(test_fields_put_together_stay_apart),
		cmocka_unit_test(test_former_title),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cell_limit),
		cmocka_unit_test(test_mangled),
	};

	return cmocka_run_group_tests_name("source/csv", tests, NULL, NULL);
}
