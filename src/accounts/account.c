#include "accounts/failures.h"
#include "accounts/rows.h"
#include "base/utf8.h"
#include "mail/mail.h"

enum { NAME_MAX_BYTES = 200, PERSON_MAX = 64 };

/* Logins that erased accounts have. */
#define ERASED "erased-"

bool rows_login_key(struct slice login, struct login_key *ret_key)
{
	size_t bad_at;

	if (login.n > LOGIN_MAX || !utf8_valid(login, &bad_at) ||
	    slice_find_byte(login, '\0') != (size_t)-1)
		return false;
	ret_key->n = login.n;
	utf8_fold(login, ret_key->text);
	return true;
}

static struct slice key_text(const struct login_key *key)
{
	return (struct slice){key->text, key->n};
}

static bool is_login(struct slice login)
{
	static const char marks[] = "._-+@";

	if (login.n == 0 || login.n > LOGIN_MAX ||
	    (!byte_is_letter(login.p[0]) && !byte_is_digit(login.p[0])))
		return false;
	for (size_t i = 0; i < login.n; i++) {
		char c = login.p[i];

		if (!byte_is_letter(c) && !byte_is_digit(c) && (!c || !strchr(marks, c)))
			return false;
	}
	return login.n < sizeof(ERASED) - 1 ||
	       !utf8_fold_eq((struct slice){login.p, sizeof(ERASED) - 1}, SLICE(ERASED));
}

bool rows_is_line(struct slice text, size_t most)
{
	size_t bad_at;

	if (text.n > most || !utf8_valid(text, &bad_at))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f)
			return false;
	}
	return true;
}

int account_check(const struct account_details *details, struct fault *fault)
{
	if (details->login.p && !is_login(details->login))
		return fault_set(
			fault, ACCOUNT_REFUSED,
			"a login has 1 to %d letters (A-Z, a-z), digits and . _ - + @, and "
			"begins with a letter or digit; none begins with \"" ERASED "\"",
			LOGIN_MAX);
	if (!rows_is_line(details->name, NAME_MAX_BYTES))
		return fault_set(fault, ACCOUNT_REFUSED, "a name is a line of at most %d bytes",
				 NAME_MAX_BYTES);
	if (details->email.n > 0 && !mail_address_valid(details->email))
		return fault_set(fault, ACCOUNT_REFUSED,
				 "this is no e-mail address of the form local@domain in ASCII");
	if (!rows_is_line(details->person, PERSON_MAX))
		return fault_set(fault, ACCOUNT_REFUSED,
				 "a person's id is a line of at most %d bytes", PERSON_MAX);
	return 0;
}

/* Whether an account of another number has the login: 0 or ACCOUNT_TAKEN. */
static int check_free(struct db *db, int64_t number, struct slice key, struct fault *fault)
{
	int result = db_execute(db, "SELECT 1 FROM accounts WHERE number <> ?1 AND login_key = ?2",
				DB_VALUES(db_value_int(number), db_value_text(key)), fault);

	if (result == 1)
		return fault_set(fault, ACCOUNT_TAKEN, "another account has this login");
	return result;
}

/* Empty text is none. */
static struct slice or_none(struct slice text)
{
	return text.n > 0 ? text : SLICE_NONE;
}

int account_create(struct db *db, const struct account_details *details, struct slice now,
		   int64_t *ret_number, struct fault *fault)
{
	struct account_details checked = *details;
	struct login_key key = {};
	int64_t number = 0, seconds;
	int result;

	/* An absent login is an empty one here. */
	checked.login.p = checked.login.p ? checked.login.p : "";
	result = account_check(&checked, fault);
	if (result == 0)
		result = rows_time(now, &seconds, fault);
	if (result != 0)
		return result;
	(void)!rows_login_key(checked.login, &key);
	result = check_free(db, 0, key_text(&key), fault);
	if (result == 0)
		result = rows_next_number(db, "account", &number, fault);
	if (result == 0)
		result = db_execute(
			db,
			"INSERT INTO accounts (number, login, login_key, name, email, person, "
			"created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			DB_VALUES(db_value_int(number), db_value_text(checked.login),
				  db_value_text(key_text(&key)),
				  db_value_text(or_none(checked.name)),
				  db_value_text(or_none(checked.email)),
				  db_value_text(or_none(checked.person)), db_value_text(now)),
			fault);
	if (result == 0)
		*ret_number = number;
	return result;
}

int account_change(struct db *db, int64_t number, const struct account_details *details,
		   struct fault *fault)
{
	struct login_key key = {};
	struct slice login_key = SLICE_NONE;
	int result = account_check(details, fault);

	if (result == 0 && details->login.p) {
		(void)!rows_login_key(details->login, &key);
		login_key = key_text(&key);
		result = check_free(db, number, login_key, fault);
	}
	if (result != 0)
		return result;
	return rows_must(db,
			 "UPDATE accounts SET login = COALESCE(?2, login), login_key = "
			 "COALESCE(?3, login_key), name = ?4, email = ?5, person = ?6 "
			 "WHERE number = ?1 AND erased = 0 RETURNING 1",
			 DB_VALUES(db_value_int(number), db_value_text(details->login),
				   db_value_text(login_key), db_value_text(or_none(details->name)),
				   db_value_text(or_none(details->email)),
				   db_value_text(or_none(details->person))),
			 fault);
}

