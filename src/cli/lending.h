/* The server that --registry names, and the token for it. */
#ifndef PORTBOOK_CLI_LENDING_H
#define PORTBOOK_CLI_LENDING_H

#include "cli/cli.h"
#include "lease/lease.h"

/* Zeroed memory is a valid closed one. */
struct lending {
	struct lease_server server;
	struct strbuf token;
};

/* 0, or the status to end with, when that was said. */
int lending_open(const struct cli *cli, struct lending *lending) MUST_USE;
void lending_done(struct lending *lending);

/* The name of this machine, in space of that size. */
struct slice lending_host(char *space, size_t size);

/* Says the fault, and returns the status for an enum lease_outcome or a negative fault. */
int lending_fail(int outcome, const struct fault *fault);

/* The commands reservations and release, of the server. The status to end with. */
int lent_reservations_run(struct cli *cli);
int lent_release_run(struct cli *cli);

#endif
