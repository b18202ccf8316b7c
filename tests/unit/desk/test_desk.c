/*
 * Requests from application to publication, with each engine.
 *
 *     test_desk sqlite|postgres
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "../db/database.h"
#include "office.h"
#include "query/query.h"

#define METRICS                                                                                    \
	"procedure: port\nname: metrics\nports: 20100\ntransports: tcp\n"                          \
	"description: Metrics of all services\nassignee_name: Ada Lovelace\n"                      \
	"assignee_email: ada@example.org\nsecurity: PRIVATE-ANSWER\n"

static void test_port(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_request request = {};
	struct fault fault = {};
	int64_t first = desk_edition(desk), number;

	(void)state;
	assert_true(first > 0);
	number = file_request(desk, ADA, METRICS);
	assert_int_equal(number, 1);
	assert_int_equal(state_of(desk, number), STATE_NEW);
	act(desk, REG, number, ACTION_VALIDATE);
	assert_int_equal(state_of(desk, number), STATE_REVIEW);
	act(desk, REX, number, ACTION_RETURN);
	assert_int_equal(state_of(desk, number), STATE_REQUESTER);
	act(desk, ADA, number, ACTION_ANSWER);
	assert_int_equal(state_of(desk, number), STATE_REVIEW);
	act(desk, REX, number, ACTION_APPROVE);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	assert_int_equal(rows_named(desk, "metrics"), 0);
	act(desk, REG, number, ACTION_GRANT);
	assert_int_equal(rows_named(desk, "metrics"), 1);
	assert_true(desk_edition(desk) > first);
	assert_int_equal(desk_request(desk, NULL, number, &request, &fault), DESK_DONE);
	assert_int_equal(request.state, STATE_GRANTED);
	assert_int_equal(request.edition, desk_edition(desk));
	assert_int_equal(request.first_port, 20100);
	assert_text(desk_state_title(request.state, request.procedure), "Assigned");
	desk_request_done(&request);
	verify(desk);
	desk_close(desk);
}

static void test_automatic(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_refusal refusal = {};
	int64_t number;

	(void)state;
	number = file_request(desk, ADA,
			      "procedure: port\nname: quick\nports: any 29000-29999\n"
			      "transports: tcp udp\ndescription: Quick thing\n"
			      "assignee_name: Ada Lovelace\nassignee_email: ada@example.org\n");
	assert_int_equal(state_of(desk, number), STATE_GRANTED);
	assert_int_equal(rows_named(desk, "quick"), 2);
	/* The same name is another's now. */
	assert_int_equal(try_file(desk, NOBODY,
				  "procedure: port\nname: quick\nports: any 29000-29999\n"
				  "transports: tcp\ndescription: Other thing\n"
				  "assignee_name: Bob\nassignee_email: bob@example.org\n",
				  &refusal),
			 -DESK_INVALID);
	assert_true(refusal.preflight.levels[PREFLIGHT_MUST] > 0);
	preflight_done(&refusal.preflight);
	verify(desk);
	desk_close(desk);
}

/* Two that ask for the same port: the second is told, and nothing of it is left behind. */
static void test_conflict(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_act granting = {.action = ACTION_GRANT};
	struct desk_refusal refusal = {};
	int64_t one = file_request(desk, ADA, METRICS), edition;
	int64_t two = file_request(desk, NOBODY,
				   "procedure: port\nname: other\nports: 20100\ntransports: tcp\n"
				   "description: Others\nassignee_name: Bob\n"
				   "assignee_email: bob@example.org\n");

	(void)state;
	for (int64_t i = one; i <= two; i++) {
		act(desk, REG, i, ACTION_VALIDATE);
		act(desk, REX, i, ACTION_APPROVE);
	}
	act(desk, REG, two, ACTION_GRANT);
	assert_int_equal(rows_named(desk, "other"), 1);
	edition = desk_edition(desk);
	assert_int_equal(try_act_at(desk, REG, one, &granting, NOW, &refusal), DESK_CONFLICT);
	assert_non_null(strstr(refusal.why.text, "20100"));
	assert_int_equal(state_of(desk, one), STATE_ASSIGNABLE);
	assert_int_equal(rows_named(desk, "metrics"), 0);
	assert_int_equal(desk_edition(desk), edition);
	verify(desk);
	desk_close(desk);
}

static int find_secret(void *context, const struct desk_event *event)
{
	unsigned *seen = context;

	if (event->note.p)
		++seen[0];
	if (event->actor_login.p)
		++seen[1];
	assert_true(slice_find(event->body, SLICE("PRIVATE-ANSWER")) == (size_t)-1);
	return 0;
}

