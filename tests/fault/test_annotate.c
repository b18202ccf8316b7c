/* Whatever fails while flow records are annotated, it is said, and nothing leaks. */
#define _GNU_SOURCE /* memfd_create() */
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/annotating.h"
#include "../unit/made_up.h"
#include "failing.h"

enum { CALLS_MAX = 5000 };

static void fail_each(struct slice text, struct annotating wanted)
{
	struct edition edition = edition_of(made_up_registry(1, 40));
	struct strbuf expected = {};

	for (unsigned all_after = 0; all_after < 2; all_after++) {
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n++) {
			struct annotating annotating = wanted;
			struct fault fault = {};
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, all_after);
			result = annotating_text(&annotating, &edition.image, text, &fault);
			failed = failing_disarm();
			/* Without a thread or with less memory, others do the work. */
			if (result < 0)
				assert_told(fault);
			if (failed == FAILING_NONE)
				assert_int_equal(result, 0);
			if (result == 0 && !annotating.out.failed && !expected.p)
				expected = annotating.out;
			else if (result == 0 && !annotating.out.failed)
				assert_true(slice_eq(strbuf_slice(&annotating.out),
						     strbuf_slice(&expected)));
			if (annotating.out.p != expected.p)
				strbuf_done(&annotating.out);
		}
	}
	strbuf_done(&expected);
	edition_done(&edition);
}

static void test_delimited(void **state)
{
	(void)state;
	fail_each(SLICE("sp,dp,pr\n50000,22,6\n\"a\nb\",1,6\n1,2,3\n"),
		  (struct annotating){.transport = TRANSPORT_NONE,
				      .threads = 3,
				      .wanted = {.description = true, .confidence = true}});
}

static void test_json(void **state)
{
	(void)state;
	fail_each(SLICE("{\"src_port\":50000,\"dst_port\":22,\"proto\":6}\n[]\n"),
		  (struct annotating){.transport = TRANSPORT_NONE});
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_delimited),
					   cmocka_unit_test(test_json)};

	return cmocka_run_group_tests_name("annotate", tests, NULL, NULL);
}
