/* Reading requests. */
#include "base/utf8.h"
#include "desk/requests.h"
#include "desk/states.h"

int desk_request(struct desk *desk, const struct account *actor, int64_t number,
		 struct desk_request *ret_request, struct fault *fault)
{
	struct desk_request request = {};
	int result = desk_begin(desk, false, fault);

	if (result < 0)
		return result;
	result = request_load(desk, number, &request, fault);
	if (result == 0) {
		request.sight = request_sight(actor, &request);
		result = request_application(desk, &request, request.sight > SIGHT_PUBLIC,
					     &request.application, fault);
	}
	desk_rollback(desk);
	if (result != 0) {
		desk_request_done(&request);
		return result;
	}
	request_hide(&request);
	*ret_request = request;
	return 0;
}

/* A list being made: its conditions in SQL, and what they are bound to. */
struct asking {
	struct strbuf sql;
	struct {
		struct slice text; /* absent: the number */
		int64_t number;
	} values[16];
	int count;
};

static int add_text(struct asking *asking, struct slice text)
{
	asking->values[asking->count].text = text;
	return ++asking->count;
}

static int add_number(struct asking *asking, int64_t number)
{
	asking->values[asking->count].number = number;
	return ++asking->count;
}

static void add_states(struct asking *asking, unsigned states)
{
	bool first = true;

	strbuf_add(&asking->sql, SLICE(" AND r.state IN ("));
	for (unsigned state = 0; state < STATE_COUNT; state++) {
		if (!(states >> state & 1))
			continue;
		strbuf_printf(&asking->sql, "%s'%s'", first ? "" : ", ",
			      desk_state_name((enum desk_state)state).p);
		first = false;
	}
	strbuf_add(&asking->sql, first ? SLICE("'')") : SLICE(")"));
}

static void add_procedures(struct asking *asking, unsigned procedures)
{
	bool first = true;

	strbuf_add(&asking->sql, SLICE(" AND r.procedure IN ("));
	for (unsigned i = 0; i < PROCEDURE_COUNT; i++) {
		if (!(procedures >> i & 1))
			continue;
		strbuf_printf(&asking->sql, "%s'%s'", first ? "" : ", ",
			      procedure_name((enum procedure)i).p);
		first = false;
	}
	strbuf_add(&asking->sql, first ? SLICE("'')") : SLICE(")"));
}

/* The states in which something is to be done by those of a role. */
static unsigned states_of(const struct desk *desk, enum role role)
{
	const struct transition *transition;
	unsigned states = 0;

	for (size_t i = 0; (transition = transition_at(i)); i++) {
		if (transition->action != ACTION_COMMENT && transition->action != ACTION_WITHDRAW &&
		    (transition->roles & desk->policy->roles[transition->action]) >> role & 1)
			states |= 1u << transition->state;
	}
	/* Who waits for another's answer has nothing to do. */
	if (role != ROLE_APPLICANT)
		states &= ~(1u << STATE_REQUESTER);
	else
		states &= 1u << STATE_REQUESTER;
	return states;
}

/* What the account's roles make its own to do. */
static void add_queue(struct asking *asking, const struct desk *desk, const struct account *actor)
{
	strbuf_add(&asking->sql, SLICE(" AND (0 = 1"));
	for (size_t i = 0; i < actor->role_count; i++) {
		const struct account_role *role = &actor->roles[i];
		unsigned states = states_of(desk, role->role);

		if (!states)
			continue;
		strbuf_printf(
			&asking->sql,
			" OR (r.first_port >= %d AND r.last_port <= %d AND r.applicant <> %lld",
			(int)role->first_port, (int)role->last_port, (long long)actor->number);
		if (role->role == ROLE_REVIEWER)
			strbuf_printf(&asking->sql, " AND r.reviewer IN (0, %lld)",
				      (long long)actor->number);
		add_states(asking, states);
		strbuf_add_byte(&asking->sql, ')');
	}
	strbuf_printf(&asking->sql, " OR (r.applicant = %lld", (long long)actor->number);
	add_states(asking, states_of(desk, ROLE_APPLICANT));
	strbuf_add(&asking->sql, SLICE("))"));
}

/* Of which the account sees who filed and reviews it: whoever asks for that is not told more. */
static void add_seen(struct asking *asking, const struct account *actor)
{
	strbuf_add(&asking->sql, SLICE(" AND (0 = 1"));
	for (size_t i = 0; actor && i < actor->role_count; i++) {
		const struct account_role *role = &actor->roles[i];

		if (role->role == ROLE_REVIEWER || role->role == ROLE_REGISTRAR ||
		    role->role == ROLE_APPROVER)
			strbuf_printf(&asking->sql, " OR r.first_port >= %d AND r.last_port <= %d",
				      (int)role->first_port, (int)role->last_port);
	}
	if (actor)
		strbuf_printf(&asking->sql, " OR r.applicant = %lld", (long long)actor->number);
	strbuf_add_byte(&asking->sql, ')');
}

