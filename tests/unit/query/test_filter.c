#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "query/query.h"

/* By what the row says of itself. */
static unsigned value_of(const struct row *row, enum query_property property)
{
	switch (property) {
	case QUERY_TRANSPORT:
		return row->transport;
	case QUERY_STATE:
		return row->state;
	case QUERY_RANGE:
		return row->first_port < 0 ? 31 : port_range_of((uint16_t)row->first_port);
	case QUERY_UNAUTHORIZED:
		return row->shown[COLUMN_UNAUTHORIZED].n > 0;
	default:
		return row->first_port < 0;
	}
}

static void test_passes(void **state)
{
	struct edition edition = edition_of(made_up_registry(5, 300));
	struct random random = {7};
	size_t passed = 0;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		struct query_filter filter = {};

		/* None to all of them, and values that are none. */
		for (unsigned j = 0; j < QUERY_PROPERTY_COUNT; j++) {
			if (random_below(&random, 2) == 0)
				filter.masks[j] = random_below(&random, 64);
		}
		for (uint32_t number = 0; number < image_row_count(&edition.image); number++) {
			struct row row;
			bool expected = true;

			image_row(&edition.image, number, &row);
			for (unsigned j = 0; j < QUERY_PROPERTY_COUNT; j++)
				expected &=
					!filter.masks[j] ||
					filter.masks[j] >> value_of(&row, (enum query_property)j) &
						1;
			assert_int_equal(query_passes(&edition.image, &filter, number), expected);
			passed += expected;
		}
	}
	assert_true(passed > 1000);
	assert_false(query_passes(&edition.image, &(struct query_filter){},
				  image_row_count(&edition.image)));
	edition_done(&edition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passes),
	};

	return cmocka_run_group_tests_name("query/filter", tests, NULL, NULL);
}
