#undef NDEBUG
#include "../testing.h"

#include <stdio.h>

#include "mkimage/cells.h"

static void test_numbers(void **state)
{
	struct cells cells = {};
	uint32_t number = 99;

	(void)state;
	assert_int_equal(cells_add(&cells, SLICE("a"), SLICE_NONE, &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(cells_add(&cells, SLICE(""), SLICE_NONE, &number), 0);
	assert_int_equal(number, 1);
	assert_int_equal(cells_add(&cells, SLICE("a"), SLICE_NONE, &number), 0);
	assert_int_equal(number, 0);
	/* The same text of other rich text is another cell; so is rich text that is empty. */
	assert_int_equal(cells_add(&cells, SLICE("a"), SLICE("x"), &number), 0);
	assert_int_equal(number, 2);
	assert_int_equal(cells_add(&cells, SLICE("a"), SLICE(""), &number), 0);
	assert_int_equal(number, 3);
	assert_int_equal(cells_add(&cells, SLICE("a"), SLICE("x"), &number), 0);
	assert_int_equal(number, 2);
	assert_int_equal(cells.count, 4);
	cells_done(&cells);
	cells_done(&cells);
}

static void test_many(void **state)
{
	enum { MANY = 20000 };
	static char texts[MANY][8];
	struct cells cells = {};
	uint32_t number;

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < MANY; i++) {
			int n = snprintf(texts[i], sizeof(texts[i]), "%u", i);

			assert_int_equal(cells_add(&cells, (struct slice){texts[i], (size_t)n},
						   SLICE_NONE, &number),
					 0);
			assert_int_equal(number, i);
		}
	}
	assert_int_equal(cells.count, MANY);
	assert_true(cells.slot_count >= 2 * MANY);
	cells_done(&cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
