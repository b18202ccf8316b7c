#include "desk/filing.h"

#include <string.h>

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

/* The ports of what there is already by a name; of a service that has some, none without. */
static void find_named(const struct desk *desk, struct slice name, int32_t *ret_first,
		       int32_t *ret_last)
{
	struct query query = {.kind = QUERY_NAME, .name = name, .transport = TRANSPORT_NONE};
	uint32_t numbers[256];
	size_t count = query_matching(&desk->image, &query, numbers, ARRAY_SIZE(numbers));

	for (size_t i = 0; i < count && i < ARRAY_SIZE(numbers); i++) {
		struct row row;

		image_row(&desk->image, numbers[i], &row);
		if (row.state != ROW_ASSIGNED || row.first_port < 0)
			continue;
		if (*ret_first < 0 || row.first_port < *ret_first)
			*ret_first = row.first_port;
		if (row.last_port > *ret_last)
			*ret_last = row.last_port;
	}
}

void find_ports(const struct desk *desk, const struct application *application, int32_t *ret_first,
		int32_t *ret_last)
{
	const struct application_subject *subject = &application->subject;
	const struct policy_range *range;

	*ret_first = application->first_port;
	*ret_last = application->last_port;
	if (application->any_port && *ret_first < 0) {
		range = usual_range(desk->policy);
		*ret_first = range ? range->first : -1;
		*ret_last = range ? range->last : -1;
	} else if (!application->wants_port && subject->first_port >= 0) {
		*ret_first = subject->first_port;
		*ret_last = subject->last_port;
	} else if (!application->wants_port && subject->name.p) {
		find_named(desk, subject->name, ret_first, ret_last);
	}
}

/* decided: of an appeal, when that was. */
static int check_application(const struct desk *desk, const struct application *application,
			     struct slice now, struct slice decided,
			     struct preflight *ret_preflight, struct fault *fault)
{
	struct preflight_facts facts = {
		.image = &desk->image, .past = desk->past, .now = now, .decided = decided};

	return preflight(application, desk->policy, &facts, ret_preflight, fault);
}

/* Of an appeal: the request that it is against, which is to be one that was decided. */
static int check_appeal(struct desk *desk, const struct application *application,
			struct admission *admission, struct desk_refusal *refusal,
			struct fault *fault)
{
	struct desk_request against = {};
	int result = request_load(desk, application->subject.request, &against, fault);

	if (result == DESK_NOT_FOUND ||
	    (result == 0 && against.state != STATE_REFUSED && against.state != STATE_GRANTED))
		result = refuse(refusal, DESK_NOT_NOW, SLICE("RFC 6335, section 8.7"),
				"an appeal is against a request that was granted or refused: "
				"\"%lld\" is none",
				(long long)application->subject.request);
	if (result == 0) {
		admission->first_port = against.first_port;
		admission->last_port = against.last_port;
		admission->decided_size = day_of(against.changed).n;
		memcpy(admission->decided, against.changed.p, admission->decided_size);
	}
	desk_request_done(&against);
	return result;
}

/* In which role somebody may file it: by what the procedure is for, and by what the policy lets. */
static int find_role(const struct desk *desk, const struct account *actor,
		     const struct application *application, const struct admission *admission,
		     enum role *ret_role, struct desk_refusal *refusal)
{
	unsigned filers = procedure_filers(application->procedure);
	unsigned has = 1u << ROLE_APPLICANT;

	if (is_assignee(desk, actor, &application->subject))
		has |= 1u << ROLE_ASSIGNEE;
	if (account_has_role_for(actor, ROLE_REGISTRAR, admission->first_port,
				 admission->last_port))
		has |= 1u << ROLE_REGISTRAR;
	if (!(has & filers))
		return refuse_role(refusal, ACTION_FILE, filers, application->procedure);
	if (!(has & desk->policy->roles[ACTION_FILE]))
		return refuse(refusal, DESK_FORBIDDEN, SLICE("policy, roles.file"),
			      "the policy lets you file no requests");
	for (*ret_role = ROLE_APPLICANT; !(has & filers & 1u << *ret_role);)
		++*ret_role;
	return DESK_DONE;
}

int admit(struct desk *desk, const struct account *actor, const struct application *application,
	  struct admission *ret_admission, struct desk_refusal *refusal, struct fault *fault)
{
	struct admission admission = {};
	int result = DESK_DONE;

