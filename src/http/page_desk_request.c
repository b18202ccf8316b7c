/* /desk/requests/N: a request, as far as who asks may see it, and what may be done with it. */
#include "http/desk_page.h"

#include "base/number.h"
#include "history/history.h"
#include "http/frame.h"

/* What is to be shown of a form that was not taken; zeroed: nothing was sent. */
struct request_page {
	struct desk_page *page;
	struct desk_request request;
	unsigned actions;   /* mask: what may be done now */
	enum action action; /* that was chosen; ACTION_COUNT: none */
	struct slice note;
	bool internal;
	int64_t account;
	struct desk_refusal refusal; /* why it was not done; without text: nothing was refused */
	struct slice done;	     /* what was done just now */
	struct slice last_state;     /* of the events so far: a name that is not freed */
};

static void request_page_done(struct request_page *shown)
{
	desk_request_done(&shown->request);
	preflight_done(&shown->refusal.preflight);
	*shown = (struct request_page){};
}

static const struct {
	struct slice title, meaning, done;
} acts[ACTION_COUNT] = {
	[ACTION_FILE] = {SLICE("File"), {}, SLICE("filed it")},
	[ACTION_AMEND] = {SLICE("Amend"), {}, SLICE("amended it")},
	[ACTION_COMMENT] = {SLICE("Comment"), SLICE("Nothing else changes."), SLICE("commented")},
	[ACTION_VALIDATE] = {SLICE("Take up"), SLICE("It is complete, and goes to who decides."),
			     SLICE("took it up")},
	[ACTION_ASSIGN] = {SLICE("Give to a reviewer"), SLICE("Whom you choose below."),
			   SLICE("gave it to a reviewer")},
	[ACTION_RETURN] = {SLICE("Ask the requester"),
			   SLICE("The note is the question; it waits for the answer."),
			   SLICE("asked the requester")},
	[ACTION_ANSWER] = {SLICE("Answer"),
			   SLICE("The note is the answer; it goes back to who "
				 "asked."),
			   SLICE("answered")},
	[ACTION_APPROVE] = {SLICE("Approve"), SLICE("Your approval; others may be needed."),
			    SLICE("approved it")},
	[ACTION_RECUSE] = {SLICE("Step back"),
			   SLICE("You have a conflict of interest: somebody else reviews it."),
			   SLICE("stepped back")},
	[ACTION_ESCALATE] = {SLICE("Escalate"), SLICE("The approvers decide."),
			     SLICE("escalated it")},
	[ACTION_CALL] = {SLICE("Call for comments"), SLICE("Publicly, before it is decided."),
			 SLICE("called for comments")},
	[ACTION_DECIDE] = {SLICE("End the call"),
			   SLICE("The approvers decide, with what was "
				 "said."),
			   SLICE("ended the call for comments")},
	[ACTION_REFUSE] = {SLICE("Refuse"), SLICE("The note says why. There is an appeal."),
			   SLICE("refused it")},
	[ACTION_GRANT] = {SLICE("Grant and publish"),
			  SLICE("The registry gets a new edition with it at once."),
			  SLICE("granted it")},
	[ACTION_WITHDRAW] = {SLICE("Withdraw"), SLICE("For good; another one may be filed."),
			     SLICE("withdrew it")},
};

static void put_term(struct desk_page *page, struct slice term)
{
	page_put(page, SLICE("<dt>"));
	page_put(page, term);
	page_put(page, SLICE("</dt><dd>"));
}

static void put_end(struct desk_page *page)
{
	page_put(page, SLICE("</dd>\n"));
}

static void put_count(struct desk_page *page, struct slice term, unsigned has, unsigned needed)
{
	if (needed == 0)
		return;
	put_term(page, term);
	page_number(page, has);
	page_put(page, SLICE(" of "));
	page_number(page, needed);
	put_end(page);
}

static void put_day(struct desk_page *page, struct slice term, struct slice day)
{
	if (!day.p)
		return;
	put_term(page, term);
	page_time(page, day);
	put_end(page);
}

