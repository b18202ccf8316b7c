/* /desk/me: one's own account, its password and tokens, and what the desk has of a person. */
#include "http/desk_page.h"

#include "base/number.h"

/* What is shown beside the account: zeroed, nothing. */
struct me {
	struct desk_page *page;
	struct slice error;	       /* what was refused */
	struct slice done;	       /* what was done */
	struct account_secret *secret; /* of a token that was made; NULL: none */
	size_t tokens;
};

static void put_profile(struct me *me)
{
	struct desk_page *page = me->page;
	const struct account *account = page->account;

	page_put(page, SLICE("<h2>Who you are</h2>\n"));
	page_form_begin(page, SLICE("/desk/me"), SLICE("narrow"));
	page_hidden(page, SLICE("do"), SLICE("profile"));
	page_input(page, &(struct page_input){.name = SLICE("name"),
					      .label = SLICE("Name"),
					      .value = account->name,
					      .autocomplete = SLICE("name")});
	page_input(page, &(struct page_input){.name = SLICE("email"),
					      .label = SLICE("Email"),
					      .type = SLICE("email"),
					      .value = account->email,
					      .autocomplete = SLICE("email"),
					      .help = SLICE("Where letters about your requests "
							    "go.")});
	page_put(page, SLICE("<div class=\"submit\"><button type=\"submit\">Save</button></div>"
			     "</form>\n"));
	if (account->role_count == 0 && !account->person.p)
		return;
	page_put(page, SLICE("<dl class=\"facts\">"));
	if (account->person.p) {
		page_put(page, SLICE("<dt>In the registry</dt><dd>"));
		page_text(page, account->person);
		page_put(page, SLICE("</dd>"));
	}
	for (size_t i = 0; i < account->role_count; i++) {
		const struct account_role *role = &account->roles[i];

		page_put(page, SLICE("<dt>"));
		page_text(page, role_name(role->role));
		page_put(page, SLICE("</dt><dd>"));
		page_role_ports(page, role);
		page_put(page, SLICE("</dd>\n"));
	}
	page_put(page, SLICE("</dl>\n"));
}

static void put_password(struct me *me)
{
	struct desk_page *page = me->page;

	if (!page->account->has_password)
		return;
	page_put(page, SLICE("<h2>Password</h2>\n"));
	page_form_begin(page, SLICE("/desk/me"), SLICE("narrow"));
	page_hidden(page, SLICE("do"), SLICE("password"));
	page_username(page, page->account->login);
	page_input(page, &(struct page_input){.name = SLICE("current"),
					      .label = SLICE("Your password now"),
					      .type = SLICE("password"),
					      .autocomplete = SLICE("current-password"),
					      .needed = true});
	page_input(page, &(struct page_input){.name = SLICE("password"),
					      .label = SLICE("The new one"),
					      .type = SLICE("password"),
					      .autocomplete = SLICE("new-password"),
					      .help = SLICE("12 characters or more, whichever you "
							    "like. All sessions end."),
					      .needed = true});
	page_put(page, SLICE("<div class=\"submit\"><button type=\"submit\">Change it</button>"
			     "</div></form>\n"));
}

static int put_token(void *context, const struct account_token *token)
{
	struct me *me = context;
	struct desk_page *page = me->page;

	if (me->tokens++ == 0)
		page_put(page, SLICE("<table class=\"rows\"><caption>Your tokens</caption><thead>"
				     "<tr><th scope=\"col\">Label</th><th scope=\"col\">May</th>"
				     "<th scope=\"col\">Until</th><th scope=\"col\">Last used</th>"
				     "<th scope=\"col\"><span class=\"hidden\">Revoke</span></th>"
				     "</tr></thead><tbody>\n"));
	page_put(page, SLICE("<tr><th scope=\"row\">"));
	page_text(page, token->label);
	page_put(page, SLICE("</th><td data-label=\"May\">"));
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		if (!(token->scopes >> i & 1))
			continue;
		page_text(page, account_scope_name((enum account_scope)i));
		page_put(page, token->scopes >> i > 1 ? SLICE(", ") : SLICE_NONE);
	}
	page_put(page, SLICE("</td><td data-label=\"Until\" class=\"when\">"));
	if (token->expires.p)
		page_time(page, token->expires);
	else
		page_put(page, SLICE("no end"));
	page_put(page, SLICE("</td><td data-label=\"Last used\" class=\"when\">"));
	if (token->used.p)
		page_time(page, token->used);
	else
		page_put(page, SLICE("never"));
	page_put(page, SLICE("</td><td>"));
	page_form_begin(page, SLICE("/desk/me"), SLICE_NONE);
	page_hidden(page, SLICE("do"), SLICE("revoke"));
	page_hidden_number(page, SLICE("token"), token->number);
	page_put(page, SLICE("<button type=\"submit\">Revoke<span class=\"hidden\"> "));
	page_text(page, token->label);
	page_put(page, SLICE("</span></button></form></td></tr>\n"));
	return 0;
}