enum { SEARCH_MAX = 200 };

/*
 * All rows are looked at, so that it is to be cheap: LIKE of SQLite has no letter case of its own,
 * and takes longer with an escape.
 */
static void add_search(struct asking *asking, const struct desk *desk, struct slice text,
		       struct strbuf *pattern)
{
	const char *escape = "", *lower = db_engine(desk->db) == DB_SQLITE ? "" : "LOWER";
	size_t bad;
	int at;

	/* Nothing has it in it, and an engine might take offence. */
	if (text.n > SEARCH_MAX || !utf8_valid(text, &bad) ||
	    slice_find_byte(text, '\0') != (size_t)-1) {
		strbuf_add(&asking->sql, SLICE(" AND 0 = 1"));
		return;
	}
	strbuf_add_byte(pattern, '%');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '\\') {
			strbuf_add_byte(pattern, '\\');
			escape = " ESCAPE '\\'";
		}
		strbuf_add_byte(pattern, ascii_fold(text.p[i]));
	}
	strbuf_add_byte(pattern, '%');
	at = add_text(asking, strbuf_slice(pattern));
	strbuf_printf(&asking->sql, " AND (r.name_key LIKE ?%d%s OR %s(r.description) LIKE ?%d%s)",
		      at, escape, lower, at, escape);
}

enum { LIST_USUAL = 50, LIST_MAX = 1000 };

static void ask(struct asking *asking, const struct desk *desk, const struct account *actor,
		const struct desk_filter *filter, struct slice now, struct strbuf *pattern)
{
	unsigned most = filter->most ? filter->most : LIST_USUAL;

	strbuf_add(&asking->sql, SLICE("SELECT " REQUEST_COLUMNS REQUEST_TABLES "WHERE 1 = 1"));
	/* In these words the index of open requests is found by both engines. */
	if (filter->queue || filter->overdue)
		strbuf_add(&asking->sql,
			   SLICE(" AND r.state NOT IN ('granted', 'refused', 'withdrawn')"));
	if (filter->states)
		add_states(asking, filter->states);
	if (filter->procedures)
		add_procedures(asking, filter->procedures);
	if (filter->applicant)
		strbuf_printf(&asking->sql, " AND r.applicant = ?%d",
			      add_number(asking, filter->applicant));
	if (filter->reviewer)
		strbuf_printf(&asking->sql, " AND r.reviewer = ?%d",
			      add_number(asking, filter->reviewer));
	if (filter->applicant || filter->reviewer)
		add_seen(asking, actor);
	if (filter->below)
		strbuf_printf(&asking->sql, " AND r.request < ?%d",
			      add_number(asking, filter->below));
	if (filter->overdue)
		strbuf_printf(&asking->sql, " AND r.deadline < ?%d", add_text(asking, day_of(now)));
	if (filter->queue && !actor)
		strbuf_add(&asking->sql, SLICE(" AND 0 = 1"));
	else if (filter->queue)
		add_queue(asking, desk, actor);
	if (filter->text.n > 0)
		add_search(asking, desk, filter->text, pattern);
	strbuf_printf(&asking->sql, " ORDER BY r.request DESC LIMIT %u",
		      most < LIST_MAX ? most : LIST_MAX);
	strbuf_add_byte(&asking->sql, '\0');
}

/* Gives the rows of what was asked to the handler, as the account may see them. */
static int answer(struct desk *desk, const struct account *actor, const struct asking *asking,
		  int64_t without, desk_request_handler *handler, void *context,
		  struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = asking->sql.failed ? fault_memory(fault)
					: db_prepare(desk->db, asking->sql.p, &statement, fault);

	for (int i = 0; result == 0 && i < asking->count; i++) {
		if (asking->values[i].text.p)
			db_bind_text(statement, i + 1, asking->values[i].text);
		else
			db_bind_int(statement, i + 1, asking->values[i].number);
	}
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		struct desk_request request = {};

		result = request_get(statement, &request, fault);
		if (result == 0 && request.number != without) {
			if (request_judge(desk, &request) < 0) {
				desk_request_done(&request);
				return fault_memory(fault);
			}
			request.sight = request_sight(actor, &request);
			request_hide(&request);
			result = handler(context, &request);
		}
		desk_request_done(&request);
	}
	return result;
}

int desk_list(struct desk *desk, const struct account *actor, const struct desk_filter *filter,
	      struct slice now, desk_request_handler *handler, void *context, struct fault *fault)
{
	struct asking asking = {};
	struct strbuf pattern CLEANUP(strbuf_done) = {};
	int result;

