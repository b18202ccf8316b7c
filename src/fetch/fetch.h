/*
 * One document by HTTP or HTTPS, as a whole and within limits, or the reason why not; and calls of
 * an API with a token.
 *
 * A server is not trusted with more than the limits: neither its answer's size (as received and as
 * decompressed), nor its time, nor where it redirects to (http and https only, and never from
 * https to http). Certificate and host name are verified, always. What passes for a moment (no
 * connection, a time-out, a lost connection, status 408, 429, 500, 502, 503, 504) is tried again
 * with growing pauses; nothing else is.
 *
 * libcurl is opened when something is fetched. Of the environment it reads the proxies
 * (http_proxy, https_proxy, all_proxy, no_proxy). Not for several threads at once.
 */
#ifndef PORTBOOK_FETCH_FETCH_H
#define PORTBOOK_FETCH_FETCH_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum {
	FETCH_UNCHANGED = 1, /* the server has what etag or last_modified stand for */
	FETCH_CANCELLED = 2, /* progress said so */
};

/* All of it, tries and pauses included, ends within total_ms. */
struct fetch_limits {
	size_t size;		/* bytes of the answer, and of the document when decompressed */
	unsigned redirects;	/* one after another */
	unsigned tries;		/* at least 1 */
	unsigned total_ms;	/* at least 1 */
	unsigned connect_ms;	/* until a connection stands, TLS and look-up of names included */
	unsigned stall_rate;	/* a try ends when fewer bytes/s than this came */
	unsigned stall_seconds; /* for as long as this */
	unsigned pause_ms;	/* before the second try; twice that before the third, ... */
	unsigned wait_ms;	/* the longest Retry-After that is waited for */
};

/* 64 MiB, 5 redirects, 4 tries, 5 minutes; 15 s to connect, 100 bytes/s for 30 s. */
extern const struct fetch_limits fetch_limits;

/*
 * Called at least once a second, while waiting too; received is less than before when a new try
 * begins. total is 0 where the server does not say. False: no more.
 */
typedef bool fetch_progress(void *context, uint64_t received, uint64_t total);

/*
 * An API is called: any answer is one, whatever its status, but those that pass for a moment (see
 * above) in the last try, and redirects, which are not followed: the token is for this server.
 */
struct fetch_call {
	const char *token; /* Authorization: Bearer (RFC 6750) */
	struct slice post; /* JSON to be posted; absent: GET */
};

struct fetch_request {
	/* Of a call without user, password, query and fragment; http:// of this machine alone. */
	const char *url;
	const struct fetch_call *call; /* NULL: a document is fetched */
	/* As an earlier answer had them: asks for the document only if it is another by now. */
	struct slice etag, last_modified; /* empty or absent: none */
	const char *ca_file; /* trust these authorities (PEM) alone; NULL: the system's */
	const struct fetch_limits *limits; /* NULL: fetch_limits */
	fetch_progress *progress;	   /* may be NULL */
	void *context;			   /* of progress */
};

/* Zeroed memory is a valid empty one. */
struct fetch_answer {
	unsigned status;
	int64_t date;	    /* that the server sent it at, as it says: Unix time; 0: it does not */
	struct strbuf body; /* empty where unchanged */
	/* Printable ASCII, empty where there is none; where unchanged, the earlier ones hold on. */
	struct strbuf etag, last_modified;
	struct strbuf url; /* who answered, after redirects; no user, password, query or fragment */
};

void fetch_answer_done(struct fetch_answer *answer);

/*
 * 0: a document is there, in answer.body. FETCH_UNCHANGED, FETCH_CANCELLED. Or a negative fault,
 * whose text begins with the URL (without user, password and query), and which is FAULT_LIMIT for
 * what is too large, FAULT_MALFORMED for what is no URL, no HTTP, or not as long as announced,
 * FAULT_MEMORY, and else FAULT_SYSTEM.
 */
int fetch(const struct fetch_request *request, struct fetch_answer *ret_answer,
	  struct fault *fault) MUST_USE;

#endif