static void see(struct desk *desk, int64_t who, int64_t number, enum desk_sight sight, bool answers,
		unsigned notes)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = who ? read_account(desk, who, &arena) : (struct account){};
	const struct account *actor = who ? &account : NULL;
	struct desk_request request = {};
	struct fault fault = {};
	unsigned seen[2] = {};

	assert_int_equal(desk_request(desk, actor, number, &request, &fault), DESK_DONE);
	assert_int_equal(request.sight, sight);
	assert_int_equal(request.application.values[FIELD_SECURITY].p != NULL, answers);
	assert_int_equal(request.application.values[FIELD_ASSIGNEE_EMAIL].p != NULL, answers);
	assert_int_equal(request.applicant_login.p != NULL, answers);
	assert_text(request.application.values[FIELD_NAME], "metrics");
	desk_request_done(&request);
	assert_int_equal(desk_timeline(desk, actor, number, find_secret, seen, &fault), DESK_DONE);
	assert_int_equal(seen[0], notes);
	assert_int_equal(seen[1] > 0, answers);
}

static void test_sight(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_act internal = {
		.action = ACTION_COMMENT, .note = SLICE("among us"), .internal = true};
	struct desk_refusal refusal = {};
	int64_t number = file_request(desk, ADA, METRICS);

	(void)state;
	act(desk, ADA, number, ACTION_COMMENT);
	assert_int_equal(try_act_at(desk, REX, number, &internal, NOW, &refusal), DESK_DONE);
	assert_int_equal(try_act_at(desk, ADA, number, &internal, NOW, &refusal), DESK_FORBIDDEN);
	see(desk, 0, number, SIGHT_PUBLIC, false, 0);
	see(desk, NOBODY, number, SIGHT_PUBLIC, false, 0);
	see(desk, ADMIN, number, SIGHT_PUBLIC, false, 0);
	see(desk, ADA, number, SIGHT_PARTY, true, 1);
	see(desk, REX, number, SIGHT_REVIEWER, true, 2);
	see(desk, REG, number, SIGHT_REVIEWER, true, 2);
	desk_close(desk);
}

/* What was done with a key is not done again, and says the same. */
static void test_keys(void **state)
{
	struct desk *desk = staffed("organisation");
	struct arena arena CLEANUP(arena_done) = {};
	struct account ada = read_account(desk, ADA, &arena), bob;
	struct application application = read_application(METRICS);
	struct application other = read_application("procedure: name\nname: abc\ntransports: tcp\n"
						    "description: Text\nassignee_name: Ada\n"
						    "assignee_email: ada@example.org\n");
	struct desk_act commenting = {
		.action = ACTION_COMMENT, .note = SLICE("once"), .key = SLICE("c")};
	struct desk_refusal refusal = {};
	struct fault fault = {};
	int64_t first = 0, number = 0;
	unsigned seen[2] = {};

	(void)state;
	bob = read_account(desk, NOBODY, &arena);
	assert_int_equal(
		desk_file(desk, &ada, &application, SLICE("k"), NOW, &first, &refusal, &fault),
		DESK_DONE);
	preflight_done(&refusal.preflight);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(desk_file(desk, &ada, &application, SLICE("k"), NOW, &number,
					   &refusal, &fault),
				 DESK_DONE);
		assert_int_equal(number, first);
		assert_int_equal(try_act_at(desk, ADA, first, &commenting, NOW, &refusal),
				 DESK_DONE);
	}
	assert_int_equal(desk_timeline(desk, &ada, first, find_secret, seen, &fault), DESK_DONE);
	assert_int_equal(seen[0], 1);
	assert_int_equal(desk_file(desk, &ada, &other, SLICE("k"), NOW, &number, &refusal, &fault),
			 DESK_CONFLICT);
	/* Another's key is another key. */
	assert_int_equal(desk_file(desk, &bob, &other, SLICE("k"), NOW, &number, &refusal, &fault),
			 DESK_DONE);
	preflight_done(&refusal.preflight);
	assert_int_equal(number, first + 1);
	application_done(&application);
	application_done(&other);
	verify(desk);
	desk_close(desk);
}

