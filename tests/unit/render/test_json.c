#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rendering.h"

#define EMPTY                                                                                      \
	"{\"name\":null,\"first_port\":null,\"last_port\":null,\"transport\":null,"                \
	"\"description\":null,\"assignee\":[],\"contact\":[],\"registration_date\":null,"          \
	"\"modification_date\":null,\"references\":[],\"service_code\":null,"                      \
	"\"unauthorized_use\":null,\"notes\":null,\"state\":\"reserved\",\"range\":null,"          \
	"\"alias_of\":null,\"historic\":false}"

static struct row row_of(const struct row *columns)
{
	struct row row = *columns;

	assert_int_equal(row_derive(&row), 0);
	return row;
}

static void expect_row(const struct row *row, struct slice expected)
{
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	render_json_row(&out, row);
	assert_int_equal(out_finish(&out), 0);
	assert_int_equal(out.n, expected.n);
	assert_memory_equal(out.p, expected.p, expected.n);
	out_done(&out);
}

/* Fails the test unless the text occurs in the row's object. */
static void expect_in_row(const struct row *row, struct slice expected)
{
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	render_json_row(&out, row);
	assert_int_equal(out_finish(&out), 0);
	if (slice_find(out_slice(&out), expected) == (size_t)-1)
		fail_msg("%.*s is not in %.*s", (int)expected.n, expected.p, (int)out.n, out.p);
	out_done(&out);
}

static void test_formats(void **state)
{
	struct row rows[2];

	(void)state;
	rows[0] = rows[1] = row_of(&(struct row){});
	expect_text(&render_json, rows, 0, SLICE("[]\n"));
	expect_text(&render_json, rows, 1, SLICE("[\n" EMPTY "\n]\n"));
	expect_text(&render_json, rows, 2, SLICE("[\n" EMPTY ",\n" EMPTY "\n]\n"));
	expect_text(&render_ndjson, rows, 0, (struct slice){"", 0});
	expect_text(&render_ndjson, rows, 2, SLICE(EMPTY "\n" EMPTY "\n"));
}

static void test_full_row(void **state)
{
	struct row row = row_of(&(struct row){
		.shown = {SLICE("one"), SLICE("1023-1024"), SLICE("TCP"), SLICE("First"),
			  SLICE("[A_B][C]"), SLICE("[A_B]"), SLICE("2001-01-02"), SLICE("2002"),
			  SLICE("[RFC6335][1]"), SLICE("1145656131"), SLICE("Used"),
			  SLICE("See [RFC1].\nThis entry is an alias to \"two\".\n"
				"This entry is now historic")},
	});

	(void)state;
	expect_row(&row,
		   SLICE("{\"name\":\"one\",\"first_port\":1023,\"last_port\":1024,"
			 "\"transport\":\"tcp\",\"description\":\"First\","
			 "\"assignee\":[\"A_B\",\"C\"],\"contact\":[\"A_B\"],"
			 "\"registration_date\":\"2001-01-02\",\"modification_date\":\"2002\","
			 "\"references\":[{\"type\":\"rfc\",\"data\":\"rfc6335\",\"text\":"
			 "\"RFC6335\"},"
			 "{\"type\":\"note\",\"data\":\"1\",\"text\":\"1\"}],"
			 "\"service_code\":\"1145656131\",\"unauthorized_use\":\"Used\","
			 "\"notes\":\"See [RFC1].\\nThis entry is an alias to \\\"two\\\".\\n"
			 "This entry is now historic\",\"state\":\"assigned\",\"range\":\"system\","
			 "\"alias_of\":\"two\",\"historic\":true}"));
}

