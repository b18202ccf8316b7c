/*
 * What holds with each engine.
 *
 *     test_db sqlite|postgres
 *
 * the latter with the URL of a server in PORTBOOK_POSTGRES_URL (tests/postgres.py).
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "base/utf8.h"
#include "database.h"

static void test_engine(void **state)
{
	struct db *db = open_new();

	(void)state;
	assert_int_equal(db_engine(db), db_engine_of(where));
	db_close(db);
	db_close(NULL);
	db_finish(NULL);
	assert_int_equal(db_engine_of("postgres://x"), DB_POSTGRES);
	assert_int_equal(db_engine_of("postgresql://x"), DB_POSTGRES);
	assert_int_equal(db_engine_of("postgresql:/x"), DB_SQLITE);
	assert_int_equal(db_engine_of("POSTGRES"), DB_SQLITE);
}

static void test_place(void **state)
{
	static const char *const places[][2] = {
		{"a@b:c/d?e", "a@b:c/d?e"},
		{"postgresql://", "postgresql://"},
		{"postgresql://host/name", "postgresql://host/name"},
		{"postgresql://host:5/name?password=x", "postgresql://host:5/name"},
		{"postgres://user:pass@host:5/name", "postgres://user@host:5/name"},
		{"postgres://user:p/a?s:s@w@host/name?x", "postgres://user@host/name"},
		{"postgres://user@/name?host=/tmp", "postgres://user@/name"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct strbuf place = {};

		db_show_place(places[i][0], &place);
		assert_slice(strbuf_slice(&place), slice_cstr(places[i][1]));
		strbuf_done(&place);
	}
}

/* Every byte but NUL, as characters that take two bytes from 128 on. */
static void add_text(struct strbuf *text, size_t n)
{
	while (text->n < n) {
		for (unsigned c = 1; c < 256; c++) {
			if (c >= 128)
				strbuf_add_byte(text, (char)(c >= 192 ? 0xc3 : 0xc2));
			strbuf_add_byte(text, (char)(c < 128 ? c : (c & 63) | 128));
		}
	}
}

static void add_bytes(struct strbuf *bytes, size_t n)
{
	while (bytes->n < n)
		strbuf_add_byte(bytes, (char)(bytes->n * 7));
}

static void test_values(void **state)
{
	static const int64_t numbers[] = {0,	 1,	     -1,	 127,	    128,      -129,
					  65536, 2147483648, 9999999999, INT64_MAX, INT64_MIN};
	static const size_t sizes[] = {0, 1, 2, 255, 70000, 1 << 20};
	struct db *db = open_new();
	struct db_statement *insert = prepare(db, "INSERT INTO t VALUES (?1, ?2, ?3)");
	struct db_statement *select = prepare(db, "SELECT i, s, b FROM t");

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(numbers); k++) {
		struct strbuf text = {}, bytes = {};
		size_t size = sizes[k % ARRAY_SIZE(sizes)], bad;

		add_text(&text, size);
		add_bytes(&bytes, size);
		assert_true(utf8_valid(strbuf_slice(&text), &bad));
		db_bind_int(insert, 1, numbers[k]);
		db_bind_text(insert, 2, strbuf_slice(&text));
		db_bind_bytes(insert, 3, strbuf_slice(&bytes));
		assert_int_equal(step(insert), 0);
		assert_int_equal(step(select), 1);
		assert_true(db_int(select, 0) == numbers[k]);
		assert_slice(db_text(select, 1), strbuf_slice(&text));
		assert_slice(db_bytes(select, 2), strbuf_slice(&bytes));
		for (int i = 0; i < 3; i++)
			assert_false(db_is_null(select, i));
		assert_int_equal(step(select), 0);
		run(db, "DELETE FROM t");
		strbuf_done(&text);
		strbuf_done(&bytes);
	}
	db_finish(insert);
	db_finish(select);
	db_close(db);
}

