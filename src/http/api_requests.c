/* Requests by API: filed, read, and acted on. */
#include <stdio.h>

#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"
#include "http/api_desk.h"
#include "http/respond.h"
#include "render/render.h"

/* Where lists of requests are asked for by others' accounts. */
static bool is_staff(const struct account *account)
{
	return account_has_role_anywhere(account, ROLE_REVIEWER) ||
	       account_has_role_anywhere(account, ROLE_REGISTRAR) ||
	       account_has_role_anywhere(account, ROLE_APPROVER) ||
	       account_has_role_anywhere(account, ROLE_ADMINISTRATOR);
}

/* An account of a parameter: "me", or a login, which is told to those who have some role alone. */
static int read_person(struct visitor *visitor, const struct api_values *values,
		       enum api_parameter parameter, int64_t *ret_number)
{
	struct slice text = api_value(values, parameter);
	struct account account;
	int result;

	if (!text.p)
		return 0;
	result = visitor_needs(visitor, SCOPE_READ);
	if (result != 0)
		return result;
	if (slice_eq(text, SLICE("me"))) {
		*ret_number = visitor->account->number;
		return 0;
	}
	if (!is_staff(visitor->account)) {
		result = http_problem(visitor->response, 403, SLICE("Forbidden"),
				      SLICE("whose requests they are is told to those who decide "
					    "on some; \"me\" is for your own"));
		return result < 0 ? result : 1;
	}
	result = account_find(desk_db(visitor->desk), text, &visitor->arena, &account,
			      &visitor->fault);
	if (result == 0)
		*ret_number = account.number;
	return result > 0 ? api_refuse(visitor->response, parameter, "there is no such account")
			  : result;
}

static int read_filter(struct visitor *visitor, const struct api_values *values,
		       struct desk_filter *filter)
{
	struct http_response *response = visitor->response;
	unsigned flag = 0;
	int result = api_read_mask(values, API_REQUEST_STATE, &filter->states, response);

	if (result == 0)
		result = api_read_mask(values, API_PROCEDURE, &filter->procedures, response);
	if (result == 0)
		result = read_person(visitor, values, API_APPLICANT, &filter->applicant);
	if (result == 0)
		result = read_person(visitor, values, API_REVIEWER, &filter->reviewer);
	if (result == 0 && api_value(values, API_OVERDUE).p)
		result =
			api_find_word(API_OVERDUE, api_value(values, API_OVERDUE), &flag, response);
	filter->overdue = flag;
	flag = 0;
	if (result == 0 && api_value(values, API_QUEUE).p)
		result = api_find_word(API_QUEUE, api_value(values, API_QUEUE), &flag, response);
	filter->queue = flag;
	if (result == 0 && flag)
		result = visitor_needs(visitor, SCOPE_READ);
	filter->text = api_value(values, API_SEARCH);
	return result == 0 ? api_window(visitor, values, &filter->most, &filter->below) : result;
}

static int put_one(void *context, const struct desk_request *request)
{
	struct api_list *list = context;

	api_list_next(list);
	api_put_request(list->out, list->visitor, request, false);
	list->last = request->number;
	return 0;
}

static int list_requests(struct visitor *visitor, const struct desk_filter *filter)
{
	struct api_list list;
	int result = api_list_begin(visitor, "requests", &list);

	if (result != 0)
		return result;
	result = desk_list(visitor->desk, api_reader(visitor), filter, visitor->now, put_one, &list,
			   &visitor->fault);
	/* Where the page is full there may be more. */
	api_list_end_page(&list, list.count == filter->most && list.last > 1);
	return result;
}

int api_requests(struct visitor *visitor, const struct slice *captured)
{
	static const unsigned allowed = 1u << API_REQUEST_STATE | 1u << API_PROCEDURE |
					1u << API_APPLICANT | 1u << API_REVIEWER |
					1u << API_OVERDUE | 1u << API_QUEUE | 1u << API_SEARCH |
					1u << API_LIMIT | 1u << API_CURSOR;
	struct api_values values CLEANUP(api_values_done) = {};
	struct desk_filter filter = {};
	int result = api_read(visitor->request, allowed, &values, visitor->response);

	(void)captured;
	if (result == 0)
		result = read_filter(visitor, &values, &filter);
	if (result == 0)
		result = list_requests(visitor, &filter);
	return result;
}

