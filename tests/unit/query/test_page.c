#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "base/utf8.h"
#include "query/query.h"

static void add_row(struct registry *registry, const char *name, const char *port,
		    const char *contact, const char *notes)
{
	struct row row = {.shown = {[COLUMN_NAME] = slice_cstr(name),
				    [COLUMN_PORT] = slice_cstr(port),
				    [COLUMN_CONTACT] = slice_cstr(contact),
				    [COLUMN_NOTES] = slice_cstr(notes)}};
	struct fault fault = {};

	assert_int_equal(registry_add_row(registry, &row, &fault), 0);
}

static struct edition small_edition(void)
{
	static const struct slice ids[] = {SLICE("Zoe"), SLICE("Ann"), SLICE("Jon_Doe"),
					   SLICE("Nobody")};
	struct registry *registry = registry_new();
	struct fault fault = {};

	assert_non_null(registry);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct person person = {.id = ids[i]};

		assert_int_equal(registry_add_person(registry, &person, &fault), 0);
	}
	add_row(registry, "b", "100", "[Zoe][Elsewhere]", NULL);
	add_row(registry, "A", "20-30", NULL, "formerly of [Jon_Doe]");
	add_row(registry, "c", NULL, "[Ann]", NULL);
	add_row(registry, "a", "20", "[Zoe]", "no one: Nobody, [nobody]");
	return edition_of(registry);
}

static void assert_people(const struct edition *edition, const uint32_t *rows, size_t count,
			  uint64_t expected)
{
	struct rowset people;
	struct fault fault = {};

	assert_true(rowset_init(&people, image_person_count(&edition->image)));
	assert_int_equal(query_people(&edition->image, rows, count, &people, &fault), 0);
	assert_int_equal(people.bits[0], expected);
	rowset_done(&people);
}

static void test_people(void **state)
{
	struct edition edition = small_edition();

	(void)state;
	assert_people(&edition, (const uint32_t[]){0}, 1, 1 << 0);
	assert_people(&edition, (const uint32_t[]){1}, 1, 1 << 2);
	assert_people(&edition, (const uint32_t[]){2, 3, 1}, 3, 1 << 0 | 1 << 1 | 1 << 2);
	assert_people(&edition, (const uint32_t[]){4, UINT32_MAX}, 2, 0);
	assert_people(&edition, NULL, 0, 0);
	edition_done(&edition);
}

static void assert_sorted(const struct edition *edition, const struct sort_key *keys, size_t count,
			  const uint32_t expected[static 4])
{
	uint32_t rows[] = {0, 1, 2, 3};

	assert_int_equal(query_sort(&edition->image, rows, ARRAY_SIZE(rows), keys, count), 0);
	assert_memory_equal(rows, expected, sizeof(rows));
}

static void test_sort(void **state)
{
	const struct sort_key name = {COLUMN_NAME, false}, name_down = {COLUMN_NAME, true},
			      port_down = {COLUMN_PORT, true};
	struct edition edition = small_edition();

	(void)state;
	assert_sorted(&edition, NULL, 0, (const uint32_t[]){0, 1, 2, 3});
	assert_sorted(&edition, &name, 1, (const uint32_t[]){1, 3, 0, 2});
	assert_sorted(&edition, &name_down, 1, (const uint32_t[]){2, 0, 1, 3});
	assert_sorted(&edition, &port_down, 1, (const uint32_t[]){0, 1, 3, 2});
	assert_sorted(&edition, (const struct sort_key[]){name, port_down}, 2,
		      (const uint32_t[]){1, 3, 0, 2});
	edition_done(&edition);
}

/* By folding all of both texts; in registry order where that makes no difference. */
static int compare_whole(const struct edition *edition, const struct sort_key *keys, size_t count,
			 uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < count; i++) {
		struct slice texts[] = {image_row_text(&edition->image, a, keys[i].column),
					image_row_text(&edition->image, b, keys[i].column)};
		char folded[2][128] = {};
		int result;

		for (unsigned j = 0; j < 2; j++)
			utf8_fold(texts[j], folded[j]);
		result = memcmp(folded[0], folded[1], sizeof(folded[0]));
		if (result != 0)
			return keys[i].descending ? -result : result;
	}
	return a < b ? -1 : 1;
}

/* Texts that differ in few places, or in none but letter case, around those that are compared. */
static const char *odd_text(struct random *random, char space[static 128])
{
	static const char *const parts[] = {
		"A",	    "a",	"b",	   "\xc3\x89",	      "\xc3\xa9",
		"\xc5\xb8", "\xc3\xbf", "aaaaaaa", "AAAAAAAAAAAAAAA",
	};
	unsigned count = random_below(random, 4);
	size_t n = 0;

	for (unsigned i = 0; i < count; i++) {
		const char *part = parts[random_below(random, ARRAY_SIZE(parts))];

		memcpy(space + n, part, strlen(part));
		n += strlen(part);
	}
	space[n] = '\0';
	return n > 0 ? space : NULL;
}

static void test_sort_odd(void **state)
{
	enum { ROWS = 500 };
	struct registry *registry = registry_new();
	struct random random = {11};
	struct edition edition;
	uint32_t rows[ROWS];

	(void)state;
	assert_non_null(registry);
	for (unsigned i = 0; i < ROWS; i++) {
		char name[128], contact[128], notes[128];

		add_row(registry, odd_text(&random, name), NULL, odd_text(&random, contact),
			odd_text(&random, notes));
	}
	edition = edition_of(registry);
	for (unsigned round = 0; round < 20; round++) {
		const struct sort_key keys[] = {{COLUMN_NAME, round & 1},
						{round & 2 ? COLUMN_NOTES : COLUMN_NAME, round & 4},
						{COLUMN_CONTACT, round & 8}};
		size_t count = 0;

		for (uint32_t i = 0; i < ROWS; i++) {
			if (random_below(&random, 3) > 0)
				rows[count++] = i;
		}
		assert_int_equal(query_sort(&edition.image, rows, count, keys, 3), 0);
		for (size_t i = 1; i < count; i++)
			assert_true(compare_whole(&edition, keys, 3, rows[i - 1], rows[i]) < 0);
	}
	edition_done(&edition);
}

static void assert_page(size_t count, uint64_t page, size_t from, size_t to)
{
	size_t got_from, got_to;

	query_page(count, page, &got_from, &got_to);
	assert_int_equal(got_from, from);
	assert_int_equal(got_to, to);
}

/* Neighbours share a row: page N ends with match N*100, and page N+1 begins with it. */
static void test_pages(void **state)
{
	(void)state;
	assert_int_equal(query_pages(0), 0);
	assert_int_equal(query_pages(1), 1);
	assert_int_equal(query_pages(100), 1);
	assert_int_equal(query_pages(101), 2);
	assert_int_equal(query_pages(13699), 137);
	assert_page(1, 1, 0, 1);
	assert_page(100, 1, 0, 100);
	assert_page(101, 1, 0, 100);
	assert_page(101, 2, 99, 101);
	assert_page(250, 2, 99, 200);
	assert_page(250, 3, 199, 250);
	assert_page(300, 3, 199, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_sort_odd),
		cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests_name("query/page", tests, NULL, NULL);
}
