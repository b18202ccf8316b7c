#include "desk/requests.h"

#include "base/utf8.h"
#include "desk/states.h"

void desk_request_done(struct desk_request *request)
{
	arena_done(&request->arena);
	application_done(&request->application);
}

static struct slice keep(struct desk_request *request, struct slice text, bool *failed)
{
	return arena_copy(&request->arena, text, failed);
}

int request_get(struct db_statement *statement, struct desk_request *ret_request,
		struct fault *fault)
{
	struct desk_request request = {.number = db_int(statement, 0),
				       .version = db_int(statement, 1),
				       .first_port = port_get(statement, 6),
				       .last_port = port_get(statement, 7),
				       .transports = (unsigned)db_int(statement, 8),
				       .applicant = db_int(statement, 10),
				       .reviewer = db_int(statement, 11),
				       .reviews = (unsigned)db_int(statement, 16),
				       .approvals = (unsigned)db_int(statement, 17),
				       .stage = (unsigned)db_int(statement, 18),
				       .applied = db_int(statement, 19),
				       .edition = db_int(statement, 20)};
	bool failed = false;

	if (!procedure_find(db_text(statement, 2), &request.procedure) ||
	    !desk_state_find(db_text(statement, 3), &request.state) ||
	    (!db_is_null(statement, 4) &&
	     !desk_state_find(db_text(statement, 4), &request.came_from)))
		return fault_set(fault, FAULT_MALFORMED, "request %lld is in no known state",
				 (long long)request.number);
	request.name = keep(&request, db_text(statement, 5), &failed);
	request.description = keep(&request, db_text(statement, 9), &failed);
	request.filed = keep(&request, db_text(statement, 12), &failed);
	request.changed = keep(&request, db_text(statement, 13), &failed);
	request.deadline = keep(&request, db_text(statement, 14), &failed);
	request.expires = keep(&request, db_text(statement, 15), &failed);
	request.applicant_login = keep(&request, db_text(statement, 21), &failed);
	request.reviewer_login = keep(&request, db_text(statement, 22), &failed);
	if (failed) {
		desk_request_done(&request);
		return fault_memory(fault);
	}
	*ret_request = request;
	return 0;
}

int request_load(struct desk *desk, int64_t number, struct desk_request *ret_request,
		 struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result =
		db_query(desk->db, "SELECT " REQUEST_COLUMNS REQUEST_TABLES "WHERE r.request = ?1",
			 DB_VALUES(db_value_int(number)), &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result <= 0)
		return result < 0 ? result : DESK_NOT_FOUND;
	result = request_get(statement, ret_request, fault);
	if (result == 0 && request_judge(desk, ret_request) < 0)
		return fault_memory(fault);
	return result;
}

static struct slice folded(struct slice name, struct strbuf *space)
{
	if (!name.p)
		return SLICE_NONE;
	for (size_t i = 0; i < name.n; i++)
		strbuf_add_byte(space, ascii_fold(name.p[i]));
	return strbuf_slice(space);
}

/* How many there are of each state is kept, since it takes long to count them. */
static int count_state(struct desk *desk, const struct desk_request *request, struct fault *fault)
{
	int result = db_execute(desk->db,
				"UPDATE desk_counts SET requests = requests - 1 WHERE state = "
				"(SELECT state FROM desk_requests WHERE request = ?1)",
				DB_VALUES(db_value_int(request->number)), fault);

	if (result < 0)
		return result;
	return db_execute(desk->db,
			  "INSERT INTO desk_counts VALUES (?1, 1) ON CONFLICT (state) "
			  "DO UPDATE SET requests = desk_counts.requests + 1",
			  DB_VALUES(db_value_text(desk_state_name(request->state))), fault);
}

int request_save(struct desk *desk, const struct desk_request *request, struct fault *fault)
{
	struct strbuf space CLEANUP(strbuf_done) = {};
	struct slice name_key = folded(request->name, &space);
	int result = space.failed ? fault_memory(fault) : count_state(desk, request, fault);

	if (result < 0)
		return result;
	return db_execute(
		desk->db,
		"INSERT INTO desk_requests VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
		"?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22) "
		"ON CONFLICT (request) DO UPDATE SET version = ?2, procedure = ?3, state = ?4, "
		"came_from = ?5, name = ?6, name_key = ?7, first_port = ?8, last_port = ?9, "
		"transports = ?10, description = ?11, applicant = ?12, reviewer = ?13, "
		"filed = ?14, changed = ?15, deadline = ?16, expires = ?17, reviews = ?18, "
		"approvals = ?19, stage = ?20, application = ?21, edition = ?22",
		DB_VALUES(db_value_int(request->number), db_value_int(request->version),
			  db_value_text(procedure_name(request->procedure)),
			  db_value_text(desk_state_name(request->state)),
			  db_value_text(desk_state_name(request->came_from)),
			  db_value_text(request->name), db_value_text(name_key),
			  db_value_int(request->first_port), db_value_int(request->last_port),
			  db_value_int(request->transports), db_value_text(request->description),
			  db_value_int(request->applicant), db_value_int(request->reviewer),
			  db_value_text(request->filed), db_value_text(request->changed),
			  db_value_text(request->deadline), db_value_text(request->expires),
			  db_value_int(request->reviews), db_value_int(request->approvals),
			  db_value_int(request->stage), db_value_int(request->applied),
			  db_value_int(request->edition)),
		fault);
}

