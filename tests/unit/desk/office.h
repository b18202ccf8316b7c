/* A desk with people for a test, on a new store. Behind ../db/database.h. */
#ifndef PORTBOOK_TESTS_OFFICE_H
#define PORTBOOK_TESTS_OFFICE_H

#include "desk/desk.h"
#include "query/query.h"

#define NOW SLICE("2026-11-22T07:00:00Z")

static inline struct slice policy_text(const char *name)
{
	size_t n = 0;
	const char *text = policy_builtin(name, &n);

	assert_non_null(text);
	return (struct slice){text, n};
}

static inline struct desk *open_desk(void)
{
	struct desk *desk = NULL;
	struct fault fault = {};

	if (desk_open(where, &desk, &fault) != 0)
		fail_msg("%s", fault.text);
	return desk;
}

/* Of a store that is new. */
static inline struct desk *new_desk(const char *policy)
{
	struct fault fault = {};

	if (db_engine_of(where) == DB_POSTGRES) {
		struct db *db = open_again();

		run(db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
		db_close(db);
	}
	if (desk_create(where, policy_text(policy), NOW, &fault) != 0)
		fail_msg("%s", fault.text);
	return open_desk();
}

/* A person of the desk, with the number of the account. */
static inline int64_t add_account(struct desk *desk, const char *login)
{
	char email[80];
	struct account_details details = {.login = slice_cstr(login), .email = {email, 0}};
	struct fault fault = {};
	int64_t number = 0;

	details.email.n = (size_t)snprintf(email, sizeof(email), "%s@example.org", login);
	assert_int_equal(desk_begin(desk, true, &fault), 0);
	assert_int_equal(account_create(desk_db(desk), &details, NOW, &number, &fault), 0);
	assert_int_equal(desk_commit(desk, &fault), 0);
	return number;
}

static inline void give_role(struct desk *desk, int64_t number, enum role role)
{
	struct fault fault = {};

	assert_int_equal(desk_begin(desk, true, &fault), 0);
	assert_int_equal(account_grant_all(desk_db(desk), number, role, &fault), 0);
	assert_int_equal(desk_commit(desk, &fault), 0);
}

/* The account as it is now; the arena is to be given back. */
static inline struct account read_account(struct desk *desk, int64_t number, struct arena *arena)
{
	struct account account = {};
	struct fault fault = {};

	assert_int_equal(account_read(desk_db(desk), number, arena, &account, &fault), 0);
	return account;
}

static inline struct application read_application(const char *yaml)
{
	struct application application = {};
	struct application_problem problem = {};

	if (application_read_yaml(slice_cstr(yaml), &application, &problem) != 0)
		fail_msg("%s", problem.fault.text);
	return application;
}

/* Files it; the number of the request, or the negative outcome. */
static inline int64_t try_file(struct desk *desk, int64_t who, const char *yaml,
			       struct desk_refusal *refusal)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = read_account(desk, who, &arena);
	struct application application = read_application(yaml);
	struct fault fault = {};
	int64_t number = 0;
	int result =
		desk_file(desk, &account, &application, SLICE_NONE, NOW, &number, refusal, &fault);

	application_done(&application);
	if (result < 0)
		fail_msg("%s", fault.text);
	return result == DESK_DONE ? number : -result;
}

static inline int64_t file_request(struct desk *desk, int64_t who, const char *yaml)
{
	struct desk_refusal refusal = {};
	int64_t number = try_file(desk, who, yaml, &refusal);

	if (number < 0)
		fail_msg("%s (%s)", refusal.why.text, refusal.section);
	preflight_done(&refusal.preflight);
	return number;
}

/* Acts at a time; an enum desk_outcome. */
static inline int try_act_at(struct desk *desk, int64_t who, int64_t number,
			     const struct desk_act *act, struct slice now,
			     struct desk_refusal *refusal)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = read_account(desk, who, &arena);
	struct fault fault = {};
	int result = desk_do(desk, &account, number, act, now, refusal, &fault);

	if (result < 0)
		fail_msg("%s", fault.text);
	return result;
}

static inline void act(struct desk *desk, int64_t who, int64_t number, enum action action)
{
	struct desk_act doing = {.action = action, .note = SLICE("because")};
	struct desk_refusal refusal = {};

	if (try_act_at(desk, who, number, &doing, NOW, &refusal) != DESK_DONE)
		fail_msg("%s: %s (%s)", action_name(action).p, refusal.why.text, refusal.section);
	preflight_done(&refusal.preflight);
}

static inline enum desk_state state_of(struct desk *desk, int64_t number)
{
	struct desk_request request = {};
	struct fault fault = {};
	enum desk_state state;

	if (desk_request(desk, NULL, number, &request, &fault) != DESK_DONE)
		fail_msg("request %lld: %s", (long long)number, fault.text);
	state = request.state;
	desk_request_done(&request);
	return state;
}

enum { ADA = 1, REX, REG, APO, ADMIN, NOBODY };

/* Everybody of a desk, by their numbers. */
static inline struct desk *staffed(const char *policy)
{
	static const char *const logins[] = {"ada", "rex", "reg", "apo", "admin", "nobody"};
	struct desk *desk = new_desk(policy);

	for (size_t i = 0; i < ARRAY_SIZE(logins); i++)
		assert_int_equal(add_account(desk, logins[i]), i + 1);
	give_role(desk, REX, ROLE_REVIEWER);
	give_role(desk, REG, ROLE_REGISTRAR);
	give_role(desk, APO, ROLE_APPROVER);
	give_role(desk, ADMIN, ROLE_ADMINISTRATOR);
	return desk;
}

static inline size_t rows_named(struct desk *desk, const char *name)
{
	struct fault fault = {};
	uint32_t rows[8];

	assert_int_equal(desk_refresh(desk, &fault), 0);
	return query_name(desk_image(desk), slice_cstr(name), rows, ARRAY_SIZE(rows));
}

static inline int no_line(void *context, struct slice line)
{
	(void)context;
	fail_msg("%.*s", (int)line.n, line.p);
	return 0;
}

static inline int count_line(void *context, struct slice line)
{
	(void)line;
	++*(unsigned *)context;
	return 0;
}

static inline unsigned faults_of(struct desk *desk)
{
	struct fault fault = {};
	unsigned lines = 0;
	int64_t events;

	assert_int_equal(desk_verify(desk, count_line, &lines, &events, &fault), 0);
	return lines;
}

static inline void verify(struct desk *desk)
{
	struct fault fault = {};
	int64_t events;

	assert_int_equal(desk_verify(desk, no_line, NULL, &events, &fault), 0);
	assert_true(events > 0);
}

#endif
