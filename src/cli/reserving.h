/* A port that reserve takes, and the command that it is for. */
#ifndef PORTBOOK_CLI_RESERVING_H
#define PORTBOOK_CLI_RESERVING_H

#include "cli/leases.h"
#include "overlay/overlay.h"

struct reserving {
	struct cli *cli;
	struct leases leases;
	struct overlay overlay;
	struct reserve_request request;
	struct reserve_lease lease;
	struct strbuf command; /* as it is shown */
	char *folder;
	char **words;	    /* of the command, NULL at the end */
	unsigned inherited; /* sockets that this process was handed itself */
};

/* reserve_take() in the database of reservations, which is open then. */
int reserving_take(struct reserving *reserving, struct fault *fault) MUST_USE;
/* Takes it back. */
void reserving_undo(struct reserving *reserving);

/*
 * Hands the port over and becomes the command. Returns only when that failed and was said: the
 * status to end with. The database must be closed.
 */
int reserving_become(struct reserving *reserving);

/* Runs the command with a port that a registry's server lends. The status to end with. */
int lent_run(struct reserving *reserving);

#endif
