/* /desk/admin: accounts and their roles, the policy, the mail and the log. */
#include "http/desk_page.h"

#include "base/number.h"
#include "http/desk_admin.h"
#include "mail/mail.h"

enum { ACCOUNTS = 100, LETTERS = 50 };

int admin_open(struct desk_page *page)
{
	int result = page_need_account(page);

	if (result != 0 || page_is_admin(page->account))
		return result;
	result = page_refuse(page, 403, SLICE("Not yours to see"),
			     SLICE("Only administrators see accounts, mail and the log."),
			     SLICE("policy, roles"));
	return result < 0 ? result : 1;
}

int admin_settle(struct admin *admin, struct slice action, int64_t account, struct slice did,
		 int result)
{
	struct desk_page *page = admin->page;
	struct strbuf body CLEANUP(strbuf_done) = {};

	strbuf_printf(&body, "{\"account\":%lld,\"did\":\"%.*s\"}", (long long)account, (int)did.n,
		      did.p);
	if (result == 0 && body.failed)
		result = FAULT_MEMORY;
	if (result == 0)
		result = desk_note(page->desk, page->account->number, action, strbuf_slice(&body),
				   page->now, &page->visitor.fault);
	result = desk_end(page->desk, result, &page->visitor.fault);
	if (result == ACCOUNT_LAST)
		admin->error = SLICE("Nobody would be left who administers accounts.");
	else if (result == ACCOUNT_NONE)
		admin->error = SLICE("There is no such thing.");
	else if (result == ACCOUNT_TAKEN)
		admin->error = SLICE("Another account has that login.");
	else if (result > 0)
		admin->error = slice_cstr(page->visitor.fault.text);
	return result;
}

void admin_messages(struct admin *admin)
{
	if (admin->error.n > 0) {
		page_message(admin->page, true, admin->error);
		page_message_end(admin->page);
	} else if (admin->done.n > 0) {
		page_message(admin->page, false,
			     slice_eq(admin->done, SLICE("create"))
				     ? SLICE("The account is there: it needs a password to log "
					     "in, and roles only to decide on requests")
				     : SLICE("Done"));
		page_message_end(admin->page);
	}
}

static int put_account(void *context, const struct account *account)
{
	struct admin *admin = context;
	struct desk_page *page = admin->page;
	unsigned roles = 0;

	admin->last = account->number;
	if (admin->count++ == ACCOUNTS)
		return 1;
	page_put(page, SLICE("<tr><th scope=\"row\"><a href=\"/desk/admin/accounts/"));
	page_number(page, account->number);
	page_put(page, SLICE("\">"));
	page_text(page, account->login);
	page_put(page, SLICE("</a></th><td>"));
	page_text(page, account->name);
	page_put(page, SLICE("</td><td>"));
	page_text(page, account->email);
	page_put(page, SLICE("</td><td>"));
	for (size_t i = 0; i < account->role_count; i++)
		roles |= 1u << account->roles[i].role;
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		if (!(roles >> i & 1))
			continue;
		page_put(page, SLICE("<span class=\"tag\">"));
		page_text(page, role_name((enum role)i));
		page_put(page, SLICE("</span> "));
	}
	if (account->disabled.p)
		page_put(page, SLICE("<span class=\"tag warn\">disabled</span>"));
	page_put(page, SLICE("</td></tr>\n"));
	return 0;
}

static int put_accounts(struct admin *admin)
{
	struct desk_page *page = admin->page;
	int64_t after = page_field_number(page, SLICE("after"));
	int result;

	page_put(page, SLICE("<h2 id=\"accounts\">Accounts</h2>\n<table class=\"rows\"><caption "
			     "class=\"hidden\">Accounts</caption><thead><tr><th scope=\"col\">Login"
			     "</th><th scope=\"col\">Name</th><th scope=\"col\">Email</th><th "
			     "scope=\"col\">Roles</th></tr></thead><tbody>\n"));
	result = account_list(desk_db(page->desk), after, ACCOUNTS + 1, put_account, admin,
			      &page->visitor.fault);
	page_put(page, SLICE("</tbody></table>\n"));
	if (admin->count > ACCOUNTS) {
		page_put(page, SLICE("<p><a href=\"/desk/admin?after="));
		page_number(page, admin->last - 1);
		page_put(page, SLICE("#accounts\">More accounts</a></p>\n"));
	}
	return result < 0 ? result : 0;
}

