#include "http/desk_page.h"

#include "base/number.h"
#include "http/frame.h"
#include "http/ui.h"

int page_open(struct desk_page *page, struct site *site, const struct http_request *request,
	      struct http_response *response)
{
	int result = visitor_open(&page->visitor, site, request, response);

	page->site = site;
	page->request = request;
	page->response = response;
	page->desk = page->visitor.desk;
	page->account = page->visitor.account;
	page->now = page->visitor.now;
	page->writer.out = &response->body;
	/* What a token may do is bounded by its scopes, which pages know nothing of. */
	if (result == 0 && page->visitor.way == VISITOR_TOKEN) {
		result = http_problem(response, 403, SLICE("Forbidden"),
				      SLICE("tokens are for the API; pages are for people who log "
					    "in"));
		return result < 0 ? result : 1;
	}
	return result;
}

void page_done(struct desk_page *page)
{
	visitor_close(&page->visitor);
	strbuf_done(&page->writer.rich);
	strbuf_done(&page->writer.label);
	*page = (struct desk_page){};
}

bool page_has_queue(const struct account *account)
{
	return account_has_role_anywhere(account, ROLE_REVIEWER) ||
	       account_has_role_anywhere(account, ROLE_REGISTRAR) ||
	       account_has_role_anywhere(account, ROLE_APPROVER);
}

bool page_is_admin(const struct account *account)
{
	return account_has_role_anywhere(account, ROLE_ADMINISTRATOR);
}

static void put_link(struct desk_page *page, struct slice path, struct slice text,
		     struct slice here)
{
	page_put(page, SLICE("<a href=\""));
	page_put(page, path);
	page_put(page, slice_eq(path, here) ? SLICE("\" aria-current=\"page\">") : SLICE("\">"));
	page_put(page, text);
	page_put(page, SLICE("</a>"));
}

static void put_login(struct desk_page *page, struct slice here)
{
	page_put(page, SLICE("<div class=\"who\">"));
	if (!page->account) {
		put_link(page, SLICE("/desk/login"), SLICE("Log in"), here);
		page_put(page, SLICE("</div>"));
		return;
	}
	page_put(page, slice_eq(here, SLICE("/desk/me"))
			       ? SLICE("<a href=\"/desk/me\" aria-current=\"page\">")
			       : SLICE("<a href=\"/desk/me\">"));
	page_put(page, SLICE("<span class=\"hidden\">Your account: </span>"));
	page_text(page, page->account->login);
	page_put(page, SLICE("</a>"));
	page_form_begin(page, SLICE("/desk/logout"), SLICE_NONE);
	page_put(page, SLICE("<button type=\"submit\" class=\"plain\">Log out</button></form>"
			     "</div>"));
}

int page_begin(struct desk_page *page, unsigned status, struct slice title, struct slice here)
{
	int result = http_respond(page->response, status, HTTP_HTML);

	if (result < 0)
		return result;
	page->csrf = visitor_csrf(&page->visitor);
	frame_head(page->writer.out, title);
	frame_header(page->writer.out);
	ui_put_desk(page->writer.out);
	page_put(page, SLICE("<div class=\"desk-bar\"><nav aria-label=\"Desk\">"));
	put_link(page, SLICE("/desk"), SLICE("Requests"), here);
	put_link(page, SLICE("/desk/apply"), SLICE("Apply"), here);
	if (page_has_queue(page->account))
		put_link(page, SLICE("/desk/queue"), SLICE("Queue"), here);
	if (page_is_admin(page->account))
		put_link(page, SLICE("/desk/admin"), SLICE("Administration"), here);
	page_put(page, SLICE("</nav>"));
	put_login(page, here);
	page_put(page, SLICE("</div>\n"));
	return 0;
}

int page_end(struct desk_page *page)
{
	int result = frame_end(page->response);

	if (result == 0 && (page->writer.rich.failed || page->writer.label.failed))
		return FAULT_MEMORY;
	return result;
}

int page_refuse(struct desk_page *page, unsigned status, struct slice title, struct slice why,
		struct slice section)
{
	int result = page_begin(page, status, title, SLICE_NONE);

