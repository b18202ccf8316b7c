#include "desk/grant.h"

#include "desk/filing.h"
#include "desk/judge.h"
#include "desk/letters.h"
#include "desk/publish.h"
#include "desk/requests.h"
#include "desk/states.h"

int take_event(struct desk *desk, struct desk_request *request, struct event *event,
	       const struct application *application, struct fault *fault)
{
	int result = event_append(desk, event, fault);

	if (result == 0 &&
	    (request_apply(request, event, application) < 0 || request_judge(desk, request) < 0))
		return fault_memory(fault);
	return result == 0 ? request_save(desk, request, fault) : result;
}

/* An appeal that is upheld: what was refused is with its reviewers again. */
static int reopen(struct desk *desk, const struct event *upheld, int64_t number, struct slice now,
		  struct fault *fault)
{
	struct desk_request request = {};
	char space[DATE_LENGTH];
	struct event event = {.request = number,
			      .at = now,
			      .actor = upheld->actor,
			      .role = upheld->role,
			      .action = SLICE("reopen"),
			      .state = desk_state_name(STATE_REVIEW),
			      .first_port = -1,
			      .last_port = -1,
			      .deadline = state_deadline(STATE_REVIEW, desk->policy, now, space)};
	int result = request_load(desk, number, &request, fault);

	if (result == 0 && request.state == STATE_REFUSED) {
		result = take_event(desk, &request, &event, NULL, fault);
		if (result == 0)
			result = letters_put(desk, &request, &event, ACTION_COUNT, fault);
	}
	desk_request_done(&request);
	return result < 0 ? result : 0;
}

/* How its application came: in which role it was filed, and whether private parts are there. */
static int read_filing(struct desk *desk, const struct desk_request *request, bool *ret_by_assignee,
		       bool *ret_erased, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(desk->db,
				"SELECT f.role, e.private, p.sequence FROM desk_events AS e "
				"JOIN desk_events AS f ON f.request = e.request AND f.action = "
				"'file' LEFT JOIN desk_private AS p ON p.sequence = e.sequence "
				"WHERE e.sequence = ?1",
				&statement, fault);

	if (result < 0)
		return result;
	db_bind_int(statement, 1, request->applied);
	result = db_step(statement, fault);
	if (result < 0)
		return result;
	*ret_by_assignee = result > 0 && slice_eq(db_text(statement, 0), role_name(ROLE_ASSIGNEE));
	*ret_erased = result > 0 && !db_is_null(statement, 1) && db_is_null(statement, 2);
	return 0;
}

/* Whether who filed it as assignee is that still, or might file it all the same. */
static int check_filer(struct desk *desk, const struct desk_request *request,
		       const struct application *application, struct desk_refusal *refusal,
		       struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account filer;
	int result = account_read(desk->db, request->applicant, &arena, &filer, fault);

	if (result < 0)
		return result;
	/* Who may not log in any more may have left the registry something to do. */
	filer.disabled = SLICE_NONE;
	if (result == 0 &&
	    (is_assignee(desk, &filer, &application->subject) ||
	     account_has_role_for(&filer, ROLE_REGISTRAR, request->first_port, request->last_port)))
		return DESK_DONE;
	return refuse(refusal, DESK_CONFLICT, procedure_section(request->procedure),
		      "who filed it as assignee is that no more");
}

/* What it is about may be another's by now, or elsewhere: nobody has looked at that. */
static int check_subject(struct desk *desk, const struct desk_request *request,
			 const struct application *application, struct desk_refusal *refusal,
			 struct fault *fault)
{
	bool by_assignee = false, erased = false;
	int32_t first, last;
	int result = read_filing(desk, request, &by_assignee, &erased, fault);

	if (result < 0)
		return result;
	if (erased)
		return refuse(refusal, DESK_CONFLICT, SLICE("docs/DESK.md"),
			      "its applicant was erased, and what it says of people with them");
	if (request->procedure == PROCEDURE_APPEAL || !application->values[FIELD_SUBJECT].p)
		return DESK_DONE;
	result = store_refresh(desk, fault);
	if (result < 0)
		return result;
	find_ports(desk, application, &first, &last);
	if (first != request->first_port || last != request->last_port)
		return refuse(
			refusal, DESK_CONFLICT, procedure_section(request->procedure),
			"\"%.*s\" is not what it was when that was filed: it is to be amended",
			(int)application->values[FIELD_SUBJECT].n,
			application->values[FIELD_SUBJECT].p);
	return by_assignee ? check_filer(desk, request, application, refusal, fault) : DESK_DONE;
}

int grant(struct desk *desk, struct desk_request *request, struct event *event, struct slice now,
	  struct desk_refusal *refusal, struct fault *fault)
{
	struct application application CLEANUP(application_done) = {};
	struct published published = {.first_port = request->first_port,
				      .last_port = request->last_port};
	int result = request_application(desk, request, true, &application, fault);

	if (result < 0)
		return result;
	/* Any port is one of those that were decided on, and no other. */
	if (application.any_port) {
		application.first_port = request->first_port;
		application.last_port = request->last_port;
	}
	result = check_subject(desk, request, &application, refusal, fault);
	if (result != 0)
		return result;
	if (request->procedure == PROCEDURE_APPEAL)
		result = reopen(desk, event, application.subject.request, now, fault);
	else
		result = publish_grant(desk, &application, request->applicant, now, &published,
				       refusal, fault);
	event->edition = published.edition;
	event->first_port = published.first_port;
	event->last_port = published.last_port;
	if (published.expires[0])
		event->expires = (struct slice){published.expires, DATE_LENGTH};
	if (result == 0)
		result = take_event(desk, request, event, NULL, fault);
	return result;
}
