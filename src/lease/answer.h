/* Inside lease/: what a server says, which is not trusted. Text is in the arena. */
#ifndef PORTBOOK_LEASE_ANSWER_H
#define PORTBOOK_LEASE_ANSWER_H

#include "lease/lease.h"

/* 0; FAULT_MALFORMED and FAULT_LIMIT with the place; FAULT_MEMORY; FAULT_SYSTEM: no jansson. */
int answer_lease(struct slice body, struct arena *arena, struct lease *ret_lease,
		 struct fault *fault) MUST_USE;
int answer_leases(struct slice body, struct arena *arena, const struct lease **ret_leases,
		  size_t *ret_count, struct fault *fault) MUST_USE;

/* What a problem (RFC 9457) says of itself; empty: nothing, or it is none. */
struct slice answer_problem(struct slice body, struct arena *arena);

#endif
