#undef NDEBUG
#include "../testing.h"

#include <stdlib.h>

#include "advice/advice.h"
#include "builtin/builtin.h"

/* A made-up machine. */
struct machine {
	struct image image;
	struct host_sysctl sysctl;
	struct advice_facts facts;
};

static const struct advice_use uses[] = {
	{TRANSPORT_TCP, 7699, false, {"one (1)", 7}},
	{TRANSPORT_TCP, 7699, false, {"two (2)", 7}},
	{TRANSPORT_TCP, 7702, true, {"web in /a", 9}},
	{TRANSPORT_UDP, 7699, true, {"dns in /b", 9}},
	{TRANSPORT_UDP, 7699, false, {"three (3)", 9}},
};

static void set_aside(struct machine *machine, uint16_t port)
{
	machine->sysctl.reserved[port / 64] |= UINT64_C(1) << port % 64;
}

static void open_machine(struct machine *machine)
{
	struct fault fault;

	*machine = (struct machine){};
	assert_int_equal(image_open(&machine->image, builtin_image(), &fault), 0);
	machine->sysctl.has_ephemeral = true;
	machine->sysctl.ephemeral_first = 7000;
	machine->sysctl.ephemeral_last = 9000;
	machine->sysctl.has_reserved = true;
	set_aside(machine, 8000);
	set_aside(machine, 6999);
	machine->sysctl.has_unprivileged = true;
	machine->sysctl.unprivileged_first = 81;
	machine->facts = (struct advice_facts){
		.image = &machine->image,
		.origin = SLICE("a test"),
		.date = SLICE("2026-01-01"),
		.sysctl = &machine->sysctl,
		.uses = uses,
		.use_count = ARRAY_SIZE(uses),
		.now = SLICE("2026-02-02"),
	};
}

static const struct advice_finding *find(const struct advice *advice, unsigned number)
{
	for (size_t i = 0; i < advice->count; i++) {
		if (advice->findings[i].rule->number == number)
			return &advice->findings[i];
	}
	return NULL;
}

static void ask(const struct machine *machine, enum transport transport, uint16_t port,
		enum advice_purpose purpose, struct advice *advice)
{
	struct fault fault;

	assert_int_equal(advice_check(&machine->facts, transport, port, purpose, advice, &fault),
			 0);
}

/* All ports, against the plain meaning of the settings. */
static void test_settings(void **state)
{
	struct machine machine;
	struct advice advice = {};

	(void)state;
	open_machine(&machine);
	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		bool aside = port == 8000 || port == 6999;
		enum advice_verdict worst = ADVICE_GOOD;

		ask(&machine, TRANSPORT_UDP, (uint16_t)port, ADVICE_P2P, &advice);
		assert_int_equal(find(&advice, 202) != NULL, aside);
		assert_int_equal(find(&advice, 201) != NULL,
				 port >= 7000 && port <= 9000 && !aside);
		assert_int_equal(find(&advice, 203) != NULL, port < 81);
		assert_null(find(&advice, 306));
		for (size_t i = 0; i < advice.count; i++) {
			const struct advice_finding *finding = &advice.findings[i];

			assert_int_equal(finding->weight, finding->rule->weight[ADVICE_P2P]);
			assert_true(finding->text.n > 0 && finding->source.n > 0 &&
				    finding->date.n > 0);
			assert_true(i == 0 || finding[-1].rule->number <= finding->rule->number);
			worst = finding->weight > worst ? finding->weight : worst;
		}
		assert_int_equal(advice.verdict, worst);
	}
	advice_done(&advice);
}

static void test_uses(void **state)
{
	struct machine machine;
	struct advice advice = {};

	(void)state;
	open_machine(&machine);
	ask(&machine, TRANSPORT_TCP, 7699, ADVICE_SERVICE, &advice);
	assert_text(find(&advice, 204)->text, "in use here: one (1), two (2)");
	assert_null(find(&advice, 205));
	assert_true(slice_eq(find(&advice, 204)->date, SLICE("2026-02-02")));
	ask(&machine, TRANSPORT_UDP, 7699, ADVICE_SERVICE, &advice);
	assert_text(find(&advice, 204)->text, "in use here: three (3)");
	assert_text(find(&advice, 205)->text, "reserved here for dns in /b");
	ask(&machine, TRANSPORT_TCP, 7702, ADVICE_SERVICE, &advice);
	assert_text(find(&advice, 205)->text, "reserved here for web in /a");
	assert_int_equal(advice.verdict, ADVICE_BAD);
	ask(&machine, TRANSPORT_SCTP, 7702, ADVICE_SERVICE, &advice);
	assert_null(find(&advice, 205));
	advice_done(&advice);
}

