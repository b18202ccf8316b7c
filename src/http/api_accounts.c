/* Accounts, roles and tokens by API. */
#include <stdarg.h>
#include <stdio.h>

#include "http/api_desk.h"
#include "render/render.h"

static int forbid(struct visitor *visitor, const char *why)
{
	int result = http_problem(visitor->response, 403, SLICE("Forbidden"), slice_cstr(why));

	return result < 0 ? result : 1;
}

static void put_roles(struct out *out, const struct account *account)
{
	api_put_key(out, true, "roles");
	out_byte(out, '[');
	for (size_t i = 0; i < account->role_count; i++) {
		const struct account_role *role = &account->roles[i];

		out_put(out, i > 0 ? SLICE(",{") : SLICE("{"));
		api_put_text(out, false, "role", role_name(role->role));
		api_put_or_null(out, true, "first_port", role->first_port, 0);
		api_put_or_null(out, true, "last_port", role->last_port, 0);
		out_byte(out, '}');
	}
	out_byte(out, ']');
}

static void put_account(struct out *out, const struct account *account)
{
	out_byte(out, '{');
	api_put_number(out, false, "number", account->number);
	api_put_text(out, true, "login", account->login);
	api_put_text(out, true, "name", account->name);
	api_put_text(out, true, "email", account->email);
	api_put_text(out, true, "person", account->person);
	api_put_text(out, true, "created", account->created);
	api_put_text(out, true, "disabled", account->disabled);
	api_put_bool(out, true, "has_password", account->has_password);
	put_roles(out, account);
	out_byte(out, '}');
}

static void put_scopes(struct out *out, unsigned scopes)
{
	bool first = true;

	api_put_key(out, true, "scopes");
	out_byte(out, '[');
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		if (!(scopes >> i & 1))
			continue;
		if (!first)
			out_byte(out, ',');
		render_json_text(out, account_scope_name((enum account_scope)i));
		first = false;
	}
	out_byte(out, ']');
}

/* Of a visitor by cookie the token for forms as well. */
int api_me(struct visitor *visitor, const struct slice *captured)
{
	static const struct slice ways[] = {
		{"nobody", 6}, {"session", 7}, {"token", 5}, {"proxy", 5}};
	struct out *out = &visitor->response->body;
	bool token = visitor->way == VISITOR_TOKEN;
	int result = visitor_needs(visitor, SCOPE_READ);

	(void)captured;
	if (result == 0)
		result = http_respond(visitor->response, 200, HTTP_JSON);
	if (result != 0)
		return result;
	out_put(out, SLICE("{\"account\":"));
	put_account(out, visitor->account);
	api_put_text(out, true, "by", ways[visitor->way]);
	put_scopes(out, token ? visitor->token.scopes : (1u << SCOPE_COUNT) - 1);
	api_put_text(out, true, "expires",
		     token			       ? visitor->token.expires
		     : visitor->way == VISITOR_SESSION ? visitor->session.expires
						       : SLICE_NONE);
	api_put_text(out, true, "csrf", visitor_csrf(visitor));
	out_put(out, SLICE("}\n"));
	return 0;
}

int api_export(struct visitor *visitor, const struct slice *captured)
{
	int result = visitor_needs(visitor, SCOPE_READ);

	(void)captured;
	if (result == 0)
		result = http_respond(visitor->response, 200, HTTP_JSON);
	if (result == 0)
		result = desk_export(visitor->desk, visitor->account->number,
				     &visitor->response->body, &visitor->fault);
	return result;
}

static int no_content(struct visitor *visitor)
{
	return http_respond(visitor->response, 204, SLICE_NONE);
}

static int erase(struct visitor *visitor, int64_t person)
{
	struct desk_refusal refusal = {};
	int result = desk_erase(visitor->desk, visitor->account, person, visitor->now, &refusal,
				&visitor->fault);

	return result == DESK_DONE ? no_content(visitor)
				   : visitor_refuse(visitor, result, &refusal);
}

/* Of oneself, by somebody who is there: a token that was lost is not to be enough. */
int api_erase_me(struct visitor *visitor, const struct slice *captured)
{
	int result = visitor_needs(visitor, SCOPE_ADMIN);

	(void)captured;
	if (result == 0)
		result = erase(visitor, visitor->account->number);
	return result;
}

/* Tells the log, within the transaction: {"account":N,"WHAT":...}, without personal data. */
static int note(struct visitor *visitor, struct slice action, int64_t account, const char *what,
		const char *format, ...) PRINTF(5, 6);

