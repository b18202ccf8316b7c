/*
 * What only servers do: refuse, and go away. The URL of one is in PORTBOOK_POSTGRES_URL, and its
 * process in PORTBOOK_POSTGRES_PID (tests/postgres.py); the last test ends it.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <signal.h>

#include "base/number.h"
#include "database.h"

#define SECRET "s3cr3t"

static void expect_not_opened(const char *url, const char *text)
{
	struct db_options options = {.wait = 2000};
	struct fault fault = {};
	struct db *db = NULL;

	expect_refused(db_open(url, &options, &db, &fault), FAULT_SYSTEM, &fault, text);
	assert_null(db);
	assert_null(strstr(fault.text, SECRET));
}

static void test_refused(void **state)
{
	const char *parameters = strchr(where, '?');
	struct strbuf url = {};

	(void)state;
	strbuf_printf(&url, "postgresql://portbook:" SECRET "@/postgres%s", parameters);
	strbuf_add_byte(&url, '\0');
	expect_not_opened(url.p, "password authentication failed");
	url.n = 0;
	strbuf_printf(&url, "postgresql://nobody:" SECRET "@/no_such_one%s", parameters);
	strbuf_add_byte(&url, '\0');
	expect_not_opened(url.p, "failed");
	strbuf_done(&url);
	expect_not_opened("postgresql://portbook:" SECRET "@/x?host=/no/where",
			  "No such file or directory");
	expect_not_opened("postgresql://portbook:" SECRET "@127.0.0.1:1/x", "Connection refused");
}

/* What people forget to write as %XX is never repeated. */
static void test_malformed(void **state)
{
	static const char *const urls[] = {
		"postgresql://user:" SECRET "/w@127.0.0.1/x",
		"postgresql://user:a@" SECRET "@127.0.0.1/x",
		"postgresql://user:%zz" SECRET "@127.0.0.1/x",
		"postgresql://user:[" SECRET "/@127.0.0.1/x",
		"postgresql://user:x/" SECRET "@127.0.0.1/x",
		"postgresql://user@127.0.0.1/x?pass=" SECRET,
		"postgresql://user@127.0.0.1:" SECRET "/x",
		"postgresql://[" SECRET,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++)
		expect_not_opened(urls[i], "not a URL of PostgreSQL: in user and password, / : @");
}

/* What is committed while one reads is seen by the next who begins. */
static void test_snapshot(void **state)
{
	struct db *writer = open_new(), *reader = open_waiting(0, true);

	(void)state;
	begin(reader, false);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 0);
	begin(writer, true);
	run(writer, "INSERT INTO t (i) VALUES (1)");
	commit(writer);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 0);
	commit(reader);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 1);
	db_close(reader);
	db_close(writer);
}

static void test_types(void **state)
{
	struct db *db = open_again();
	struct db_statement *statement;
	struct fault fault = {};

	(void)state;
	assert_int_equal(ask(db, "SELECT CAST(-5 AS smallint)"), -5);
	assert_int_equal(ask(db, "SELECT CAST(-70000 AS int4)"), -70000);
	assert_int_equal(ask(db, "SELECT 2 > 1"), 1);
	assert_int_equal(ask(db, "SELECT 2 < 1"), 0);
	statement = prepare(db, "SELECT 1, 1.5");
	expect_refused(db_step(statement, &fault), FAULT_MALFORMED, &fault,
		       "column 1 is no integer, text or bytes");
	db_finish(statement);
	/* A number takes the type that is wanted of it, here of four bytes. */
	statement = prepare(db, "SELECT substr('abc', ?1)");
	db_bind_int(statement, 1, 2);
	assert_int_equal(step(statement), 1);
	assert_text(db_text(statement, 0), "bc");
	db_finish(statement);
	/* What no text is: bytes that are no UTF-8, and NUL. */
	statement = prepare(db, "SELECT ?1 || 'x'");
	db_bind_text(statement, 1, SLICE("\xff"));
	assert_int_equal(db_step(statement, &fault), FAULT_MALFORMED);
	db_bind_text(statement, 1, SLICE("a\0b"));
	assert_int_equal(db_step(statement, &fault), FAULT_MALFORMED);
	db_finish(statement);
	db_close(db);
}

/* Another one ends the connection in the middle of a transaction. */
static void test_lost(void **state)
{
	struct db *db = open_new(), *other = open_again();
	struct db_statement *insert = prepare(db, "INSERT INTO t (i) VALUES (?1)"), *none = NULL;
	struct db_statement *end = prepare(other, "SELECT pg_terminate_backend(?1)");
	struct fault fault = {};

	(void)state;
	db_bind_int(end, 1, ask(db, "SELECT pg_backend_pid()"));
	begin(db, true);
	db_bind_int(insert, 1, 1);
	assert_int_equal(step(insert), 0);
	assert_int_equal(step(end), 1);
	/* The other process ends some time after it was told to. */
	db_reset(end);
	while (ask(other, "SELECT count(*) FROM pg_stat_activity WHERE datname = "
			  "current_database() AND pid <> pg_backend_pid()") > 0)
		(void)usleep(1000);
	db_bind_int(insert, 1, 2);
	expect_refused(db_step(insert, &fault), FAULT_SYSTEM, &fault, "lost the connection");
	expect_refused(db_commit(db, &fault), FAULT_SYSTEM, &fault, "failed before");
	expect_refused(db_step(insert, &fault), FAULT_SYSTEM, &fault, "lost the connection");
	expect_refused(db_run(db, "SELECT 1", &fault), FAULT_SYSTEM, &fault, "lost the connection");
	expect_refused(db_prepare(db, "SELECT 1", &none, &fault), FAULT_SYSTEM, &fault,
		       "lost the connection");
	expect_refused(db_begin(db, true, &fault), FAULT_SYSTEM, &fault, "lost the connection");
	db_rollback(db);
	db_finish(insert);
	db_close(db);
	assert_int_equal(ask(other, "SELECT count(*) FROM t"), 0);
	db_finish(end);
	db_close(other);
}

/* The server is killed while one waits for it. */
static void test_killed(void **state)
{
	const char *process = getenv("PORTBOOK_POSTGRES_PID");
	struct db *db = open_new();
	struct db_statement *sleep = prepare(db, "SELECT pg_sleep(30)");
	struct fault fault = {};
	uint64_t number;
	pid_t child;
	int status;

	(void)state;
	assert_non_null(process);
	assert_true(number_parse(slice_cstr(process), INT32_MAX, &number));
	begin(db, true);
	run(db, "INSERT INTO t (i) VALUES (1)");
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)usleep(200000);
		_exit(kill((pid_t)number, SIGQUIT));
	}
	expect_refused(db_step(sleep, &fault), FAULT_SYSTEM, &fault, "lost the connection");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(db_commit(db, &fault), FAULT_SYSTEM);
	db_finish(sleep);
	db_close(db);
	expect_not_opened(where, "connection to server");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),	 cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_snapshot), cmocka_unit_test(test_types),
		cmocka_unit_test(test_lost),	 cmocka_unit_test(test_killed),
	};

	where = getenv("PORTBOOK_POSTGRES_URL");
	return where ? cmocka_run_group_tests_name("postgres", tests, NULL, NULL) : 2;
}