	if (actor->disabled.p)
		return refuse(refusal, DESK_FORBIDDEN, SLICE("docs/DESK.md"),
			      "the account is disabled");
	if (!(desk->policy->procedures >> application->procedure & 1))
		return refuse(refusal, DESK_NOT_NOW, SLICE("policy, procedures"),
			      "this registry has no requests for %s",
			      procedure_name(application->procedure).p);
	find_ports(desk, application, &admission.first_port, &admission.last_port);
	if (application->procedure == PROCEDURE_APPEAL)
		result = check_appeal(desk, application, &admission, refusal, fault);
	if (result == 0)
		result = find_role(desk, actor, application, &admission, &admission.role, refusal);
	if (result == 0)
		*ret_admission = admission;
	return result;
}

int examine(const struct desk *desk, const struct application *application,
	    const struct admission *admission, struct slice now, struct desk_refusal *refusal,
	    struct fault *fault)
{
	struct preflight found = {};
	int result =
		check_application(desk, application, now,
				  admission->decided_size ? (struct slice){admission->decided,
									   admission->decided_size}
							  : SLICE_NONE,
				  &found, fault);

	if (result < 0)
		return result;
	if (found.levels[PREFLIGHT_MUST] == 0) {
		preflight_done(&found);
		return DESK_DONE;
	}
	refusal->preflight = found;
	return refuse(refusal, DESK_INVALID, found.findings[0].section, "%.*s",
		      (int)found.findings[0].text.n, found.findings[0].text.p);
}

int desk_check(struct desk *desk, const struct application *application, struct slice now,
	       struct preflight *ret_preflight, struct fault *fault)
{
	struct admission admission = {};
	struct desk_refusal refusal = {};
	int result = desk_begin(desk, false, fault);

	if (result < 0)
		return result;
	result = store_refresh(desk, fault);
	if (result == 0 && application->procedure == PROCEDURE_APPEAL)
		result = check_appeal(desk, application, &admission, &refusal, fault);
	desk_rollback(desk);
	return result < 0 ? result
			  : check_application(desk, application, now,
					      admission.decided_size
						      ? (struct slice){admission.decided,
								       admission.decided_size}
						      : SLICE_NONE,
					      ret_preflight, fault);
}

/*
 * What the policy grants as it is filed. Of a service that is there already somebody else's word
 * is wanted: its holder's (RFC 6335, section 8.1.1).
 */
static bool is_automatic(const struct desk *desk, const struct account *actor,
			 const struct application *application, const struct desk_request *request)
{
	const struct policy_method *method =
		method_of(desk->policy, request->first_port, request->last_port);
	struct application_subject named = {
		.name = application->values[FIELD_NAME], .first_port = -1, .last_port = -1};
	struct row row;

	/* Of a name that is there already as of a subject. */
	if (named.name.p && subject_row(desk, &named, &row) && !is_assignee(desk, actor, &named))
		return false;
	return method && method->automatic && procedure_assigns(request->procedure) &&
	       request->procedure != PROCEDURE_REUSE &&
	       (!application->values[FIELD_SUBJECT].p ||
		is_assignee(desk, actor, &application->subject));
}

static int grant_at_once(struct desk *desk, struct desk_request *request, struct slice now,
			 struct desk_refusal *refusal, struct fault *fault)
{
	struct event event = {.request = request->number,
			      .at = now,
			      .action = action_name(ACTION_GRANT),
			      .state = desk_state_name(STATE_GRANTED)};
	int result = grant(desk, request, &event, now, refusal, fault);

	return result != 0 ? result : letters_put(desk, request, &event, ACTION_GRANT, fault);
}

/* What is being filed. */
struct filing {
	const struct account *actor;
	const struct application *application;
	struct slice key, digest, now;
	struct written written;
	struct admission admission;
	int64_t policy; /* by which it was looked at */
};

/* Within the writing transaction. */
static int file(struct desk *desk, const struct filing *filing, struct desk_request *request,
		struct desk_refusal *refusal, struct fault *fault)
{
	char deadline[DATE_LENGTH];
	struct event event = {
		.at = filing->now,
		.actor = filing->actor->number,
		.role = role_name(filing->admission.role),
		.action = action_name(ACTION_FILE),
		.state = desk_state_name(STATE_NEW),
		.application = out_slice(&filing->written.public),
		.private_application = out_slice(&filing->written.private),
		.first_port = filing->admission.first_port,
		.last_port = filing->admission.last_port,
		.deadline = state_deadline(STATE_NEW, desk->policy, filing->now, deadline)};
	int result =
		db_query_number(desk->db, "SELECT COALESCE(MAX(request), 0) + 1 FROM desk_requests",
				DB_NO_VALUES, &event.request, fault);

