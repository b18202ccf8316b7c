/* What is done with requests. */
#include "base/utf8.h"
#include "desk/filing.h"
#include "desk/grant.h"
#include "desk/judge.h"
#include "desk/keys.h"
#include "desk/letters.h"
#include "desk/requests.h"
#include "desk/states.h"

static bool wants_note(enum action action)
{
	return action == ACTION_COMMENT || action == ACTION_RETURN || action == ACTION_ANSWER ||
	       action == ACTION_REFUSE;
}

enum { NOTE_MAX = 20000 };

static bool is_text(struct slice text)
{
	size_t bad;

	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] < ' ' && !byte_is_blank(text.p[i]))
			return false;
	}
	return utf8_valid(text, &bad);
}

/* What an act must have, and must not. */
static int check_act(struct desk *desk, const struct account *actor,
		     const struct desk_request *request, const struct desk_act *act,
		     struct desk_refusal *refusal, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account reviewer;
	int result;

	if (act->version && act->version != request->version)
		return refuse(refusal, DESK_CONFLICT, SLICE("docs/DESK.md"),
			      "the request was changed by somebody else: read it again");
	if (wants_note(act->action) && slice_trim(act->note).n == 0)
		return refuse(refusal, DESK_INVALID,
			      action_section(act->action, request->procedure),
			      "\"%s\" needs a note that says why", action_name(act->action).p);
	if (act->note.n > NOTE_MAX)
		return refuse(refusal, DESK_INVALID, SLICE("docs/DESK.md"),
			      "a note has at most %d bytes", NOTE_MAX);
	if (!is_text(act->note))
		return refuse(refusal, DESK_INVALID, SLICE("docs/DESK.md"),
			      "a note is UTF-8 text without control characters");
	if (act->internal && act->action != ACTION_COMMENT && wants_note(act->action))
		return refuse(refusal, DESK_INVALID,
			      action_section(act->action, request->procedure),
			      "what \"%s\" says is for both sides", action_name(act->action).p);
	if (act->internal && request_sight(actor, request) < SIGHT_REVIEWER)
		return refuse(refusal, DESK_FORBIDDEN, SLICE("docs/DESK.md"),
			      "only those who review keep notes among themselves");
	if (act->action == ACTION_AMEND &&
	    (!act->application || act->application->procedure != request->procedure))
		return refuse(refusal, DESK_INVALID, SLICE("RFC 6335, section 8.1.1"),
			      "amend needs an application for the same procedure");
	if (act->action != ACTION_ASSIGN)
		return DESK_DONE;
	result = account_read(desk->db, act->account, &arena, &reviewer, fault);
	if (result < 0)
		return result;
	if (result > 0 || reviewer.disabled.p ||
	    !account_has_role_for(&reviewer, ROLE_REVIEWER, request->first_port,
				  request->last_port))
		return refuse(refusal, DESK_INVALID, SLICE("RFC 8126, section 5.1"),
			      "no reviewer of its range has that account");
	if (reviewer.number == request->applicant)
		return refuse(refusal, DESK_INVALID, SLICE("RFC 8126, section 5.2"),
			      "nobody decides on a request of their own");
	return DESK_DONE;
}

/*
 * Two approvals are two people's; one who stepped back stays back (RFC 8126, section 5.2). who: the
 * one who decides, or is to.
 */
static int check_earlier(struct desk *desk, int64_t who, const struct desk_request *request,
			 enum action action, struct desk_refusal *refusal, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result;

	if (action != ACTION_APPROVE && action != ACTION_REFUSE && action != ACTION_ASSIGN)
		return DESK_DONE;
	result = db_query(desk->db,
			  "SELECT action FROM desk_events WHERE request = ?1 AND actor = ?2 "
			  "AND (action = 'recuse' OR action = 'approve' AND sequence > ?3 "
			  "AND NOT EXISTS (SELECT 1 FROM desk_events AS x WHERE "
			  "x.request = ?1 AND x.action = 'reopen' AND x.sequence > "
			  "desk_events.sequence)) "
			  "ORDER BY action DESC",
			  DB_VALUES(db_value_int(request->number), db_value_int(who),
				    db_value_int(request->applied)),
			  &statement, fault);
	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result <= 0)
		return result;
	if (slice_eq(db_text(statement, 0), SLICE("recuse")))
		return refuse(refusal, DESK_FORBIDDEN, SLICE("RFC 8126, section 5.2"),
			      "who has stepped back from this request decides no more on it");
	if (action != ACTION_APPROVE)
		return DESK_DONE;
	return refuse(refusal, DESK_NOT_NOW, SLICE("RFC 8126, section 5.2"),
		      "you have approved this request already");
}

static int amend(struct desk *desk, const struct account *actor, const struct desk_act *act,
		 struct event *event, struct written *written, struct slice now,
		 struct desk_refusal *refusal, struct fault *fault)
{
	struct admission admission;
	int result = admit(desk, actor, act->application, &admission, refusal, fault);

	if (result == 0)
		result = examine(desk, act->application, &admission, now, refusal, fault);
	if (result == 0)
		result = write_application(act->application, written, fault);
	if (result != 0)
		return result;
	event->application = out_slice(&written->public);
	event->private_application = out_slice(&written->private);
	event->first_port = admission.first_port;
	event->last_port = admission.last_port;
	return DESK_DONE;
}