/* Values that are handed over with the SQL, in its order; absent ones are NULL. */
static void test_values_at_once(void **state)
{
	static const char insert[] = "INSERT INTO t VALUES (?1, ?2, ?3)";
	struct db *db = open_new();
	struct db_statement *select;
	struct fault fault = {};
	int64_t number = -7;

	(void)state;
	assert_int_equal(db_execute(db, insert,
				    DB_VALUES(db_value_int(7), db_value_text(SLICE("seven")),
					      db_value_bytes(SLICE("\x07"))),
				    &fault),
			 0);
	assert_int_equal(db_execute(db, insert,
				    DB_VALUES(db_value_int(8), db_value_text(SLICE_NONE),
					      db_value_bytes(SLICE_NONE)),
				    &fault),
			 0);
	assert_int_equal(db_query(db, "SELECT i, s, b FROM t WHERE i = ?1 OR s = ?2 ORDER BY i",
				  DB_VALUES(db_value_int(8), db_value_text(SLICE("seven"))),
				  &select, &fault),
			 0);
	assert_int_equal(step(select), 1);
	assert_int_equal(db_int(select, 0), 7);
	assert_slice(db_text(select, 1), SLICE("seven"));
	assert_slice(db_bytes(select, 2), SLICE("\x07"));
	assert_int_equal(step(select), 1);
	assert_int_equal(db_int(select, 0), 8);
	assert_true(db_is_null(select, 1) && db_is_null(select, 2));
	assert_int_equal(step(select), 0);
	db_finish(select);
	assert_int_equal(db_query_number(db, "SELECT i FROM t WHERE i > ?1",
					 DB_VALUES(db_value_int(8)), &number, &fault),
			 0);
	assert_int_equal(number, -7);
	assert_int_equal(
		db_query_number(db, "SELECT count(*) FROM t", DB_NO_VALUES, &number, &fault), 1);
	assert_int_equal(number, 2);
	db_close(db);
}

/* All rows are gone through, and that there were some is told; what goes wrong, too. */
static void test_execute(void **state)
{
	struct db *db = open_new();
	struct fault fault = {};
	struct db_statement *none = NULL;

	(void)state;
	run(db, "INSERT INTO t (i) VALUES (1), (2), (3)");
	assert_int_equal(db_execute(db, "UPDATE t SET i = i + ?1 RETURNING i",
				    DB_VALUES(db_value_int(10)), &fault),
			 1);
	assert_int_equal(ask(db, "SELECT CAST(sum(i) AS INTEGER) FROM t"), 36);
	assert_int_equal(db_execute(db, "DELETE FROM t WHERE i = ?1 RETURNING i",
				    DB_VALUES(db_value_int(1)), &fault),
			 0);
	assert_int_equal(db_execute(db, "DELETE FROM t WHERE i = ?1",
				    DB_VALUES(db_value_int(11), db_value_int(12)), &fault),
			 FAULT_MALFORMED);
	assert_told(fault);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 3);
	assert_int_equal(db_query(db, "SELECT nothing FROM t", DB_NO_VALUES, &none, &fault),
			 FAULT_MALFORMED);
	assert_null(none);
	db_close(db);
}

static void expect_null(struct db *db)
{
	struct db_statement *select = prepare(db, "SELECT i, s, b FROM t");

	assert_int_equal(step(select), 1);
	for (int i = 0; i < 3; i++)
		assert_true(db_is_null(select, i));
	assert_int_equal(db_int(select, 0), 0);
	assert_absent(db_text(select, 1));
	assert_absent(db_bytes(select, 2));
	db_finish(select);
	run(db, "DELETE FROM t");
}

