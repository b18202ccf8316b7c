#include "accounts/rows.h"

#include <stdlib.h>

#include "record/time.h"

const char *accounts_schema(void)
{
	return "CREATE TABLE accounts (\n"
	       "  number INTEGER PRIMARY KEY,\n"
	       "  login TEXT NOT NULL,\n"
	       "  login_key TEXT NOT NULL UNIQUE,\n"
	       "  name TEXT,\n"
	       "  email TEXT,\n"
	       "  person TEXT,\n"
	       "  password TEXT,\n"
	       "  created TEXT NOT NULL,\n"
	       "  disabled TEXT,\n"
	       "  erased INTEGER NOT NULL DEFAULT 0\n"
	       ");"
	       "CREATE TABLE account_roles (\n"
	       "  account INTEGER NOT NULL REFERENCES accounts (number),\n"
	       "  role TEXT NOT NULL,\n"
	       "  first_port INTEGER NOT NULL,\n"
	       "  last_port INTEGER NOT NULL,\n"
	       "  PRIMARY KEY (account, role, first_port, last_port)\n"
	       ") WITHOUT ROWID;"
	       "CREATE INDEX account_roles_by_role ON account_roles (role);"
	       "CREATE TABLE account_sessions (\n"
	       "  number INTEGER PRIMARY KEY,\n"
	       "  hash TEXT NOT NULL UNIQUE,\n"
	       "  account INTEGER NOT NULL REFERENCES accounts (number),\n"
	       "  created TEXT NOT NULL,\n"
	       "  seen TEXT NOT NULL,\n"
	       "  expires TEXT NOT NULL\n"
	       ");"
	       "CREATE INDEX account_sessions_by_account ON account_sessions (account);"
	       "CREATE TABLE account_tokens (\n"
	       "  number INTEGER PRIMARY KEY,\n"
	       "  hash TEXT NOT NULL UNIQUE,\n"
	       "  account INTEGER NOT NULL REFERENCES accounts (number),\n"
	       "  label TEXT NOT NULL,\n"
	       "  scopes INTEGER NOT NULL,\n"
	       "  created TEXT NOT NULL,\n"
	       "  expires TEXT,\n"
	       "  used TEXT\n"
	       ");"
	       "CREATE INDEX account_tokens_by_account ON account_tokens (account);"
	       "CREATE TABLE account_failures (\n"
	       "  subject TEXT PRIMARY KEY,\n"
	       "  failures INTEGER NOT NULL,\n"
	       "  failed TEXT NOT NULL,\n"
	       "  locked TEXT\n"
	       ");"
	       "CREATE TABLE account_numbers (\n"
	       "  kind TEXT PRIMARY KEY,\n"
	       "  last INTEGER NOT NULL\n"
	       ");"
	       "INSERT INTO account_numbers VALUES ('account', 0), ('session', 0), ('token', 0)";
}

int rows_must(struct db *db, const char *sql, struct db_values values, struct fault *fault)
{
	int result = db_execute(db, sql, values, fault);

	if (result < 0)
		return result;
	return result == 0 ? ACCOUNT_NONE : 0;
}

int rows_next_number(struct db *db, const char *kind, int64_t *ret_number, struct fault *fault)
{
	int result = db_query_number(
		db, "UPDATE account_numbers SET last = last + 1 WHERE kind = ?1 RETURNING last",
		DB_VALUES(db_value_text(slice_cstr(kind))), ret_number, fault);

	if (result == 0)
		return fault_set(fault, FAULT_MALFORMED, "tables of accounts are incomplete");
	return result < 0 ? result : 0;
}

/* A row of account_roles, added to those that are there; one of no known role is left out. */
static void add_role(struct db_statement *statement, struct account_role *roles, size_t *count)
{
	struct account_role row = {.first_port = (int32_t)db_int(statement, 1),
				   .last_port = (int32_t)db_int(statement, 2)};

	if (role_find(db_text(statement, 0), &row.role))
		roles[(*count)++] = row;
}

static int read_roles(struct db *db, struct arena *arena, struct account *account,
		      struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct account_role *roles = NULL, *more;
	size_t count = 0, room = 0;
	int result = db_query(db,
			      "SELECT role, first_port, last_port FROM account_roles WHERE "
			      "account = ?1 ORDER BY role, first_port",
			      DB_VALUES(db_value_int(account->number)), &statement, fault);

	if (result < 0)
		return result;
	while ((result = db_step(statement, fault)) == 1) {
		if (count == room) {
			room = room ? 2 * room : 8;
			more = arena_alloc(arena, room * sizeof(*roles));
			if (!more)
				return fault_memory(fault);
			if (count > 0)
				memcpy(more, roles, count * sizeof(*roles));
			roles = more;
		}
		add_role(statement, roles, &count);
	}
	account->roles = roles;
	account->role_count = count;
	return result;
}

int rows_account(struct db *db, struct db_statement *statement, struct arena *arena,
		 struct account *ret_account, struct fault *fault)
{
	bool failed = false;
	struct account account = {
		.number = db_int(statement, 0),
		.login = arena_copy(arena, db_text(statement, 1), &failed),
		.name = arena_copy(arena, db_text(statement, 2), &failed),
		.email = arena_copy(arena, db_text(statement, 3), &failed),
		.person = arena_copy(arena, db_text(statement, 4), &failed),
		.created = arena_copy(arena, db_text(statement, 5), &failed),
		.disabled = arena_copy(arena, db_text(statement, 6), &failed),
		.locked = arena_copy(arena, db_text(statement, 7), &failed),
		.has_password = db_int(statement, 8) != 0,
	};
	int result;

	if (failed)
		return fault_memory(fault);
	result = read_roles(db, arena, &account, fault);
	if (result == 0)
		*ret_account = account;
	return result;
}

int rows_time(struct slice text, int64_t *ret_seconds, struct fault *fault)
{
	if (time_parse(text, ret_seconds))
		return 0;
	return fault_set(fault, FAULT_MALFORMED, "no moment of the form YYYY-MM-DDThh:mm:ssZ");
}
