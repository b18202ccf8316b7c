#include "accounts/failures.h"

#include <stdio.h>

#include "accounts/rows.h"
#include "record/time.h"

enum { LOCK_FIRST = 30, LOCK_LAST = 900 /* seconds */ };

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
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct subject_text text;
	int result =
		db_prepare(db, "SELECT 1 FROM account_failures WHERE subject = ?1 AND locked > ?2",
			   &statement, fault);

	if (result < 0)
		return result;
	db_bind_text(statement, 1, write_subject(subject, &text));
	db_bind_text(statement, 2, now);
	return rows_any(statement, fault);
}

/* How many there are that are not forgotten yet, and whether there is a lock. */
static int read_failures(struct db *db, struct slice subject, struct slice now, int64_t *ret_count,
			 bool *ret_locked, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int64_t failed, moment;
	int result = db_prepare(
		db, "SELECT failures, failed, locked FROM account_failures WHERE subject = ?1",
		&statement, fault);

	if (result < 0)
		return result;
	db_bind_text(statement, 1, subject);
	*ret_count = 0;
	*ret_locked = false;
	result = db_step(statement, fault);
	if (result <= 0)
		return result;
	result = rows_time(db_text(statement, 1), &failed, fault);
	if (result == 0)
		result = rows_time(now, &moment, fault);
	if (result < 0)
		return result;
	if (moment - failed < FAILURES_FORGOTTEN)
		*ret_count = db_int(statement, 0);
	*ret_locked = !db_is_null(statement, 2) && slice_compare(db_text(statement, 2), now) > 0;
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
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct subject_text text;
	char space[TIME_LENGTH];
	int64_t count;
	bool locked;
	int result = read_failures(db, write_subject(subject, &text), now, &count, &locked, fault);

	if (result < 0 || locked)
		return result;
	result = db_prepare(db,
			    "INSERT INTO account_failures (subject, failures, failed, locked) "
			    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (subject) DO UPDATE SET "
			    "failures = excluded.failures, failed = excluded.failed, "
			    "locked = excluded.locked",
			    &statement, fault);
	if (result < 0)
		return result;
	db_bind_text(statement, 1, slice_cstr(text.bytes));
	db_bind_int(statement, 2, count + 1);
	db_bind_text(statement, 3, now);
	db_bind_text(statement, 4, lock_end(count + 1, limit, now, space));
	return rows_any(statement, fault);
}

int failures_forget_account(struct db *db, int64_t number, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct subject_text text;
	int result = db_prepare(db, "DELETE FROM account_failures WHERE subject = ?1", &statement,
				fault);

	if (result < 0)
		return result;
	db_bind_text(statement, 1, write_subject((struct failures_subject){number, NULL}, &text));
	return rows_any(statement, fault);
}