static void test_versions(void **state)
{
	struct desk *desk = staffed("organisation");
	int64_t number = file_request(desk, ADA, METRICS);
	struct desk_act validating = {.action = ACTION_VALIDATE, .version = 1};
	struct desk_refusal refusal = {};

	(void)state;
	act(desk, ADA, number, ACTION_COMMENT);
	assert_int_equal(try_act_at(desk, REG, number, &validating, NOW, &refusal), DESK_CONFLICT);
	validating.version = 2;
	assert_int_equal(try_act_at(desk, REG, number, &validating, NOW, &refusal), DESK_DONE);
	desk_close(desk);
}

/* Two approvals are two people's, and nobody decides on their own. */
static void test_people_apart(void **state)
{
	struct desk *desk = staffed("rfc6335");
	struct desk_act approving = {.action = ACTION_APPROVE};
	struct desk_refusal refusal = {};
	int64_t number;

	(void)state;
	give_role(desk, ADA, ROLE_REVIEWER);
	give_role(desk, ADA, ROLE_REGISTRAR);
	number = file_request(desk, ADA,
			      "procedure: port\nname: coffee\nports: 4711\ntransports: tcp\n"
			      "description: Coffee machines\nassignee_name: Ada Lovelace\n"
			      "assignee_email: ada@example.org\ncontact_name: Ada Lovelace\n"
			      "contact_email: ada@example.org\nreference: https://example.org/c\n"
			      "broadcast: It uses none.\nwhy_port: Firewalls of offices open it.\n"
			      "security: TLS only\n");
	act(desk, ADA, number, ACTION_VALIDATE);
	assert_int_equal(try_act_at(desk, ADA, number, &approving, NOW, &refusal), DESK_FORBIDDEN);
	assert_non_null(strstr(refusal.why.text, "of their own"));
	act(desk, REX, number, ACTION_RECUSE);
	assert_int_equal(try_act_at(desk, REX, number, &approving, NOW, &refusal), DESK_FORBIDDEN);
	assert_non_null(strstr(refusal.why.text, "stepped back"));
	act(desk, REX, number, ACTION_ESCALATE);
	act(desk, APO, number, ACTION_APPROVE);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	verify(desk);
	desk_close(desk);
}

static unsigned reminded(struct desk *desk, struct slice now)
{
	struct fault fault = {};
	unsigned letters = 0;

	assert_int_equal(desk_remind(desk, now, &letters, &fault), 0);
	return letters;
}

static void test_revocation(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_act deciding = {.action = ACTION_DECIDE};
	struct desk_refusal refusal = {};
	int64_t number;

	(void)state;
	file_request(desk, ADA,
		     "procedure: port\nname: quick\nports: 29100\ntransports: tcp\n"
		     "description: Quick thing\nassignee_name: Ada Lovelace\n"
		     "assignee_email: ada@example.org\n");
	assert_int_equal(try_file(desk, NOBODY,
				  "procedure: revocation\nsubject: quick 29100/tcp\n"
				  "reason: It is not used.\n",
				  &refusal),
			 -DESK_FORBIDDEN);
	number = file_request(desk, REG,
			      "procedure: revocation\nsubject: quick 29100/tcp\n"
			      "reason: It is not used by anybody any more.\n");
	act(desk, REX, number, ACTION_VALIDATE);
	act(desk, APO, number, ACTION_CALL);
	assert_int_equal(state_of(desk, number), STATE_CALL);
	assert_int_equal(try_act_at(desk, REG, number, &deciding, NOW, &refusal), DESK_NOT_NOW);
	assert_string_equal(refusal.section, "RFC 6335, section 8.4");
	assert_int_equal(
		try_act_at(desk, REG, number, &deciding, SLICE("2026-11-29T23:59:59Z"), &refusal),
		DESK_NOT_NOW);
	assert_int_equal(reminded(desk, SLICE("2026-11-29T23:59:59Z")), 0);
	/* Whoever may decide it is told, once. */
	assert_int_equal(reminded(desk, SLICE("2026-11-30T00:00:00Z")), 1);
	assert_int_equal(reminded(desk, SLICE("2026-12-01T00:00:00Z")), 0);
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM letters WHERE kind = 'reminder' "
					    "AND account = 3 AND subject LIKE '%comments%'"),
			 1);
	assert_int_equal(
		try_act_at(desk, REG, number, &deciding, SLICE("2026-11-30T00:00:00Z"), &refusal),
		DESK_DONE);
	act(desk, APO, number, ACTION_APPROVE);
	act(desk, REX, number, ACTION_GRANT);
	assert_int_equal(state_of(desk, number), STATE_GRANTED);
	verify(desk);
	desk_close(desk);
}

