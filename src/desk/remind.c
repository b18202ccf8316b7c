/* Reminders: of what is to be done by now, and of what ends soon. */
#include <stdio.h>

#include "desk/requests.h"
#include "desk/states.h"
#include "mail/mail.h"

enum { DAYS_BEFORE_EXPIRY = 30 };

struct reminding {
	struct desk *desk;
	const struct desk_request *request;
	const char *kind; /* "deadline", "expiry" */
	struct slice day, now;
	unsigned letters;
	struct fault *fault;
};

static int remind(void *context, const struct account *account)
{
	struct reminding *reminding = context;
	const struct desk_request *request = reminding->request;
	char key[80], thread[32], subject[120], body[400];
	struct mail_letter letter = {.kind = SLICE("reminder"),
				     .account = account->number,
				     .address = account->email,
				     .name = account->name};
	bool expiry = reminding->kind[0] == 'e', called = request->state == STATE_CALL;
	const char *until = expiry   ? "ends on"
			    : called ? "comments were called for until"
				     : "was to be done by";
	int result;

	if (account->disabled.p || !mail_address_valid(account->email))
		return 0;
	snprintf(key, sizeof(key), "%s-%lld-%.10s-%lld", reminding->kind,
		 (long long)request->number, reminding->day.p, (long long)account->number);
	snprintf(thread, sizeof(thread), "request-%lld", (long long)request->number);
	snprintf(subject, sizeof(subject), "request %lld: %s %.10s", (long long)request->number,
		 until, reminding->day.p);
	snprintf(body, sizeof(body),
		 expiry	  ? "What was assigned by request %lld (%.*s) ends on %.10s, unless it is "
			    "renewed.\n"
		 : called ? "Request %lld (%.*s) is to be decided: comments were called for until "
			    "%.10s.\n"
			  : "Request %lld (%.*s) waits: it was to be done by %.10s.\n",
		 (long long)request->number, (int)request->name.n,
		 request->name.p ? request->name.p : "", reminding->day.p);
	letter.key = slice_cstr(key);
	letter.thread = slice_cstr(thread);
	letter.subject = slice_cstr(subject);
	letter.body = slice_cstr(body);
	result = mail_put(reminding->desk->db, &letter, reminding->now, reminding->fault);
	if (result == 0)
		reminding->letters++;
	return result < 0 ? result : 0;
}

static int remind_account(struct reminding *reminding, int64_t number)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	int result = account_read(reminding->desk->db, number, &arena, &account, reminding->fault);

	return result == 0 ? remind(reminding, &account) : result < 0 ? result : 0;
}

static int remind_of(struct reminding *reminding)
{
	const struct desk_request *request = reminding->request;
	struct arena arena CLEANUP(arena_done) = {};
	struct account reviewer;
	enum role role = ROLE_REGISTRAR;
	int result;

	if (reminding->kind[0] == 'e' || request->state == STATE_REQUESTER)
		return remind_account(reminding, request->applicant);
	result = request_reviewer(reminding->desk, request, &arena, &reviewer, reminding->fault);
	if (result != DESK_NOT_FOUND)
		return result < 0 ? result : remind(reminding, &reviewer);
	if (request->state == STATE_REVIEW)
		role = ROLE_REVIEWER;
	else if (request->state == STATE_ESCALATED)
		role = ROLE_APPROVER;
	return account_list_role(reminding->desk->db, role, request->first_port, remind, reminding,
				 reminding->fault);
}

static int walk(struct desk *desk, const char *sql, const char *kind, struct slice now,
		struct slice before, unsigned *letters, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(desk->db, sql, DB_VALUES(db_value_text(before)), &statement, fault);

	if (result < 0)
		return result;
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		struct desk_request request = {};
		struct reminding reminding = {.desk = desk,
					      .request = &request,
					      .kind = kind,
					      .now = now,
					      .fault = fault};

		result = request_get(statement, &request, fault);
		reminding.day = kind[0] == 'e' ? request.expires : request.deadline;
		if (result == 0)
			result = remind_of(&reminding);
		*letters += reminding.letters;
		desk_request_done(&request);
	}
	return result;
}

int desk_remind(struct desk *desk, struct slice now, unsigned *ret_letters, struct fault *fault)
{
	char space[DATE_LENGTH];
	unsigned letters = 0;
	int result = desk_begin(desk, true, fault);

	if (result < 0)
		return result;
	result = walk(desk,
		      "SELECT " REQUEST_COLUMNS REQUEST_TABLES
		      "WHERE r.deadline < ?1 ORDER BY r.request",
		      "deadline", now, day_of(now), &letters, fault);
	if (result == 0)
		result = walk(desk,
			      "SELECT " REQUEST_COLUMNS REQUEST_TABLES
			      "WHERE r.expires < ?1 AND r.state = 'granted' AND NOT EXISTS "
			      "(SELECT 1 FROM desk_requests AS x WHERE x.edition > r.edition "
			      "AND x.state = 'granted' AND x.procedure IN ('renewal', "
			      "'modification', 'de-assignment', 'revocation', 'reuse') AND "
			      "(x.name_key = r.name_key OR r.first_port >= 0 AND "
			      "x.first_port = r.first_port)) ORDER BY r.request",
			      "expiry", now, day_after(now, DAYS_BEFORE_EXPIRY, space), &letters,
			      fault);
	result = desk_end(desk, result, fault);
	if (result == 0)
		*ret_letters = letters;
	return result;
}
