#include "audit/yaml.h"

#include <yaml.h>

#include "base/library.h"
#include "base/utf8.h"

enum {
	NODES_MAX = 200000, /* of a file */
	DEPTH_MAX = 100,    /* mappings and sequences in each other */
	ANCHORS_MAX = 1000, /* of a document */
	MERGES_MAX = 8,	    /* merged into each other */
	VISITS_MAX = 50000, /* of a file's services and ports, aliases followed */
	KEYS_MAX = 1000,    /* of a mapping, and of those merged into it, that are looked at */
	SCALAR_MAX = 4096,  /* bytes of a text; of longer ones the first are looked at */
};

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

	if (libyaml.initialize)
		return 0;
	return library_open("libyaml-0.so.2", "libyaml (Debian: libyaml-0-2)", names,
			    ARRAY_SIZE(names), &libyaml, fault);
}

struct anchor {
	struct slice name;
	struct yaml_node *node;
};

/* The tree while it grows. */
struct growing {
	struct yaml *yaml;
	struct yaml_node *open[DEPTH_MAX]; /* mappings and sequences that have not ended */
	struct yaml_node *last[DEPTH_MAX]; /* in each of them */
	struct yaml_node *key[DEPTH_MAX];  /* of a mapping, whose value is to come */
	unsigned depth;
	struct yaml_node *root;
	struct anchor anchors[ANCHORS_MAX];
	unsigned anchor_count;
};

static void complain(struct yaml *yaml, struct place place, const char *what, const char *more)
{
	if (!yaml->failed)
		reading_complain(yaml->reading, place, MALFORMED, SLICE_NONE, "%s%s%s", what,
				 *more ? ": " : "", more);
	yaml->failed = true;
}

static struct place place_of(const yaml_mark_t *mark)
{
	return (struct place){(uint32_t)mark->line + 1, (uint32_t)mark->column + 1};
}

static struct yaml_node *add_node(struct growing *growing, enum yaml_kind kind,
				  const yaml_event_t *event)
{
	struct yaml *yaml = growing->yaml;
	struct place place = place_of(&event->start_mark);
	struct yaml_node *node;
	unsigned top = growing->depth - 1;

	if (yaml->nodes++ >= NODES_MAX) {
		complain(yaml, place, "the file has more than 200000 nodes", "");
		return NULL;
	}
	node = arena_alloc(&yaml->arena, sizeof(*node));
	if (!node) {
		yaml->reading->audit->failed = yaml->failed = true;
		return NULL;
	}
	*node = (struct yaml_node){.kind = kind, .place = place};
	if (growing->depth == 0) {
		growing->root = node;
	} else if (growing->open[top]->kind == YAML_MAPPING && !growing->key[top]) {
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

static void name_node(struct growing *growing, const yaml_char_t *anchor, struct yaml_node *node)
{
	struct yaml *yaml = growing->yaml;
	bool failed = false;

	if (!anchor || !node)
		return;
	if (growing->anchor_count == ANCHORS_MAX) {
		complain(yaml, node->place, "the document has more than 1000 anchors", "");
		return;
	}
	growing->anchors[growing->anchor_count++] = (struct anchor){
		arena_copy(&yaml->arena, slice_cstr((const char *)anchor), &failed), node};
	if (failed)
		yaml->reading->audit->failed = yaml->failed = true;
}

static void open_node(struct growing *growing, enum yaml_kind kind, const yaml_event_t *event,
		      const yaml_char_t *anchor)
{
	struct yaml_node *node = add_node(growing, kind, event);

	name_node(growing, anchor, node);
	if (!node)
		return;
	if (growing->depth == DEPTH_MAX) {
		complain(growing->yaml, node->place, "it is nested more than 100 deep", "");
		return;
	}
	growing->open[growing->depth] = node;
	growing->last[growing->depth] = growing->key[growing->depth] = NULL;
	growing->depth++;
}

static void add_scalar(struct growing *growing, const yaml_event_t *event)
{
	struct yaml *yaml = growing->yaml;
	struct yaml_node *node = add_node(growing, YAML_SCALAR, event);
	struct slice text;
	bool failed = false;

	name_node(growing, event->data.scalar.anchor, node);
	if (!node)
		return;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	text = (struct slice){(const char *)event->data.scalar.value, event->data.scalar.length};
	node->text = arena_copy(&yaml->arena, utf8_cut(text, SCALAR_MAX), &failed);
	if (failed)
		yaml->reading->audit->failed = yaml->failed = true;
}

static void add_alias(struct growing *growing, const yaml_event_t *event)
{
	struct slice name = slice_cstr((const char *)event->data.alias.anchor);
	struct yaml_node *node = add_node(growing, YAML_ALIAS, event);
	unsigned i = growing->anchor_count;

	if (!node)
		return;
	/* The last anchor of a name counts (YAML 1.2, section 7.1). */
	while (i > 0 && !slice_eq(growing->anchors[i - 1].name, name))
		i--;
	if (i == 0)
		complain(growing->yaml, node->place, "no anchor is named", name.p);
	else
		node->first = growing->anchors[i - 1].node;
}

/* False at the end of the stream. */
static bool take_event(struct growing *growing, const yaml_event_t *event,
		       void (*read)(struct yaml *, const struct yaml_node *))
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		growing->root = NULL;
		growing->depth = growing->anchor_count = 0;
		break;
	case YAML_DOCUMENT_END_EVENT:
		if (growing->root)
			read(growing->yaml, growing->root);
		break;
	case YAML_MAPPING_START_EVENT:
		open_node(growing, YAML_MAPPING, event, event->data.mapping_start.anchor);
		break;
	case YAML_SEQUENCE_START_EVENT:
		open_node(growing, YAML_SEQUENCE, event, event->data.sequence_start.anchor);
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
		return false;
	default:
		break;
	}
	return true;
}

