/*
 * Whatever fails while a store is asked or added to, it is said, all is given back, the store has
 * what was committed and no more, and the same struct history goes on to be used.
 *
 *     test_history sqlite|postgres
 *
 * the latter with the URL of a server in PORTBOOK_POSTGRES_URL (tests/postgres.py).
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include "../unit/db/database.h"
#include "failing.h"
#include "history/history.h"
#include "source/source.h"
#include "timeline/timeline.h"

enum { CALLS_MAX = 20000 };

#define HEAD(date)                                                                                 \
	"<?xml version='1.0' encoding='UTF-8'?>\n<!-- made up -->\n"                               \
	"<registry xmlns=\"http://www.iana.org/assignments\" "                                     \
	"id=\"service-names-port-numbers\">\n<title>Made up</title>\n<updated>" date               \
	"</updated>\n"

#define RECORD(name, port, text)                                                                   \
	"<record><name>" name "</name><protocol>tcp</protocol>"                                    \
	"<xref type=\"person\" data=\"Ann\"/><description>" text "</description>"                  \
	"<number>" port "</number></record>\n"

#define PEOPLE(name) "<people><person id=\"Ann\"><name>" name "</name></person></people>\n"
#define END	     "</registry>\n"

static const struct {
	struct slice date, text;
} documents[] = {
	{SLICE("2020-01-01"), SLICE(HEAD("2020-01-01") RECORD("a", "1", "A") RECORD("b", "2", "B")
					    RECORD("c", "3", "C") PEOPLE("Ann") END)},
	{SLICE("2022-01-01"),
	 SLICE(HEAD("2022-01-01") RECORD("c", "3", "C") RECORD("a", "1", "A") RECORD(
		 "a", "1",
		 "A") "<note>Note</note><footnote anchor=\"1\">x</footnote>" PEOPLE("Ann Author")
		       END)},
	{SLICE("2022-06-01"),
	 SLICE("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"
	       "Registration Date,Modification Date,Reference,Service Code,Unauthorized Use "
	       "Reported,Assignment Notes\r\nc,3,tcp,C,,[Ann],,,,,,\r\nd,4,udp,\"a, "
	       "b\",,,,,,,,\r\n")},
	/* Between them: parts runs, moves rows. */
	{SLICE("2021-01-01"), SLICE(HEAD("2021-01-01") RECORD("b", "2", "Other")
					    RECORD("c", "3", "C") RECORD("d", "4-9", "D") END)},
};

enum { KEPT = 3, ADDED = 3 };

static void hashes_done(struct history_hashes **hashes)
{
	history_hashes_free(*hashes);
}

/* Checked against limits first, unless they are NULL. */
static int add(struct history *history, size_t which, const struct history_limits *limits,
	       struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct history_hashes *hashes CLEANUP(hashes_done) = NULL;
	struct slice text = documents[which].text;
	struct source_options options = {.keep_layout = true};
	enum source_format format;
	struct history_document document;
	int64_t number;
	int result = source_read(text, &options, &registry, fault);

	if (result == 0)
		result = history_hash(text, registry, &hashes, fault);
	if (result < 0)
		return result;
	source_detect(text, &format);
	document = (struct history_document){.bytes = text,
					     .registry = registry,
					     .hashes = hashes,
					     .format = source_format_name(format),
					     .date = documents[which].date,
					     .origin = SLICE("made up"),
					     .imported = SLICE("2026-01-01T00:00:00Z")};
	if (limits)
		result = history_check_plausible(history, &document, limits, fault);
	if (result == 0)
		result = history_add(history, &document, &number, fault);
	/* Held, since what failed could be done without. */
	return result == 1 ? 0 : result;
}

static struct history *open_store(const char *place, enum history_access access)
{
	struct fault fault = {};
	struct history *history;

	if (history_open(place, access, &history, &fault) < 0)
		fail_msg("%s", fault.text);
	return history;
}

static void expect(int result, const struct fault *fault)
{
	if (result != 0)
		fail_msg("%d: %s", result, fault->text);
}

static int count_edition(void *context, const struct history_edition *edition)
{
	assert_int_equal(edition->date.n, 10);
	*(unsigned *)context += 1;
	return 0;
}

static int fail_on(void *context, struct slice text)
{
	(void)context;
	fail_msg("%.*s", (int)text.n, text.p);
	return 0;
}

