#include "desk/letters.h"

#include <stdio.h>

#include "desk/requests.h"
#include "desk/states.h"
#include "mail/mail.h"

/* What is being told, and to whom it was told already. */
struct telling {
	struct desk *desk;
	const struct desk_request *request;
	const struct event *event;
	const char *subject; /* "was granted" */
	struct fault *fault;
	bool with_note;
};

static void add_what(const struct desk_request *request, struct strbuf *text)
{
	strbuf_printf(text, "Request %lld (%.*s", (long long)request->number,
		      (int)procedure_title(request->procedure).n,
		      procedure_title(request->procedure).p);
	if (request->name.n > 0)
		strbuf_printf(text, ", %.*s", (int)request->name.n, request->name.p);
	if (request->first_port >= 0 && request->first_port == request->last_port)
		strbuf_printf(text, ", port %d", (int)request->first_port);
	strbuf_add_byte(text, ')');
}

/* Queues the letter to an account; nothing where it has no address, or did it itself. */
static int tell(void *context, const struct account *account)
{
	const struct telling *telling = context;
	const struct desk_request *request = telling->request;
	struct strbuf subject CLEANUP(strbuf_done) = {}, body CLEANUP(strbuf_done) = {};
	char key[64], thread[32];
	struct mail_letter letter = {.kind = telling->event->action,
				     .account = account->number,
				     .address = account->email,
				     .name = account->name,
				     .event = telling->event->sequence};
	int result;

	if (account->number == telling->event->actor || account->disabled.p ||
	    account->email.n == 0 || !mail_address_valid(account->email))
		return 0;
	add_what(request, &subject);
	strbuf_printf(&subject, " %s", telling->subject);
	add_what(request, &body);
	strbuf_printf(&body, " %s.\nIt is now: %.*s.\n", telling->subject,
		      (int)desk_state_title(request->state, request->procedure).n,
		      desk_state_title(request->state, request->procedure).p);
	if (request->deadline.p)
		strbuf_printf(&body, "To be done by %.*s.\n", (int)request->deadline.n,
			      request->deadline.p);
	if (telling->with_note && telling->event->note.n > 0) {
		strbuf_add(&body, SLICE("\n"));
		strbuf_add(&body, telling->event->note);
		strbuf_add(&body, SLICE("\n"));
	}
	if (subject.failed || body.failed)
		return fault_memory(telling->fault);
	letter.key = (struct slice){key, (size_t)snprintf(key, sizeof(key), "event-%lld-%lld",
							  (long long)letter.event,
							  (long long)account->number)};
	letter.thread =
		(struct slice){thread, (size_t)snprintf(thread, sizeof(thread), "request-%lld",
							(long long)request->number)};
	letter.subject = strbuf_slice(&subject);
	letter.body = strbuf_slice(&body);
	result = mail_put(telling->desk->db, &letter, telling->event->at, telling->fault);
	return result < 0 ? result : 0;
}

static int tell_account(struct telling *telling, int64_t number)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	int result;

	if (number == 0)
		return 0;
	result = account_read(telling->desk->db, number, &arena, &account, telling->fault);
	return result == 0 ? tell(telling, &account) : result < 0 ? result : 0;
}

static int tell_role(struct telling *telling, enum role role)
{
	return account_list_role(telling->desk->db, role, telling->request->first_port, tell,
				 telling, telling->fault);
}

/* Those who have to do something now. */
static int tell_next(struct telling *telling)
{
	const struct desk_request *request = telling->request;
	struct arena arena CLEANUP(arena_done) = {};
	struct account reviewer;
	int result;

	switch (request->state) {
	case STATE_NEW:
	case STATE_ASSIGNABLE:
	case STATE_CALL:
		return tell_role(telling, ROLE_REGISTRAR);
	case STATE_REVIEW:
		result =
			request_reviewer(telling->desk, request, &arena, &reviewer, telling->fault);
		return result == DESK_NOT_FOUND ? tell_role(telling, ROLE_REVIEWER)
		       : result < 0		? result
						: tell(telling, &reviewer);
	case STATE_ESCALATED:
		return tell_role(telling, ROLE_APPROVER);
	default:
		return 0;
	}
}

int letters_put(struct desk *desk, const struct desk_request *request, const struct event *event,
		enum action action, struct fault *fault)
{
	static const char *const said[ACTION_COUNT] = {
		[ACTION_FILE] = "was filed",
		[ACTION_AMEND] = "was amended",
		[ACTION_COMMENT] = "has a comment",
		[ACTION_VALIDATE] = "was taken up",
		[ACTION_ASSIGN] = "has a reviewer",
		[ACTION_RETURN] = "has a question for its applicant",
		[ACTION_ANSWER] = "was answered",
		[ACTION_APPROVE] = "was approved",
		[ACTION_RECUSE] = "needs another reviewer",
		[ACTION_ESCALATE] = "was escalated",
		[ACTION_CALL] = "is called to be commented",
		[ACTION_DECIDE] = "is to be decided",
		[ACTION_REFUSE] = "was refused",
		[ACTION_GRANT] = "was granted",
		[ACTION_WITHDRAW] = "was withdrawn",
	};
	struct telling telling = {.desk = desk,
				  .request = request,
				  .event = event,
				  .subject = action < ACTION_COUNT ? said[action]
								   : "is reviewed again",
				  .fault = fault,
				  .with_note = !event->internal};
	bool hidden = event->internal && action == ACTION_COMMENT;
	int result = hidden ? 0 : tell_account(&telling, request->applicant);

	if (result == 0 && action == ACTION_COMMENT)
		result = tell_account(&telling, request->reviewer);
	else if (result == 0)
		result = tell_next(&telling);
	return result;
}

int desk_warn(struct desk *desk, const struct account *account, const char *what, struct slice now,
	      struct fault *fault)
{
	struct strbuf key CLEANUP(strbuf_done) = {}, subject CLEANUP(strbuf_done) = {};
	struct strbuf body CLEANUP(strbuf_done) = {};
	struct mail_letter letter = {.kind = SLICE("warning"),
				     .account = account->number,
				     .address = account->email,
				     .name = account->name};
	int result;

	if (account->email.n == 0 || !mail_address_valid(account->email))
		return 0;
	strbuf_printf(&key, "warning-%lld-%.*s-%s", (long long)account->number, (int)now.n, now.p,
		      what);
	strbuf_printf(&subject, "Your account %.*s: %s", (int)account->login.n, account->login.p,
		      what);
	strbuf_printf(
		&body,
		"Your account %.*s: %s, at %.*s.\nIf that was not you, tell those who run this "
		"registry.\n",
		(int)account->login.n, account->login.p, what, (int)now.n, now.p);
	if (key.failed || subject.failed || body.failed)
		return fault_memory(fault);
	letter.key = strbuf_slice(&key);
	letter.subject = strbuf_slice(&subject);
	letter.body = strbuf_slice(&body);
	result = mail_put(desk->db, &letter, now, fault);
	return result < 0 ? result : 0;
}
