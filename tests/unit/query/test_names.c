#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "base/utf8.h"
#include "query/query.h"

enum { MANY = 2000 };

static void check_name(const struct edition *edition, struct slice name)
{
	uint32_t rows[MANY];
	size_t found = query_name(&edition->image, name, rows, MANY), count = 0;

	for (size_t i = 0; i < edition->registry->row_count; i++) {
		struct slice text = registry_row(edition->registry, i).shown[COLUMN_NAME];

		if (text.n == 0 || !utf8_fold_eq(text, name))
			continue;
		assert_true(count < found);
		assert_int_equal(rows[count++], i);
	}
	assert_int_equal(found, count);
}

/* Letters in the other case, as far as ASCII goes. */
static void swap_case(struct slice text, char *to)
{
	for (size_t i = 0; i < text.n; i++)
		to[i] = byte_is_letter(text.p[i]) ? (char)(text.p[i] ^ 0x20) : text.p[i];
}

static void test_names_in_any_case(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct edition edition = edition_of(made_up_registry(200 + seed, 150));

		for (size_t i = 0; i < edition.registry->row_count; i++) {
			struct slice name = registry_row(edition.registry, i).shown[COLUMN_NAME];
			char other[64];

			check_name(&edition, name);
			utf8_fold(name, other);
			check_name(&edition, (struct slice){other, name.n});
			swap_case(name, other);
			check_name(&edition, (struct slice){other, name.n});
		}
		check_name(&edition, SLICE("htt"));
		check_name(&edition, SLICE("https"));
		check_name(&edition, SLICE("\0"));
		edition_done(&edition);
	}
}

static void test_odd_names(void **state)
{
	static char longest[65535];
	struct edition edition = edition_of(made_up_registry(3, 50));
	uint32_t row = 99;

	(void)state;
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(query_name(&edition.image, SLICE_NONE, &row, 1), 0);
	assert_int_equal(query_name(&edition.image, SLICE(""), &row, 1), 0);
	assert_int_equal(
		query_name(&edition.image, (struct slice){longest, sizeof(longest)}, &row, 1), 0);
	assert_int_equal(row, 99);
	edition_done(&edition);
}

static void test_room_for_fewer(void **state)
{
	struct registry *registry = registry_new();
	static const struct slice names[] = {SLICE("Aa"), SLICE("aA"), SLICE("Aa"),
					     SLICE("aa"), SLICE("b"),  SLICE("aA")};
	struct fault fault = {};
	struct edition edition;
	uint32_t rows[6] = {99, 99, 99, 99, 99, 99};

	(void)state;
	assert_non_null(registry);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct row row = {.shown = {[COLUMN_NAME] = names[i]}};

		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	edition = edition_of(registry);
	assert_int_equal(query_name(&edition.image, SLICE("AA"), NULL, 0), 5);
	/* The first ones, in the registry's order, whatever their case. */
	for (size_t max = 1; max <= 5; max++) {
		static const uint32_t wanted[] = {0, 1, 2, 3, 5};

		assert_int_equal(query_name(&edition.image, SLICE("AA"), rows, max), 5);
		assert_memory_equal(rows, wanted, max * sizeof(*rows));
		assert_int_equal(rows[max], 99);
	}
	edition_done(&edition);
}

static void test_order(void **state)
{
	struct edition edition = edition_of(made_up_registry(5, 300));
	uint32_t count = query_name_count(&edition.image);
	char previous[64], folded[64];
	size_t previous_n = 0;

	(void)state;
	assert_true(count > 10);
	for (uint32_t i = 0; i < count; i++) {
		struct slice name = query_name_at(&edition.image, i);

		utf8_fold(name, folded);
		assert_true(slice_compare((struct slice){previous, previous_n},
					  (struct slice){folded, name.n}) <= 0);
		memcpy(previous, folded, name.n);
		previous_n = name.n;
		check_name(&edition, name);
	}
	assert_absent(query_name_at(&edition.image, count));
	assert_absent(query_name_at(&edition.image, UINT32_MAX));
	edition_done(&edition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_in_any_case),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_room_for_fewer),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
