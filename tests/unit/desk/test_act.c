/*
 * What is not to be had by any way round: by amending, by naming others, by roles for less, by
 * what lists and timelines tell. With each engine.
 *
 *     test_act sqlite|postgres
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "../db/database.h"
#include "office.h"

#define ADAS "assignee_name: Ada Lovelace\nassignee_email: ada@example.org\n"
#define BOBS "assignee_name: Bob\nassignee_email: nobody@example.org\n"
#define METRICS                                                                                    \
	"procedure: port\nname: metrics\nports: 20100\ntransports: tcp\n"                          \
	"description: Metrics of all services\n" ADAS
#define QUICK                                                                                      \
	"procedure: port\nname: quick\nports: 29100\ntransports: tcp\n"                            \
	"description: Quick thing\n" ADAS

static void give_range(struct desk *desk, int64_t number, enum role role, int32_t first,
		       int32_t last)
{
	struct account_role range = {role, first, last};
	struct fault fault = {};

	assert_int_equal(desk_begin(desk, true, &fault), 0);
	assert_int_equal(account_grant(desk_db(desk), number, &range, &fault), 0);
	assert_int_equal(desk_commit(desk, &fault), 0);
}

/* What amending it comes to. */
static int try_amend(struct desk *desk, int64_t who, int64_t number, const char *yaml,
		     struct desk_refusal *refusal)
{
	struct application application = read_application(yaml);
	struct desk_act amending = {.action = ACTION_AMEND, .application = &application};
	int result = try_act_at(desk, who, number, &amending, NOW, refusal);

	application_done(&application);
	preflight_done(&refusal->preflight);
	return result;
}

static int try_act(struct desk *desk, int64_t who, int64_t number, enum action action)
{
	struct desk_act doing = {.action = action, .note = SLICE("because")};
	struct desk_refusal refusal = {};
	int result = try_act_at(desk, who, number, &doing, NOW, &refusal);

	assert_int_equal(result != DESK_DONE, refusal.section[0] != '\0');
	preflight_done(&refusal.preflight);
	return result;
}

/* What was approved is not what is granted, where it was amended in between. */
static void test_amended_after_approval(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_refusal refusal = {};
	int64_t number = file_request(desk, ADA, METRICS);

	(void)state;
	act(desk, REG, number, ACTION_VALIDATE);
	act(desk, REX, number, ACTION_APPROVE);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	act(desk, REG, number, ACTION_RETURN);
	act(desk, ADA, number, ACTION_ANSWER);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	act(desk, REG, number, ACTION_RETURN);
	assert_int_equal(try_amend(desk, ADA, number,
				   "procedure: port\nname: other\nports: 20200\ntransports: tcp\n"
				   "description: Another thing\n" ADAS,
				   &refusal),
			 DESK_DONE);
	act(desk, ADA, number, ACTION_ANSWER);
	assert_int_equal(state_of(desk, number), STATE_NEW);
	act(desk, REG, number, ACTION_VALIDATE);
	assert_int_equal(state_of(desk, number), STATE_REVIEW);
	act(desk, REX, number, ACTION_APPROVE);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	verify(desk);
	desk_close(desk);
}

