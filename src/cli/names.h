/* Names that a file lists: the part of a registry that is asked for. */
#ifndef PORTBOOK_CLI_NAMES_H
#define PORTBOOK_CLI_NAMES_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/file.h"
#include "registry/registry.h"

enum { NAMES_FILE_MAX = 16 * 1024 * 1024 };

struct listed_name {
	struct slice name, folded;
	struct slice nearest; /* where it is not there; absent: none, or not looked for */
	bool found, has_port;
};

/* Zeroed memory is a valid empty list. */
struct names {
	struct file_content content;
	char *folded;		  /* the content's text, folded */
	struct listed_name *list; /* in the order of the file */
	size_t count;
	struct listed_name **sorted; /* each name once, by its folded text */
	size_t sorted_count;
};

void names_done(struct names *names);

/* Reads a file of a name a line; # begins a comment. "-" is standard input. */
int names_read(struct names *ret_names, const char *path, struct fault *fault) MUST_USE;

/*
 * Leaves the registry's rows that have one of the names, in any letter case, and notes which names
 * were found. 0 or FAULT_MEMORY.
 */
int names_keep(struct names *names, struct registry *registry, struct fault *fault) MUST_USE;

/* Says which names have no single port, or are not there at all. How many. */
size_t names_say_missing(const struct names *names);

#endif
