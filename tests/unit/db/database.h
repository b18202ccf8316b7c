/* A database for a test, of the engine that the program was asked to test. Behind testing.h. */
#ifndef PORTBOOK_TESTS_DATABASE_H
#define PORTBOOK_TESTS_DATABASE_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/db.h"

/* Where it is: a file in a temporary folder, or a URL. */
static const char *where = "test.db";

/* In an empty temporary folder, and without tables. */
static inline int enter(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	return *state ? 0 : -1;
}

static inline int leave(void **state)
{
	(void)unlink("test.db");
	(void)unlink("test.db-journal");
	if (chdir("/") < 0 || rmdir(*state) < 0)
		return -1;
	free(*state);
	return 0;
}

/* With locks waited for so many milliseconds. */
static inline struct db *open_waiting(unsigned wait, bool read_only)
{
	struct db_options options = {.create = !read_only, .read_only = read_only, .wait = wait};
	struct fault fault = {};
	struct db *db = NULL;

	if (db_open(where, &options, &db, &fault) != 0)
		fail_msg("%s", fault.text);
	return db;
}

static inline struct db *open_again(void)
{
	return open_waiting(0, false);
}

static inline void run(struct db *db, const char *sql)
{
	struct fault fault = {};

	if (db_run(db, sql, &fault) != 0)
		fail_msg("%s: %s", sql, fault.text);
}

/* With the table t, which is empty. */
static inline struct db *open_new(void)
{
	struct db *db = open_again();

	run(db, "DROP TABLE IF EXISTS t");
	run(db, "CREATE TABLE t (i INTEGER, s TEXT, b BYTES)");
	return db;
}

static inline struct db_statement *prepare(struct db *db, const char *sql)
{
	struct db_statement *statement = NULL;
	struct fault fault = {};

	if (db_prepare(db, sql, &statement, &fault) != 0)
		fail_msg("%s: %s", sql, fault.text);
	return statement;
}

static inline int step(struct db_statement *statement)
{
	struct fault fault = {};
	int result = db_step(statement, &fault);

	if (result < 0)
		fail_msg("%s", fault.text);
	return result;
}

/* The number that the SQL asks for. */
static inline int64_t ask(struct db *db, const char *sql)
{
	struct db_statement *statement = prepare(db, sql);
	int64_t number;

	assert_int_equal(step(statement), 1);
	number = db_int(statement, 0);
	assert_int_equal(step(statement), 0);
	db_finish(statement);
	return number;
}

static inline void begin(struct db *db, bool writing)
{
	struct fault fault = {};

	if (db_begin(db, writing, &fault) != 0)
		fail_msg("%s", fault.text);
}

static inline void commit(struct db *db)
{
	struct fault fault = {};

	if (db_commit(db, &fault) != 0)
		fail_msg("%s", fault.text);
}

static inline void expect_refused(int result, int code, const struct fault *fault, const char *text)
{
	assert_int_equal(result, code);
	assert_told(*fault);
	if (!strstr(fault->text, text))
		fail_msg("no \"%s\" in \"%s\"", text, fault->text);
}

#endif