static void put_login(struct desk_page *page, struct slice term, struct slice login)
{
	if (!login.p)
		return;
	put_term(page, term);
	page_text(page, login);
	put_end(page);
}

static void put_facts(struct request_page *shown)
{
	const struct desk_request *request = &shown->request;
	struct desk_page *page = shown->page;
	bool open = !desk_state_is_closed(request->state);

	page_put(page, SLICE("<dl class=\"facts\">"));
	put_term(page, SLICE("State"));
	page_state(page, request->state, request->procedure);
	put_end(page);
	put_login(page, SLICE("Applicant"), request->applicant_login);
	put_login(page, SLICE("Reviewer"), request->reviewer_login);
	if (open)
		put_login(page, SLICE("Decided by"), request->method);
	if (open) {
		put_count(page, SLICE("Reviews"), request->reviews, request->reviews_needed);
		put_count(page, SLICE("Approvals"), request->approvals, request->approvals_needed);
	}
	put_day(page, SLICE("Filed"), request->filed);
	put_day(page, SLICE("Last changed"), request->changed);
	if (open && request->deadline.p) {
		put_term(page, SLICE("To be done until"));
		page_time(page, request->deadline);
		if (page_is_overdue(page, request))
			page_put(page, SLICE(" <span class=\"tag warn\">overdue</span>"));
		put_end(page);
	}
	put_day(page, SLICE("Holds until"), request->expires);
	if (request->edition) {
		char space[HISTORY_LABEL_SIZE];
		struct slice label = history_label(request->edition, space);

		put_term(page, SLICE("Published with"));
		page_put(page, SLICE("<a href=\"/editions/"));
		page_value(page, label);
		page_put(page, SLICE("\">edition "));
		page_text(page, label);
		page_put(page, SLICE("</a>"));
		put_end(page);
	}
	if (request->state == STATE_GRANTED && request->name.n > 0) {
		put_term(page, SLICE("In the registry"));
		page_put(page, SLICE("<a href=\"/services/"));
		frame_encoded(page->writer.out, request->name);
		page_put(page, SLICE("\">"));
		page_text(page, request->name);
		page_put(page, SLICE("</a>"));
		put_end(page);
	}
	page_put(page, SLICE("</dl>\n"));
}

static void put_fields(struct request_page *shown, enum application_privacy privacy,
		       struct slice title)
{
	const struct application *application = &shown->request.application;
	const struct application_field_info *field;
	struct desk_page *page = shown->page;
	bool any = false;

	for (size_t i = 0; (field = application_field(i)); i++) {
		if (field->privacy != privacy || !application->values[i].p || i == FIELD_PROCEDURE)
			continue;
		if (!any) {
			page_put(page, SLICE("<h2>"));
			page_put(page, title);
			page_put(page, SLICE("</h2>\n<dl class=\"facts\">"));
		}
		any = true;
		page_put(page, SLICE("<dt>"));
		page_text(page, field->label);
		page_put(page, SLICE("</dt><dd>"));
		page_lines(page, application->values[i]);
		put_end(page);
	}
	page_put(page, any ? SLICE("</dl>\n") : SLICE(""));
}

