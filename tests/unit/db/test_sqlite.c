/* What only files can be: missing, something else, damaged, read-only, full. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/file.h"
#include "database.h"

static void expect_not_opened(const char *path, const struct db_options *options, int code,
			      const char *text)
{
	struct fault fault = {};
	struct db *db = NULL;

	expect_refused(db_open(path, options, &db, &fault), code, &fault, text);
	assert_null(db);
}

static void write_file(const char *path, struct slice text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
	assert_int_equal(fclose(file), 0);
}

static void test_missing(void **state)
{
	struct db_options both = {.create = true, .read_only = true};

	(void)state;
	expect_not_opened("test.db", NULL, FAULT_SYSTEM, "cannot open: No such file or directory");
	expect_not_opened("test.db", &both, FAULT_SYSTEM, "cannot open: No such file or directory");
	expect_not_opened("no/test.db", &(struct db_options){.create = true}, FAULT_SYSTEM,
			  "cannot open: No such file or directory");
	assert_int_not_equal(access("test.db", F_OK), 0);
	expect_not_opened(".", NULL, FAULT_SYSTEM, "a database is a file: not a device");
	expect_not_opened("/dev/null", NULL, FAULT_SYSTEM, "a database is a file: not a device");
}

static void test_no_database(void **state)
{
	static const char utf16[] = "PRAGMA encoding='UTF-16le'; CREATE TABLE t (s TEXT)";
	struct db *db;

	(void)state;
	write_file("test.db", SLICE("This is no database, but long enough to be the head of one: "
				    "that has one hundred bytes, or even more than that."));
	expect_not_opened("test.db", NULL, FAULT_MALFORMED, "file is not a database");
	write_file("test.db", SLICE(""));
	db = open_again();
	run(db, utf16);
	db_close(db);
	expect_not_opened("test.db", NULL, FAULT_MALFORMED, "of another encoding than UTF-8");
}

/* With rows on many pages. */
static void fill(struct db *db, unsigned rows)
{
	struct db_statement *insert = prepare(db, "INSERT INTO t VALUES (?1, ?2, NULL)");
	char text[500];

	memset(text, 'x', sizeof(text));
	begin(db, true);
	for (unsigned i = 0; i < rows; i++) {
		db_bind_int(insert, 1, i);
		db_bind_text(insert, 2, (struct slice){text, sizeof(text)});
		assert_int_equal(step(insert), 0);
	}
	db_finish(insert);
	commit(db);
}

static int64_t size_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

/* Reads all rows: 0 or a fault. */
static int read_all(const char *path, struct fault *fault)
{
	struct db_statement *select CLEANUP(db_finishp) = NULL;
	struct db *db = NULL;
	int result = db_open(path, NULL, &db, fault);

	if (result == 0)
		result = db_prepare(db, "SELECT i, s FROM t ORDER BY i", &select, fault);
	while (result == 0 && (result = db_step(select, fault)) == 1) {
		assert_int_equal(db_text(select, 1).n, 500);
		result = 0;
	}
	db_finish(take(select));
	db_close(db);
	return result;
}

/* By whole pages: that a part of the last one is missing is for checksums to tell. */
static void test_truncated(void **state)
{
	struct db *db = open_new();
	struct fault fault = {};
	int64_t size;

	(void)state;
	fill(db, 200);
	db_close(db);
	size = size_of("test.db");
	assert_int_equal(read_all("test.db", &fault), 0);
	for (int64_t n = size - 4096; n > 4096; n -= 4096) {
		assert_int_equal(truncate("test.db", n), 0);
		expect_refused(read_all("test.db", &fault), FAULT_MALFORMED, &fault, "malformed");
	}
	assert_int_equal(truncate("test.db", 99), 0);
	assert_int_equal(read_all("test.db", &fault), FAULT_MALFORMED);
	assert_told(fault);
}

/* A byte of each page: whatever comes of it, nothing breaks. */
static void test_damaged(void **state)
{
	struct file_content content = {};
	struct db *db = open_new();
	struct fault fault = {};
	unsigned refused = 0;

	(void)state;
	fill(db, 100);
	db_close(db);
	assert_int_equal(file_read("test.db", 1 << 24, &content, &fault), 0);
	for (size_t at = 0; at < content.text.n; at += at < 200 ? 1 : 509) {
		struct slice copy = copy_of(content.text);
		int result;

		((char *)copy.p)[at] ^= 0x55;
		write_file("test.db", copy);
		free((void *)copy.p);
		fault.text[0] = '\0';
		result = read_all("test.db", &fault);
		if (result < 0)
			assert_told(fault);
		refused += result < 0;
	}
	assert_true(refused > 20);
	file_content_done(&content);
}

