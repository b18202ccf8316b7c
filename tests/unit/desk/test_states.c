/*
 * States and actions as docs/DESK.md has them in its table: for every state, action, procedure and
 * role the desk lets and refuses what the document says, whoever reads either.
 *
 *     test_states DESK.md
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "../db/database.h"
#include "base/file.h"
#include "desk/states.h"
#include "office.h"

enum { RULES_MAX = 100, RANGE_FIRST = 20000, RANGE_LAST = 20999, PORT = 20100 };

/* A line of the table. */
struct rule {
	enum desk_state state;
	enum action action;
	unsigned procedures, roles; /* masks */
	struct slice next;	    /* a state's name, or how it is found */
};

static struct rule rules[RULES_MAX];
static size_t rule_count;
static const char *document;

static struct slice cell(struct slice *line)
{
	return slice_trim(slice_cut(line, '|'));
}

static unsigned read_roles(struct slice text)
{
	unsigned roles = 0;

	while (text.n > 0) {
		struct slice name = slice_trim(slice_cut(&text, ','));
		enum role role;

		if (!role_find(name, &role))
			fail_msg("no role: %.*s", (int)name.n, name.p);
		roles |= 1u << role;
	}
	return roles;
}

/* "approve", "approve (no revocation)", "escalate (appeal)". */
static void read_action(struct slice text, struct rule *rule)
{
	struct slice name = slice_trim(slice_cut(&text, '('));
	struct slice only = text.p ? slice_cut(&text, ')') : SLICE_NONE;
	bool but = slice_starts(only, SLICE("no "));
	enum procedure procedure;

	if (!action_find(name, &rule->action))
		fail_msg("no action: %.*s", (int)name.n, name.p);
	rule->procedures = (1u << PROCEDURE_COUNT) - 1;
	if (!only.p)
		return;
	assert_true(procedure_find(slice_skip(only, but ? 3 : 0), &procedure));
	rule->procedures = but ? rule->procedures & ~(1u << procedure) : 1u << procedure;
}

static int enter_table(void **state)
{
	static struct file_content text;
	struct fault fault = {};
	struct slice rest;
	bool within = false;

	if (rule_count == 0) {
		if (file_read(document, 1 << 20, &text, &fault) != 0)
			fail_msg("%s", fault.text);
		rest = text.text;
		while (rest.n > 0) {
			struct slice line = slice_cut(&rest, '\n');
			struct rule *rule = &rules[rule_count];

			if (slice_eq(line, SLICE("| state | action | by | next |"))) {
				within = true;
				continue;
			}
			within = within && slice_starts(line, SLICE("|"));
			if (!within || slice_starts(line, SLICE("|--")))
				continue;
			assert_true(rule_count < RULES_MAX);
			(void)cell(&line);
			assert_true(desk_state_find(cell(&line), &rule->state));
			read_action(cell(&line), rule);
			rule->roles = read_roles(cell(&line));
			rule->next = cell(&line);
			rule_count++;
		}
		assert_true(rule_count > 30);
	}
	return enter(state);
}

static const struct rule *find_rule(enum desk_state state, enum action action,
				    enum procedure procedure)
{
	for (size_t i = 0; i < rule_count; i++) {
		if (rules[i].state == state && rules[i].action == action &&
		    rules[i].procedures >> procedure & 1)
			return &rules[i];
	}
	return NULL;
}

/* Each line of one table is a line of the other. */
static void test_tables(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct transition *i; (i = transition_at(count)); count++) {
		const struct rule *rule = NULL;

		for (size_t k = 0; k < rule_count && !rule; k++) {
			if (rules[k].state == i->state && rules[k].action == i->action &&
			    rules[k].procedures == i->procedures)
				rule = &rules[k];
		}
		if (!rule || rule->roles != i->roles)
			fail_msg("not in the document: %s %s", desk_state_name(i->state).p,
				 action_name(i->action).p);
	}
	assert_int_equal(count, rule_count);
}

/* The states that the document's word for what is next stands for. */
static void expect_next(const struct rule *rule, enum desk_state before, enum desk_state came_from,
			enum desk_state after)
{
	struct slice name = desk_state_name(after);
	bool good;

