#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "base/utf8.h"
#include "query/query.h"

static bool occurs(struct slice text, struct slice needle)
{
	char *folded = malloc(text.n + 1), *wanted = malloc(needle.n + 1);
	bool found;

	assert_non_null(folded);
	assert_non_null(wanted);
	utf8_fold(text, folded);
	utf8_fold(needle, wanted);
	found = slice_find((struct slice){folded, text.n}, (struct slice){wanted, needle.n}) !=
		(size_t)-1;
	free(folded);
	free(wanted);
	return found;
}

/* By looking at every column of every row. */
static bool row_has(const struct row *row, struct slice needle, unsigned columns)
{
	if (needle.n == 0)
		return true;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (columns >> i & 1 && row->shown[i].p && occurs(row->shown[i], needle))
			return true;
	}
	return false;
}

static void check_search(const struct edition *edition, struct slice needle, unsigned columns)
{
	struct rowset set;

	assert_true(rowset_init(&set, image_row_count(&edition->image)));
	query_search(&edition->image, needle, columns, &set);
	for (uint32_t i = 0; i < set.rows; i++) {
		struct row row = registry_row(edition->registry, i);

		if (rowset_has(&set, i) != row_has(&row, needle, columns))
			fail_msg("row %u, columns %x: \"%.*s\"", i, columns, (int)needle.n,
				 needle.p);
	}
	rowset_done(&set);
}

/* A piece of some row's text. */
static struct slice random_needle(const struct registry *registry, struct random *random)
{
	struct row row =
		registry_row(registry, random_below(random, (uint32_t)registry->row_count));
	struct slice text = row.shown[random_below(random, COLUMN_COUNT)];
	size_t at, n;

	if (text.n == 0)
		return SLICE("qq");
	at = random_below(random, (uint32_t)text.n);
	n = 1 + random_below(random, random_below(random, 4) ? 6 : 40);
	return (struct slice){text.p + at, n < text.n - at ? n : text.n - at};
}

static unsigned random_columns(struct random *random)
{
	switch (random_below(random, 6)) {
	case 0:
		return QUERY_SEARCHED;
	case 1:
		return (1u << COLUMN_COUNT) - 1;
	case 2:
		return QUERY_COLUMN(COLUMN_REGISTERED) | QUERY_COLUMN(COLUMN_MODIFIED);
	case 3:
		return 1u << random_below(random, COLUMN_COUNT);
	default:
		return random_below(random, 1u << COLUMN_COUNT);
	}
}

static void test_what_occurs(void **state)
{
	struct random random = {9};

	(void)state;
	for (uint64_t seed = 0; seed < 16; seed++) {
		struct edition edition = edition_of(made_up_registry(300 + seed, 90));

		for (unsigned i = 0; i < 150; i++) {
			char other[64];
			struct slice needle = random_needle(edition.registry, &random);

			check_search(&edition, needle, random_columns(&random));
			utf8_fold(needle, other);
			check_search(&edition, (struct slice){other, needle.n}, QUERY_SEARCHED);
		}
		edition_done(&edition);
	}
}

static void test_chosen_needles(void **state)
{
	static const struct slice needles[] = {
		SLICE(""),
		SLICE("a"),
		SLICE("A"),
		SLICE("["),
		SLICE("~"),
		SLICE("\n"),
		SLICE(" "),
		SLICE("0"),
		SLICE("tp"),
		SLICE("TP"),
		SLICE("\xc3\xa9"),
		SLICE("\xc3\x89"),
		SLICE("\xc3"),
		SLICE("\xa9"),
		SLICE("\xd0"),
		SLICE("htt"),
		SLICE("Htt"),
		SLICE("http"),
		SLICE("HTTP-alt"),
		SLICE("\xd0\x9c\xd0\xb8"),
		SLICE("\xd0\x98\xd0\xa0"),
		SLICE("\xe4\xb8\xad"),
		SLICE("\xc3\x89LAN"),
		SLICE("001-02"),
		SLICE("2015"),
		SLICE("[Jon_Doe]"),
		SLICE("zzzz"),
		SLICE("httq"),
		SLICE("zhttp"),
		SLICE("\0"),
		SLICE("p\0h"),
		SLICE("p\0"),
		SLICE("\0\0\0"),
	};
	struct random random = {10};

	(void)state;
	for (uint64_t seed = 0; seed < 4; seed++) {
		struct edition edition = edition_of(made_up_registry(400 + seed, 60));

		for (size_t i = 0; i < ARRAY_SIZE(needles); i++) {
			check_search(&edition, needles[i], QUERY_SEARCHED);
			check_search(&edition, needles[i], (1u << COLUMN_COUNT) - 1);
			check_search(&edition, needles[i], 0);
			for (unsigned k = 0; k < 4; k++)
				check_search(&edition, needles[i], random_columns(&random));
		}
		edition_done(&edition);
	}
}

