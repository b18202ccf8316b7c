/* All that is known of somebody, as JSON; and what time removes. */
#include "accounts/failures.h"
#include "accounts/rows.h"
#include "accounts/secret.h"
#include "base/json.h"
#include "record/time.h"

static void put_text(struct out *out, struct slice text)
{
	if (text.p)
		json_put_string(out, text);
	else
		out_put(out, SLICE("null"));
}

static void put_member(struct out *out, struct slice key, struct slice text)
{
	out_put(out, SLICE(",\""));
	out_put(out, key);
	out_put(out, SLICE("\":"));
	put_text(out, text);
}

static void put_port(struct out *out, struct slice key, int32_t port)
{
	out_put(out, SLICE(",\""));
	out_put(out, key);
	out_put(out, SLICE("\":"));
	if (port < 0)
		out_put(out, SLICE("null"));
	else
		out_uint(out, (uint64_t)port);
}

static void put_account(struct out *out, const struct account *account)
{
	out_put(out, SLICE("{\"number\":"));
	out_uint(out, (uint64_t)account->number);
	put_member(out, SLICE("login"), account->login);
	put_member(out, SLICE("name"), account->name);
	put_member(out, SLICE("email"), account->email);
	put_member(out, SLICE("person"), account->person);
	put_member(out, SLICE("created"), account->created);
	put_member(out, SLICE("disabled"), account->disabled);
	put_member(out, SLICE("locked"), account->locked);
	out_put(out,
		account->has_password ? SLICE(",\"password\":true") : SLICE(",\"password\":false"));
	out_put(out, SLICE(",\"roles\":["));
	for (size_t i = 0; i < account->role_count; i++) {
		const struct account_role *role = &account->roles[i];

		out_put(out, i > 0 ? SLICE(",{\"role\":") : SLICE("{\"role\":"));
		put_text(out, role_name(role->role));
		put_port(out, SLICE("first_port"), role->first_port);
		put_port(out, SLICE("last_port"), role->last_port);
		out_byte(out, '}');
	}
	out_byte(out, ']');
}

struct list {
	struct out *out;
	bool before;
};

static int put_token(void *context, const struct account_token *token)
{
	struct list *list = context;
	struct slice separator = SLICE("");

	out_put(list->out, list->before ? SLICE(",{\"number\":") : SLICE("{\"number\":"));
	list->before = true;
	out_uint(list->out, (uint64_t)token->number);
	put_member(list->out, SLICE("label"), token->label);
	out_put(list->out, SLICE(",\"scopes\":["));
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		if (!(token->scopes & 1u << i))
			continue;
		out_put(list->out, separator);
		put_text(list->out, account_scope_name((enum account_scope)i));
		separator = SLICE(",");
	}
	out_byte(list->out, ']');
	put_member(list->out, SLICE("created"), token->created);
	put_member(list->out, SLICE("expires"), token->expires);
	put_member(list->out, SLICE("used"), token->used);
	out_byte(list->out, '}');
	return 0;
}

static int put_sessions(struct db *db, int64_t number, struct out *out, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	bool before = false;
	int result = db_query(db,
			      "SELECT created, seen, expires FROM account_sessions WHERE account "
			      "= ?1 ORDER BY number",
			      DB_VALUES(db_value_int(number)), &statement, fault);

	if (result < 0)
		return result;
	while ((result = db_step(statement, fault)) == 1) {
		out_put(out, before ? SLICE(",{\"created\":") : SLICE("{\"created\":"));
		before = true;
		put_text(out, db_text(statement, 0));
		put_member(out, SLICE("seen"), db_text(statement, 1));
		put_member(out, SLICE("expires"), db_text(statement, 2));
		out_byte(out, '}');
	}
	return result;
}

int account_export(struct db *db, int64_t number, struct out *out, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct list tokens = {.out = out};
	struct account account;
	int result = account_read(db, number, &arena, &account, fault);

	if (result != 0)
		return result;
	put_account(out, &account);
	out_put(out, SLICE(",\"sessions\":["));
	result = put_sessions(db, number, out, fault);
	out_put(out, SLICE("],\"tokens\":["));
	if (result == 0)
		result = account_token_list(db, number, put_token, &tokens, fault);
	out_put(out, SLICE("]}"));
	return result;
}

static int remove_before(struct db *db, const char *sql, int64_t first, int64_t second,
			 struct fault *fault)
{
	char spaces[2][TIME_LENGTH];

	return db_execute(db, sql,
			  DB_VALUES(db_value_text(time_write(first, spaces[0])),
				    db_value_text(time_write(second, spaces[1]))),
			  fault);
}

int accounts_sweep(const struct accounts *accounts, struct db *db, struct slice now,
		   struct fault *fault)
{
	int64_t moment;
	int result = rows_time(now, &moment, fault);

	if (result == 0)
		result = remove_before(
			db, "DELETE FROM account_sessions WHERE expires <= ?1 OR seen <= ?2",
			moment, moment - accounts->idle, fault);
	if (result == 0)
		result = remove_before(db,
				       "DELETE FROM account_failures WHERE failed <= ?2 AND "
				       "(locked IS NULL OR locked <= ?1)",
				       moment, moment - FAILURES_FORGOTTEN, fault);
	return result;
}
