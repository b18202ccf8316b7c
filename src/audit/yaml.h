/* YAML that is audited: tree/'s, whose complaints are findings. */
#ifndef PORTBOOK_AUDIT_YAML_H
#define PORTBOOK_AUDIT_YAML_H

#include "audit/read.h"
#include "tree/tree.h"

struct yaml {
	struct reading *reading;
	void (*read)(struct yaml *yaml, const struct tree_node *root);
	unsigned visits; /* that are left */
	bool failed;	 /* malformed, and that was complained of, or without memory */
};

/*
 * Calls read with the root of each document. What is malformed, or too deep or large, is a finding,
 * and ends it.
 */
void yaml_read(struct reading *reading,
	       void (*read)(struct yaml *yaml, const struct tree_node *root));

static inline struct place yaml_place(const struct tree_node *node)
{
	return (struct place){node->line, node->column};
}

/* Whether one more node may be looked at, of those that a document may have. */
bool yaml_spend(struct yaml *yaml);

#endif
