/* who --watch: what comes and goes. */
#ifndef PORTBOOK_CLI_WATCH_H
#define PORTBOOK_CLI_WATCH_H

#include "cli/listeners.h"

/*
 * Looks each second, or when Enter is pressed, until the times that were asked for are over or a
 * signal ends the program. On a terminal the table is drawn anew; elsewhere a line is printed for
 * each socket that came (at first, that is there) or went. An enum status, or a negative fault.
 */
int watch(struct cli *cli, const struct overlay *overlay, const struct host_wanted *which,
	  struct listeners_wanted *wanted, size_t wanted_count, struct fault *fault) MUST_USE;

#endif
