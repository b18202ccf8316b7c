/* What this machine has at the ports that files take on it. */
#ifndef PORTBOOK_CLI_DRIFT_H
#define PORTBOOK_CLI_DRIFT_H

#include "audit/audit.h"
#include "cli/cli.h"
#include "cli/listeners.h"

/* What listens, and what is reserved. Zeroed memory is nothing. */
struct machine {
	struct listeners listeners;
	struct arena names;
	struct audit_seen *seen;
	size_t count, size;
	bool failed;
};

/*
 * Fills in the options for what is against this machine, which live as long as it. What cannot be
 * seen of reservations is said, and left out. 0 or a negative fault.
 */
int machine_read(struct cli *cli, struct machine *machine, struct audit_options *options,
		 struct fault *fault) MUST_USE;
void machine_done(struct machine *machine);

/* Each single port that files take, with what is registered, reserved, configured and running. */
struct drift {
	const struct audit *audit;
	const struct image *image;
	struct audit_options options;
	const struct audit_port **ports; /* by number and transport, then as they were found */
	size_t *rows;			 /* the first of each number and transport, and the end */
	size_t row_count;
};

/* Borrows all that it is told. Zeroed memory is a valid empty one. 0 or FAULT_MEMORY. */
int drift_find(struct drift *drift, const struct audit *audit, const struct image *image,
	       const struct audit_options *options, struct fault *fault) MUST_USE;
void drift_done(struct drift *drift);

/* As a table. 0 or FAULT_MEMORY. */
int drift_print(struct cli *cli, const struct drift *drift, struct fault *fault) MUST_USE;

/* As a JSON array; null without options that are against a machine. */
void drift_put_json(struct out *out, const struct drift *drift);

#endif