static void test_ports(void **state)
{
	static const struct {
		struct slice port, expected, range;
	} cases[] = {
		{SLICE("0"), SLICE("\"first_port\":0,\"last_port\":0,"), SLICE("\"system\"")},
		{SLICE("1024"), SLICE("\"first_port\":1024,\"last_port\":1024,"),
		 SLICE("\"user\"")},
		{SLICE("49151-49152"), SLICE("\"first_port\":49151,\"last_port\":49152,"),
		 SLICE("\"user\"")},
		{SLICE("65535"), SLICE("\"first_port\":65535,\"last_port\":65535,"),
		 SLICE("\"dynamic\"")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct row row = row_of(&(struct row){.shown[COLUMN_PORT] = cases[i].port});

		expect_in_row(&row, cases[i].expected);
		expect_in_row(&row, cases[i].range);
	}
}

/* Where a row has rich text, references are what that says, not what brackets look like. */
static void test_rich_references(void **state)
{
	struct strbuf rich = {}, people = {};
	struct row row = {};

	(void)state;
	rich_add_reference(&rich, SLICE("uri"), SLICE("http://h.invalid/"), SLICE("a\n b \n c"),
			   SLICE_NONE);
	strbuf_add(&rich, SLICE("ignored"));
	rich_add_break(&rich);
	rich_add_reference(&rich, SLICE("text"), SLICE_NONE, SLICE("[x]"), SLICE_NONE);
	rich_add_reference(&people, SLICE("person"), SLICE("A"), SLICE("Anne"), SLICE_NONE);
	rich_add_reference(&people, SLICE("rfc"), SLICE("rfc1"), SLICE_NONE, SLICE_NONE);
	row.rich[COLUMN_REFERENCE] = strbuf_slice(&rich);
	row.rich[COLUMN_CONTACT] = strbuf_slice(&people);
	row = row_of(&row);
	expect_in_row(&row,
		      SLICE("\"references\":[{\"type\":\"uri\",\"data\":\"http://h.invalid/\","
			    "\"text\":\"a\\n b c\"},"
			    "{\"type\":\"text\",\"data\":null,\"text\":\"[x]\"}],"));
	expect_in_row(&row, SLICE("\"contact\":[\"A\"],"));
	strbuf_done(&rich);
	strbuf_done(&people);
}

static void test_text(void **state)
{
	static const struct {
		struct slice text, expected;
	} cases[] = {
		{{NULL, 0}, SLICE("null")},
		{{"", 0}, SLICE("null")},
		{SLICE("a"), SLICE("\"a\"")},
		{SLICE("\"\\/"), SLICE("\"\\\"\\\\/\"")},
		{SLICE("\b\t\n\f\r"), SLICE("\"\\b\\t\\n\\f\\r\"")},
		{SLICE("\0\x1f\x7f"), SLICE("\"\\u0000\\u001f\x7f\"")},
		{SLICE("\xc3\xa4\xe2\x80\xa8\xf0\x9f\x8c\x8d"),
		 SLICE("\"\xc3\xa4\xe2\x80\xa8\xf0\x9f\x8c\x8d\"")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct out out;

		assert_int_equal(out_init_memory(&out), 0);
		render_json_text(&out, cases[i].text);
		assert_int_equal(out_finish(&out), 0);
		assert_int_equal(out.n, cases[i].expected.n);
		assert_memory_equal(out.p, cases[i].expected.p, out.n);
		out_done(&out);
	}
}

static void expect_person(const struct person *person, struct slice expected)
{
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	render_json_person(&out, person);
	assert_int_equal(out_finish(&out), 0);
	assert_int_equal(out.n, expected.n);
	assert_memory_equal(out.p, expected.p, out.n);
	out_done(&out);
}

static void test_person(void **state)
{
	struct person person = {.id = SLICE("A"),
				.name = SLICE("Anne"),
				.organization = SLICE("O"),
				.uri = SLICE("mailto:a&h.invalid\7http://h.invalid"),
				.updated = SLICE("2020-01")};

	(void)state;
	expect_person(&person, SLICE("{\"id\":\"A\",\"name\":\"Anne\",\"organization\":\"O\","
				     "\"uris\":[\"mailto:a&h.invalid\",\"http://h.invalid\"],"
				     "\"updated\":\"2020-01\"}"));
	expect_person(&(struct person){.id = SLICE("B")},
		      SLICE("{\"id\":\"B\",\"name\":null,\"organization\":null,\"uris\":[],"
			    "\"updated\":null}"));
}

static void text_is(struct slice text, struct slice expected)
{
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	render_json_text(&out, text);
	assert_int_equal(out_finish(&out), 0);
	assert_int_equal(out.n, expected.n);
	assert_memory_equal(out.p, expected.p, expected.n);
	out_done(&out);
}

/* Malformed bytes, of file names perhaps, are U+FFFD each. */
static void test_malformed(void **state)
{
	(void)state;
	text_is(SLICE("a\xff\x80z"), SLICE("\"a\xef\xbf\xbd\xef\xbf\xbdz\""));
	text_is(SLICE("\xe4\xb8\xad\xe4\xb8"), SLICE("\"\xe4\xb8\xad\xef\xbf\xbd\xef\xbf\xbd\""));
	text_is(SLICE("\xed\xa0\x80\n"), SLICE("\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\n\""));
	text_is(SLICE("\xef\xbf\xbd"), SLICE("\"\xef\xbf\xbd\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats), cmocka_unit_test(test_full_row),
		cmocka_unit_test(test_ports),	cmocka_unit_test(test_rich_references),
		cmocka_unit_test(test_text),	cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_person),
	};

	return cmocka_run_group_tests_name("render/json", tests, NULL, NULL);
}
