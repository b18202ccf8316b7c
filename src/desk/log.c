/*
 * The log as a whole: verified, and requests made from it. It may be long: events are read some at
 * a time, and one request is made after the other.
 */
#include <stdarg.h>
#include <stdio.h>

#include "desk/requests.h"
#include "desk/states.h"

enum { EVENTS_AT_ONCE = 1000 };

/* Going through the log. */
struct replay {
	struct desk *desk;
	struct desk_request request; /* as its events make it, so far; number 0: none */
	desk_line_handler *handler;  /* NULL: nothing is told */
	void *context;
	char previous[DIGEST_SIZE];
	int64_t sequence, request_number; /* of the last event */
	int64_t requests, policies;
	bool more;   /* there are events behind those that were given */
	bool saving; /* the table of requests is made, and not compared */
};

static void replay_done(struct replay *replay)
{
	desk_request_done(&replay->request);
}

static int tell(struct replay *replay, const char *format, ...) PRINTF(2, 3);

static int tell(struct replay *replay, const char *format, ...)
{
	char text[240];
	va_list arguments;
	int n;

	if (!replay->handler)
		return 0;
	va_start(arguments, format);
	n = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return replay->handler(
		replay->context,
		(struct slice){text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1});
}

/* A result other than 0 ends the walk. */
typedef int event_handler(struct replay *replay, const struct event *event, struct fault *fault);

/* Gives some events behind those that were given. */
static int walk_some(struct replay *replay, bool by_request, event_handler *handler,
		     struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct event event;
	int count = 0;
	int result = db_query(
		replay->desk->db,
		by_request ? "SELECT " EVENT_COLUMNS EVENT_TABLES "WHERE e.request > 0 AND "
			     "(e.request, e.sequence) > (?3, ?1) ORDER BY e.request, e.sequence "
			     "LIMIT ?2"
			   : "SELECT " EVENT_COLUMNS EVENT_TABLES
			     "WHERE e.sequence > ?1 ORDER BY e.sequence LIMIT ?2",
		DB_VALUES(db_value_int(replay->sequence), db_value_int(EVENTS_AT_ONCE)), &statement,
		fault);

	if (result < 0)
		return result;
	if (by_request)
		db_bind_int(statement, 3, replay->request_number);
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		event_get(statement, &event);
		result = handler(replay, &event, fault);
		replay->sequence = event.sequence;
		replay->request_number = event.request;
		count++;
	}
	replay->more = count == EVENTS_AT_ONCE;
	return result;
}

static int walk(struct replay *replay, bool by_request, event_handler *handler, struct fault *fault)
{
	int result;

	replay->sequence = replay->request_number = 0;
	do {
		result = walk_some(replay, by_request, handler, fault);
	} while (result == 0 && replay->more);
	return result;
}

/* The policy that holds is the one that the log has. */
static int check_policy(struct replay *replay, const struct event *event, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result =
		db_query(replay->desk->db, "SELECT policy FROM desk_policies WHERE number = ?1",
			 DB_VALUES(db_value_int(++replay->policies)), &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result < 0)
		return result;
	return result > 0 && slice_eq(db_text(statement, 0), event->body)
		       ? 0
		       : tell(replay, "event %lld: the policy is not what it says",
			      (long long)event->sequence);
}

static int check_event(struct replay *replay, const struct event *event, struct fault *fault)
{
	char digits[DIGEST_SIZE];
	struct slice previous = {replay->previous, replay->sequence ? DIGEST_SIZE : 0};
	int result = 0;

	if (event->sequence != replay->sequence + 1)
		result = tell(replay, "event %lld: the one before it is missing",
			      (long long)event->sequence);
	event_digest(event, previous, digits);
	if (result == 0 && !slice_eq(event->hash, (struct slice){digits, DIGEST_SIZE}))
		result = tell(replay, "event %lld: its hash is not that of what it says",
			      (long long)event->sequence);
	if (result == 0 && event->has_private) {
		event_private_digest(event, digits);
		if (!slice_eq(event->private_hash, (struct slice){digits, DIGEST_SIZE}))
			result = tell(replay, "event %lld: its private part was changed",
				      (long long)event->sequence);
	}
	if (result == 0 && slice_eq(event->action, SLICE("policy")))
		result = check_policy(replay, event, fault);
	memset(replay->previous, '0', DIGEST_SIZE);
	if (event->hash.n == DIGEST_SIZE)
		memcpy(replay->previous, event->hash.p, DIGEST_SIZE);
	return result;
}