static int put_event(void *context, const struct desk_event *event)
{
	struct request_page *shown = context;
	struct desk_page *page = shown->page;
	enum action action;
	enum desk_state state;

	page_put(page, event->internal ? SLICE("<li class=\"internal\">") : SLICE("<li>"));
	page_time(page, event->at);
	if (event->actor_login.p) {
		page_put(page, SLICE("<b>"));
		page_text(page, event->actor_login);
		page_put(page, SLICE("</b>"));
		if (event->role.p) {
			page_put(page, SLICE(" ("));
			page_text(page, event->role);
			page_put(page, SLICE(")"));
		}
	} else if (event->role.p) {
		page_put(page, SLICE("The "));
		page_text(page, event->role);
	} else {
		page_put(page, SLICE("The desk"));
	}
	page_put(page, SLICE(" "));
	if (action_find(event->action, &action))
		page_text(page, acts[action].done);
	else if (slice_eq(event->action, SLICE("reopen")))
		page_put(page, SLICE("opened it again"));
	else
		page_text(page, event->action);
	/* Only where it became another one. */
	if (event->state.p && desk_state_find(event->state, &state) &&
	    !slice_eq(desk_state_name(state), shown->last_state)) {
		shown->last_state = desk_state_name(state);
		page_put(page, SLICE(" "));
		page_state(page, state, shown->request.procedure);
	}
	if (event->internal)
		page_put(page, SLICE(" <span class=\"tag warn\">among reviewers</span>"));
	if (event->note.n > 0) {
		page_put(page, SLICE("<p class=\"said-note\">"));
		page_lines(page, event->note);
		page_put(page, SLICE("</p>"));
	}
	page_put(page, SLICE("</li>\n"));
	return 0;
}

static int put_timeline(struct request_page *shown)
{
	struct desk_page *page = shown->page;
	int result;

	page_put(page, SLICE("<h2>What happened</h2>\n<ol class=\"history timeline\">"));
	result = desk_timeline(page->desk, page->account, shown->request.number, put_event, shown,
			       &page->visitor.fault);
	page_put(page, SLICE("</ol>\n"));
	return result < 0 ? result : 0;
}

/* What the checks find of it today. */
static int put_checklist(struct request_page *shown)
{
	struct desk_page *page = shown->page;
	struct preflight preflight = {};
	int result = desk_check(page->desk, &shown->request.application, page->now, &preflight,
				&page->visitor.fault);

	if (result < 0)
		return result;
	page_put(page, SLICE("<h2>Checklist</h2>\n"));
	if (preflight.count > 0)
		page_findings(page, &preflight, false);
	else
		page_put(page, SLICE("<p>The checks find nothing to say.</p>\n"));
	preflight_done(&preflight);
	return 0;
}

static int put_conflicts(struct request_page *shown)
{
	struct desk_page *page = shown->page;
	struct page_table table = {.page = page,
				   .caption = SLICE("Open requests for the same name or port"),
				   .most = 50};
	int result;

	page_put(page, SLICE("<h2>In conflict with it</h2>\n"));
	result = desk_conflicts(page->desk, page->account, &shown->request, page_table_row, &table,
				&page->visitor.fault);
	page_table_end(&table);
	if (table.count == 0)
		page_put(page, SLICE("<p>No other open request asks for the same.</p>\n"));
	return result < 0 ? result : 0;
}

static int put_reviewer(void *context, const struct account *account)
{
	struct request_page *shown = context;
	char space[NUMBER_DIGITS];

	if (account->number == shown->request.applicant)
		return 0;
	page_option(shown->page, number_write((uint64_t)account->number, space), account->login,
		    account->number == (shown->account ? shown->account : shown->request.reviewer));
	return 0;
}

static int put_reviewers(struct request_page *shown)
{
	struct desk_page *page = shown->page;
	int result;

	page_put(page, SLICE("<div class=\"field\"><label for=\"f-account\">Reviewer</label>"
			     "<select id=\"f-account\" name=\"account\">"));
	page_option(page, SLICE(""), SLICE("choose ..."), false);
	result = account_list_role(desk_db(page->desk), ROLE_REVIEWER, shown->request.first_port,
				   put_reviewer, shown, &page->visitor.fault);
	page_put(page, SLICE("</select></div>\n"));
	return result < 0 ? result : 0;
}

static void put_choice(struct request_page *shown, enum action action)
{
	struct desk_page *page = shown->page;

	page_put(page,
		 SLICE("<div class=\"choice\"><input type=\"radio\" name=\"action\" value=\""));
	page_value(page, action_name(action));
	page_put(page, SLICE("\" id=\"a-"));
	page_value(page, action_name(action));
	page_put(page, SLICE("\" aria-describedby=\"d-"));
	page_value(page, action_name(action));
	page_put(page,
		 shown->action == action ? SLICE("\" checked=\"checked\" />") : SLICE("\" />"));
	page_put(page, SLICE("<label for=\"a-"));
	page_value(page, action_name(action));
	page_put(page, SLICE("\">"));
	page_text(page, acts[action].title);
	page_put(page, SLICE("</label><span class=\"help\" id=\"d-"));
	page_value(page, action_name(action));
	page_put(page, SLICE("\">"));
	page_text(page, acts[action].meaning);
	page_put(page, SLICE("</span></div>\n"));
}

