/* Leases, the policy and the log by API. */
#include "base/number.h"
#include "http/api_desk.h"
#include "render/render.h"

static void put_lease(struct out *out, const struct desk_lease *lease)
{
	out_byte(out, '{');
	api_put_number(out, false, "number", lease->number);
	api_put_text(out, true, "name", lease->name);
	api_put_number(out, true, "port", lease->port);
	api_put_text(out, true, "transport", transport_name(lease->transport));
	api_put_text(out, true, "holder", lease->holder);
	api_put_text(out, true, "host", lease->host);
	api_put_text(out, true, "project", lease->project);
	api_put_text(out, true, "since", lease->since);
	api_put_text(out, true, "until", lease->until);
	out_byte(out, '}');
}

static int list_lease(void *context, const struct desk_lease *lease)
{
	struct api_list *list = context;

	api_list_next(list);
	put_lease(list->out, lease);
	return 0;
}

int api_leases(struct visitor *visitor, const struct slice *captured)
{
	struct api_values values CLEANUP(api_values_done) = {};
	struct api_list list;
	unsigned mine = 0;
	int result = visitor_needs(visitor, SCOPE_READ);

	(void)captured;
	if (result == 0)
		result = api_read(visitor->request, 1u << API_MINE, &values, visitor->response);
	if (result == 0 && api_value(&values, API_MINE).p)
		result = api_find_word(API_MINE, api_value(&values, API_MINE), &mine,
				       visitor->response);
	if (result == 0)
		result = api_list_begin(visitor, "leases", &list);
	if (result == 0) {
		result = desk_leases(visitor->desk, mine ? visitor->account->number : 0,
				     visitor->now, list_lease, &list, &visitor->fault);
		api_list_end(&list);
	}
	return result;
}

static int show_lease(void *context, const struct desk_lease *lease)
{
	struct visitor *visitor = context;
	int result = http_respond(visitor->response, 201, HTTP_JSON);

	if (result != 0)
		return result;
	put_lease(&visitor->response->body, lease);
	out_byte(&visitor->response->body, '\n');
	return 0;
}

static int read_wish(struct visitor *visitor, struct desk_lease_wish *wish)
{
	static const struct api_key keys[] = {
		{SLICE("name"), KIND_TEXT},	 {SLICE("host"), KIND_TEXT},
		{SLICE("project"), KIND_TEXT},	 {SLICE("ports"), KIND_TEXT_OR_NUMBER},
		{SLICE("transport"), KIND_TEXT}, {SLICE("minutes"), KIND_NUMBER}};
	const struct tree_node *root;
	struct slice text;
	uint64_t minutes = 0;
	bool all;
	int result = api_body(visitor, keys, ARRAY_SIZE(keys), &root);

	if (result != 0)
		return result;
	wish->name = api_member(root, "name");
	wish->host = api_member(root, "host");
	wish->project = api_member(root, "project");
	text = api_member(root, "transport");
	if (text.p && !transport_parse(text, &wish->transport))
		return api_invalid(visitor, "transport", "there is no such transport");
	text = api_member(root, "minutes");
	if (text.p && !number_parse(text, UINT32_MAX, &minutes))
		return api_invalid(visitor, "minutes", "minutes is to be a number");
	wish->minutes = (unsigned)minutes;
	text = api_member(root, "ports");
	if (text.p && (slice_eq(text, SLICE("all")) || slice_eq(text, SLICE("names"))))
		return api_invalid(visitor, "ports", "ports are \"N\" or \"A-B\"");
	return text.p ? api_ports(visitor, text, &wish->first_port, &wish->last_port, &all) : 0;
}

int api_lease_take(struct visitor *visitor, const struct slice *captured)
{
	struct desk_lease_wish wish = {
		.first_port = -1, .last_port = -1, .transport = TRANSPORT_TCP};
	struct desk_refusal refusal = {};
	int result = visitor_needs(visitor, SCOPE_LEASE);

	(void)captured;
	if (result == 0)
		result = read_wish(visitor, &wish);
	if (result != 0)
		return result;
	result = desk_lease_take(visitor->desk, visitor->account, &wish, visitor->now, show_lease,
				 visitor, &refusal, &visitor->fault);
	return result == DESK_DONE ? 0 : visitor_refuse(visitor, result, &refusal);
}

int api_lease_release(struct visitor *visitor, const struct slice *captured)
{
	struct desk_refusal refusal = {};
	int64_t number = 0;
	int result = visitor_needs(visitor, SCOPE_LEASE);

	if (result == 0)
		result = api_number(visitor, captured[0], &number);
	if (result != 0)
		return result;
	result = desk_lease_release(visitor->desk, visitor->account, number, visitor->now, &refusal,
				    &visitor->fault);
	return result == DESK_DONE ? http_respond(visitor->response, 204, SLICE_NONE)
				   : visitor_refuse(visitor, result, &refusal);
}

int api_policy(struct visitor *visitor, const struct slice *captured)
{
	int result = http_respond(visitor->response, 200, HTTP_JSON);

	(void)captured;
	if (result == 0)
		out_put(&visitor->response->body, desk_policy_text(visitor->desk));
	return result;
}

/* All that the hash is over, as it is hashed. */
static int list_event(void *context, const struct desk_log_event *event)
{
	struct api_list *list = context;
	struct out *out = list->out;

	api_list_next(list);
	out_byte(out, '{');
	api_put_number(out, false, "sequence", event->sequence);
	api_put_number(out, true, "request", event->request);
	api_put_text(out, true, "at", event->at);
	api_put_number(out, true, "actor", event->actor);
	api_put_text(out, true, "role", event->role);
	api_put_text(out, true, "action", event->action);
	api_put_text(out, true, "state", event->state);
	api_put_number(out, true, "account", event->account);
	api_put_text(out, true, "application", event->application);
	api_put_text(out, true, "body", event->body);
	api_put_number(out, true, "first_port", event->first_port);
	api_put_number(out, true, "last_port", event->last_port);
	api_put_text(out, true, "deadline", event->deadline);
	api_put_text(out, true, "expires", event->expires);
	api_put_number(out, true, "edition", event->edition);
	api_put_text(out, true, "private", event->private_hash);
	api_put_text(out, true, "hash", event->hash);
	out_byte(out, '}');
	list->last = event->sequence;
	return 0;
}

static int show_log(struct visitor *visitor, const struct api_values *values)
{
	struct api_list list;
	struct desk_refusal refusal = {};
	unsigned limit = 0;
	int64_t after = 0;
	int result = api_window(visitor, values, &limit, &after);

	if (result == 0)
		result = api_list_begin(visitor, "events", &list);
	if (result != 0)
		return result;
	result = desk_log(visitor->desk, visitor->account, after, limit, list_event, &list,
			  &refusal, &visitor->fault);
	if (result > 0)
		return visitor_refuse(visitor, result, &refusal);
	api_list_end_page(&list, list.count == limit);
	return result;
}

int api_desk_log(struct visitor *visitor, const struct slice *captured)
{
	struct api_values values CLEANUP(api_values_done) = {};
	int result = visitor_needs(visitor, SCOPE_READ);

	(void)captured;
	if (result == 0)
		result = api_read(visitor->request, 1u << API_LIMIT | 1u << API_CURSOR, &values,
				  visitor->response);
	if (result == 0)
		result = show_log(visitor, &values);
	return result;
}
