/*
 * The desk of the store that is served, for handlers in many threads: desks to borrow, since each
 * is for one thread at a time, and what bounds who asks. visitor.h is what handlers work with.
 */
#ifndef PORTBOOK_HTTP_DESK_ACCESS_H
#define PORTBOOK_HTTP_DESK_ACCESS_H

#include "accounts/accounts.h"
#include "desk/desk.h"

enum { DESK_ACCESS_HEADER_MAX = 64 };

/* Zeroed: as each says. */
struct desk_access_options {
	const char *store;	     /* its place; outlives the access */
	struct slice base;	     /* what links begin with: https makes cookies secure */
	const struct slice *proxies; /* peers that say who somebody is (accounts.h) */
	size_t proxy_count;
	struct slice proxy_header; /* where they say it, "Remote-User"; absent: nowhere */
	unsigned desks;		   /* open at once; 0: 4 */
	unsigned rate;		   /* requests a minute of a peer, and of an account; 0: 600 */
	const struct accounts_options *accounts; /* hash_memory ...; NULL: the usual */
	int64_t (*clock)(void);			 /* seconds since 1970; NULL: the system's */
};

struct desk_access;

/* The store needs no desk yet: one that is made later is found. 0 or a negative fault. */
int desk_access_open(const struct desk_access_options *options, struct desk_access **ret_access,
		     struct fault *fault) MUST_USE;
/* When no desk is lent any more. Takes NULL. */
void desk_access_close(struct desk_access *access);

/* Immutable; there from when a desk was first borrowed, as are the limits. */
struct accounts *desk_access_accounts(struct desk_access *access);
bool desk_access_is_secure(const struct desk_access *access);
struct slice desk_access_proxy_header(const struct desk_access *access);
int64_t desk_access_now(const struct desk_access *access);

/*
 * Lends a desk, with policy and edition of a moment ago at most. It waits for one that is lent, but
 * for no more than some seconds. 0; 1: the store has no desk; 2: too many ask; a negative fault.
 */
int desk_access_borrow(struct desk_access *access, struct desk **ret_desk,
		       struct fault *fault) MUST_USE;
/* Whether a desk was there once: soon told, without borrowing it. */
bool desk_access_is_known(struct desk_access *access);
/* Gives it back. broken: something failed, and it is closed, as its connection may be. */
void desk_access_return(struct desk_access *access, struct desk *desk, bool broken);

/*
 * Takes cost of a peer's limit, or (peer absent) of an account's. 0, or seconds after which to ask
 * again.
 */
unsigned desk_access_limit(struct desk_access *access, struct slice peer, int64_t account,
			   unsigned cost) MUST_USE;

/*
 * Around whatever hashes a password (accounts.h): two at a time. False: too many wait already, and
 * there is nothing to end.
 */
bool desk_access_hash_begin(struct desk_access *access) MUST_USE;
void desk_access_hash_end(struct desk_access *access);

#endif