/* What was refused and is reviewed again begins from the beginning, with the same people. */
static void test_reopened(void **state)
{
	static const char port[] = "procedure: port\nname: coffee\nports: 700\ntransports: tcp\n"
				   "description: Coffee machines\nassignee_name: Ada Lovelace\n"
				   "assignee_email: ada@example.org\ncontact_name: Ada Lovelace\n"
				   "contact_email: ada@example.org\nreference: RFC2324\n"
				   "broadcast: It uses none.\nsecurity: TLS only\n"
				   "why_port: Firewalls of all offices open it for the machines.\n"
				   "why_system: Machines boot from it before they have users.\n";
	struct desk *desk = staffed("rfc6335");
	int64_t number = file_request(desk, ADA, port), appeal;
	struct desk_request request = {};
	struct fault fault = {};

	(void)state;
	act(desk, REG, number, ACTION_VALIDATE);
	act(desk, REX, number, ACTION_APPROVE);
	assert_int_equal(state_of(desk, number), STATE_ESCALATED);
	act(desk, APO, number, ACTION_REFUSE);
	appeal = file_request(desk, ADA,
			      "procedure: appeal\nsubject: 1\n"
			      "reason: Machines are everywhere, and that was not looked at.\n");
	/* It is of those who decide on ports like that one. */
	assert_int_equal(desk_request(desk, NULL, appeal, &request, &fault), DESK_DONE);
	assert_int_equal(request.first_port, 700);
	desk_request_done(&request);
	act(desk, REG, appeal, ACTION_VALIDATE);
	act(desk, REX, appeal, ACTION_APPROVE);
	act(desk, APO, appeal, ACTION_APPROVE);
	act(desk, REG, appeal, ACTION_GRANT);
	assert_int_equal(state_of(desk, number), STATE_REVIEW);
	/* REX is told. */
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM letters WHERE kind = 'reopen' "
					    "AND address = 'rex@example.org'"),
			 1);
	assert_int_equal(desk_request(desk, NULL, number, &request, &fault), DESK_DONE);
	assert_int_equal(request.reviews, 0);
	desk_request_done(&request);
	act(desk, REX, number, ACTION_APPROVE);
	assert_int_equal(state_of(desk, number), STATE_ESCALATED);
	act(desk, APO, number, ACTION_APPROVE);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	verify(desk);
	desk_close(desk);
}

/* Whoever says to be Ada does not have what is hers. */
static void test_names_of_others(void **state)
{
	struct desk *desk = staffed("organisation");
	struct arena arena CLEANUP(arena_done) = {};
	struct desk_refusal refusal = {};
	int64_t number;

	(void)state;
	file_request(desk, ADA, QUICK);
	assert_text(read_account(desk, ADA, &arena).person, "Ada_Lovelace");
	file_request(desk, NOBODY,
		     "procedure: port\nname: slow\nports: 29200\ntransports: tcp\n"
		     "description: Slow thing\n" ADAS);
	assert_null(read_account(desk, NOBODY, &arena).person.p);
	assert_int_equal(try_file(desk, NOBODY,
				  "procedure: de-assignment\nsubject: quick 29100/tcp\n"
				  "reason: It is not used.\n",
				  &refusal),
			 -DESK_FORBIDDEN);
	/* A further transport of hers is not granted without anybody's word, but to her. */
	number = file_request(desk, NOBODY,
			      "procedure: transport\nsubject: quick 29100/tcp\ntransports: udp\n"
			      "reason: I want it.\n" BOBS);
	assert_int_equal(state_of(desk, number), STATE_NEW);
	act(desk, NOBODY, number, ACTION_WITHDRAW);
	/* Nor is another port for her name, in whosever name. */
	number = file_request(desk, NOBODY,
			      "procedure: port\nname: quick\nports: 29300\ntransports: tcp\n"
			      "description: Quick thing\n" ADAS);
	assert_int_equal(state_of(desk, number), STATE_NEW);
	act(desk, NOBODY, number, ACTION_WITHDRAW);
	number = file_request(desk, ADA,
			      "procedure: transport\nsubject: quick 29100/tcp\n"
			      "transports: udp\n");
	assert_int_equal(state_of(desk, number), STATE_GRANTED);
	verify(desk);
	desk_close(desk);
}

/* Of what is somebody else's nothing is changed by what one has beside it. */
static void test_services_of_others(void **state)
{
	static const char mine[] = "procedure: modification\nsubject: 29100/udp\n"
				   "description: Mine\nreason: It is better.\n";
	static const char hers[] = "procedure: modification\nsubject: 29100/tcp\n"
				   "description: Mine\nreason: It is better.\n";
	struct desk *desk = staffed("organisation");
	struct desk_refusal refusal = {};
	int64_t number;

	(void)state;
	file_request(desk, ADA, QUICK);
	file_request(desk, NOBODY,
		     "procedure: port\nname: beside\nports: 29100\ntransports: udp\n"
		     "description: Beside it\n" BOBS);
	assert_int_equal(rows_named(desk, "beside"), 1);
	assert_int_equal(try_file(desk, NOBODY, hers, &refusal), -DESK_FORBIDDEN);
	number = file_request(desk, NOBODY, mine);
	assert_int_equal(try_amend(desk, NOBODY, number, hers, &refusal), DESK_FORBIDDEN);
	assert_int_equal(try_amend(desk, NOBODY, number, mine, &refusal), DESK_DONE);
	verify(desk);
	desk_close(desk);
}

