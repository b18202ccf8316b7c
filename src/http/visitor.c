#include "http/visitor.h"

#include <stdio.h>

#include "base/utf8.h"
#include "render/render.h"

static const struct slice usual_cookie = {"portbook", 8}, secure_cookie = {"__Host-portbook", 15};

static struct slice cookie_name(const struct visitor *visitor)
{
	return desk_access_is_secure(visitor->access) ? secure_cookie : usual_cookie;
}

/* The value of the session's cookie; absent: there is none. */
static struct slice cookie_of(const struct visitor *visitor)
{
	struct slice name = cookie_name(visitor);
	struct slice rest = http_header(visitor->request, SLICE("Cookie"));

	while (rest.p) {
		struct slice value = slice_trim(slice_cut(&rest, ';'));

		if (slice_eq(slice_cut(&value, '='), name))
			return value.n > 0 ? value : SLICE_NONE;
	}
	return SLICE_NONE;
}

/* Of no page elsewhere, and no script: only where it is to be sent. */
static void set_cookie(const struct visitor *visitor, struct slice value)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	strbuf_add(&text, cookie_name(visitor));
	strbuf_add_byte(&text, '=');
	strbuf_add(&text, value);
	strbuf_add(&text, SLICE("; Path=/; HttpOnly; SameSite=Lax"));
	if (desk_access_is_secure(visitor->access))
		strbuf_add(&text, SLICE("; Secure"));
	if (value.n == 0)
		strbuf_add(&text, SLICE("; Max-Age=0"));
	if (!text.failed)
		http_add_header(visitor->response, SLICE("Set-Cookie"), strbuf_slice(&text));
}

static int problem(struct visitor *visitor, unsigned status, struct slice title,
		   struct slice detail)
{
	int result = http_problem(visitor->response, status, title, detail);

	return result < 0 ? result : 1;
}

static int refuse_rate(struct visitor *visitor, unsigned seconds)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", seconds);
	int result = problem(visitor, 429, SLICE("Too Many Requests"),
			     SLICE("you ask too often; Retry-After says when to come again"));

	if (result == 1)
		http_add_header(visitor->response, SLICE("Retry-After"),
				(struct slice){text, n > 0 ? (size_t)n : 0});
	return result;
}

static int refuse_busy(struct visitor *visitor)
{
	int result = problem(visitor, 503, SLICE("Service Unavailable"),
			     SLICE("the desk is busy; try again in a moment"));

	if (result == 1)
		http_add_header(visitor->response, SLICE("Retry-After"), SLICE("5"));
	return result;
}

/* 401, which says how to show who one is (RFC 6750, section 3). */
static int refuse_stranger(struct visitor *visitor, struct slice detail, bool bad_token)
{
	int result = problem(visitor, 401, SLICE("Unauthorized"), detail);

	if (result == 1)
		http_add_header(visitor->response, SLICE("WWW-Authenticate"),
				bad_token ? SLICE("Bearer realm=\"portbook\", "
						  "error=\"invalid_token\"")
					  : SLICE("Bearer realm=\"portbook\""));
	return result;
}

/* The last header of a name, which is what a proxy added; how many there are. */
static size_t last_header(const struct http_request *request, struct slice name,
			  struct slice *ret_value)
{
	size_t count = 0;

	for (size_t i = 0; i < request->header_count; i++) {
		if (!utf8_fold_eq(request->headers[i].name, name))
			continue;
		*ret_value = request->headers[i].value;
		count++;
	}
	return count;
}

/*
 * Behind a proxy the client is whoever that was asked by: the last of X-Forwarded-For, or, where
 * that is a proxy as well, the one before it. What is no address was not added by a proxy.
 */
static struct slice find_peer(const struct visitor *visitor)
{
	const struct accounts *accounts = desk_access_accounts(visitor->access);
	struct slice peer = visitor->request->peer;
	struct slice list = SLICE_NONE;

	(void)last_header(visitor->request, SLICE("X-Forwarded-For"), &list);
	if (!peer.p)
		peer = SLICE("unix");
	while (list.p && accounts_trust(accounts, peer)) {
		size_t comma = slice_find_last_byte(list, ',');
		struct slice last = comma == (size_t)-1 ? list : slice_skip(list, comma + 1);

		last = account_peer_address(slice_trim(last));
		if (!last.p)
			break;
		peer = last;
		list = comma == (size_t)-1 ? SLICE_NONE : (struct slice){list.p, comma};
	}
	return peer;
}

