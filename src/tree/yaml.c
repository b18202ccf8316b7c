#include <pthread.h>
#include <yaml.h>

#include "base/library.h"
#include "base/utf8.h"
#include "tree/tree.h"

enum { ANCHORS_MAX = 1000 /* of a document */ };

/* In the order of names below. */
static struct {
	typeof(yaml_parser_initialize) *initialize;
	typeof(yaml_parser_set_input_string) *set_input_string;
	typeof(yaml_parser_parse) *parse;
	typeof(yaml_event_delete) *event_delete;
	typeof(yaml_parser_delete) *delete;
} libyaml;

static int open_library(struct fault *fault)
{
	static const char *const names[] = {"yaml_parser_initialize",
					    "yaml_parser_set_input_string", "yaml_parser_parse",
					    "yaml_event_delete", "yaml_parser_delete"};
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	int result = 0;

	pthread_mutex_lock(&lock);
	if (!libyaml.initialize)
		result = library_open("libyaml-0.so.2", "libyaml (Debian: libyaml-0-2)", names,
				      ARRAY_SIZE(names), &libyaml, fault);
	pthread_mutex_unlock(&lock);
	return result;
}

struct anchor {
	struct slice name;
	struct tree_node *node;
};

/* The tree while it grows. */
struct growing {
	struct arena *arena;
	struct fault *fault;
	size_t text_most;
	bool (*read)(void *context, const struct tree_node *root);
	void *context;
	int result; /* negative: it has failed */
	bool over;  /* or nothing more is wanted */
	unsigned nodes;
	struct tree_node *open[TREE_DEPTH_MAX]; /* mappings and sequences that have not ended */
	struct tree_node *last[TREE_DEPTH_MAX]; /* in each of them */
	struct tree_node *key[TREE_DEPTH_MAX];	/* of a mapping, whose value is to come */
	unsigned depth;
	struct tree_node *root;
	struct anchor anchors[ANCHORS_MAX];
	unsigned anchor_count;
};

static void fail(struct growing *growing, int code, const yaml_mark_t *mark, const char *what,
		 const char *more)
{
	if (growing->result < 0)
		return;
	growing->result = fault_at_line(growing->fault, code, mark->line + 1, mark->column + 1,
					"%s%s%s", what, *more ? ": " : "", more);
}

static void fail_memory(struct growing *growing)
{
	if (growing->result == 0)
		growing->result = fault_memory(growing->fault);
}

static struct slice copy(struct growing *growing, const yaml_char_t *text, size_t n)
{
	bool failed = false;
	struct slice whole = {(const char *)text, n};
	struct slice made =
		arena_copy(growing->arena, utf8_cut(whole, growing->text_most), &failed);

	if (failed)
		fail_memory(growing);
	return made;
}

static struct tree_node *add_node(struct growing *growing, enum tree_kind kind,
				  const yaml_event_t *event)
{
	struct tree_node *node;
	unsigned top = growing->depth - 1;

	if (growing->nodes++ >= TREE_NODES_MAX) {
		fail(growing, FAULT_LIMIT, &event->start_mark,
		     "the file has more than 200000 nodes", "");
		return NULL;
	}
	node = arena_alloc(growing->arena, sizeof(*node));
	if (!node) {
		fail_memory(growing);
		return NULL;
	}
	*node = (struct tree_node){.kind = kind,
				   .line = (uint32_t)event->start_mark.line + 1,
				   .column = (uint32_t)event->start_mark.column + 1};
	if (growing->depth == 0) {
		growing->root = node;
	} else if (growing->open[top]->kind == TREE_MAPPING && !growing->key[top]) {
		growing->key[top] = node;
	} else {
		node->key = growing->key[top];
		growing->key[top] = NULL;
		if (growing->last[top])
			growing->last[top]->next = node;
		else
			growing->open[top]->first = node;
		growing->last[top] = node;
	}
	return node;
}

