#include "accounts/rows.h"
#include "accounts/secret.h"
#include "record/time.h"

/* How old the time of the last use gets before it is written again. */
enum { STALE = 60 /* seconds */ };

static const struct slice kind = {"session", 7}, csrf_kind = {"csrf", 4};

static int end_cookie(struct db *db, struct slice cookie, struct fault *fault)
{
	char hash[SECRET_HASH_SIZE];

	return db_execute(db, "DELETE FROM account_sessions WHERE hash = ?1",
			  DB_VALUES(db_value_text(secret_hash(kind, cookie, hash))), fault);
}

int account_session_begin(const struct accounts *accounts, struct db *db, int64_t account,
			  struct slice cookie, struct slice now, struct account_secret *ret_cookie,
			  struct fault *fault)
{
	struct account_secret secret CLEANUP(account_secret_done) = {};
	char hash[SECRET_HASH_SIZE], expires[TIME_LENGTH];
	int64_t number = 0, moment;
	int result = rows_time(now, &moment, fault);

	if (result == 0 && cookie.n > 0)
		result = end_cookie(db, cookie, fault);
	if (result == 0)
		result = rows_next_number(db, "session", &number, fault);
	if (result < 0)
		return result;
	secret_make(accounts, SLICE(""), &secret);
	result = db_execute(
		db,
		"INSERT INTO account_sessions (number, hash, account, created, seen, expires) "
		"VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
		DB_VALUES(db_value_int(number),
			  db_value_text(secret_hash(kind, account_secret_text(&secret), hash)),
			  db_value_int(account), db_value_text(now),
			  db_value_text(time_write(moment + accounts->absolute, expires))),
		fault);
	if (result == 0)
		*ret_cookie = secret;
	return result;
}

/* Whether neither limit is over, and whether it was seen long ago. */
static bool is_current(const struct accounts *accounts, struct account_session *session,
		       int64_t now)
{
	int64_t seen, expires;

	if (!time_parse(session->seen, &seen) || !time_parse(session->expires, &expires))
		return false;
	session->stale = now - seen > STALE;
	return now < expires && now - seen < accounts->idle;
}

static void derive_csrf(struct slice cookie, struct account_secret *ret_csrf)
{
	ret_csrf->n = secret_hash(csrf_kind, cookie, ret_csrf->bytes).n;
}

int account_session_find(const struct accounts *accounts, struct db *db, struct slice cookie,
			 struct slice now, struct arena *arena, struct account *ret_account,
			 struct account_session *ret_session, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct account_session session = {};
	struct account account;
	char hash[SECRET_HASH_SIZE];
	bool failed = false;
	int64_t moment;
	int result = rows_time(now, &moment, fault);

	if (result == 0)
		result = db_query(db,
				  "SELECT " ACCOUNT_COLUMNS
				  ", s.number, s.created, s.seen, s.expires" ACCOUNT_TABLES
				  "JOIN account_sessions s ON s.account = a.number WHERE s.hash "
				  "= ?1 AND a.disabled IS NULL",
				  DB_VALUES(db_value_text(secret_hash(kind, cookie, hash))),
				  &statement, fault);
	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result <= 0)
		return result < 0 ? result : ACCOUNT_NONE;
	session.number = db_int(statement, ACCOUNT_COLUMN_COUNT);
	session.created = arena_copy(arena, db_text(statement, ACCOUNT_COLUMN_COUNT + 1), &failed);
	session.seen = arena_copy(arena, db_text(statement, ACCOUNT_COLUMN_COUNT + 2), &failed);
	session.expires = arena_copy(arena, db_text(statement, ACCOUNT_COLUMN_COUNT + 3), &failed);
	if (failed)
		return fault_memory(fault);
	if (!is_current(accounts, &session, moment))
		return ACCOUNT_NONE;
	result = rows_account(db, statement, arena, &account, fault);
	if (result < 0)
		return result;
	session.account = account.number;
	derive_csrf(cookie, &session.csrf);
	*ret_account = account;
	*ret_session = session;
	account_secret_done(&session.csrf);
	return 0;
}

int account_session_touch(struct db *db, int64_t session, struct slice now, struct fault *fault)
{
	return db_execute(db,
			  "UPDATE account_sessions SET seen = ?2 WHERE number = ?1 AND seen < ?2",
			  DB_VALUES(db_value_int(session), db_value_text(now)), fault);
}

int account_session_end(struct db *db, int64_t session, struct fault *fault)
{
	return db_execute(db, "DELETE FROM account_sessions WHERE number = ?1",
			  DB_VALUES(db_value_int(session)), fault);
}

int account_session_end_all(struct db *db, int64_t account, struct fault *fault)
{
	return db_execute(db, "DELETE FROM account_sessions WHERE account = ?1",
			  DB_VALUES(db_value_int(account)), fault);
}

bool account_csrf_right(const struct accounts *accounts, const struct account_session *session,
			struct slice token)
{
	return token.n == session->csrf.n && token.n > 0 &&
	       accounts->sodium.compare(token.p, session->csrf.bytes, token.n) == 0;
}
