#include "http/api_desk.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"
#include "base/utf8.h"
#include "render/render.h"

static int bad_body(struct visitor *visitor, unsigned status, struct slice title,
		    struct slice detail)
{
	int result = http_problem(visitor->response, status, title, detail);

	return result < 0 ? result : 1;
}

/* null is as though a member were not there. */
static bool is_kind(const struct tree_node *node, enum api_kind kind)
{
	bool text = node->kind == TREE_SCALAR && !node->plain;
	bool number = node->kind == TREE_SCALAR && node->plain && node->text.n > 0 &&
		      (byte_is_digit(node->text.p[0]) || node->text.p[0] == '-');

	if (node->kind == TREE_SCALAR && node->plain && slice_eq(node->text, SLICE("null")))
		return true;
	switch (kind) {
	case KIND_TEXT:
		return text;
	case KIND_NUMBER:
		return number;
	case KIND_TEXT_OR_NUMBER:
		return text || number;
	case KIND_BOOL:
		return node->kind == TREE_SCALAR && node->plain && !number;
	case KIND_LIST:
		return node->kind == TREE_SEQUENCE;
	case KIND_OBJECT:
		return node->kind == TREE_MAPPING;
	}
	return false;
}

/* What was meant is not guessed: a note that was to be internal would be read by all. */
static int check_member(struct visitor *visitor, const struct tree_node *node,
			const struct api_key *keys, size_t count)
{
	static const char *const kinds[] = {
		[KIND_TEXT] = "a text",
		[KIND_NUMBER] = "a number",
		[KIND_TEXT_OR_NUMBER] = "a text or a number",
		[KIND_BOOL] = "true or false",
		[KIND_LIST] = "a list",
		[KIND_OBJECT] = "an object",
	};
	struct slice name = node->key->text;

	for (size_t i = 0; i < count; i++) {
		if (!slice_eq(keys[i].name, name))
			continue;
		return is_kind(node, keys[i].kind)
			       ? 0
			       : api_invalid(visitor, keys[i].name.p, "%s is to be %s",
					     keys[i].name.p, kinds[keys[i].kind]);
	}
	return api_invalid(visitor, "", "\"%.*s\" is no member here",
			   name.n < 40 ? (int)name.n : 40, name.p);
}

int api_body(struct visitor *visitor, const struct api_key *keys, size_t count,
	     const struct tree_node **ret_root)
{
	struct slice type = http_header(visitor->request, SLICE("Content-Type"));
	struct slice body = visitor->request->body;
	const struct tree_node *root;
	struct fault fault = {};
	int result;

	*ret_root = NULL;
	if (slice_trim(body).n == 0)
		return 0;
	/* No form of a page elsewhere has this type. */
	if (!utf8_fold_eq(slice_trim(slice_cut(&type, ';')), SLICE("application/json")))
		return bad_body(visitor, 415, SLICE("Unsupported Media Type"),
				SLICE("the body is to be application/json"));
	result = tree_read_json(body, &visitor->arena, &root, &fault);
	if (result == FAULT_MEMORY || result == FAULT_SYSTEM)
		return result;
	if (result < 0 || root->kind != TREE_MAPPING)
		return bad_body(visitor, 400, SLICE("Bad Request"),
				result < 0 ? slice_cstr(fault.text)
					   : SLICE("the body is to be an object"));
	for (const struct tree_node *node = root->first; node; node = node->next) {
		result = check_member(visitor, node, keys, count);
		if (result != 0)
			return result;
	}
	*ret_root = root;
	return 0;
}

const struct account *api_reader(const struct visitor *visitor)
{
	if (visitor->way == VISITOR_TOKEN && !(visitor->token.scopes >> SCOPE_READ & 1))
		return NULL;
	return visitor->account;
}

struct slice api_member(const struct tree_node *root, const char *key)
{
	const struct tree_node *node = root ? tree_get(root, slice_cstr(key)) : NULL;