	if (result < 0)
		return result;
	page_put(page, SLICE("<p class=\"kicker\">"));
	page_number(page, status);
	page_put(page, SLICE("</p><h1>"));
	page_text(page, title);
	page_put(page, SLICE("</h1>\n<p class=\"lead\">"));
	page_text(page, why);
	page_put(page, SLICE("</p>\n"));
	if (section.n > 0) {
		page_put(page, SLICE("<p>By "));
		page_section(page, section);
		page_put(page, SLICE(".</p>\n"));
	}
	page_put(page, SLICE("<p><a href=\"/desk\">All requests</a></p>\n"));
	return page_end(page);
}

unsigned page_status(int outcome)
{
	switch ((enum desk_outcome)outcome) {
	case DESK_NOT_FOUND:
		return 404;
	case DESK_FORBIDDEN:
		return 403;
	case DESK_NOT_NOW:
	case DESK_CONFLICT:
		return 409;
	case DESK_INVALID:
		return 422;
	default:
		return 200;
	}
}

int page_refuse_outcome(struct desk_page *page, int outcome, const struct desk_refusal *refusal)
{
	static const struct slice titles[] = {
		[DESK_NOT_FOUND] = SLICE("Not found"),
		[DESK_FORBIDDEN] = SLICE("Not yours to do"),
		[DESK_NOT_NOW] = SLICE("Not now"),
		[DESK_CONFLICT] = SLICE("Changed meanwhile"),
		[DESK_INVALID] = SLICE("Not like that"),
	};

	return page_refuse(page, page_status(outcome), titles[outcome],
			   refusal->why.text[0] ? slice_cstr(refusal->why.text)
						: SLICE("There is no such thing."),
			   slice_cstr(refusal->section));
}

int page_need_account(struct desk_page *page)
{
	struct strbuf path CLEANUP(strbuf_done) = {};
	int result;

	if (page->account)
		return 0;
	strbuf_add(&path, page->request->path);
	if (page->request->query.n > 0) {
		strbuf_add_byte(&path, '?');
		strbuf_add(&path, page->request->query);
	}
	result = path.failed ? FAULT_MEMORY
			     : page_put_login(page, 401,
					      SLICE("This page is for people with an account."),
					      SLICE_NONE, strbuf_slice(&path));
	return result < 0 ? result : 1;
}

struct slice page_field(struct desk_page *page, struct slice name)
{
	struct slice value = visitor_field(&page->visitor, name);

	return value.n > 0 ? value : SLICE_NONE;
}

int64_t page_field_number(struct desk_page *page, struct slice name)
{
	uint64_t number;

	return number_parse(slice_trim(page_field(page, name)), INT64_MAX, &number)
		       ? (int64_t)number
		       : 0;
}

int page_request(struct desk_page *page, struct slice number, struct desk_request *ret_request)
{
	uint64_t value;
	int result = DESK_NOT_FOUND;

	if (number_parse(number, INT64_MAX, &value) && value > 0)
		result = desk_request(page->desk, page->account, (int64_t)value, ret_request,
				      &page->visitor.fault);
	if (result == DESK_NOT_FOUND)
		result = page_refuse(page, 404, SLICE("Not found"),
				     SLICE("There is no request of that number."), SLICE_NONE);
	else
		return result;
	return result < 0 ? result : 1;
}

int page_go(struct desk_page *page, struct slice path)
{
	return http_redirect(page->response, 303, path);
}

int page_go_number(struct desk_page *page, struct slice start, int64_t number, struct slice end)
{
	struct strbuf path CLEANUP(strbuf_done) = {};

	strbuf_add(&path, start);
	strbuf_add_uint(&path, (uint64_t)number);
	strbuf_add(&path, end);
	return path.failed ? FAULT_MEMORY : page_go(page, strbuf_slice(&path));
}

bool page_is_return(struct slice path)
{
	struct slice rest = slice_skip(path, SLICE("/desk").n);

	if (!slice_starts(path, SLICE("/desk")) || path.n > 1000 ||
	    (rest.n > 0 && rest.p[0] != '/' && rest.p[0] != '?'))
		return false;
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] <= ' ' || path.p[i] >= 0x7f || path.p[i] == '\\')
			return false;
	}
	return slice_find(path, SLICE("//")) == (size_t)-1 &&
	       slice_find(path, SLICE("..")) == (size_t)-1;
}

void page_number(struct desk_page *page, int64_t number)
{
	out_uint(page->writer.out, (uint64_t)number);
}

void page_lines(struct desk_page *page, struct slice text)
{
	struct slice rest = text;
	bool first = true;

	while (rest.p) {
		struct slice line = slice_cut(&rest, '\n');

		if (!first)
			page_put(page, SLICE("<br />"));
		page_text(page, line);
		first = false;
	}
}

