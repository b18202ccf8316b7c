/* Whatever fails while a picture is made, it is said, and nothing leaks. */
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/made_up.h"
#include "chart/chart.h"
#include "failing.h"

enum { CALLS_MAX = 1000 };

typedef int chart_writer(struct out *out, const struct image *image, unsigned transports,
			 struct fault *fault);

static int to_memory(chart_writer *write, const struct image *image, struct fault *fault)
{
	struct out out = {};
	int result;

	if (out_init_memory(&out) < 0)
		return fault_memory(fault);
	result = write(&out, image, 0, fault);
	if (out_finish(&out) != 0)
		result = fault_memory(fault);
	out_done(&out);
	return result;
}

static void fail_each(chart_writer *write)
{
	struct edition edition = edition_of(made_up_registry(1, 40));

	for (unsigned all_after = 0; all_after < 2; all_after++) {
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n++) {
			struct fault fault = {};
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, all_after);
			result = to_memory(write, &edition.image, &fault);
			failed = failing_disarm();
			assert_int_equal(result, failed == FAILING_NONE ? 0 : FAULT_MEMORY);
			if (result != 0)
				assert_told(fault);
			else
				assert_true(n > 2);
		}
	}
	edition_done(&edition);
}

static void test_svg(void **state)
{
	(void)state;
	fail_each(chart_svg);
}

static void test_png(void **state)
{
	(void)state;
	fail_each(chart_png);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_svg), cmocka_unit_test(test_png)};

	return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