static unsigned count_editions(struct history *history)
{
	struct fault fault = {};
	unsigned count = 0;

	expect(history_begin(history, false, &fault), &fault);
	expect(history_editions(history, count_edition, &count, &fault), &fault);
	history_rollback(history);
	return count;
}

/* That it verifies, and has so many editions. */
static void check(struct history *history, unsigned editions)
{
	struct fault fault = {};

	expect(history_begin(history, false, &fault), &fault);
	expect(history_verify(history, fail_on, NULL, NULL, &fault), &fault);
	history_rollback(history);
	assert_int_equal(count_editions(history), editions);
}

static void drop(void)
{
	if (strcmp(where, "test.db") != 0) {
		struct db *db = open_again();

		run(db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
		db_close(db);
	} else {
		(void)unlink(where);
	}
}

static struct history *new_store(void)
{
	struct history *history;
	struct fault fault = {};

	drop();
	history = open_store(where, HISTORY_CREATE);
	expect(history_begin(history, true, &fault), &fault);
	for (size_t i = 0; i < KEPT; i++)
		expect(add(history, i, NULL, &fault), &fault);
	expect(history_commit(history, &fault), &fault);
	return history;
}

/* What is done again and again, with each call that may fail failing once. */
typedef int work(struct history *history, struct history *other, struct fault *fault);
/* What must hold after it failed, or did not. */
typedef void aftermath(struct history *history, struct history *other, int result);

static void fail_each(struct history *history, struct history *other, work *act, aftermath *look)
{
	for (unsigned n = 1;; n++) {
		struct fault fault = {};
		enum failing failed;
		int result;

		assert_true(n < CALLS_MAX);
		failing_arm(n, n % 3 == 0);
		result = act(history, other, &fault);
		failed = failing_disarm();
		history_rollback(history);
		if (other)
			history_rollback(other);
		if (failed == FAILING_NONE || result == 0)
			expect(result, &fault);
		else if (result != (failed == FAILING_MEMORY ? FAULT_MEMORY : FAULT_SYSTEM))
			fail_msg("call %u: %d: %s", n, result, fault.text);
		if (result < 0)
			assert_told(fault);
		look(history, other, result);
		if (failed == FAILING_NONE) {
			assert_true(n > 5);
			return;
		}
	}
}

static int keep_source(struct history *history, struct fault *fault)
{
	struct strbuf etag CLEANUP(strbuf_done) = {}, last_modified CLEANUP(strbuf_done) = {};
	struct history_source source = {.url = SLICE("https://made.up/"),
					.etag = SLICE("\"x\""),
					.fetched = SLICE("2026-01-01T00:00:00Z")};
	int result = history_keep_source(history, &source, fault);

	if (result == 0)
		result = history_source(history, source.url, &etag, &last_modified, fault);
	if (result == 0) {
		assert_slice(strbuf_slice(&etag), source.etag);
		assert_int_equal(last_modified.n, 0);
	}
	return result;
}

static int do_add(struct history *history, struct history *other, struct fault *fault)
{
	struct history_limits limits = {50, 50};
	int result = history_begin(history, true, fault);

	(void)other;
	if (result == 0)
		result = keep_source(history, fault);
	return result == 0 ? add(history, ADDED, &limits, fault) : result;
}

static int do_add_and_commit(struct history *history, struct history *other, struct fault *fault)
{
	int result = do_add(history, other, fault);

	return result == 0 ? history_commit(history, fault) : result;
}

/* It was rolled back. */
static void after_add(struct history *history, struct history *other, int result)
{
	static unsigned looks;

	(void)other;
	if (result < 0 && ++looks % 4 != 0)
		assert_int_equal(count_editions(history), KEPT);
	else
		check(history, KEPT);
}

static void after_commit(struct history *history, struct history *other, int result)
{
	static bool added;

	(void)other;
	added |= result == 0;
	check(history, KEPT + added);
}

static void test_add(void **state)
{
	struct history *history = new_store();

	(void)state;
	fail_each(history, NULL, do_add, after_add);
	fail_each(history, NULL, do_add_and_commit, after_commit);
	history_close(history);
	history = open_store(where, HISTORY_READ);
	check(history, KEPT + 1);
	history_close(history);
}

static int turned(void *context, int64_t number)
{
	assert_true(number > 2020010100);
	*(unsigned *)context += 1;
	return 0;
}

static int do_read(struct history *history, struct history *other, struct fault *fault)
{
	struct registry *a CLEANUP(registry_freep) = NULL, *b CLEANUP(registry_freep) = NULL;
	struct registry *all CLEANUP(registry_freep) = NULL, *part CLEANUP(registry_freep) = NULL;
	struct strbuf bytes CLEANUP(strbuf_done) = {};
	struct slice names[] = {SLICE("A"), SLICE("b")};
	struct history_ports ports[] = {{3, 3}};
	struct history_filter filter = {names, 2, ports, 1};
	struct history_subject name = {.name = SLICE("B"), .port = -1};
	struct history_subject person = {.id = SLICE("Ann"), .port = -1};
	struct chart_point *points = NULL;
	unsigned editions = 0, turns = 0;
	size_t point_count = 0;
	int result = history_begin(history, false, fault);

	(void)other;
	if (result == 0)
		result = history_editions(history, count_edition, &editions, fault);
	if (result == 0)
		result = history_read(history, 202001010001, NULL, &all, fault);
	if (result == 0)
		result = history_read(history, 202001010001, &filter, &part, fault);
	if (result == 0)
		result = history_document(history, 202201010001, &bytes, fault);
	if (result == 0)
		result = history_compare(history, 202001010001, 202201010001, &a, &b, fault);
	if (result == 0)
		result = history_turns(history, &name, turned, &turns, fault);
	if (result == 0)
		result = history_turns(history, &person, turned, &turns, fault);
	if (result == 0)
		result = timeline_growth(history, &points, &point_count, fault);
	if (result < 0)
		return result;
	assert_int_equal(point_count, KEPT);
	assert_int_equal(points[0].ports[TRANSPORT_TCP], 3);
	assert_int_equal(points[0].names, 3);
	free(points);
	assert_int_equal(editions, KEPT);
	assert_int_equal(all->row_count, 3);
	assert_int_equal(part->row_count, 3);
	assert_slice(strbuf_slice(&bytes), documents[1].text);
	assert_true(a->row_count > 0 && b->row_count > 0 && turns >= 4);
	return 0;
}

static int do_verify(struct history *history, struct history *other, struct fault *fault)
{
	int result = history_begin(history, false, fault);

	(void)other;
	return result == 0 ? history_verify(history, fail_on, NULL, NULL, fault) : result;
}

static void after_reading(struct history *history, struct history *other, int result)
{
	(void)other;
	if (result == 0)
		check(history, KEPT);
}

static void test_read(void **state)
{
	struct history *history = new_store();

	(void)state;
	fail_each(history, NULL, do_read, after_reading);
	fail_each(history, NULL, do_verify, after_reading);
	history_close(history);
}

static int do_copy(struct history *history, struct history *other, struct fault *fault)
{
	int result = history_begin(history, false, fault);

	if (result == 0)
		result = history_begin(other, true, fault);
	if (result == 0)
		result = history_copy(history, other, fault);
	return result == 0 ? history_commit(other, fault) : result;
}

static void after_copy(struct history *history, struct history *other, int result)
{
	(void)history;
	if (result == 0)
		check(other, KEPT);
	else
		assert_int_equal(count_editions(other), 0);
}

static void test_copy(void **state)
{
	struct history *history = new_store();
	struct history *other = open_store("other.db", HISTORY_CREATE);

	(void)state;
	fail_each(history, other, do_copy, after_copy);
	history_close(history);
	history_close(other);
	(void)unlink("other.db");
}

static int do_open(struct history *history, struct history *other, struct fault *fault)
{
	struct history *opened CLEANUP(history_closep) = NULL;

	(void)history;
	(void)other;
	return history_open(where, HISTORY_CREATE, &opened, fault);
}

static void after_open(struct history *history, struct history *other, int result)
{
	(void)history;
	(void)other;
	if (result < 0)
		drop();
}

static void test_open(void **state)
{
	struct history *history = new_store();

	(void)state;
	fail_each(history, NULL, do_open, after_reading);
	history_close(history);
	drop();
	history = open_store("other.db", HISTORY_CREATE);
	fail_each(history, NULL, do_open, after_open);
	history_close(history);
	(void)unlink("other.db");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_add, enter, leave),
		cmocka_unit_test_setup_teardown(test_read, enter, leave),
		cmocka_unit_test_setup_teardown(test_copy, enter, leave),
		cmocka_unit_test_setup_teardown(test_open, enter, leave),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("history", tests, NULL, NULL) : 2;
}