/* Writes down that a session or token was in use; that it was not written does no harm. */
static void touch(struct visitor *visitor)
{
	struct db *db = desk_db(visitor->desk);
	bool session = visitor->way == VISITOR_SESSION && visitor->session.stale;
	bool token = visitor->way == VISITOR_TOKEN && visitor->token.stale;
	struct fault fault;
	int result;

	if (!session && !token)
		return;
	result = desk_begin(visitor->desk, true, &fault);
	if (result == 0)
		result = session ? account_session_touch(db, visitor->session.number, visitor->now,
							 &fault)
				 : account_token_touch(db, visitor->token.number, visitor->now,
						       &fault);
	if (result >= 0)
		result = desk_commit(visitor->desk, &fault);
	if (result < 0)
		desk_rollback(visitor->desk);
}

static int by_token(struct visitor *visitor, struct slice authorization)
{
	struct slice secret = authorization, scheme = slice_cut(&secret, ' ');
	int result;

	if (!utf8_fold_eq(scheme, SLICE("Bearer")) || !secret.p)
		return refuse_stranger(visitor, SLICE("Authorization is to be Bearer and a token"),
				       true);
	result = account_token_verify(desk_db(visitor->desk), slice_trim(secret), visitor->now,
				      &visitor->arena, &visitor->found, &visitor->token,
				      &visitor->fault);
	if (result == ACCOUNT_NONE)
		return refuse_stranger(visitor,
				       SLICE("there is no such token, or its time is over"), true);
	if (result == 0) {
		visitor->way = VISITOR_TOKEN;
		visitor->account = &visitor->found;
	}
	return result;
}

static int by_cookie(struct visitor *visitor, struct slice cookie)
{
	int result = account_session_find(
		desk_access_accounts(visitor->access), desk_db(visitor->desk), cookie, visitor->now,
		&visitor->arena, &visitor->found, &visitor->session, &visitor->fault);

	if (result == 0) {
		visitor->way = VISITOR_SESSION;
		visitor->account = &visitor->found;
	}
	return result < 0 ? result : 0;
}

/* Begins a session; the cookie before is worth nothing from then on. */
static int begin_session(struct visitor *visitor, int64_t account)
{
	struct account_secret cookie CLEANUP(account_secret_done) = {};
	struct accounts *accounts = desk_access_accounts(visitor->access);
	int result = desk_begin(visitor->desk, true, &visitor->fault);

	if (result == 0)
		result = account_session_begin(accounts, desk_db(visitor->desk), account,
					       cookie_of(visitor), visitor->now, &cookie,
					       &visitor->fault);
	result = desk_end(visitor->desk, result, &visitor->fault);
	if (result == 0)
		result = by_cookie(visitor, account_secret_text(&cookie));
	if (result == 0)
		set_cookie(visitor, account_secret_text(&cookie));
	return result;
}

static int by_proxy(struct visitor *visitor)
{
	struct slice name = desk_access_proxy_header(visitor->access);
	struct slice peer = visitor->request->peer, header = SLICE_NONE;
	size_t count = name.p ? last_header(visitor->request, name, &header) : 0;
	bool page = !slice_starts(visitor->request->path, SLICE("/api/"));
	struct account account;
	int result;

	if (!header.p)
		return 0;
	result = accounts_by_proxy(desk_access_accounts(visitor->access), desk_db(visitor->desk),
				   peer.p ? peer : SLICE("unix"), header, &visitor->arena, &account,
				   &visitor->fault);
	if (result == ACCOUNT_NONE)
		return problem(visitor, 403, SLICE("Forbidden"),
			       SLICE("the proxy names an account that there is not"));
	if (result != 0)
		return result < 0 ? result : 0;
	/* One of them may be what a client said. */
	if (count > 1)
		return problem(visitor, 400, SLICE("Bad Request"),
			       SLICE("the proxy names more than one account"));
	if (visitor->account && visitor->account->number == account.number)
		return 0;
	/* Pages need a session for their forms. */
	if (page && visitor->request->method != HTTP_POST)
		return begin_session(visitor, account.number);
	visitor->found = account;
	visitor->account = &visitor->found;
	visitor->way = VISITOR_PROXY;
	return 0;
}

