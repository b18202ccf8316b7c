#include "desk/states.h"

#include "desk/store.h"

#define ROLE(role)	   (1u << ROLE_##role)
#define ONLY(procedure)	   (1u << PROCEDURE_##procedure)
#define ANY		   ((1u << PROCEDURE_COUNT) - 1)
#define ALL_BUT(procedure) (ANY & ~ONLY(procedure))
#define EVERYBODY	   (ROLE(APPLICANT) | ROLE(REVIEWER) | ROLE(REGISTRAR) | ROLE(APPROVER))

static const struct slice names[] = {
	[STATE_NEW] = SLICE("new"),
	[STATE_REVIEW] = SLICE("expert-review"),
	[STATE_ESCALATED] = SLICE("escalated"),
	[STATE_REQUESTER] = SLICE("with-requester"),
	[STATE_CALL] = SLICE("call-for-comments"),
	[STATE_ASSIGNABLE] = SLICE("assignable"),
	[STATE_GRANTED] = SLICE("granted"),
	[STATE_REFUSED] = SLICE("refused"),
	[STATE_WITHDRAWN] = SLICE("withdrawn"),
};

static const struct slice titles[] = {
	[STATE_NEW] = SLICE("New"),
	[STATE_REVIEW] = SLICE("Expert Review"),
	[STATE_ESCALATED] = SLICE("Escalated"),
	[STATE_REQUESTER] = SLICE("With requester"),
	[STATE_CALL] = SLICE("Call for comments"),
	[STATE_ASSIGNABLE] = SLICE("Assignable"),
	[STATE_GRANTED] = SLICE("Assigned"),
	[STATE_REFUSED] = SLICE("Refused"),
	[STATE_WITHDRAWN] = SLICE("Withdrawn"),
};

static const struct slice granted_titles[PROCEDURE_COUNT] = {
	[PROCEDURE_RENEWAL] = SLICE("Renewed"),
	[PROCEDURE_MODIFICATION] = SLICE("Modified"),
	[PROCEDURE_DEASSIGNMENT] = SLICE("De-assigned"),
	[PROCEDURE_REVOCATION] = SLICE("Revoked"),
	[PROCEDURE_APPEAL] = SLICE("Upheld"),
};

struct slice desk_state_name(enum desk_state state)
{
	return state < STATE_COUNT ? names[state] : SLICE_NONE;
}

struct slice desk_state_title(enum desk_state state, enum procedure procedure)
{
	if (state == STATE_GRANTED && granted_titles[procedure].p)
		return granted_titles[procedure];
	return titles[state];
}

bool desk_state_find(struct slice name, enum desk_state *ret_state)
{
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		if (slice_eq(names[i], name)) {
			*ret_state = (enum desk_state)i;
			return true;
		}
	}
	return false;
}

bool desk_state_is_closed(enum desk_state state)
{
	return state >= STATE_GRANTED;
}

