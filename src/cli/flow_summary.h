/* How many flows there were of each service. */
#ifndef PORTBOOK_CLI_FLOW_SUMMARY_H
#define PORTBOOK_CLI_FLOW_SUMMARY_H

#include "annotate/annotate.h"
#include "cli/cli.h"

/* Prints it in the format that is wanted, the most flows first. 0 or a negative fault. */
int flow_summary_print(struct cli *cli, const struct annotate_summary *summary, bool has_bytes,
		       struct fault *fault) MUST_USE;

#endif