static int put_actions(struct request_page *shown)
{
	struct desk_page *page = shown->page;
	struct strbuf path CLEANUP(strbuf_done) = {};
	unsigned others = shown->actions & ~(1u << ACTION_AMEND | 1u << ACTION_FILE);
	int result = 0;

	if (shown->actions >> ACTION_AMEND & 1) {
		page_put(page, SLICE("<p class=\"noprint\"><a class=\"button\" "
				     "href=\"/desk/requests/"));
		page_number(page, shown->request.number);
		page_put(page, SLICE("/amend\">Amend the application</a></p>\n"));
	}
	if (!others)
		return 0;
	strbuf_add(&path, SLICE("/desk/requests/"));
	strbuf_add_uint(&path, (uint64_t)shown->request.number);
	page_put(page, SLICE("<h2 id=\"act\">What next</h2>\n"));
	page_form_begin(page, strbuf_slice(&path), SLICE("act noprint"));
	page_hidden_number(page, SLICE("version"), shown->request.version);
	page_put(page, SLICE("<fieldset class=\"choices\"><legend>What is to be done</legend>\n"));
	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		if (others >> i & 1)
			put_choice(shown, (enum action)i);
	}
	page_put(page, SLICE("</fieldset>\n"));
	if (others >> ACTION_ASSIGN & 1)
		result = put_reviewers(shown);
	page_put(page,
		 SLICE("<div class=\"field\"><label for=\"f-note\">Note</label><p "
		       "class=\"help\" id=\"help-note\">The parties and all who review it see "
		       "it; needed to comment, ask, answer and refuse.</p><textarea "
		       "id=\"f-note\" name=\"note\" rows=\"4\" maxlength=\"20000\" "
		       "aria-describedby=\"help-note\">\n"));
	page_text(page, shown->note);
	page_put(page, SLICE("</textarea></div>\n"));
	if (shown->request.sight == SIGHT_REVIEWER) {
		page_put(page, SLICE("<label class=\"check\"><input type=\"checkbox\" "
				     "name=\"internal\" value=\"1\""));
		page_put(page, shown->internal ? SLICE(" checked=\"checked\" />") : SLICE(" />"));
		page_put(page, SLICE(" only those who review it see the note</label>\n"));
	}
	page_put(page, SLICE("<div class=\"submit\"><button type=\"submit\" class=\"first\">"
			     "Do it</button></div></form>\n"));
	return path.failed ? FAULT_MEMORY : result;
}

static void put_messages(struct request_page *shown)
{
	struct desk_page *page = shown->page;
	enum action done;

	if (shown->refusal.why.text[0]) {
		page_message(page, true, SLICE("Nothing was done"));
		page_put(page, SLICE("<p>"));
		page_text(page, slice_cstr(shown->refusal.why.text));
		if (shown->refusal.section[0]) {
			page_put(page, SLICE(" <small>"));
			page_section(page, slice_cstr(shown->refusal.section));
			page_put(page, SLICE("</small>"));
		}
		page_put(page, SLICE("</p>"));
		page_message_end(page);
		return;
	}
	if (!action_find(shown->done, &done) || shown->request.sight == SIGHT_PUBLIC)
		return;
	page_message(page, false, SLICE("Done"));
	page_put(page, SLICE("<p>You "));
	page_text(page, acts[done].done);
	page_put(page, shown->request.state == STATE_GRANTED
			       ? SLICE(". It is published: the registry has it.</p>")
			       : SLICE(". Whoever is to act next is told.</p>"));
	page_message_end(page);
}

