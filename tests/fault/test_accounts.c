/*
 * Whatever fails while accounts are asked or changed, it is said, all is given back, and the tables
 * have what they had.
 *
 *     test_accounts sqlite|postgres
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/db/database.h"
#include "../unit/accounts/people.h"
#include "failing.h"

enum { CALLS_MAX = 2000 };

static struct accounts *accounts;
static struct db *db;
static struct account_secret cookie, secret;
static struct account_attempt right, wrong;

static int log_in(struct account_attempt *attempt, struct fault *fault)
{
	struct account_secret made = {};

	return account_login(accounts, db, attempt, SLICE_NONE, NOW, &made, fault);
}

static int enter_people(void **state)
{
	struct account_token token = {.account = 1, .label = SLICE("ci"), .scopes = 1};
	struct fault fault = {};
	int64_t number;

	if (enter(state) < 0)
		return -1;
	accounts = open_accounts(&options_cheap);
	db = open_people();
	(void)add_person(db, "ada");
	(void)add_person(db, "eve");
	set_password(accounts, db, 1, PASSWORD);
	grant(db, 1, ROLE_REVIEWER, 10, 20);
	grant(db, 1, ROLE_ADMINISTRATOR, -1, -1);
	grant(db, 2, ROLE_ADMINISTRATOR, -1, -1);
	begin(db, true);
	assert_int_equal(account_token_create(accounts, db, &token, NOW, &number, &secret, &fault),
			 0);
	ended(db, account_session_begin(accounts, db, 1, SLICE_NONE, NOW, &cookie, &fault), 0,
	      &fault);
	assert_int_equal(account_login_check(accounts, db, SLICE("ada"), PASSWORD, SLICE("unix"),
					     NOW, &right, &fault),
			 0);
	wrong = (struct account_attempt){.number = 1, .peer = "unix"};
	return 0;
}

static int leave_people(void **state)
{
	db_close(db);
	accounts_close(accounts);
	return leave(state);
}

static int do_open(struct fault *fault)
{
	struct accounts *opened CLEANUP(accounts_closep) = NULL;
	struct account_limits *limits CLEANUP(account_limits_freep) = NULL;
	int result = accounts_open(&options_cheap, &opened, fault);

	return result < 0 ? result : account_limits_new(opened, 99, 1, 1, &limits, fault);
}

static int do_create(struct fault *fault)
{
	struct account_details details = {.login = SLICE("new"), .name = SLICE("New")};
	int64_t number;

	return account_create(db, &details, NOW, &number, fault);
}

static int do_change(struct fault *fault)
{
	struct account_details details = {.login = SLICE("ada2"), .email = SLICE("a@example.org")};

	return account_change(db, 1, &details, fault);
}

static int do_read(struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;

	return account_find(db, SLICE("ADA"), &arena, &account, fault);
}

static int look_at(void *context, const struct account *account)
{
	(void)context;
	return account->number == 0;
}

static int look_at_token(void *context, const struct account_token *token)
{
	(void)context;
	return token->number == 0;
}

static int do_list(struct fault *fault)
{
	int result = account_list(db, 0, 10, look_at, NULL, fault);

	if (result == 0)
		result = account_list_role(db, ROLE_ADMINISTRATOR, -1, look_at, NULL, fault);
	return result == 0 ? account_token_list(db, 1, look_at_token, NULL, fault) : result;
}

static int do_roles(struct fault *fault)
{
	struct account_role role = {ROLE_REVIEWER, 12, 15};
	int result = account_revoke(db, 1, &role, fault);

	if (result == 0)
		result = account_grant_all(db, 1, ROLE_APPROVER, fault);
	return result == 0 ? account_revoke_all(db, 2, ROLE_ADMINISTRATOR, fault) : result;
}

static int do_password(struct fault *fault)
{
	struct account account = {.number = 1};
	struct account_hash hash;
	int result =
		account_password_hash(accounts, &account, SLICE("nine wild geese"), &hash, fault);

	return result == 0 ? account_password_set(db, 1, &hash, 0, fault) : result;
}

static int do_check(struct fault *fault)
{
	struct account_attempt attempt;

	return account_login_check(accounts, db, SLICE("ada"), PASSWORD, SLICE("::1"), NOW,
				   &attempt, fault);
}

static int do_login(struct fault *fault)
{
	return log_in(&right, fault);
}

static int do_refuse(struct fault *fault)
{
	int result = log_in(&wrong, fault);

	return result == ACCOUNT_REFUSED ? 0 : result;
}

static int do_session(struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	struct account_session session = {};
	int result = account_session_find(accounts, db, account_secret_text(&cookie), NOW, &arena,
					  &account, &session, fault);

	if (result == 0)
		result = account_session_touch(db, session.number, SLICE("2026-11-22T07:30:00Z"),
					       fault);
	return result == 0 ? account_session_end(db, session.number, fault) : result;
}

static int do_token(struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	struct account_token token = {};
	struct account_secret made = {};
	int64_t number;
	int result = account_token_verify(db, account_secret_text(&secret), NOW, &arena, &account,
					  &token, fault);

	if (result == 0)
		result = account_token_touch(db, token.number, NOW, fault);
	if (result == 0)
		result = account_token_create(accounts, db, &token, NOW, &number, &made, fault);
	return result == 0 ? account_token_revoke(db, 1, 0, fault) : result;
}

static int do_export(struct fault *fault)
{
	struct out out CLEANUP(out_done) = {};
	int result = out_init_memory(&out);

	if (result == 0)
		result = account_export(db, 1, &out, fault);
	else
		fault_memory(fault);
	if (result == 0 && out_finish(&out) != 0)
		result = fault_memory(fault);
	return result;
}

static int do_erase(struct fault *fault)
{
	int result = account_erase(db, 1, NOW, fault);

	return result == 0 ? accounts_sweep(accounts, db, SLICE("2027-01-01T00:00:00Z"), fault)
			   : result;
}

/* Everything that the tables have of people, in a number. */
static int64_t all_rows(void)
{
	return ask(db, "SELECT (SELECT count(*) FROM accounts WHERE login <> 'ada2') + "
		       "10 * (SELECT count(*) FROM account_roles) + "
		       "1000 * (SELECT count(*) FROM account_tokens) + "
		       "10000 * (SELECT count(*) FROM account_sessions) + "
		       "100000 * (SELECT count(*) FROM account_failures) + "
		       "1000000 * (SELECT CAST(sum(last) AS INTEGER) FROM account_numbers)");
}

