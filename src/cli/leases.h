/* The database of reservations that a command works on. */
#ifndef PORTBOOK_CLI_LEASES_H
#define PORTBOOK_CLI_LEASES_H

#include "cli/cli.h"
#include "reserve/reserve.h"

/* Zeroed memory is a valid closed one. */
struct leases {
	struct place place;
	struct reserve *reserve;
};

/*
 * Opens that of --system; or of $PORTBOOK_RESERVATIONS; or the user's, in the folder of state (XDG
 * Base Directory Specification), where that cannot be written in the folder of run time, and says
 * so. 1: nothing is there to be read. Negative: a fault; the place is known then, or there is none.
 */
int leases_open(struct cli *cli, enum reserve_access access, struct leases *leases,
		struct fault *fault) MUST_USE;

/* Says the fault with the place. STATUS_FAILURE. */
int leases_fail(const struct leases *leases, const struct fault *fault);

void leases_done(struct leases *leases);

/* The folder that the program runs in; the caller's to free. */
int leases_folder(char **ret_folder, struct fault *fault) MUST_USE;

/*
 * Reads "NAME", of that folder, "PORT" or "A-B", each with or without "/TRANSPORT". False, and why
 * not.
 */
bool leases_subject(const char *word, const char *folder, struct reserve_subject *subject,
		    struct fault *fault);

#endif
