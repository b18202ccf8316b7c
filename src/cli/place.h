/* Where the store is that a command works on. */
#ifndef PORTBOOK_CLI_PLACE_H
#define PORTBOOK_CLI_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"

/* Zeroed memory is no place. */
struct place {
	char *path;  /* of a file, or a database's URL; NULL: there is none to think of */
	char *shown; /* the same for people, without a password */
	bool stated; /* by --store or $PORTBOOK_STORE; else the usual one */
	bool there;  /* stated, or a file that exists */
};

/*
 * --store (option may be NULL), else $PORTBOOK_STORE, else portbook.db in the user's folder of
 * data. 0 or FAULT_MEMORY.
 */
int place_find(const char *option, char **environment, struct place *ret_place,
	       struct fault *fault) MUST_USE;
void place_done(struct place *place);

/* Adds what an edition of a store is called as the origin of a registry. */
void edition_origin(int64_t number, struct strbuf *origin);

/* Makes the folder of the usual place, for a store that is to be made in it. */
int place_make_folder(const struct place *place, struct fault *fault) MUST_USE;

/*
 * The path of the image of the newest edition, which stands beside the store; the caller's to free.
 * 1: a database has none.
 */
int place_image(const struct place *place, char **ret_path, struct fault *fault) MUST_USE;

/*
 * Keeps a store that is there from other users of the machine: what applicants tell reviewers alone
 * is not for them. A database has its own means. 0 or FAULT_SYSTEM.
 */
int place_keep_private(const struct place *place, struct fault *fault) MUST_USE;

#endif
