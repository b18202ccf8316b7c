#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rendering.h"

#define TITLES                                                                                     \
	"Service Name\tPort Number\tTransport Protocol\tDescription\tAssignee\tContact\t"          \
	"Registration Date\tModification Date\tReference\tService Code\t"                          \
	"Unauthorized Use Reported\tAssignment Notes\n"

static void test_titles_alone(void **state)
{
	(void)state;
	expect_text(&render_tsv, NULL, 0, SLICE(TITLES));
}

static void test_rows_are_lines(void **state)
{
	struct row rows[] = {
		{.shown = {SLICE("a"), SLICE("b"), SLICE("c"), SLICE("d"), SLICE("e"), SLICE("f"),
			   SLICE("g"), SLICE("h"), SLICE("i"), SLICE("j"), SLICE("k"), SLICE("l")}},
		{.shown[COLUMN_NAME] = SLICE("\t\n\r\\ \"\\n"),
		 .shown[COLUMN_NOTES] = SLICE("\xc3\xa4, ")},
	};

	(void)state;
	expect_text(&render_tsv, rows, 2,
		    SLICE(TITLES "a\tb\tc\td\te\tf\tg\th\ti\tj\tk\tl\n"
				 "\\t\\n\\r\\\\ \"\\\\n\t\t\t\t\t\t\t\t\t\t\t\xc3\xa4, \n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_titles_alone),
		cmocka_unit_test(test_rows_are_lines),
	};

	return cmocka_run_group_tests_name("render/tsv", tests, NULL, NULL);
}