void page_time(struct desk_page *page, struct slice time)
{
	struct slice hour = slice_skip(time, 11);

	page_put(page, SLICE("<time datetime=\""));
	page_value(page, time);
	page_put(page, SLICE("\">"));
	page_text(page, (struct slice){time.p, time.n < 10 ? time.n : 10});
	if (hour.n >= 5) {
		page_put(page, SLICE(" "));
		page_text(page, (struct slice){hour.p, 5});
		page_put(page, SLICE(" UTC"));
	}
	page_put(page, SLICE("</time>"));
}

/* The digits (and, of a section, dots between them) that a text begins with. */
static struct slice digits_of(struct slice text, bool dots)
{
	size_t n = 0;

	while (n < text.n &&
	       (byte_is_digit(text.p[n]) ||
		(dots && text.p[n] == '.' && n + 1 < text.n && byte_is_digit(text.p[n + 1]))))
		n++;
	return (struct slice){text.p, n};
}

void page_section(struct desk_page *page, struct slice section)
{
	struct slice number = {}, at = {};
	size_t where = slice_find(section, SLICE(", section"));

	if (slice_starts(section, SLICE("RFC ")))
		number = digits_of(slice_skip(section, 4), false);
	if (number.n > 0 && where != (size_t)-1) {
		at = slice_skip(section, where + SLICE(", section").n);
		at = slice_skip(at, slice_find_byte(at, ' ') + 1);
		at = digits_of(at, true);
	}
	if (number.n == 0) {
		page_text(page, section);
		return;
	}
	page_put(page, SLICE("<a href=\"https://www.rfc-editor.org/rfc/rfc"));
	page_value(page, number);
	page_put(page, at.n > 0 ? SLICE("#section-") : SLICE(""));
	page_value(page, at);
	page_put(page, SLICE("\">"));
	page_text(page, section);
	page_put(page, SLICE("</a>"));
}

void page_state(struct desk_page *page, enum desk_state state, enum procedure procedure)
{
	static const struct slice classes[STATE_COUNT] = {
		[STATE_NEW] = SLICE("open"),	    [STATE_REVIEW] = SLICE("open"),
		[STATE_ESCALATED] = SLICE("open"),  [STATE_REQUESTER] = SLICE("waits"),
		[STATE_CALL] = SLICE("open"),	    [STATE_ASSIGNABLE] = SLICE("open"),
		[STATE_GRANTED] = SLICE("granted"), [STATE_REFUSED] = SLICE("refused"),
		[STATE_WITHDRAWN] = SLICE("gone"),
	};

	page_put(page, SLICE("<span class=\"step "));
	page_put(page, classes[state]);
	page_put(page, SLICE("\">"));
	page_text(page, desk_state_title(state, procedure));
	page_put(page, SLICE("</span>"));
}

static void put_ports(struct desk_page *page, const struct desk_request *request)
{
	bool first = true;

	page_number(page, request->first_port);
	if (request->last_port > request->first_port) {
		page_put(page, SLICE("-"));
		page_number(page, request->last_port);
	}
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (!(request->transports >> i & 1))
			continue;
		page_put(page, first ? SLICE("/") : SLICE("+"));
		page_text(page, transport_name((enum transport)i));
		first = false;
	}
}

void page_subject(struct desk_page *page, const struct desk_request *request)
{
	bool decided = request->first_port == request->last_port ||
		       request->state == STATE_GRANTED || !procedure_assigns(request->procedure);

	if (request->name.n > 0) {
		page_put(page, SLICE("<span class=\"mono\">"));
		page_text(page, request->name);
		page_put(page, SLICE("</span>"));
	}
	if (request->first_port >= 0) {
		page_put(page, request->name.n > 0 ? SLICE(" <span class=\"mono\">")
						   : SLICE("<span class=\"mono\">"));
		if (!decided)
			page_put(page, SLICE("any "));
		put_ports(page, request);
		page_put(page, SLICE("</span>"));
	} else if (request->name.n == 0) {
		page_text(page, procedure_title(request->procedure));
	}
}

bool page_is_overdue(const struct desk_page *page, const struct desk_request *request)
{
	struct slice today = {page->now.p, page->now.n < 10 ? page->now.n : 10};

	return request->deadline.p && !desk_state_is_closed(request->state) &&
	       slice_compare(request->deadline, today) < 0;
}
