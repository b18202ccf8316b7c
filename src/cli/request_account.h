/* What the sub-commands of request account share. */
#ifndef PORTBOOK_CLI_REQUEST_ACCOUNT_H
#define PORTBOOK_CLI_REQUEST_ACCOUNT_H

#include "cli/request.h"

/* A change of an account that is being made, in a transaction. */
struct account_work {
	struct desking *desking;
	struct db *db;
	struct arena arena;
	struct account account; /* that of the first word */
	const void *data;	/* as account_work() was told */
	struct out note;	/* a JSON object's members for the log: "account":N is there */
};

/*
 * Finds the account that the first word names, and has change make the change and tell the log of
 * it, all in one transaction. action: "account", "role" or "token". A status or a negative fault.
 */
int account_work(struct desking *desking, struct slice action,
		 int (*change)(struct account_work *work), const void *data) MUST_USE;

/* What the account says of itself is its own to change: 0, or a status, which was said. */
int account_admit_self(const struct desking *desking) MUST_USE;

/* An enum account_outcome other than 0, said: a status; or a negative fault. */
int account_refused(struct desking *desking, int outcome) MUST_USE;

#endif
