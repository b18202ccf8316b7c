/*
 * Inside policy/: reading a policy. Objects are described by tables of their keys; what is wrong
 * is told with line, column and the path of keys that leads there.
 */
#ifndef PORTBOOK_POLICY_READ_H
#define PORTBOOK_POLICY_READ_H

#include "base/arena.h"
#include "policy/policy.h"
#include "tree/tree.h"

enum { POLICY_BYTES_MAX = 1024 * 1024 };

/* First in it, so that one is freed as the other. */
struct owned_policy {
	struct policy policy;
	struct arena arena; /* the tree, whose texts the policy has */
};

struct reader {
	struct policy *policy;
	struct arena *arena;
	struct fault *fault;
};

/* A value and where it stands. */
struct where {
	const struct where *in; /* NULL: it is the document */
	const struct tree_node *node;
	size_t index; /* in an array */
};

struct key {
	struct slice name;
	/* 0, or a negative fault. */
	int (*read)(struct reader *reader, const struct where *where, void *to);
	size_t offset; /* of to in what the object is read into */
	enum { NEEDED, OPTIONAL } presence;
};

/* Tells what is wrong at that place. Returns FAULT_MALFORMED. */
int complain(struct reader *reader, const struct where *where, const char *format, ...)
	PRINTF(3, 4);

/* Reads the members of an object into what to points to. */
int read_object(struct reader *reader, const struct where *where, const struct key *keys,
		size_t count, void *to) MUST_USE;

/* Reads each element of an array of at most so many into an array of elements of size bytes. */
int read_array(struct reader *reader, const struct where *where, size_t most, size_t size,
	       int (*read)(struct reader *, const struct where *, void *), void **ret_elements,
	       size_t *ret_count) MUST_USE;

/* Adds the bits of an array's texts, of which each is one and none is there twice. */
int read_mask(struct reader *reader, const struct where *where,
	      bool (*find)(const struct reader *, struct slice, unsigned *ret_bit),
	      const char *what, unsigned *ret_mask) MUST_USE;

/* Each a (*read)() of a key: of a struct slice, a bool, an unsigned. */
int read_text(struct reader *reader, const struct where *where, void *to); /* of one line */
int read_name(struct reader *reader, const struct where *where, void *to); /* a-z, 0-9, - and _ */
int read_bool(struct reader *reader, const struct where *where, void *to);
int read_days(struct reader *reader, const struct where *where, void *to);
int read_number(struct reader *reader, const struct where *where, unsigned least, unsigned most,
		unsigned *ret_number) MUST_USE;

/* "N", "N-M" or N into two int32_t; "none" (-1 both) where there may be none. */
int read_ports(struct reader *reader, const struct where *where, bool or_none, int32_t *ret_first,
	       int32_t *ret_last) MUST_USE;

/* Reads all of it. On failure what was allocated is in owned's arena. */
int policy_read_tree(struct slice json, struct owned_policy *owned, struct fault *fault) MUST_USE;

#endif
