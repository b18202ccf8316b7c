/*
 * JSON and YAML as a tree whose every node has its place, within limits. Aliases of YAML lead to
 * the node that they name and are never copied, so that a tree is no larger than its text; whoever
 * follows many of them counts. A tree lives in the arena that it was read into.
 */
#ifndef PORTBOOK_TREE_TREE_H
#define PORTBOOK_TREE_TREE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/fault.h"

enum { TREE_NODES_MAX = 200000, TREE_DEPTH_MAX = 100 /* mappings and sequences in each other */ };

enum tree_kind { TREE_SCALAR, TREE_MAPPING, TREE_SEQUENCE, TREE_ALIAS };

struct tree_node {
	enum tree_kind kind;
	bool plain;	       /* a scalar without quotes; of JSON a number, true, false, null */
	uint32_t line, column; /* where it begins, from 1 */
	struct slice text;     /* of a scalar, without its quotes and escapes */
	const struct tree_node *key; /* of what is in a mapping */
	struct tree_node *first;     /* of what is in it; of an alias: what it names */
	struct tree_node *next;	     /* beside it */
};

/*
 * The root of a JSON document, which is an object or an array. 0; FAULT_MEMORY; FAULT_SYSTEM where
 * jansson is not there; FAULT_MALFORMED and FAULT_LIMIT with line and column. Keys that an object
 * has twice are malformed. May be called by several threads at once.
 */
int tree_read_json(struct slice document, struct arena *arena, const struct tree_node **ret_root,
		   struct fault *fault) MUST_USE;

/*
 * Calls read with the root of each document of a stream of YAML, as it is read; false ends it.
 * Of texts of more bytes than so many the first are kept. Results as above, of libyaml. Mappings
 * may have keys twice, and keys that are no scalars.
 */
int tree_read_yaml(struct slice stream, size_t text_most, struct arena *arena,
		   bool (*read)(void *context, const struct tree_node *root), void *context,
		   struct fault *fault) MUST_USE;

/* What a node is when aliases are followed; NULL for NULL and for what leads nowhere. */
const struct tree_node *tree_follow(const struct tree_node *node);

/* The value of a mapping's key, also of one that is merged into it (<<); NULL: none. */
const struct tree_node *tree_get(const struct tree_node *mapping, struct slice key);

/* The text of a scalar value of a mapping; absent: none. */
struct slice tree_text(const struct tree_node *mapping, struct slice key);

/* The first of what is in a mapping or sequence; NULL: nothing, or it is neither. */
const struct tree_node *tree_first(const struct tree_node *node);

#endif
