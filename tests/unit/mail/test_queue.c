/*
 * The queue, on both engines:
 *
 *     test_queue sqlite|postgres
 *
 * the latter with the URL of a server in PORTBOOK_POSTGRES_URL (tests/postgres.py).
 */
#undef NDEBUG
#include "../testing.h"

#include <signal.h>

#include "../db/database.h"
#include "queue.h"

static struct db *db;
static struct arena arena;

static int enter_queue(void **state)
{
	if (enter(state) < 0)
		return -1;
	db = open_queue();
	return 0;
}

static int leave_queue(void **state)
{
	arena_done(&arena);
	db_close(db);
	return leave(state);
}

static void put(const struct mail_letter *letter, struct slice now, int expected)
{
	struct fault fault = {};

	begin(db, true);
	if (mail_put(db, letter, now, &fault) != expected)
		fail_msg("%s", fault.text);
	commit(db);
}

static void put_key(const char *key)
{
	struct mail_letter letter = made_up(key);

	put(&letter, NOW, 0);
}

static int claim(struct slice now, struct mail_letter *ret_letter)
{
	struct fault fault = {};
	int result = mail_claim(db, now, &arena, ret_letter, &fault);

	if (result < 0)
		fail_msg("%s", fault.text);
	return result;
}

static struct mail_letter take_one(struct slice now)
{
	struct mail_letter letter = {};

	assert_int_equal(claim(now, &letter), 1);
	return letter;
}

static void settle(const struct mail_letter *letter, enum mail_outcome outcome, struct slice now,
		   int expected)
{
	struct fault fault = {};
	int result = mail_settle(db, letter, outcome, SLICE("451 not\r\nnow"), now, &fault);

	if (result < 0)
		fail_msg("%s", fault.text);
	assert_int_equal(result, expected);
}

struct seen {
	struct mail_letter letter;
	unsigned count;
};

static int note(void *context, const struct mail_letter *letter)
{
	struct seen *seen = context;
	bool failed = false;

	seen->count++;
	seen->letter = *letter;
#define COPY(field) seen->letter.field = arena_copy(&arena, letter->field, &failed)
	COPY(key);
	COPY(address);
	COPY(name);
	COPY(subject);
	COPY(body);
	COPY(due);
	COPY(changed);
	COPY(reason);
#undef COPY
	assert_false(failed);
	return 0;
}

/* How many there are, and the last one that was listed. */
static struct seen list(struct mail_filter filter)
{
	struct fault fault = {};
	struct seen seen = {};

	if (mail_list(db, &filter, note, &seen, &fault) != 0)
		fail_msg("%s", fault.text);
	return seen;
}

static void expect_counts(int64_t queued, int64_t sending, int64_t sent, int64_t failed,
			  int64_t erased)
{
	int64_t expected[MAIL_STATES] = {queued, sending, sent, failed, erased},
		counts[MAIL_STATES];
	struct fault fault = {};

	assert_int_equal(mail_counts(db, counts, &fault), 0);
	assert_memory_equal(counts, expected, sizeof(counts));
}