/* What an application says, for lists of requests: of what is there already, its subject. */
static void take_application(struct desk_request *request, const struct application *application,
			     const struct event *event, bool *failed)
{
	const struct application_subject *subject = &application->subject;
	struct slice name = application->values[FIELD_NAME];

	request->procedure = application->procedure;
	request->name = keep(request, name.p ? name : subject->name, failed);
	request->first_port = event->first_port;
	request->last_port = event->last_port;
	request->transports =
		application->transports ? application->transports : subject->transports;
	request->description = keep(request, application->values[FIELD_DESCRIPTION], failed);
	request->applied = event->sequence;
	request->reviews = request->approvals = 0;
}

int request_apply(struct desk_request *request, const struct event *event,
		  const struct application *application)
{
	enum desk_state before = request->state, after = before;
	enum action action = ACTION_COUNT;
	bool failed = false;

	if (event->state.p && !desk_state_find(event->state, &after))
		return FAULT_MALFORMED;
	if (!action_find(event->action, &action))
		action = ACTION_COUNT; /* "reopen": what the state says */
	request->version++;
	if (application)
		take_application(request, application, event, &failed);
	switch (action) {
	case ACTION_FILE:
		request->number = event->request;
		request->applicant = event->actor;
		request->filed = keep(request, event->at, &failed);
		break;
	case ACTION_ASSIGN:
		request->reviewer = event->account;
		break;
	case ACTION_RECUSE:
		if (request->reviewer == event->actor)
			request->reviewer = 0;
		break;
	case ACTION_AMEND:
		/* Nobody has looked at what it says now: answered, it is taken up anew. */
		request->came_from = STATE_NEW;
		break;
	case ACTION_RETURN:
		request->came_from = before;
		break;
	case ACTION_ESCALATE:
		request->stage++;
		break;
	case ACTION_APPROVE:
		*(before == STATE_REVIEW ? &request->reviews : &request->approvals) += 1;
		break;
	case ACTION_GRANT:
		request->first_port = event->first_port;
		request->last_port = event->last_port;
		request->edition = event->edition;
		request->expires = keep(request, event->expires, &failed);
		break;
	default:
		break;
	}
	if (desk_state_is_closed(before) && !desk_state_is_closed(after))
		request->reviews = request->approvals = 0;
	request->state = after;
	request->changed = keep(request, event->at, &failed);
	if (after != before || action == ACTION_FILE)
		request->deadline = keep(request, event->deadline, &failed);
	return failed ? FAULT_MEMORY : 0;
}

int request_judge(const struct desk *desk, struct desk_request *request)
{
	const struct policy_method *method =
		method_of(desk->policy, request->first_port, request->last_port);
	bool failed = false;

	/* A copy: the policy may be another one while the request is looked at. */
	request->method = keep(request, method ? method->title : SLICE("Expert Review"), &failed);
	request->reviews_needed = method ? method->reviews : 1;
	request->approvals_needed = method ? method->approvals : 0;
	if (request->procedure == PROCEDURE_REVOCATION || request->procedure == PROCEDURE_APPEAL) {
		request->reviews_needed = request->approvals_needed = 1;
		request->method = SLICE("Expert Review and approval");
	}
	return failed ? FAULT_MEMORY : 0;
}

int request_reviewer(struct desk *desk, const struct desk_request *request, struct arena *arena,
		     struct account *ret_reviewer, struct fault *fault)
{
	struct account reviewer;
	int result;

	if (request->state != STATE_REVIEW || request->reviewer == 0)
		return DESK_NOT_FOUND;
	result = account_read(desk->db, request->reviewer, arena, &reviewer, fault);
	if (result < 0)
		return result;
	if (result > 0 || reviewer.disabled.p ||
	    !account_has_role_for(&reviewer, ROLE_REVIEWER, request->first_port,
				  request->last_port))
		return DESK_NOT_FOUND;
	*ret_reviewer = reviewer;
	return DESK_DONE;
}

enum desk_sight request_sight(const struct account *actor, const struct desk_request *request)
{
	static const enum role reviewing[] = {ROLE_REVIEWER, ROLE_REGISTRAR, ROLE_APPROVER};

	for (size_t i = 0; actor && i < ARRAY_SIZE(reviewing); i++) {
		if (account_has_role_for(actor, reviewing[i], request->first_port,
					 request->last_port))
			return SIGHT_REVIEWER;
	}
	return actor && actor->number == request->applicant ? SIGHT_PARTY : SIGHT_PUBLIC;
}

void request_hide(struct desk_request *request)
{
	if (request->sight != SIGHT_PUBLIC)
		return;
	request->applicant_login = request->reviewer_login = SLICE_NONE;
	request->applicant = request->reviewer = 0;
}

int request_application(struct desk *desk, const struct desk_request *request, bool private,
			struct application *ret_application, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct application_problem problem = {};
	struct event event;
	int result =
		db_query(desk->db, "SELECT " EVENT_COLUMNS EVENT_TABLES "WHERE e.sequence = ?1",
			 DB_VALUES(db_value_int(request->applied)), &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result <= 0)
		return result < 0 ? result
				  : fault_set(fault, FAULT_MALFORMED,
					      "request %lld has no application",
					      (long long)request->number);
	event_get(statement, &event);
	result = application_read_json(event.application, ret_application, &problem);
	if (result == 0 && private && event.private_application.p)
		result =
			application_read_json(event.private_application, ret_application, &problem);
	if (result == 0)
		return 0;
	application_done(ret_application);
	*ret_application = (struct application){};
	return result < 0 ? fault_memory(fault)
			  : fault_set(fault, FAULT_MALFORMED, "the application of request %lld: %s",
				      (long long)request->number, problem.fault.text);
}
