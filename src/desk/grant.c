#include "desk/grant.h"

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

int grant(struct desk *desk, struct desk_request *request, struct event *event, struct slice now,
	  struct desk_refusal *refusal, struct fault *fault)
{
	struct application application = {};
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
	application_done(&application);
	return result;
}

int end(struct desk *desk, int result, struct fault *fault)
{
	if (result == DESK_DONE)
		return desk_commit(desk, fault);
	desk_rollback(desk);
	return result;
}
