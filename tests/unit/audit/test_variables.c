/* Variables in texts, and the lines that give them values. */
#undef NDEBUG
#include "../testing.h"

#include "audit/read.h"

static const char text_of_lines[] = "A=1\nexport B = \"two\" # quoted\nEMPTY=\n#C=3\nA=4 # last\n";
static const struct slice lines = {text_of_lines, sizeof(text_of_lines) - 1};

static void expands(struct slice text, struct slice expected, struct slice unset)
{
	struct audit *audit;
	struct reading reading;
	struct slice got = SLICE_NONE, missing;
	bool whole;

	assert_int_equal(audit_new(&audit, NULL), 0);
	reading = (struct reading){.audit = audit};
	variables_add_lines(&reading, lines);
	whole = expand(&reading, text, &got, &missing);
	variables_done(&reading);
	assert_int_equal(whole, !unset.p);
	if (unset.p)
		assert_slice(missing, unset);
	else
		assert_slice(got, expected);
	audit_free(audit);
}

static void test_expand(void **state)
{
	(void)state;
	expands(SLICE("80:80"), SLICE("80:80"), SLICE_NONE);
	expands(SLICE("$A:${B}"), SLICE("4:two"), SLICE_NONE);
	expands(SLICE("$$A"), SLICE("$A"), SLICE_NONE);
	expands(SLICE("${C:-9}${C-8}"), SLICE("98"), SLICE_NONE);
	expands(SLICE("${EMPTY:-9}${EMPTY-8}"), SLICE("9"), SLICE_NONE);
	expands(SLICE("${A:+x}${C:+y}${A+z}"), SLICE("xz"), SLICE_NONE);
	expands(SLICE("${C:-${D:-${A}}}"), SLICE("4"), SLICE_NONE);
	expands(SLICE("${C}"), SLICE_NONE, SLICE("C"));
	expands(SLICE("${A}${D:?set it}"), SLICE_NONE, SLICE("D"));
	expands(SLICE("${A"), SLICE("4"), SLICE_NONE);
	expands(SLICE("$"), SLICE(""), SLICE_NONE);
}

static void test_limit(void **state)
{
	char text[200];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "$A", 2);
	expands((struct slice){text, sizeof(text)}, SLICE_NONE, SLICE("a text that is too long"));
}

static void test_lines(void **state)
{
	struct slice rest = lines, name, value;

	(void)state;
	assert_true(dotenv_next(&rest, &name, &value));
	assert_text(name, "A");
	assert_text(value, "1");
	assert_true(dotenv_next(&rest, &name, &value));
	assert_text(name, "B");
	assert_text(value, "two");
	assert_true(dotenv_next(&rest, &name, &value));
	assert_int_equal(value.n, 0);
	assert_true(dotenv_next(&rest, &name, &value));
	assert_text(value, "4");
	assert_false(dotenv_next(&rest, &name, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_expand),
					   cmocka_unit_test(test_limit),
					   cmocka_unit_test(test_lines)};

	return cmocka_run_group_tests_name("variables", tests, NULL, NULL);
}