/* RFC 7120, section 3.3: a renewal beyond those that experts may grant is the approvers'. */
static int is_renewed_often(struct desk *desk, const struct desk_request *request,
			    struct fault *fault)
{
	struct application application = {};
	struct row row;
	unsigned renewals = 0;
	int result = store_refresh(desk, fault);

	if (result == 0)
		result = request_application(desk, request, false, &application, fault);
	if (result < 0)
		return result;
	if (subject_row(desk, &application.subject, &row)) {
		for (struct slice rest = row.shown[COLUMN_DESCRIPTION]; rest.n > 0;
		     rest = slice_skip(rest, 1))
			renewals += slice_starts(rest, SLICE("extension registered"));
	}
	application_done(&application);
	return renewals >= desk->policy->renewals;
}

/* Who is to decide on a renewal, and whether that is so still where two were under way. */
static int check_renewal(struct desk *desk, const struct desk_request *request, enum action action,
			 enum desk_state *next, struct desk_refusal *refusal, struct fault *fault)
{
	int result;

	if (request->procedure != PROCEDURE_RENEWAL ||
	    (action != ACTION_VALIDATE && (action != ACTION_GRANT || request->approvals > 0)))
		return DESK_DONE;
	result = is_renewed_often(desk, request, fault);
	if (result <= 0)
		return result;
	if (action == ACTION_GRANT)
		return refuse(
			refusal, DESK_CONFLICT, SLICE("RFC 7120, section 3.3"),
			"it was renewed meanwhile, and once more is for the approvers: return "
			"it to have it looked at again");
	*next = STATE_ESCALATED;
	return DESK_DONE;
}

/* Within the writing transaction, of a request that was loaded. */
static int act_on(struct desk *desk, const struct account *actor, struct desk_request *request,
		  const struct desk_act *act, struct slice now, struct desk_refusal *refusal,
		  struct fault *fault)
{
	struct written written CLEANUP(written_done) = {};
	char deadline[DATE_LENGTH];
	struct event event = {.request = request->number,
			      .at = now,
			      .actor = actor->number,
			      .action = action_name(act->action),
			      .first_port = -1,
			      .last_port = -1,
			      .note = act->note.n > 0 ? act->note : SLICE_NONE,
			      .internal = act->internal};
	enum desk_state next;
	enum role role;
	int result = judge(desk, actor, request, act->action, now, &role, refusal);

	if (result == 0)
		result = check_act(desk, actor, request, act, refusal, fault);
	if (result == 0)
		result = check_earlier(desk,
				       act->action == ACTION_ASSIGN ? act->account : actor->number,
				       request, act->action, refusal, fault);
	if (result == 0 && act->action == ACTION_AMEND)
		result = amend(desk, actor, act, &event, &written, now, refusal, fault);
	if (result != 0)
		return result;
	next = next_state(transition_find(request->state, act->action, request->procedure),
			  desk->policy, request);
	result = check_renewal(desk, request, act->action, &next, refusal, fault);
	if (result != 0)
		return result;
	event.role = role_name(role);
	event.state = desk_state_name(next);
	event.account = act->action == ACTION_ASSIGN ? act->account : 0;
	if (next != request->state)
		event.deadline = state_deadline(next, desk->policy, now, deadline);
	result = act->action == ACTION_GRANT
			 ? grant(desk, request, &event, now, refusal, fault)
			 : take_event(desk, request, &event,
				      act->action == ACTION_AMEND ? act->application : NULL, fault);
	return result != 0 ? result : letters_put(desk, request, &event, act->action, fault);
}

/* The digest of an act: what it would be to do another one. */
static void digest_act(int64_t number, const struct desk_act *act, struct strbuf *space,
		       char ret_digits[static DIGEST_SIZE])
{
	strbuf_printf(space, "%lld %u %d %lld ", (long long)number, act->action, act->internal,
		      (long long)act->account);
	strbuf_add(space, act->note);
	if (act->action == ACTION_AMEND && act->application) {
		struct out out;

		space->failed |= out_init_memory(&out) < 0;
		application_write_json(act->application, ~0u, &out);
		space->failed |= out_finish(&out) != 0;
		strbuf_add(space, out_slice(&out));
		out_done(&out);
	}
	digest_of(strbuf_slice(space), ret_digits);
}

int desk_do(struct desk *desk, const struct account *actor, int64_t number,
	    const struct desk_act *act, struct slice now, struct desk_refusal *refusal,
	    struct fault *fault)
{
	struct strbuf space CLEANUP(strbuf_done) = {};
	struct desk_request request = {};
	char digits[DIGEST_SIZE];
	struct slice digest = {digits, DIGEST_SIZE};
	int64_t done;
	int result;

	digest_act(number, act, &space, digits);
	result = space.failed ? fault_memory(fault) : 0;
	/* What it is held against is read before writers are kept waiting. */
	if (result == 0 && act->action == ACTION_AMEND)
		result = desk_refresh(desk, fault);
	if (result == 0)
		result = desk_begin(desk, true, fault);
	if (result < 0)
		return result;
	result = find_key(desk, actor, act->key, digest, &done, refusal, fault);
	if (result != DESK_NOT_FOUND) {
		desk_rollback(desk);
		return result;
	}
	result = store_read_policy(desk, fault);
	if (result == 0)
		result = request_load(desk, number, &request, fault);
	if (result == 0)
		result = act_on(desk, actor, &request, act, now, refusal, fault);
	if (result == 0)
		result = keep_key(desk, actor, act->key, digest, number, now, fault);
	desk_request_done(&request);
	return desk_end(desk, result, fault);
}