/* Who may decide on some of its ports decides on none of it. */
static void test_ranges(void **state)
{
	struct desk *desk = staffed("organisation");
	int64_t number, within = add_account(desk, "within"), beside = add_account(desk, "beside");
	struct arena arena CLEANUP(arena_done) = {};
	struct desk_request request = {};
	struct account account;
	struct fault fault = {};

	(void)state;
	give_range(desk, beside, ROLE_REGISTRAR, 20000, 20101);
	give_range(desk, within, ROLE_REGISTRAR, 20100, 20101);
	give_range(desk, within, ROLE_REGISTRAR, 20102, 20103);
	number = file_request(desk, ADA,
			      "procedure: port\nname: several\nports: 20100-20103\n"
			      "transports: tcp\ndescription: Several things\n" ADAS);
	assert_int_equal(try_act(desk, beside, number, ACTION_VALIDATE), DESK_FORBIDDEN);
	account = read_account(desk, beside, &arena);
	assert_int_equal(desk_request(desk, &account, number, &request, &fault), DESK_DONE);
	assert_int_equal(request.sight, SIGHT_PUBLIC);
	assert_int_equal(request.applicant, 0);
	desk_request_done(&request);
	assert_int_equal(try_act(desk, within, number, ACTION_VALIDATE), DESK_DONE);
	desk_close(desk);
}

static int count_event(void *context, const struct desk_event *event)
{
	unsigned *seen = context;

	seen[0]++;
	seen[1] += event->note.p != NULL;
	seen[2] += event->body.p != NULL;
	return 0;
}

static void look(struct desk *desk, int64_t who, int64_t number, unsigned ret_seen[static 3])
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = who ? read_account(desk, who, &arena) : (struct account){};
	struct fault fault = {};

	memset(ret_seen, 0, 3 * sizeof(*ret_seen));
	assert_int_equal(
		desk_timeline(desk, who ? &account : NULL, number, count_event, ret_seen, &fault),
		DESK_DONE);
}

/* A note among reviewers is theirs; what they did with it is not hidden. */
static void test_internal_notes(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_act doing = {.action = ACTION_ESCALATE, .note = SLICE("odd"), .internal = true};
	struct desk_refusal refusal = {};
	int64_t number = file_request(desk, ADA, METRICS);
	unsigned seen[3];

	(void)state;
	act(desk, REG, number, ACTION_VALIDATE);
	assert_int_equal(try_act_at(desk, REX, number, &doing, NOW, &refusal), DESK_DONE);
	look(desk, ADA, number, seen);
	assert_int_equal(seen[0], 3);
	assert_int_equal(seen[1], 1); /* of VALIDATE: "because" */
	look(desk, APO, number, seen);
	assert_int_equal(seen[1], 2);
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM letters WHERE account = 1 AND "
					    "kind = 'escalate' AND body LIKE '%odd%'"),
			 0);
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM letters WHERE account = 1 AND "
					    "kind = 'escalate'"),
			 1);
	/* The applicant is to read why. */
	doing.action = ACTION_REFUSE;
	assert_int_equal(try_act_at(desk, APO, number, &doing, NOW, &refusal), DESK_INVALID);
	desk_close(desk);
}

/* What the log says of accounts and leases is for those who run it; the policy is everybody's. */
static void test_bodies(void **state)
{
	struct desk *desk = staffed("organisation");
	struct fault fault = {};
	unsigned seen[3];

	(void)state;
	assert_int_equal(desk_begin(desk, true, &fault), 0);
	assert_int_equal(
		desk_note(desk, ADMIN, SLICE("role"), SLICE("{\"account\": 2}"), NOW, &fault), 0);
	assert_int_equal(desk_commit(desk, &fault), 0);
	look(desk, 0, 0, seen);
	assert_int_equal(seen[2], 1);
	look(desk, ADMIN, 0, seen);
	assert_int_equal(seen[2], 2);
	desk_close(desk);
}

