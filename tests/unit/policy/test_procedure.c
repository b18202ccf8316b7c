#undef NDEBUG
#include "../testing.h"

#include "policy/procedure.h"

static void test_procedures(void **state)
{
	(void)state;
	for (enum procedure i = 0; i < PROCEDURE_COUNT; i++) {
		enum procedure found = PROCEDURE_COUNT;

		assert_true(procedure_find(procedure_name(i), &found));
		assert_int_equal(found, i);
		assert_true(procedure_title(i).n > 0);
		assert_true(slice_starts(procedure_section(i), SLICE("RFC ")));
	}
	assert_text(procedure_name(PROCEDURE_DEASSIGNMENT), "de-assignment");
	assert_absent(procedure_name(PROCEDURE_COUNT));
	assert_absent(procedure_title(PROCEDURE_COUNT));
	assert_absent(procedure_section(PROCEDURE_COUNT));
	assert_false(procedure_find(SLICE("Port"), &(enum procedure){0}));
	assert_false(procedure_find(SLICE(""), &(enum procedure){0}));
}

static void test_assigns(void **state)
{
	(void)state;
	assert_true(procedure_assigns(PROCEDURE_PORT));
	assert_true(procedure_assigns(PROCEDURE_EARLY));
	assert_true(procedure_assigns(PROCEDURE_REUSE));
	assert_false(procedure_assigns(PROCEDURE_RENEWAL));
	assert_false(procedure_assigns(PROCEDURE_APPEAL));
	assert_false(procedure_assigns(PROCEDURE_COUNT));
}

static void test_roles(void **state)
{
	(void)state;
	for (enum role i = 0; i < ROLE_COUNT; i++) {
		enum role found = ROLE_COUNT;

		assert_true(role_find(role_name(i), &found));
		assert_int_equal(found, i);
	}
	assert_absent(role_name(ROLE_COUNT));
	assert_false(role_find(SLICE("iesg"), &(enum role){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_procedures),
					   cmocka_unit_test(test_assigns),
					   cmocka_unit_test(test_roles)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
