#undef NDEBUG
#include "../testing.h"

#include "tree/tree.h"

/* Every node as "LINE:COLUMN TEXT", or its kind. */
static void assert_node(const struct tree_node *node, uint32_t line, uint32_t column,
			const char *text)
{
	assert_non_null(node);
	assert_int_equal(node->line, line);
	assert_int_equal(node->column, column);
	if (node->kind == TREE_SCALAR)
		assert_slice(node->text, slice_cstr(text));
	else
		assert_string_equal(text, node->kind == TREE_MAPPING ? "{}" : "[]");
}

static void test_places(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	const struct tree_node *root, *node;
	(void)state;

	assert_int_equal(tree_read_json(SLICE(" {\n\t\"a\" : [1 ,\"]\\\"\\u00e9\", {}],\r\n\"b,:\":"
					      "true,\n\n \"\":{\"c\":null\t}, \"e\" : -1.5e3}"),
					&arena, &root, NULL),
			 0);
	assert_node(root, 1, 2, "{}");
	node = root->first;
	assert_node(node->key, 2, 2, "a");
	assert_node(node, 2, 8, "[]");
	assert_node(node->first, 2, 9, "1");
	assert_true(node->first->plain);
	assert_node(node->first->next, 2, 12, "]\"\xc3\xa9");
	assert_false(node->first->next->plain);
	assert_node(node->first->next->next, 2, 25, "{}");
	assert_null(node->first->next->next->next);
	node = node->next;
	assert_node(node->key, 3, 1, "b,:");
	assert_node(node, 3, 7, "true");
	node = node->next;
	assert_node(node->key, 5, 2, "");
	assert_node(node->first->key, 5, 6, "c");
	assert_node(node->first, 5, 10, "null");
	node = node->next;
	assert_node(node->key, 5, 18, "e");
	assert_node(node, 5, 24, "-1.5e3");
	assert_null(node->next);
	assert_ptr_equal(tree_get(root, SLICE("e")), node);
	assert_null(tree_get(root, SLICE("f")));
}

static void assert_fault(struct slice text, int code, uint64_t line)
{
	struct arena arena CLEANUP(arena_done) = {};
	const struct tree_node *root = NULL;
	struct slice document = copy_of(text);
	struct fault fault = {};

	assert_int_equal(tree_read_json(document, &arena, &root, &fault), code);
	assert_null(root);
	assert_told(fault);
	assert_int_equal(fault.line, line);
	assert_true(fault.column > 0);
	free((char *)document.p);
}

static void test_faults(void **state)
{
	char deep[2 * TREE_DEPTH_MAX + 2];
	(void)state;

	assert_fault(SLICE(""), FAULT_MALFORMED, 1);
	assert_fault(SLICE("1"), FAULT_MALFORMED, 1);
	assert_fault(SLICE("{\n\"a\":1,}"), FAULT_MALFORMED, 2);
	assert_fault(SLICE("{\"a\":1,\n\"a\":1}"), FAULT_MALFORMED, 2);
	assert_fault(SLICE("[\"\xff\"]"), FAULT_MALFORMED, 1);
	assert_fault(SLICE("[\"\\u0000\"]"), FAULT_MALFORMED, 1);
	assert_fault(SLICE("[1] x"), FAULT_MALFORMED, 1);
	memset(deep, '[', TREE_DEPTH_MAX + 1);
	memset(deep + TREE_DEPTH_MAX + 1, ']', TREE_DEPTH_MAX + 1);
	assert_fault((struct slice){deep, 2 * TREE_DEPTH_MAX + 2}, FAULT_LIMIT, 1);
}

static void test_deepest(void **state)
{
	char deep[2 * TREE_DEPTH_MAX];
	struct arena arena CLEANUP(arena_done) = {};
	const struct tree_node *root;
	(void)state;

	memset(deep, '[', TREE_DEPTH_MAX);
	memset(deep + TREE_DEPTH_MAX, ']', TREE_DEPTH_MAX);
	assert_int_equal(tree_read_json((struct slice){deep, sizeof(deep)}, &arena, &root, NULL),
			 0);
}

static void test_many(void **state)
{
	size_t n = 2 * (size_t)TREE_NODES_MAX + 1;
	char *text = malloc(n);
	(void)state;

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[i] = i % 2 ? '0' : ',';
	text[0] = '[';
	text[n - 1] = ']';
	assert_fault((struct slice){text, n}, FAULT_LIMIT, 1);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places), cmocka_unit_test(test_faults),
		cmocka_unit_test(test_deepest), cmocka_unit_test(test_many)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
