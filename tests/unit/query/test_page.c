#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
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

	query_sort(&edition->image, rows, ARRAY_SIZE(rows), keys, count);
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
		cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests_name("query/page", tests, NULL, NULL);
}