/* Absent, never bound, or bound before the last reset: NULL. */
static void test_null(void **state)
{
	struct db *db = open_new();
	struct db_statement *insert = prepare(db, "INSERT INTO t VALUES (?1, ?2, ?3)");

	(void)state;
	assert_int_equal(step(insert), 0);
	expect_null(db);
	db_bind_text(insert, 2, SLICE_NONE);
	db_bind_bytes(insert, 3, SLICE_NONE);
	assert_int_equal(step(insert), 0);
	expect_null(db);
	db_bind_int(insert, 1, 7);
	db_bind_text(insert, 2, SLICE("text"));
	db_bind_bytes(insert, 3, SLICE("bytes"));
	db_reset(insert);
	assert_int_equal(step(insert), 0);
	expect_null(db);
	db_bind_int(insert, 1, 7);
	db_bind_text(insert, 2, SLICE("text"));
	db_bind_text(insert, 2, SLICE_NONE);
	assert_int_equal(step(insert), 0);
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE i = 7 AND s IS NULL"), 1);
	assert_int_equal(step(insert), 0);
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE i IS NULL"), 1);
	db_finish(insert);
	db_close(db);
}

/* Parameters in any order and more than once; as many rows as there are; in the order of bytes. */
static void test_rows(void **state)
{
	static const char *const texts[] = {"b", "a", "", "B", "\xc3\xa9", "aa", "a b", "z"};
	static const char *const sorted[] = {"", "B", "a", "a b", "aa", "b", "z", "\xc3\xa9"};
	struct db *db = open_new();
	struct db_statement *insert = prepare(db, "INSERT INTO t (s, i) VALUES (?2, ?1)");
	struct db_statement *select =
		prepare(db, "SELECT s FROM t WHERE i >= ?1 AND i < ?1 + ?2 ORDER BY s");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		db_bind_int(insert, 1, (int64_t)i);
		db_bind_text(insert, 2, slice_cstr(texts[i]));
		assert_int_equal(step(insert), 0);
	}
	for (unsigned repeat = 0; repeat < 2; repeat++) {
		db_bind_int(select, 1, 0);
		db_bind_int(select, 2, 100);
		for (size_t i = 0; i < ARRAY_SIZE(sorted); i++) {
			assert_int_equal(step(select), 1);
			assert_slice(db_text(select, 0), slice_cstr(sorted[i]));
		}
		assert_int_equal(step(select), 0);
	}
	db_bind_int(select, 1, 3);
	db_bind_int(select, 2, 1);
	assert_int_equal(step(select), 1);
	assert_text(db_text(select, 0), "B");
	assert_int_equal(step(select), 0);
	db_finish(insert);
	db_finish(select);
	db_close(db);
}

/* Two statements' rows at a time, and one written while another is read. */
static void test_interleaved(void **state)
{
	struct db *db = open_new();
	struct db_statement *one = prepare(db, "SELECT i FROM t WHERE i < 10 ORDER BY i");
	struct db_statement *two = prepare(db, "SELECT i FROM t WHERE i < 10 ORDER BY i DESC");
	struct db_statement *insert = prepare(db, "INSERT INTO t (i) VALUES (?1)");

	(void)state;
	run(db, "INSERT INTO t (i) VALUES (1), (2), (3)");
	begin(db, true);
	for (int64_t i = 1; i <= 3; i++) {
		assert_int_equal(step(one), 1);
		assert_int_equal(db_int(one, 0), i);
		assert_int_equal(step(two), 1);
		assert_int_equal(db_int(two, 0), 4 - i);
		db_bind_int(insert, 1, 10 * i);
		assert_int_equal(step(insert), 0);
		assert_int_equal(db_int(one, 0), i);
	}
	assert_int_equal(step(one), 0);
	assert_int_equal(step(two), 0);
	db_finish(one);
	db_finish(two);
	db_finish(insert);
	commit(db);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 6);
	db_close(db);
}