static void test_appeal(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_refusal refusal = {};
	int64_t refused = file_request(desk, ADA, METRICS), appeal;

	(void)state;
	assert_int_equal(try_file(desk, ADA,
				  "procedure: appeal\nsubject: 1\nreason: It was not fair.\n",
				  &refusal),
			 -DESK_NOT_NOW);
	act(desk, REX, refused, ACTION_REFUSE);
	appeal = file_request(desk, ADA,
			      "procedure: appeal\nsubject: 1\nreason: It was not fair.\n");
	act(desk, REG, appeal, ACTION_VALIDATE);
	act(desk, REX, appeal, ACTION_APPROVE);
	act(desk, APO, appeal, ACTION_ESCALATE);
	act(desk, APO, appeal, ACTION_APPROVE);
	act(desk, REG, appeal, ACTION_GRANT);
	assert_int_equal(state_of(desk, appeal), STATE_GRANTED);
	assert_int_equal(state_of(desk, refused), STATE_REVIEW);
	verify(desk);
	desk_close(desk);
}

static void test_transfer(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_refusal refusal = {};

	(void)state;
	file_request(desk, ADA,
		     "procedure: port\nname: quick\nports: 29100\ntransports: tcp\n"
		     "description: Quick thing\nassignee_name: Ada Lovelace\n"
		     "assignee_email: ada@example.org\n");
	assert_int_equal(try_file(desk, ADA,
				  "procedure: transfer\nsubject: quick 29100/tcp\n"
				  "reason: It is sold.\nassignee_name: Bob\n"
				  "assignee_email: bob@example.org\n",
				  &refusal),
			 -DESK_INVALID);
	assert_string_equal(refusal.section, "RFC 6335, section 8.5");
	preflight_done(&refusal.preflight);
	desk_close(desk);
}

/* Its assignee, who is linked to the account by the grant, modifies and gives back. */
static void test_assignee(void **state)
{
	static const char modification[] = "procedure: modification\nsubject: quick 29100/tcp\n"
					   "description: Quicker thing\nreason: It is quicker.\n";
	struct desk *desk = staffed("organisation");
	struct arena arena CLEANUP(arena_done) = {};
	struct desk_refusal refusal = {};
	int64_t number;

	(void)state;
	file_request(desk, ADA,
		     "procedure: port\nname: quick\nports: 29100\ntransports: tcp\n"
		     "description: Quick thing\nassignee_name: Ada Lovelace\n"
		     "assignee_email: ada@example.org\n");
	assert_text(read_account(desk, ADA, &arena).person, "Ada_Lovelace");
	assert_int_equal(try_file(desk, NOBODY, modification, &refusal), -DESK_FORBIDDEN);
	number = file_request(desk, ADA, modification);
	act(desk, REG, number, ACTION_VALIDATE);
	act(desk, REG, number, ACTION_GRANT);
	number = file_request(desk, ADA,
			      "procedure: de-assignment\nsubject: quick 29100/tcp\n"
			      "reason: It is no longer used.\n");
	act(desk, REG, number, ACTION_VALIDATE);
	act(desk, REG, number, ACTION_GRANT);
	assert_int_equal(state_of(desk, number), STATE_GRANTED);
	assert_int_equal(rows_named(desk, "quick"), 0);
	verify(desk);
	desk_close(desk);
}

static void test_tampering(void **state)
{
	static const char *const damages[] = {
		"UPDATE desk_events SET at = '2026-11-22T07:00:01Z' WHERE sequence = 3",
		"UPDATE desk_events SET actor = 2 WHERE sequence = 2",
		"UPDATE desk_events SET application = '{\"name\":\"x\"}' WHERE action = 'file'",
		"UPDATE desk_events SET role = NULL WHERE sequence = 3",
		"UPDATE desk_private SET note = 'never said'",
		"UPDATE desk_private SET salt = salt || salt",
		"UPDATE desk_requests SET state = 'granted'",
		"UPDATE desk_requests SET applicant = 4",
		"DELETE FROM desk_requests",
		"DELETE FROM desk_private",
		"DELETE FROM desk_private; DELETE FROM desk_events WHERE sequence = 3",
		"UPDATE desk_events SET first_port = first_port + 4294967296 WHERE sequence = 2",
		"UPDATE desk_requests SET last_port = last_port + 4294967296",
		"INSERT INTO desk_policies SELECT number + 1, at, policy FROM desk_policies",
		/* As somebody would who wants the last event never to have been. */
		"DELETE FROM desk_private WHERE sequence = 3; DELETE FROM desk_events WHERE "
		"sequence = 3; UPDATE desk_requests SET version = 1",
		"DELETE FROM letters WHERE event = 3; DELETE FROM desk_private WHERE sequence = 3; "
		"DELETE FROM desk_events WHERE sequence = 3; UPDATE desk_requests SET version = 1, "
		"changed = filed; UPDATE editions SET imported = '2026-11-22T08:00:00Z'",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct desk *desk;
		struct db *db;

		(void)unlink("test.db");
		desk = staffed("organisation");
		act(desk, REX, file_request(desk, ADA, METRICS), ACTION_COMMENT);
		verify(desk);
		desk_close(desk);
		db = open_again();
		if (db_engine_of(where) == DB_POSTGRES && strstr(damages[i], "salt ||"))
			run(db, "UPDATE desk_private SET salt = '\\x00'");
		else
			run(db, damages[i]);
		db_close(db);
		desk = open_desk();
		if (faults_of(desk) == 0)
			fail_msg("not found: %s", damages[i]);
		desk_close(desk);
	}
}