static void test_put_and_send(void **state)
{
	struct mail_letter given = made_up("a"), letter;

	(void)state;
	assert_int_equal(claim(NOW, &letter), 0);
	put(&given, NOW, 0);
	put(&given, NOW, 1);
	expect_counts(1, 0, 0, 0, 0);
	assert_int_equal(claim(SLICE("2026-11-22T06:59:59Z"), &letter), 0);
	letter = take_one(NOW);
	assert_int_equal(letter.number, 1);
	assert_text(letter.key, "a");
	assert_text(letter.kind, "granted");
	assert_int_equal(letter.account, 7);
	assert_text(letter.address, "ada@example.com");
	assert_text(letter.name, "Ada Example");
	assert_text(letter.subject, "Request 12: granted");
	assert_text(letter.body, "It was granted.\n");
	assert_text(letter.thread, "request-12");
	assert_int_equal(letter.event, 17);
	assert_int_equal(letter.id.n, 32);
	assert_int_equal(letter.state, MAIL_SENDING);
	assert_int_equal(letter.tries, 1);
	assert_slice(letter.created, NOW);
	assert_absent(letter.reason);
	expect_counts(0, 1, 0, 0, 0);
	assert_int_equal(claim(NOW, &given), 0);
	settle(&letter, MAIL_OK, SLICE("2026-11-22T07:00:09Z"), 0);
	settle(&letter, MAIL_OK, SLICE("2026-11-22T07:00:10Z"), 1);
	settle(&letter, MAIL_LATER, SLICE("2026-11-22T07:00:10Z"), 1);
	expect_counts(0, 0, 1, 0, 0);
	/* A key holds for good. */
	given = made_up("a");
	put(&given, SLICE("2027-11-22T07:00:00Z"), 1);
	assert_int_equal(claim(SLICE("2027-11-22T07:00:00Z"), &letter), 0);
}

/* What is rolled back was never queued. */
static void test_transaction(void **state)
{
	struct mail_letter letter = made_up("a");
	struct fault fault = {};

	(void)state;
	begin(db, true);
	assert_int_equal(mail_put(db, &letter, NOW, &fault), 0);
	db_rollback(db);
	expect_counts(0, 0, 0, 0, 0);
	begin(db, true);
	assert_int_equal(mail_put(db, &letter, NOW, &fault), 0);
	assert_int_equal(mail_put(db, &letter, NOW, &fault), 1);
	letter = made_up("b");
	assert_int_equal(mail_put(db, &letter, NOW, &fault), 0);
	commit(db);
	expect_counts(2, 0, 0, 0, 0);
}

static void test_odd_letters(void **state)
{
	static char large[MAIL_BODY_MAX + 1];
	struct mail_letter letter = {
		.key = SLICE("k"), .kind = SLICE("reminder"), .address = SLICE("a@b")};
	struct fault fault = {};

	(void)state;
	/* As little as there may be, and bytes that no database takes. */
	letter.subject = (struct slice){"one\0two\r\nBcc: x@y", 17};
	letter.body = (struct slice){"one\0two\r\nthree", 14};
	put(&letter, NOW, 0);
	letter = take_one(NOW);
	assert_text(letter.subject, "one two  Bcc: x@y");
	assert_text(letter.body, "one two\nthree\n");
	assert_absent(letter.name);
	assert_absent(letter.thread);
	memset(large, 'x', sizeof(large));
	begin(db, true);
	letter = made_up("l");
	letter.body = (struct slice){large, sizeof(large)};
	expect_refused(mail_put(db, &letter, NOW, &fault), FAULT_LIMIT, &fault, "bytes");
	letter = made_up("l");
	letter.subject = (struct slice){large, MAIL_SUBJECT_MAX + 1};
	expect_refused(mail_put(db, &letter, NOW, &fault), FAULT_LIMIT, &fault, "bytes");
	letter = made_up("l");
	letter.address = SLICE("a@b\r\nBcc: c@d");
	expect_refused(mail_put(db, &letter, NOW, &fault), FAULT_MALFORMED, &fault, "address");
	letter = made_up("l");
	letter.thread = SLICE("a b");
	expect_refused(mail_put(db, &letter, NOW, &fault), FAULT_MALFORMED, &fault, "thread");
	letter = made_up("l");
	letter.name = SLICE("\xff");
	expect_refused(mail_put(db, &letter, NOW, &fault), FAULT_MALFORMED, &fault, "UTF-8");
	letter = made_up("l");
	letter.body = SLICE("\xc3");
	expect_refused(mail_put(db, &letter, NOW, &fault), FAULT_MALFORMED, &fault, "UTF-8");
	letter = made_up("l");
	expect_refused(mail_put(db, &letter, SLICE("yesterday"), &fault), FAULT_MALFORMED, &fault,
		       "yesterday");
	/* None of them harmed the transaction. */
	assert_int_equal(mail_put(db, &letter, NOW, &fault), 0);
	commit(db);
	expect_counts(1, 1, 0, 0, 0);
}