	if (slice_starts(rule->next, SLICE("where it came from")))
		good = after == came_from || after == STATE_NEW;
	else if (slice_starts(rule->next, SLICE("when there are enough")))
		good = after == before || slice_find(rule->next, name) != (size_t)-1;
	else if (slice_starts(rule->next, SLICE("as the method decides")))
		good = slice_find(rule->next, name) != (size_t)-1;
	else
		good = slice_eq(rule->next, name);
	if (!good)
		fail_msg("%s %s: %s and not %.*s", desk_state_name(before).p,
			 action_name(rule->action).p, name.p, (int)rule->next.n, rule->next.p);
}

/* Who tries: in each role for the port, for others, and for nothing. */
enum { TRIES = 2 * ROLE_COUNT + 1, WHO_APPLICANT = 10, WHO_OTHER = 11 };

static struct account account_of(unsigned try, struct account_role *role)
{
	enum role as = (enum role)(try % ROLE_COUNT);
	bool within = try < ROLE_COUNT;

	*role = (struct account_role){as, within ? RANGE_FIRST : PORT + 1,
				      within ? RANGE_LAST : RANGE_LAST};
	return (struct account){.number = try == ROLE_APPLICANT ? WHO_APPLICANT : WHO_OTHER,
				.roles = role,
				.role_count = try < 2 * ROLE_COUNT && as > ROLE_ASSIGNEE};
}

/* What desk_may() says of all of them, by the document and the policy. */
static void test_all(void **state)
{
	static const char *const policies[] = {"organisation", "rfc6335"};
	unsigned may = 0, tried = 0;

	(void)state;
	for (size_t p = 0; p < ARRAY_SIZE(policies); p++) {
		struct desk *desk = new_desk(policies[p]);

		for (unsigned i = 0; i < STATE_COUNT * ACTION_COUNT * PROCEDURE_COUNT * TRIES;
		     i++) {
			unsigned try = i % TRIES;
			enum procedure procedure = (enum procedure)(i / TRIES % PROCEDURE_COUNT);
			enum action action =
				(enum action)(i / TRIES / PROCEDURE_COUNT % ACTION_COUNT);
			struct desk_request request = {
				.state = (enum desk_state)(i / TRIES / PROCEDURE_COUNT /
							   ACTION_COUNT),
				.procedure = procedure,
				.number = 1,
				.applicant = WHO_APPLICANT,
				.first_port = PORT,
				.last_port = PORT};
			const struct rule *rule = find_rule(request.state, action, procedure);
			struct account_role role;
			struct account account = account_of(try, &role);
			struct desk_refusal refusal = {};
			unsigned roles = rule ? rule->roles & desk_policy(desk)->roles[action] : 0;
			bool good = try < ROLE_COUNT && roles >> try & 1;
			int result = desk_may(desk, &account, &request, action, NOW, &refusal);

			tried++;
			may += good;
			if (result != (good ? DESK_DONE : rule ? DESK_FORBIDDEN : DESK_NOT_NOW))
				fail_msg("%s: %s %s of %s by %u: %d (%s)", policies[p],
					 desk_state_name(request.state).p, action_name(action).p,
					 procedure_name(procedure).p, try, result,
					 refusal.why.text);
			if (!good && (refusal.section[0] == '\0' || refusal.why.text[0] == '\0'))
				fail_msg("refused without a rule");
			if ((desk_actions(desk, &account, &request, NOW) >> action & 1) != good)
				fail_msg("not the same in desk_actions()");
		}
		desk_close(desk);
		(void)unlink("test.db");
	}
	assert_true(may > 500 && tried > 40000);
}

/* -- Requests that are really in each state -- */

#define PORT_APPLICATION                                                                           \
	"procedure: port\nname: metrics\nports: 20100\ntransports: tcp\n"                          \
	"description: Metrics of all services\nassignee_name: Ada Lovelace\n"                      \
	"assignee_email: ada@example.org\n"
#define REVOCATION                                                                                 \
	"procedure: revocation\nsubject: quick 29100/tcp\nreason: Nobody uses it any more.\n"