static void fail_each(int (*work)(struct fault *fault))
{
	int64_t before = all_rows();
	bool done = false;

	for (unsigned n = 1; !done; n++) {
		struct fault fault = {};
		enum failing failed;
		int result;

		assert_true(n < CALLS_MAX);
		/* To one that has prepared nothing yet. */
		db_close(db);
		db = open_again();
		begin(db, true);
		failing_arm(n, n % 3 == 0);
		result = work(&fault);
		failed = failing_disarm();
		db_rollback(db);
		done = failed == FAILING_NONE;
		if (done || result == 0)
			assert_int_equal(result, 0);
		else if (result != (failed == FAILING_MEMORY ? FAULT_MEMORY : FAULT_SYSTEM))
			fail_msg("call %u: %d: %s", n, result, fault.text);
		if (result < 0)
			assert_told(fault);
		assert_true(all_rows() == before);
	}
}

static void test_each(void **state)
{
	static int (*const works[])(struct fault * fault) = {
		do_open,  do_create, do_change, do_read,    do_list,  do_roles,	 do_password,
		do_check, do_login,  do_refuse, do_session, do_token, do_export, do_erase,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(works); i++)
		fail_each(works[i]);
}

/* Tables that are not there, or were lost on the way. */
static void test_no_tables(void **state)
{
	static int (*const works[])(struct fault * fault) = {
		do_create, do_change, do_read,	  do_list,  do_roles,  do_password, do_check,
		do_login,  do_refuse, do_session, do_token, do_export, do_erase,
	};
	static const char *const tables[] = {"account_failures", "account_numbers",
					     "account_tokens",	 "account_sessions",
					     "account_roles",	 "accounts"};

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(tables); k++) {
		struct strbuf sql CLEANUP(strbuf_done) = {};
		unsigned refused = 0;

		strbuf_printf(&sql, "DROP TABLE %s", tables[k]);
		strbuf_add_byte(&sql, '\0');
		run(db, sql.p);
		for (size_t i = 0; i < ARRAY_SIZE(works); i++) {
			struct fault fault = {};
			int result;

			begin(db, true);
			result = works[i](&fault);
			db_rollback(db);
			if (result == 0)
				continue;
			assert_int_equal(result, FAULT_MALFORMED);
			assert_told(fault);
			refused++;
		}
		assert_true(refused > 2);
	}
}

/* A hash that is none of Argon2id's, and moments that are none. */
static void test_damaged(void **state)
{
	struct account_attempt attempt;
	struct fault fault = {};

	(void)state;
	run(db, "UPDATE accounts SET password = '$argon2id$damaged' WHERE number = 1");
	expect_refused(account_login_check(accounts, db, SLICE("ada"), PASSWORD, SLICE("::1"), NOW,
					   &attempt, &fault),
		       FAULT_MALFORMED, &fault, "hash is damaged");
	run(db, "INSERT INTO account_failures VALUES ('peer unix', 1, 'never', NULL)");
	begin(db, true);
	expect_refused(do_refuse(&fault), FAULT_MALFORMED, &fault, "no moment");
	db_rollback(db);
	expect_refused(account_login_check(accounts, db, SLICE("ada"), PASSWORD, SLICE("::1"),
					   SLICE("now"), &attempt, &fault),
		       FAULT_MALFORMED, &fault, "no moment");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_no_tables, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_damaged, enter_people, leave_people),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("failures of accounts", tests, NULL, NULL) : 2;
}
