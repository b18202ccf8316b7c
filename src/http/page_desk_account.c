/* /desk/admin/accounts/N: one account: its details, roles and password. */
#include "base/number.h"
#include "http/desk_admin.h"

void admin_done(struct admin *admin)
{
	arena_done(&admin->arena);
	strbuf_done(&admin->wrong);
	*admin = (struct admin){};
}

int admin_act(struct admin *admin, const struct admin_act *acts, size_t count)
{
	struct slice name = page_field(admin->page, SLICE("do"));

	for (size_t i = 0; i < count; i++) {
		if (slice_eq(name, acts[i].name))
			return acts[i].act(admin);
	}
	admin->error = SLICE("There is no such thing to do.");
	return 1;
}

/* The form of one act, up to where its fields are. */
static void begin_act(struct admin *admin, struct slice name, struct slice class_name)
{
	struct strbuf path CLEANUP(strbuf_done) = {};

	strbuf_add(&path, SLICE("/desk/admin/accounts/"));
	strbuf_add_uint(&path, (uint64_t)admin->account.number);
	page_form_begin(admin->page, strbuf_slice(&path), class_name);
	page_hidden(admin->page, SLICE("do"), name);
}

static void put_details(struct admin *admin)
{
	const struct account *account = &admin->account;
	struct desk_page *page = admin->page;

	page_put(page, SLICE("<h2>Details</h2>\n"));
	begin_act(admin, SLICE("details"), SLICE("narrow"));
	page_input(page, &(struct page_input){.name = SLICE("login"),
					      .label = SLICE("Login"),
					      .value = account->login,
					      .autocomplete = SLICE("off"),
					      .needed = true});
	page_input(page, &(struct page_input){.name = SLICE("name"),
					      .label = SLICE("Name"),
					      .value = account->name,
					      .autocomplete = SLICE("off")});
	page_input(page, &(struct page_input){.name = SLICE("email"),
					      .label = SLICE("Email"),
					      .type = SLICE("email"),
					      .value = account->email,
					      .autocomplete = SLICE("off")});
	page_input(page,
		   &(struct page_input){.name = SLICE("person"),
					.label = SLICE("Person of the registry"),
					.value = account->person,
					.help = SLICE("The id of the assignee or contact that "
						      "this is: it may then ask for changes "
						      "of those rows."),
					.autocomplete = SLICE("off")});
	page_put(page, SLICE("<div class=\"submit\"><button type=\"submit\">Save</button></div>"
			     "</form>\n"));
}

static void put_role(struct admin *admin, const struct account_role *role)
{
	struct desk_page *page = admin->page;

	page_put(page, SLICE("<li><b>"));
	page_text(page, role_name(role->role));
	page_put(page, SLICE("</b> "));
	begin_act(admin, SLICE("revoke"), SLICE("inline"));
	page_hidden(page, SLICE("role"), role_name(role->role));
	if (role->first_port < 0) {
		page_hidden(page, SLICE("names"), SLICE("1"));
	} else {
		page_hidden_number(page, SLICE("first"), role->first_port);
		page_hidden_number(page, SLICE("last"), role->last_port);
	}
	page_role_ports(page, role);
	page_put(page, SLICE(" <button type=\"submit\">Take it away</button></form></li>\n"));
}

static void put_roles(struct admin *admin)
{
	struct desk_page *page = admin->page;

	page_put(page, SLICE("<h2>Roles</h2>\n<ul class=\"roles\">"));
	for (size_t i = 0; i < admin->account.role_count; i++)
		put_role(admin, &admin->account.roles[i]);
	page_put(page, SLICE("</ul>\n"));
	if (admin->account.role_count == 0)
		page_put(page, SLICE("<p class=\"empty\">None: it may apply, as everybody may."
				     "</p>\n"));
	begin_act(admin, SLICE("grant"), SLICE("find"));
	page_put(page, SLICE("<div class=\"field\"><label for=\"f-role\">Role</label><select "
			     "id=\"f-role\" name=\"role\">"));
	for (unsigned i = ROLE_REVIEWER; i < ROLE_COUNT; i++)
		page_option(page, role_name((enum role)i), role_name((enum role)i), false);
	page_put(page,
		 SLICE("</select></div><div class=\"field\"><label for=\"f-first\">First port"
		       "</label><input id=\"f-first\" name=\"first\" inputmode=\"numeric\" "
		       "size=\"6\" aria-describedby=\"help-range\" /></div><div "
		       "class=\"field\"><label for=\"f-last\">Last port</label><input "
		       "id=\"f-last\" name=\"last\" inputmode=\"numeric\" size=\"6\" "
		       "aria-describedby=\"help-range\" /></div><label class=\"check\"><input "
		       "type=\"checkbox\" name=\"names\" value=\"1\" /> names without a port "
		       "alone</label><button type=\"submit\">Give it</button></form>\n<p "
		       "class=\"help\" id=\"help-range\">Without ports it is for all of them, "
		       "and for names.</p>\n"));
}