/* What was finished is there for the next who asks the same, without rows and values of before. */
static void test_again(void **state)
{
	struct db *db = open_new();

	(void)state;
	run(db, "INSERT INTO t (i) VALUES (1), (2), (3)");
	for (int64_t i = 0; i < 300; i++) {
		struct db_statement *one = prepare(db, "SELECT i FROM t WHERE i > ?1 ORDER BY i");
		struct db_statement *other = prepare(db, "SELECT i FROM t WHERE i > ?1 ORDER BY i");
		char text[60];

		assert_true(one != other);
		assert_int_equal(step(one), 0);
		db_bind_int(one, 1, 0);
		db_bind_int(other, 1, 1);
		assert_int_equal(step(one), 1);
		assert_int_equal(step(other), 1);
		assert_int_equal(db_int(one, 0), 1);
		assert_int_equal(db_int(other, 0), 2);
		db_finish(one);
		db_finish(other);
		/* Of what is asked but once, so many are not kept. */
		snprintf(text, sizeof(text), "SELECT i FROM t WHERE i = 3 AND i < %d", (int)i + 4);
		assert_int_equal(ask(db, text), 3);
	}
	run(db, "DROP TABLE t");
	run(db, "CREATE TABLE t (i INTEGER, s TEXT, b BYTES)");
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 0);
	db_close(db);
}

/* Into a file, whichever engine it is from: all tables, one after the other, and nothing else. */
static void test_copy(void **state)
{
	static const char schema[] = "CREATE TABLE one (\n"
				     "  i INTEGER PRIMARY KEY,\n"
				     "  s TEXT NOT NULL\n"
				     ");"
				     "CREATE INDEX one_by_s ON one (s);"
				     "CREATE TABLE other (\n"
				     "  b BYTES,\n"
				     "  i INTEGER REFERENCES one (i),\n"
				     "  UNIQUE (i)\n"
				     ");"
				     "INSERT INTO one VALUES (1, 'came with it')";
	struct db_options options = {.create = true};
	struct fault fault = {};
	struct db *from = open_again(), *to;

	(void)state;
	run(from, "DROP TABLE IF EXISTS other; DROP TABLE IF EXISTS one");
	assert_int_equal(db_open("copy.db", &options, &to, &fault), 0);
	run(from, schema);
	run(to, schema);
	run(from, "UPDATE one SET s = 'text'; INSERT INTO one VALUES (-5, '');"
		  "INSERT INTO other VALUES (NULL, -5)");
	begin(from, false);
	begin(to, true);
	assert_int_equal(db_copy_schema(from, to, schema, &fault), 0);
	commit(to);
	commit(from);
	assert_int_equal(ask(to, "SELECT count(*) FROM one WHERE (i = 1 AND s = 'text') OR "
				 "(i = -5 AND s = '')"),
			 2);
	assert_int_equal(ask(to, "SELECT count(*) FROM other WHERE b IS NULL AND i = -5"), 1);
	run(from, "DROP TABLE other; DROP TABLE one");
	begin(from, false);
	begin(to, true);
	assert_int_equal(db_copy_schema(from, to, schema, &fault), FAULT_MALFORMED);
	db_rollback(to);
	db_rollback(from);
	assert_int_equal(ask(to, "SELECT count(*) FROM one"), 2);
	db_close(to);
	db_close(from);
	(void)unlink("copy.db");
}

static void test_common_sql(void **state)
{
	struct db *db = open_again();

	(void)state;
	run(db, "DROP TABLE IF EXISTS u");
	run(db, "CREATE TABLE u (a INTEGER, b TEXT NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;"
		"CREATE INDEX u_by_b ON u (b);"
		"INSERT INTO u VALUES (9999999999, 'x;y'), (1, 'TEXT ?1')");
	run(db, "INSERT INTO u VALUES (1, 'TEXT ?1') ON CONFLICT DO NOTHING");
	run(db, "");
	assert_int_equal(ask(db, "SELECT count(*) FROM u"), 2);
	assert_true(ask(db, "SELECT CAST(sum(a) AS INTEGER) FROM u") == 10000000000);
	assert_int_equal(ask(db, "SELECT a FROM u WHERE b = 'TEXT ?1'"), 1);
	assert_int_equal(ask(db, "WITH v AS (SELECT 4 AS c) SELECT c FROM v -- ?9"), 4);
	assert_int_equal(ask(db, "INSERT INTO u VALUES (5, '') RETURNING a"), 5);
	run(db, "DROP TABLE u");
	db_close(db);
}