static int count_request(void *context, const struct desk_request *request)
{
	(void)request;
	++*(unsigned *)context;
	return 0;
}

static unsigned list(struct desk *desk, int64_t who, const struct desk_filter *filter)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = who ? read_account(desk, who, &arena) : (struct account){};
	struct fault fault = {};
	unsigned count = 0;

	if (desk_list(desk, who ? &account : NULL, filter, NOW, count_request, &count, &fault) != 0)
		fail_msg("%s", fault.text);
	return count;
}

static void test_lists(void **state)
{
	static const struct {
		struct slice text;
		unsigned count;
	} searches[] = {
		{SLICE("metr"), 1},  {SLICE("ALL SERVICES"), 1},
		{SLICE("thing"), 1}, {SLICE("%"), 0},
		{SLICE("_"), 0},     {SLICE("\\"), 0},
		{SLICE("\xff"), 0},  {SLICE("a\0b"), 0},
		{SLICE("i"), 2},     {SLICE("'; DROP"), 0},
	};
	struct desk *desk = staffed("organisation");
	char much[300];

	(void)state;
	file_request(desk, ADA, METRICS);
	file_request(desk, NOBODY, QUICK);
	for (size_t i = 0; i < ARRAY_SIZE(searches); i++)
		assert_int_equal(list(desk, 0, &(struct desk_filter){.text = searches[i].text}),
				 searches[i].count);
	memset(much, 'i', sizeof(much));
	assert_int_equal(list(desk, 0, &(struct desk_filter){.text = {much, sizeof(much)}}), 0);
	assert_int_equal(list(desk, 0, &(struct desk_filter){.queue = true}), 0);
	assert_int_equal(list(desk, REG, &(struct desk_filter){.queue = true}), 1);
	assert_int_equal(list(desk, ADA, &(struct desk_filter){.queue = true}), 0);
	/* Who filed what is not found out by asking for it. */
	assert_int_equal(list(desk, 0, &(struct desk_filter){.applicant = ADA}), 0);
	assert_int_equal(list(desk, NOBODY, &(struct desk_filter){.applicant = ADA}), 0);
	assert_int_equal(list(desk, ADA, &(struct desk_filter){.applicant = ADA}), 1);
	assert_int_equal(list(desk, REX, &(struct desk_filter){.applicant = ADA}), 1);
	assert_int_equal(list(desk, 0, &(struct desk_filter){.below = 2}), 1);
	assert_int_equal(list(desk, 0, &(struct desk_filter){.most = 1}), 1);
	assert_int_equal(list(desk, 0,
			      &(struct desk_filter){.states = 1u << STATE_GRANTED,
						    .procedures = 1u << PROCEDURE_PORT}),
			 1);
	desk_close(desk);
}

/* Requests for several ports are in the way of each other by one of them. */
static void test_conflicts(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_request request = {};
	struct fault fault = {};
	unsigned count = 0;
	int64_t number = file_request(desk, ADA, METRICS);

	(void)state;
	file_request(desk, NOBODY,
		     "procedure: port\nname: several\nports: 20099-20101\ntransports: tcp\n"
		     "description: Several things\n" BOBS);
	file_request(desk, NOBODY,
		     "procedure: port\nname: whichever\nports: any 20000-20999\ntransports: tcp\n"
		     "description: Anything\n" BOBS);
	file_request(desk, NOBODY,
		     "procedure: port\nname: Metrics\nports: 20300\ntransports: tcp\n"
		     "description: Others\n" BOBS);
	assert_int_equal(desk_request(desk, NULL, number, &request, &fault), DESK_DONE);
	assert_int_equal(desk_conflicts(desk, NULL, &request, count_request, &count, &fault), 0);
	assert_int_equal(count, 2);
	desk_request_done(&request);
	desk_close(desk);
}