/* What is in the store beside the log, and is not as the log has it. */
static const struct {
	const char *what, *wrong;
	const char *sql; /* the numbers of what is wrong */
} strangers[] = {
	/* Private parts may be missing where somebody was erased: later events say whose. */
	{"event", "its private part is gone, and nobody erased it",
	 "SELECT e.sequence FROM desk_events AS e LEFT JOIN desk_private AS p "
	 "ON p.sequence = e.sequence WHERE e.private IS NOT NULL AND p.sequence IS NULL "
	 "AND NOT EXISTS (SELECT 1 FROM desk_events AS x WHERE x.action = 'erase' "
	 "AND x.account = e.actor AND x.sequence > e.sequence) ORDER BY e.sequence"},
	/* What was done with an event tells of it, though it was the last one. */
	{"event", "it is missing, and there is what came of it",
	 "SELECT t.last FROM (SELECT MAX(sequence) AS last FROM desk_private UNION ALL "
	 "SELECT MAX(event) FROM letters UNION ALL SELECT MAX(lease) FROM desk_leases) AS t "
	 "WHERE t.last > (SELECT MAX(sequence) FROM desk_events)"},
	/* But for the first, which came with the desk. */
	{"edition", "no event has published it",
	 "SELECT edition FROM editions WHERE origin = 'desk' AND imported <> "
	 "(SELECT at FROM desk_events WHERE sequence = 1) AND edition NOT IN "
	 "(SELECT edition FROM desk_events) ORDER BY edition"},
	{"edition", "it was published, and is not there",
	 "SELECT DISTINCT edition FROM desk_events WHERE edition <> 0 AND edition NOT IN "
	 "(SELECT edition FROM editions) ORDER BY edition"},
	{"policy", "no event has made it the policy",
	 "SELECT number FROM desk_policies WHERE number > "
	 "(SELECT COUNT(*) FROM desk_events WHERE action = 'policy') ORDER BY number"},
};

static int check_strangers(struct replay *replay, struct fault *fault)
{
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(strangers) && result == 0; i++) {
		struct db_statement *statement CLEANUP(db_finishp) = NULL;

		result = db_prepare(replay->desk->db, strangers[i].sql, &statement, fault);
		while (result == 0 && (result = db_step(statement, fault)) > 0)
			result = tell(replay, "%s %lld: %s", strangers[i].what,
				      (long long)db_int(statement, 0), strangers[i].wrong);
	}
	return result;
}

static bool is_same(const struct desk_request *a, const struct desk_request *b)
{
	return a->version == b->version && a->procedure == b->procedure && a->state == b->state &&
	       a->came_from == b->came_from && slice_eq(a->name, b->name) &&
	       a->first_port == b->first_port && a->last_port == b->last_port &&
	       a->transports == b->transports && slice_eq(a->description, b->description) &&
	       a->applicant == b->applicant && a->reviewer == b->reviewer &&
	       slice_eq(a->filed, b->filed) && slice_eq(a->changed, b->changed) &&
	       slice_eq(a->deadline, b->deadline) && slice_eq(a->expires, b->expires) &&
	       a->reviews == b->reviews && a->approvals == b->approvals && a->stage == b->stage &&
	       a->applied == b->applied && a->edition == b->edition;
}

/* All events of a request were gone through. */
static int finish_request(struct replay *replay, struct fault *fault)
{
	struct desk_request kept = {};
	int64_t number = replay->request.number;
	int result;

	if (number == 0)
		return 0;
	if (replay->saving) {
		result = request_save(replay->desk, &replay->request, fault);
	} else {
		result = request_load(replay->desk, number, &kept, fault);
		if (result >= 0 && (result > 0 || !is_same(&kept, &replay->request)))
			result = tell(replay, "request %lld is not what its events make of it",
				      (long long)number);
		desk_request_done(&kept);
	}
	desk_request_done(&replay->request);
	replay->request = (struct desk_request){};
	replay->requests++;
	return result;
}

