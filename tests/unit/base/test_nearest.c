#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/nearest.h"

static struct slice word_at(const void *data, size_t index)
{
	static const char *const words[] = {"page",  "regex",	   "contacts", "sort",
					    "color", "Jon_Postel", "Postel_2"};

	(void)data;
	return index < ARRAY_SIZE(words) ? slice_cstr(words[index]) : SLICE_NONE;
}

static void assert_nearest(const char *word, const char *expected)
{
	struct slice found[3];
	size_t count = nearest(slice_cstr(word), word_at, NULL, found, 1);

	assert_int_equal(count, expected ? 1 : 0);
	if (expected)
		assert_true(slice_eq(found[0], slice_cstr(expected)));
}

static void test_mistakes(void **state)
{
	(void)state;
	assert_nearest("page", "page");
	assert_nearest("pge", "page");
	assert_nearest("paeg", "page");
	assert_nearest("PAGES", "page");
	assert_nearest("colour", "color");
	assert_nearest("contcat", "contacts");
	assert_nearest("quite-different", NULL);
	assert_nearest("", NULL);
	assert_nearest("x", NULL);
}

static void test_part(void **state)
{
	struct slice found[3];

	(void)state;
	assert_int_equal(nearest(SLICE("postel"), word_at, NULL, found, 3), 2);
	assert_true(slice_eq(found[1], SLICE("Jon_Postel")));
	assert_true(slice_eq(found[0], SLICE("Postel_2")));
}

static void test_long(void **state)
{
	char word[200];
	struct slice found[1];

	(void)state;
	memset(word, 'a', sizeof(word));
	assert_int_equal(nearest((struct slice){word, sizeof(word)}, word_at, NULL, found, 1), 0);
	assert_int_equal(nearest((struct slice){word, 64}, word_at, NULL, found, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
