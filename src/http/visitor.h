/*
 * Inside http/: who asks something of the desk, and the desk that answers them. routes.c opens a
 * visitor for each request of the desk's API, gives it to the handler and closes it; pages have
 * theirs within a struct desk_page (desk_page.h). A handler looks at its account and asks its desk:
 *
 *     int result = visitor_needs(visitor, SCOPE_READ);
 *
 *     if (result == 0)
 *             result = ...(visitor->desk, visitor->account, ..., visitor->now, &visitor->fault);
 *     return result;
 *
 * Helpers, and so handlers, return 0 where all is well; 1 where the response is made already; or a
 * negative fault. What a visitor is answered is for nobody else: Cache-Control has no-store unless
 * the handler says something else.
 */
#ifndef PORTBOOK_HTTP_VISITOR_H
#define PORTBOOK_HTTP_VISITOR_H

#include "http/desk_access.h"
#include "http/form.h"
#include "http/handlers.h"
#include "record/time.h"

enum visitor_way {
	VISITOR_NOBODY,
	VISITOR_SESSION, /* a cookie */
	VISITOR_TOKEN,	 /* Authorization: Bearer */
	VISITOR_PROXY,	 /* a configured proxy's header, without a session yet */
};

struct visitor {
	struct site *site;
	const struct http_request *request;
	struct http_response *response;
	struct desk_access *access;
	struct desk *desk;	       /* borrowed until visitor_close() */
	const struct account *account; /* NULL: nobody who is known */
	enum visitor_way way;
	struct account_session session; /* VISITOR_SESSION */
	struct account_token token;	/* VISITOR_TOKEN */
	struct slice peer;		/* who asks, behind a proxy whom it says */
	struct slice now;		/* a time */
	struct form form;		/* of POST with a form */
	struct fault fault;		/* for what the desk is asked */
	/* Its own: */
	struct account found;
	struct arena arena;
	char now_space[TIME_LENGTH];
	bool broken;
};

/* Whether the store that is served has a desk: 1 or 0, or a negative fault. */
int visitor_has_desk(struct site *site, struct fault *fault) MUST_USE;

/*
 * Finds out who asks, and borrows a desk. Refused are: no desk (404), too many requests (429), a
 * token that is none (401), and POST by a browser whose form (or header X-CSRF-Token) has not the
 * session's token in its field "csrf", or that comes from another site (403).
 */
int visitor_open(struct visitor *visitor, struct site *site, const struct http_request *request,
		 struct http_response *response) MUST_USE;
void visitor_close(struct visitor *visitor);

/* What is returned for what a handler returned. A negative result closes the desk. */
int visitor_end(struct visitor *visitor, int result) MUST_USE;

/* A field of the form, or (GET) a parameter of the query; absent: it is not there. */
struct slice visitor_field(struct visitor *visitor, struct slice name);

/* What forms have in their field "csrf"; empty where there is no session. */
struct slice visitor_csrf(const struct visitor *visitor);

/* Somebody who is known, of tokens one with that scope: else 401 or 403. */
int visitor_needs(struct visitor *visitor, enum account_scope scope) MUST_USE;

/*
 * Begins a session by login and password, whose cookie goes with the response whatever that will
 * be, or ends it. 0; ACCOUNT_REFUSED: visitor->fault has the text to show; 1 is never returned;
 * FAULT_LIMIT: too many log in just now.
 */
int visitor_login(struct visitor *visitor, struct slice login, struct slice password) MUST_USE;
int visitor_logout(struct visitor *visitor) MUST_USE;

/* Hashes a password for account_password_set(), where it may be one of the account. 0,
 * ACCOUNT_REFUSED with the text in visitor->fault, FAULT_LIMIT as above, or another fault. */
int visitor_hash(struct visitor *visitor, const struct account *account, struct slice password,
		 struct account_hash *ret_hash) MUST_USE;

/* To be called where a request was granted: the new edition is served from now on. */
void visitor_published(struct visitor *visitor);

/* A problem (RFC 9457) of what the desk refused: 1, or a negative fault. */
int visitor_refuse(struct visitor *visitor, int outcome,
		   const struct desk_refusal *refusal) MUST_USE;

#endif
