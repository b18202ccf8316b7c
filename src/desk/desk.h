/*
 * The desk: requests of people to a registry, from application to publication (RFC 6335, section
 * 8).
 *
 * Everything that is done is an event, appended to a log in the store with a hash over its
 * predecessor; what a request is now follows from its events, and can be rebuilt from them. An act
 * is one transaction: its event, what it makes of the request, the letters that it causes, and,
 * where something is granted, the new edition of the registry. When a function returns that it is
 * done, all of that is on disk.
 *
 * Text in results is borrowed as each says. Times are "YYYY-MM-DDThh:mm:ssZ" of the caller's clock.
 * A desk is for one thread at a time; any number of them, in any processes, may be open on a store.
 */
#ifndef PORTBOOK_DESK_DESK_H
#define PORTBOOK_DESK_DESK_H

#include <pthread.h>
#include <stdint.h>

#include "accounts/accounts.h"
#include "application/application.h"
#include "assign/assign.h"
#include "base/attr.h"
#include "base/fault.h"
#include "history/history.h"
#include "policy/policy.h"
#include "preflight/preflight.h"

struct desk;

/* What came of what was asked; negative numbers are faults. */
enum desk_outcome {
	DESK_DONE = 0,
	DESK_NOT_FOUND,
	DESK_FORBIDDEN, /* the account has not the role */
	DESK_NOT_NOW,	/* not in this state of the request, or not in its procedure */
	DESK_CONFLICT,	/* taken by another, or the request was changed since it was read */
	DESK_INVALID,	/* the application must not be like that; see findings */
};

/* Why something was not done, for a person; and by which rule. */
struct desk_refusal {
	struct fault why;
	char section[80];	    /* "RFC 6335, section 8.5", "policy, roles.approve" */
	char field[32];		    /* key of the application's field; empty: none */
	struct preflight preflight; /* the caller's to free (preflight_done), of DESK_INVALID */
};

/* -- A desk -- */

/*
 * Opens the desk of a store. *ret_desk is the caller's. FAULT_UNKNOWN: the store has none, or is
 * none.
 */
int desk_open(const char *where, struct desk **ret_desk, struct fault *fault) MUST_USE;
/* Takes NULL. */
void desk_close(struct desk *desk);
void desk_closep(struct desk **desk);

/*
 * Makes a store (one that is not there, or one that has editions) a registry of its own with this
 * policy, a JSON text. Where it has no edition, its first one is made: all ports of the policy,
 * Unassigned. FAULT_UNKNOWN: it has a desk already.
 */
int desk_create(const char *where, struct slice policy, struct slice now,
		struct fault *fault) MUST_USE;

/*
 * Desks of one store and one process that are given the same mutex write one after the other by
 * it, which costs them less than to ask again and again whether the file is locked. It is borrowed
 * for as long as the desk is open. On one thread at a time, as all of a desk.
 */
void desk_take_turns(struct desk *desk, pthread_mutex_t *turn);

/* Whether a store has a desk: 1, or 0 (also where there is no store yet); or a negative fault. */
int desk_exists(const char *where, struct fault *fault) MUST_USE;

/*
 * Copies the desk of a store, where it has one, into another that has the same editions and none.
 * Both in transactions. 1; 0: it has none; or a negative fault.
 */
int desk_copy(struct history *from, struct history *to, struct fault *fault) MUST_USE;

/* Another policy from now on. actor: an administrator's number; 0: whoever has the store. */
int desk_set_policy(struct desk *desk, int64_t actor, struct slice policy, struct slice now,
		    struct fault *fault) MUST_USE;

/* Both live until the policy, or the newest edition, is another one: see desk_refresh(). */
const struct policy *desk_policy(const struct desk *desk);
struct slice desk_policy_text(const struct desk *desk);

/*
 * The newest edition's image and number, as of the last desk_refresh(). NULL and 0 before the
 * first.
 */
const struct image *desk_image(const struct desk *desk);
int64_t desk_edition(const struct desk *desk);

/* Reads the policy and the newest edition again where they are others by now. 0 or fault. */
int desk_refresh(struct desk *desk, struct fault *fault) MUST_USE;

