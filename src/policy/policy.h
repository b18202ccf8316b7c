/*
 * A registry's policy as data: which ports there are, what assigns each, what an application must
 * say, how names are formed, who may act, by when. Two are built in (data/policies/), others are
 * JSON files; docs/POLICY.md describes them. Immutable once read, and then thread-safe.
 */
#ifndef PORTBOOK_POLICY_POLICY_H
#define PORTBOOK_POLICY_POLICY_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "policy/procedure.h"

/* How something is assigned (RFC 8126, section 4). */
struct policy_method {
	struct slice name;  /* "expert-review" */
	struct slice title; /* "Expert Review" */
	unsigned reviews;   /* approvals by reviewers, first */
	unsigned approvals; /* then by approvers */
	bool automatic;	    /* granted as it is filed, where pre-flight finds nothing that it must
			       not have; neither reviews nor approvals then */
	bool never;	    /* nothing is assigned */
	struct slice section;
};

struct policy_range {
	struct slice name;   /* "system", "user", "dynamic", "names" */
	int32_t first, last; /* both -1: service names without a port */
	const struct policy_method *method;
	struct slice section;
};

/* A field that an application must have, beyond what the procedure itself demands. */
struct policy_requirement {
	struct slice field;  /* key of an application's field; not checked here */
	unsigned procedures; /* mask */
	unsigned ranges;     /* mask of indices of policy->ranges */
	bool must;	     /* else it should have it */
	struct slice section;
};

/* What can be done to a request; docs/DESK.md has the table of states. */
enum action {
	ACTION_FILE,
	ACTION_AMEND, /* by the applicant: another application in its place */
	ACTION_COMMENT,
	ACTION_VALIDATE, /* taken up */
	ACTION_ASSIGN,	 /* to a reviewer, by the registrar */
	ACTION_RETURN,	 /* to the requester, with a question */
	ACTION_ANSWER,	 /* by the requester: goes back to where it came from */
	ACTION_APPROVE,	 /* one approval: by a reviewer, or an approver where it is escalated */
	ACTION_RECUSE,	 /* a reviewer with a conflict of interest steps back */
	ACTION_ESCALATE, /* to the approvers */
	ACTION_CALL,	 /* for comments, of a revocation */
	ACTION_DECIDE,	 /* the call is over */
	ACTION_REFUSE,
	ACTION_GRANT, /* and publish */
	ACTION_WITHDRAW,
	ACTION_COUNT,
};

/* "file", "amend", ... Static; absent past the last. */
struct slice action_name(enum action action);
bool action_find(struct slice name, enum action *ret_action) MUST_USE;

/* Days; 0: without end. */
enum policy_deadline {
	DEADLINE_VALIDATE, /* until it is taken up */
	DEADLINE_REVIEW,
	DEADLINE_REQUESTER, /* until the requester has answered */
	DEADLINE_APPROVE,
	DEADLINE_CALL, /* how long comments are called for, at least: RFC 6335, 8.4 */
	DEADLINE_GRANT,
	DEADLINE_APPEAL, /* how long after a decision one may appeal: RFC 2026, 6.5 */
	DEADLINE_COUNT,
};

struct policy {
	struct slice name, title;    /* "rfc6335" */
	struct slice registry_title; /* of the documents of a registry that begins with it */
	bool publisher_rules; /* rows change as the publisher of the public registry changes them:
				 counterpart transports are Reserved, ... */
	const struct policy_method *methods;
	size_t method_count;
	const struct policy_range *ranges; /* at most 32, none overlap */
	size_t range_count;
	const uint16_t *reserved; /* ports that nobody gets, ascending */
	size_t reserved_count;
	const struct policy_requirement *requirements;
	size_t requirement_count;
	unsigned roles[ACTION_COUNT]; /* mask of enum role: who may */
	unsigned procedures;	      /* mask: which there are */
	unsigned transports;	      /* mask of enum transport: which may be asked for */
	unsigned deadlines[DEADLINE_COUNT];
	unsigned term;	     /* days that an assignment holds; 0: for good */
	unsigned early_term; /* of an early one, and of its renewal: RFC 7120 */
	unsigned renewals;   /* that need no approver: RFC 7120, 3.3 */
	unsigned ports_most; /* ports of one application */
	struct {
		unsigned most;	 /* characters of a service name */
		bool letter;	 /* at least one */
		bool hyphens;	 /* none at the ends, no two together */
		bool underscore; /* may have them, too */
	} names;
	struct {
		int32_t first, last;  /* ports that are lent; both -1: none */
		unsigned hours;	      /* for how long at most */
		unsigned per_account; /* how many at once */
	} leases;
};

/* A built-in one: "rfc6335", "organisation". NULL: there is none of that name. Static. */
const char *policy_builtin(const char *name, size_t *ret_length);

/*
 * Reads and validates a policy's JSON. *ret_policy is the caller's (policy_free) and owns all its
 * text. 0; FAULT_MEMORY; or FAULT_MALFORMED with line, column and what is wrong: unknown keys,
 * ranges that overlap, methods that no range can have...
 */
int policy_read(struct slice json, struct policy **ret_policy, struct fault *fault) MUST_USE;
/* Takes NULL. */
void policy_free(struct policy *policy);
void policy_freep(struct policy **policy);

/* The range of a port, or (-1) of service names without one; NULL: it is none of this registry. */
const struct policy_range *policy_range_of(const struct policy *policy, int32_t port);

bool policy_is_reserved(const struct policy *policy, uint16_t port);

#endif