static const struct transition transitions[] = {
	{STATE_NEW, ACTION_AMEND, ROLE(APPLICANT), ANY, NEXT_SAME},
	{STATE_NEW, ACTION_COMMENT, EVERYBODY, ANY, NEXT_SAME},
	{STATE_NEW, ACTION_VALIDATE, ROLE(REVIEWER) | ROLE(REGISTRAR), ANY, NEXT_DECISION},
	{STATE_NEW, ACTION_RETURN, ROLE(REVIEWER) | ROLE(REGISTRAR), ANY, NEXT_REQUESTER},
	{STATE_NEW, ACTION_REFUSE, ROLE(REVIEWER) | ROLE(REGISTRAR), ANY, NEXT_REFUSED},
	{STATE_NEW, ACTION_WITHDRAW, ROLE(APPLICANT), ANY, NEXT_WITHDRAWN},

	{STATE_REVIEW, ACTION_COMMENT, EVERYBODY, ANY, NEXT_SAME},
	{STATE_REVIEW, ACTION_ASSIGN, ROLE(REGISTRAR), ANY, NEXT_SAME},
	{STATE_REVIEW, ACTION_RETURN, ROLE(REVIEWER) | ROLE(REGISTRAR), ANY, NEXT_REQUESTER},
	{STATE_REVIEW, ACTION_APPROVE, ROLE(REVIEWER), ALL_BUT(REVOCATION), NEXT_APPROVED},
	{STATE_REVIEW, ACTION_RECUSE, ROLE(REVIEWER), ANY, NEXT_SAME},
	{STATE_REVIEW, ACTION_ESCALATE, ROLE(REVIEWER) | ROLE(REGISTRAR), ALL_BUT(REVOCATION),
	 NEXT_ESCALATED},
	{STATE_REVIEW, ACTION_CALL, ROLE(REGISTRAR) | ROLE(APPROVER), ONLY(REVOCATION), NEXT_CALL},
	{STATE_REVIEW, ACTION_REFUSE, ROLE(REVIEWER), ANY, NEXT_REFUSED},
	{STATE_REVIEW, ACTION_WITHDRAW, ROLE(APPLICANT), ANY, NEXT_WITHDRAWN},

	{STATE_ESCALATED, ACTION_COMMENT, EVERYBODY, ANY, NEXT_SAME},
	{STATE_ESCALATED, ACTION_RETURN, ROLE(REGISTRAR) | ROLE(APPROVER), ANY, NEXT_REQUESTER},
	{STATE_ESCALATED, ACTION_APPROVE, ROLE(APPROVER), ANY, NEXT_APPROVED},
	{STATE_ESCALATED, ACTION_RECUSE, ROLE(APPROVER), ANY, NEXT_SAME},
	{STATE_ESCALATED, ACTION_ESCALATE, ROLE(APPROVER), ONLY(APPEAL), NEXT_ESCALATED},
	{STATE_ESCALATED, ACTION_REFUSE, ROLE(APPROVER), ANY, NEXT_REFUSED},
	{STATE_ESCALATED, ACTION_WITHDRAW, ROLE(APPLICANT), ANY, NEXT_WITHDRAWN},

	{STATE_REQUESTER, ACTION_AMEND, ROLE(APPLICANT), ANY, NEXT_SAME},
	{STATE_REQUESTER, ACTION_COMMENT, EVERYBODY, ANY, NEXT_SAME},
	{STATE_REQUESTER, ACTION_ANSWER, ROLE(APPLICANT), ANY, NEXT_BACK},
	{STATE_REQUESTER, ACTION_REFUSE, ROLE(REVIEWER) | ROLE(REGISTRAR), ANY, NEXT_REFUSED},
	{STATE_REQUESTER, ACTION_WITHDRAW, ROLE(APPLICANT), ANY, NEXT_WITHDRAWN},

	{STATE_CALL, ACTION_COMMENT, EVERYBODY, ONLY(REVOCATION), NEXT_SAME},
	{STATE_CALL, ACTION_DECIDE, ROLE(REGISTRAR) | ROLE(APPROVER), ONLY(REVOCATION),
	 NEXT_ESCALATED},
	{STATE_CALL, ACTION_WITHDRAW, ROLE(APPLICANT), ONLY(REVOCATION), NEXT_WITHDRAWN},

	{STATE_ASSIGNABLE, ACTION_COMMENT, EVERYBODY, ANY, NEXT_SAME},
	{STATE_ASSIGNABLE, ACTION_RETURN, ROLE(REVIEWER) | ROLE(REGISTRAR), ANY, NEXT_REQUESTER},
	{STATE_ASSIGNABLE, ACTION_GRANT, ROLE(REVIEWER) | ROLE(REGISTRAR), ANY, NEXT_GRANTED},
	{STATE_ASSIGNABLE, ACTION_WITHDRAW, ROLE(APPLICANT), ANY, NEXT_WITHDRAWN},
};

const struct transition *transition_at(size_t index)
{
	return index < ARRAY_SIZE(transitions) ? &transitions[index] : NULL;
}

const struct transition *transition_find(enum desk_state state, enum action action,
					 enum procedure procedure)
{
	for (size_t i = 0; i < ARRAY_SIZE(transitions); i++) {
		if (transitions[i].state == state && transitions[i].action == action &&
		    transitions[i].procedures >> procedure & 1)
			return &transitions[i];
	}
	return NULL;
}

struct slice action_section(enum action action, enum procedure procedure)
{
	static const struct slice sections[ACTION_COUNT] = {
		[ACTION_AMEND] = SLICE("RFC 6335, section 8.1.1"),
		[ACTION_COMMENT] = SLICE("RFC 8126, section 5.2"),
		[ACTION_VALIDATE] = SLICE("RFC 6335, section 8.1.1"),
		[ACTION_ASSIGN] = SLICE("RFC 8126, section 5.1"),
		[ACTION_RETURN] = SLICE("RFC 8126, section 5.3"),
		[ACTION_ANSWER] = SLICE("RFC 8126, section 5.3"),
		[ACTION_APPROVE] = SLICE("RFC 8126, section 5.2"),
		[ACTION_RECUSE] = SLICE("RFC 8126, section 5.2"),
		[ACTION_ESCALATE] = SLICE("RFC 8126, section 3.3"),
		[ACTION_CALL] = SLICE("RFC 6335, section 8.4"),
		[ACTION_DECIDE] = SLICE("RFC 6335, section 8.4"),
		[ACTION_REFUSE] = SLICE("RFC 8126, section 5.3"),
		[ACTION_WITHDRAW] = SLICE("RFC 6335, section 8.1.1"),
	};