static void test_rebuild(void **state)
{
	struct desk *desk = staffed("organisation");
	struct fault fault = {};
	int64_t number = file_request(desk, ADA, METRICS);

	(void)state;
	act(desk, REG, number, ACTION_VALIDATE);
	act(desk, REX, number, ACTION_APPROVE);
	assert_int_equal(db_run(desk_db(desk),
				"UPDATE desk_requests SET state = 'new', name = NULL", &fault),
			 0);
	assert_true(faults_of(desk) > 0);
	assert_int_equal(desk_rebuild(desk, &fault), 0);
	verify(desk);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	desk_close(desk);
}

static void test_erasure(void **state)
{
	struct desk *desk = staffed("organisation");
	struct arena arena CLEANUP(arena_done) = {};
	struct account ada = read_account(desk, ADA, &arena);
	struct account nobody = read_account(desk, NOBODY, &arena);
	struct desk_refusal refusal = {};
	struct fault fault = {};
	struct out out;
	int64_t number = file_request(desk, ADA, METRICS);

	(void)state;
	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(desk_export(desk, ADA, &out, &fault), 0);
	assert_true(slice_find(out_slice(&out), SLICE("PRIVATE-ANSWER")) != (size_t)-1);
	out_done(&out);
	assert_int_equal(desk_erase(desk, &nobody, ADA, NOW, &refusal, &fault), DESK_FORBIDDEN);
	assert_int_equal(desk_erase(desk, &ada, ADA, NOW, &refusal, &fault), DESK_NOT_NOW);
	act(desk, ADA, number, ACTION_WITHDRAW);
	assert_int_equal(desk_erase(desk, &ada, ADA, NOW, &refusal, &fault), DESK_DONE);
	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(desk_export(desk, ADA, &out, &fault), 0);
	assert_true(slice_find(out_slice(&out), SLICE("PRIVATE-ANSWER")) == (size_t)-1);
	assert_true(slice_find(out_slice(&out), SLICE("example.org")) == (size_t)-1);
	out_done(&out);
	see(desk, 0, number, SIGHT_PUBLIC, false, 0);
	verify(desk);
	desk_close(desk);
}

static int keep_lease(void *context, const struct desk_lease *lease)
{
	*(struct desk_lease *)context = *lease;
	return 0;
}

static int count_lease(void *context, const struct desk_lease *lease)
{
	(void)lease;
	++*(unsigned *)context;
	return 0;
}