static void test_old_keys(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_act doing = {
		.action = ACTION_COMMENT, .note = SLICE("so"), .key = SLICE("first")};
	struct desk_refusal refusal = {};
	int64_t number = file_request(desk, ADA, METRICS);

	(void)state;
	assert_int_equal(try_act_at(desk, ADA, number, &doing, NOW, &refusal), DESK_DONE);
	doing.key = SLICE("second");
	assert_int_equal(
		try_act_at(desk, ADA, number, &doing, SLICE("2026-11-29T07:00:00Z"), &refusal),
		DESK_DONE);
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM desk_keys"), 2);
	doing.key = SLICE("third");
	assert_int_equal(
		try_act_at(desk, ADA, number, &doing, SLICE("2026-11-29T07:00:01Z"), &refusal),
		DESK_DONE);
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM desk_keys"), 2);
	doing.key = SLICE("caf\xe9");
	assert_int_equal(try_act_at(desk, ADA, number, &doing, NOW, &refusal), DESK_INVALID);
	desk_close(desk);
}

static void test_disabled(void **state)
{
	struct desk *desk = staffed("organisation");
	struct desk_refusal refusal = {};
	int64_t number = file_request(desk, ADA, METRICS);
	struct fault fault = {};

	(void)state;
	assert_int_equal(desk_begin(desk, true, &fault), 0);
	assert_int_equal(account_disable(desk_db(desk), ADA, NOW, &fault), 0);
	assert_int_equal(account_disable(desk_db(desk), REG, NOW, &fault), 0);
	assert_int_equal(desk_commit(desk, &fault), 0);
	assert_int_equal(try_act(desk, ADA, number, ACTION_WITHDRAW), DESK_FORBIDDEN);
	assert_int_equal(try_act(desk, REG, number, ACTION_VALIDATE), DESK_FORBIDDEN);
	assert_int_equal(try_file(desk, ADA, QUICK, &refusal), -DESK_FORBIDDEN);
	desk_close(desk);
}

#define EARLY                                                                                      \
	"procedure: early\nname: brewing\nports: 4712\ntransports: tcp\n"                          \
	"description: Brewing\nassignee_name: Ada Lovelace\nassignee_email: ada@example.org\n"     \
	"contact_name: Ada Lovelace\ncontact_email: ada@example.org\n"                             \
	"reference: draft-ietf-brew-protocol-03\nbroadcast: It uses none.\n"                       \
	"why_port: Firewalls of all offices open it for machines.\nsecurity: TLS only\n"
#define RENEWAL                                                                                    \
	"procedure: renewal\nsubject: brewing 4712/tcp\n"                                          \
	"reason: The draft waits for another one of the group.\n"

static void expect_expiry(struct desk *desk, int64_t number, const char *day)
{
	struct desk_request request = {};
	struct fault fault = {};

	assert_int_equal(desk_request(desk, NULL, number, &request, &fault), DESK_DONE);
	assert_true(slice_eq(request.expires, slice_cstr(day)));
	desk_request_done(&request);
}

static unsigned remind(struct desk *desk, struct slice now)
{
	struct fault fault = {};
	unsigned letters = 0;

	assert_int_equal(desk_remind(desk, now, &letters, &fault), 0);
	return letters;
}

/* RFC 7120: for a year; once more by the registrar, then by the approvers; its end is reminded of.
 */