/* 422 of an application that is none, in the field that is wrong; of no JSON 400. */
static int refuse_application(struct visitor *visitor, const struct application_problem *problem)
{
	const struct application_field_info *info = application_field(problem->field);
	int result;

	if (info)
		return api_invalid(visitor, info->key.p, "%s", problem->fault.text);
	result = http_problem(visitor->response, 400, SLICE("Bad Request"),
			      slice_cstr(problem->fault.text));
	return result < 0 ? result : 1;
}

static int read_application(struct visitor *visitor, struct slice json,
			    struct application *application)
{
	struct slice type = http_header(visitor->request, SLICE("Content-Type"));
	struct application_problem problem = {};
	int result;

	if (!utf8_fold_eq(slice_trim(slice_cut(&type, ';')), SLICE("application/json"))) {
		result = http_problem(visitor->response, 415, SLICE("Unsupported Media Type"),
				      SLICE("the body is to be application/json"));
		return result < 0 ? result : 1;
	}
	result = application_read_json(json, application, &problem);
	return result > 0 ? refuse_application(visitor, &problem) : result;
}

/* The client's key for what it asks once, perhaps in quotes. */
static int read_key(struct visitor *visitor, struct slice *ret_key)
{
	struct slice key = http_header(visitor->request, SLICE("Idempotency-Key"));
	size_t bad;
	int result;

	if (key.n >= 2 && key.p[0] == '"' && key.p[key.n - 1] == '"')
		key = (struct slice){key.p + 1, key.n - 2};
	*ret_key = key;
	if (!key.p || (key.n > 0 && utf8_valid(key, &bad)))
		return 0;
	result = http_problem(visitor->response, 400, SLICE("Bad Request"),
			      SLICE("Idempotency-Key is to be a text"));
	return result < 0 ? result : 1;
}

enum { TAG_SIZE = 72 };

/* Its version first, for If-Match; and for whom it is, as others see less of the same version. */
static struct slice tag_of(const struct visitor *visitor, const struct desk_request *request,
			   char space[static TAG_SIZE])
{
	const struct account *reader = api_reader(visitor);
	int n = snprintf(space, TAG_SIZE, "\"%lld-%lld-%x-%x\"", (long long)request->version,
			 (long long)(reader ? reader->number : 0), request->sight,
			 desk_actions(visitor->desk, visitor->account, request, visitor->now));

	return (struct slice){space, (size_t)n};
}

/* The request as it is now. */
static int answer(struct visitor *visitor, unsigned status, int64_t number,
		  const struct preflight *findings)
{
	struct http_response *response = visitor->response;
	struct desk_request request = {};
	char text[TAG_SIZE];
	bool known = false;
	int n, result = desk_request(visitor->desk, api_reader(visitor), number, &request,
				     &visitor->fault);

	if (result == DESK_NOT_FOUND)
		return api_not_found(response, "there is no such request");
	if (result == 0)
		result = http_respond(response, status, HTTP_JSON);
	if (result == 0 && status == 201) {
		n = snprintf(text, sizeof(text), "/api/v1/requests/%lld", (long long)number);
		http_add_header(response, SLICE("Location"), (struct slice){text, (size_t)n});
	}
	if (result == 0) {
		http_add_header(response, SLICE("ETag"), tag_of(visitor, &request, text));
		known = visitor->request->method != HTTP_POST &&
			respond_names_tag(http_header(visitor->request, SLICE("If-None-Match")),
					  tag_of(visitor, &request, text));
	}
	if (result == 0 && known) {
		response->status = 304;
		response->type = SLICE_NONE;
	} else if (result == 0) {
		api_put_request(&response->body, visitor, &request, true);
		if (findings) {
			response->body.n--;
			api_put_key(&response->body, true, "findings");
			preflight_write_json(findings, &response->body);
			out_byte(&response->body, '}');
		}
		out_byte(&response->body, '\n');
		if (visitor->request->method == HTTP_POST && request.state == STATE_GRANTED)
			visitor_published(visitor);
	}
	desk_request_done(&request);
	return result;
}

int api_file(struct visitor *visitor, const struct slice *captured)
{
	struct application application CLEANUP(application_done) = {};
	struct desk_refusal refusal = {};
	struct slice key;
	int64_t number = 0;
	int result = visitor_needs(visitor, SCOPE_FILE);

	(void)captured;
	if (result == 0)
		result = read_key(visitor, &key);
	if (result == 0)
		result = read_application(visitor, visitor->request->body, &application);
	if (result != 0)
		return result;
	result = desk_file(visitor->desk, visitor->account, &application, key, visitor->now,
			   &number, &refusal, &visitor->fault);
	if (result == DESK_DONE)
		result = answer(visitor, 201, number, &refusal.preflight);
	else
		result = visitor_refuse(visitor, result, &refusal);
	preflight_done(&refusal.preflight);
	return result;
}

