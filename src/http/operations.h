/*
 * What is known of a running server: its counters, which it keeps while it works, and the pages
 * that show them: /healthz, /readyz and /metrics (handlers.h).
 */
#ifndef PORTBOOK_HTTP_OPERATIONS_H
#define PORTBOOK_HTTP_OPERATIONS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/attr.h"
#include "http/handlers.h"
#include "http/site.h"

enum {
	OPERATIONS_ROUTES = 128, /* routes that are counted; the first is for what had none */
	OPERATIONS_CLASSES = 5,	 /* of status: 1xx to 5xx */
	OPERATIONS_BUCKETS = 12,
};

/* Counters only grow, whoever adds to them; they need not agree with each other at any moment. */
struct operations {
	atomic_bool stopping; /* no request is to be sent here any more */
	_Atomic uint64_t connections_opened, connections_closed, connections_timed_out;
	_Atomic uint64_t requests[OPERATIONS_ROUTES][OPERATIONS_CLASSES];
	_Atomic uint64_t bytes;			      /* of bodies */
	_Atomic uint64_t seconds[OPERATIONS_BUCKETS]; /* requests that took at most so long */
	_Atomic uint64_t nanoseconds;		      /* of all requests */
	_Atomic uint64_t refreshes_failed;
};

/* Counts a request that was answered. route: NULL for none. */
void operations_count(struct operations *operations, const struct route *route, unsigned status,
		      uint64_t bytes, uint64_t nanoseconds);

http_handler operations_health, operations_ready, operations_metrics;

#endif