/* The one that is due for longest comes first. */
static void test_order(void **state)
{
	struct mail_letter letter = made_up("a");

	(void)state;
	put(&letter, SLICE("2026-11-22T07:00:02Z"), 0);
	letter = made_up("b");
	put(&letter, SLICE("2026-11-22T07:00:01Z"), 0);
	letter = made_up("c");
	put(&letter, SLICE("2026-11-22T07:00:01Z"), 0);
	assert_text(take_one(SLICE("2026-11-22T07:00:02Z")).key, "b");
	assert_text(take_one(SLICE("2026-11-22T07:00:02Z")).key, "c");
	assert_text(take_one(SLICE("2026-11-22T07:00:02Z")).key, "a");
	assert_int_equal(claim(SLICE("2026-11-22T07:00:02Z"), &letter), 0);
}

/* Growing pauses, five days in all, and then it has failed. */
static void test_tries(void **state)
{
	static const char *const due[] = {
		"2026-11-22T07:00:00Z", "2026-11-22T07:05:00Z", "2026-11-22T07:20:00Z",
		"2026-11-22T08:20:00Z", "2026-11-22T11:20:00Z", "2026-11-22T17:20:00Z",
		"2026-11-23T05:20:00Z", "2026-11-24T05:20:00Z", "2026-11-25T05:20:00Z",
		"2026-11-26T05:20:00Z", "2026-11-27T05:20:00Z"};
	struct mail_letter letter;
	struct slice id = SLICE_NONE;
	struct fault fault = {};
	struct seen seen;

	(void)state;
	assert_int_equal(ARRAY_SIZE(due), MAIL_TRIES);
	put_key("a");
	for (unsigned i = 0; i < MAIL_TRIES; i++) {
		seen = list((struct mail_filter){.states = 1U << MAIL_QUEUED});
		assert_int_equal(seen.count, 1);
		assert_slice(seen.letter.due, slice_cstr(due[i]));
		letter = take_one(slice_cstr(due[i]));
		assert_int_equal(letter.tries, i + 1);
		if (i > 0) {
			assert_slice(letter.id, id);
			assert_text(letter.reason, "451 not  now");
		}
		id = letter.id;
		settle(&letter, MAIL_LATER, slice_cstr(due[i]), 0);
	}
	expect_counts(0, 0, 0, 1, 0);
	assert_int_equal(claim(SLICE("2099-01-01T00:00:00Z"), &letter), 0);
	/* And is tried again where an operator says so. */
	begin(db, true);
	assert_int_equal(mail_retry(db, 2, NOW, &fault), 1);
	assert_int_equal(mail_retry(db, 1, SLICE("2026-12-01T00:00:00Z"), &fault), 0);
	commit(db);
	letter = take_one(SLICE("2026-12-01T00:00:00Z"));
	assert_int_equal(letter.tries, 1);
	assert_slice(letter.id, id);
	begin(db, true);
	assert_int_equal(mail_retry(db, 1, NOW, &fault), 1);
	commit(db);
	settle(&letter, MAIL_REFUSED, SLICE("2026-12-01T00:00:01Z"), 0);
	seen = list((struct mail_filter){.states = 1U << MAIL_FAILED});
	assert_int_equal(seen.count, 1);
	assert_text(seen.letter.reason, "451 not  now");
	assert_text(seen.letter.changed, "2026-12-01T00:00:01Z");
	assert_absent(seen.letter.due);
}

