#undef NDEBUG
#include "../testing.h"

#include "base/arena.h"

static void test_pieces_are_aligned_and_apart(void **state)
{
	struct arena arena = {};
	struct random random = {1};
	unsigned char *pieces[2000];
	size_t sizes[2000];

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		sizes[i] = random_below(&random, i % 100 ? 900 : 600000);
		pieces[i] = arena_alloc(&arena, sizes[i]);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		memset(pieces[i], (int)(i % 251), sizes[i]);
	}
	for (unsigned i = 0; i < 2000; i++) {
		for (size_t k = 0; k < sizes[i]; k++)
			assert_true(pieces[i][k] == i % 251);
	}
	arena_done(&arena);
}

static void test_nothing_and_too_much(void **state)
{
	struct arena arena = {};

	(void)state;
	assert_non_null(arena_alloc(&arena, 0));
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX - 8));
	assert_non_null(arena_alloc(&arena, 1));
	arena_done(&arena);
	assert_null(arena.blocks);
}

static void test_copies(void **state)
{
	struct arena arena = {};
	bool failed = false;
	struct slice copy;

	(void)state;
	assert_absent(arena_copy(&arena, SLICE_NONE, &failed));
	copy = arena_copy(&arena, SLICE(""), &failed);
	assert_text(copy, "");
	assert_int_equal(copy.p[0], '\0');
	copy = arena_copy(&arena, SLICE("a\0b"), &failed);
	assert_text(copy, "a\0b");
	assert_int_equal(copy.p[3], '\0');
	/* Text and bytes are packed, and what follows is aligned all the same. */
	assert_ptr_equal(arena_bytes(&arena, 3), copy.p + 4);
	assert_ptr_equal(arena_bytes(&arena, 0), copy.p + 7);
	assert_int_equal((uintptr_t)arena_alloc(&arena, 1) % 16, 0);
	assert_false(failed);
	assert_absent(arena_copy(&arena, (struct slice){"", SIZE_MAX}, &failed));
	assert_true(failed);
	assert_text(arena_copy(&arena, SLICE("x"), &failed), "x");
	assert_true(failed);
	arena_done(&arena);
}

static void test_adopting(void **state)
{
	struct arena arena = {}, other = {}, empty = {};
	bool failed = false;
	struct slice ours = arena_copy(&arena, SLICE("ours"), &failed);
	struct slice theirs = arena_copy(&other, SLICE("theirs"), &failed);

	(void)state;
	arena_adopt(&arena, &other);
	assert_null(other.blocks);
	arena_done(&other);
	arena_adopt(&arena, &empty);
	arena_adopt(&empty, &arena);
	assert_null(arena.blocks);
	assert_text(ours, "ours");
	assert_text(theirs, "theirs");
	assert_text(arena_copy(&empty, SLICE("more"), &failed), "more");
	assert_false(failed);
	arena_done(&empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_aligned_and_apart),
		cmocka_unit_test(test_nothing_and_too_much),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_adopting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
