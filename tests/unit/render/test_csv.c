#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rendering.h"

#define TITLES                                                                                     \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"                \
	"Registration Date,Modification Date,Reference,Service Code,"                              \
	"Unauthorized Use Reported,Assignment Notes\r\n"

static void test_titles_alone(void **state)
{
	(void)state;
	expect_text(&render_csv, NULL, 0, SLICE(TITLES));
}

static void test_columns_in_order(void **state)
{
	struct row row = {.shown = {SLICE("a"), SLICE("b"), SLICE("c"), SLICE("d"), SLICE("e"),
				    SLICE("f"), SLICE("g"), SLICE("h"), SLICE("i"), SLICE("j"),
				    SLICE("k"), SLICE("l")}};

	(void)state;
	expect_text(&render_csv, &row, 1, SLICE(TITLES "a,b,c,d,e,f,g,h,i,j,k,l\r\n"));
}

static void test_quoting(void **state)
{
	static const struct {
		struct slice text, field;
	} cases[] = {
		{SLICE("plain"), SLICE("plain")},
		{SLICE(" blanks\t "), SLICE(" blanks\t ")},
		{SLICE("it's"), SLICE("it's")},
		{SLICE("a,b"), SLICE("\"a,b\"")},
		{SLICE("a\nb"), SLICE("\"a\nb\"")},
		{SLICE("a\rb"), SLICE("\"a\rb\"")},
		{SLICE("\"a\"\"b"), SLICE("\"\"\"a\"\"\"\"b\"")},
		{SLICE("\""), SLICE("\"\"\"\"")},
		{SLICE("=1+1"), SLICE("=1+1")},
		{SLICE("@\xc3\xa4"), SLICE("@\xc3\xa4")},
		{{"", 0}, {"", 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct row row = {.shown[COLUMN_NAME] = cases[i].text};
		struct strbuf expected = {};

		strbuf_add(&expected, SLICE(TITLES));
		strbuf_add(&expected, cases[i].field);
		strbuf_add(&expected, SLICE(",,,,,,,,,,,\r\n"));
		expect_text(&render_csv, &row, 1, strbuf_slice(&expected));
		strbuf_done(&expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_titles_alone),
		cmocka_unit_test(test_columns_in_order),
		cmocka_unit_test(test_quoting),
	};

	return cmocka_run_group_tests_name("render/csv", tests, NULL, NULL);
}
