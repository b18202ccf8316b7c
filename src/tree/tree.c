#include "tree/tree.h"

enum {
	ALIASES_MAX = 8, /* aliases of aliases, and mappings merged into each other */
	KEYS_MAX = 1000, /* of a mapping, and of those merged into it, that are looked at */
};

const struct tree_node *tree_follow(const struct tree_node *node)
{
	for (unsigned i = 0; node && node->kind == TREE_ALIAS; i++)
		node = i < ALIASES_MAX ? node->first : NULL;
	return node;
}

const struct tree_node *tree_first(const struct tree_node *node)
{
	node = tree_follow(node);
	return node && node->kind != TREE_SCALAR ? node->first : NULL;
}

static const struct tree_node *get(const struct tree_node *mapping, struct slice key,
				   unsigned depth, unsigned *keys)
{
	const struct tree_node *found = NULL, *merged = NULL;

	mapping = tree_follow(mapping);
	if (!mapping || mapping->kind != TREE_MAPPING)
		return NULL;
	for (const struct tree_node *node = mapping->first; node && (*keys)++ < KEYS_MAX;
	     node = node->next) {
		const struct tree_node *name = tree_follow(node->key);

		if (!name || name->kind != TREE_SCALAR)
			continue;
		if (slice_eq(name->text, key))
			found = node;
		else if (slice_eq(name->text, SLICE("<<")))
			merged = node;
	}
	if (found || !merged || depth == 0)
		return tree_follow(found);
	merged = tree_follow(merged);
	if (!merged || merged->kind != TREE_SEQUENCE)
		return get(merged, key, depth - 1, keys);
	/* Of several the first one counts; one level of them, so that none is asked without end. */
	for (const struct tree_node *node = merged->first; node && !found && (*keys)++ < KEYS_MAX;
	     node = node->next)
		found = get(node, key, 0, keys);
	return found;
}

const struct tree_node *tree_get(const struct tree_node *mapping, struct slice key)
{
	unsigned keys = 0;

	return get(mapping, key, ALIASES_MAX, &keys);
}

struct slice tree_text(const struct tree_node *mapping, struct slice key)
{
	const struct tree_node *node = tree_get(mapping, key);

	return node && node->kind == TREE_SCALAR ? node->text : SLICE_NONE;
}
