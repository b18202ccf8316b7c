#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/rows.h"
#include "mkimage/mkimage.h"

/* An image of rows: names and ports, a row each. */
struct made {
	struct strbuf bytes;
	struct image image;
};

static void add_row(struct registry *registry, const char *name, const char *port,
		    const char *description)
{
	struct row row = {.shown = {[COLUMN_NAME] = slice_cstr(name),
				    [COLUMN_PORT] = slice_cstr(port),
				    [COLUMN_TRANSPORT] = SLICE("tcp"),
				    [COLUMN_DESCRIPTION] = slice_cstr(description)}};
	struct fault fault;

	assert_int_equal(registry_add_row(registry, &row, &fault), 0);
}

static void make(struct made *made, struct registry *registry)
{
	struct fault fault;

	*made = (struct made){};
	assert_int_equal(mkimage(registry, SLICE_NONE, &made->bytes, &fault), 0);
	assert_int_equal(image_open(&made->image, strbuf_slice(&made->bytes), &fault), 0);
	registry_free(registry);
}

static void add_all(struct rows *rows)
{
	struct rowset set;
	struct fault fault;

	assert_true(rowset_init(&set, image_row_count(rows->image)));
	for (uint32_t i = 0; i < set.rows; i++)
		rowset_add(&set, i);
	assert_int_equal(rows_add(rows, &set, &fault), 0);
	rowset_done(&set);
}

static void assert_order(const struct rows *rows, const uint32_t *expected)
{
	for (size_t i = 0; i < rows->count; i++)
		assert_int_equal(rows->numbers[i], expected[i]);
}

static void sort_by(struct rows *rows, enum column column, bool descending)
{
	struct sort_key key = {column, descending};

	assert_int_equal(rows_sort(rows, &key, 1, NULL), 0);
}

static void test_sort(void **state)
{
	struct registry *registry = registry_new();
	struct made made;
	struct rows rows = {.image = &made.image};
	struct sort_key keys[] = {{COLUMN_DESCRIPTION, true}, {COLUMN_PORT, false}};

	(void)state;
	assert_non_null(registry);
	add_row(registry, "beta", "100", "x");
	add_row(registry, "Alpha", "20-30", "y");
	add_row(registry, "gamma", NULL, "x");
	add_row(registry, NULL, "3", "x");
	add_row(registry, "alpha", "20", "y");
	make(&made, registry);
	add_all(&rows);
	assert_order(&rows, (const uint32_t[]){0, 1, 2, 3, 4});
	/* Numbers as numbers, nothing first. */
	sort_by(&rows, COLUMN_PORT, false);
	assert_order(&rows, (const uint32_t[]){2, 3, 4, 1, 0});
	sort_by(&rows, COLUMN_PORT, true);
	assert_order(&rows, (const uint32_t[]){0, 1, 4, 3, 2});
	/* Without regard to case; equal ones in registry order either way. */
	sort_by(&rows, COLUMN_NAME, false);
	assert_order(&rows, (const uint32_t[]){3, 1, 4, 0, 2});
	sort_by(&rows, COLUMN_NAME, true);
	assert_order(&rows, (const uint32_t[]){2, 0, 1, 4, 3});
	assert_int_equal(rows_sort(&rows, keys, 2, NULL), 0);
	assert_order(&rows, (const uint32_t[]){4, 1, 2, 3, 0});
	rows_done(&rows);
	strbuf_done(&made.bytes);
}

/* Page after page of that many rows, from first to last (numbers of rows from 0). */
static void assert_pages(size_t count, size_t pages, const uint32_t (*expected)[2])
{
	struct registry *registry = registry_new();
	struct made made;

	assert_non_null(registry);
	for (size_t i = 0; i < count; i++)
		add_row(registry, "name", "1", NULL);
	make(&made, registry);
	for (size_t page = 1; page <= pages; page++) {
		struct rows rows = {.image = &made.image};

		add_all(&rows);
		assert_int_equal(query_pages(rows.count), pages);
		rows_cut_page(&rows, page);
		assert_int_equal(rows.numbers[0], expected[page - 1][0]);
		assert_int_equal(rows.numbers[rows.count - 1], expected[page - 1][1]);
		assert_int_equal(rows.count, expected[page - 1][1] - expected[page - 1][0] + 1);
		rows_done(&rows);
	}
	strbuf_done(&made.bytes);
}

static void test_pages(void **state)
{
	(void)state;
	assert_pages(1, 1, (const uint32_t[][2]){{0, 0}});
	assert_pages(100, 1, (const uint32_t[][2]){{0, 99}});
	assert_pages(101, 2, (const uint32_t[][2]){{0, 99}, {99, 100}});
	assert_pages(250, 3, (const uint32_t[][2]){{0, 99}, {99, 199}, {199, 249}});
	assert_pages(300, 3, (const uint32_t[][2]){{0, 99}, {99, 199}, {199, 299}});
}

static void test_uncovered(void **state)
{
	struct registry *registry = registry_new();
	struct made made;
	struct rows rows = {.image = &made.image};
	struct fault fault;
	struct row row;

	(void)state;
	assert_non_null(registry);
	add_row(registry, "one", "1", NULL);
	make(&made, registry);
	assert_int_equal(rows_add_uncovered(&rows, TRANSPORT_UDP, 7, 7, &fault), 0);
	add_all(&rows);
	assert_int_equal(rows_add_uncovered(&rows, TRANSPORT_NONE, 50000, 50009, &fault), 0);
	assert_int_equal(rows.count, 3);
	rows_get(&rows, 0, &row);
	assert_true(slice_eq(row.shown[COLUMN_PORT], SLICE("7")));
	assert_true(slice_eq(row.shown[COLUMN_TRANSPORT], SLICE("udp")));
	assert_null(row.shown[COLUMN_NAME].p);
	rows_get(&rows, 1, &row);
	assert_true(slice_eq(row.shown[COLUMN_NAME], SLICE("one")));
	rows_get(&rows, 2, &row);
	assert_true(slice_eq(row.shown[COLUMN_PORT], SLICE("50000-50009")));
	assert_int_equal(row.first_port, 50000);
	assert_int_equal(row.last_port, 50009);
	rows_done(&rows);
	strbuf_done(&made.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_uncovered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