/* What the browser says of the page that it was asked by. */
static bool is_own_page(const struct visitor *visitor)
{
	struct slice site = http_header(visitor->request, SLICE("Sec-Fetch-Site"));
	struct slice origin = http_header(visitor->request, SLICE("Origin"));
	struct slice host = http_header(visitor->request, SLICE("Host"));
	struct slice base = site_base(visitor->site);
	size_t scheme = slice_find(origin, SLICE("://"));

	if (site.p)
		return slice_eq(site, SLICE("same-origin")) || slice_eq(site, SLICE("none"));
	if (!origin.p)
		return true;
	if (origin.n > 0 && slice_starts(base, origin) &&
	    (base.n == origin.n || base.p[origin.n] == '/'))
		return true;
	return scheme != (size_t)-1 && host.n > 0 &&
	       utf8_fold_eq(slice_skip(origin, scheme + 3), host);
}

static int read_form(struct visitor *visitor)
{
	struct slice type = http_header(visitor->request, SLICE("Content-Type"));
	int result;

	if (visitor->request->method != HTTP_POST ||
	    !utf8_fold_eq(slice_trim(slice_cut(&type, ';')),
			  SLICE("application/x-www-form-urlencoded")))
		return 0;
	result = form_read(visitor->request->body, &visitor->arena, &visitor->form);
	if (result == FAULT_LIMIT || result == FAULT_MALFORMED)
		return problem(visitor, 400, SLICE("Bad Request"),
			       result == FAULT_LIMIT ? SLICE("the form has too many fields")
						     : SLICE("the form is no text in UTF-8"));
	return result;
}

static int check_forgery(struct visitor *visitor)
{
	struct slice token = form_value(&visitor->form, SLICE("csrf"), 0);

	if (visitor->request->method != HTTP_POST || visitor->way == VISITOR_TOKEN)
		return 0;
	if (!is_own_page(visitor))
		return problem(visitor, 403, SLICE("Forbidden"),
			       SLICE("this was asked for by a page of another site"));
	if (visitor->way == VISITOR_NOBODY)
		return 0;
	if (!token.p)
		token = http_header(visitor->request, SLICE("X-CSRF-Token"));
	if (visitor->way == VISITOR_SESSION &&
	    account_csrf_right(desk_access_accounts(visitor->access), &visitor->session, token))
		return 0;
	return problem(visitor, 403, SLICE("Forbidden"),
		       SLICE("the form is of another session: load its page again"));
}

/* Whether somebody asks too often. */
static int check_rate(struct visitor *visitor)
{
	unsigned seconds = desk_access_limit(visitor->access, visitor->peer, 0, 1);

	return seconds ? refuse_rate(visitor, seconds) : 0;
}

static int check_account_rate(struct visitor *visitor)
{
	unsigned seconds = visitor->account ? desk_access_limit(visitor->access, SLICE_NONE,
								visitor->account->number, 1)
					    : 0;

	return seconds ? refuse_rate(visitor, seconds) : 0;
}

/* Whether a proxy that says who somebody is asked them for a password itself (RFC 7617). */
static bool is_for_proxy(const struct visitor *visitor, struct slice authorization)
{
	struct slice name = desk_access_proxy_header(visitor->access);
	struct slice peer = visitor->request->peer;

	return utf8_fold_eq(slice_cut(&authorization, ' '), SLICE("Basic")) && name.p &&
	       http_header(visitor->request, name).p &&
	       accounts_trust(desk_access_accounts(visitor->access), peer.p ? peer : SLICE("unix"));
}

static int identify(struct visitor *visitor)
{
	struct slice authorization = http_header(visitor->request, SLICE("Authorization"));
	struct slice cookie = cookie_of(visitor);
	int result = 0;

	if (authorization.p && !is_for_proxy(visitor, authorization))
		return by_token(visitor, authorization);
	if (cookie.p)
		result = by_cookie(visitor, cookie);
	return result == 0 ? by_proxy(visitor) : result;
}