/* Beneath: for accounts/ and mail/, whose tables are in the same database. */
struct db *desk_db(struct desk *desk);
struct history *desk_history(struct desk *desk);

/*
 * A transaction around what accounts/ and mail/ do; functions of the desk have their own. Those
 * that change accounts or roles are told to the log by desk_note().
 */
int desk_begin(struct desk *desk, bool writing, struct fault *fault) MUST_USE;
int desk_commit(struct desk *desk, struct fault *fault) MUST_USE;
void desk_rollback(struct desk *desk);
/*
 * Ends a transaction by what came of it: where that is 0 it is committed; else rolled back, and
 * returned.
 */
int desk_end(struct desk *desk, int result, struct fault *fault) MUST_USE;

/*
 * Appends an event that is about no request, within a writing transaction: action is "account",
 * "role", "token", "erase", "lease" or "release", body a JSON object without personal data.
 */
int desk_note(struct desk *desk, int64_t actor, struct slice action, struct slice body,
	      struct slice now, struct fault *fault) MUST_USE;

/* -- Requests -- */

enum desk_state {
	STATE_NEW,	  /* filed, and to be taken up */
	STATE_REVIEW,	  /* Expert Review */
	STATE_ESCALATED,  /* with the approvers */
	STATE_REQUESTER,  /* the applicant is asked something */
	STATE_CALL,	  /* comments are called for */
	STATE_ASSIGNABLE, /* approved, and to be granted */
	STATE_GRANTED,
	STATE_REFUSED,
	STATE_WITHDRAWN,
	STATE_COUNT,
};

/* "new", "expert-review", "escalated", "with-requester", "call-for-comments", "assignable",
 * "granted", "refused", "withdrawn". Static; absent past the last. */
struct slice desk_state_name(enum desk_state state);
/* For people: "Expert Review"; of what was granted "Assigned", "Modified", "De-assigned" ... */
struct slice desk_state_title(enum desk_state state, enum procedure procedure);
bool desk_state_find(struct slice name, enum desk_state *ret_state) MUST_USE;
/* Whether nothing more can come of it. */
bool desk_state_is_closed(enum desk_state state);

/* How much of a request somebody may see. */
enum desk_sight {
	SIGHT_PUBLIC,	/* procedure, name, ports, what the public fields say; states and times */
	SIGHT_PARTY,	/* the applicant: all but what reviewers say among themselves */
	SIGHT_REVIEWER, /* reviewers, registrars and approvers of its range */
};

/* A request as it is now. Zeroed memory is a valid empty one; owns its text. */
struct desk_request {
	struct arena arena;
	int64_t number;
	int64_t version; /* another one with every event of it: how many there were */
	enum procedure procedure;
	enum desk_state state, came_from; /* came_from: of STATE_REQUESTER */
	enum desk_sight sight;
	struct slice name;	       /* absent: none */
	int32_t first_port, last_port; /* -1: none (yet) */
	unsigned transports;
	struct slice description;
	int64_t applicant, reviewer;		      /* accounts; reviewer 0: none */
	struct slice applicant_login, reviewer_login; /* absent below SIGHT_PARTY, or none */
	struct slice filed, changed;
	struct slice deadline; /* YYYY-MM-DD; absent: none */
	struct slice expires;  /* YYYY-MM-DD, of what was granted for a time; absent: for good */
	struct slice method;   /* title of the policy's method that decides it */
	unsigned reviews, approvals, reviews_needed, approvals_needed;
	unsigned stage;			/* of an appeal: how often it was escalated */
	int64_t edition;		/* that it was granted with; 0: none */
	int64_t applied;		/* the event that its application came with */
	struct application application; /* only of desk_request(): what sight allows */
};

void desk_request_done(struct desk_request *request);

/*
 * Files an application, which application_finish() understood. key (may be absent) is the client's
 * idempotency key: the same application with the same key of the same account is filed once, and
 * told as done again. An enum desk_outcome, or a fault.
 */
int desk_file(struct desk *desk, const struct account *actor, const struct application *application,
	      struct slice key, struct slice now, int64_t *ret_number, struct desk_refusal *refusal,
	      struct fault *fault) MUST_USE;