	return action < ACTION_COUNT && sections[action].p ? sections[action]
							   : procedure_section(procedure);
}

unsigned procedure_filers(enum procedure procedure)
{
	switch (procedure) {
	case PROCEDURE_RENEWAL:
	case PROCEDURE_MODIFICATION:
	case PROCEDURE_DEASSIGNMENT:
	case PROCEDURE_REUSE:
		return ROLE(ASSIGNEE) | ROLE(REGISTRAR);
	case PROCEDURE_REVOCATION:
		return ROLE(REGISTRAR);
	default:
		return ROLE(APPLICANT);
	}
}

static unsigned demands_of(const struct policy_method *method)
{
	return method->reviews + 2 * method->approvals + !method->automatic;
}

const struct policy_method *method_of(const struct policy *policy, int32_t first, int32_t last)
{
	const struct policy_range *range = policy_range_of(policy, first);
	const struct policy_method *most = range ? range->method : NULL;

	for (size_t i = 0; i < policy->range_count && most; i++) {
		const struct policy_range *other = &policy->ranges[i];

		if (other->first >= 0 && other->first <= last && other->last >= first &&
		    demands_of(other->method) > demands_of(most))
			most = other->method;
	}
	return most;
}

/* What is new is decided as its range is; all else by an expert, and an appeal first by those. */
static enum desk_state first_decision(const struct policy *policy,
				      const struct desk_request *request)
{
	const struct policy_method *method =
		method_of(policy, request->first_port, request->last_port);

	switch (request->procedure) {
	case PROCEDURE_MODIFICATION:
	case PROCEDURE_DEASSIGNMENT:
	case PROCEDURE_RENEWAL:
		/* RFC 6335, sections 8.2 and 8.6: the registrar sees to it. */
		return STATE_ASSIGNABLE;
	case PROCEDURE_APPEAL:
	case PROCEDURE_REVOCATION:
		return STATE_REVIEW;
	default:
		break;
	}
	if (!method || method->reviews > 0)
		return STATE_REVIEW;
	return method->approvals > 0 ? STATE_ESCALATED : STATE_ASSIGNABLE;
}

enum desk_state next_state(const struct transition *transition, const struct policy *policy,
			   const struct desk_request *request)
{
	switch (transition->next) {
	case NEXT_SAME:
		return request->state;
	case NEXT_WITHDRAWN:
		return STATE_WITHDRAWN;
	case NEXT_REFUSED:
		return STATE_REFUSED;
	case NEXT_REQUESTER:
		return STATE_REQUESTER;
	case NEXT_BACK:
		return request->came_from;
	case NEXT_DECISION:
		return first_decision(policy, request);
	case NEXT_APPROVED:
		if (request->state == STATE_REVIEW)
			return request->reviews + 1 < request->reviews_needed ? STATE_REVIEW
			       : request->approvals_needed > 0		      ? STATE_ESCALATED
									      : STATE_ASSIGNABLE;
		return request->approvals + 1 < request->approvals_needed ? STATE_ESCALATED
									  : STATE_ASSIGNABLE;
	case NEXT_ESCALATED:
		return STATE_ESCALATED;
	case NEXT_CALL:
		return STATE_CALL;
	case NEXT_GRANTED:
		return STATE_GRANTED;
	}
	return request->state;
}

struct slice state_deadline(enum desk_state state, const struct policy *policy, struct slice now,
			    char space[static DATE_LENGTH])
{
	static const enum policy_deadline deadlines[] = {
		[STATE_NEW] = DEADLINE_VALIDATE,      [STATE_REVIEW] = DEADLINE_REVIEW,
		[STATE_ESCALATED] = DEADLINE_APPROVE, [STATE_REQUESTER] = DEADLINE_REQUESTER,
		[STATE_CALL] = DEADLINE_CALL,	      [STATE_ASSIGNABLE] = DEADLINE_GRANT,
	};

	return desk_state_is_closed(state)
		       ? SLICE_NONE
		       : day_after(now, policy->deadlines[deadlines[state]], space);
}