static void put_token_form(struct desk_page *page)
{
	static const struct slice meanings[SCOPE_COUNT] = {
		[SCOPE_READ] = SLICE("read what you may see"),
		[SCOPE_FILE] = SLICE("file, amend, answer and withdraw applications"),
		[SCOPE_ACT] = SLICE("what your roles let you do with requests"),
		[SCOPE_LEASE] = SLICE("take and give back leases of ports"),
		[SCOPE_ADMIN] = SLICE("accounts and roles"),
	};
	static const struct {
		struct slice days, text;
	} ends[] = {
		{SLICE("30"), SLICE("30 days")},
		{SLICE("90"), SLICE("90 days")},
		{SLICE("365"), SLICE("a year")},
		{SLICE("0"), SLICE("until it is revoked")},
	};

	page_form_begin(page, SLICE("/desk/me"), SLICE("narrow"));
	page_hidden(page, SLICE("do"), SLICE("token"));
	page_input(page, &(struct page_input){.name = SLICE("label"),
					      .label = SLICE("A new token: what for"),
					      .help = SLICE("For you to tell it from others."),
					      .needed = true});
	page_put(page, SLICE("<fieldset class=\"field\"><legend>It may</legend>"));
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		page_put(page, SLICE("<label class=\"check\"><input type=\"checkbox\" "
				     "name=\"scope\" value=\""));
		page_value(page, account_scope_name((enum account_scope)i));
		page_put(page,
			 i == SCOPE_READ ? SLICE("\" checked=\"checked\" /> ") : SLICE("\" /> "));
		page_put(page, meanings[i]);
		page_put(page, SLICE("</label>"));
	}
	page_put(page, SLICE("</fieldset><div class=\"field\"><label for=\"f-days\">For how long"
			     "</label><select id=\"f-days\" name=\"days\">"));
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		page_option(page, ends[i].days, ends[i].text, i == 1);
	page_put(page, SLICE("</select></div><div class=\"submit\"><button type=\"submit\">Make "
			     "it</button></div></form>\n"));
}

static int put_tokens(struct me *me)
{
	struct desk_page *page = me->page;
	int result;

	page_put(page, SLICE("<h2 id=\"tokens\">Tokens for programs</h2>\n"));
	result = account_token_list(desk_db(page->desk), page->account->number, put_token, me,
				    &page->visitor.fault);
	page_put(page, me->tokens > 0 ? SLICE("</tbody></table>\n") : SLICE(""));
	put_token_form(page);
	return result < 0 ? result : 0;
}

static void put_rest(struct me *me)
{
	struct desk_page *page = me->page;

	page_put(page, SLICE("<h2>Sessions</h2>\n"));
	page_form_begin(page, SLICE("/desk/me"), SLICE_NONE);
	page_hidden(page, SLICE("do"), SLICE("end"));
	page_put(page, SLICE("<p>Log out here and wherever else you are logged in.</p><button "
			     "type=\"submit\">End all sessions</button></form>\n"
			     "<h2>Your data</h2>\n<p>All that the desk has of you: account, roles, "
			     "sessions, tokens, applications and notes.</p>"
			     "<p><a class=\"button\" href=\"/desk/me/export\" "
			     "download=\"portbook-account.json\">Download it (JSON)</a></p>\n"
			     "<h2>Erase the account</h2>\n<p>Name, address, notes and the private "
			     "parts of your applications are removed for good. What the registry "
			     "has published stays. Requests that are open are to be withdrawn "
			     "first.</p>\n"));
	page_form_begin(page, SLICE("/desk/me"), SLICE("narrow"));
	page_hidden(page, SLICE("do"), SLICE("erase"));
	page_input(page, &(struct page_input){.name = SLICE("confirm"),
					      .label = SLICE("Type your login to confirm it"),
					      .autocomplete = SLICE("off")});
	page_put(page, SLICE("<div class=\"submit\"><button type=\"submit\" class=\"danger\">Erase "
			     "my account</button></div></form>\n"));
}

