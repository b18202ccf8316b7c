/* What is known of ports when advice is asked for: the registry, overlays and this machine. */
#ifndef PORTBOOK_CLI_KNOWN_H
#define PORTBOOK_CLI_KNOWN_H

#include "advice/advice.h"
#include "base/arena.h"
#include "cli/cli.h"

/* Zeroed memory is nothing. */
struct known {
	struct advice_facts facts; /* which borrow from all below */
	struct overlay overlay;
	struct host_sysctl sysctl;
	struct opened former;
	struct arena arena; /* of who has ports */
	struct advice_use *uses;
	size_t use_count, use_size;
	unsigned transports; /* mask of those that are asked for, by the caller */
	char now[11];
};

/*
 * Opens the registry and gathers what else the options want; filter, which may be NULL, says which
 * rows are enough. What cannot be seen is said, and left out. 0; 1 where an overlay is broken,
 * which was said; or a negative fault.
 */
int known_gather(struct cli *cli, const struct history_filter *filter, struct known *known,
		 struct fault *fault) MUST_USE;
void known_done(struct known *known);

#endif