/* A store with a request of a procedure in a state; where there is none, false. */
static bool bring(struct desk *desk, enum procedure procedure, enum desk_state wanted)
{
	bool revocation = procedure == PROCEDURE_REVOCATION;
	int64_t first = file_request(desk, ADA,
				     "procedure: port\nname: quick\nports: 29100\n"
				     "transports: tcp\ndescription: Quick thing\n"
				     "assignee_name: Ada Lovelace\n"
				     "assignee_email: ada@example.org\n");
	int64_t number = file_request(desk, revocation ? REG : ADA,
				      revocation ? REVOCATION : PORT_APPLICATION);
	struct desk_act deciding = {.action = ACTION_DECIDE};
	struct desk_refusal refusal = {};

	assert_int_equal(first, 1);
	if (wanted == STATE_NEW)
		return true;
	if (wanted == STATE_WITHDRAWN || wanted == STATE_REFUSED || wanted == STATE_REQUESTER) {
		act(desk,
		    wanted != STATE_WITHDRAWN ? REX
		    : revocation	      ? REG
					      : ADA,
		    number,
		    wanted == STATE_WITHDRAWN ? ACTION_WITHDRAW
		    : wanted == STATE_REFUSED ? ACTION_REFUSE
					      : ACTION_RETURN);
		return true;
	}
	act(desk, REX, number, ACTION_VALIDATE);
	if (wanted == STATE_REVIEW)
		return true;
	if (revocation)
		act(desk, APO, number, ACTION_CALL);
	if (wanted == STATE_CALL)
		return revocation;
	if (revocation)
		assert_int_equal(try_act_at(desk, REG, number, &deciding,
					    SLICE("2026-11-30T07:00:00Z"), &refusal),
				 DESK_DONE);
	else if (wanted == STATE_ESCALATED)
		act(desk, REX, number, ACTION_ESCALATE);
	if (wanted == STATE_ESCALATED)
		return true;
	act(desk, revocation ? APO : REX, number, ACTION_APPROVE);
	if (wanted == STATE_GRANTED)
		act(desk, REX, number, ACTION_GRANT);
	return true;
}

/* A desk with all people, of a store that was made once. */
static struct desk *fresh(void)
{
	struct file_content content = {};
	struct fault fault = {};
	FILE *file;

	if (access("staffed.db", F_OK) < 0) {
		desk_close(staffed("organisation"));
		assert_int_equal(rename(where, "staffed.db"), 0);
	}
	assert_int_equal(file_read("staffed.db", 1 << 24, &content, &fault), 0);
	file = fopen(where, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(content.text.p, 1, content.text.n, file), content.text.n);
	assert_int_equal(fclose(file), 0);
	file_content_done(&content);
	return open_desk();
}

static int leave_stores(void **state)
{
	(void)unlink("staffed.db");
	return leave(state);
}

/* The role that the people of the office have, but for the applicant's. */
static unsigned role_of(int64_t who)
{
	switch (who) {
	case REX:
		return 1u << ROLE_REVIEWER;
	case REG:
		return 1u << ROLE_REGISTRAR;
	case APO:
		return 1u << ROLE_APPROVER;
	default:
		return 0;
	}
}

static struct desk_request request_now(struct desk *desk, int64_t number)
{
	struct desk_request request = {};
	struct fault fault = {};

	assert_int_equal(desk_request(desk, NULL, number, &request, &fault), DESK_DONE);
	return request;
}