static void name_node(struct growing *growing, const yaml_event_t *event, const yaml_char_t *anchor,
		      struct tree_node *node)
{
	if (!anchor || !node)
		return;
	if (growing->anchor_count == ANCHORS_MAX) {
		fail(growing, FAULT_LIMIT, &event->start_mark,
		     "the document has more than 1000 anchors", "");
		return;
	}
	growing->anchors[growing->anchor_count++] =
		(struct anchor){copy(growing, anchor, strlen((const char *)anchor)), node};
}

static void open_node(struct growing *growing, enum tree_kind kind, const yaml_event_t *event,
		      const yaml_char_t *anchor)
{
	struct tree_node *node = add_node(growing, kind, event);

	name_node(growing, event, anchor, node);
	if (!node)
		return;
	if (growing->depth == TREE_DEPTH_MAX) {
		fail(growing, FAULT_LIMIT, &event->start_mark, "it is nested more than 100 deep",
		     "");
		return;
	}
	growing->open[growing->depth] = node;
	growing->last[growing->depth] = growing->key[growing->depth] = NULL;
	growing->depth++;
}

static void add_scalar(struct growing *growing, const yaml_event_t *event)
{
	struct tree_node *node = add_node(growing, TREE_SCALAR, event);

	name_node(growing, event, event->data.scalar.anchor, node);
	if (!node)
		return;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->text = copy(growing, event->data.scalar.value, event->data.scalar.length);
}

static void add_alias(struct growing *growing, const yaml_event_t *event)
{
	struct slice name = slice_cstr((const char *)event->data.alias.anchor);
	struct tree_node *node = add_node(growing, TREE_ALIAS, event);
	unsigned i = growing->anchor_count;

	if (!node)
		return;
	/* The last anchor of a name counts (YAML 1.2, section 7.1). */
	while (i > 0 && !slice_eq(growing->anchors[i - 1].name, name))
		i--;
	if (i == 0)
		fail(growing, FAULT_MALFORMED, &event->start_mark, "no anchor is named", name.p);
	else
		node->first = growing->anchors[i - 1].node;
}

static void take_event(struct growing *growing, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		growing->root = NULL;
		growing->depth = growing->anchor_count = 0;
		break;
	case YAML_DOCUMENT_END_EVENT:
		if (growing->root)
			growing->over = !growing->read(growing->context, growing->root);
		break;
	case YAML_MAPPING_START_EVENT:
		open_node(growing, TREE_MAPPING, event, event->data.mapping_start.anchor);
		break;
	case YAML_SEQUENCE_START_EVENT:
		open_node(growing, TREE_SEQUENCE, event, event->data.sequence_start.anchor);
		break;
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		growing->depth--;
		break;
	case YAML_SCALAR_EVENT:
		add_scalar(growing, event);
		break;
	case YAML_ALIAS_EVENT:
		add_alias(growing, event);
		break;
	case YAML_STREAM_END_EVENT:
		growing->over = true;
		break;
	default:
		break;
	}
}

static void read_events(struct growing *growing, yaml_parser_t *parser)
{
	while (!growing->over && growing->result == 0) {
		yaml_event_t event;

		if (libyaml.parse(parser, &event)) {
			take_event(growing, &event);
			libyaml.event_delete(&event);
		} else if (parser->error == YAML_MEMORY_ERROR) {
			fail_memory(growing);
		} else {
			fail(growing, FAULT_MALFORMED, &parser->problem_mark, "this is no YAML",
			     parser->problem ? parser->problem : "");
		}
	}
}

int tree_read_yaml(struct slice stream, size_t text_most, struct arena *arena,
		   bool (*read)(void *context, const struct tree_node *root), void *context,
		   struct fault *fault)
{
	struct growing *growing;
	yaml_parser_t parser;
	int result = open_library(fault);

	if (result < 0)
		return result;
	growing = arena_alloc(arena, sizeof(*growing));
	if (!growing || !libyaml.initialize(&parser))
		return fault_memory(fault);
	*growing = (struct growing){.arena = arena,
				    .fault = fault,
				    .text_most = text_most,
				    .read = read,
				    .context = context};
	libyaml.set_input_string(&parser, (const unsigned char *)stream.p, stream.n);
	read_events(growing, &parser);
	libyaml.delete(&parser);
	return growing->result;
}