static void test_early(void **state)
{
	struct desk *desk = staffed("rfc6335");
	int64_t number = file_request(desk, ADA, EARLY), beside;

	(void)state;
	act(desk, REG, number, ACTION_VALIDATE);
	act(desk, REX, number, ACTION_APPROVE);
	act(desk, REG, number, ACTION_GRANT);
	expect_expiry(desk, number, "2027-11-22");
	assert_int_equal(remind(desk, SLICE("2027-10-01T00:00:00Z")), 0);
	assert_int_equal(remind(desk, SLICE("2027-10-24T00:00:00Z")), 1);
	assert_int_equal(remind(desk, SLICE("2027-10-25T00:00:00Z")), 0);
	number = file_request(desk, ADA, RENEWAL);
	beside = file_request(desk, ADA, RENEWAL);
	act(desk, REG, number, ACTION_VALIDATE);
	act(desk, REG, beside, ACTION_VALIDATE);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	assert_int_equal(state_of(desk, beside), STATE_ASSIGNABLE);
	act(desk, REG, number, ACTION_GRANT);
	expect_expiry(desk, number, "2028-11-22");
	assert_int_equal(try_act(desk, REG, beside, ACTION_GRANT), DESK_CONFLICT);
	act(desk, ADA, beside, ACTION_WITHDRAW);
	/* Of the first end nobody is reminded any more. */
	assert_int_equal(db_run(desk_db(desk), "DELETE FROM letters", &(struct fault){}), 0);
	assert_int_equal(remind(desk, SLICE("2027-11-25T00:00:00Z")), 0);
	assert_int_equal(remind(desk, SLICE("2028-11-01T00:00:00Z")), 1);
	number = file_request(desk, ADA, RENEWAL);
	act(desk, REG, number, ACTION_VALIDATE);
	assert_int_equal(state_of(desk, number), STATE_ESCALATED);
	assert_int_equal(try_act(desk, REX, number, ACTION_APPROVE), DESK_FORBIDDEN);
	act(desk, APO, number, ACTION_APPROVE);
	act(desk, REG, number, ACTION_GRANT);
	verify(desk);
	desk_close(desk);
}

/* Whose it was when that was filed does not change what is another's by now. */
static void test_subject_changed(void **state)
{
	static const char *const again[] = {
		"procedure: port\nname: quick\nports: 29300\ntransports: tcp\n"
		"description: Another thing\n" BOBS,
		"procedure: port\nname: QUICK\nports: 29100\ntransports: tcp\n"
		"description: Another thing\n" BOBS,
	};
	struct desk *desk = staffed("organisation");
	int64_t changes[2], gone;

	(void)state;
	file_request(desk, ADA, QUICK);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		changes[i] = file_request(desk, ADA,
					  i ? "procedure: de-assignment\nsubject: quick\n"
					      "reason: It is not used.\n"
					    : "procedure: modification\nsubject: quick\n"
					      "description: Mine\nreason: It is better.\n");
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		act(desk, REG, changes[i], ACTION_VALIDATE);
	gone = file_request(desk, ADA,
			    "procedure: de-assignment\nsubject: quick\nreason: It is not used.\n");
	act(desk, REG, gone, ACTION_VALIDATE);
	act(desk, REG, gone, ACTION_GRANT);
	for (size_t i = 0; i < ARRAY_SIZE(again); i++) {
		int64_t other = file_request(desk, NOBODY, again[i]);

		assert_int_equal(state_of(desk, other), STATE_GRANTED);
		for (size_t k = 0; k < ARRAY_SIZE(changes); k++)
			assert_int_equal(try_act(desk, REG, changes[k], ACTION_GRANT),
					 DESK_CONFLICT);
		assert_int_equal(rows_named(desk, "quick"), 1);
		other = file_request(desk, NOBODY,
				     "procedure: de-assignment\nsubject: quick\n"
				     "reason: It is not used.\n");
		act(desk, REG, other, ACTION_VALIDATE);
		act(desk, REG, other, ACTION_GRANT);
	}
	/* There is a way out. */
	act(desk, REG, changes[0], ACTION_RETURN);
	act(desk, REG, changes[0], ACTION_REFUSE);
	verify(desk);
	desk_close(desk);
}