/* Everybody tries everything with a request that is in a state: what is refused changes nothing. */
static void try_everything(struct desk *desk, enum procedure procedure, enum desk_state from,
			   unsigned *done, unsigned *refused)
{
	const struct slice later = SLICE("2026-12-24T07:00:00Z");
	int64_t events = 0, applicant = procedure == PROCEDURE_REVOCATION ? REG : ADA;
	struct application application =
		read_application(procedure == PROCEDURE_REVOCATION ? REVOCATION : PORT_APPLICATION);

	for (unsigned i = 0; i < ACTION_COUNT * NOBODY; i++) {
		enum action action = (enum action)(i / NOBODY);
		int64_t who = i % NOBODY + 1;
		const struct rule *rule = find_rule(from, action, procedure);
		unsigned roles = role_of(who) | (who == applicant ? 1u << ROLE_APPLICANT : 0);
		struct desk_act doing = {.action = action,
					 .note = SLICE("because"),
					 .account = REX,
					 .application = &application};
		struct desk_refusal refusal = {};
		struct desk_request before = request_now(desk, 2), after;
		bool own =
			who == applicant && (action == ACTION_APPROVE || action == ACTION_REFUSE);
		int result;

		assert_int_equal(before.state, from);
		assert_int_equal(desk_begin(desk, false, &(struct fault){}), 0);
		events = ask(desk_db(desk), "SELECT COUNT(*) FROM desk_events");
		desk_rollback(desk);
		/* What is to be done is tried in vain, by a version that is none. */
		doing.version = 99;
		result = try_act_at(desk, who, 2, &doing, later, &refusal);
		preflight_done(&refusal.preflight);
		if (!rule)
			assert_int_equal(result, DESK_NOT_NOW);
		else if (own || !(roles & rule->roles & desk_policy(desk)->roles[action]))
			assert_int_equal(result, DESK_FORBIDDEN);
		else
			assert_int_equal(result, DESK_CONFLICT);
		*(result == DESK_CONFLICT ? done : refused) += 1;
		assert_true(refusal.section[0] != '\0');
		after = request_now(desk, 2);
		assert_int_equal(after.version, before.version);
		assert_int_equal(after.state, from);
		assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM desk_events"), events);
		desk_request_done(&before);
		desk_request_done(&after);
	}
	application_done(&application);
}

/* What may be done leads where the document says; with each who may, on a store of its own. */
static void test_refused(void **state)
{
	static const enum procedure procedures[] = {PROCEDURE_PORT, PROCEDURE_REVOCATION};
	unsigned done = 0, refused = 0;

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(procedures) * STATE_COUNT; i++) {
		enum procedure procedure = procedures[i / STATE_COUNT];
		struct desk *desk = fresh();

		if (bring(desk, procedure, (enum desk_state)(i % STATE_COUNT)))
			try_everything(desk, procedure, (enum desk_state)(i % STATE_COUNT), &done,
				       &refused);
		verify(desk);
		desk_close(desk);
		(void)unlink("test.db");
	}
	assert_true(done > 60 && refused > 500);
}

static void test_done(void **state)
{
	unsigned done = 0;

	(void)state;
	for (size_t i = 0; i < rule_count; i++) {
		enum procedure procedure = rules[i].procedures == 1u << PROCEDURE_REVOCATION
						   ? PROCEDURE_REVOCATION
						   : PROCEDURE_PORT;
		struct application application = read_application(
			procedure == PROCEDURE_REVOCATION ? REVOCATION : PORT_APPLICATION);
		struct desk_act doing = {.action = rules[i].action,
					 .note = SLICE("because"),
					 .account = REX,
					 .application = &application};
		struct desk_refusal refusal = {};
		struct desk_request before;
		struct desk *desk;
		int64_t who = REX;

		if (!(rules[i].procedures >> procedure & 1)) {
			application_done(&application);
			continue; /* an appeal's */
		}
		desk = fresh();
		assert_true(bring(desk, procedure, rules[i].state));
		before = request_now(desk, 2);
		if (rules[i].roles >> ROLE_APPLICANT & 1)
			who = procedure == PROCEDURE_REVOCATION ? REG : ADA;
		else if (!(rules[i].roles >> ROLE_REVIEWER & 1))
			who = rules[i].roles >> ROLE_APPROVER & 1 ? APO : REG;
		if (try_act_at(desk, who, 2, &doing, SLICE("2026-12-24T07:00:00Z"), &refusal) !=
		    DESK_DONE)
			fail_msg("%s %s: %s", desk_state_name(rules[i].state).p,
				 action_name(rules[i].action).p, refusal.why.text);
		expect_next(&rules[i], before.state, before.came_from, state_of(desk, 2));
		done++;
		preflight_done(&refusal.preflight);
		desk_request_done(&before);
		application_done(&application);
		verify(desk);
		desk_close(desk);
		(void)unlink("test.db");
	}
	assert_true(done + 1 >= rule_count);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tables, enter_table, leave),
		cmocka_unit_test_setup_teardown(test_all, enter_table, leave),
		cmocka_unit_test_setup_teardown(test_refused, enter_table, leave_stores),
		cmocka_unit_test_setup_teardown(test_done, enter_table, leave_stores),
	};

	if (argc != 2)
		return 2;
	document = argv[1];
	return cmocka_run_group_tests_name("states", tests, NULL, NULL);
}