static void test_leases(void **state)
{
	struct desk *desk = staffed("organisation");
	struct arena arena CLEANUP(arena_done) = {};
	struct account ada = read_account(desk, ADA, &arena);
	struct account rex = read_account(desk, REX, &arena);
	struct desk_lease_wish wish = {.name = SLICE("web"), .first_port = -1, .last_port = -1};
	struct desk_lease_wish elsewhere = wish;
	struct desk_lease first, again, other, third;
	struct desk_refusal refusal = {};
	struct fault fault = {};
	unsigned count = 0;

	(void)state;
	assert_int_equal(
		desk_lease_take(desk, &ada, &wish, NOW, keep_lease, &first, &refusal, &fault),
		DESK_DONE);
	assert_true(first.port >= 30000);
	assert_int_equal(desk_lease_take(desk, &ada, &wish, SLICE("2026-11-22T08:30:00Z"),
					 keep_lease, &again, &refusal, &fault),
			 DESK_DONE);
	assert_int_equal(again.port, first.port);
	assert_int_equal(again.number, first.number);
	assert_int_equal(
		desk_lease_take(desk, &rex, &wish, NOW, keep_lease, &other, &refusal, &fault),
		DESK_DONE);
	assert_int_not_equal(other.port, first.port);
	elsewhere.host = SLICE("elsewhere");
	assert_int_equal(
		desk_lease_take(desk, &ada, &elsewhere, NOW, keep_lease, &third, &refusal, &fault),
		DESK_DONE);
	assert_int_not_equal(third.number, first.number);
	assert_int_not_equal(third.port, first.port);
	assert_int_equal(desk_leases(desk, 0, NOW, count_lease, &count, &fault), 0);
	assert_int_equal(count, 3);
	assert_int_equal(desk_lease_release(desk, &rex, first.number, NOW, &refusal, &fault),
			 DESK_FORBIDDEN);
	assert_int_equal(desk_lease_release(desk, &ada, first.number, NOW, &refusal, &fault),
			 DESK_DONE);
	/* What is free again is the same name's. */
	assert_int_equal(
		desk_lease_take(desk, &ada, &wish, NOW, keep_lease, &again, &refusal, &fault),
		DESK_DONE);
	assert_int_equal(again.port, first.port);
	assert_int_equal(desk_lease_release(desk, &ada, again.number, NOW, &refusal, &fault),
			 DESK_DONE);
	wish.first_port = wish.last_port = other.port;
	assert_int_equal(
		desk_lease_take(desk, &ada, &wish, NOW, keep_lease, &again, &refusal, &fault),
		DESK_CONFLICT);
	/* After its time it is anybody's. */
	assert_int_equal(desk_lease_take(desk, &ada, &wish, SLICE("2026-12-01T07:00:00Z"),
					 keep_lease, &again, &refusal, &fault),
			 DESK_DONE);
	assert_int_equal(again.port, other.port);
	verify(desk);
	desk_close(desk);
}

static void test_letters(void **state)
{
	struct desk *desk = staffed("organisation");
	struct fault fault = {};
	unsigned letters = 0;

	(void)state;
	file_request(desk, ADA, METRICS);
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM letters"), 1);
	assert_int_equal(desk_remind(desk, SLICE("2026-11-26T07:00:00Z"), &letters, &fault), 0);
	assert_int_equal(letters, 1);
	assert_int_equal(desk_remind(desk, SLICE("2026-11-27T07:00:00Z"), &letters, &fault), 0);
	assert_int_equal(letters, 0);
	desk_close(desk);
}

static void test_stores_without(void **state)
{
	struct desk *desk = new_desk("organisation");
	struct fault fault = {};

	(void)state;
	desk_close(desk);
	assert_int_equal(desk_exists(where, &fault), 1);
	assert_int_equal(desk_create(where, policy_text("organisation"), NOW, &fault),
			 FAULT_UNKNOWN);
	assert_told(fault);
	assert_int_equal(desk_create("bad.db", SLICE("{}"), NOW, &fault), FAULT_MALFORMED);
	assert_int_equal(access("bad.db", F_OK), -1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_port, enter, leave),
		cmocka_unit_test_setup_teardown(test_automatic, enter, leave),
		cmocka_unit_test_setup_teardown(test_conflict, enter, leave),
		cmocka_unit_test_setup_teardown(test_sight, enter, leave),
		cmocka_unit_test_setup_teardown(test_keys, enter, leave),
		cmocka_unit_test_setup_teardown(test_versions, enter, leave),
		cmocka_unit_test_setup_teardown(test_people_apart, enter, leave),
		cmocka_unit_test_setup_teardown(test_revocation, enter, leave),
		cmocka_unit_test_setup_teardown(test_appeal, enter, leave),
		cmocka_unit_test_setup_teardown(test_transfer, enter, leave),
		cmocka_unit_test_setup_teardown(test_assignee, enter, leave),
		cmocka_unit_test_setup_teardown(test_tampering, enter, leave),
		cmocka_unit_test_setup_teardown(test_rebuild, enter, leave),
		cmocka_unit_test_setup_teardown(test_erasure, enter, leave),
		cmocka_unit_test_setup_teardown(test_leases, enter, leave),
		cmocka_unit_test_setup_teardown(test_letters, enter, leave),
		cmocka_unit_test_setup_teardown(test_stores_without, enter, leave),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("desk", tests, NULL, NULL) : 2;
}