static void put_password(struct admin *admin)
{
	struct desk_page *page = admin->page;

	page_put(page, admin->account.has_password ? SLICE("<h2>Another password</h2>\n")
						   : SLICE("<h2>A password</h2>\n"));
	begin_act(admin, SLICE("password"), SLICE("narrow"));
	page_username(page, admin->account.login);
	page_input(page, &(struct page_input){.name = SLICE("password"),
					      .label = SLICE("Password"),
					      .type = SLICE("password"),
					      .autocomplete = SLICE("new-password"),
					      .help = SLICE("12 characters or more. Its person "
							    "changes it after the first login."),
					      .needed = true});
	page_put(page, SLICE("<div class=\"submit\"><button type=\"submit\">Set it</button></div>"
			     "</form>\n"));
}

static void put_end(struct admin *admin)
{
	struct desk_page *page = admin->page;

	page_put(page, SLICE("<h2>Disable, erase</h2>\n"));
	begin_act(admin, admin->account.disabled.p ? SLICE("enable") : SLICE("disable"),
		  SLICE_NONE);
	page_put(page, admin->account.disabled.p
			       ? SLICE("<button type=\"submit\">Enable it again</button></form>\n")
			       : SLICE("<button type=\"submit\">Disable it</button></form>\n"));
	begin_act(admin, SLICE("erase"), SLICE("narrow"));
	page_input(page, &(struct page_input){.name = SLICE("confirm"),
					      .label = SLICE("Type the login to erase all that is "
							     "personal, for good"),
					      .autocomplete = SLICE("off")});
	page_put(page, SLICE("<div class=\"submit\"><button type=\"submit\" class=\"danger\">Erase"
			     "</button></div></form>\n"));
}

static int show(struct admin *admin, unsigned status)
{
	struct desk_page *page = admin->page;
	int result = page_begin(page, status, admin->account.login, SLICE_NONE);

	if (result < 0)
		return result;
	page_put(page, SLICE("<p class=\"kicker\"><a href=\"/desk/admin\">Accounts</a></p><h1>"));
	page_text(page, admin->account.login);
	page_put(page, SLICE("</h1>\n"));
	if (admin->account.disabled.p) {
		page_put(page, SLICE("<p class=\"note\">Disabled since "));
		page_time(page, admin->account.disabled);
		page_put(page, SLICE(".</p>\n"));
	}
	admin_messages(admin);
	put_details(admin);
	put_roles(admin);
	put_password(admin);
	put_end(admin);
	return page_end(page);
}

/* The account of the path. 0; 1: the response says that there is none; or a negative fault. */
static int open_account(struct admin *admin, struct slice text)
{
	struct desk_page *page = admin->page;
	uint64_t number;
	int result = admin_open(page);

	if (result != 0)
		return result;
	result = number_parse(text, INT64_MAX, &number)
			 ? account_read(desk_db(page->desk), (int64_t)number, &admin->arena,
					&admin->account, &page->visitor.fault)
			 : (int)ACCOUNT_NONE;
	if (result == ACCOUNT_NONE)
		result = page_refuse(page, 404, SLICE("Not found"),
				     SLICE("There is no such account."), SLICE_NONE);
	else
		return result;
	return result < 0 ? result : 1;
}

int desk_account_page(struct desk_page *page, const struct slice *captured)
{
	struct admin admin CLEANUP(admin_done) = {.page = page};
	int result = open_account(&admin, captured[0]);

	if (result == 0) {
		admin.done = page_field(page, SLICE("done"));
		result = show(&admin, 200);
	}
	return result;
}

/* Back to the page, of what was done. */
static int go_back(struct admin *admin, int result)
{
	return result == 0 ? page_go_number(admin->page, SLICE("/desk/admin/accounts/"),
					    admin->account.number, SLICE("?done=it"))
			   : result;
}

static int change_details(struct admin *admin)
{
	struct desk_page *page = admin->page;
	struct account_details details = {.login = page_field(page, SLICE("login")),
					  .name = page_field(page, SLICE("name")),
					  .email = page_field(page, SLICE("email")),
					  .person = page_field(page, SLICE("person"))};
	int result = desk_begin(page->desk, true, &page->visitor.fault);

	if (result == 0)
		result = account_change(desk_db(page->desk), admin->account.number, &details,
					&page->visitor.fault);
	if (result == 0 && !slice_eq(details.email, admin->account.email))
		result = desk_warn(page->desk, &admin->account, "its address was changed",
				   page->now, &page->visitor.fault);
	return go_back(admin, admin_settle(admin, SLICE("account"), admin->account.number,
					   SLICE("change"), result));
}

