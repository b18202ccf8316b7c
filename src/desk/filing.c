#include "desk/filing.h"

#include "desk/grant.h"
#include "desk/judge.h"
#include "desk/keys.h"
#include "desk/letters.h"
#include "desk/requests.h"
#include "desk/states.h"
#include "query/query.h"

void written_done(struct written *written)
{
	out_done(&written->public);
	out_done(&written->private);
}

int write_application(const struct application *application, struct written *written,
		      struct fault *fault)
{
	if (out_init_memory(&written->public) < 0 || out_init_memory(&written->private) < 0)
		return fault_memory(fault);
	application_write_json(application, 1u << FIELD_PUBLIC, &written->public);
	application_write_json(application, 1u << FIELD_UNTIL_GRANTED | 1u << FIELD_PRIVATE,
			       &written->private);
	if (out_finish(&written->public) != 0 || out_finish(&written->private) != 0)
		return fault_memory(fault);
	return 0;
}

/* The range that "any" port is from where the application names none: the one most easily had. */
static const struct policy_range *usual_range(const struct policy *policy)
{
	const struct policy_range *best = NULL;

	for (size_t i = 0; i < policy->range_count; i++) {
		const struct policy_range *range = &policy->ranges[i];

		if (range->first < 0 || range->method->never)
			continue;
		if (!best || range->method->reviews + range->method->approvals <
				     best->method->reviews + best->method->approvals)
			best = range;
	}
	return best;
}

void find_ports(const struct desk *desk, const struct application *application, int32_t *ret_first,
		int32_t *ret_last)
{
	const struct application_subject *subject = &application->subject;
	const struct policy_range *range;
	struct query query = {
		.kind = QUERY_NAME, .name = subject->name, .transport = TRANSPORT_NONE};
	uint32_t number;

	*ret_first = application->first_port;
	*ret_last = application->last_port;
	if (application->any_port && *ret_first < 0) {
		range = usual_range(desk->policy);
		*ret_first = range ? range->first : -1;
		*ret_last = range ? range->last : -1;
	} else if (!application->wants_port && subject->first_port >= 0) {
		*ret_first = subject->first_port;
		*ret_last = subject->last_port;
	} else if (!application->wants_port && subject->name.p &&
		   query_matching(&desk->image, &query, &number, 1) > 0) {
		struct row row;

		image_row(&desk->image, number, &row);
		*ret_first = row.first_port;
		*ret_last = row.last_port;
	}
}

int check_application(const struct desk *desk, const struct application *application,
		      struct slice now, struct slice decided, struct preflight *ret_preflight,
		      struct fault *fault)
{
	struct preflight_facts facts = {
		.image = &desk->image, .past = desk->past, .now = now, .decided = decided};

	return preflight(application, desk->policy, &facts, ret_preflight, fault);
}

/* Of an appeal: the request that it is against, which is to be one that was decided. */
static int check_appeal(struct desk *desk, const struct application *application,
			struct arena *arena, struct slice *ret_decided,
			struct desk_refusal *refusal, struct fault *fault)
{
	struct desk_request against = {};
	bool failed = false;
	int result;

	if (application->procedure != PROCEDURE_APPEAL)
		return DESK_DONE;
	result = request_load(desk, application->subject.request, &against, fault);
	if (result == DESK_NOT_FOUND ||
	    (result == 0 && against.state != STATE_REFUSED && against.state != STATE_GRANTED))
		result = refuse(refusal, DESK_NOT_NOW, SLICE("RFC 6335, section 8.7"),
				"an appeal is against a request that was granted or refused: "
				"\"%lld\" is none",
				(long long)application->subject.request);
	else if (result == 0)
		*ret_decided = arena_copy(arena, against.changed, &failed);
	desk_request_done(&against);
	return failed ? fault_memory(fault) : result;
}

int desk_check(struct desk *desk, const struct application *application, struct slice now,
	       struct preflight *ret_preflight, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct desk_refusal refusal = {};
	struct slice decided = {};
	int result = desk_begin(desk, false, fault);

	if (result < 0)
		return result;
	result = store_refresh(desk, fault);
	if (result == 0)
		result = check_appeal(desk, application, &arena, &decided, &refusal, fault);
	desk_rollback(desk);
	return result < 0
		       ? result
		       : check_application(desk, application, now, decided, ret_preflight, fault);
}

