/* The log as a whole: verified, and requests made from it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "desk/requests.h"
#include "desk/states.h"

/* Requests as their events make them, while going through the log. */
struct replay {
	struct desk *desk;
	struct desk_request *requests; /* of number i + 1 */
	size_t count, size;
	desk_line_handler *handler; /* NULL: nothing is told */
	void *context;
	char previous[DIGEST_SIZE];
	int64_t sequence;
};

static void replay_done(struct replay *replay)
{
	for (size_t i = 0; i < replay->count; i++)
		desk_request_done(&replay->requests[i]);
	free(replay->requests);
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

static struct desk_request *find_request(struct replay *replay, int64_t number)
{
	if (number == (int64_t)replay->count + 1) {
		if (replay->count == replay->size) {
			size_t size = replay->size ? replay->size * 2 : 64;
			struct desk_request *grown =
				reallocarray(replay->requests, size, sizeof(*grown));

			if (!grown)
				return NULL;
			replay->requests = grown;
			replay->size = size;
		}
		replay->requests[replay->count++] = (struct desk_request){};
	}
	return number > 0 && number <= (int64_t)replay->count ? &replay->requests[number - 1]
							      : NULL;
}

static int replay_request(struct replay *replay, const struct event *event, struct fault *fault)
{
	struct application application = {};
	struct application_problem problem = {};
	struct desk_request *request;
	int result = 0;

	if (event->request > (int64_t)replay->count + 1 || event->request < 0)
		return tell(replay, "event %lld: there is no request %lld before it",
			    (long long)event->sequence, (long long)event->request);
	request = find_request(replay, event->request);
	if (!request)
		return fault_memory(fault);
	if (event->application.p)
		result = application_read_json(event->application, &application, &problem);
	if (result == 0)
		result = request_apply(request, event, event->application.p ? &application : NULL);
	application_done(&application);
	if (result == FAULT_MEMORY)
		return fault_memory(fault);
	return result == 0 ? 0
			   : tell(replay, "event %lld: what it says cannot be understood",
				  (long long)event->sequence);
}

static int check_event(struct replay *replay, const struct event *event)
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
	memset(replay->previous, '0', DIGEST_SIZE);
	if (event->hash.n == DIGEST_SIZE)
		memcpy(replay->previous, event->hash.p, DIGEST_SIZE);
	replay->sequence = event->sequence;
	return result;
}

/* Private parts may be missing where somebody was erased: later events say whose. */
static int check_missing(struct replay *replay, struct fault *fault)
{
	struct db_statement *statement CLEANUP(desk_resetp) = NULL;
	int result = desk_statement(
		replay->desk,
		"SELECT e.sequence FROM desk_events AS e LEFT JOIN desk_private AS p "
		"ON p.sequence = e.sequence WHERE e.private IS NOT NULL AND p.sequence IS NULL "
		"AND NOT EXISTS (SELECT 1 FROM desk_events AS x WHERE x.action = 'erase' "
		"AND x.account = e.actor AND x.sequence > e.sequence) ORDER BY e.sequence",
		&statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) > 0)
		result = tell(replay, "event %lld: its private part is gone, and nobody erased it",
			      (long long)db_int(statement, 0));
	return result;
}

static int walk(struct replay *replay, struct fault *fault)
{
	struct db_statement *statement CLEANUP(desk_resetp) = NULL;
	struct event event;
	int result = desk_statement(replay->desk,
				    "SELECT " EVENT_COLUMNS EVENT_TABLES "ORDER BY e.sequence",
				    &statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		event_get(statement, &event);
		result = check_event(replay, &event);
		if (result == 0 && event.request != 0)
			result = replay_request(replay, &event, fault);
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

/* The table of requests beside what the events say. */
static int compare(struct replay *replay, struct fault *fault)
{
	struct db_statement *statement CLEANUP(desk_resetp) = NULL;
	int64_t count = 0;
	int result = desk_statement(replay->desk,
				    "SELECT " REQUEST_COLUMNS REQUEST_TABLES "ORDER BY r.request",
				    &statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		struct desk_request request = {};

		count++;
		result = request_get(statement, &request, fault);
		if (result == 0 && (request.number > (int64_t)replay->count || request.number < 1 ||
				    !is_same(&request, &replay->requests[request.number - 1])))
			result = tell(replay, "request %lld is not what its events make of it",
				      (long long)request.number);
		desk_request_done(&request);
	}
	if (result == 0 && count != (int64_t)replay->count)
		result = tell(replay, "there are %lld requests, and events of %zu",
			      (long long)count, replay->count);
	return result;
}

int desk_verify(struct desk *desk, desk_line_handler *handler, void *context, int64_t *ret_events,
		struct fault *fault)
{
	struct replay replay CLEANUP(replay_done) = {
		.desk = desk, .handler = handler, .context = context};
	int result = desk_begin(desk, false, fault);

	if (result < 0)
		return result;
	result = walk(&replay, fault);
	if (result == 0)
		result = check_missing(&replay, fault);
	if (result == 0)
		result = compare(&replay, fault);
	desk_rollback(desk);
	*ret_events = replay.sequence;
	return result;
}

static int rebuild(struct replay *replay, struct fault *fault)
{
	int result = walk(replay, fault);

	if (result == 0)
		result = db_run(replay->desk->db, "DELETE FROM desk_requests;", fault);
	for (size_t i = 0; i < replay->count && result == 0; i++)
		result = request_save(replay->desk, &replay->requests[i], fault);
	return result;
}

int desk_rebuild(struct desk *desk, struct fault *fault)
{
	struct replay replay CLEANUP(replay_done) = {.desk = desk};
	int result = desk_begin(desk, true, fault);

	if (result < 0)
		return result;
	result = rebuild(&replay, fault);
	if (result == 0)
		return desk_commit(desk, fault);
	desk_rollback(desk);
	return result;
}