static int note(struct visitor *visitor, struct slice action, int64_t account, const char *what,
		const char *format, ...)
{
	struct strbuf body CLEANUP(strbuf_done) = {};
	char text[200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	strbuf_printf(&body, "{\"account\":%lld,\"%s\":%s}", (long long)account, what, text);
	if (body.failed)
		return FAULT_MEMORY;
	return desk_note(visitor->desk, visitor->account->number, action, strbuf_slice(&body),
			 visitor->now, &visitor->fault);
}

/* -- Tokens -- */

static void put_token(struct out *out, const struct account_token *token)
{
	api_put_number(out, false, "number", token->number);
	api_put_text(out, true, "label", token->label);
	put_scopes(out, token->scopes);
	api_put_text(out, true, "created", token->created);
	api_put_text(out, true, "expires", token->expires);
	api_put_text(out, true, "used", token->used);
}

static int list_token(void *context, const struct account_token *token)
{
	struct api_list *list = context;

	api_list_next(list);
	out_byte(list->out, '{');
	put_token(list->out, token);
	out_byte(list->out, '}');
	return 0;
}

int api_tokens(struct visitor *visitor, const struct slice *captured)
{
	struct api_list list;
	int result = visitor_needs(visitor, SCOPE_READ);

	(void)captured;
	if (result == 0)
		result = api_list_begin(visitor, "tokens", &list);
	if (result == 0) {
		result = account_token_list(desk_db(visitor->desk), visitor->account->number,
					    list_token, &list, &visitor->fault);
		api_list_end(&list);
	}
	return result;
}

static int read_scopes(struct visitor *visitor, const struct tree_node *root, unsigned *ret_scopes)
{
	const struct tree_node *list = root ? tree_get(root, SLICE("scopes")) : NULL;
	enum account_scope scope;

	*ret_scopes = 0;
	if (!list || list->kind != TREE_SEQUENCE)
		return api_invalid(visitor, "scopes", "scopes is to be a list of scopes");
	for (const struct tree_node *one = list->first; one; one = one->next) {
		if (one->kind != TREE_SCALAR || !account_scope_find(one->text, &scope))
			return api_invalid(visitor, "scopes", "there is no such scope");
		*ret_scopes |= 1u << scope;
	}
	return 0;
}

/* A token makes none that may do more, or for longer, than itself. */
static bool is_within(const struct visitor *visitor, const struct account_token *token)
{
	const struct account_token *own = &visitor->token;

	if (visitor->way != VISITOR_TOKEN)
		return true;
	return !(token->scopes & ~own->scopes) &&
	       (!own->expires.p ||
		(token->expires.p && slice_compare(token->expires, own->expires) <= 0));
}

int api_token_create(struct visitor *visitor, const struct slice *captured)
{
	static const struct api_key keys[] = {{SLICE("label"), KIND_TEXT},
					      {SLICE("scopes"), KIND_LIST},
					      {SLICE("expires"), KIND_TEXT}};
	struct account_secret secret CLEANUP(account_secret_done) = {};
	struct account_token token = {.created = visitor->now};
	struct out *out = &visitor->response->body;
	const struct tree_node *root;
	int result = visitor_needs(visitor, SCOPE_ADMIN);

	(void)captured;
	if (result == 0)
		result = api_body(visitor, keys, ARRAY_SIZE(keys), &root);
	if (result == 0)
		result = read_scopes(visitor, root, &token.scopes);
	if (result != 0)
		return result;
	token.account = visitor->account->number;
	token.label = api_member(root, "label");
	token.expires = api_member(root, "expires");
	if (!is_within(visitor, &token))
		return forbid(visitor, "a token makes none that may do more, or for longer, than "
				       "itself");
	result = desk_begin(visitor->desk, true, &visitor->fault);
	if (result < 0)
		return result;
	result =
		account_token_create(desk_access_accounts(visitor->access), desk_db(visitor->desk),
				     &token, visitor->now, &token.number, &secret, &visitor->fault);
	if (result == 0)
		result = note(visitor, SLICE("token"), token.account, "token", "%lld",
			      (long long)token.number);
	result = desk_end(visitor->desk, result, &visitor->fault);
	if (result > 0)
		return api_invalid(visitor, "", "%s", visitor->fault.text);
	if (result == 0)
		result = http_respond(visitor->response, 201, HTTP_JSON);
	if (result < 0)
		return result;
	out_byte(out, '{');
	put_token(out, &token);
	api_put_text(out, true, "token", account_secret_text(&secret));
	out_put(out, SLICE("}\n"));
	return 0;
}

int api_token_revoke(struct visitor *visitor, const struct slice *captured)
{
	int64_t number = 0;
	int result = visitor_needs(visitor, SCOPE_ADMIN);

	if (result == 0)
		result = api_number(visitor, captured[0], &number);
	if (result == 0)
		result = desk_begin(visitor->desk, true, &visitor->fault);
	if (result != 0)
		return result;
	result = account_token_revoke(desk_db(visitor->desk), visitor->account->number, number,
				      &visitor->fault);
	if (result == 0)
		result = note(visitor, SLICE("token"), visitor->account->number, "revoked", "%lld",
			      (long long)number);
	result = desk_end(visitor->desk, result, &visitor->fault);
	if (result == ACCOUNT_NONE)
		result = api_not_found(visitor->response, "you have no such token");
	else if (result == 0)
		result = no_content(visitor);
	return result;
}

/* -- Accounts, for administrators -- */

static int needs_administrator(struct visitor *visitor)
{
	int result = visitor_needs(visitor, SCOPE_ADMIN);

	if (result == 0 && !account_has_role_anywhere(visitor->account, ROLE_ADMINISTRATOR))
		return forbid(visitor, "this is for administrators");
	return result;
}

static int list_account(void *context, const struct account *account)
{
	struct api_list *list = context;

	api_list_next(list);
	put_account(list->out, account);
	list->last = account->number;
	return 0;
}

static int list_accounts(struct visitor *visitor, const struct api_values *values)
{
	struct api_list list;
	unsigned limit = 0;
	int64_t after = 0;
	int result = api_window(visitor, values, &limit, &after);

	if (result == 0)
		result = api_list_begin(visitor, "accounts", &list);
	if (result != 0)
		return result;
	result = account_list(desk_db(visitor->desk), after, limit, list_account, &list,
			      &visitor->fault);
	api_list_end_page(&list, list.count == limit);
	return result;
}

int api_accounts(struct visitor *visitor, const struct slice *captured)
{
	struct api_values values CLEANUP(api_values_done) = {};
	int result = needs_administrator(visitor);

	(void)captured;
	if (result == 0)
		result = api_read(visitor->request, 1u << API_LIMIT | 1u << API_CURSOR, &values,
				  visitor->response);
	if (result == 0)
		result = list_accounts(visitor, &values);
	return result;
}

static int answer(struct visitor *visitor, unsigned status, int64_t number)
{
	struct account account;
	char text[48];
	int n, result = account_read(desk_db(visitor->desk), number, &visitor->arena, &account,
				     &visitor->fault);

	if (result == ACCOUNT_NONE)
		return api_not_found(visitor->response, "there is no such account");
	if (result == 0)
		result = http_respond(visitor->response, status, HTTP_JSON);
	if (result < 0)
		return result;
	if (status == 201) {
		n = snprintf(text, sizeof(text), "/api/v1/accounts/%lld", (long long)number);
		http_add_header(visitor->response, SLICE("Location"),
				(struct slice){text, (size_t)n});
	}
	put_account(&visitor->response->body, &account);
	out_byte(&visitor->response->body, '\n');
	return 0;
}

int api_account_one(struct visitor *visitor, const struct slice *captured)
{
	int64_t number = 0;
	int result = needs_administrator(visitor);

	if (result == 0)
		result = api_number(visitor, captured[0], &number);
	if (result == 0)
		result = answer(visitor, 200, number);
	return result;
}

/* What accounts/ refuses; fault says why where it is ACCOUNT_REFUSED. */
static int refuse(struct visitor *visitor, int outcome)
{
	struct desk_refusal refusal = {};

	if (outcome == ACCOUNT_REFUSED)
		return api_invalid(visitor, "", "%s", visitor->fault.text);
	if (outcome == ACCOUNT_NONE)
		return api_not_found(visitor->response, "there is no such account, or role of it");
	fault_set(&refusal.why, 0, "%s",
		  outcome == ACCOUNT_TAKEN ? "another account has that login"
					   : "nobody would be left who administers accounts");
	return visitor_refuse(visitor, DESK_CONFLICT, &refusal);
}

/* The account, with its password where hash has one. */
static int insert(struct visitor *visitor, const struct account_details *details,
		  const struct account_hash *hash, int64_t *ret_number)
{
	struct db *db = desk_db(visitor->desk);
	int result = desk_begin(visitor->desk, true, &visitor->fault);

	if (result < 0)
		return result;
	result = account_create(db, details, visitor->now, ret_number, &visitor->fault);
	if (result == 0 && hash->text[0])
		result = account_password_set(db, *ret_number, hash, 0, &visitor->fault);
	if (result == 0)
		result = note(visitor, SLICE("account"), *ret_number, "done", "\"created\"");
	return desk_end(visitor->desk, result, &visitor->fault);
}

int api_account_create(struct visitor *visitor, const struct slice *captured)
{
	static const struct api_key keys[] = {{SLICE("login"), KIND_TEXT},
					      {SLICE("name"), KIND_TEXT},
					      {SLICE("email"), KIND_TEXT},
					      {SLICE("person"), KIND_TEXT},
					      {SLICE("password"), KIND_TEXT}};
	struct account_details details;
	struct account_hash hash = {};
	const struct tree_node *root;
	struct slice password;
	int64_t number = 0;
	int result = needs_administrator(visitor);

	(void)captured;
	if (result == 0)
		result = api_body(visitor, keys, ARRAY_SIZE(keys), &root);
	if (result != 0)
		return result;
	details = (struct account_details){api_member(root, "login"), api_member(root, "name"),
					   api_member(root, "email"), api_member(root, "person")};
	password = api_member(root, "password");
	if (!details.login.p)
		return api_invalid(visitor, "login", "login is missing");
	if (password.p)
		result = visitor_hash(visitor,
				      &(struct account){.login = details.login,
							.name = details.name,
							.email = details.email},
				      password, &hash);
	if (result == ACCOUNT_REFUSED)
		return api_invalid(visitor, "password", "%s", visitor->fault.text);
	if (result == 0)
		result = insert(visitor, &details, &hash, &number);
	if (result == 0)
		return answer(visitor, 201, number);
	return result < 0 ? result : refuse(visitor, result);
}

struct role_wish {
	struct account_role role;
	bool all;
};

static int read_role(struct visitor *visitor, struct role_wish *ret_wish)
{
	static const struct api_key keys[] = {{SLICE("role"), KIND_TEXT},
					      {SLICE("ports"), KIND_TEXT_OR_NUMBER}};
	const struct tree_node *root;
	struct slice ports;
	int result = api_body(visitor, keys, ARRAY_SIZE(keys), &root);

	if (result != 0)
		return result;
	if (!role_find(api_member(root, "role"), &ret_wish->role.role))
		return api_invalid(visitor, "role", "there is no such role");
	ports = api_member(root, "ports");
	return api_ports(visitor, ports.p ? ports : SLICE("all"), &ret_wish->role.first_port,
			 &ret_wish->role.last_port, &ret_wish->all);
}

static int change_role(struct visitor *visitor, int64_t number, bool grant)
{
	struct role_wish wish = {};
	const struct account_role *role = &wish.role;
	struct db *db = desk_db(visitor->desk);
	int result = read_role(visitor, &wish);

	if (result == 0)
		result = desk_begin(visitor->desk, true, &visitor->fault);
	if (result != 0)
		return result;
	if (wish.all)
		result = grant ? account_grant_all(db, number, role->role, &visitor->fault)
			       : account_revoke_all(db, number, role->role, &visitor->fault);
	else
		result = grant ? account_grant(db, number, role, &visitor->fault)
			       : account_revoke(db, number, role, &visitor->fault);
	if (result == 0)
		result = note(visitor, SLICE("role"), number, grant ? "granted" : "revoked",
			      "{\"role\":\"%s\",\"ports\":[%d,%d]}", role_name(role->role).p,
			      wish.all ? 0 : (int)role->first_port,
			      wish.all ? ACCOUNT_PORT_LAST : (int)role->last_port);
	result = desk_end(visitor->desk, result, &visitor->fault);
	return result > 0   ? refuse(visitor, result)
	       : result < 0 ? result
			    : answer(visitor, 200, number);
}

static int change_state(struct visitor *visitor, int64_t number, bool disable)
{
	struct db *db = desk_db(visitor->desk);
	int result = desk_begin(visitor->desk, true, &visitor->fault);

	if (result < 0)
		return result;
	result = disable ? account_disable(db, number, visitor->now, &visitor->fault)
			 : account_enable(db, number, &visitor->fault);
	if (result == 0)
		result = note(visitor, SLICE("account"), number, "done", "\"%s\"",
			      disable ? "disabled" : "enabled");
	result = desk_end(visitor->desk, result, &visitor->fault);
	return result > 0   ? refuse(visitor, result)
	       : result < 0 ? result
			    : answer(visitor, 200, number);
}

int api_account_act(struct visitor *visitor, const struct slice *captured)
{
	int64_t number = 0;
	int result = needs_administrator(visitor);

	if (result == 0)
		result = api_number(visitor, captured[0], &number);
	if (result != 0)
		return result;
	if (slice_eq(captured[1], SLICE("grant")) || slice_eq(captured[1], SLICE("revoke")))
		return change_role(visitor, number, slice_eq(captured[1], SLICE("grant")));
	if (slice_eq(captured[1], SLICE("disable")) || slice_eq(captured[1], SLICE("enable")))
		return change_state(visitor, number, slice_eq(captured[1], SLICE("disable")));
	if (slice_eq(captured[1], SLICE("erase")))
		return erase(visitor, number);
	return api_not_found(visitor->response, "there is no such action");
}
