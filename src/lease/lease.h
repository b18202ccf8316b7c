/*
 * Ports that a registry's server lends for a time (docs/API.md, "Leases"): asked for and renewed,
 * listed, and given back. A lease is known by its account, host, project, name and transport: who
 * asks with the same again gets the same port, and more time. So all that is done here may be done
 * twice, and is, where an answer is lost.
 */
#ifndef PORTBOOK_LEASE_LEASE_H
#define PORTBOOK_LEASE_LEASE_H

#include <stdint.h>

#include "base/arena.h"
#include "fetch/fetch.h"
#include "record/transport.h"

struct lease_server {
	const char *url; /* as of the site's first page: https://HOST, or http:// of this machine */
	const char *token;
	const char *ca_file; /* as fetch() has it, as the next three */
	unsigned total_ms;   /* at least 1; fewer than 5 minutes */
	fetch_progress *progress;
	void *context;
};

/* What came of it, with the reason in the fault, unless it is LEASE_DONE or LEASE_CANCELLED. */
enum lease_outcome {
	LEASE_DONE,
	LEASE_LATER = 1, /* the server is not reached, has trouble of its own, or wants a pause */
	LEASE_DENIED,	 /* the token is none, or not for this */
	LEASE_REFUSED,	 /* no port is left, or none may be had */
	LEASE_CANCELLED, /* progress said so */
};

/* 1 to 4096 printable characters of ASCII without spaces. */
bool lease_token_valid(struct slice token);

struct lease_wish {
	struct slice name, host, project; /* UTF-8; malformed bytes are sent as U+FFFD */
	enum transport transport;
	uint16_t first_port, last_port; /* 0: any that the registry lends */
	unsigned minutes;		/* for how long */
};

struct lease {
	int64_t number;
	struct slice name, holder, host, project, since, until; /* empty: not said */
	uint16_t port;
	enum transport transport;
};

/*
 * Takes a port, or renews its lease. *ret_seconds: how long it lasts from the moment of asking, at
 * least 1. An enum lease_outcome, or a negative fault. Text of the lease is in the arena.
 */
int lease_take(const struct lease_server *server, const struct lease_wish *wish,
	       struct arena *arena, struct lease *ret_lease, unsigned *ret_seconds,
	       struct fault *fault) MUST_USE;

/* LEASE_DONE also where it has ended by itself. */
int lease_release(const struct lease_server *server, int64_t number, struct fault *fault) MUST_USE;

/* Those that the account may see. */
int lease_list(const struct lease_server *server, struct arena *arena,
	       const struct lease **ret_leases, size_t *ret_count, struct fault *fault) MUST_USE;

#endif
