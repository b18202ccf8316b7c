/*
 * Inside accounts/: logins that failed, of accounts and of peers. Every login that is refused
 * counts for one of each (of no account: for account 0), so that it takes the same writing.
 */
#ifndef PORTBOOK_ACCOUNTS_FAILURES_H
#define PORTBOOK_ACCOUNTS_FAILURES_H

#include "accounts/accounts.h"

enum { FAILURES_FORGOTTEN = 86400 /* seconds */ };

/* Whose failures they are: peer, or where it is NULL the account. */
struct failures_subject {
	int64_t account;
	const char *peer; /* account_peer_key() */
};

/* Whether it is locked at the moment, which is one: 1, 0 or a fault. */
int failures_locked(struct db *db, struct failures_subject subject, struct slice now,
		    struct fault *fault) MUST_USE;

/* Writes. One more, where it is not locked; from limit on it is locked then. */
int failures_count(struct db *db, struct failures_subject subject, struct slice now, unsigned limit,
		   struct fault *fault) MUST_USE;

/* Writes. */
int failures_forget_account(struct db *db, int64_t number, struct fault *fault) MUST_USE;

#endif
