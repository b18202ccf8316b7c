/*
 * What is served: the newest edition, and others of the store by date. Many threads ask at once;
 * an edition that is replaced lives on until the last of them has let it go.
 */
#ifndef PORTBOOK_HTTP_SITE_H
#define PORTBOOK_HTTP_SITE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "http/http.h"
#include "image/image.h"
#include "registry/registry.h"

struct site;
struct desk_access;

/* An edition that is held. Everything in it is immutable, and lives until site_release(). */
struct site_edition {
	struct image image;
	struct slice label; /* "2026-08-17", "2026-08-17.2", or "built-in" */
	struct slice date;  /* YYYY-MM-DD, of the edition; of the built-in one its month's first */
	struct slice stamp; /* the date, with the ".2" of its later documents: when it was made */
	int64_t number;	    /* in the store; 0: of none */
	struct downloads *downloads; /* downloads.h; all else about them is theirs */
};

struct site_options {
	const char
		*registry; /* a document or image to serve; NULL: the store, or the built-in one */
	const char *store; /* where it is, or may come to be; NULL: none */
	struct slice base; /* of absolute links, "https://ports.example"; empty: relative ones */
	struct desk_access *desk; /* of the same store (desk_access.h); NULL: none */
};

/* Opens what is to be served. *ret_site is the caller's. 0 or a negative fault. */
int site_open(const struct site_options *options, struct site **ret_site,
	      struct fault *fault) MUST_USE;
void site_close(struct site *site);

/*
 * Holds the newest edition (as_of absent), or that of a date, until it is released. 0; 1: the store
 * has none of that date or before, or there is no store; FAULT_MALFORMED: as_of is no date; another
 * negative fault.
 */
int site_hold(struct site *site, struct slice as_of, const struct site_edition **ret_edition,
	      struct fault *fault) MUST_USE;
void site_release(struct site *site, const struct site_edition *edition);

/* Leaves the caller's hold to the response: for bodies that are parts of the edition. */
void site_leave(struct site *site, const struct site_edition *edition,
		struct http_response *response);

/* The whole registry of an edition as a model, the caller's (registry_free). */
int site_model(struct site *site, const struct site_edition *edition,
	       struct registry **ret_registry, struct fault *fault) MUST_USE;

/*
 * The published document of an edition, appended to an empty buffer, where the store has it in the
 * format (source/source.h). 1: it has not.
 */
int site_document(struct site *site, const struct site_edition *edition, struct slice format,
		  struct strbuf *ret_bytes, struct fault *fault) MUST_USE;

/* Looks whether there is a newer edition, and swaps. 0 (swapped or not) or a negative fault. */
int site_refresh(struct site *site, struct fault *fault) MUST_USE;

/* Another number with every change of what is served that was seen: of any edition of the store. */
uint64_t site_state(const struct site *site);

/* Gives what memory a large piece of work has left over back to the system. */
void site_trim(void);

/* What absolute links begin with; empty: relative ones. */
struct slice site_base(const struct site *site);

/* Where the store is; NULL: there is none, or none yet. For handlers that ask it for more than an
 * edition. */
const char *site_store(const struct site *site);

/* What requests are handled with; NULL: there are none here. */
struct desk_access *site_desk(const struct site *site);

/* How often an edition of the store was brought into memory; it only grows. */
uint64_t site_made(const struct site *site);

/*
 * Answers a request, with a response that is zeroed, and says which route did. Total: what fails is
 * answered with a problem, 500 at worst. OPTIONS is completed by http/respond.h.
 */
void site_answer(struct site *site, const struct http_request *request,
		 struct http_response *ret_response);

/* What requests of one kind wait for each other in, and for none of another kind. */
enum server_lane {
	LANE_QUICK, /* answered where it was read */
	LANE_SLOW,  /* it asks for the past, or for a picture */
	LANE_DESK,  /* it asks something of the desk, and may wait for the store */
	LANE_LOGIN, /* it hashes passwords as well */
	SERVER_LANES,
};

/* Which a request is of. */
enum server_lane site_lane(const struct http_request *request);

#endif
