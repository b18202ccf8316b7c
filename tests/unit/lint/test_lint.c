#undef NDEBUG
#include "../testing.h"

#include "linting.h"

static void test_table(void **state)
{
	const struct lint_check *check;
	unsigned before = 100;

	(void)state;
	for (size_t i = 0; (check = lint_check_at(i)); i++) {
		assert_true(check->number > before);
		before = check->number;
		assert_true(check->severity < LINT_SEVERITY_COUNT);
		assert_true(check->name.n > 0 && check->section.n > 0 && check->message.n > 0);
		assert_true(slice_ends(check->explanation, SLICE(".")));
		for (size_t k = 0; k < i; k++)
			assert_false(slice_eq(lint_check_at(k)->name, check->name));
	}
	assert_int_equal(before, 804);
}

static void test_severities(void **state)
{
	(void)state;
	assert_text(lint_severity_name(LINT_NOTE), "note");
	assert_text(lint_severity_name(LINT_WARNING), "warning");
	assert_text(lint_severity_name(LINT_ERROR), "error");
}

struct seen {
	unsigned count, stop_at;
	char text[256];
	uint64_t line, column;
};

static int see(void *context, const struct lint_finding *finding)
{
	struct seen *seen = context;

	snprintf(seen->text, sizeof(seen->text), "%.*s: %.*s", (int)finding->who.n, finding->who.p,
		 (int)finding->text.n, finding->text.p);
	seen->line = finding->line;
	seen->column = finding->column;
	return ++seen->count == seen->stop_at ? 7 : 0;
}

static struct registry *read_text(struct slice document)
{
	struct registry *registry = NULL;
	struct fault fault = {};

	assert_int_equal(source_read(document, NULL, &registry, &fault), 0);
	return registry;
}

static void test_handler_ends_it(void **state)
{
	struct slice document = SLICE(RECORDS(PORTLESS("a_") PORTLESS("b_") PORTLESS("c_")));
	struct registry *registry = read_text(document);
	struct seen seen = {.stop_at = 2};

	(void)state;
	assert_int_equal(lint(registry, document, see, &seen, NULL), 7);
	assert_int_equal(seen.count, 2);
	assert_string_equal(seen.text, "b_ tcp: service name \"b_\" holds more than letters, "
				       "digits and hyphens");
	assert_int_equal(seen.line, 3);
	assert_int_equal(seen.column, 1);
	registry_free(registry);
}

static void test_without_document(void **state)
{
	struct registry *registry = read_text(SLICE(RECORDS(PORTLESS("a_"))));
	struct seen seen = {};

	(void)state;
	assert_int_equal(lint(registry, SLICE_NONE, see, &seen, NULL), 0);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.line, 0);
	assert_int_equal(seen.column, 0);
	registry_free(registry);
}

static void test_messages(void **state)
{
	struct slice other = SLICE(
		RECORDS(STATE("Reserved", "5-7") SERVICE("a", "7", "tcp") RESERVED("7", "udp")));
	struct slice quote = SLICE(
		RECORDS(RECORD(NAME("a") OVER("tcp") "<description>version\n"
						     "0123456789012345678901234567890123456789"
						     "0123456789012345678901234567890\xc3\xa9"
						     "x</description>")));
	struct registry *registry = read_text(other);
	struct seen seen = {.stop_at = 1};

	(void)state;
	assert_int_equal(lint(registry, other, see, &seen, NULL), 7);
	assert_string_equal(seen.text, "a 7/tcp: ports of this row are in row 5-7 as well");
	registry_free(registry);
	/* Line feeds are blanks, and no character is cut. */
	registry = read_text(quote);
	seen = (struct seen){.stop_at = 2};
	assert_int_equal(lint(registry, quote, see, &seen, NULL), 7);
	assert_string_equal(seen.text, "a tcp: a version in the description \"version "
				       "0123456789012345678901234567890123456789"
				       "0123456789012345678901234567890...\"");
	registry_free(registry);
}

/* Rows and people without end that all agree or all disagree: the time stays in proportion. */
static void test_many(void **state)
{
	struct registry *registry = registry_new();
	struct row row = {};
	struct person person = {.id = SLICE("A_Person")};
	struct seen seen = {};

	(void)state;
	assert_non_null(registry);
	row.shown[COLUMN_NAME] = SLICE("a");
	row.shown[COLUMN_PORT] = SLICE("7-9");
	row.shown[COLUMN_TRANSPORT] = SLICE("tcp");
	row.shown[COLUMN_CONTACT] = SLICE("[A_Person]");
	for (unsigned i = 0; i < 100000; i++) {
		assert_int_equal(registry_add_row(registry, &row, NULL), 0);
		assert_int_equal(registry_add_person(registry, &person, NULL), 0);
	}
	assert_int_equal(lint(registry, SLICE_NONE, see, &seen, NULL), 0);
	assert_true(seen.count > 400000);
	registry_free(registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),		cmocka_unit_test(test_severities),
		cmocka_unit_test(test_handler_ends_it), cmocka_unit_test(test_without_document),
		cmocka_unit_test(test_messages),	cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
