/*
 * Whatever fails while a desk is at work, memory or the database, it is said, all is given back,
 * nothing is half done, and the desk goes on. With each engine.
 *
 *     test_desk sqlite|postgres
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/db/database.h"
#include "../unit/desk/office.h"
#include "base/file.h"
#include "failing.h"

enum { CALLS_MAX = 200000 };

static struct desk *desk;
static struct arena people;
static struct account ada, reg, admin;
static unsigned database_calls, database_fails_at; /* 0: none does */

/* The n-th call of the database fails, as it does where the connection is lost. */
static bool database_fails(struct fault *fault)
{
	if (database_fails_at == 0 || ++database_calls != database_fails_at)
		return false;
	fault_set(fault, FAULT_SYSTEM, "the database is gone");
	return true;
}

int __real_db_step(struct db_statement *statement, struct fault *fault);
int __wrap_db_step(struct db_statement *statement, struct fault *fault);
int __wrap_db_step(struct db_statement *statement, struct fault *fault)
{
	if (!database_fails(fault))
		return __real_db_step(statement, fault);
	db_reset(statement);
	return FAULT_SYSTEM;
}

int __real_db_prepare(struct db *db, const char *sql, struct db_statement **ret_statement,
		      struct fault *fault);
int __wrap_db_prepare(struct db *db, const char *sql, struct db_statement **ret_statement,
		      struct fault *fault);
int __wrap_db_prepare(struct db *db, const char *sql, struct db_statement **ret_statement,
		      struct fault *fault)
{
	return database_fails(fault) ? FAULT_SYSTEM
				     : __real_db_prepare(db, sql, ret_statement, fault);
}

int __real_db_begin(struct db *db, bool writing, struct fault *fault);
int __wrap_db_begin(struct db *db, bool writing, struct fault *fault);
int __wrap_db_begin(struct db *db, bool writing, struct fault *fault)
{
	return database_fails(fault) ? FAULT_SYSTEM : __real_db_begin(db, writing, fault);
}

int __real_db_commit(struct db *db, struct fault *fault);
int __wrap_db_commit(struct db *db, struct fault *fault);
int __wrap_db_commit(struct db *db, struct fault *fault)
{
	if (!database_fails(fault))
		return __real_db_commit(db, fault);
	db_rollback(db);
	return FAULT_SYSTEM;
}

/* -- What is done -- */

#define APPLICATION(name, port)                                                                    \
	"procedure: port\nname: " name "\nports: " port "\ntransports: tcp\n"                      \
	"description: A thing\nassignee_name: Ada Lovelace\n"                                      \
	"assignee_email: ada@example.org\nsecurity: None is needed.\n"

static int do_file(const char *yaml, struct fault *fault)
{
	struct application application = {};
	struct application_problem problem = {};
	struct desk_refusal refusal = {};
	int64_t number;
	int result = application_read_yaml(slice_cstr(yaml), &application, &problem);

	if (result < 0) {
		application_done(&application);
		return fault_memory(fault);
	}
	assert_int_equal(result, 0);
	result = desk_file(desk, &ada, &application, SLICE("key"), NOW, &number, &refusal, fault);
	application_done(&application);
	preflight_done(&refusal.preflight);
	return result;
}

static int do_file_reviewed(struct fault *fault)
{
	return do_file(APPLICATION("new-thing", "20200"), fault);
}

static int do_file_automatic(struct fault *fault)
{
	return do_file(APPLICATION("quick-thing", "29200"), fault);
}

static int act_on(int64_t number, const struct account *actor, const struct desk_act *act,
		  struct fault *fault)
{
	struct desk_refusal refusal = {};
	int result = desk_do(desk, actor, number, act, NOW, &refusal, fault);

	preflight_done(&refusal.preflight);
	return result;
}

static int do_grant(struct fault *fault)
{
	return act_on(1, &reg, &(struct desk_act){.action = ACTION_GRANT, .key = SLICE("k")},
		      fault);
}