static void test_transactions(void **state)
{
	struct db *db = open_new();

	(void)state;
	db_rollback(db);
	begin(db, true);
	run(db, "INSERT INTO t (i) VALUES (1)");
	commit(db);
	begin(db, true);
	run(db, "INSERT INTO t (i) VALUES (2)");
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 2);
	db_rollback(db);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 1);
	begin(db, false);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 1);
	commit(db);
	begin(db, true);
	run(db, "INSERT INTO t (i) VALUES (3)");
	db_close(db);
	db = open_again();
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 1);
	db_close(db);
}

static void test_broken_sql(void **state)
{
	static const char *const broken[] = {"SELEKT 1", "SELECT * FROM no_such_table", "SELECT (",
					     "INSERT INTO t (i) VALUES (1); INSERT"};
	struct db *db = open_new();
	struct db_statement *statement = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct fault fault = {};

		expect_refused(db_run(db, broken[i], &fault), FAULT_MALFORMED, &fault, "");
		fault.text[0] = '\0';
		expect_refused(db_prepare(db, broken[i], &statement, &fault), FAULT_MALFORMED,
			       &fault, "");
		assert_null(statement);
		assert_int_equal(db_run(db, broken[i], NULL), FAULT_MALFORMED);
	}
	run(db, "DELETE FROM t");
	db_close(db);
}

/* After a fault nothing is done until the transaction is rolled back. */
static void test_failed_transaction(void **state)
{
	struct db *db = open_new();
	struct db_statement *select = prepare(db, "SELECT 1"), *other = NULL;
	struct fault fault = {};

	(void)state;
	for (unsigned by_commit = 0; by_commit < 2; by_commit++) {
		begin(db, true);
		run(db, "INSERT INTO t (i) VALUES (1)");
		assert_int_equal(db_run(db, "SELECT no_such_column FROM t", &fault),
				 FAULT_MALFORMED);
		expect_refused(db_run(db, "SELECT 1", &fault), FAULT_SYSTEM, &fault,
			       "the transaction has failed before");
		expect_refused(db_step(select, &fault), FAULT_SYSTEM, &fault, "failed before");
		expect_refused(db_prepare(db, "SELECT 1", &other, &fault), FAULT_SYSTEM, &fault,
			       "failed before");
		if (by_commit)
			expect_refused(db_commit(db, &fault), FAULT_SYSTEM, &fault,
				       "failed before");
		else
			db_rollback(db);
		assert_int_equal(step(select), 1);
		db_reset(select);
		assert_int_equal(ask(db, "SELECT count(*) FROM t"), 0);
	}
	/* What the engine refuses when it is stepped. */
	run(db, "CREATE UNIQUE INDEX t_i ON t (i); INSERT INTO t (i) VALUES (1)");
	db_finish(select);
	select = prepare(db, "INSERT INTO t (i) VALUES (?1)");
	begin(db, true);
	db_bind_int(select, 1, 1);
	assert_int_equal(db_step(select, &fault), FAULT_MALFORMED);
	db_finish(select);
	db_rollback(db);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 1);
	db_close(db);
}

static void test_no_such_parameter(void **state)
{
	struct db *db = open_new();
	struct db_statement *insert = prepare(db, "INSERT INTO t (i) VALUES (?1)");
	struct fault fault = {};

	(void)state;
	for (int parameter = -1; parameter < 4; parameter++) {
		db_bind_int(insert, parameter, 1);
		if (parameter == 1)
			assert_int_equal(step(insert), 0);
		else
			expect_refused(db_step(insert, &fault), FAULT_MALFORMED, &fault,
				       "no such parameter");
	}
	db_bind_text(insert, 2, SLICE("x"));
	db_reset(insert);
	assert_int_equal(step(insert), 0);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 2);
	db_finish(insert);
	db_close(db);
}

