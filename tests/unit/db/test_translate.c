#undef NDEBUG
#include "../testing.h"

#include "db/driver.h"

static void expect(const char *sql, const char *sqlite, const char *postgres, int parameters)
{
	const char *const expected[] = {[DB_SQLITE] = sqlite, [DB_POSTGRES] = postgres};

	for (unsigned i = 0; i < ARRAY_SIZE(expected); i++) {
		struct strbuf to = {};

		assert_int_equal(db_translate(sql, (enum db_engine)i, &to), parameters);
		assert_false(to.failed);
		assert_string_equal(to.p, expected[i]);
		assert_int_equal(to.n, strlen(expected[i]) + 1);
		strbuf_done(&to);
	}
}

static void test_words(void **state)
{
	(void)state;
	expect("", "", "", 0);
	expect("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL, c BYTES) WITHOUT ROWID;",
	       "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL, c BLOB) WITHOUT ROWID;",
	       "CREATE TABLE t (a BIGINT PRIMARY KEY, b TEXT COLLATE \"C\" NOT NULL, c BYTEA) ;",
	       0);
	expect("TEXTS MYTEXT TEXT_ _TEXT 1TEXT text Text",
	       "TEXTS MYTEXT TEXT_ _TEXT 1TEXT text Text",
	       "TEXTS MYTEXT TEXT_ _TEXT 1TEXT text Text", 0);
	expect("BYTES", "BLOB", "BYTEA", 0);
}

static void test_parameters(void **state)
{
	(void)state;
	expect("?1", "?1", "$1", 1);
	expect("a=?12 AND b=?2", "a=?12 AND b=?2", "a=$12 AND b=$2", 12);
	expect("? ?a ?0 ?01 ?1000", "? ?a ?0 ?01 ?1000", "? ?a ?0 ?01 ?1000", 0);
}

static void test_left_alone(void **state)
{
	static const char *const texts[] = {
		"'TEXT ?1'", "'it''s TEXT ?1'", "\"TEXT\"", "-- TEXT ?1", "/* TEXT ?1 */",
		"'TEXT",     "/* TEXT",		"--",	    "/",	  "-",
		"''",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		expect(texts[i], texts[i], texts[i], 0);
	expect("-- TEXT\n?1", "-- TEXT\n?1", "-- TEXT\n$1", 1);
	expect("/* TEXT */?1", "/* TEXT */?1", "/* TEXT */$1", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_left_alone),
	};

	return cmocka_run_group_tests_name("translate", tests, NULL, NULL);
}