/* No more than so many pages, and then a transaction that fits again. */
static void test_full(void **state)
{
	struct db *db = open_new();
	struct db_statement *insert;
	struct fault fault = {};
	int result = 0;

	(void)state;
	fill(db, 10);
	run(db, "PRAGMA max_page_count=20");
	insert = prepare(db, "INSERT INTO t VALUES (?1, hex(zeroblob(2000)), NULL)");
	begin(db, true);
	for (unsigned i = 0; i < 100 && result == 0; i++) {
		db_bind_int(insert, 1, i);
		result = db_step(insert, &fault);
	}
	expect_refused(result, FAULT_SYSTEM, &fault, "cannot write: ");
	db_rollback(db);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 10);
	begin(db, true);
	assert_int_equal(step(insert), 0);
	commit(db);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 11);
	db_finish(insert);
	db_close(db);
}

/* As a disk without space: the commit is refused, and what was is still there. */
static void test_no_space(void **state)
{
	struct rlimit before, limit;
	struct db *db = open_new();
	struct fault fault = {};

	(void)state;
	fill(db, 10);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	limit = before;
	limit.rlim_cur = 65536;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	begin(db, true);
	run(db, "INSERT INTO t SELECT a.i, hex(zeroblob(1000)), NULL FROM t AS a, t AS b");
	expect_refused(db_commit(db, &fault), FAULT_SYSTEM, &fault, "cannot write: ");
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 10);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	begin(db, true);
	run(db, "INSERT INTO t SELECT a.i, hex(zeroblob(1000)), NULL FROM t AS a, t AS b");
	commit(db);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 110);
	db_close(db);
}

/* Who is not root: what follows is refused to root as well. */
static void become_nobody(void)
{
	if (geteuid() == 0) {
		assert_int_equal(setgid(65534), 0);
		assert_int_equal(setuid(65534), 0);
	}
}

static void look_at_read_only(void)
{
	struct db *db = open_waiting(0, true);

	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 3);
	db_close(db);
	expect_not_opened("test.db", NULL, FAULT_SYSTEM, "cannot write: Permission denied");
	expect_not_opened("new.db", &(struct db_options){.create = true}, FAULT_SYSTEM,
			  "cannot open: ");
}

/* The file may be written, but nothing be made beside it. */
static void look_at_read_only_folder(void)
{
	struct fault fault = {};
	struct db *db = open_again();

	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 3);
	begin(db, true);
	if (db_run(db, "DELETE FROM t", &fault) == 0)
		expect_refused(db_commit(db, &fault), FAULT_SYSTEM, &fault, "cannot ");
	else
		expect_refused(FAULT_SYSTEM, FAULT_SYSTEM, &fault, "cannot ");
	db_rollback(db);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 3);
	db_close(db);
}

static void in_child(void (*look)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		become_nobody();
		look();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_read_only(void **state)
{
	struct db *db = open_new();

	fill(db, 3);
	db_close(db);
	assert_int_equal(chmod("test.db", 0444), 0);
	assert_int_equal(chmod(*state, 0555), 0);
	in_child(look_at_read_only);
	assert_int_equal(chmod("test.db", 0666), 0);
	in_child(look_at_read_only_folder);
	assert_int_equal(chmod(*state, 0755), 0);
}

/* Who reads on holds up those that write: they give up, and nothing is written. */
static void test_long_reader(void **state)
{
	struct db *writer = open_new(), *reader;
	struct fault fault = {};

	(void)state;
	db_close(writer);
	writer = open_waiting(50, false);
	reader = open_again();
	begin(reader, false);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 0);
	begin(writer, true);
	run(writer, "INSERT INTO t (i) VALUES (1)");
	expect_refused(db_commit(writer, &fault), FAULT_SYSTEM, &fault, "for longer than 50 ms");
	commit(reader);
	assert_int_equal(ask(reader, "SELECT count(*) FROM t"), 0);
	begin(writer, true);
	run(writer, "INSERT INTO t (i) VALUES (2)");
	commit(writer);
	assert_int_equal(ask(reader, "SELECT i FROM t"), 2);
	db_close(reader);
	db_close(writer);
}