static void put_new_account(struct admin *admin)
{
	struct desk_page *page = admin->page;
	bool again = admin->error.n > 0;

	page_put(page, SLICE("<h3>A new account</h3>\n"));
	page_form_begin(page, SLICE("/desk/admin"), SLICE("narrow"));
	page_hidden(page, SLICE("do"), SLICE("create"));
	page_input(page, &(struct page_input){.name = SLICE("login"),
					      .label = SLICE("Login"),
					      .value = again ? page_field(page, SLICE("login"))
							     : SLICE_NONE,
					      .autocomplete = SLICE("off"),
					      .needed = true});
	page_input(page, &(struct page_input){.name = SLICE("name"),
					      .label = SLICE("Name"),
					      .value = again ? page_field(page, SLICE("name"))
							     : SLICE_NONE,
					      .autocomplete = SLICE("off")});
	page_input(page, &(struct page_input){.name = SLICE("email"),
					      .label = SLICE("Email"),
					      .type = SLICE("email"),
					      .value = again ? page_field(page, SLICE("email"))
							     : SLICE_NONE,
					      .autocomplete = SLICE("off")});
	page_put(page, SLICE("<div class=\"submit\"><button type=\"submit\">Make it</button></div>"
			     "</form>\n"));
}

static int put_letter(void *context, const struct mail_letter *letter)
{
	struct admin *admin = context;
	struct desk_page *page = admin->page;

	if (admin->letters++ == 0)
		page_put(page, SLICE("<table class=\"rows\"><caption>Letters that failed</caption>"
				     "<thead><tr><th scope=\"col\">To</th><th scope=\"col\">About"
				     "</th><th scope=\"col\">Why</th><th scope=\"col\"><span "
				     "class=\"hidden\">Retry</span></th></tr></thead><tbody>\n"));
	page_put(page, SLICE("<tr><th scope=\"row\">"));
	page_text(page, letter->address);
	page_put(page, SLICE("</th><td>"));
	page_text(page, letter->subject);
	page_put(page, SLICE("</td><td>"));
	page_text(page, letter->reason);
	page_put(page, SLICE("</td><td>"));
	page_form_begin(page, SLICE("/desk/admin"), SLICE_NONE);
	page_hidden(page, SLICE("do"), SLICE("retry"));
	page_hidden_number(page, SLICE("letter"), letter->number);
	page_put(page, SLICE("<button type=\"submit\">Send again<span class=\"hidden\"> to "));
	page_text(page, letter->address);
	page_put(page, SLICE("</span></button></form></td></tr>\n"));
	return 0;
}

static int put_mail(struct admin *admin)
{
	struct desk_page *page = admin->page;
	struct mail_filter filter = {.states = 1u << MAIL_FAILED, .most = LETTERS};
	int64_t counts[MAIL_STATES] = {};
	int result = mail_counts(desk_db(page->desk), counts, &page->visitor.fault);

	page_put(page, SLICE("<h2>Mail</h2>\n<dl class=\"figures\">"));
	for (unsigned i = 0; i < MAIL_STATES; i++) {
		page_put(page, SLICE("<div><dt>"));
		page_text(page, mail_state_name((enum mail_state)i));
		page_put(page, SLICE("</dt><dd>"));
		page_number(page, counts[i]);
		page_put(page, SLICE("</dd></div>"));
	}
	page_put(page, SLICE("</dl>\n"));
	if (counts[MAIL_QUEUED] > 0)
		page_put(page, SLICE("<p class=\"quiet\">Queued letters leave by <code>portbook "
				     "serve --mail</code> or <code>portbook request mail send"
				     "</code>.</p>\n"));
	if (result == 0)
		result = mail_list(desk_db(page->desk), &filter, put_letter, admin,
				   &page->visitor.fault);
	page_put(page, admin->letters > 0 ? SLICE("</tbody></table>\n") : SLICE(""));
	return result < 0 ? result : 0;
}