static int show(struct me *me, unsigned status)
{
	struct desk_page *page = me->page;
	int result = page_begin(page, status, SLICE("Your account"), SLICE("/desk/me"));

	if (result < 0)
		return result;
	page_put(page, SLICE("<h1>Your account</h1>\n<p class=\"lead\">You are logged in as "
			     "<b>"));
	page_text(page, page->account->login);
	page_put(page, SLICE("</b>. <a href=\"/desk?mine=1#requests\">Your requests</a></p>\n"));
	if (me->error.n > 0) {
		page_message(page, true, me->error);
		page_message_end(page);
	}
	if (me->secret) {
		page_message(page, false, SLICE("The token: it is shown only now"));
		page_put(page, SLICE("<p><code class=\"secret\">"));
		page_text(page, account_secret_text(me->secret));
		page_put(page, SLICE("</code></p>"));
		page_message_end(page);
	} else if (me->done.n > 0) {
		page_message(page, false, SLICE("Done"));
		page_message_end(page);
	}
	put_profile(me);
	put_password(me);
	result = put_tokens(me);
	put_rest(me);
	return result < 0 ? result : page_end(page);
}

int desk_me_page(struct desk_page *page, const struct slice *captured)
{
	struct me me = {.page = page};
	int result = page_need_account(page);

	(void)captured;
	if (result == 0) {
		me.done = page_field(page, SLICE("done"));
		result = show(&me, 200);
	}
	return result;
}

static int say(struct me *me, struct slice error)
{
	me->error = error;
	return show(me, 422);
}

/* Ends what was begun: what was done is kept, what was refused is told. */
static int settle(struct me *me, int result)
{
	struct desk_page *page = me->page;

	result = desk_end(page->desk, result, &page->visitor.fault);
	if (result == ACCOUNT_TAKEN || result == ACCOUNT_REFUSED)
		return say(me, slice_cstr(page->visitor.fault.text));
	if (result == ACCOUNT_NONE)
		return say(me, SLICE("There is no such thing any more."));
	return result;
}

/* Tells the log, within the transaction, what was done with the account, or with a token of it. */
static int note(struct me *me, struct slice action, const char *what, int64_t token)
{
	struct desk_page *page = me->page;
	struct strbuf body CLEANUP(strbuf_done) = {};

	strbuf_printf(&body, "{\"account\":%lld,", (long long)page->account->number);
	if (token)
		strbuf_printf(&body, "\"%s\":%lld}", what, (long long)token);
	else
		strbuf_printf(&body, "\"did\":\"%s\"}", what);
	if (body.failed)
		return fault_memory(&page->visitor.fault);
	return desk_note(page->desk, page->account->number, action, strbuf_slice(&body), page->now,
			 &page->visitor.fault);
}

static int change_profile(struct me *me)
{
	struct desk_page *page = me->page;
	struct account_details details = {.name = page_field(page, SLICE("name")),
					  .email = page_field(page, SLICE("email")),
					  .person = page->account->person};
	int result = desk_begin(page->desk, true, &page->visitor.fault);

	if (result == 0)
		result = account_change(desk_db(page->desk), page->account->number, &details,
					&page->visitor.fault);
	if (result == 0 && !slice_eq(details.email, page->account->email))
		result = desk_warn(page->desk, page->account, "its address was changed", page->now,
				   &page->visitor.fault);
	if (result == 0)
		result = note(me, SLICE("account"), "change", 0);
	result = settle(me, result);
	return result == 0 && page->response->status == 0
		       ? page_go(page, SLICE("/desk/me?done=profile"))
		       : result;
}

/* The session ends with it, as all others do: the new password is then tried at once. */
static int change_password(struct me *me)
{
	struct desk_page *page = me->page;
	struct visitor *visitor = &page->visitor;
	struct account_hash hash;
	int result = visitor_hash(visitor, page->account, visitor_field(visitor, SLICE("password")),
				  &hash);

	if (result == 0)
		result = visitor_login(visitor, page->account->login,
				       visitor_field(visitor, SLICE("current")));
	if (result == ACCOUNT_REFUSED || result == FAULT_LIMIT)
		return say(me, slice_cstr(visitor->fault.text));
	if (result == 0)
		result = desk_begin(page->desk, true, &visitor->fault);
	if (result == 0)
		result = account_password_set(desk_db(page->desk), page->account->number, &hash, 0,
					      &visitor->fault);
	if (result == 0)
		result = desk_warn(page->desk, page->account, "its password was changed", page->now,
				   &visitor->fault);
	if (result == 0)
		result = note(me, SLICE("account"), "password", 0);
	result = settle(me, result);
	return result == 0 && page->response->status == 0
		       ? page_go(page, SLICE("/desk/login?done=password"))
		       : result;
}