/* The role that is given or taken; all: for all ports and names. */
static bool read_role(struct desk_page *page, struct account_role *ret_role, bool *ret_all)
{
	struct account_role role = {.first_port = -1, .last_port = -1};
	struct slice first = slice_trim(page_field(page, SLICE("first")));
	struct slice last = slice_trim(page_field(page, SLICE("last")));
	bool names = page_field(page, SLICE("names")).n > 0;
	uint64_t from = 0, to = 0;

	if (!role_find(page_field(page, SLICE("role")), &role.role))
		return false;
	*ret_all = !names && first.n == 0 && last.n == 0;
	if (!names && !*ret_all) {
		if (!number_parse(first, ACCOUNT_PORT_LAST, &from) ||
		    !number_parse(last.n > 0 ? last : first, ACCOUNT_PORT_LAST, &to))
			return false;
		role.first_port = (int32_t)from;
		role.last_port = (int32_t)to;
	}
	*ret_role = role;
	return true;
}

static int change_role(struct admin *admin, bool grant)
{
	struct desk_page *page = admin->page;
	struct db *db = desk_db(page->desk);
	struct fault *fault = &page->visitor.fault;
	int64_t number = admin->account.number;
	struct account_role role;
	bool all;
	int result;

	if (!read_role(page, &role, &all)) {
		admin->error = SLICE("A role is for ports from 0 to 65535, the first one first.");
		return 1;
	}
	result = desk_begin(page->desk, true, fault);
	if (result == 0 && grant)
		result = all ? account_grant_all(db, number, role.role, fault)
			     : account_grant(db, number, &role, fault);
	else if (result == 0)
		result = all ? account_revoke_all(db, number, role.role, fault)
			     : account_revoke(db, number, &role, fault);
	return go_back(admin, admin_settle(admin, SLICE("role"), number,
					   grant ? SLICE("grant") : SLICE("revoke"), result));
}

static int grant_role(struct admin *admin)
{
	return change_role(admin, true);
}

static int revoke_role(struct admin *admin)
{
	return change_role(admin, false);
}

static int set_password(struct admin *admin)
{
	struct desk_page *page = admin->page;
	struct account_hash hash;
	int result = visitor_hash(&page->visitor, &admin->account,
				  visitor_field(&page->visitor, SLICE("password")), &hash);

	if (result == ACCOUNT_REFUSED || result == FAULT_LIMIT) {
		admin->error = slice_cstr(page->visitor.fault.text);
		return 1;
	}
	if (result == 0)
		result = desk_begin(page->desk, true, &page->visitor.fault);
	if (result < 0)
		return result;
	result = account_password_set(desk_db(page->desk), admin->account.number, &hash, 0,
				      &page->visitor.fault);
	if (result == 0 && admin->account.has_password)
		result = desk_warn(page->desk, &admin->account, "its password was changed",
				   page->now, &page->visitor.fault);
	return go_back(admin, admin_settle(admin, SLICE("account"), admin->account.number,
					   SLICE("password"), result));
}

static int disable(struct admin *admin)
{
	struct desk_page *page = admin->page;
	int result = desk_begin(page->desk, true, &page->visitor.fault);

	if (result == 0)
		result = account_disable(desk_db(page->desk), admin->account.number, page->now,
					 &page->visitor.fault);
	return go_back(admin, admin_settle(admin, SLICE("account"), admin->account.number,
					   SLICE("disable"), result));
}

static int enable(struct admin *admin)
{
	struct desk_page *page = admin->page;
	int result = desk_begin(page->desk, true, &page->visitor.fault);

	if (result == 0)
		result = account_enable(desk_db(page->desk), admin->account.number,
					&page->visitor.fault);
	return go_back(admin, admin_settle(admin, SLICE("account"), admin->account.number,
					   SLICE("enable"), result));
}

static int erase(struct admin *admin)
{
	struct desk_page *page = admin->page;
	struct desk_refusal refusal = {};
	bool failed = false;
	int result;

	if (!slice_eq(page_field(page, SLICE("confirm")), admin->account.login)) {
		admin->error = SLICE("Type the login to erase the account: nothing was erased.");
		return 1;
	}
	result = desk_erase(page->desk, page->account, admin->account.number, page->now, &refusal,
			    &page->visitor.fault);
	if (result > 0)
		admin->error = arena_copy(&admin->arena, slice_cstr(refusal.why.text), &failed);
	if (failed)
		return FAULT_MEMORY;
	return result == 0 ? page_go(page, SLICE("/desk/admin?done=erase")) : result;
}

int desk_account_post(struct desk_page *page, const struct slice *captured)
{
	static const struct admin_act acts[] = {
		{SLICE("details"), change_details},
		{SLICE("grant"), grant_role},
		{SLICE("revoke"), revoke_role},
		{SLICE("password"), set_password},
		{SLICE("disable"), disable},
		{SLICE("enable"), enable},
		{SLICE("erase"), erase},
	};
	struct admin admin CLEANUP(admin_done) = {.page = page};
	int result = open_account(&admin, captured[0]);

	if (result != 0)
		return result;
	result = admin_act(&admin, acts, ARRAY_SIZE(acts));
	if (result > 0)
		result = show(&admin, 422);
	return result;
}