int api_check_application(struct visitor *visitor, const struct slice *captured)
{
	struct application application CLEANUP(application_done) = {};
	struct preflight preflight = {};
	struct out *out = &visitor->response->body;
	int result = read_application(visitor, visitor->request->body, &application);

	(void)captured;
	if (result == 0)
		result = desk_check(visitor->desk, &application, visitor->now, &preflight,
				    &visitor->fault);
	if (result == 0)
		result = http_respond(visitor->response, 200, HTTP_JSON);
	if (result == 0) {
		out_byte(out, '{');
		api_put_bool(out, false, "may_be_filed", preflight.levels[PREFLIGHT_MUST] == 0);
		api_put_key(out, true, "findings");
		preflight_write_json(&preflight, out);
		out_put(out, SLICE("}\n"));
	}
	preflight_done(&preflight);
	return result;
}

int api_request(struct visitor *visitor, const struct slice *captured)
{
	int64_t number = 0;
	int result = api_number(visitor, captured[0], &number);

	if (result == 0)
		result = answer(visitor, 200, number, NULL);
	return result;
}

/* A value as JSON again, of as many levels as an application has. */
static void put_node(struct out *out, const struct tree_node *node)
{
	bool list = node->kind == TREE_SEQUENCE;

	if (node->kind == TREE_SCALAR) {
		if (node->plain)
			out_put(out, node->text);
		else
			json_put_string(out, node->text);
		return;
	}
	out_byte(out, list ? '[' : '{');
	for (const struct tree_node *one = node->first; one; one = one->next) {
		if (one != node->first)
			out_byte(out, ',');
		if (!list) {
			json_put_string(out, one->key->text);
			out_byte(out, ':');
		}
		put_node(out, one);
	}
	out_byte(out, list ? ']' : '}');
}

static int read_new_application(struct visitor *visitor, const struct tree_node *root,
				struct application *application)
{
	const struct tree_node *node = root ? tree_get(root, SLICE("application")) : NULL;
	struct out out CLEANUP(out_done) = {};
	int result;

	if (!node)
		return 0;
	if (out_init_memory(&out) < 0)
		return FAULT_MEMORY;
	put_node(&out, node);
	result = out.error ? FAULT_MEMORY : read_application(visitor, out_slice(&out), application);
	return result;
}

/* The version that If-Match names; 0: any. A tag that is none of ours matches nothing. */
static int64_t version_wanted(const struct http_request *request)
{
	struct slice tag = slice_trim(http_header(request, SLICE("If-Match")));
	size_t digits = 0;
	uint64_t version;

	if (!tag.p || slice_eq(tag, SLICE("*")))
		return 0;
	if (slice_starts(tag, SLICE("W/")) || !slice_starts(tag, SLICE("\"")))
		return -1;
	tag = slice_skip(tag, 1);
	while (digits < tag.n && byte_is_digit(tag.p[digits]))
		digits++;
	/* What follows the version is for whom the request was shown so. */
	if (!number_parse((struct slice){tag.p, digits}, INT64_MAX, &version) || version == 0 ||
	    tag.p[tag.n - 1] != '"' || (tag.p[digits] != '"' && tag.p[digits] != '-'))
		return -1;
	return (int64_t)version;
}

/* A conflict may be that of If-Match: 412. */
static int refuse_conflict(struct visitor *visitor, int64_t number, int64_t version,
			   const struct desk_refusal *refusal)
{
	struct desk_request request = {};
	bool other;
	int result =
		desk_request(visitor->desk, visitor->account, number, &request, &visitor->fault);

	other = result == 0 && version != 0 && request.version != version;
	desk_request_done(&request);
	if (result < 0)
		return result;
	if (!other)
		return visitor_refuse(visitor, DESK_CONFLICT, refusal);
	result = http_problem(visitor->response, 412, SLICE("Precondition Failed"),
			      SLICE("the request was changed since it was read"));
	return result < 0 ? result : 1;
}

static bool is_of_applicant(enum action action)
{
	return action == ACTION_AMEND || action == ACTION_ANSWER || action == ACTION_WITHDRAW ||
	       action == ACTION_COMMENT;
}

/* Of those who act for themselves a token for filing is enough. */
static int check_scope(struct visitor *visitor, enum action action)
{
	bool file = visitor->way == VISITOR_TOKEN && visitor->token.scopes >> SCOPE_FILE & 1;

	return visitor_needs(visitor, is_of_applicant(action) && file ? SCOPE_FILE : SCOPE_ACT);
}