static int show(struct request_page *shown, unsigned status)
{
	struct desk_page *page = shown->page;
	const struct desk_request *request = &shown->request;
	struct strbuf title CLEANUP(strbuf_done) = {};
	int result;

	shown->actions = desk_actions(page->desk, page->account, request, page->now);
	strbuf_add(&title, SLICE("Request "));
	strbuf_add_uint(&title, (uint64_t)request->number);
	result = title.failed ? FAULT_MEMORY
			      : page_begin(page, status, strbuf_slice(&title), SLICE_NONE);
	if (result < 0)
		return result;
	page_put(page, SLICE("<p class=\"kicker\">"));
	page_text(page, strbuf_slice(&title));
	page_put(page, SLICE("</p><h1>"));
	page_subject(page, request);
	page_put(page, SLICE("</h1>\n<p class=\"lead\">"));
	page_text(page, procedure_title(request->procedure));
	page_put(page, SLICE(" <small>"));
	page_section(page, procedure_section(request->procedure));
	page_put(page, SLICE("</small></p>\n"));
	put_messages(shown);
	put_facts(shown);
	put_fields(shown, FIELD_PUBLIC, SLICE("What is asked for"));
	put_fields(shown, FIELD_UNTIL_GRANTED, SLICE("Published once it is granted"));
	put_fields(shown, FIELD_PRIVATE, SLICE("For those who review it"));
	if (request->sight == SIGHT_REVIEWER && !desk_state_is_closed(request->state)) {
		result = put_checklist(shown);
		if (result == 0)
			result = put_conflicts(shown);
	}
	if (result == 0)
		result = put_timeline(shown);
	if (result == 0)
		result = put_actions(shown);
	return result < 0 ? result : page_end(page);
}

int desk_request_page(struct desk_page *page, const struct slice *captured)
{
	struct request_page shown CLEANUP(request_page_done) = {.page = page,
								.action = ACTION_COUNT};
	int result = page_request(page, captured[0], &shown.request);

	if (result == 0) {
		shown.done = page_field(page, SLICE("done"));
		result = show(&shown, 200);
	}
	return result;
}

/* Nothing typed is lost where it cannot be done. */
static int act(struct request_page *shown)
{
	struct desk_page *page = shown->page;
	struct desk_act act = {.action = shown->action,
			       .note = shown->note,
			       .internal = shown->internal,
			       .account = shown->account,
			       .version = page_field_number(page, SLICE("version"))};
	struct strbuf done CLEANUP(strbuf_done) = {};
	int result;

	if (shown->action == ACTION_COUNT || shown->action == ACTION_AMEND) {
		(void)fault_set(&shown->refusal.why, 0, "choose what is to be done");
		return show(shown, 422);
	}
	result = desk_do(page->desk, page->account, shown->request.number, &act, page->now,
			 &shown->refusal, &page->visitor.fault);
	if (result > 0)
		return show(shown, page_status(result));
	if (result < 0)
		return result;
	if (shown->action == ACTION_GRANT)
		visitor_published(&page->visitor);
	strbuf_add(&done, SLICE("?done="));
	strbuf_add(&done, action_name(shown->action));
	return done.failed ? FAULT_MEMORY
			   : page_go_number(page, SLICE("/desk/requests/"), shown->request.number,
					    strbuf_slice(&done));
}

int desk_request_post(struct desk_page *page, const struct slice *captured)
{
	struct request_page shown CLEANUP(request_page_done) = {.page = page,
								.action = ACTION_COUNT};
	int result = page_need_account(page);

	if (result == 0)
		result = page_request(page, captured[0], &shown.request);
	if (result == 0) {
		if (!action_find(page_field(page, SLICE("action")), &shown.action))
			shown.action = ACTION_COUNT;
		shown.note = page_field(page, SLICE("note"));
		shown.internal = page_field(page, SLICE("internal")).n > 0;
		shown.account = page_field_number(page, SLICE("account"));
		result = act(&shown);
	}
	return result;
}
