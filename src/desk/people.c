/* What the desk has of a person: given out, and erased. */
#include "desk/event.h"
#include "desk/states.h"
#include "mail/mail.h"
#include "render/render.h"

static int count_open(struct desk *desk, int64_t person, int64_t *ret_count, struct fault *fault)
{
	int result = db_query_number(desk->db,
				     "SELECT COUNT(*) FROM desk_requests WHERE applicant = ?1 AND "
				     "state NOT IN ('granted', 'refused', 'withdrawn')",
				     DB_VALUES(db_value_int(person)), ret_count, fault);

	return result < 0 ? result : 0;
}

static int run_of(struct desk *desk, const char *sql, int64_t person, struct fault *fault)
{
	return db_execute(desk->db, sql, DB_VALUES(db_value_int(person)), fault);
}

/* Within the writing transaction. */
static int erase(struct desk *desk, const struct account *actor, int64_t person, struct slice now,
		 struct desk_refusal *refusal, struct fault *fault)
{
	struct event event = {.at = now,
			      .actor = actor->number,
			      .action = SLICE("erase"),
			      .account = person,
			      .first_port = -1,
			      .last_port = -1};
	int64_t open;
	int result = count_open(desk, person, &open, fault);

	if (result == 0 && open > 0)
		return refuse(refusal, DESK_NOT_NOW, SLICE("docs/DESK.md"),
			      "%lld requests of this account are open: withdraw them first",
			      (long long)open);
	if (result == 0)
		result = account_erase(desk->db, person, now, fault);
	if (result == ACCOUNT_NONE)
		return refuse(refusal, DESK_NOT_FOUND, SLICE("docs/DESK.md"), "no such account");
	if (result == ACCOUNT_LAST)
		return refuse(refusal, DESK_NOT_NOW, SLICE("docs/DESK.md"),
			      "nobody would be left who administers accounts");
	if (result == 0)
		result = mail_erase(desk->db, person, now, fault);
	/* What others were told in its words; what is still on its way says less. */
	if (result == 0)
		result = run_of(desk,
				"UPDATE letters SET body = CASE WHEN state IN ('queued', 'sending')"
				" THEN 'What was said here was removed.' ELSE NULL END "
				"WHERE body IS NOT NULL AND event IN (SELECT sequence FROM "
				"desk_events WHERE actor = ?1 AND private IS NOT NULL)",
				person, fault);
	if (result == 0)
		result = run_of(desk, "DELETE FROM desk_keys WHERE account = ?1", person, fault);
	if (result == 0)
		result = run_of(desk,
				"DELETE FROM desk_private WHERE sequence IN "
				"(SELECT sequence FROM desk_events WHERE actor = ?1)",
				person, fault);
	if (result == 0)
		result = run_of(desk, "DELETE FROM desk_leases WHERE account = ?1", person, fault);
	return result == 0 ? event_append(desk, &event, fault) : result;
}

int desk_erase(struct desk *desk, const struct account *actor, int64_t person, struct slice now,
	       struct desk_refusal *refusal, struct fault *fault)
{
	int result;

	if (actor->number != person && !account_has_role_anywhere(actor, ROLE_ADMINISTRATOR))
		return refuse(refusal, DESK_FORBIDDEN, SLICE("docs/DESK.md"),
			      "a person is erased by themselves, or by an administrator");
	result = desk_begin(desk, true, fault);
	if (result < 0)
		return result;
	result = erase(desk, actor, person, now, refusal, fault);
	return desk_end(desk, result, fault);
}

static void put_text(struct out *out, struct slice key, struct slice text)
{
	out_put(out, SLICE(", "));
	render_json_text(out, key);
	out_put(out, SLICE(": "));
	render_json_text(out, text);
}

/* JSON that is in the store already, or null. */
static void put_json(struct out *out, struct slice key, struct slice json)
{
	out_put(out, SLICE(", "));
	render_json_text(out, key);
	out_put(out, SLICE(": "));
	out_put(out, json.p ? json : SLICE("null"));
}

static int export_events(struct desk *desk, int64_t person, struct out *out, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct slice separator = SLICE("");
	struct event event;
	int result = db_query(desk->db,
			      "SELECT " EVENT_COLUMNS EVENT_TABLES
			      "WHERE e.actor = ?1 ORDER BY e.sequence",
			      DB_VALUES(db_value_int(person)), &statement, fault);

	if (result < 0)
		return result;
	while ((result = db_step(statement, fault)) > 0) {
		event_get(statement, &event);
		out_put(out, separator);
		out_printf(out, "{\"event\": %lld, \"request\": %lld", (long long)event.sequence,
			   (long long)event.request);
		put_text(out, SLICE("at"), event.at);
		put_text(out, SLICE("action"), event.action);
		put_text(out, SLICE("note"), event.note);
		put_json(out, SLICE("application"), event.application);
		put_json(out, SLICE("answers"), event.private_application);
		out_put(out, SLICE("}"));
		separator = SLICE(", ");
	}
	return result;
}

static int export_leases(struct desk *desk, int64_t person, struct out *out, struct fault *fault)
{
	static const struct slice keys[] = {SLICE("name"),    SLICE("transport"), SLICE("host"),
					    SLICE("project"), SLICE("since"),	  SLICE("until")};
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct slice separator = SLICE("");
	int result = db_query(desk->db,
			      "SELECT name, transport, host, project, since, until, port "
			      "FROM desk_leases WHERE account = ?1 ORDER BY lease",
			      DB_VALUES(db_value_int(person)), &statement, fault);

	if (result < 0)
		return result;
	while ((result = db_step(statement, fault)) > 0) {
		out_put(out, separator);
		out_printf(out, "{\"port\": %lld", (long long)db_int(statement, 6));
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
			put_text(out, keys[i], db_text(statement, (int)i));
		out_put(out, SLICE("}"));
		separator = SLICE(", ");
	}
	return result;
}

int desk_export(struct desk *desk, int64_t person, struct out *out, struct fault *fault)
{
	int result = desk_begin(desk, false, fault);

	if (result < 0)
		return result;
	out_put(out, SLICE("{\"account\": "));
	result = account_export(desk->db, person, out, fault);
	out_put(out, SLICE(", \"events\": ["));
	if (result == 0)
		result = export_events(desk, person, out, fault);
	out_put(out, SLICE("], \"leases\": ["));
	if (result == 0)
		result = export_leases(desk, person, out, fault);
	out_put(out, SLICE("]}\n"));
	desk_rollback(desk);
	return result;
}