/* Who may file it, and whether it may be filed as it is. */
static int admit(struct desk *desk, const struct account *actor,
		 const struct application *application, const struct desk_request *request,
		 struct slice now, enum role *ret_role, struct desk_refusal *refusal,
		 struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	unsigned filers = procedure_filers(application->procedure);
	struct slice decided = {};
	int result;

	if (!(desk->policy->procedures >> application->procedure & 1))
		return refuse(refusal, DESK_NOT_NOW, SLICE("policy, procedures"),
			      "this registry has no requests for %s",
			      procedure_name(application->procedure).p);
	if (filers & 1u << ROLE_APPLICANT)
		*ret_role = ROLE_APPLICANT;
	else if (filers & 1u << ROLE_ASSIGNEE && is_assignee(desk, actor, &application->subject))
		*ret_role = ROLE_ASSIGNEE;
	else if (account_has_role_for(actor, ROLE_REGISTRAR, request->first_port,
				      request->last_port))
		*ret_role = ROLE_REGISTRAR;
	else
		return refuse_role(refusal, ACTION_FILE, filers, application->procedure);
	if (!(desk->policy->roles[ACTION_FILE] & (1u << *ret_role | 1u << ROLE_APPLICANT)))
		return refuse(refusal, DESK_FORBIDDEN, SLICE("policy, roles.file"),
			      "the policy lets no %s file requests", role_name(*ret_role).p);
	result = check_appeal(desk, application, &arena, &decided, refusal, fault);
	if (result == 0)
		result = check_application(desk, application, now, decided, &refusal->preflight,
					   fault);
	if (result == 0 && refusal->preflight.levels[PREFLIGHT_MUST] > 0)
		return refuse(refusal, DESK_INVALID, refusal->preflight.findings[0].section, "%.*s",
			      (int)refusal->preflight.findings[0].text.n,
			      refusal->preflight.findings[0].text.p);
	return result;
}

static int next_number(struct desk *desk, int64_t *ret_number, struct fault *fault)
{
	struct db_statement *statement CLEANUP(desk_resetp) = NULL;
	int result =
		desk_statement(desk, "SELECT MAX(request) FROM desk_requests", &statement, fault);

	if (result == 0)
		result = db_step(statement, fault);
	if (result < 0)
		return result;
	*ret_number = db_int(statement, 0) + 1;
	return 0;
}

/* What the policy grants as it is filed. */
static bool is_automatic(const struct desk *desk, const struct desk_request *request)
{
	const struct policy_method *method =
		method_of(desk->policy, request->first_port, request->last_port);

	return method && method->automatic && procedure_assigns(request->procedure) &&
	       request->procedure != PROCEDURE_REUSE;
}

static int grant_at_once(struct desk *desk, const struct account *actor,
			 struct desk_request *request, struct slice now,
			 struct desk_refusal *refusal, struct fault *fault)
{
	struct event event = {.request = request->number,
			      .at = now,
			      .action = action_name(ACTION_GRANT),
			      .state = desk_state_name(STATE_GRANTED)};
	int result = grant(desk, actor, request, &event, now, refusal, fault);

	return result != 0 ? result : letters_put(desk, request, &event, ACTION_GRANT, fault);
}

/* Within the writing transaction. */
static int file(struct desk *desk, const struct account *actor,
		const struct application *application, const struct written *written,
		enum role role, struct slice now, struct desk_request *request,
		struct desk_refusal *refusal, struct fault *fault)
{
	char deadline[DATE_LENGTH];
	struct event event = {.at = now,
			      .actor = actor->number,
			      .role = role_name(role),
			      .action = action_name(ACTION_FILE),
			      .state = desk_state_name(STATE_NEW),
			      .application = out_slice(&written->public),
			      .private_application = out_slice(&written->private),
			      .deadline = state_deadline(STATE_NEW, desk->policy, now, deadline)};
	int result = next_number(desk, &event.request, fault);

	find_ports(desk, application, &event.first_port, &event.last_port);
	if (result == 0)
		result = take_event(desk, request, &event, application, fault);
	if (result == 0)
		result = letters_put(desk, request, &event, ACTION_FILE, fault);
	if (result == 0 && is_automatic(desk, request))
		result = grant_at_once(desk, actor, request, now, refusal, fault);
	return result;
}

int desk_file(struct desk *desk, const struct account *actor, const struct application *application,
	      struct slice key, struct slice now, int64_t *ret_number, struct desk_refusal *refusal,
	      struct fault *fault)
{
	struct written written CLEANUP(written_done) = {};
	struct desk_request request = {};
	char digits[DIGEST_SIZE];
	struct slice digest = {digits, DIGEST_SIZE};
	struct strbuf whole CLEANUP(strbuf_done) = {};
	enum role role = ROLE_APPLICANT;
	int result = write_application(application, &written, fault);

	if (result < 0)
		return result;
	strbuf_add(&whole, out_slice(&written.public));
	strbuf_add(&whole, out_slice(&written.private));
	if (whole.failed)
		return fault_memory(fault);
	digest_of(strbuf_slice(&whole), digits);
	/* What takes long is done before writers are kept waiting. */
	result = desk_refresh(desk, fault);
	if (result == 0)
		result = desk_begin(desk, true, fault);
	if (result < 0)
		return result;
	result = find_key(desk, actor, key, digest, ret_number, refusal, fault);
	if (result != DESK_NOT_FOUND) {
		desk_rollback(desk);
		return result;
	}
	result = store_refresh(desk, fault);
	find_ports(desk, application, &request.first_port, &request.last_port);
	if (result == 0)
		result = admit(desk, actor, application, &request, now, &role, refusal, fault);
	if (result == 0)
		result = file(desk, actor, application, &written, role, now, &request, refusal,
			      fault);
	if (result == 0)
		result = keep_key(desk, actor, key, digest, request.number, now, fault);
	result = end(desk, result, fault);
	if (result == 0)
		*ret_number = request.number;
	desk_request_done(&request);
	return result;
}