	if (result >= 0)
		result = take_event(desk, request, &event, filing->application, fault);
	if (result == 0)
		result = letters_put(desk, request, &event, ACTION_FILE, fault);
	if (result == 0 && is_automatic(desk, filing->actor, filing->application, request))
		result = grant_at_once(desk, request, filing->now, refusal, fault);
	if (result == 0)
		result = keep_key(desk, filing->actor, filing->key, filing->digest, request->number,
				  filing->now, fault);
	return result;
}

/*
 * What takes long is done before writers are kept waiting, of the edition that there is by then:
 * should another one be there a moment later, that is seen when it is granted. DESK_NOT_FOUND: it
 * may be filed; otherwise the outcome, DESK_DONE being that it was filed before.
 */
static int look_at(struct desk *desk, struct filing *filing, int64_t *ret_number,
		   struct desk_refusal *refusal, struct fault *fault)
{
	int result = desk_begin(desk, false, fault), found;

	if (result < 0)
		return result;
	found = find_key(desk, filing->actor, filing->key, filing->digest, ret_number, refusal,
			 fault);
	if (found == DESK_NOT_FOUND)
		result = store_refresh(desk, fault);
	if (found == DESK_NOT_FOUND && result == 0)
		result = admit(desk, filing->actor, filing->application, &filing->admission,
			       refusal, fault);
	desk_rollback(desk);
	if (found != DESK_NOT_FOUND)
		return found;
	filing->policy = desk->policy_number;
	if (result == 0)
		result = examine(desk, filing->application, &filing->admission, filing->now,
				 refusal, fault);
	return result == 0 ? DESK_NOT_FOUND : result;
}

/* DESK_NOT_FOUND: the policy is another one by now, and it is to be looked at again. */
static int file_now(struct desk *desk, const struct filing *filing, int64_t *ret_number,
		    struct desk_refusal *refusal, struct fault *fault)
{
	struct admission admission;
	struct desk_request request = {};
	int result = desk_begin(desk, true, fault);

	if (result < 0)
		return result;
	result = find_key(desk, filing->actor, filing->key, filing->digest, ret_number, refusal,
			  fault);
	if (result != DESK_NOT_FOUND) {
		desk_rollback(desk);
		return result;
	}
	result = store_read_policy(desk, fault);
	if (result == 0 && desk->policy_number != filing->policy) {
		desk_rollback(desk);
		return DESK_NOT_FOUND;
	}
	/* What an appeal is against may be in another state by now. */
	if (result == 0)
		result =
			admit(desk, filing->actor, filing->application, &admission, refusal, fault);
	if (result == 0)
		result = file(desk, filing, &request, refusal, fault);
	result = desk_end(desk, result, fault);
	if (result == 0)
		*ret_number = request.number;
	desk_request_done(&request);
	return result;
}

int desk_file(struct desk *desk, const struct account *actor, const struct application *application,
	      struct slice key, struct slice now, int64_t *ret_number, struct desk_refusal *refusal,
	      struct fault *fault)
{
	char digits[DIGEST_SIZE];
	struct filing filing = {.actor = actor,
				.application = application,
				.key = key,
				.digest = {digits, DIGEST_SIZE},
				.now = now};
	struct strbuf whole CLEANUP(strbuf_done) = {};
	int result = write_application(application, &filing.written, fault);

	strbuf_add(&whole, out_slice(&filing.written.public));
	strbuf_add(&whole, out_slice(&filing.written.private));
	if (result == 0 && whole.failed)
		result = fault_memory(fault);
	if (result == 0)
		digest_of(strbuf_slice(&whole), digits);
	while (result == 0) {
		result = look_at(desk, &filing, ret_number, refusal, fault);
		if (result != DESK_NOT_FOUND)
			break;
		result = file_now(desk, &filing, ret_number, refusal, fault);
		if (result != DESK_NOT_FOUND)
			break;
		result = 0;
	}
	written_done(&filing.written);
	return result;
}
