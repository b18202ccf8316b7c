/*
 * Whatever fails while texts are packed or a database is asked, it is said, all is given back, and
 * what was committed before is what is there after.
 *
 *     test_db sqlite|postgres
 *
 * the latter with the URL of a server in PORTBOOK_POSTGRES_URL (tests/postgres.py).
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/db/database.h"
#include "codec/codec.h"
#include "failing.h"

enum { CALLS_MAX = 20000 };

static int work(struct db *db, struct db_statement **insert, struct db_statement **select,
		struct fault *fault)
{
	int result = db_begin(db, true, fault);

	if (result == 0)
		result = db_prepare(db, "INSERT INTO t VALUES (?1, ?2, NULL)", insert, fault);
	if (result < 0)
		return result;
	db_bind_int(*insert, 1, 2);
	db_bind_text(*insert, 2, SLICE("text"));
	result = db_step(*insert, fault);
	if (result == 0)
		result = db_prepare(db, "SELECT i, s FROM t ORDER BY i", select, fault);
	if (result == 0)
		result = db_step(*select, fault);
	if (result < 0)
		return result;
	assert_int_equal(result, 1);
	assert_int_equal(db_int(*select, 0), 1);
	db_reset(*select);
	return db_commit(db, fault);
}

static int run_db(struct fault *fault)
{
	struct db *db CLEANUP(db_closep) = NULL;
	struct db_statement *insert CLEANUP(db_finishp) = NULL, *select CLEANUP(db_finishp) = NULL;
	int result = db_open(where, NULL, &db, fault);

	if (result < 0) {
		assert_null(db);
		return result;
	}
	return work(db, &insert, &select, fault);
}

static int run_codec(struct fault *fault)
{
	struct strbuf packed CLEANUP(strbuf_done) = {}, text CLEANUP(strbuf_done) = {};
	int result = codec_pack(SLICE("text"), SLICE("base"), CODEC_LEVEL_PATCH, &packed, fault);

	if (result == 0)
		result = codec_unpack(strbuf_slice(&packed), SLICE("base"), 4, &text, fault);
	if (result == 0)
		assert_text(strbuf_slice(&text), "text");
	else
		assert_int_equal(text.n, 0);
	return result;
}

static void test_codec(void **state)
{
	unsigned n = 1;

	(void)state;
	for (;; n++) {
		struct fault fault = {};
		int result;

		failing_arm(n, false);
		result = run_codec(&fault);
		if (failing_disarm() == FAILING_NONE) {
			assert_int_equal(result, 0);
			break;
		}
		assert_int_equal(result, FAULT_MEMORY);
		assert_told(fault);
	}
	assert_true(n > 2);
}

static void test_db(void **state)
{
	struct db *db = open_new();
	unsigned count = 0;

	(void)state;
	run(db, "INSERT INTO t (i) VALUES (1)");
	db_close(db);
	for (unsigned all_after = 0; all_after < 2; all_after++) {
		for (unsigned n = 1;; n++) {
			struct fault fault = {};
			enum failing failed;
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, all_after);
			result = run_db(&fault);
			failed = failing_disarm();
			db = open_again();
			assert_int_equal(ask(db, "SELECT count(*) FROM t"), result == 0 ? 2 : 1);
			run(db, "DELETE FROM t WHERE i = 2");
			db_close(db);
			if (failed == FAILING_NONE) {
				assert_int_equal(result, 0);
				count = n - 1;
				break;
			}
			assert_int_equal(result,
					 failed == FAILING_MEMORY ? FAULT_MEMORY : FAULT_SYSTEM);
			assert_told(fault);
		}
	}
	assert_true(count >= 6);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codec),
		cmocka_unit_test_setup_teardown(test_db, enter, leave),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("db", tests, NULL, NULL) : 2;
}
