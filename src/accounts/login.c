#include "accounts/failures.h"
#include "accounts/rows.h"
#include "accounts/secret.h"

/* A peer may be many people behind one address. */
enum { PEER_FAILURES = 4 };

/* What is looked up of an account before its password is verified. */
struct found {
	int64_t number; /* 0: there is none */
	bool usable;	/* neither disabled nor without a password */
	struct account_hash hash;
};

/* The account's hash; that of nobody where there is no such account, or it has none. */
static int look_up(struct accounts *accounts, struct db *db, struct slice login,
		   struct found *ret_found, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct found found = {.hash = accounts->nobody};
	struct login_key key = {};
	struct slice hash;
	int result;

	/* No login is empty: one that can be none is looked up like others. */
	if (!rows_login_key(login, &key))
		key.n = 0;
	result = db_query(
		db, "SELECT number, password, disabled FROM accounts WHERE login_key = ?1",
		DB_VALUES(db_value_text((struct slice){key.text, key.n})), &statement, fault);
	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result < 0)
		return result;
	if (result == 1) {
		hash = db_text(statement, 1);
		found.number = db_int(statement, 0);
		found.usable = hash.n > 0 && hash.n < ACCOUNT_HASH_SIZE && db_is_null(statement, 2);
		if (hash.n > 0 && hash.n < ACCOUNT_HASH_SIZE) {
			found.hash = (struct account_hash){};
			memcpy(found.hash.text, hash.p, hash.n);
		}
	}
	*ret_found = found;
	return 0;
}

int account_login_check(struct accounts *accounts, struct db *db, struct slice login,
			struct slice password, struct slice peer, struct slice now,
			struct account_attempt *ret_attempt, struct fault *fault)
{
	struct account_attempt attempt = {};
	struct found found;
	int64_t moment;
	int result = rows_time(now, &moment, fault), locked;

	(void)account_peer_key(peer, attempt.peer);
	if (result == 0)
		result =
			failures_locked(db, (struct failures_subject){0, attempt.peer}, now, fault);
	if (result != 0) {
		/* That a peer is locked says nothing of any account: it costs no hash. */
		if (result == 1)
			*ret_attempt = attempt;
		return result < 0 ? result : 0;
	}
	result = look_up(accounts, db, login, &found, fault);
	if (result < 0)
		return result;
	locked = failures_locked(db, (struct failures_subject){found.number, NULL}, now, fault);
	if (locked < 0)
		return locked;
	result = secret_verify_password(accounts, password, &found.hash, fault);
	if (result < 0)
		return result;
	attempt.number = found.number;
	attempt.right = result == 1 && found.usable && locked == 0;
	if (attempt.right &&
	    accounts->sodium.outdated(found.hash.text, accounts->passes, accounts->memory) != 0)
		result = secret_hash_password(accounts, password, &attempt.again, fault);
	if (result < 0)
		return result;
	*ret_attempt = attempt;
	return 0;
}

/* Whether a right password is enough by now: 1 or 0. */
static int is_open(struct db *db, const struct account_attempt *attempt, struct slice now,
		   struct fault *fault)
{
	int result = failures_locked(db, (struct failures_subject){0, attempt->peer}, now, fault);

	if (result == 0)
		result = failures_locked(db, (struct failures_subject){attempt->number, NULL}, now,
					 fault);
	if (result != 0)
		return result < 0 ? result : 0;
	return db_execute(db, "SELECT 1 FROM accounts WHERE number = ?1 AND disabled IS NULL",
			  DB_VALUES(db_value_int(attempt->number)), fault);
}

static int refuse(const struct accounts *accounts, struct db *db,
		  const struct account_attempt *attempt, struct slice now, struct fault *fault)
{
	int result = failures_count(db, (struct failures_subject){attempt->number, NULL}, now,
				    accounts->failures, fault);

	if (result == 0)
		result = failures_count(db, (struct failures_subject){0, attempt->peer}, now,
					PEER_FAILURES * accounts->failures, fault);
	if (result < 0)
		return result;
	return fault_set(fault, ACCOUNT_REFUSED,
			 "login or password is wrong, or there were too many attempts: wait up to "
			 "15 minutes");
}

int account_login(const struct accounts *accounts, struct db *db,
		  const struct account_attempt *attempt, struct slice cookie, struct slice now,
		  struct account_secret *ret_cookie, struct fault *fault)
{
	int64_t moment;
	int result = rows_time(now, &moment, fault);

	if (result == 0 && attempt->right)
		result = is_open(db, attempt, now, fault);
	if (result < 0)
		return result;
	if (result == 0)
		return refuse(accounts, db, attempt, now, fault);
	result = failures_forget_account(db, attempt->number, fault);
	if (result == 0 && attempt->again.text[0])
		result = db_execute(db, "UPDATE accounts SET password = ?2 WHERE number = ?1",
				    DB_VALUES(db_value_int(attempt->number),
					      db_value_text(slice_cstr(attempt->again.text))),
				    fault);
	return result < 0 ? result
			  : account_session_begin(accounts, db, attempt->number, cookie, now,
						  ret_cookie, fault);
}
