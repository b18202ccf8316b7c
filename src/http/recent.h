/*
 * Answers that a thread gave lately, ready to be sent again: most requests are for a few things.
 * Each thread has its own, so that none waits for another.
 */
#ifndef PORTBOOK_HTTP_RECENT_H
#define PORTBOOK_HTTP_RECENT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

struct MHD_Response;
struct route;

/* Bytes of bodies that a thread keeps at most; what is older goes. */
enum { RECENT_BYTES_MAX = 2 << 20 };

/*
 * What was asked. An answer is of one generation, and unknown in any other; with the first of
 * another one those before go.
 */
struct recent_key {
	struct slice target; /* as sent */
	struct slice tags;   /* If-None-Match; absent: none */
	bool gzip;
	uint64_t generation;
};

struct recent_answer {
	struct MHD_Response *response;
	const struct route *route;
	uint64_t bytes; /* of the body; at most RECENT_BYTES_MAX */
	unsigned status;
};

/* True, and the answer, which stays the thread's, where it has one. */
bool recent_find(const struct recent_key *key, struct recent_answer *ret_answer) MUST_USE;

/*
 * Keeps an answer in the place of older ones. The caller's reference to its response is taken
 * over: destroy gives it back when another answer comes, or the thread ends. False: it is not kept,
 * and the reference stays the caller's.
 */
bool recent_keep(const struct recent_key *key, const struct recent_answer *answer,
		 void (*destroy)(struct MHD_Response *response)) MUST_USE;

#endif