int account_disable(struct db *db, int64_t number, struct slice now, struct fault *fault)
{
	int64_t seconds;
	int result = rows_time(now, &seconds, fault);

	if (result == 0)
		result = rows_keep_administrator(db, number, fault);
	if (result == 0)
		result = rows_must(db,
				   "UPDATE accounts SET disabled = coalesce(disabled, ?2) WHERE "
				   "number = ?1 RETURNING 1",
				   DB_VALUES(db_value_int(number), db_value_text(now)), fault);
	return result == 0 ? account_session_end_all(db, number, fault) : result;
}

int account_enable(struct db *db, int64_t number, struct fault *fault)
{
	return rows_must(db,
			 "UPDATE accounts SET disabled = NULL WHERE number = ?1 AND erased = 0 "
			 "RETURNING 1",
			 DB_VALUES(db_value_int(number)), fault);
}

static int remove_all(struct db *db, int64_t number, struct fault *fault)
{
	static const char *const removals[] = {
		"DELETE FROM account_sessions WHERE account = ?1",
		"DELETE FROM account_tokens WHERE account = ?1",
		"DELETE FROM account_roles WHERE account = ?1",
	};
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(removals) && result >= 0; i++)
		result = db_execute(db, removals[i], DB_VALUES(db_value_int(number)), fault);
	return result < 0 ? result : 0;
}

int account_erase(struct db *db, int64_t number, struct slice now, struct fault *fault)
{
	int result = account_disable(db, number, now, fault);

	if (result == 0)
		result = rows_must(
			db,
			"UPDATE accounts SET login = '" ERASED "' || CAST(number AS text), "
			"login_key = '" ERASED "' || CAST(number AS text), name = NULL, email = "
			"NULL, person = NULL, password = NULL, erased = 1 WHERE number = ?1 "
			"RETURNING 1",
			DB_VALUES(db_value_int(number)), fault);
	return result == 0 ? remove_all(db, number, fault) : result;
}

static int read_one(struct db *db, struct db_statement *statement, struct arena *arena,
		    struct account *ret_account, struct fault *fault)
{
	int result = db_step(statement, fault);

	if (result == 1)
		return rows_account(db, statement, arena, ret_account, fault);
	return result == 0 ? ACCOUNT_NONE : result;
}

int account_read(struct db *db, int64_t number, struct arena *arena, struct account *ret_account,
		 struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(db, "SELECT " ACCOUNT_COLUMNS ACCOUNT_TABLES "WHERE a.number = ?1",
			      DB_VALUES(db_value_int(number)), &statement, fault);

	if (result < 0)
		return result;
	return read_one(db, statement, arena, ret_account, fault);
}

int account_find(struct db *db, struct slice login, struct arena *arena,
		 struct account *ret_account, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct login_key key;
	int result;

	if (!rows_login_key(login, &key))
		return ACCOUNT_NONE;
	result = db_query(db, "SELECT " ACCOUNT_COLUMNS ACCOUNT_TABLES "WHERE a.login_key = ?1",
			  DB_VALUES(db_value_text(key_text(&key))), &statement, fault);
	if (result < 0)
		return result;
	return read_one(db, statement, arena, ret_account, fault);
}

/* Gives the statement's rows to the handler. */
static int walk(struct db *db, struct db_statement *statement, account_handler *handler,
		void *context, struct fault *fault)
{
	int result = 0;

	while (result == 0 && (result = db_step(statement, fault)) == 1) {
		struct arena arena CLEANUP(arena_done) = {};
		struct account account;

		result = rows_account(db, statement, &arena, &account, fault);
		if (result == 0)
			result = handler(context, &account);
	}
	return result;
}

int account_list(struct db *db, int64_t after, unsigned most, account_handler *handler,
		 void *context, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result =
		db_query(db,
			 "SELECT " ACCOUNT_COLUMNS ACCOUNT_TABLES
			 "WHERE a.number > ?1 AND a.erased = 0 ORDER BY a.number LIMIT ?2",
			 DB_VALUES(db_value_int(after), db_value_int(most)), &statement, fault);

	if (result < 0)
		return result;
	return walk(db, statement, handler, context, fault);
}

int account_list_role(struct db *db, enum role role, int32_t port, account_handler *handler,
		      void *context, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(
		db,
		"SELECT " ACCOUNT_COLUMNS ACCOUNT_TABLES
		"WHERE a.disabled IS NULL AND a.number IN (SELECT account FROM account_roles WHERE "
		"role = ?1 AND first_port <= ?2 AND last_port >= ?2) ORDER BY a.number",
		DB_VALUES(db_value_text(role_name(role)), db_value_int(port)), &statement, fault);

	if (result < 0)
		return result;
	return walk(db, statement, handler, context, fault);
}