static int borrow(struct visitor *visitor)
{
	int result = desk_access_borrow(visitor->access, &visitor->desk, &visitor->fault);

	if (result == 1)
		return problem(visitor, 404, SLICE("Not Found"),
			       SLICE("this site takes no requests: the registry that it shows is "
				     "another's"));
	return result == 2 ? refuse_busy(visitor) : result;
}

int visitor_has_desk(struct site *site, struct fault *fault)
{
	struct desk_access *access = site_desk(site);
	struct desk *desk;
	int result;

	if (access && desk_access_is_known(access))
		return 1;
	result = access ? desk_access_borrow(access, &desk, fault) : 1;
	if (result == 0)
		desk_access_return(access, desk, false);
	return result < 0 ? result : result != 1;
}

int visitor_open(struct visitor *visitor, struct site *site, const struct http_request *request,
		 struct http_response *response)
{
	int result;

	*visitor = (struct visitor){
		.site = site, .request = request, .response = response, .access = site_desk(site)};
	if (!visitor->access)
		return problem(visitor, 404, SLICE("Not Found"),
			       SLICE("this site takes no requests: the registry that it shows is "
				     "another's"));
	visitor->now = time_write(desk_access_now(visitor->access), visitor->now_space);
	result = borrow(visitor);
	if (result != 0)
		return result;
	visitor->peer = find_peer(visitor);
	result = check_rate(visitor);
	if (result == 0)
		result = identify(visitor);
	if (result == 0)
		result = check_account_rate(visitor);
	if (result == 0)
		result = read_form(visitor);
	if (result == 0)
		result = check_forgery(visitor);
	if (result == 0)
		touch(visitor);
	return result;
}

void visitor_close(struct visitor *visitor)
{
	account_secret_done(&visitor->session.csrf);
	if (visitor->desk)
		desk_access_return(visitor->access, visitor->desk, visitor->broken);
	arena_done(&visitor->arena);
	*visitor = (struct visitor){};
}

/*
 * That browsers ask by https alone for a year (RFC 6797), and show no data as though it were a
 * page.
 */
static void tell_browsers(struct visitor *visitor)
{
	if (slice_starts(visitor->request->path, SLICE("/api/")))
		http_add_header(visitor->response, SLICE("Content-Disposition"),
				SLICE("attachment; filename=\"api.json\""));
	if (visitor->access && desk_access_is_secure(visitor->access))
		http_add_header(visitor->response, SLICE("Strict-Transport-Security"),
				SLICE("max-age=31536000"));
}

int visitor_end(struct visitor *visitor, int result)
{
	bool told = false;

	if (result < 0)
		visitor->broken = true;
	/* The store is locked for long, or a server is away: that may pass. */
	if (result == FAULT_SYSTEM)
		result = refuse_busy(visitor);
	if (result < 0)
		return result;
	tell_browsers(visitor);
	for (size_t i = 0; i < visitor->response->header_count; i++)
		told |= slice_eq(visitor->response->headers[i].name, SLICE("Cache-Control"));
	if (!told)
		http_add_header(visitor->response, SLICE("Cache-Control"), SLICE("no-store"));
	return 0;
}

struct slice visitor_field(struct visitor *visitor, struct slice name)
{
	struct strbuf value CLEANUP(strbuf_done) = {};
	bool failed = false;

	if (visitor->request->method == HTTP_POST)
		return form_value(&visitor->form, name, 0);
	if (http_parameter(visitor->request, name, &value) != 1)
		return SLICE_NONE;
	return arena_copy(&visitor->arena, strbuf_slice(&value), &failed);
}

struct slice visitor_csrf(const struct visitor *visitor)
{
	return visitor->way == VISITOR_SESSION ? account_secret_text(&visitor->session.csrf)
					       : SLICE("");
}

int visitor_needs(struct visitor *visitor, enum account_scope scope)
{
	struct strbuf detail CLEANUP(strbuf_done) = {};

	if (!visitor->account)
		return refuse_stranger(visitor, SLICE("an account is needed"), false);
	if (visitor->way != VISITOR_TOKEN || visitor->token.scopes >> scope & 1)
		return 0;
	strbuf_add(&detail, SLICE("the token has not the scope \""));
	strbuf_add(&detail, account_scope_name(scope));
	strbuf_add_byte(&detail, '"');
	return problem(visitor, 403, SLICE("Forbidden"), strbuf_slice(&detail));
}