	if (!node || node->kind != TREE_SCALAR ||
	    (node->plain && slice_eq(node->text, SLICE("null"))))
		return SLICE_NONE;
	return node->text;
}

bool api_member_is_true(const struct tree_node *root, const char *key)
{
	return slice_eq(api_member(root, key), SLICE("true"));
}

int api_invalid(struct visitor *visitor, const char *field, const char *format, ...)
{
	struct desk_refusal refusal = {};
	char text[sizeof(refusal.why.text)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fault_set(&refusal.why, 0, "%s", text);
	snprintf(refusal.field, sizeof(refusal.field), "%s", field);
	return visitor_refuse(visitor, DESK_INVALID, &refusal);
}

int api_number(struct visitor *visitor, struct slice segment, int64_t *ret_number)
{
	uint64_t number;

	if (!number_parse(segment, INT64_MAX, &number) || number == 0)
		return api_not_found(visitor->response, "there is none of that number");
	*ret_number = (int64_t)number;
	return 0;
}

int api_ports(struct visitor *visitor, struct slice text, int32_t *ret_first, int32_t *ret_last,
	      bool *ret_all)
{
	struct slice last = text, first = slice_cut(&last, '-');
	uint64_t from = 0, to = 0;

	*ret_all = slice_eq(text, SLICE("all"));
	*ret_first = *ret_last = -1;
	if (*ret_all || slice_eq(text, SLICE("names")))
		return 0;
	if (!number_parse(first, ACCOUNT_PORT_LAST, &from) ||
	    !number_parse(last.p ? last : first, ACCOUNT_PORT_LAST, &to) || from > to)
		return api_invalid(visitor, "ports",
				   "ports are \"N\", \"A-B\", \"names\" or \"all\"");
	*ret_first = (int32_t)from;
	*ret_last = (int32_t)to;
	return 0;
}

int api_account(struct visitor *visitor, const char *field, struct slice text,
		struct account *ret_account)
{
	struct db *db = desk_db(visitor->desk);
	uint64_t number;
	int result = ACCOUNT_NONE;

	if (number_parse(text, INT64_MAX, &number))
		result = account_read(db, (int64_t)number, &visitor->arena, ret_account,
				      &visitor->fault);
	else if (text.n > 0)
		result = account_find(db, text, &visitor->arena, ret_account, &visitor->fault);
	if (result > 0)
		return api_invalid(visitor, field, "there is no such account");
	return result;
}

enum { LIMIT_USUAL = 50, LIMIT_MAX = 1000 };

int api_window(struct visitor *visitor, const struct api_values *values, unsigned *ret_limit,
	       int64_t *ret_cursor)
{
	struct slice limit = api_value(values, API_LIMIT), cursor = api_value(values, API_CURSOR);
	uint64_t number = LIMIT_USUAL, at = 0;

	if (limit.p && (!number_parse(limit, LIMIT_MAX, &number) || number == 0))
		return api_refuse(visitor->response, API_LIMIT, "it is a number from 1 to %d",
				  LIMIT_MAX);
	if (cursor.p && !number_parse(cursor, INT64_MAX, &at))
		return api_refuse(visitor->response, API_CURSOR, "it is none that was given out");
	*ret_limit = (unsigned)number;
	*ret_cursor = (int64_t)at;
	return 0;
}

void api_put_key(struct out *out, bool comma, const char *key)
{
	out_printf(out, "%s\"%s\":", comma ? "," : "", key);
}

void api_put_text(struct out *out, bool comma, const char *key, struct slice text)
{
	api_put_key(out, comma, key);
	render_json_text(out, text);
}

void api_put_number(struct out *out, bool comma, const char *key, int64_t number)
{
	api_put_key(out, comma, key);
	out_printf(out, "%lld", (long long)number);
}

void api_put_or_null(struct out *out, bool comma, const char *key, int64_t number, int64_t least)
{
	if (number >= least) {
		api_put_number(out, comma, key, number);
		return;
	}
	api_put_key(out, comma, key);
	out_put(out, SLICE("null"));
}

void api_put_bool(struct out *out, bool comma, const char *key, bool value)
{
	api_put_key(out, comma, key);
	out_put(out, value ? SLICE("true") : SLICE("false"));
}

int api_list_begin(struct visitor *visitor, const char *name, struct api_list *ret_list)
{
	int result = http_respond(visitor->response, 200, HTTP_JSON);

	if (result < 0)
		return result;
	*ret_list = (struct api_list){.visitor = visitor, .out = &visitor->response->body};
	out_printf(ret_list->out, "{\"%s\":[", name);
	return 0;
}

void api_list_next(struct api_list *list)
{
	out_put(list->out, list->count++ > 0 ? SLICE(",\n") : SLICE("\n"));
}

void api_list_end(struct api_list *list)
{
	out_put(list->out, SLICE("\n]}\n"));
}

void api_list_end_page(struct api_list *list, bool more)
{
	if (more)
		out_printf(list->out, "\n],\"next\":\"%lld\"}\n", (long long)list->last);
	else
		out_put(list->out, SLICE("\n],\"next\":null}\n"));
}

static void put_words(struct out *out, const char *key, unsigned mask,
		      struct slice (*name)(unsigned))
{
	bool first = true;

	api_put_key(out, true, key);
	out_byte(out, '[');
	for (unsigned i = 0; i < 32; i++) {
		if (!(mask >> i & 1))
			continue;
		if (!first)
			out_byte(out, ',');
		render_json_text(out, name(i));
		first = false;
	}
	out_byte(out, ']');
}

static struct slice name_of_transport(unsigned i)
{
	return transport_name((enum transport)i);
}

static struct slice name_of_action(unsigned i)
{
	return action_name((enum action)i);
}

static void put_progress(struct out *out, const struct desk_request *request)
{
	api_put_text(out, true, "filed", request->filed);
	api_put_text(out, true, "changed", request->changed);
	api_put_text(out, true, "deadline", request->deadline);
	api_put_text(out, true, "expires", request->expires);
	api_put_text(out, true, "method", request->method);
	api_put_number(out, true, "reviews", request->reviews);
	api_put_number(out, true, "reviews_needed", request->reviews_needed);
	api_put_number(out, true, "approvals", request->approvals);
	api_put_number(out, true, "approvals_needed", request->approvals_needed);
}

void api_put_request(struct out *out, const struct visitor *visitor,
		     const struct desk_request *request, bool whole)
{
	static const struct slice sights[] = {{"public", 6}, {"party", 5}, {"reviewer", 8}};
	char label[HISTORY_LABEL_SIZE];

	out_byte(out, '{');
	api_put_number(out, false, "number", request->number);
	api_put_number(out, true, "version", request->version);
	api_put_text(out, true, "procedure", procedure_name(request->procedure));
	api_put_text(out, true, "state", desk_state_name(request->state));
	api_put_text(out, true, "title", desk_state_title(request->state, request->procedure));
	api_put_text(out, true, "name", request->name);
	api_put_or_null(out, true, "first_port", request->first_port, 0);
	api_put_or_null(out, true, "last_port", request->last_port, 0);
	put_words(out, "transports", request->transports, name_of_transport);
	api_put_text(out, true, "description", request->description);
	api_put_text(out, true, "applicant", request->applicant_login);
	api_put_text(out, true, "reviewer", request->reviewer_login);
	put_progress(out, request);
	api_put_text(out, true, "edition",
		     request->edition ? history_label(request->edition, label) : SLICE_NONE);
	api_put_text(out, true, "sight", sights[request->sight]);
	put_words(out, "actions",
		  desk_actions(visitor->desk, visitor->account, request, visitor->now),
		  name_of_action);
	if (whole) {
		api_put_key(out, true, "application");
		application_write_json(&request->application, ~0u, out);
	}
	out_byte(out, '}');
}