static void put_log(struct admin *admin)
{
	struct desk_page *page = admin->page;

	page_put(page,
		 SLICE("<h2>Log</h2>\n<p>Everything that is done is an event with a hash over "
		       "its predecessor.</p>\n"));
	if (admin->verified) {
		page_message(page, admin->wrong.n > 0,
			     admin->wrong.n > 0 ? SLICE("The log is not what was written")
						: SLICE("The chain holds"));
		page_put(page, SLICE("<p>"));
		page_number(page, admin->events);
		page_put(page, SLICE(" events were read.</p><p>"));
		page_lines(page, strbuf_slice(&admin->wrong));
		page_put(page, SLICE("</p>"));
		page_message_end(page);
	}
	page_form_begin(page, SLICE("/desk/admin"), SLICE_NONE);
	page_hidden(page, SLICE("do"), SLICE("verify"));
	page_put(page, SLICE("<button type=\"submit\">Verify the chain</button></form>\n"));
}

static int show(struct admin *admin, unsigned status)
{
	struct desk_page *page = admin->page;
	int result = page_begin(page, status, SLICE("Administration"), SLICE("/desk/admin"));

	if (result < 0)
		return result;
	page_put(page, SLICE("<h1>Administration</h1>\n"));
	admin_messages(admin);
	result = put_accounts(admin);
	put_new_account(admin);
	if (result == 0)
		result = put_mail(admin);
	put_log(admin);
	page_put(page, SLICE("<h2 id=\"policy\">Policy</h2>\n<details><summary>"));
	page_text(page, desk_policy(page->desk)->title);
	page_put(page, SLICE("</summary><pre class=\"scroll\" tabindex=\"0\" role=\"region\" "
			     "aria-labelledby=\"policy\">"));
	page_text(page, desk_policy_text(page->desk));
	page_put(page, SLICE("</pre></details>\n"));
	return result < 0 ? result : page_end(page);
}

int desk_admin_page(struct desk_page *page, const struct slice *captured)
{
	struct admin admin CLEANUP(admin_done) = {.page = page};
	int result = admin_open(page);

	(void)captured;
	if (result == 0) {
		admin.done = page_field(page, SLICE("done"));
		result = show(&admin, 200);
	}
	return result;
}

static int create(struct admin *admin)
{
	struct desk_page *page = admin->page;
	struct account_details details = {.login = page_field(page, SLICE("login")),
					  .name = page_field(page, SLICE("name")),
					  .email = page_field(page, SLICE("email"))};
	int64_t number = 0;
	int result = desk_begin(page->desk, true, &page->visitor.fault);

	if (!details.login.p)
		details.login = SLICE("");
	if (result == 0)
		result = account_create(desk_db(page->desk), &details, page->now, &number,
					&page->visitor.fault);
	result = admin_settle(admin, SLICE("account"), number, SLICE("add"), result);
	return result == 0 ? page_go_number(page, SLICE("/desk/admin/accounts/"), number,
					    SLICE("?done=create"))
			   : result;
}

static int retry(struct admin *admin)
{
	struct desk_page *page = admin->page;
	int result = desk_begin(page->desk, true, &page->visitor.fault);

	if (result == 0)
		result = mail_retry(desk_db(page->desk), page_field_number(page, SLICE("letter")),
				    page->now, &page->visitor.fault);
	result = desk_end(page->desk, result, &page->visitor.fault);
	if (result == 1)
		admin->error = SLICE("That letter waits for nothing any more.");
	return result == 0 ? page_go(page, SLICE("/desk/admin?done=retry")) : result;
}

static int note_wrong(void *context, struct slice line)
{
	struct admin *admin = context;

	if (admin->wrong.n < 4000) {
		strbuf_add(&admin->wrong, line);
		strbuf_add_byte(&admin->wrong, '\n');
	}
	return 0;
}

static int verify(struct admin *admin)
{
	struct desk_page *page = admin->page;
	int result =
		desk_verify(page->desk, note_wrong, admin, &admin->events, &page->visitor.fault);

	admin->verified = result == 0;
	return result == 0 ? show(admin, 200) : result;
}

int desk_admin_post(struct desk_page *page, const struct slice *captured)
{
	static const struct admin_act acts[] = {
		{SLICE("create"), create}, {SLICE("retry"), retry}, {SLICE("verify"), verify}};
	struct admin admin CLEANUP(admin_done) = {.page = page};
	int result = admin_open(page);

	(void)captured;
	if (result != 0)
		return result;
	result = admin_act(&admin, acts, ARRAY_SIZE(acts));
	if (result > 0)
		result = show(&admin, 422);
	return result;
}