/* Who cannot review it any more, or will not, is not waited for. */
static void test_reviewers_gone(void **state)
{
	struct desk *desk = staffed("organisation");
	int64_t number = file_request(desk, ADA, METRICS), eve = add_account(desk, "eve");
	struct desk_act assigning = {.action = ACTION_ASSIGN, .account = REX};
	struct desk_refusal refusal = {};
	struct fault fault = {};

	(void)state;
	give_role(desk, eve, ROLE_REVIEWER);
	act(desk, REG, number, ACTION_VALIDATE);
	assert_int_equal(try_act_at(desk, REG, number, &assigning, NOW, &refusal), DESK_DONE);
	act(desk, REX, number, ACTION_RECUSE);
	assert_int_equal(try_act_at(desk, REG, number, &assigning, NOW, &refusal), DESK_FORBIDDEN);
	assert_non_null(strstr(refusal.why.text, "stepped back"));
	assigning.account = eve;
	assert_int_equal(try_act_at(desk, REG, number, &assigning, NOW, &refusal), DESK_DONE);
	assert_int_equal(desk_begin(desk, true, &fault), 0);
	assert_int_equal(account_disable(desk_db(desk), eve, NOW, &fault), 0);
	assert_int_equal(desk_commit(desk, &fault), 0);
	/* REX is told of it. */
	assert_int_equal(remind(desk, SLICE("2027-01-01T00:00:00Z")), 1);
	verify(desk);
	desk_close(desk);
}

/* What was said of people went with the applicant: it is not published without. */
static void test_reopened_of_erased(void **state)
{
	struct desk *desk = staffed("organisation");
	struct arena arena CLEANUP(arena_done) = {};
	struct account admin = read_account(desk, ADMIN, &arena);
	int64_t number = file_request(desk, ADA, METRICS), appeal;
	struct desk_refusal refusal = {};
	struct fault fault = {};

	(void)state;
	act(desk, REG, number, ACTION_VALIDATE);
	act(desk, REX, number, ACTION_REFUSE);
	assert_int_equal(desk_erase(desk, &admin, ADA, NOW, &refusal, &fault), DESK_DONE);
	appeal = file_request(desk, NOBODY,
			      "procedure: appeal\nsubject: 1\nreason: It was not fair.\n");
	act(desk, REG, appeal, ACTION_VALIDATE);
	act(desk, REX, appeal, ACTION_APPROVE);
	act(desk, APO, appeal, ACTION_APPROVE);
	act(desk, REG, appeal, ACTION_GRANT);
	act(desk, REX, number, ACTION_APPROVE);
	assert_int_equal(state_of(desk, number), STATE_ASSIGNABLE);
	assert_int_equal(try_act(desk, REG, number, ACTION_GRANT), DESK_CONFLICT);
	act(desk, REG, number, ACTION_RETURN);
	act(desk, REG, number, ACTION_REFUSE);
	verify(desk);
	desk_close(desk);
}

/* What others were told in the words of somebody who was erased. */
static void test_erased_words(void **state)
{
	struct desk *desk = staffed("organisation");
	struct arena arena CLEANUP(arena_done) = {};
	struct account admin = read_account(desk, ADMIN, &arena);
	struct desk_act doing = {
		.action = ACTION_COMMENT, .note = SLICE("my secret"), .key = SLICE("k")};
	struct desk_refusal refusal = {};
	struct fault fault = {};
	int64_t number = file_request(desk, ADA, METRICS);

	(void)state;
	act(desk, REG, number, ACTION_VALIDATE);
	assert_int_equal(try_act_at(desk, REG, number,
				    &(struct desk_act){.action = ACTION_ASSIGN, .account = REX},
				    NOW, &refusal),
			 DESK_DONE);
	assert_int_equal(try_act_at(desk, ADA, number, &doing, NOW, &refusal), DESK_DONE);
	assert_int_equal(
		ask(desk_db(desk), "SELECT COUNT(*) FROM letters WHERE body LIKE '%my secret%'"),
		1);
	act(desk, ADA, number, ACTION_WITHDRAW);
	assert_int_equal(desk_erase(desk, &admin, ADA, NOW, &refusal, &fault), DESK_DONE);
	assert_int_equal(
		ask(desk_db(desk), "SELECT COUNT(*) FROM letters WHERE body LIKE '%my secret%'"),
		0);
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM letters WHERE state = 'queued' "
					    "AND body IS NULL"),
			 0);
	assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM desk_keys"), 0);
	verify(desk);
	desk_close(desk);
}

static int look_at_lease(void *context, const struct desk_lease *lease)
{
	*(uint16_t *)context = lease->port;
	return 0;
}