static int read_act(struct visitor *visitor, enum action action, struct application *application,
		    struct desk_act *act)
{
	static const struct api_key keys[] = {{SLICE("note"), KIND_TEXT},
					      {SLICE("internal"), KIND_BOOL},
					      {SLICE("application"), KIND_OBJECT},
					      {SLICE("account"), KIND_TEXT_OR_NUMBER}};
	const struct tree_node *root;
	struct account account = {};
	int result = api_body(visitor, keys, ARRAY_SIZE(keys), &root);

	if (result == 0)
		result = read_key(visitor, &act->key);
	if (result == 0)
		result = read_new_application(visitor, root, application);
	/* Others are refused whomever they name: nobody finds out so which accounts there are. */
	if (result == 0 && action == ACTION_ASSIGN && is_staff(visitor->account) &&
	    api_member(root, "account").p)
		result = api_account(visitor, "account", api_member(root, "account"), &account);
	if (result != 0)
		return result;
	act->action = action;
	act->note = api_member(root, "note");
	act->internal = api_member_is_true(root, "internal");
	act->application = root && tree_get(root, SLICE("application")) ? application : NULL;
	act->account = account.number;
	act->version = version_wanted(visitor->request);
	return 0;
}

int api_act(struct visitor *visitor, const struct slice *captured)
{
	struct application application CLEANUP(application_done) = {};
	struct desk_refusal refusal = {};
	struct desk_act act = {};
	enum action action;
	int64_t number;
	int result;

	if (!action_find(captured[1], &action) || action == ACTION_FILE)
		return api_not_found(visitor->response, "there is no such action");
	result = api_number(visitor, captured[0], &number);
	if (result == 0)
		result = check_scope(visitor, action);
	if (result == 0)
		result = read_act(visitor, action, &application, &act);
	if (result != 0)
		return result;
	result = desk_do(visitor->desk, visitor->account, number, &act, visitor->now, &refusal,
			 &visitor->fault);
	if (result == DESK_DONE)
		result = answer(visitor, 200, number, NULL);
	else if (result == DESK_CONFLICT)
		result = refuse_conflict(visitor, number, act.version, &refusal);
	else if (result == DESK_NOT_FOUND)
		result = api_not_found(visitor->response, "there is no such request");
	else
		result = visitor_refuse(visitor, result, &refusal);
	preflight_done(&refusal.preflight);
	return result;
}

static int put_event(void *context, const struct desk_event *event)
{
	struct api_list *list = context;
	struct out *out = list->out;
	char label[HISTORY_LABEL_SIZE];

	api_list_next(list);
	out_byte(out, '{');
	api_put_number(out, false, "sequence", event->sequence);
	api_put_text(out, true, "at", event->at);
	api_put_text(out, true, "action", event->action);
	api_put_text(out, true, "actor", event->actor_login);
	api_put_text(out, true, "role", event->role);
	api_put_text(out, true, "state", event->state);
	api_put_text(out, true, "note", event->note);
	api_put_bool(out, true, "internal", event->internal);
	api_put_text(out, true, "edition",
		     event->edition ? history_label(event->edition, label) : SLICE_NONE);
	api_put_text(out, true, "hash", event->hash);
	out_byte(out, '}');
	return 0;
}

int api_events(struct visitor *visitor, const struct slice *captured)
{
	struct api_list list;
	int64_t number = 0;
	int result = api_number(visitor, captured[0], &number);

	if (result == 0)
		result = api_list_begin(visitor, "events", &list);
	if (result != 0)
		return result;
	result = desk_timeline(visitor->desk, api_reader(visitor), number, put_event, &list,
			       &visitor->fault);
	api_list_end(&list);
	if (result == DESK_NOT_FOUND)
		result = api_not_found(visitor->response, "there is no such request");
	return result;
}

int api_conflicts(struct visitor *visitor, const struct slice *captured)
{
	struct api_list list;
	struct desk_request of = {};
	int64_t number = 0;
	int result = api_number(visitor, captured[0], &number);

	if (result == 0)
		result = desk_request(visitor->desk, api_reader(visitor), number, &of,
				      &visitor->fault);
	if (result == DESK_NOT_FOUND && !visitor->response->problem.p)
		result = api_not_found(visitor->response, "there is no such request");
	if (result == 0)
		result = api_list_begin(visitor, "requests", &list);
	if (result == 0) {
		result = desk_conflicts(visitor->desk, api_reader(visitor), &of, put_one, &list,
					&visitor->fault);
		api_list_end(&list);
	}
	desk_request_done(&of);
	return result;
}
