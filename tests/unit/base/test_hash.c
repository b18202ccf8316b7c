#undef NDEBUG
#include "../testing.h"

#include "base/hash.h"

/* Images hold the hash: it must never change. The values are those of the XXH3 specification. */
static void test_values(void **state)
{
	(void)state;
	assert_true(hash_bytes(SLICE("")) == 0x2d06800538d394c2);
	assert_true(hash_bytes(SLICE_NONE) == 0x2d06800538d394c2);
	assert_true(hash_bytes(SLICE("a")) == 0xe6c632b61e964e1f);
	assert_true(hash_bytes(SLICE("abc")) == 0x78af5f94892f3950);
	assert_true(hash_bytes(SLICE("abc")) != hash_bytes(SLICE("abc\0")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