/* What pre-flight finds, without filing it. actor may be NULL. 0 or a negative fault. */
int desk_check(struct desk *desk, const struct application *application, struct slice now,
	       struct preflight *ret_preflight, struct fault *fault) MUST_USE;

/* What goes with an act; zeroed where there is nothing to say. */
struct desk_act {
	enum action action;
	struct slice note; /* text; COMMENT, RETURN, ANSWER and REFUSE demand one */
	bool internal;	   /* the note is for those who review alone */
	const struct application *application; /* of AMEND */
	int64_t account;		       /* of ASSIGN: the reviewer */
	int64_t version;  /* of the request that was read; 0: whatever it is by now */
	struct slice key; /* as desk_file() has it */
};

int desk_do(struct desk *desk, const struct account *actor, int64_t number,
	    const struct desk_act *act, struct slice now, struct desk_refusal *refusal,
	    struct fault *fault) MUST_USE;

/* Which actions the account may take on the request now: mask of 1 << enum action. */
unsigned desk_actions(const struct desk *desk, const struct account *actor,
		      const struct desk_request *request, struct slice now);

/*
 * Why an action is not among them: DESK_FORBIDDEN or DESK_NOT_NOW with the rule; DESK_DONE: it is.
 * What depends on other rows of the store is not looked at.
 */
int desk_may(const struct desk *desk, const struct account *actor,
	     const struct desk_request *request, enum action action, struct slice now,
	     struct desk_refusal *refusal);

/* The request, as far as the account (NULL: anybody) may see it. DESK_DONE, DESK_NOT_FOUND. */
int desk_request(struct desk *desk, const struct account *actor, int64_t number,
		 struct desk_request *ret_request, struct fault *fault) MUST_USE;

/* Which requests are wanted; zeroed: all, the newest first. */
struct desk_filter {
	unsigned states;     /* mask; 0: all */
	unsigned procedures; /* mask; 0: all */
	int64_t applicant;   /* 0: anybody's */
	int64_t reviewer;    /* 0: any */
	bool overdue;	     /* whose deadline was before today */
	bool queue;	     /* where the account has something to do by its roles */
	struct slice text;   /* in name or description; absent: any */
	int64_t below;	     /* only numbers below; 0: all: the cursor */
	unsigned most;	     /* 0: 50; at most 1000 */
};

/* A result other than 0 ends the walk, and is what it returns. Borrowed until it returns. */
typedef int desk_request_handler(void *context, const struct desk_request *request);

/* Gives the requests to the handler, by descending number, as the account may see them. */
int desk_list(struct desk *desk, const struct account *actor, const struct desk_filter *filter,
	      struct slice now, desk_request_handler *handler, void *context,
	      struct fault *fault) MUST_USE;

/* How many there are of each state. */
int desk_counts(struct desk *desk, int64_t ret_counts[static STATE_COUNT],
		struct fault *fault) MUST_USE;

/*
 * Gives the open requests to the handler that ask for the same name, or a port of this one's, or
 * change the same rows.
 */
int desk_conflicts(struct desk *desk, const struct account *actor,
		   const struct desk_request *request, desk_request_handler *handler, void *context,
		   struct fault *fault) MUST_USE;

/* An event as it may be seen; borrowed until the handler returns. */
struct desk_event {
	int64_t sequence, request; /* request 0: about none */
	struct slice at, action;   /* action: action_name(), or as desk_note() has it */
	int64_t actor;		   /* account; 0: the desk itself */
	struct slice actor_login;  /* absent below SIGHT_PARTY, and where it was erased */
	struct slice role;	   /* in which it was done: role_name(); absent: the desk */
	struct slice state;	   /* of the request afterwards; absent: none */
	struct slice note;	   /* absent: none, not for these eyes, or erased */
	bool internal;
	int64_t edition; /* that was published with it; 0: none */
	struct slice hash, body;
};

typedef int desk_event_handler(void *context, const struct desk_event *event);

/* The timeline of a request (0: events of no request), the first first. */
int desk_timeline(struct desk *desk, const struct account *actor, int64_t number,
		  desk_event_handler *handler, void *context, struct fault *fault) MUST_USE;

/* -- The log -- */

/* What is wrong, a line each; a result other than 0 ends it and is returned. */
typedef int desk_line_handler(void *context, struct slice line);

