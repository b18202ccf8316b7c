/* /desk/login: a session begins, and ends. */
#include "http/desk_page.h"

int page_put_login(struct desk_page *page, unsigned status, struct slice why, struct slice login,
		   struct slice next)
{
	int result = page_begin(page, status, SLICE("Log in"), SLICE("/desk/login"));

	if (result < 0)
		return result;
	page_put(page, SLICE("<h1>Log in</h1>\n"));
	if (why.n > 0) {
		page_message(page, status != 200, why);
		page_message_end(page);
	}
	page_form_begin(page, SLICE("/desk/login"), SLICE("narrow"));
	if (page_is_return(next))
		page_hidden(page, SLICE("next"), next);
	page_input(page, &(struct page_input){.name = SLICE("login"),
					      .label = SLICE("Login"),
					      .value = login,
					      .autocomplete = SLICE("username"),
					      .needed = true});
	page_input(page, &(struct page_input){.name = SLICE("password"),
					      .label = SLICE("Password"),
					      .type = SLICE("password"),
					      .autocomplete = SLICE("current-password"),
					      .needed = true});
	page_put(page,
		 SLICE("<div class=\"submit\"><button type=\"submit\" class=\"first\">Log in"
		       "</button></div></form>\n<h2>No account?</h2>\n<p>Accounts are made by "
		       "those who administer this registry. Who has its store sets a password, "
		       "also the first administrator's, with <code>portbook request account "
		       "password LOGIN</code>. Without an account you can "
		       "<a href=\"/desk\">read all requests</a> and <a href=\"/desk/apply\">check "
		       "an application</a>.</p>\n"));
	return page_end(page);
}

int desk_login_page(struct desk_page *page, const struct slice *captured)
{
	struct slice done;
	int result;

	(void)captured;
	done = page_field(page, SLICE("done"));
	if (page->account)
		result = page_go(page, SLICE("/desk"));
	else
		result = page_put_login(page, 200,
					slice_eq(done, SLICE("password"))
						? SLICE("Your password was changed: log in with it")
					: slice_eq(done, SLICE("logout")) ? SLICE("Logged out")
					: slice_eq(done, SLICE("erased"))
						? SLICE("Your account was erased")
						: SLICE_NONE,
					SLICE_NONE, page_field(page, SLICE("next")));
	return result;
}

int desk_login_post(struct desk_page *page, const struct slice *captured)
{
	struct slice login, next;
	int result;

	(void)captured;
	login = page_field(page, SLICE("login"));
	next = page_field(page, SLICE("next"));
	result = visitor_login(&page->visitor, login.p ? login : SLICE(""),
			       visitor_field(&page->visitor, SLICE("password")));
	if (result == 0)
		result = page_go(page, page_is_return(next) ? next : SLICE("/desk"));
	else if (result == ACCOUNT_REFUSED || result == FAULT_LIMIT)
		result = page_put_login(page, result == FAULT_LIMIT ? 503 : 401,
					slice_cstr(page->visitor.fault.text), login, next);
	return result;
}

int desk_logout_post(struct desk_page *page, const struct slice *captured)
{
	int result = visitor_logout(&page->visitor);

	(void)captured;
	if (result == 0)
		result = page_go(page, SLICE("/desk/login?done=logout"));
	return result;
}
