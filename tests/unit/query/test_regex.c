#undef NDEBUG
#include "../testing.h"

#include <time.h>

#include "../made_up.h"
#include "query/query.h"

static struct edition make(void)
{
	static const struct slice descriptions[] = {
		SLICE("World Wide Web HTTP"),
		SLICE("first line\nsecond line"),
		SLICE("caf\xc3\xa9"),
		SLICE("[was netstat]"),
		SLICE(""),
		SLICE_NONE,
	};
	struct registry *registry = registry_new();
	struct fault fault = {};

	assert_non_null(registry);
	for (size_t i = 0; i < ARRAY_SIZE(descriptions); i++) {
		struct row row = {.shown = {[COLUMN_NAME] = SLICE("name"),
					    [COLUMN_DESCRIPTION] = descriptions[i],
					    [COLUMN_MODIFIED] = SLICE("2001-02-03")}};

		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	return edition_of(registry);
}

/* The rows found, a bit each. */
static unsigned find(const struct edition *edition, struct slice pattern, unsigned columns)
{
	struct fault fault = {};
	unsigned bits = 0;
	struct rowset set;

	assert_true(rowset_init(&set, image_row_count(&edition->image)));
	if (query_regex(&edition->image, pattern, columns, &set, &fault) < 0)
		fail_msg("%s", fault.text);
	ROWSET_EACH(&set, row)
	bits |= 1u << row;
	rowset_done(&set);
	return bits;
}

static void test_patterns(void **state)
{
	struct edition edition = make();
	unsigned described = QUERY_COLUMN(COLUMN_DESCRIPTION);

	(void)state;
	assert_int_equal(find(&edition, SLICE("w[a-z]+ web"), described), 1);
	assert_int_equal(find(&edition, SLICE("^second"), described), 2);
	assert_int_equal(find(&edition, SLICE("line$"), described), 2);
	assert_int_equal(find(&edition, SLICE("CAF\xc3\x89"), described), 4);
	assert_int_equal(find(&edition, SLICE("caf.$"), described), 4);
	assert_int_equal(find(&edition, SLICE("\\[was"), described), 8);
	/* What matches nothing at all still wants a text. */
	assert_int_equal(find(&edition, SLICE("x*"), described), 15);
	assert_int_equal(find(&edition, SLICE(""), described), 15);
	assert_int_equal(find(&edition, SLICE("name"), described), 0);
	assert_int_equal(find(&edition, SLICE("name"), QUERY_SEARCHED), 63);
	assert_int_equal(find(&edition, SLICE("^2001"), QUERY_SEARCHED), 0);
	assert_int_equal(find(&edition, SLICE("^2001"), QUERY_COLUMN(COLUMN_MODIFIED)), 63);
	assert_int_equal(find(&edition, SLICE("2001"), 0), 0);
	edition_done(&edition);
}

static void refuse(const struct edition *edition, struct slice pattern, int code, uint64_t column)
{
	struct fault fault = {};
	struct rowset set;

	assert_true(rowset_init(&set, image_row_count(&edition->image)));
	assert_int_equal(query_regex(&edition->image, pattern, QUERY_SEARCHED, &set, &fault), code);
	assert_told(fault);
	assert_int_equal(fault.column, column);
	rowset_done(&set);
}

static void test_bad_patterns(void **state)
{
	struct edition edition = make();
	char *text = malloc(5000);

	(void)state;
	assert_non_null(text);
	refuse(&edition, SLICE("a("), FAULT_MALFORMED, 3);
	refuse(&edition, SLICE("[z-a]"), FAULT_MALFORMED, 4);
	refuse(&edition, SLICE("*"), FAULT_MALFORMED, 1);
	refuse(&edition, SLICE("\xff"), FAULT_MALFORMED, 1);
	refuse(&edition, SLICE("\\C"), FAULT_MALFORMED, 3);
	memset(text, 'a', 5000);
	refuse(&edition, (struct slice){text, 4097}, FAULT_LIMIT, 0);
	assert_int_equal(find(&edition, (struct slice){text, 4096}, QUERY_SEARCHED), 0);
	memset(text, '(', 5000);
	refuse(&edition, (struct slice){text, 4096}, FAULT_MALFORMED, 252);
	free(text);
	edition_done(&edition);
}

/* Many texts that a pattern takes forever on must not take forever together. */
static void test_patterns_that_never_end(void **state)
{
	struct registry *registry = registry_new();
	struct fault fault = {};
	struct edition edition;
	clock_t start;

	(void)state;
	assert_non_null(registry);
	for (unsigned i = 0; i < 3000; i++) {
		char text[64];
		struct row row = {.shown = {[COLUMN_NOTES] = {text, sizeof(text)}}};

		memset(text, 'a', sizeof(text));
		(void)snprintf(text, 8, "%07u", i);
		text[7] = text[63] = '!';
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	edition = edition_of(registry);
	start = clock();
	refuse(&edition, SLICE("!(a+)+$"), FAULT_LIMIT, 0);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
	edition_done(&edition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_bad_patterns),
		cmocka_unit_test(test_patterns_that_never_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
