/*
 * Accounts and roles, with each engine.
 *
 *     test_accounts sqlite|postgres
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "../db/database.h"
#include "people.h"

static void test_create(void **state)
{
	struct db *db = open_people();
	struct arena arena CLEANUP(arena_done) = {};
	struct account_details details = {.login = SLICE("Ada"),
					  .name = SLICE("Ada L\xc3\xb6velace"),
					  .email = SLICE("ada@example.org"),
					  .person = SLICE("Ada_Lovelace")};
	struct account account;
	struct fault fault = {};
	int64_t number = 0;

	(void)state;
	begin(db, true);
	ended(db, account_create(db, &details, NOW, &number, &fault), 0, &fault);
	assert_int_equal(number, 1);
	assert_int_equal(add_person(db, "b"), 2);
	account = read_person(db, 1, &arena);
	assert_int_equal(account.number, 1);
	assert_text(account.login, "Ada");
	assert_text(account.name, "Ada L\xc3\xb6velace");
	assert_text(account.email, "ada@example.org");
	assert_text(account.person, "Ada_Lovelace");
	assert_slice(account.created, NOW);
	assert_absent(account.disabled);
	assert_absent(account.locked);
	assert_false(account.has_password);
	assert_int_equal(account.role_count, 0);
	assert_int_equal(account_find(db, SLICE("aDA"), &arena, &account, &fault), 0);
	assert_int_equal(account.number, 1);
	assert_int_equal(account_find(db, SLICE("ad"), &arena, &account, &fault), ACCOUNT_NONE);
	assert_int_equal(account_find(db, SLICE("a\0"), &arena, &account, &fault), ACCOUNT_NONE);
	assert_int_equal(account_find(db, SLICE("\xff"), &arena, &account, &fault), ACCOUNT_NONE);
	assert_int_equal(account_find(db, SLICE_NONE, &arena, &account, &fault), ACCOUNT_NONE);
	assert_int_equal(account_read(db, 3, &arena, &account, &fault), ACCOUNT_NONE);
	account = read_person(db, 2, &arena);
	assert_absent(account.name);
	assert_absent(account.email);
	assert_absent(account.person);
	begin(db, true);
	ended(db, account_create(db, &details, NOW, &number, &fault), ACCOUNT_TAKEN, &fault);
	details.login = SLICE("ADA");
	begin(db, true);
	ended(db, account_create(db, &details, NOW, &number, &fault), ACCOUNT_TAKEN, &fault);
	begin(db, true);
	assert_int_equal(account_create(db, &details, SLICE("today"), &number, &fault),
			 FAULT_MALFORMED);
	db_rollback(db);
	db_close(db);
}

static void test_details_refused(void **state)
{
	static const struct account_details refused[] = {
		{.login = {NULL, 0}},
		{.login = {"", 0}},
		{.login = {"-a", 2}},
		{.login = {"a b", 3}},
		{.login = {"a\nb", 3}},
		{.login = {"a:b", 3}},
		{.login = {"a\0b", 3}},
		{.login = {"\xc3\xa9", 2}},
		{.login = {"erased-7", 8}},
		{.login = {"Erased-x", 8}},
		{.login = {"a2345678901234567890123456789012345678901234567890123456789012345",
			   65}},
		{.login = {"a", 1}, .name = {"a\nb", 3}},
		{.login = {"a", 1}, .name = {"\xff", 1}},
		{.login = {"a", 1}, .name = {"a\x7f", 2}},
		{.login = {"a", 1}, .email = {"a", 1}},
		{.login = {"a", 1}, .email = {"@a", 2}},
		{.login = {"a", 1}, .email = {"a@", 2}},
		{.login = {"a", 1}, .email = {"a@b c", 5}},
		{.login = {"a", 1}, .email = {"a@b\r\nBcc:c@d", 12}},
		{.login = {"a", 1}, .person = {"a\tb", 3}},
	};
	struct db *db = open_people();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct fault fault = {};
		int64_t number = 7;

		begin(db, true);
		ended(db, account_create(db, &refused[i], NOW, &number, &fault), ACCOUNT_REFUSED,
		      &fault);
		assert_told(fault);
		assert_int_equal(number, 7);
	}
	assert_int_equal(ask(db, "SELECT count(*) FROM accounts"), 0);
	assert_int_equal(add_person(db, "erased"), 1);
	assert_int_equal(
		add_person(db, "a234567890123456789012345678901234567890123456789012345678901234"),
		2);
	assert_int_equal(add_person(db, "0.a_b-c+d@example.org"), 3);
	db_close(db);
}

static void test_change(void **state)
{
	struct db *db = open_people();
	struct arena arena CLEANUP(arena_done) = {};
	struct account_details details = {.name = SLICE("A"), .email = SLICE("")};
	struct account account;
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "a");
	(void)add_person(db, "b");
	begin(db, true);
	ended(db, account_change(db, 1, &details, &fault), 0, &fault);
	account = read_person(db, 1, &arena);
	assert_text(account.login, "a");
	assert_text(account.name, "A");
	assert_absent(account.email);
	begin(db, true);
	ended(db, account_change(db, 3, &details, &fault), ACCOUNT_NONE, &fault);
	details.login = SLICE("B");
	begin(db, true);
	ended(db, account_change(db, 1, &details, &fault), ACCOUNT_TAKEN, &fault);
	details.login = SLICE("A");
	details.name = SLICE_NONE;
	begin(db, true);
	ended(db, account_change(db, 1, &details, &fault), 0, &fault);
	account = read_person(db, 1, &arena);
	assert_text(account.login, "A");
	assert_absent(account.name);
	details.login = SLICE("");
	begin(db, true);
	ended(db, account_change(db, 1, &details, &fault), ACCOUNT_REFUSED, &fault);
	db_close(db);
}

static int add_number(void *context, const struct account *account)
{
	struct strbuf *numbers = context;

	strbuf_add_uint(numbers, (uint64_t)account->number);
	strbuf_add_byte(numbers, ' ');
	return account->number == 4 ? 42 : 0;
}

#define assert_numbers(call_, result_, literal_)                                                   \
	do {                                                                                       \
		struct strbuf numbers CLEANUP(strbuf_done) = {};                                   \
		assert_int_equal(call_, result_);                                                  \
		assert_slice(strbuf_slice(&numbers), SLICE(literal_));                             \
	} while (0)

static void test_list(void **state)
{
	struct db *db = open_people();
	struct fault fault = {};

	(void)state;
	for (char login[] = "a"; login[0] <= 'e'; login[0]++)
		(void)add_person(db, login);
	assert_numbers(account_list(db, 0, 3, add_number, &numbers, &fault), 0, "1 2 3 ");
	assert_numbers(account_list(db, 2, 9, add_number, &numbers, &fault), 42, "3 4 ");
	begin(db, true);
	ended(db, account_erase(db, 2, NOW, &fault), 0, &fault);
	assert_numbers(account_list(db, 0, 3, add_number, &numbers, &fault), 42, "1 3 4 ");
	grant(db, 1, ROLE_REVIEWER, 0, 1023);
	grant(db, 3, ROLE_REVIEWER, 1023, 2000);
	grant(db, 5, ROLE_REVIEWER, -1, -1);
	grant(db, 5, ROLE_APPROVER, 1023, 1023);
	assert_numbers(account_list_role(db, ROLE_REVIEWER, 1023, add_number, &numbers, &fault), 0,
		       "1 3 ");
	assert_numbers(account_list_role(db, ROLE_REVIEWER, 1024, add_number, &numbers, &fault), 0,
		       "3 ");
	assert_numbers(account_list_role(db, ROLE_REVIEWER, -1, add_number, &numbers, &fault), 0,
		       "5 ");
	begin(db, true);
	ended(db, account_disable(db, 3, NOW, &fault), 0, &fault);
	assert_numbers(account_list_role(db, ROLE_REVIEWER, 1023, add_number, &numbers, &fault), 0,
		       "1 ");
	db_close(db);
}

static void expect_roles(struct db *db, int64_t number, const char *expected)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct strbuf roles CLEANUP(strbuf_done) = {};
	struct account account = read_person(db, number, &arena);

	for (size_t i = 0; i < account.role_count; i++) {
		const struct account_role *role = &account.roles[i];
		struct slice name = role_name(role->role);

		strbuf_printf(&roles, "%.*s %d-%d ", (int)name.n, name.p, (int)role->first_port,
			      (int)role->last_port);
	}
	assert_slice(strbuf_slice(&roles), slice_cstr(expected));
}

static void take_role(struct db *db, enum role role, int32_t first, int32_t last, int expected)
{
	struct account_role revoked = {role, first, last};
	struct fault fault = {};

	begin(db, true);
	ended(db, account_revoke(db, 1, &revoked, &fault), expected, &fault);
}

static void test_roles(void **state)
{
	struct db *db = open_people();
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "a");
	grant(db, 1, ROLE_REVIEWER, 100, 200);
	grant(db, 1, ROLE_REVIEWER, 100, 200);
	grant(db, 1, ROLE_REVIEWER, 120, 130);
	expect_roles(db, 1, "reviewer 100-200 ");
	grant(db, 1, ROLE_REVIEWER, 150, 300);
	grant(db, 1, ROLE_REVIEWER, -1, -1);
	expect_roles(db, 1, "reviewer -1--1 reviewer 100-200 reviewer 150-300 ");
	take_role(db, ROLE_REVIEWER, 180, 190, 0);
	expect_roles(db, 1, "reviewer -1--1 reviewer 100-179 reviewer 150-179 reviewer 191-300 ");
	take_role(db, ROLE_REVIEWER, 180, 190, ACCOUNT_NONE);
	grant(db, 1, ROLE_REVIEWER, 90, 400);
	expect_roles(db, 1, "reviewer -1--1 reviewer 90-400 ");
	take_role(db, ROLE_REVIEWER, 0, 90, 0);
	take_role(db, ROLE_REVIEWER, 400, 65535, 0);
	expect_roles(db, 1, "reviewer -1--1 reviewer 91-399 ");
	take_role(db, ROLE_APPROVER, 0, 65535, ACCOUNT_NONE);
	take_role(db, ROLE_REVIEWER, -1, -1, 0);
	expect_roles(db, 1, "reviewer 91-399 ");
	begin(db, true);
	ended(db, account_grant_all(db, 1, ROLE_REGISTRAR, &fault), 0, &fault);
	expect_roles(db, 1, "registrar -1--1 registrar 0-65535 reviewer 91-399 ");
	begin(db, true);
	ended(db, account_revoke_all(db, 1, ROLE_REGISTRAR, &fault), 0, &fault);
	begin(db, true);
	ended(db, account_revoke_all(db, 1, ROLE_REGISTRAR, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_revoke_all(db, 1, ROLE_REVIEWER, &fault), 0, &fault);
	expect_roles(db, 1, "");
	begin(db, true);
	ended(db, account_grant_all(db, 2, ROLE_REGISTRAR, &fault), ACCOUNT_NONE, &fault);
	db_close(db);
}

static void test_roles_refused(void **state)
{
	static const struct account_role refused[] = {
		{ROLE_APPLICANT, 0, 1},	 {ROLE_ASSIGNEE, -1, -1}, {ROLE_COUNT, 0, 1},
		{ROLE_REVIEWER, -1, 5},	 {ROLE_REVIEWER, 5, 4},	  {ROLE_REVIEWER, 0, 65536},
		{ROLE_REVIEWER, -2, -2},
	};
	struct db *db = open_people();

	(void)state;
	(void)add_person(db, "a");
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct fault fault = {};

		begin(db, true);
		ended(db, account_grant(db, 1, &refused[i], &fault), ACCOUNT_REFUSED, &fault);
		begin(db, true);
		ended(db, account_revoke(db, 1, &refused[i], &fault), ACCOUNT_REFUSED, &fault);
	}
	expect_roles(db, 1, "");
	db_close(db);
}

static void test_has_role(void **state)
{
	static const struct account_role roles[] = {
		{ROLE_REVIEWER, -1, -1}, {ROLE_REVIEWER, 10, 20}, {ROLE_REVIEWER, 15, 30},
		{ROLE_REVIEWER, 31, 40}, {ROLE_APPROVER, 42, 50},
	};
	struct account account = {.roles = roles, .role_count = ARRAY_SIZE(roles)};

	(void)state;
	assert_true(account_has_role(&account, ROLE_REVIEWER, -1));
	assert_true(account_has_role(&account, ROLE_REVIEWER, 10));
	assert_true(account_has_role(&account, ROLE_REVIEWER, 40));
	assert_false(account_has_role(&account, ROLE_REVIEWER, 9));
	assert_false(account_has_role(&account, ROLE_REVIEWER, 0));
	assert_false(account_has_role(&account, ROLE_REVIEWER, 41));
	assert_false(account_has_role(&account, ROLE_APPROVER, -1));
	assert_false(account_has_role(&account, ROLE_REGISTRAR, 10));
	assert_true(account_has_role_for(&account, ROLE_REVIEWER, 10, 40));
	assert_true(account_has_role_for(&account, ROLE_REVIEWER, -1, -1));
	assert_false(account_has_role_for(&account, ROLE_REVIEWER, 10, 41));
	assert_false(account_has_role_for(&account, ROLE_REVIEWER, 40, 42));
	assert_false(account_has_role_for(&account, ROLE_REVIEWER, 20, 10));
	assert_true(account_has_role_anywhere(&account, ROLE_APPROVER));
	assert_false(account_has_role_anywhere(&account, ROLE_REGISTRAR));
	account.disabled = NOW;
	assert_false(account_has_role(&account, ROLE_REVIEWER, 10));
	assert_false(account_has_role_anywhere(&account, ROLE_REVIEWER));
	assert_false(account_has_role(NULL, ROLE_REVIEWER, 10));
	assert_false(account_has_role_anywhere(NULL, ROLE_REVIEWER));
}

static void test_last_administrator(void **state)
{
	struct db *db = open_people();
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "a");
	(void)add_person(db, "b");
	grant(db, 1, ROLE_ADMINISTRATOR, -1, -1);
	begin(db, true);
	ended(db, account_disable(db, 1, NOW, &fault), ACCOUNT_LAST, &fault);
	begin(db, true);
	ended(db, account_erase(db, 1, NOW, &fault), ACCOUNT_LAST, &fault);
	take_role(db, ROLE_ADMINISTRATOR, -1, -1, ACCOUNT_LAST);
	begin(db, true);
	ended(db, account_revoke_all(db, 1, ROLE_ADMINISTRATOR, &fault), ACCOUNT_LAST, &fault);
	grant(db, 2, ROLE_ADMINISTRATOR, 0, 5);
	begin(db, true);
	ended(db, account_disable(db, 2, NOW, &fault), 0, &fault);
	take_role(db, ROLE_ADMINISTRATOR, -1, -1, ACCOUNT_LAST);
	begin(db, true);
	ended(db, account_enable(db, 2, &fault), 0, &fault);
	take_role(db, ROLE_ADMINISTRATOR, -1, -1, 0);
	begin(db, true);
	ended(db, account_disable(db, 1, NOW, &fault), 0, &fault);
	db_close(db);
}

static void test_disable(void **state)
{
	struct db *db = open_people();
	struct arena arena CLEANUP(arena_done) = {};
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "a");
	begin(db, true);
	ended(db, account_disable(db, 1, NOW, &fault), 0, &fault);
	begin(db, true);
	ended(db, account_disable(db, 1, SLICE("2027-01-01T00:00:00Z"), &fault), 0, &fault);
	assert_slice(read_person(db, 1, &arena).disabled, NOW);
	begin(db, true);
	ended(db, account_disable(db, 2, NOW, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_enable(db, 2, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_enable(db, 1, &fault), 0, &fault);
	assert_absent(read_person(db, 1, &arena).disabled);
	db_close(db);
}

static void test_erase(void **state)
{
	struct accounts *accounts CLEANUP(accounts_closep) = open_accounts(&options_cheap);
	struct db *db = open_people();
	struct arena arena CLEANUP(arena_done) = {};
	struct account_details details = {.login = SLICE("ada"),
					  .name = SLICE("Ada"),
					  .email = SLICE("ada@example.org"),
					  .person = SLICE("Ada")};
	struct account_token token = {.label = SLICE("ci"), .scopes = 1, .account = 1};
	struct account_secret secret = {};
	struct account account;
	struct fault fault = {};
	int64_t number;

	(void)state;
	begin(db, true);
	ended(db, account_create(db, &details, NOW, &number, &fault), 0, &fault);
	set_password(accounts, db, 1, PASSWORD);
	grant(db, 1, ROLE_REVIEWER, 0, 5);
	begin(db, true);
	assert_int_equal(account_session_begin(accounts, db, 1, SLICE_NONE, NOW, &secret, &fault),
			 0);
	ended(db, account_token_create(accounts, db, &token, NOW, &number, &secret, &fault), 0,
	      &fault);
	begin(db, true);
	ended(db, account_erase(db, 1, NOW, &fault), 0, &fault);
	account = read_person(db, 1, &arena);
	assert_text(account.login, "erased-1");
	assert_absent(account.name);
	assert_absent(account.email);
	assert_absent(account.person);
	assert_slice(account.disabled, NOW);
	assert_false(account.has_password);
	assert_int_equal(account.role_count, 0);
	assert_int_equal(ask(db, "SELECT count(*) FROM account_tokens"), 0);
	assert_int_equal(ask(db, "SELECT count(*) FROM account_sessions"), 0);
	begin(db, true);
	ended(db, account_enable(db, 1, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_change(db, 1, &details, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_password_set(db, 1, NULL, 0, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_grant_all(db, 1, ROLE_REVIEWER, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_token_create(accounts, db, &token, NOW, &number, &secret, &fault),
	      ACCOUNT_NONE, &fault);
	/* The login is free again, and the number is not. */
	begin(db, true);
	ended(db, account_create(db, &details, NOW, &number, &fault), 0, &fault);
	assert_int_equal(number, 2);
	begin(db, true);
	ended(db, account_erase(db, 3, NOW, &fault), ACCOUNT_NONE, &fault);
	db_close(db);
}

