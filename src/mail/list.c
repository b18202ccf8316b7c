/* The queue as operators see it, and what they do to it. */
#include "mail/queue.h"

enum { LIST_MOST = 50, DAY_SECONDS = 86400 };

static const struct slice states[MAIL_STATES] = {
	[MAIL_QUEUED] = SLICE("queued"), [MAIL_SENDING] = SLICE("sending"),
	[MAIL_SENT] = SLICE("sent"),	 [MAIL_FAILED] = SLICE("failed"),
	[MAIL_ERASED] = SLICE("erased"),
};

struct slice mail_state_name(enum mail_state state)
{
	return state < MAIL_STATES ? states[state] : SLICE_NONE;
}

bool mail_state_find(struct slice name, enum mail_state *ret_state)
{
	for (unsigned i = 0; i < MAIL_STATES; i++) {
		if (slice_eq(name, states[i])) {
			*ret_state = (enum mail_state)i;
			return true;
		}
	}
	return false;
}

int queue_letter(struct db_statement *statement, struct mail_letter *ret_letter,
		 struct fault *fault)
{
	struct mail_letter letter = {.number = db_int(statement, 0),
				     .key = db_text(statement, 1),
				     .kind = db_text(statement, 2),
				     .account = db_int(statement, 3),
				     .address = db_text(statement, 4),
				     .name = db_text(statement, 5),
				     .subject = db_text(statement, 6),
				     .thread = db_text(statement, 7),
				     .event = db_int(statement, 8),
				     .id = db_text(statement, 9),
				     .created = db_text(statement, 12),
				     .changed = db_text(statement, 13),
				     .due = db_text(statement, 14),
				     .reason = db_text(statement, 15),
				     .body = db_text(statement, 16)};
	int64_t tries = db_int(statement, 11);

	if (!mail_state_find(db_text(statement, 10), &letter.state) || tries < 0 ||
	    tries > UINT32_MAX)
		return fault_set(fault, FAULT_MALFORMED, "letter %lld is damaged",
				 (long long)letter.number);
	letter.tries = (unsigned)tries;
	*ret_letter = letter;
	return 0;
}

void queue_copy(struct mail_letter *letter, struct arena *arena, bool *failed)
{
	struct slice *const texts[] = {&letter->key,	 &letter->kind,	   &letter->address,
				       &letter->name,	 &letter->subject, &letter->body,
				       &letter->thread,	 &letter->id,	   &letter->created,
				       &letter->changed, &letter->due,	   &letter->reason};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		*texts[i] = arena_copy(arena, *texts[i], failed);
}

/* Within the caller's transaction. */
static int change(struct db *db, const char *sql, int64_t number, struct slice time,
		  struct fault *fault)
{
	int64_t seconds;
	int result = queue_time(time, &seconds, fault);

	if (result == 0)
		result = db_execute(db, sql, DB_VALUES(db_value_int(number), db_value_text(time)),
				    fault);
	return result;
}

int mail_retry(struct db *db, int64_t number, struct slice now, struct fault *fault)
{
	int result = change(db,
			    "UPDATE letters SET state = 'queued', tries = 0, due = ?2, "
			    "changed = ?2 WHERE number = ?1 AND body IS NOT NULL "
			    "AND state IN ('queued', 'failed') RETURNING number",
			    number, now, fault);

	return result < 0 ? result : !result;
}

int mail_erase(struct db *db, int64_t account, struct slice now, struct fault *fault)
{
	int result = change(db,
			    "UPDATE letters SET address = '', name = NULL, subject = '', "
			    "body = NULL, reason = NULL, due = NULL, "
			    "changed = CASE WHEN state = 'sent' THEN changed ELSE ?2 END, "
			    "state = CASE WHEN state = 'sent' THEN state ELSE 'erased' END "
			    "WHERE account = ?1 RETURNING number",
			    account, now, fault);

	return result < 0 ? result : 0;
}

static int prune(struct db *db, struct slice before, struct fault *fault)
{
	return db_execute(db,
			  "UPDATE letters SET body = NULL WHERE body IS NOT NULL "
			  "AND changed <= ?1 AND state IN ('sent', 'failed')",
			  DB_VALUES(db_value_text(before)), fault);
}

int mail_prune(struct db *db, unsigned days, struct slice now, struct fault *fault)
{
	char space[TIME_LENGTH];
	int64_t seconds;
	int result = queue_time(now, &seconds, fault);

	if (result < 0)
		return result;
	seconds -= (int64_t)days * DAY_SECONDS;
	/* No letter is from before 1970. */
	if (seconds < 0)
		return 0;
	result = db_begin(db, true, fault);
	if (result < 0)
		return result;
	result = prune(db, time_write(seconds, space), fault);
	if (result == 0)
		return db_commit(db, fault);
	db_rollback(db);
	return result;
}

static void add_filter(struct strbuf *sql, const struct mail_filter *filter)
{
	const char *before = " AND state IN (";

	strbuf_printf(sql, "SELECT " QUEUE_FIELDS "%s FROM letters WHERE number > 0",
		      filter->bodies ? "body" : "NULL");
	if (filter->account != 0)
		strbuf_printf(sql, " AND account = %lld", (long long)filter->account);
	if (filter->below != 0)
		strbuf_printf(sql, " AND number < %lld", (long long)filter->below);
	for (unsigned i = 0; i < MAIL_STATES && filter->states != 0; i++) {
		if ((filter->states & 1U << i) == 0)
			continue;
		strbuf_printf(sql, "%s'%.*s'", before, (int)states[i].n, states[i].p);
		before = ", ";
	}
	strbuf_printf(sql, "%s ORDER BY number DESC LIMIT %u", filter->states ? ")" : "",
		      filter->most ? filter->most : LIST_MOST);
	strbuf_add_byte(sql, '\0');
}

int mail_list(struct db *db, const struct mail_filter *filter, mail_handler *handler, void *context,
	      struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct strbuf sql CLEANUP(strbuf_done) = {};
	int result;

	add_filter(&sql, filter);
	if (sql.failed)
		return fault_memory(fault);
	result = db_prepare(db, sql.p, &statement, fault);
	while (result == 0 && (result = db_step(statement, fault)) == 1) {
		struct mail_letter letter;

		result = queue_letter(statement, &letter, fault);
		if (result == 0)
			result = handler(context, &letter);
	}
	return result;
}

int mail_counts(struct db *db, int64_t ret_counts[static MAIL_STATES], struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int64_t counts[MAIL_STATES] = {};
	enum mail_state state;
	int result = db_prepare(db, "SELECT state, count(*) FROM letters GROUP BY state",
				&statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) == 1) {
		if (mail_state_find(db_text(statement, 0), &state))
			counts[state] = db_int(statement, 1);
		result = 0;
	}
	if (result == 0)
		memcpy(ret_counts, counts, sizeof(counts));
	return result;
}