static int too_many(struct visitor *visitor)
{
	return fault_set(&visitor->fault, FAULT_LIMIT,
			 "too many passwords are being checked: try again in a moment");
}

int visitor_login(struct visitor *visitor, struct slice login, struct slice password)
{
	struct account_secret cookie CLEANUP(account_secret_done) = {};
	struct accounts *accounts = desk_access_accounts(visitor->access);
	struct db *db = desk_db(visitor->desk);
	struct account_attempt attempt = {};
	int result, commit;

	if (!desk_access_hash_begin(visitor->access))
		return too_many(visitor);
	result = account_login_check(accounts, db, login, password, visitor->peer, visitor->now,
				     &attempt, &visitor->fault);
	desk_access_hash_end(visitor->access);
	if (result == 0)
		result = desk_begin(visitor->desk, true, &visitor->fault);
	if (result < 0)
		return result;
	result = account_login(accounts, db, &attempt, cookie_of(visitor), visitor->now, &cookie,
			       &visitor->fault);
	/* Also where it failed: that is counted. */
	commit = result < 0 ? result : desk_commit(visitor->desk, &visitor->fault);
	if (commit < 0)
		return commit;
	if (result == 0)
		set_cookie(visitor, account_secret_text(&cookie));
	return result;
}

int visitor_logout(struct visitor *visitor)
{
	int result;

	set_cookie(visitor, SLICE(""));
	if (visitor->way != VISITOR_SESSION)
		return 0;
	result = desk_begin(visitor->desk, true, &visitor->fault);
	if (result == 0)
		result = account_session_end(desk_db(visitor->desk), visitor->session.number,
					     &visitor->fault);
	return desk_end(visitor->desk, result, &visitor->fault);
}

int visitor_hash(struct visitor *visitor, const struct account *account, struct slice password,
		 struct account_hash *ret_hash)
{
	int result;

	if (!desk_access_hash_begin(visitor->access))
		return too_many(visitor);
	result = account_password_hash(desk_access_accounts(visitor->access), account, password,
				       ret_hash, &visitor->fault);
	desk_access_hash_end(visitor->access);
	return result;
}

void visitor_published(struct visitor *visitor)
{
	struct fault fault;

	/* It is looked for again every few seconds. */
	(void)!site_refresh(visitor->site, &fault);
}

/* Members behind those that all problems have. */
static void put_members(struct out *out, const struct desk_refusal *refusal, bool findings)
{
	out->n -= 2;
	if (refusal->section[0])
		out_put(out, SLICE(",\"section\":"));
	if (refusal->section[0])
		render_json_text(out, slice_cstr(refusal->section));
	if (refusal->field[0])
		out_put(out, SLICE(",\"field\":"));
	if (refusal->field[0])
		render_json_text(out, slice_cstr(refusal->field));
	if (findings) {
		out_put(out, SLICE(",\"findings\":"));
		preflight_write_json(&refusal->preflight, out);
	}
	out_put(out, SLICE("}\n"));
}

int visitor_refuse(struct visitor *visitor, int outcome, const struct desk_refusal *refusal)
{
	static const struct {
		unsigned status;
		struct slice title;
	} problems[] = {
		[DESK_DONE] = {500, {"Internal Server Error", 21}},
		[DESK_NOT_FOUND] = {404, {"Not Found", 9}},
		[DESK_FORBIDDEN] = {403, {"Forbidden", 9}},
		[DESK_NOT_NOW] = {409, {"Conflict", 8}},
		[DESK_CONFLICT] = {409, {"Conflict", 8}},
		[DESK_INVALID] = {422, {"Unprocessable Content", 21}},
	};
	int result;

	if (outcome < 0)
		return outcome;
	result = problem(visitor, problems[outcome].status, problems[outcome].title,
			 refusal->why.text[0] ? slice_cstr(refusal->why.text) : SLICE_NONE);
	if (result == 1)
		put_members(&visitor->response->body, refusal, outcome == DESK_INVALID);
	return result;
}