/* What somebody is told of themselves. */
static void test_export(void **state)
{
	struct desk *desk = staffed("organisation");
	struct arena arena CLEANUP(arena_done) = {};
	struct account ada = read_account(desk, ADA, &arena);
	struct desk_lease_wish wish = {
		.name = SLICE("web"), .host = SLICE("build-7"), .first_port = -1, .last_port = -1};
	struct desk_refusal refusal = {};
	struct fault fault = {};
	struct out out CLEANUP(out_done) = {};
	uint16_t port = 0;

	(void)state;
	assert_int_equal(
		desk_lease_take(desk, &ada, &wish, NOW, look_at_lease, &port, &refusal, &fault),
		DESK_DONE);
	assert_true(port >= 30000);
	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(desk_export(desk, ADA, &out, &fault), 0);
	assert_true(slice_find(out_slice(&out), SLICE("ada@example.org")) != (size_t)-1);
	assert_true(slice_find(out_slice(&out), SLICE("build-7")) != (size_t)-1);
	desk_close(desk);
}

/* A policy that nobody set. */
static void test_policy_changed(void **state)
{
	struct desk *desk = staffed("organisation");
	struct fault fault = {};

	(void)state;
	verify(desk);
	assert_int_equal(
		db_run(desk_db(desk), "UPDATE desk_policies SET policy = policy || ' '", &fault),
		0);
	assert_int_equal(faults_of(desk), 1);
	desk_close(desk);
}

/* A copy is a desk of its own: the same events, requests and accounts. */
static void test_copy(void **state)
{
	struct desk *desk = staffed("organisation"), *copy = NULL;
	int64_t number = file_request(desk, ADA, METRICS);
	struct history *to = NULL;
	struct fault fault = {};

	(void)state;
	assert_int_equal(history_open("copy.db", HISTORY_CREATE, &to, &fault), 0);
	assert_int_equal(desk_begin(desk, false, &fault), 0);
	assert_int_equal(history_begin(to, true, &fault), 0);
	assert_int_equal(history_copy(desk_history(desk), to, &fault), 0);
	assert_int_equal(desk_copy(desk_history(desk), to, &fault), 1);
	assert_int_equal(history_commit(to, &fault), 0);
	desk_rollback(desk);
	history_close(to);
	desk_close(desk);
	assert_int_equal(desk_open("copy.db", &copy, &fault), 0);
	verify(copy);
	assert_int_equal(state_of(copy, number), STATE_NEW);
	desk_close(copy);
	assert_int_equal(unlink("copy.db"), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_amended_after_approval, enter, leave),
		cmocka_unit_test_setup_teardown(test_reopened, enter, leave),
		cmocka_unit_test_setup_teardown(test_names_of_others, enter, leave),
		cmocka_unit_test_setup_teardown(test_services_of_others, enter, leave),
		cmocka_unit_test_setup_teardown(test_ranges, enter, leave),
		cmocka_unit_test_setup_teardown(test_internal_notes, enter, leave),
		cmocka_unit_test_setup_teardown(test_bodies, enter, leave),
		cmocka_unit_test_setup_teardown(test_lists, enter, leave),
		cmocka_unit_test_setup_teardown(test_conflicts, enter, leave),
		cmocka_unit_test_setup_teardown(test_old_keys, enter, leave),
		cmocka_unit_test_setup_teardown(test_disabled, enter, leave),
		cmocka_unit_test_setup_teardown(test_early, enter, leave),
		cmocka_unit_test_setup_teardown(test_subject_changed, enter, leave),
		cmocka_unit_test_setup_teardown(test_reviewers_gone, enter, leave),
		cmocka_unit_test_setup_teardown(test_reopened_of_erased, enter, leave),
		cmocka_unit_test_setup_teardown(test_erased_words, enter, leave),
		cmocka_unit_test_setup_teardown(test_export, enter, leave),
		cmocka_unit_test_setup_teardown(test_policy_changed, enter, leave),
		cmocka_unit_test_setup_teardown(test_copy, enter, leave),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("acting", tests, NULL, NULL) : 2;
}
