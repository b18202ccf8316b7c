#undef NDEBUG
#include "../testing.h"

#include "tree/tree.h"

struct seen {
	unsigned documents, stop_at;
	const struct tree_node *root;
};

static bool read_root(void *context, const struct tree_node *root)
{
	struct seen *seen = context;

	seen->root = root;
	return ++seen->documents != seen->stop_at;
}

static void test_documents(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct seen all = {}, one = {.stop_at = 1};
	struct slice stream = SLICE("a: 1\n---\nb: 2\n---\n- c\n");
	(void)state;

	assert_int_equal(tree_read_yaml(stream, 100, &arena, read_root, &all, NULL), 0);
	assert_int_equal(all.documents, 3);
	assert_int_equal(tree_read_yaml(stream, 100, &arena, read_root, &one, NULL), 0);
	assert_int_equal(one.documents, 1);
	assert_text(tree_text(one.root, SLICE("a")), "1");
}

static void test_aliases(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct seen seen = {};
	(void)state;

	assert_int_equal(tree_read_yaml(SLICE("x: &x {a: 1}\ny:\n  <<: *x\n  b: \"2\"\nz: *x\n"),
					100, &arena, read_root, &seen, NULL),
			 0);
	assert_text(tree_text(tree_get(seen.root, SLICE("y")), SLICE("a")), "1");
	assert_false(tree_get(tree_get(seen.root, SLICE("y")), SLICE("b"))->plain);
	assert_ptr_equal(tree_get(seen.root, SLICE("z")), tree_get(seen.root, SLICE("x")));
	assert_int_equal(tree_get(seen.root, SLICE("y"))->line, 3);
	assert_null(tree_follow(NULL));
	assert_null(tree_first(tree_get(tree_get(seen.root, SLICE("y")), SLICE("b"))));
}

static void test_long_text(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct seen seen = {};
	(void)state;

	assert_int_equal(
		tree_read_yaml(SLICE("a: abc\xc3\xa9\n"), 4, &arena, read_root, &seen, NULL), 0);
	assert_text(tree_text(seen.root, SLICE("a")), "abc");
}

static void test_faults(void **state)
{
	static const char *const bad[] = {"a: [\n", "a: *b\n", "\"\xff\"", "a: 'b"};
	(void)state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct arena arena CLEANUP(arena_done) = {};
		struct seen seen = {};
		struct fault fault = {};

		assert_int_equal(
			tree_read_yaml(slice_cstr(bad[i]), 100, &arena, read_root, &seen, &fault),
			FAULT_MALFORMED);
		assert_told(fault);
		assert_true(fault.line > 0 && fault.column > 0);
		assert_int_equal(seen.documents, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents), cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_long_text), cmocka_unit_test(test_faults)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
