#include "accounts/rows.h"
#include "accounts/secret.h"
#include "record/time.h"

/* How old the time of the last use gets before it is written again. */
enum { STALE = 3600 /* seconds */, LABEL_MAX = 100 };

static const struct slice kind = {"token", 5}, prefix = {"pbk_", 4};

#define TOKEN_COLUMNS "t.number, t.account, t.label, t.scopes, t.created, t.expires, t.used"

static const struct slice scope_names[SCOPE_COUNT] = {
	[SCOPE_READ] = {"read", 4},   [SCOPE_FILE] = {"file", 4},   [SCOPE_ACT] = {"act", 3},
	[SCOPE_LEASE] = {"lease", 5}, [SCOPE_ADMIN] = {"admin", 5},
};

struct slice account_scope_name(enum account_scope scope)
{
	return (unsigned)scope < SCOPE_COUNT ? scope_names[scope] : SLICE_NONE;
}

bool account_scope_find(struct slice name, enum account_scope *ret_scope)
{
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		if (slice_eq(name, scope_names[i])) {
			*ret_scope = (enum account_scope)i;
			return true;
		}
	}
	return false;
}

static int check(const struct account_token *token, struct slice now, struct fault *fault)
{
	int64_t moment, end;
	int result = rows_time(now, &moment, fault);

	if (result < 0)
		return result;
	if (token->label.n == 0 || !rows_is_line(token->label, LABEL_MAX))
		return fault_set(fault, ACCOUNT_REFUSED, "a label is a line of 1 to %d bytes",
				 LABEL_MAX);
	if (token->scopes == 0 || token->scopes >= 1u << SCOPE_COUNT)
		return fault_set(
			fault, ACCOUNT_REFUSED,
			"a token has one or more of the scopes read, file, act, lease, admin");
	if (token->expires.p && (!time_parse(token->expires, &end) || end <= moment))
		return fault_set(
			fault, ACCOUNT_REFUSED,
			"a token expires at a moment YYYY-MM-DDThh:mm:ssZ that is to come");
	return 0;
}

/* 0, ACCOUNT_NONE or ACCOUNT_REFUSED. */
static int check_room(struct db *db, int64_t account, struct fault *fault)
{
	int64_t count;
	int result = rows_must(db, "SELECT 1 FROM accounts WHERE number = ?1 AND erased = 0",
			       DB_VALUES(db_value_int(account)), fault);

	if (result != 0)
		return result;
	result = db_query_number(db, "SELECT count(*) FROM account_tokens WHERE account = ?1",
				 DB_VALUES(db_value_int(account)), &count, fault);
	if (result == 1 && count >= ACCOUNT_TOKENS_MAX)
		return fault_set(fault, ACCOUNT_REFUSED,
				 "an account has at most %d tokens: revoke one that is not used",
				 ACCOUNT_TOKENS_MAX);
	return result < 0 ? result : 0;
}

int account_token_create(const struct accounts *accounts, struct db *db,
			 const struct account_token *token, struct slice now, int64_t *ret_number,
			 struct account_secret *ret_secret, struct fault *fault)
{
	struct account_secret secret CLEANUP(account_secret_done) = {};
	char hash[SECRET_HASH_SIZE];
	int64_t number = 0;
	int result = check(token, now, fault);

	if (result == 0)
		result = check_room(db, token->account, fault);
	if (result == 0)
		result = rows_next_number(db, "token", &number, fault);
	if (result != 0)
		return result;
	secret_make(accounts, prefix, &secret);
	result = db_execute(
		db,
		"INSERT INTO account_tokens (number, hash, account, label, scopes, created, "
		"expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_VALUES(db_value_int(number),
			  db_value_text(secret_hash(kind, account_secret_text(&secret), hash)),
			  db_value_int(token->account), db_value_text(token->label),
			  db_value_int(token->scopes), db_value_text(now),
			  db_value_text(token->expires)),
		fault);
	if (result < 0)
		return result;
	*ret_number = number;
	*ret_secret = secret;
	return 0;
}

/* The columns from first on; text is borrowed of the statement. */
static struct account_token read_token(struct db_statement *statement, int first)
{
	return (struct account_token){
		.number = db_int(statement, first),
		.account = db_int(statement, first + 1),
		.label = db_text(statement, first + 2),
		.scopes = (unsigned)db_int(statement, first + 3),
		.created = db_text(statement, first + 4),
		.expires = db_text(statement, first + 5),
		.used = db_text(statement, first + 6),
	};
}

static bool keep_text(struct account_token *token, struct arena *arena)
{
	bool failed = false;

	token->label = arena_copy(arena, token->label, &failed);
	token->created = arena_copy(arena, token->created, &failed);
	token->expires = arena_copy(arena, token->expires, &failed);
	token->used = arena_copy(arena, token->used, &failed);
	return !failed;
}

static bool is_current(struct account_token *token, int64_t now)
{
	int64_t used, expires;

	token->stale = !time_parse(token->used, &used) || now - used > STALE;
	return !token->expires.p || (time_parse(token->expires, &expires) && now < expires);
}

int account_token_verify(struct db *db, struct slice secret, struct slice now, struct arena *arena,
			 struct account *ret_account, struct account_token *ret_token,
			 struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct account_token token;
	char hash[SECRET_HASH_SIZE];
	int64_t moment;
	int result = rows_time(now, &moment, fault);

	if (result < 0)
		return result;
	if (!slice_starts(secret, prefix))
		return ACCOUNT_NONE;
	result = db_query(db,
			  "SELECT " ACCOUNT_COLUMNS ", " TOKEN_COLUMNS ACCOUNT_TABLES
			  "JOIN account_tokens t ON t.account = a.number WHERE t.hash = ?1 AND "
			  "a.disabled IS NULL",
			  DB_VALUES(db_value_text(secret_hash(kind, secret, hash))), &statement,
			  fault);
	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result < 0)
		return result;
	if (result == 0)
		return ACCOUNT_NONE;
	token = read_token(statement, ACCOUNT_COLUMN_COUNT);
	if (!is_current(&token, moment))
		return ACCOUNT_NONE;
	if (!keep_text(&token, arena))
		return fault_memory(fault);
	result = rows_account(db, statement, arena, ret_account, fault);
	if (result == 0)
		*ret_token = token;
	return result;
}

int account_token_touch(struct db *db, int64_t token, struct slice now, struct fault *fault)
{
	return db_execute(
		db,
		"UPDATE account_tokens SET used = ?2 WHERE number = ?1 AND (used IS NULL OR "
		"used < ?2)",
		DB_VALUES(db_value_int(token), db_value_text(now)), fault);
}

int account_token_revoke(struct db *db, int64_t account, int64_t token, struct fault *fault)
{
	int result = db_execute(db,
				"DELETE FROM account_tokens WHERE account = ?1 AND (number = ?2 OR "
				"?2 = 0) RETURNING 1",
				DB_VALUES(db_value_int(account), db_value_int(token)), fault);

	if (result < 0)
		return result;
	return result == 0 ? ACCOUNT_NONE : 0;
}

int account_token_list(struct db *db, int64_t account, account_token_handler *handler,
		       void *context, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(db,
			      "SELECT " TOKEN_COLUMNS " FROM account_tokens t WHERE t.account = "
			      "?1 ORDER BY t.number",
			      DB_VALUES(db_value_int(account)), &statement, fault);

	if (result < 0)
		return result;
	while (result == 0 && (result = db_step(statement, fault)) == 1) {
		struct account_token token = read_token(statement, 0);

		result = handler(context, &token);
	}
	return result;
}