/* A letter whose sender says nothing is taken again; what each of them says then counts. */
static void test_stale(void **state)
{
	struct slice again = SLICE("2026-11-22T07:30:00Z");
	struct mail_letter first, second;

	(void)state;
	put_key("a");
	first = take_one(NOW);
	assert_int_equal(claim(SLICE("2026-11-22T07:29:59Z"), &second), 0);
	second = take_one(again);
	assert_int_equal(second.number, first.number);
	assert_slice(second.id, first.id);
	assert_int_equal(second.tries, 2);
	/* The first one's failure is not the second's. */
	settle(&first, MAIL_REFUSED, again, 1);
	settle(&first, MAIL_LATER, again, 1);
	expect_counts(0, 1, 0, 0, 0);
	/* But what was sent is not sent again, whoever says it. */
	settle(&second, MAIL_LATER, again, 0);
	expect_counts(1, 0, 0, 0, 0);
	settle(&first, MAIL_OK, again, 0);
	expect_counts(0, 0, 1, 0, 0);
	assert_int_equal(claim(SLICE("2026-12-22T07:30:00Z"), &second), 0);
}

/* One that ends each of its senders is not tried for ever. */
static void test_deadly(void **state)
{
	struct mail_letter letter;
	struct seen seen;

	(void)state;
	put_key("a");
	put_key("b");
	run(db, "UPDATE letters SET due = '2027-01-01T00:00:00Z' WHERE key = 'b'");
	for (unsigned day = 1; day <= MAIL_TRIES; day++) {
		char now[] = "2026-12-01T00:00:00Z";

		now[8] = (char)('0' + day / 10);
		now[9] = (char)('0' + day % 10);
		assert_text(take_one(slice_cstr(now)).key, "a");
	}
	assert_int_equal(claim(SLICE("2026-12-31T00:00:00Z"), &letter), 0);
	seen = list((struct mail_filter){.states = 1U << MAIL_FAILED});
	assert_int_equal(seen.count, 1);
	assert_text(seen.letter.key, "a");
	assert_true(seen.letter.reason.n > 0);
	assert_text(take_one(SLICE("2027-01-01T00:00:00Z")).key, "b");
}

static void test_erase(void **state)
{
	const char *const keys[] = {"sent", "sending", "failed", "queued"};
	struct mail_letter letters[4], other = made_up("other");
	struct fault fault = {};
	struct seen seen;

	(void)state;
	other.account = 8;
	for (size_t i = 0; i < 4; i++)
		put_key(keys[i]);
	for (size_t i = 0; i < 3; i++)
		letters[i] = take_one(NOW);
	settle(&letters[0], MAIL_OK, NOW, 0);
	settle(&letters[2], MAIL_REFUSED, NOW, 0);
	put(&other, NOW, 0);
	begin(db, true);
	assert_int_equal(mail_erase(db, 7, SLICE("2026-11-22T08:00:00Z"), &fault), 0);
	assert_int_equal(mail_erase(db, 99, NOW, &fault), 0);
	commit(db);
	expect_counts(1, 0, 1, 0, 3);
	assert_int_equal(ask(db, "SELECT count(*) FROM letters WHERE account = 7 AND address = '' "
				 "AND name IS NULL AND subject = '' AND body IS NULL "
				 "AND reason IS NULL AND due IS NULL"),
			 4);
	settle(&letters[1], MAIL_LATER, NOW, 1);
	expect_counts(1, 0, 1, 0, 3);
	settle(&letters[1], MAIL_OK, NOW, 0);
	expect_counts(1, 0, 2, 0, 2);
	seen = list((struct mail_filter){.account = 8, .bodies = true});
	assert_int_equal(seen.count, 1);
	assert_text(seen.letter.address, "ada@example.com");
	assert_text(seen.letter.body, "It was granted.\n");
	begin(db, true);
	assert_int_equal(mail_retry(db, 4, NOW, &fault), 1);
	commit(db);
}