static void test_two_writers(void **state)
{
	struct db *one = open_new(), *two = open_waiting(60, false);
	struct fault fault = {};

	(void)state;
	begin(one, true);
	expect_refused(db_begin(two, true, &fault), FAULT_SYSTEM, &fault,
		       "locked by another one for longer than 60 ms");
	run(one, "INSERT INTO t (i) VALUES (1)");
	commit(one);
	begin(two, true);
	assert_int_equal(ask(two, "SELECT count(*) FROM t"), 1);
	run(two, "INSERT INTO t (i) VALUES (2)");
	commit(two);
	assert_int_equal(ask(one, "SELECT count(*) FROM t"), 2);
	db_close(one);
	db_close(two);
}

/* Adds one to the number in t, again and again. Of a process of its own. */
static int count_up(unsigned times)
{
	struct db *db = open_again();

	for (unsigned i = 0; i < times; i++) {
		struct db_statement *update;
		int64_t number;

		begin(db, true);
		number = ask(db, "SELECT i FROM t");
		update = prepare(db, "UPDATE t SET i = ?1");
		db_bind_int(update, 1, number + 1);
		assert_int_equal(step(update), 0);
		db_finish(update);
		commit(db);
	}
	db_close(db);
	return 0;
}

static void test_many_writers(void **state)
{
	enum { WRITERS = 3, TIMES = 15 };
	struct db *db = open_new();
	pid_t writers[WRITERS];

	(void)state;
	run(db, "INSERT INTO t (i) VALUES (0)");
	db_close(db);
	for (unsigned i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		assert_true(writers[i] >= 0);
		if (writers[i] == 0)
			_exit(count_up(TIMES));
	}
	for (unsigned i = 0; i < WRITERS; i++) {
		int status;

		assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
		assert_int_equal(status, 0);
	}
	db = open_again();
	assert_int_equal(ask(db, "SELECT i FROM t"), WRITERS * TIMES);
	db_close(db);
}

/* A reader sees what was when it began to ask, and not what is being written. */
static void test_reader(void **state)
{
	struct db *writer = open_new(), *reader = open_waiting(0, true);

	(void)state;
	run(writer, "INSERT INTO t (i) VALUES (1)");
	begin(writer, true);
	run(writer, "INSERT INTO t (i) VALUES (2)");
	begin(reader, false);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 1);
	run(writer, "INSERT INTO t (i) VALUES (3)");
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 1);
	commit(reader);
	commit(writer);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 3);
	db_close(reader);
	db_close(writer);
}

static void test_read_only(void **state)
{
	struct db *db = open_new(), *reader;
	struct fault fault = {};

	(void)state;
	db_close(db);
	reader = open_waiting(0, true);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 0);
	assert_int_equal(db_run(reader, "INSERT INTO t (i) VALUES (1)", &fault), FAULT_SYSTEM);
	assert_told(fault);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 0);
	db_close(reader);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_engine, enter, leave),
		cmocka_unit_test(test_place),
		cmocka_unit_test_setup_teardown(test_values, enter, leave),
		cmocka_unit_test_setup_teardown(test_values_at_once, enter, leave),
		cmocka_unit_test_setup_teardown(test_execute, enter, leave),
		cmocka_unit_test_setup_teardown(test_null, enter, leave),
		cmocka_unit_test_setup_teardown(test_rows, enter, leave),
		cmocka_unit_test_setup_teardown(test_interleaved, enter, leave),
		cmocka_unit_test_setup_teardown(test_again, enter, leave),
		cmocka_unit_test_setup_teardown(test_copy, enter, leave),
		cmocka_unit_test_setup_teardown(test_common_sql, enter, leave),
		cmocka_unit_test_setup_teardown(test_transactions, enter, leave),
		cmocka_unit_test_setup_teardown(test_broken_sql, enter, leave),
		cmocka_unit_test_setup_teardown(test_failed_transaction, enter, leave),
		cmocka_unit_test_setup_teardown(test_no_such_parameter, enter, leave),
		cmocka_unit_test_setup_teardown(test_two_writers, enter, leave),
		cmocka_unit_test_setup_teardown(test_many_writers, enter, leave),
		cmocka_unit_test_setup_teardown(test_reader, enter, leave),
		cmocka_unit_test_setup_teardown(test_read_only, enter, leave),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("db", tests, NULL, NULL) : 2;
}