/* Blocks of cells too large to be looked at in one piece. */
static void test_the_largest_cells(void **state)
{
	struct registry *registry = registry_new();
	struct fault fault = {};
	struct edition edition;
	char *text = malloc(ROW_TEXT_MAX);

	(void)state;
	assert_non_null(registry);
	assert_non_null(text);
	for (unsigned i = 0; i < 20; i++) {
		struct row row = {.shown = {[COLUMN_NOTES] = {text, i % 3 ? ROW_TEXT_MAX : 10}}};

		memset(text, 'a' + (int)i, ROW_TEXT_MAX);
		memcpy(text + row.shown[COLUMN_NOTES].n - 4, "Tail", 4);
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	edition = edition_of(registry);
	for (char c = 'a'; c <= 'z'; c++) {
		char needle[4] = {c, c, c, c};

		for (size_t n = 1; n <= 4; n++)
			check_search(&edition, (struct slice){needle, n}, QUERY_SEARCHED);
		memcpy(needle + 1, "tai", 3);
		check_search(&edition, (struct slice){needle, 4}, QUERY_SEARCHED);
	}
	check_search(&edition, SLICE("tail"), QUERY_SEARCHED);
	check_search(&edition, SLICE("il"), QUERY_COLUMN(COLUMN_NOTES));
	memset(text, 'b', ROW_TEXT_MAX);
	memcpy(text + ROW_TEXT_MAX - 4, "tail", 4);
	check_search(&edition, (struct slice){text, ROW_TEXT_MAX}, QUERY_SEARCHED);
	free(text);
	edition_done(&edition);
}

static void test_needles_longer_than_any_text(void **state)
{
	struct edition edition = edition_of(made_up_registry(3, 20));
	char *text = calloc(1, ROW_TEXT_MAX + 1);
	struct rowset set;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', ROW_TEXT_MAX + 1);
	assert_true(rowset_init(&set, image_row_count(&edition.image)));
	query_search(&edition.image, (struct slice){text, ROW_TEXT_MAX + 1}, QUERY_SEARCHED, &set);
	assert_int_equal(rowset_count(&set), 0);
	rowset_done(&set);
	free(text);
	edition_done(&edition);
}

/* What is there already stays. */
static void test_adding_to_a_set(void **state)
{
	struct edition edition = edition_of(made_up_registry(6, 50));
	struct rowset set;

	(void)state;
	assert_true(rowset_init(&set, image_row_count(&edition.image)));
	rowset_add(&set, 1);
	query_search(&edition.image, SLICE("zzzzz"), QUERY_SEARCHED, &set);
	assert_int_equal(rowset_count(&set), 1);
	query_search(&edition.image, SLICE(""), QUERY_SEARCHED, &set);
	assert_int_equal(rowset_count(&set), image_row_count(&edition.image));
	rowset_done(&set);
	edition_done(&edition);
}

static void test_regular_expressions_as_plain_text(void **state)
{
	static const struct slice needles[] = {SLICE("http"),	     SLICE("Prot"),	SLICE("02"),
					       SLICE("\xc3\x89lan"), SLICE("\xd0\x9c"), SLICE("-"),
					       SLICE("zzz")};
	struct random random = {12};

	(void)state;
	for (uint64_t seed = 0; seed < 4; seed++) {
		struct edition edition = edition_of(made_up_registry(500 + seed, 60));

		for (size_t i = 0; i < ARRAY_SIZE(needles); i++) {
			unsigned columns = random_columns(&random);
			struct fault fault = {};
			struct rowset set;

			assert_true(rowset_init(&set, image_row_count(&edition.image)));
			assert_int_equal(
				query_regex(&edition.image, needles[i], columns, &set, &fault), 0);
			for (uint32_t k = 0; k < set.rows; k++) {
				struct row row = registry_row(edition.registry, k);

				assert_int_equal(rowset_has(&set, k),
						 row_has(&row, needles[i], columns));
			}
			rowset_done(&set);
		}
		edition_done(&edition);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_occurs),
		cmocka_unit_test(test_chosen_needles),
		cmocka_unit_test(test_the_largest_cells),
		cmocka_unit_test(test_needles_longer_than_any_text),
		cmocka_unit_test(test_adding_to_a_set),
		cmocka_unit_test(test_regular_expressions_as_plain_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