/* A writer that is killed in the middle, with pages written, leaves what was. */
static void test_interrupted(void **state)
{
	struct db *db = open_new();
	pid_t child;
	int status;

	(void)state;
	fill(db, 50);
	db_close(db);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		db = open_again();
		run(db, "PRAGMA cache_spill=ON; PRAGMA cache_size=2");
		begin(db, true);
		run(db, "UPDATE t SET s = hex(zeroblob(500))");
		(void)kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(access("test.db-journal", F_OK), 0);
	db = open_again();
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE length(s) = 500"), 50);
	db_close(db);
	assert_int_not_equal(access("test.db-journal", F_OK), 0);
}

/* The journal stays, with nothing in it, until the last one who wants it so is gone. */
static void test_write_often(void **state)
{
	struct db *db = open_new(), *other = open_again();
	struct fault fault = {};
	struct stat journal;

	(void)state;
	assert_int_equal(db_write_often(db, &fault), 0);
	assert_int_equal(db_write_often(other, &fault), 0);
	for (unsigned i = 0; i < 3; i++) {
		fill(db, 5);
		assert_int_equal(stat("test.db-journal", &journal), 0);
		assert_int_equal(journal.st_size, 0);
		fill(other, 5);
	}
	db_close(db);
	assert_int_not_equal(access("test.db-journal", F_OK), 0);
	fill(other, 5);
	/* While somebody writes, it is theirs. */
	begin(other, true);
	run(other, "DELETE FROM t");
	db = open_again();
	assert_int_equal(db_write_often(db, &fault), 0);
	db_close(db);
	assert_int_equal(stat("test.db-journal", &journal), 0);
	db_rollback(other);
	assert_int_equal(ask(other, "SELECT count(*) FROM t"), 35);
	db_close(other);
	assert_int_not_equal(access("test.db-journal", F_OK), 0);
}

/* What is written where nobody finds it is not said to be written. */
static void test_removed(void **state)
{
	(void)state;
	for (unsigned replaced = 0; replaced < 2; replaced++) {
		struct db *db = open_new(), *other = NULL;
		struct fault fault = {};

		begin(db, true);
		run(db, "INSERT INTO t (i) VALUES (1)");
		assert_int_equal(unlink("test.db"), 0);
		if (replaced)
			other = open_new();
		expect_refused(db_commit(db, &fault), FAULT_SYSTEM, &fault, "was moved or removed");
		db_close(db);
		db_close(other);
		(void)unlink("test.db");
	}
}

static void test_one_statement(void **state)
{
	struct db *db = open_new();
	struct db_statement *statement = NULL;
	struct fault fault = {};

	(void)state;
	expect_refused(db_prepare(db, "SELECT 1; SELECT 2", &statement, &fault), FAULT_MALFORMED,
		       &fault, "not one statement");
	expect_refused(db_prepare(db, " -- nothing", &statement, &fault), FAULT_MALFORMED, &fault,
		       "not one statement");
	assert_null(statement);
	statement = prepare(db, "SELECT 1; \n");
	db_finish(statement);
	db_close(db);
}

static void test_settings(void **state)
{
	struct db_options options = {.memory = 8 << 20};
	struct fault fault = {};
	struct db *db = open_new();

	(void)state;
	db_close(db);
	assert_int_equal(db_open("test.db", &options, &db, &fault), 0);
	assert_int_equal(ask(db, "PRAGMA cache_size"), -8192);
	assert_int_equal(ask(db, "PRAGMA foreign_keys"), 1);
	assert_int_equal(ask(db, "PRAGMA synchronous"), 3);
	assert_int_equal(ask(db, "PRAGMA cache_spill"), 0);
	assert_int_equal(ask(db, "PRAGMA trusted_schema"), 0);
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_missing, enter, leave),
		cmocka_unit_test_setup_teardown(test_no_database, enter, leave),
		cmocka_unit_test_setup_teardown(test_truncated, enter, leave),
		cmocka_unit_test_setup_teardown(test_damaged, enter, leave),
		cmocka_unit_test_setup_teardown(test_full, enter, leave),
		cmocka_unit_test_setup_teardown(test_no_space, enter, leave),
		cmocka_unit_test_setup_teardown(test_read_only, enter, leave),
		cmocka_unit_test_setup_teardown(test_long_reader, enter, leave),
		cmocka_unit_test_setup_teardown(test_interrupted, enter, leave),
		cmocka_unit_test_setup_teardown(test_write_often, enter, leave),
		cmocka_unit_test_setup_teardown(test_removed, enter, leave),
		cmocka_unit_test_setup_teardown(test_one_statement, enter, leave),
		cmocka_unit_test_setup_teardown(test_settings, enter, leave),
	};

	return cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
}
