/* Inside desk/: what may be done in which state, and by whom. docs/DESK.md has it as a table. */
#ifndef PORTBOOK_DESK_STATES_H
#define PORTBOOK_DESK_STATES_H

#include "desk/desk.h"
#include "record/date.h"

/* Which state comes after an action, where it may be taken at all. */
enum next_state {
	NEXT_SAME,
	NEXT_WITHDRAWN,
	NEXT_REFUSED,
	NEXT_REQUESTER,
	NEXT_BACK,     /* to where it was before the requester was asked */
	NEXT_DECISION, /* by how its policy's method decides it: review, approval, or assignable */
	NEXT_APPROVED, /* one approval more: on when there are enough */
	NEXT_ESCALATED,
	NEXT_CALL,
	NEXT_GRANTED,
};

struct transition {
	enum desk_state state;
	enum action action;
	unsigned roles;	     /* mask of enum role: who may at most; the policy may let fewer */
	unsigned procedures; /* mask */
	enum next_state next;
};

/* The transition of an action in a state; NULL: it is not to be taken then. Static. */
const struct transition *transition_find(enum desk_state state, enum action action,
					 enum procedure procedure);

/* The table, from index 0; NULL past the last. */
const struct transition *transition_at(size_t index);

/* The rule that an action is by. Static. */
struct slice action_section(enum action action, enum procedure procedure);

/* Who may file an application of a procedure: mask of enum role. */
unsigned procedure_filers(enum procedure procedure);

/*
 * The policy's method that decides requests for these ports, of which some may be of other ranges:
 * the one that asks most. NULL: there is none for the first of them.
 */
const struct policy_method *method_of(const struct policy *policy, int32_t first, int32_t last);

/* What the state is after the transition of a request. */
enum desk_state next_state(const struct transition *transition, const struct policy *policy,
			   const struct desk_request *request);

/* The deadline that a state begins with; absent: none. */
struct slice state_deadline(enum desk_state state, const struct policy *policy, struct slice now,
			    char space[static DATE_LENGTH]);

#endif