static void prune(unsigned days, struct slice now, int64_t bodies)
{
	struct fault fault = {};

	if (mail_prune(db, days, now, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_int_equal(ask(db, "SELECT count(*) FROM letters WHERE body IS NOT NULL"), bodies);
}

static void test_prune(void **state)
{
	struct mail_letter letter = made_up("a");
	struct fault fault = {};

	(void)state;
	put_key("a");
	put_key("b");
	put_key("c");
	letter = take_one(NOW);
	settle(&letter, MAIL_OK, NOW, 0);
	letter = take_one(NOW);
	settle(&letter, MAIL_REFUSED, SLICE("2026-11-23T07:00:00Z"), 0);
	prune(30, SLICE("2026-12-22T06:59:59Z"), 3);
	prune(30, SLICE("2026-12-22T07:00:00Z"), 2);
	prune(30, SLICE("2026-12-23T07:00:00Z"), 1);
	prune(30, SLICE("2027-12-23T07:00:00Z"), 1);
	prune(UINT32_MAX, NOW, 1);
	expect_counts(1, 0, 1, 1, 0);
	begin(db, true);
	assert_int_equal(mail_retry(db, 2, NOW, &fault), 1);
	assert_int_equal(mail_retry(db, 3, NOW, &fault), 0);
	commit(db);
	letter = made_up("a");
	put(&letter, NOW, 1);
}

static int stop_at_two(void *context, const struct mail_letter *letter)
{
	unsigned *count = context;

	assert_absent(letter->body);
	return ++*count == 2 ? 5 : 0;
}

static void test_list(void **state)
{
	char key[] = "a";
	struct mail_filter none = {};
	struct fault fault = {};
	unsigned count = 0;
	struct seen seen;

	(void)state;
	run(db, "BEGIN");
	for (unsigned i = 0; i < 60; i++) {
		struct mail_letter letter;

		key[0] = (char)('A' + i);
		letter = made_up(key);
		letter.account = i % 2 ? INT64_C(5000000000) : 1;
		assert_int_equal(mail_put(db, &letter, NOW, &fault), 0);
	}
	run(db, "COMMIT");
	seen = list(none);
	assert_int_equal(seen.count, 50);
	assert_int_equal(seen.letter.number, 11);
	assert_int_equal(list((struct mail_filter){.most = 100}).count, 60);
	seen = list((struct mail_filter){.account = INT64_C(5000000000), .below = 7});
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.letter.number, 2);
	(void)take_one(NOW);
	assert_int_equal(
		list((struct mail_filter){.states = 1U << MAIL_SENDING | 1U << MAIL_SENT}).count,
		1);
	assert_int_equal(list((struct mail_filter){.states = 1U << MAIL_QUEUED, .most = 99}).count,
			 59);
	assert_int_equal(mail_list(db, &none, stop_at_two, &count, &fault), 5);
	assert_int_equal(count, 2);
}

static void test_states(void **state)
{
	enum mail_state found;

	(void)state;
	for (unsigned i = 0; i < MAIL_STATES; i++) {
		assert_true(mail_state_find(mail_state_name((enum mail_state)i), &found));
		assert_int_equal(found, i);
	}
	assert_absent(mail_state_name(MAIL_STATES));
	assert_false(mail_state_find(SLICE("lost"), &found));
}

enum { LETTERS = 60, WORKERS = 4 };

/* Takes letters until there are none, and tells their numbers. */
static void work(int to)
{
	struct mail_letter letter;

	db = open_again();
	while (claim(NOW, &letter) == 1) {
		unsigned char number = (unsigned char)letter.number;

		settle(&letter, MAIL_OK, NOW, 0);
		assert_int_equal(write(to, &number, 1), 1);
	}
	_exit(0);
}

static void test_many_senders(void **state)
{
	unsigned taken[LETTERS + 1] = {};
	unsigned char number;
	char key[] = "a";
	int ends[2];

	(void)state;
	for (unsigned i = 0; i < LETTERS; i++) {
		key[0] = (char)('A' + i);
		put_key(key);
	}
	assert_int_equal(pipe(ends), 0);
	for (unsigned i = 0; i < WORKERS; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0)
			work(ends[1]);
	}
	close(ends[1]);
	while (read(ends[0], &number, 1) == 1) {
		assert_in_range(number, 1, LETTERS);
		taken[number]++;
	}
	close(ends[0]);
	for (unsigned i = 0; i < WORKERS; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	for (unsigned i = 1; i <= LETTERS; i++)
		assert_int_equal(taken[i], 1);
	expect_counts(0, 0, LETTERS, 0, 0);
}

/* A sender that is killed between taking a letter and saying what came of it. */
static void test_killed(void **state)
{
	struct mail_letter letter;
	char id[32];
	int ends[2], status;
	pid_t child;

	(void)state;
	put_key("a");
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		db = open_again();
		letter = take_one(NOW);
		assert_int_equal(write(ends[1], letter.id.p, letter.id.n), 32);
		for (;;)
			pause();
	}
	assert_int_equal(read(ends[0], id, sizeof(id)), 32);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(ends[0]);
	close(ends[1]);
	expect_counts(0, 1, 0, 0, 0);
	assert_int_equal(claim(NOW, &letter), 0);
	letter = take_one(SLICE("2026-11-22T07:30:00Z"));
	assert_slice(letter.id, ((struct slice){id, sizeof(id)}));
	settle(&letter, MAIL_OK, NOW, 0);
	expect_counts(0, 0, 1, 0, 0);
}

