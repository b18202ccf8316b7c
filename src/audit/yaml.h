/*
 * YAML as a tree with places, within limits. Aliases lead to the node that they name and are never
 * copied, so that a tree is no larger than its text; whoever follows them counts (yaml_spend).
 */
#ifndef PORTBOOK_AUDIT_YAML_H
#define PORTBOOK_AUDIT_YAML_H

#include "audit/read.h"

enum yaml_kind { YAML_SCALAR, YAML_MAPPING, YAML_SEQUENCE, YAML_ALIAS };

struct yaml_node {
	enum yaml_kind kind;
	bool plain; /* a scalar without quotes */
	struct place place;
	struct slice text;	     /* of a scalar */
	const struct yaml_node *key; /* of what is in a mapping */
	struct yaml_node *first;     /* of what is in it; of an alias: what it names */
	struct yaml_node *next;	     /* beside it */
};

struct yaml {
	struct reading *reading;
	struct arena arena; /* of the nodes */
	unsigned nodes;
	unsigned visits; /* that are left */
	bool failed;	 /* malformed, and that was complained of, or without memory */
};

/*
 * Calls read with the root of each document. What is malformed, or too deep or large, is a finding,
 * and ends it.
 */
void yaml_read(struct reading *reading,
	       void (*read)(struct yaml *yaml, const struct yaml_node *root));

/* What a node is when aliases are followed; NULL for NULL and for what leads nowhere. */
const struct yaml_node *yaml_follow(const struct yaml_node *node);

/* The value of a mapping's key, also of one that is merged into it (<<); NULL: none. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, struct slice key);

/* The text of a scalar value of a mapping; absent: none. */
struct slice yaml_text(const struct yaml_node *mapping, struct slice key);

/* The first of what is in a mapping or sequence; NULL: nothing, or it is neither. */
const struct yaml_node *yaml_first(const struct yaml_node *node);

/* Whether one more node may be looked at, of those that a document may have. */
bool yaml_spend(struct yaml *yaml);

#endif
