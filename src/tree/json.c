/*
 * jansson says what a document is, but not where its parts stand: its values are walked beside the
 * text that it has found to be JSON, in the same order.
 */
#include "tree/jansson.h"
#include "tree/tree.h"

struct walk {
	const struct jansson *jansson;
	struct arena *arena;
	struct fault *fault;
	const char *at, *end; /* what is left of the text */
	const char *line_at;
	uint32_t line;
	unsigned nodes;
};

static void skip_blanks(struct walk *walk)
{
	for (; walk->at < walk->end && byte_is_blank(*walk->at); walk->at++) {
		if (*walk->at == '\n') {
			walk->line++;
			walk->line_at = walk->at + 1;
		}
	}
}

/* Past a string with its quotes, or whatever else has no parts. */
static void skip_scalar(struct walk *walk)
{
	const char *at = walk->at;

	if (*at != '"') {
		while (at < walk->end && !byte_is_blank(*at) && *at != ',' && *at != ']' &&
		       *at != '}')
			at++;
	} else {
		for (at++; at < walk->end && *at != '"'; at++)
			at += *at == '\\';
		at++;
	}
	walk->at = at < walk->end ? at : walk->end;
}

/* Past the blanks, and the comma or colon before what comes next. */
static void skip_mark(struct walk *walk)
{
	skip_blanks(walk);
	if (walk->at < walk->end && (*walk->at == ',' || *walk->at == ':'))
		walk->at++;
	skip_blanks(walk);
}

static int add_node(struct walk *walk, enum tree_kind kind, struct tree_node **ret_node)
{
	uint32_t column = (uint32_t)(walk->at - walk->line_at) + 1;
	struct tree_node *node = NULL;

	if (walk->nodes++ == TREE_NODES_MAX)
		return fault_at_line(walk->fault, FAULT_LIMIT, walk->line, column,
				     "the document has more than %d values", TREE_NODES_MAX);
	node = arena_alloc(walk->arena, sizeof(*node));
	if (!node)
		return fault_memory(walk->fault);
	*node = (struct tree_node){.kind = kind, .line = walk->line, .column = column};
	*ret_node = node;
	return 0;
}

/* The string is a value's, or a key's; NULL: the scalar is none, and says itself what it is. */
static int read_scalar(struct walk *walk, const char *string, size_t n, struct tree_node **ret_node)
{
	bool failed = false;
	struct tree_node *node = NULL;
	const char *from = walk->at;
	int result = add_node(walk, TREE_SCALAR, &node);

	if (result < 0)
		return result;
	skip_scalar(walk);
	node->plain = !string;
	node->text = arena_copy(walk->arena,
				string ? (struct slice){string, n} : slice_between(from, walk->at),
				&failed);
	if (failed)
		return fault_memory(walk->fault);
	*ret_node = node;
	return 0;
}

static int read_value(struct walk *walk, const json_t *value, unsigned depth,
		      struct tree_node **ret_node);

static int read_member(struct walk *walk, const char *key, const json_t *value, unsigned depth,
		       struct tree_node **ret_node)
{
	struct tree_node *name = NULL, *node;
	int result = 0;

	skip_mark(walk);
	if (key)
		result = read_scalar(walk, key, strlen(key), &name);
	if (result == 0) {
		skip_mark(walk);
		result = read_value(walk, value, depth + 1, &node);
	}
	if (result < 0)
		return result;
	node->key = name;
	*ret_node = node;
	return 0;
}

static int read_object(struct walk *walk, json_t *object, unsigned depth, struct tree_node **to)
{
	void *at = walk->jansson->object_iter(object);
	int result = 0;

	/* Members come in the order in which they stand in the text. */
	for (; at && result == 0; at = walk->jansson->object_iter_next(object, at)) {
		result = read_member(walk, walk->jansson->object_iter_key(at),
				     walk->jansson->object_iter_value(at), depth, to);
		if (result == 0)
			to = &(*to)->next;
	}
	return result;
}

static int read_array(struct walk *walk, const json_t *array, unsigned depth, struct tree_node **to)
{
	const json_t *value = walk->jansson->array_get(array, 0);
	int result = 0;

	for (size_t i = 1; value && result == 0; value = walk->jansson->array_get(array, i++)) {
		result = read_member(walk, NULL, value, depth, to);
		if (result == 0)
			to = &(*to)->next;
	}
	return result;
}

static int read_value(struct walk *walk, const json_t *value, unsigned depth,
		      struct tree_node **ret_node)
{
	bool object = json_is_object(value);
	struct tree_node *node = NULL;
	int result;

	if (!object && !json_is_array(value))
		return read_scalar(walk, walk->jansson->string_value(value),
				   walk->jansson->string_length(value), ret_node);
	result = add_node(walk, object ? TREE_MAPPING : TREE_SEQUENCE, &node);
	if (result < 0)
		return result;
	if (depth == TREE_DEPTH_MAX)
		return fault_at_line(walk->fault, FAULT_LIMIT, node->line, node->column,
				     "it is nested more than %d deep", TREE_DEPTH_MAX);
	walk->at++;
	/* Walking through an object does not change it, whatever its type says. */
	result = object ? read_object(walk, (json_t *)value, depth, &node->first)
			: read_array(walk, value, depth, &node->first);
	if (result < 0)
		return result;
	skip_blanks(walk);
	walk->at++;
	*ret_node = node;
	return 0;
}

int tree_read_json(struct slice document, struct arena *arena, const struct tree_node **ret_root,
		   struct fault *fault)
{
	struct walk walk = {.arena = arena, .fault = fault, .at = document.p, .line = 1};
	struct tree_node *root;
	json_error_t error;
	json_t *value;
	int result = jansson_open(&walk.jansson, fault);

	if (result < 0)
		return result;
	value = walk.jansson->loadb(document.p ? document.p : "", document.n,
				    JSON_REJECT_DUPLICATES, &error);
	if (!value && (error.line < 0 || json_error_code(&error) == json_error_out_of_memory))
		return fault_memory(fault);
	if (!value)
		return fault_at_line(fault, FAULT_MALFORMED, (uint64_t)error.line,
				     error.column > 0 ? (uint64_t)error.column : 1,
				     "this is no JSON: %s", error.text);
	walk.line_at = walk.at;
	walk.end = walk.at + document.n;
	skip_blanks(&walk);
	result = read_value(&walk, value, 0, &root);
	walk.jansson->delete (value);
	if (result == 0)
		*ret_root = root;
	return result;
}