/*
 * Goes through the whole log: each event's hash over its predecessor, that none is missing, that
 * private parts are what was hashed (or were erased, which the log says), and that the requests are
 * what their events make of them. 0 also where something is wrong: the handler was told.
 */
int desk_verify(struct desk *desk, desk_line_handler *handler, void *context, int64_t *ret_events,
		struct fault *fault) MUST_USE;

/* An event with all that its hash is over (docs/DESK.md), borrowed until the handler returns. */
struct desk_log_event {
	int64_t sequence, request, actor, account, edition;
	struct slice at, role, action, state;
	struct slice application, body; /* JSON; of an application what is public */
	int32_t first_port, last_port;
	struct slice deadline, expires, private_hash, hash;
};

typedef int desk_log_handler(void *context, const struct desk_log_event *event);

/*
 * Gives events of all requests to the handler whose sequence is above after, the first first, most
 * at once: for those who audit (registrars, approvers and administrators; else DESK_FORBIDDEN).
 */
int desk_log(struct desk *desk, const struct account *actor, int64_t after, unsigned most,
	     desk_log_handler *handler, void *context, struct desk_refusal *refusal,
	     struct fault *fault) MUST_USE;

/* Makes the table of requests anew from the events. */
int desk_rebuild(struct desk *desk, struct fault *fault) MUST_USE;

/* Reminders of deadlines and of what expires, each once: letters in the queue. How many. */
int desk_remind(struct desk *desk, struct slice now, unsigned *ret_letters,
		struct fault *fault) MUST_USE;

/* -- People -- */

/*
 * Removes a person's account data, notes and applications' private parts; what is published stays.
 * actor: an administrator or the person. DESK_DONE, DESK_FORBIDDEN, DESK_NOT_FOUND,
 * DESK_NOT_NOW where a request of the person's is open.
 */
int desk_erase(struct desk *desk, const struct account *actor, int64_t person, struct slice now,
	       struct desk_refusal *refusal, struct fault *fault) MUST_USE;

/*
 * Queues a letter to an account, at the address that it has here, that something was changed by
 * which it logs in or is told of it: "its password was changed". Within a writing transaction. 0,
 * also where it has no address, or a negative fault.
 */
int desk_warn(struct desk *desk, const struct account *account, const char *what, struct slice now,
	      struct fault *fault) MUST_USE;

/* Writes all that the desk has of a person as a JSON object. */
int desk_export(struct desk *desk, int64_t person, struct out *out, struct fault *fault) MUST_USE;

/* -- Leases: ports that are lent for a time (policy->leases) -- */

struct desk_lease {
	int64_t number;
	struct slice name; /* unique with holder, host, project and transport */
	uint16_t port;
	enum transport transport;
	int64_t account;
	struct slice holder;	    /* its login */
	struct slice host, project; /* as was said; absent: not */
	struct slice since, until;  /* times */
};

/*
 * What is wanted: who asks for a lease that it has (the same account, name, host, project and
 * transport) gets a later end; who had it, the same port again where that is free.
 */
struct desk_lease_wish {
	struct slice name, host, project;
	int32_t first_port, last_port; /* -1: any of the policy's */
	enum transport transport;
	unsigned minutes; /* 0: as long as the policy lets it */
};

typedef int desk_lease_handler(void *context, const struct desk_lease *lease);

/* DESK_DONE: the handler was told the lease. DESK_CONFLICT: no port is left, or too many are held.
 */
int desk_lease_take(struct desk *desk, const struct account *actor,
		    const struct desk_lease_wish *wish, struct slice now,
		    desk_lease_handler *handler, void *context, struct desk_refusal *refusal,
		    struct fault *fault) MUST_USE;
/* Gives it back. By its holder or a registrar. */
int desk_lease_release(struct desk *desk, const struct account *actor, int64_t number,
		       struct slice now, struct desk_refusal *refusal,
		       struct fault *fault) MUST_USE;
/* Those that hold now; account 0: everybody's. */
int desk_leases(struct desk *desk, int64_t account, struct slice now, desk_lease_handler *handler,
		void *context, struct fault *fault) MUST_USE;

#endif