static int do_amend(struct fault *fault)
{
	struct application application = {};
	struct application_problem problem = {};
	int result =
		application_read_yaml(SLICE(APPLICATION("other", "20300")), &application, &problem);

	if (result < 0)
		result = fault_memory(fault);
	else
		result = act_on(2, &ada,
				&(struct desk_act){.action = ACTION_AMEND,
						   .key = SLICE("k"),
						   .application = &application},
				fault);
	application_done(&application);
	return result;
}

static int look_at_lease(void *context, const struct desk_lease *lease)
{
	(void)context;
	return lease->port == 0;
}

static int do_lease(struct fault *fault)
{
	struct desk_lease_wish wish = {.name = SLICE("web"), .first_port = -1, .last_port = -1};
	struct desk_refusal refusal = {};

	return desk_lease_take(desk, &ada, &wish, NOW, look_at_lease, NULL, &refusal, fault);
}

static int do_erase(struct fault *fault)
{
	struct desk_refusal refusal = {};

	return desk_erase(desk, &admin, REX, NOW, &refusal, fault);
}

static int do_remind(struct fault *fault)
{
	unsigned letters;

	return desk_remind(desk, SLICE("2027-11-22T07:00:00Z"), &letters, fault);
}

static int do_verify(struct fault *fault)
{
	int64_t events;

	return desk_verify(desk, no_line, NULL, &events, fault);
}

static int do_rebuild(struct fault *fault)
{
	return desk_rebuild(desk, fault);
}

static int look_at_request(void *context, const struct desk_request *request)
{
	(void)context;
	return request->number == 0;
}

static int do_list(struct fault *fault)
{
	struct desk_filter filter = {.queue = true, .text = SLICE("thing")};
	struct desk_request request = {};
	int result = desk_list(desk, &reg, &filter, NOW, look_at_request, NULL, fault);

	if (result == 0)
		result = desk_request(desk, &reg, 1, &request, fault);
	if (result == 0)
		result = desk_conflicts(desk, &reg, &request, look_at_request, NULL, fault);
	desk_request_done(&request);
	return result;
}

static int do_export(struct fault *fault)
{
	struct out out CLEANUP(out_done) = {};
	int result = out_init_memory(&out);

	if (result < 0)
		return fault_memory(fault);
	result = desk_export(desk, ADA, &out, fault);
	return result == 0 && out_finish(&out) != 0 ? fault_memory(fault) : result;
}

static int do_policy(struct fault *fault)
{
	return desk_set_policy(desk, ADMIN, policy_text("rfc6335"), NOW, fault);
}

/* -- Doing it until nothing fails -- */

static bool is_changed; /* it is no more the store that each begins with */

/* The store that each begins with: a request that is to be granted, and a new one. */
static void make_store(void)
{
	arena_done(&people);
	people = (struct arena){};
	desk = staffed("organisation");
	file_request(desk, ADA, APPLICATION("thing", "20100"));
	act(desk, REG, 1, ACTION_VALIDATE);
	act(desk, REX, 1, ACTION_APPROVE);
	file_request(desk, ADA, APPLICATION("more", "20101"));
	ada = read_account(desk, ADA, &people);
	reg = read_account(desk, REG, &people);
	admin = read_account(desk, ADMIN, &people);
	desk_close(desk);
	is_changed = false;
}

static bool is_file(void)
{
	return db_engine_of(where) == DB_SQLITE;
}

static int enter_store(void **state)
{
	if (enter(state) < 0)
		return -1;
	make_store();
	return is_file() ? rename(where, "begin.db") : 0;
}

static int leave_store(void **state)
{
	arena_done(&people);
	people = (struct arena){};
	(void)unlink("begin.db");
	(void)unlink("copy.db");
	return leave(state);
}

static void copy_store(void)
{
	struct file_content content = {};
	struct fault fault = {};
	FILE *file;

	(void)unlink("test.db-journal");
	assert_int_equal(file_read("begin.db", 1 << 24, &content, &fault), 0);
	file = fopen(where, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(content.text.p, 1, content.text.n, file), content.text.n);
	assert_int_equal(fclose(file), 0);
	file_content_done(&content);
}

/* A server's is as it was where nothing was done, which is looked at each time. */
static void begin_anew(void)
{
	if (is_file())
		copy_store();
	else if (is_changed)
		make_store();
	desk = open_desk();
}