static int replay_event(struct replay *replay, const struct event *event, struct fault *fault)
{
	struct application application = {};
	struct application_problem problem = {};
	int result = 0;

	if (event->request != replay->request_number) {
		result = finish_request(replay, fault);
		if (result == 0 && event->request != replay->requests + 1)
			result = tell(replay, "event %lld: there is no request %lld before it",
				      (long long)event->sequence, (long long)event->request);
		if (result != 0)
			return result;
		replay->requests = event->request - 1;
		replay->request.number = event->request;
	}
	if (event->application.p)
		result = application_read_json(event->application, &application, &problem);
	if (result == 0)
		result = request_apply(&replay->request, event,
				       event->application.p ? &application : NULL);
	application_done(&application);
	if (result == FAULT_MEMORY)
		return fault_memory(fault);
	return result == 0 ? 0
			   : tell(replay, "event %lld: what it says cannot be understood",
				  (long long)event->sequence);
}

static int replay_all(struct replay *replay, struct fault *fault)
{
	int result = walk(replay, true, replay_event, fault);

	return result == 0 ? finish_request(replay, fault) : result;
}

static int count_requests(struct replay *replay, struct fault *fault)
{
	int64_t count;
	int result = db_query_number(replay->desk->db, "SELECT COUNT(*) FROM desk_requests",
				     DB_NO_VALUES, &count, fault);

	if (result < 0 || count == replay->requests)
		return result < 0 ? result : 0;
	return tell(replay, "there are %lld requests, and events of %lld", (long long)count,
		    (long long)replay->requests);
}

int desk_verify(struct desk *desk, desk_line_handler *handler, void *context, int64_t *ret_events,
		struct fault *fault)
{
	struct replay replay CLEANUP(replay_done) = {
		.desk = desk, .handler = handler, .context = context};
	int result = desk_begin(desk, false, fault);

	if (result < 0)
		return result;
	result = store_read_policy(desk, fault);
	if (result == 0)
		result = walk(&replay, false, check_event, fault);
	*ret_events = replay.sequence;
	if (result == 0)
		result = check_strangers(&replay, fault);
	if (result == 0)
		result = replay_all(&replay, fault);
	if (result == 0)
		result = count_requests(&replay, fault);
	desk_rollback(desk);
	return result;
}

int desk_rebuild(struct desk *desk, struct fault *fault)
{
	struct replay replay CLEANUP(replay_done) = {.desk = desk, .saving = true};
	int result = desk_begin(desk, true, fault);

	if (result < 0)
		return result;
	result = db_run(desk->db, "DELETE FROM desk_requests; DELETE FROM desk_counts;", fault);
	if (result == 0)
		result = replay_all(&replay, fault);
	return desk_end(desk, result, fault);
}

static bool may_audit(const struct account *account)
{
	return account_has_role_anywhere(account, ROLE_REGISTRAR) ||
	       account_has_role_anywhere(account, ROLE_APPROVER) ||
	       account_has_role_anywhere(account, ROLE_ADMINISTRATOR);
}

static struct desk_log_event log_event(const struct event *event)
{
	return (struct desk_log_event){
		.sequence = event->sequence,
		.request = event->request,
		.actor = event->actor,
		.account = event->account,
		.edition = event->edition,
		.at = event->at,
		.role = event->role,
		.action = event->action,
		.state = event->state,
		.application = event->application,
		.body = event->body,
		.first_port = event->first_port,
		.last_port = event->last_port,
		.deadline = event->deadline,
		.expires = event->expires,
		.private_hash = event->private_hash,
		.hash = event->hash,
	};
}

int desk_log(struct desk *desk, const struct account *actor, int64_t after, unsigned most,
	     desk_log_handler *handler, void *context, struct desk_refusal *refusal,
	     struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct desk_log_event shown;
	struct event event;
	int result;

	if (!may_audit(actor))
		return refuse(refusal, DESK_FORBIDDEN, SLICE("docs/DESK.md"),
			      "the log is for registrars, approvers and administrators");
	result = db_query(desk->db,
			  "SELECT " EVENT_COLUMNS EVENT_TABLES
			  "WHERE e.sequence > ?1 ORDER BY e.sequence LIMIT ?2",
			  DB_VALUES(db_value_int(after), db_value_int(most)), &statement, fault);
	if (result < 0)
		return result;
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		event_get(statement, &event);
		shown = log_event(&event);
		result = handler(context, &shown);
	}
	return result;
}