/* What the machine does not say is not made up, but for privileges in general. */
static void test_silence(void **state)
{
	struct machine machine;
	struct advice advice = {};

	(void)state;
	open_machine(&machine);
	machine.sysctl = (struct host_sysctl){};
	for (uint32_t port = 0; port < PORT_COUNT; port += 80) {
		ask(&machine, TRANSPORT_DCCP, (uint16_t)port, ADVICE_WEB, &advice);
		assert_null(find(&advice, 201));
		assert_null(find(&advice, 202));
		assert_null(find(&advice, 203));
		assert_int_equal(find(&advice, 306) != NULL, port < 1024);
	}
	advice_done(&advice);
}

/* Names draw among the best, few of which are alike: not among all, of which half lead to one. */
static void test_seeds(void **state)
{
	static const char names[] = "abcdefghijklmnopqrstuvwx";
	struct advice_wish wish = {
		.transports = 1, .first = ADVICE_FIRST, .last = ADVICE_LAST, .count = 3};
	struct machine machine;
	struct fault fault;
	bool drawn[PORT_MAX + 1] = {};
	size_t count, others = 0;
	uint16_t *ports;

	(void)state;
	open_machine(&machine);
	for (size_t i = 0; names[i]; i++) {
		wish.seed = (struct slice){names + i, 1};
		assert_int_equal(advice_choose(&machine.facts, &wish, &ports, &count, &fault), 0);
		assert_int_equal(count, 3);
		others += !drawn[ports[0]];
		drawn[ports[0]] = true;
		free(ports);
	}
	assert_true(others >= sizeof(names) - 3);
}

static void test_choice(void **state)
{
	struct advice_wish wish = {.transports = 1u << TRANSPORT_TCP,
				   .first = ADVICE_FIRST,
				   .last = ADVICE_LAST,
				   .has_near = true,
				   .near = 7700,
				   .count = 20};
	struct advice advice = {};
	struct machine machine;
	struct fault fault;
	uint16_t *ports;
	size_t count;
	int last = 0;

	(void)state;
	open_machine(&machine);
	assert_int_equal(advice_choose(&machine.facts, &wish, &ports, &count, &fault), 0);
	assert_int_equal(count, 20);
	for (size_t i = 0; i < count; i++) {
		int distance = abs((int)ports[i] - 7700);

		assert_true(ports[i] < 7000 || ports[i] > 9000);
		assert_true(distance >= last);
		last = distance;
		ask(&machine, TRANSPORT_TCP, ports[i], ADVICE_SERVICE, &advice);
		assert_int_equal(advice.verdict, ADVICE_GOOD);
	}
	free(ports);
	advice_done(&advice);
}

static void test_rules(void **state)
{
	const struct advice_rule *rule;
	unsigned last = 0;
	uint16_t port = 0;

	(void)state;
	for (size_t i = 0; i < ADVICE_RULE_COUNT; i++) {
		rule = advice_rule_at(i);
		assert_non_null(rule);
		assert_true(rule->number > last);
		assert_true(rule->name.n > 0 && rule->when.n > 0);
		assert_int_equal(rule->source.p != NULL, rule->date.p != NULL);
		last = rule->number;
	}
	assert_null(advice_rule_at(ADVICE_RULE_COUNT));
	assert_true(advice_browsers_refuse(0) && advice_browsers_refuse(10080));
	assert_false(advice_browsers_refuse(80) || advice_browsers_refuse(65535));
	assert_true(advice_browsers_refuse_in(80, 100, &port) && port == 87);
	assert_true(advice_browsers_refuse_in(6670, 6679, &port) && port == 6679);
	assert_false(advice_browsers_refuse_in(6670, 6678, &port));
	assert_false(advice_browsers_refuse_in(10081, 65535, &port));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings), cmocka_unit_test(test_uses),
		cmocka_unit_test(test_silence),	 cmocka_unit_test(test_choice),
		cmocka_unit_test(test_seeds),	 cmocka_unit_test(test_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