	ask(&asking, desk, actor, filter, now, &pattern);
	result = pattern.failed ? fault_memory(fault)
				: answer(desk, actor, &asking, 0, handler, context, fault);
	strbuf_done(&asking.sql);
	return result;
}

int desk_conflicts(struct desk *desk, const struct account *actor,
		   const struct desk_request *request, desk_request_handler *handler, void *context,
		   struct fault *fault)
{
	struct asking asking = {};
	struct strbuf name CLEANUP(strbuf_done) = {};
	const int32_t most = desk->policy->ports_most ? (int32_t)desk->policy->ports_most : 1;
	int result;

	strbuf_add(&asking.sql, SLICE("SELECT " REQUEST_COLUMNS REQUEST_TABLES "WHERE (0 = 1"));
	if (request->name.n > 0) {
		strbuf_add(&name, request->name);
		if (!name.failed)
			utf8_fold(request->name, name.p);
		strbuf_printf(&asking.sql, " OR r.name_key = ?%d",
			      add_text(&asking, strbuf_slice(&name)));
	}
	/* Who asks for any port of a range is in nobody's way: that is more than one may have. */
	if (request->first_port >= 0 && request->last_port < request->first_port + most)
		strbuf_printf(&asking.sql,
			      " OR r.first_port BETWEEN %d AND %d AND r.last_port >= %d AND "
			      "r.last_port < r.first_port + %d",
			      (int)(request->first_port - most + 1), (int)request->last_port,
			      (int)request->first_port, (int)most);
	strbuf_add_byte(&asking.sql, ')');
	add_states(&asking, (1u << STATE_GRANTED) - 1);
	strbuf_add(&asking.sql, SLICE(" ORDER BY r.request DESC LIMIT 50"));
	strbuf_add_byte(&asking.sql, '\0');
	result = name.failed
			 ? fault_memory(fault)
			 : answer(desk, actor, &asking, request->number, handler, context, fault);
	strbuf_done(&asking.sql);
	return result;
}

int desk_counts(struct desk *desk, int64_t ret_counts[static STATE_COUNT], struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	enum desk_state state;
	int result =
		db_prepare(desk->db, "SELECT state, requests FROM desk_counts", &statement, fault);

	memset(ret_counts, 0, STATE_COUNT * sizeof(*ret_counts));
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		if (desk_state_find(db_text(statement, 0), &state))
			ret_counts[state] = db_int(statement, 1);
		result = 0;
	}
	return result;
}

/* An event as far as it is to be seen. */
static void show(struct db_statement *statement, enum desk_sight sight,
		 struct desk_event *ret_event)
{
	struct event event;
	bool note, body;

	event_get(statement, &event);
	body = sight > SIGHT_PUBLIC || slice_eq(event.action, SLICE("policy"));
	note = sight == SIGHT_REVIEWER || (sight == SIGHT_PARTY && !event.internal);
	*ret_event = (struct desk_event){
		.sequence = event.sequence,
		.request = event.request,
		.at = event.at,
		.action = event.action,
		.actor = sight > SIGHT_PUBLIC ? event.actor : 0,
		.actor_login = sight > SIGHT_PUBLIC ? db_text(statement, 21) : SLICE_NONE,
		.role = event.role,
		.state = event.state,
		.note = note ? event.note : SLICE_NONE,
		.internal = event.internal,
		.edition = event.edition,
		.hash = event.hash,
		.body = body ? event.body : SLICE_NONE,
	};
}

int desk_timeline(struct desk *desk, const struct account *actor, int64_t number,
		  desk_event_handler *handler, void *context, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct desk_request request = {};
	struct desk_event event;
	enum desk_sight sight = SIGHT_REVIEWER;
	int result = 0;

	if (number != 0) {
		result = request_load(desk, number, &request, fault);
		sight = request_sight(actor, &request);
		desk_request_done(&request);
	} else if (!account_has_role_anywhere(actor, ROLE_ADMINISTRATOR) &&
		   !account_has_role_anywhere(actor, ROLE_REGISTRAR)) {
		sight = SIGHT_PUBLIC;
	}
	if (result == 0)
		result = db_query(desk->db,
				  "SELECT " EVENT_COLUMNS ", a.login " EVENT_TABLES
				  "LEFT JOIN accounts AS a ON a.number = e.actor "
				  "WHERE e.request = ?1 ORDER BY e.sequence",
				  DB_VALUES(db_value_int(number)), &statement, fault);
	if (result != 0)
		return result;
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		show(statement, sight, &event);
		/* That there was a word among reviewers is theirs to know, too. */
		if (event.internal && sight < SIGHT_REVIEWER &&
		    slice_eq(event.action, action_name(ACTION_COMMENT)))
			result = 0;
		else
			result = handler(context, &event);
	}
	return result;
}
