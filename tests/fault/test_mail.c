/*
 * Whatever fails while a letter is queued, taken, settled, retried, listed or erased, it is said,
 * and the queue is as it was.
 *
 *     test_mail sqlite|postgres
 *
 * the latter with the URL of a server in PORTBOOK_POSTGRES_URL (tests/postgres.py).
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/db/database.h"
#include "../unit/mail/queue.h"
#include "failing.h"

enum { CALLS_MAX = 2000 };

static struct mail_letter first(void)
{
	return (struct mail_letter){.number = 1, .tries = 1, .changed = NOW, .state = MAIL_SENDING};
}

/* Within a transaction, which is the caller's. */
static int within(struct db *db, int (*act)(struct db *db, struct fault *fault),
		  struct fault *fault)
{
	int result = db_begin(db, true, fault);

	if (result == 0)
		result = act(db, fault);
	if (result == 0)
		return db_commit(db, fault);
	db_rollback(db);
	return result;
}

static int put(struct db *db, struct fault *fault)
{
	struct mail_letter letter = made_up("new");

	return mail_put(db, &letter, NOW, fault);
}

static int retry(struct db *db, struct fault *fault)
{
	return mail_retry(db, 3, NOW, fault);
}

static int erase(struct db *db, struct fault *fault)
{
	return mail_erase(db, 7, NOW, fault);
}

static int act_put(struct db *db, struct fault *fault)
{
	return within(db, put, fault);
}

static int act_retry(struct db *db, struct fault *fault)
{
	return within(db, retry, fault);
}

static int act_erase(struct db *db, struct fault *fault)
{
	return within(db, erase, fault);
}

static int act_claim(struct db *db, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct mail_letter letter;
	int result = mail_claim(db, NOW, &arena, &letter, fault);

	if (result < 0)
		return result;
	assert_int_equal(result, 1);
	assert_text(letter.body, "It was granted.\n");
	return 0;
}

static int act_settle(struct db *db, struct fault *fault)
{
	struct mail_letter letter = first();

	return mail_settle(db, &letter, MAIL_LATER, SLICE("451 busy"), NOW, fault);
}

static int act_prune(struct db *db, struct fault *fault)
{
	return mail_prune(db, 0, NOW, fault);
}

static int ignore(void *context, const struct mail_letter *letter)
{
	(void)context;
	(void)letter;
	return 0;
}

static int act_look(struct db *db, struct fault *fault)
{
	struct mail_filter filter = {.states = 1U << MAIL_SENDING, .account = 7};
	int64_t counts[MAIL_STATES];
	int result = mail_list(db, &filter, ignore, NULL, fault);

	return result < 0 ? result : mail_counts(db, counts, fault);
}

/* One that is being sent, one that is due, one that failed. */
static void fill(struct db *db)
{
	static const char *const keys[] = {"sending", "due", "failed"};

	run(db, "DELETE FROM letters");
	begin(db, true);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct mail_letter letter = made_up(keys[i]);
		struct fault fault = {};

		assert_int_equal(mail_put(db, &letter, NOW, &fault), 0);
	}
	commit(db);
	run(db, "UPDATE letters SET state = 'sending', tries = 1, "
		"due = '2026-11-22T07:30:00Z' WHERE number = 1");
	run(db, "UPDATE letters SET state = 'failed', due = NULL WHERE number = 3");
}

/* All that may change, as one number. */
static int64_t state_of(struct db *db)
{
	return ask(db, "SELECT CAST(sum(number * (length(state) + 7 * tries + "
		       "100 * COALESCE(length(body), 0) + length(address)) + "
		       "COALESCE(length(due), 0)) AS INTEGER) FROM letters");
}

static void fail_everywhere(struct db *db, int (*act)(struct db *db, struct fault *fault),
			    bool all_after)
{
	enum failing failed = FAILING_MEMORY;
	unsigned n = 0;

	fill(db);
	while (failed != FAILING_NONE) {
		/* One that has prepared nothing yet. */
		struct db *asking CLEANUP(db_closep) = open_again();
		struct fault fault = {};
		int64_t before = state_of(db);
		int result;

		assert_true(++n < CALLS_MAX);
		failing_arm(n, all_after);
		result = act(asking, &fault);
		failed = failing_disarm();
		assert_true(result == 0 || failed != FAILING_NONE);
		if (result == 0) {
			fill(db);
			continue;
		}
		assert_int_equal(result, FAULT_MEMORY);
		assert_told(fault);
		/* After a fault the connection is as good as before. */
		assert_int_equal(state_of(asking), before);
	}
	assert_true(n > 2);
}

static void test_failures(void **state)
{
	int (*const acts[])(struct db * db, struct fault * fault) = {
		act_put, act_retry, act_erase, act_claim, act_settle, act_prune, act_look};
	struct db *db = open_queue();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		fail_everywhere(db, acts[i], false);
		fail_everywhere(db, acts[i], true);
	}
	db_close(db);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_failures, enter, leave),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("mail", tests, NULL, NULL) : 2;
}