static void read_events(struct growing *growing, yaml_parser_t *parser,
			void (*read)(struct yaml *, const struct yaml_node *))
{
	bool more = true;

	while (more && !growing->yaml->failed) {
		yaml_event_t event;

		if (!libyaml.parse(parser, &event)) {
			const yaml_mark_t *mark = &parser->problem_mark;

			if (parser->error == YAML_MEMORY_ERROR)
				growing->yaml->reading->audit->failed = true;
			else
				complain(growing->yaml, place_of(mark), "this is no YAML",
					 parser->problem ? parser->problem : "");
			return;
		}
		more = take_event(growing, &event, read);
		libyaml.event_delete(&event);
	}
}

void yaml_read(struct reading *reading, void (*read)(struct yaml *, const struct yaml_node *))
{
	struct yaml yaml = {.reading = reading, .visits = VISITS_MAX};
	struct growing *growing;
	struct fault fault;
	yaml_parser_t parser;

	if (open_library(&fault) < 0) {
		complain(&yaml, (struct place){1, 1}, "YAML cannot be read", fault.text);
		return;
	}
	growing = arena_alloc(&yaml.arena, sizeof(*growing));
	if (!growing || !libyaml.initialize(&parser)) {
		reading->audit->failed = true;
		arena_done(&yaml.arena);
		return;
	}
	growing->yaml = &yaml;
	libyaml.set_input_string(&parser, (const unsigned char *)reading->text.p, reading->text.n);
	read_events(growing, &parser, read);
	libyaml.delete(&parser);
	arena_done(&yaml.arena);
}

const struct yaml_node *yaml_follow(const struct yaml_node *node)
{
	for (unsigned i = 0; node && node->kind == YAML_ALIAS; i++)
		node = i < MERGES_MAX ? node->first : NULL;
	return node;
}

const struct yaml_node *yaml_first(const struct yaml_node *node)
{
	node = yaml_follow(node);
	return node && node->kind != YAML_SCALAR ? node->first : NULL;
}

static const struct yaml_node *get(const struct yaml_node *mapping, struct slice key,
				   unsigned depth, unsigned *keys)
{
	const struct yaml_node *found = NULL, *merged = NULL;

	mapping = yaml_follow(mapping);
	if (!mapping || mapping->kind != YAML_MAPPING)
		return NULL;
	for (const struct yaml_node *node = mapping->first; node && (*keys)++ < KEYS_MAX;
	     node = node->next) {
		const struct yaml_node *name = yaml_follow(node->key);

		if (!name || name->kind != YAML_SCALAR)
			continue;
		if (slice_eq(name->text, key))
			found = node;
		else if (slice_eq(name->text, SLICE("<<")))
			merged = node;
	}
	if (found || !merged || depth == 0)
		return yaml_follow(found);
	merged = yaml_follow(merged);
	if (!merged || merged->kind != YAML_SEQUENCE)
		return get(merged, key, depth - 1, keys);
	/* Of several the first one counts; one level of them, so that none is asked without end. */
	for (const struct yaml_node *node = merged->first; node && !found && (*keys)++ < KEYS_MAX;
	     node = node->next)
		found = get(node, key, 0, keys);
	return found;
}

const struct yaml_node *yaml_get(const struct yaml_node *mapping, struct slice key)
{
	unsigned keys = 0;

	return get(mapping, key, MERGES_MAX, &keys);
}

struct slice yaml_text(const struct yaml_node *mapping, struct slice key)
{
	const struct yaml_node *node = yaml_get(mapping, key);

	return node && node->kind == YAML_SCALAR ? node->text : SLICE_NONE;
}

bool yaml_spend(struct yaml *yaml)
{
	if (yaml->visits == 0) {
		complain(yaml, (struct place){1, 1}, "the file has more than 50000 parts", "");
		return false;
	}
	yaml->visits--;
	return true;
}
