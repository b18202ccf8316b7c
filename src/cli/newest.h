/* The store as commands open it, and the image of its newest edition beside it. */
#ifndef PORTBOOK_CLI_NEWEST_H
#define PORTBOOK_CLI_NEWEST_H

#include "base/attr.h"
#include "cli/cli.h"

/* Opens the store of cli->store, making it and its folder for HISTORY_CREATE. */
int store_open(struct cli *cli, enum history_access access, struct history **ret_history,
	       struct fault *fault) MUST_USE;

/* The time in UTC, "YYYY-MM-DDThh:mm:ssZ": when an edition was imported. */
enum { TIME_SIZE = 32 };
struct slice time_now(char space[static TIME_SIZE]);

/*
 * Writes the image of the newest edition, from which most questions are answered, unless it is
 * there; a database has none. Writers of the store take turns with it. 0 or a negative fault.
 */
int newest_write(const struct place *store, struct history *history, struct fault *fault) MUST_USE;

/*
 * After a change of the store that is no edition: an image that was current before stays it. 0 or a
 * negative fault.
 */
int newest_keep(const struct place *store, struct history *history, struct fault *fault) MUST_USE;

/* Whether the image at that path was made of the store as it is now. */
bool newest_is_current(const struct place *store, const char *image);

#endif