static struct slice tick(void *context, char space[static TIME_LENGTH])
{
	int64_t *seconds = context;

	return time_write((*seconds)++, space);
}

static int send_to(const char *script, int64_t *seconds, struct fault *fault)
{
	const char *const command[] = {script, NULL}, *const shell[] = {"/bin/sh", "-c", script,
									NULL};
	struct mail_options options = {.command = script[0] == '/' ? command : shell,
				       .from = SLICE("desk@registry.example")};

	return mail_send(db, &options, tick, seconds, fault);
}

static void test_send(void **state)
{
	struct fault fault = {};
	int64_t seconds = 0;
	struct seen seen;

	(void)state;
	assert_true(time_parse(NOW, &seconds));
	assert_int_equal(send_to("exit 0", &seconds, &fault), 0);
	put_key("a");
	assert_int_equal(send_to("cat > /dev/null; echo full; exit 75", &seconds, &fault), 1);
	seen = list((struct mail_filter){.states = 1U << MAIL_QUEUED});
	assert_int_equal(seen.count, 1);
	assert_text(seen.letter.reason, "/bin/sh ended with status 75: full");
	assert_text(seen.letter.due, "2026-11-22T07:05:03Z");
	assert_int_equal(send_to("exit 0", &seconds, &fault), 0);
	seconds += 300;
	expect_refused(send_to("/no/such/program", &seconds, &fault), FAULT_SYSTEM, &fault,
		       "cannot run /no/such/program");
	expect_counts(1, 0, 0, 0, 0);
	seconds += 900;
	assert_int_equal(send_to("cat > letter", &seconds, &fault), 1);
	expect_counts(0, 0, 1, 0, 0);
	assert_int_equal(unlink("letter"), 0);
	put_key("b");
	assert_int_equal(send_to("exit 67", &seconds, &fault), 1);
	expect_counts(0, 0, 1, 1, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_queue, leave_queue)
		TEST(test_put_and_send),
		TEST(test_transaction),
		TEST(test_odd_letters),
		TEST(test_order),
		TEST(test_tries),
		TEST(test_stale),
		TEST(test_deadly),
		TEST(test_erase),
		TEST(test_prune),
		TEST(test_list),
		TEST(test_send),
		TEST(test_many_senders),
		TEST(test_killed),
#undef TEST
		cmocka_unit_test(test_states),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("mail", tests, NULL, NULL) : 2;
}