/* All of what acting changes, in a number. */
static int64_t all_rows(void)
{
	return ask(desk_db(desk), "SELECT (SELECT COUNT(*) FROM desk_events) + "
				  "1000 * (SELECT COUNT(*) FROM desk_private) + "
				  "10000 * (SELECT COUNT(*) FROM editions) + "
				  "100000 * (SELECT COUNT(*) FROM letters) + "
				  "10000000 * (SELECT COUNT(*) FROM desk_keys) + "
				  "100000000 * (SELECT COUNT(*) FROM desk_leases) + "
				  "1000000000 * (SELECT COUNT(*) FROM desk_policies) + "
				  "10000000000 * (SELECT CAST(SUM(version) AS INTEGER) FROM "
				  "desk_requests)");
}

/* The first calls fail one by one, of the many behind them some; of a server, which takes long,
 * fewer. */
static unsigned after(unsigned n)
{
	return n < (is_file() ? 40 : 10) ? n + 1 : n + 1 + n / (is_file() ? 12 : 3);
}

/* Ends with the first n that is more than are called: true. */
static bool fail_once(int (*work)(struct fault *fault), unsigned n, bool of_database)
{
	struct fault fault = {};
	enum failing failed = FAILING_NONE;
	int64_t before;
	bool more;
	int result;

	begin_anew();
	before = all_rows();
	if (of_database) {
		database_calls = 0;
		database_fails_at = n;
	} else {
		failing_arm(n, false);
	}
	result = work(&fault);
	if (of_database) {
		more = database_calls >= n;
		database_fails_at = 0;
	} else {
		failed = failing_disarm();
		more = failed != FAILING_NONE;
	}
	if (!more)
		assert_int_equal(result, 0);
	is_changed = result == 0;
	if (result != 0) {
		assert_int_equal(result, failed == FAILING_MEMORY ? FAULT_MEMORY : FAULT_SYSTEM);
		assert_told(fault);
		if (all_rows() != before)
			fail_msg("call %u: half done", n);
	}
	/* It goes on. */
	verify(desk);
	assert_int_equal(desk_refresh(desk, &fault), 0);
	desk_close(desk);
	return !more;
}

/* Into a file that is there only where all of it is. */
static int do_copy(struct fault *fault)
{
	struct history *from CLEANUP(history_closep) = NULL, *to CLEANUP(history_closep) = NULL;
	int result = history_open(where, HISTORY_READ, &from, fault);

	(void)unlink("copy.db");
	if (result == 0)
		result = history_open("copy.db", HISTORY_CREATE, &to, fault);
	if (result == 0)
		result = history_begin(from, false, fault);
	if (result == 0)
		result = history_begin(to, true, fault);
	if (result == 0)
		result = history_copy(from, to, fault);
	if (result == 0)
		result = desk_copy(from, to, fault);
	return result == 1 ? history_commit(to, fault) : result;
}

static int (*const works[])(struct fault *fault) = {
	do_file_reviewed, do_file_automatic, do_grant, do_amend,  do_lease,  do_erase, do_remind,
	do_verify,	  do_rebuild,	     do_list,  do_export, do_policy, do_copy,
};

static void fail_each(bool of_database)
{
	for (size_t i = 0; i < ARRAY_SIZE(works); i++) {
		unsigned n = 1;

		while (!fail_once(works[i], n, of_database)) {
			n = after(n);
			assert_true(n < CALLS_MAX);
		}
		assert_true(n > 3);
	}
}

static void test_memory(void **state)
{
	(void)state;
	fail_each(false);
}

static void test_database(void **state)
{
	(void)state;
	fail_each(true);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_memory, enter_store, leave_store),
		cmocka_unit_test_setup_teardown(test_database, enter_store, leave_store),
	};
	const struct CMUnitTest of_server[] = {
		cmocka_unit_test_setup_teardown(test_database, enter_store, leave_store),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	if (!where)
		return 2;
	/* Memory is the desk's own, whichever the database. */
	return is_file()
		       ? cmocka_run_group_tests_name("failures of the desk", tests, NULL, NULL)
		       : cmocka_run_group_tests_name("failures of the desk", of_server, NULL, NULL);
}
