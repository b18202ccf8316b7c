#include "accounts/failures.h"

#include <stdio.h>

#include "accounts/rows.h"
#include "record/time.h"

/* Seconds. A peer may be an office: of its failures one is forgiven every so often. */
enum { LOCK_FIRST = 30, LOCK_LAST = 900, PEER_FORGIVEN = 180 };

struct subject_text {
	char bytes[ACCOUNT_PEER_SIZE + 16];
};

static struct slice write_subject(struct failures_subject subject, struct subject_text *text)
{
	if (subject.peer)
		(void)snprintf(text->bytes, sizeof(text->bytes), "peer %s", subject.peer);
	else
		(void)snprintf(text->bytes, sizeof(text->bytes), "account %lld",
			       (long long)subject.account);
	return slice_cstr(text->bytes);
}

int failures_locked(struct db *db, struct failures_subject subject, struct slice now,
		    struct fault *fault)
{
	struct subject_text text;

	return db_execute(
		db, "SELECT 1 FROM account_failures WHERE subject = ?1 AND locked > ?2",
		DB_VALUES(db_value_text(write_subject(subject, &text)), db_value_text(now)), fault);
}

/* Failures that are neither forgotten nor forgiven, and whether there is a lock. */
struct failures {
	int64_t count;
	int64_t since; /* what was forgiven was so up to this moment; in seconds */
	bool locked;
};

static void forgive(struct failures *failures, struct failures_subject subject, int64_t now)
{
	int64_t elapsed = now - failures->since, forgiven = elapsed / PEER_FORGIVEN;

	if (elapsed >= FAILURES_FORGOTTEN || (subject.peer && forgiven >= failures->count)) {
		failures->count = 0;
	} else if (subject.peer && forgiven > 0) {
		failures->count -= forgiven;
		failures->since += forgiven * PEER_FORGIVEN;
	}
	/* Of an account the last one counts. */
	if (failures->count == 0 || !subject.peer)
		failures->since = now;
}

static int read_failures(struct db *db, struct failures_subject subject, struct slice now,
			 struct failures *ret_failures, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct subject_text text;
	struct failures failures = {};
	int64_t moment;
	int result = rows_time(now, &moment, fault);

	if (result == 0)
		result = db_query(
			db,
			"SELECT failures, failed, locked FROM account_failures WHERE subject = ?1",
			DB_VALUES(db_value_text(write_subject(subject, &text))), &statement, fault);
	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result == 1) {
		failures.count = db_int(statement, 0);
		failures.locked =
			!db_is_null(statement, 2) && slice_compare(db_text(statement, 2), now) > 0;
		result = rows_time(db_text(statement, 1), &failures.since, fault);
	}
	if (result < 0)
		return result;
	forgive(&failures, subject, moment);
	*ret_failures = failures;
	return 0;
}

/* When a lock ends that a failure makes; absent: it makes none. */
static struct slice lock_end(int64_t failures, unsigned limit, struct slice now,
			     char space[static TIME_LENGTH])
{
	int64_t seconds = LOCK_FIRST, moment;

	if (failures < limit || !time_parse(now, &moment))
		return SLICE_NONE;
	for (int64_t i = limit; i < failures && seconds < LOCK_LAST; i++)
		seconds *= 2;
	return time_write(moment + (seconds < LOCK_LAST ? seconds : LOCK_LAST), space);
}

int failures_count(struct db *db, struct failures_subject subject, struct slice now, unsigned limit,
		   struct fault *fault)
{
	struct subject_text text;
	struct failures failures;
	char spaces[2][TIME_LENGTH];
	int result = read_failures(db, subject, now, &failures, fault);

	if (result < 0 || failures.locked)
		return result;
	return db_execute(
		db,
		"INSERT INTO account_failures (subject, failures, failed, locked) "
		"VALUES (?1, ?2, ?3, ?4) ON CONFLICT (subject) DO UPDATE SET "
		"failures = excluded.failures, failed = excluded.failed, "
		"locked = excluded.locked",
		DB_VALUES(db_value_text(write_subject(subject, &text)),
			  db_value_int(failures.count + 1),
			  db_value_text(time_write(failures.since, spaces[0])),
			  db_value_text(lock_end(failures.count + 1, limit, now, spaces[1]))),
		fault);
}

int failures_forget_account(struct db *db, int64_t number, struct fault *fault)
{
	struct subject_text text;

	return db_execute(db, "DELETE FROM account_failures WHERE subject = ?1",
			  DB_VALUES(db_value_text(
				  write_subject((struct failures_subject){number, NULL}, &text))),
			  fault);
}