enum { DAYS_MAX = 3650 };

static unsigned read_scopes(struct desk_page *page)
{
	enum account_scope scope;
	unsigned scopes = 0;
	struct slice word;

	for (size_t i = 0; (word = form_value(&page->visitor.form, SLICE("scope"), i)).p; i++) {
		if (account_scope_find(word, &scope))
			scopes |= 1u << scope;
	}
	return scopes;
}

static int make_token(struct me *me)
{
	struct desk_page *page = me->page;
	struct account_secret secret CLEANUP(account_secret_done) = {};
	struct account_token token = {.account = page->account->number,
				      .label = page_field(page, SLICE("label")),
				      .scopes = read_scopes(page)};
	uint64_t days;
	int64_t now, number;
	char space[TIME_LENGTH];
	int result;

	/* 0 is for ever, which a slip is not to be. */
	if (!number_parse(page_field(page, SLICE("days")), DAYS_MAX, &days))
		return say(me, SLICE("A token is for so many days, at most ten years, or for 0: "
				     "until it is revoked."));
	if (days > 0 && time_parse(page->now, &now))
		token.expires = time_write(now + (int64_t)days * 86400, space);
	result = desk_begin(page->desk, true, &page->visitor.fault);
	if (result == 0)
		result = account_token_create(desk_access_accounts(page->visitor.access),
					      desk_db(page->desk), &token, page->now, &number,
					      &secret, &page->visitor.fault);
	if (result == 0)
		result = note(me, SLICE("token"), "token", number);
	result = settle(me, result);
	if (result != 0 || page->response->status != 0)
		return result;
	me->secret = &secret;
	return show(me, 200);
}

static int revoke_token(struct me *me)
{
	struct desk_page *page = me->page;
	int64_t token = page_field_number(page, SLICE("token"));
	int result = desk_begin(page->desk, true, &page->visitor.fault);

	/* 0 would be all of them. */
	if (result == 0)
		result = token == 0
				 ? (int)ACCOUNT_NONE
				 : account_token_revoke(desk_db(page->desk), page->account->number,
							token, &page->visitor.fault);
	if (result == 0)
		result = note(me, SLICE("token"), "revoked", token);
	result = settle(me, result);
	return result == 0 && page->response->status == 0
		       ? page_go(page, SLICE("/desk/me?done=revoke"))
		       : result;
}

static int end_sessions(struct me *me)
{
	struct desk_page *page = me->page;
	int result = desk_begin(page->desk, true, &page->visitor.fault);

	if (result == 0)
		result = account_session_end_all(desk_db(page->desk), page->account->number,
						 &page->visitor.fault);
	result = settle(me, result);
	return result == 0 ? page_go(page, SLICE("/desk/login?done=logout")) : result;
}

static int erase(struct me *me)
{
	struct desk_page *page = me->page;
	struct desk_refusal refusal = {};
	int result;

	if (!slice_eq(page_field(page, SLICE("confirm")), page->account->login))
		return say(me, SLICE("Type your login to erase the account: nothing was erased."));
	result = desk_erase(page->desk, page->account, page->account->number, page->now, &refusal,
			    &page->visitor.fault);
	if (result > 0)
		return say(me, slice_cstr(refusal.why.text));
	return result == 0 ? page_go(page, SLICE("/desk/login?done=erased")) : result;
}

int desk_me_post(struct desk_page *page, const struct slice *captured)
{
	static const struct {
		struct slice name;
		int (*act)(struct me *me);
	} acts[] = {
		{SLICE("profile"), change_profile}, {SLICE("password"), change_password},
		{SLICE("token"), make_token},	    {SLICE("revoke"), revoke_token},
		{SLICE("end"), end_sessions},	    {SLICE("erase"), erase},
	};
	struct me me = {.page = page};
	int result = page_need_account(page);

	(void)captured;
	if (result != 0)
		return result;
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		if (slice_eq(page_field(page, SLICE("do")), acts[i].name))
			return acts[i].act(&me);
	}
	return say(&me, SLICE("There is no such thing to do."));
}

int desk_me_export(struct desk_page *page, const struct slice *captured)
{
	int result = page_need_account(page);

	(void)captured;
	if (result == 0)
		result = http_respond(page->response, 200, HTTP_JSON);
	else
		return result;
	http_add_header(page->response, SLICE("Content-Disposition"),
			SLICE("attachment; filename=\"portbook-account.json\""));
	if (result == 0)
		result = desk_export(page->desk, page->account->number, &page->response->body,
				     &page->visitor.fault);
	return result;
}