static void expect_export(struct db *db, int64_t number, const char *expected)
{
	struct out out;
	struct fault fault = {};

	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(account_export(db, number, &out, &fault), 0);
	assert_int_equal(out_finish(&out), 0);
	assert_slice(out_slice(&out), slice_cstr(expected));
	out_done(&out);
}

static void test_export(void **state)
{
	struct accounts *accounts CLEANUP(accounts_closep) = open_accounts(&options_cheap);
	struct db *db = open_people();
	struct account_details details = {.login = SLICE("ada"), .name = SLICE("Ada \"A\"")};
	struct account_token token = {
		.label = SLICE("ci"), .account = 1, .scopes = 1 << SCOPE_READ | 1 << SCOPE_LEASE};
	struct account_secret secret = {};
	struct fault fault = {};
	struct out out;
	int64_t number;

	(void)state;
	begin(db, true);
	ended(db, account_create(db, &details, NOW, &number, &fault), 0, &fault);
	expect_export(db, 1,
		      "{\"number\":1,\"login\":\"ada\",\"name\":\"Ada \\\"A\\\"\",\"email\":null,"
		      "\"person\":null,\"created\":\"2026-11-22T07:00:00Z\",\"disabled\":null,"
		      "\"locked\":null,\"password\":false,\"roles\":[],\"sessions\":[],"
		      "\"tokens\":[]}");
	set_password(accounts, db, 1, PASSWORD);
	grant(db, 1, ROLE_REVIEWER, 0, 5);
	grant(db, 1, ROLE_REVIEWER, -1, -1);
	begin(db, true);
	assert_int_equal(account_session_begin(accounts, db, 1, SLICE_NONE, NOW, &secret, &fault),
			 0);
	assert_int_equal(account_token_create(accounts, db, &token, NOW, &number, &secret, &fault),
			 0);
	token.expires = SLICE("2027-01-01T00:00:00Z");
	ended(db, account_token_create(accounts, db, &token, NOW, &number, &secret, &fault), 0,
	      &fault);
	expect_export(
		db, 1,
		"{\"number\":1,\"login\":\"ada\",\"name\":\"Ada \\\"A\\\"\",\"email\":null,"
		"\"person\":null,\"created\":\"2026-11-22T07:00:00Z\",\"disabled\":null,"
		"\"locked\":null,\"password\":true,\"roles\":[{\"role\":\"reviewer\","
		"\"first_port\":null,\"last_port\":null},{\"role\":\"reviewer\",\"first_port\":0,"
		"\"last_port\":5}],\"sessions\":[{\"created\":\"2026-11-22T07:00:00Z\","
		"\"seen\":\"2026-11-22T07:00:00Z\",\"expires\":\"2026-11-22T19:00:00Z\"}],"
		"\"tokens\":[{\"number\":1,\"label\":\"ci\",\"scopes\":[\"read\",\"lease\"],"
		"\"created\":\"2026-11-22T07:00:00Z\",\"expires\":null,\"used\":null},"
		"{\"number\":2,\"label\":\"ci\",\"scopes\":[\"read\",\"lease\"],"
		"\"created\":\"2026-11-22T07:00:00Z\",\"expires\":\"2027-01-01T00:00:00Z\","
		"\"used\":null}]}");
	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(account_export(db, 2, &out, &fault), ACCOUNT_NONE);
	assert_int_equal(out_slice(&out).n, 0);
	out_done(&out);
	db_close(db);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_create, enter, leave),
		cmocka_unit_test_setup_teardown(test_details_refused, enter, leave),
		cmocka_unit_test_setup_teardown(test_change, enter, leave),
		cmocka_unit_test_setup_teardown(test_list, enter, leave),
		cmocka_unit_test_setup_teardown(test_roles, enter, leave),
		cmocka_unit_test_setup_teardown(test_roles_refused, enter, leave),
		cmocka_unit_test(test_has_role),
		cmocka_unit_test_setup_teardown(test_last_administrator, enter, leave),
		cmocka_unit_test_setup_teardown(test_disable, enter, leave),
		cmocka_unit_test_setup_teardown(test_erase, enter, leave),
		cmocka_unit_test_setup_teardown(test_export, enter, leave),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("accounts", tests, NULL, NULL) : 2;
}
