#undef NDEBUG
#include "../testing.h"

#include "query/rowset.h"

/* Against an array of what is in it, for sizes around the words that the bits stand in. */
static void test_as_an_array(void **state)
{
	static const uint32_t sizes[] = {0, 1, 7, 8, 63, 64, 65, 127, 128, 200};
	struct random random = {5};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		bool has[256] = {};
		uint32_t rows = sizes[i], count = 0, next = 0;
		struct rowset set;

		assert_true(rowset_init(&set, rows));
		for (unsigned k = 0; k < rows; k++) {
			uint32_t row = random_below(&random, 256);

			rowset_add(&set, row);
			has[row] = row < rows;
			row = random_below(&random, 32) * 8;
			rowset_add_eight(&set, row, 0x81);
			has[row] |= row < rows;
			if (row + 7 < rows)
				has[row + 7] = true;
		}
		for (uint32_t row = 0; row < 256; row++) {
			assert_int_equal(rowset_has(&set, row), has[row]);
			count += has[row];
		}
		assert_int_equal(rowset_count(&set), count);
		ROWSET_EACH(&set, row)
		{
			while (!has[next])
				next++;
			assert_int_equal(row, next++);
			count--;
		}
		assert_int_equal(count, 0);
		assert_int_equal(rowset_next(&set, rows), rows);
		assert_int_equal(rowset_next(&set, UINT32_MAX), rows);
		rowset_clear(&set);
		assert_int_equal(rowset_count(&set), 0);
		assert_int_equal(rowset_next(&set, 0), rows);
		rowset_done(&set);
		rowset_done(&set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
