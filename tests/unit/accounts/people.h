/* Tables of accounts in a database for a test, and people in them. Behind ../db/database.h. */
#ifndef PORTBOOK_TESTS_PEOPLE_H
#define PORTBOOK_TESTS_PEOPLE_H

#include "accounts/accounts.h"

#define NOW	 SLICE("2026-11-22T07:00:00Z")
#define PASSWORD SLICE("seven wild geese")

/* What is cheap enough for tests. */
static const struct accounts_options options_cheap = {.hash_memory = 8192, .hash_passes = 1};

static inline struct accounts *open_accounts(const struct accounts_options *options)
{
	struct accounts *accounts = NULL;
	struct fault fault = {};

	if (accounts_open(options, &accounts, &fault) != 0)
		fail_msg("%s", fault.text);
	return accounts;
}

/* With empty tables. */
static inline struct db *open_people(void)
{
	static const char *const tables[] = {
		"DROP TABLE IF EXISTS account_numbers", "DROP TABLE IF EXISTS account_failures",
		"DROP TABLE IF EXISTS account_tokens",	"DROP TABLE IF EXISTS account_sessions",
		"DROP TABLE IF EXISTS account_roles",	"DROP TABLE IF EXISTS accounts",
	};
	struct db *db = open_again();

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		run(db, tables[i]);
	begin(db, true);
	run(db, accounts_schema());
	commit(db);
	return db;
}

/* Ends what began with begin(db, true): the result must be that. */
static inline void ended(struct db *db, int result, int expected, const struct fault *fault)
{
	if (result != expected)
		fail_msg("%d instead of %d: %s", result, expected, fault->text);
	commit(db);
}

static inline int64_t add_person(struct db *db, const char *login)
{
	struct account_details details = {.login = slice_cstr(login)};
	struct fault fault = {};
	int64_t number = 0;

	begin(db, true);
	ended(db, account_create(db, &details, NOW, &number, &fault), 0, &fault);
	return number;
}

static inline void grant(struct db *db, int64_t number, enum role role, int32_t first, int32_t last)
{
	struct account_role granted = {role, first, last};
	struct fault fault = {};

	begin(db, true);
	ended(db, account_grant(db, number, &granted, &fault), 0, &fault);
}

static inline struct account read_person(struct db *db, int64_t number, struct arena *arena)
{
	struct account account = {};
	struct fault fault = {};

	if (account_read(db, number, arena, &account, &fault) != 0)
		fail_msg("%s", fault.text);
	return account;
}

static inline void set_password(struct accounts *accounts, struct db *db, int64_t number,
				struct slice password)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = read_person(db, number, &arena);
	struct account_hash hash;
	struct fault fault = {};

	if (account_password_hash(accounts, &account, password, &hash, &fault) != 0)
		fail_msg("%s", fault.text);
	begin(db, true);
	ended(db, account_password_set(db, number, &hash, 0, &fault), 0, &fault);
}

#endif
