#undef NDEBUG
#include "../testing.h"

#include "record/services.h"

enum { PORTS = 40, MANY = 30 };

/* Names of a port, some twice and some aliases of others, of themselves or of nothing. */
static void make_up(struct random *random, uint16_t port, struct service *services, size_t count)
{
	static const struct slice names[] = {
		SLICE("a"), SLICE("b"), SLICE("c"), SLICE("ab"), SLICE("B"), SLICE("d"),
	};

	for (size_t i = 0; i < count; i++)
		services[i] = (struct service){
			.name = names[random_below(random, ARRAY_SIZE(names))],
			.target = random_below(random, 3) == 0
					  ? names[random_below(random, ARRAY_SIZE(names))]
					  : SLICE_NONE,
			.row = (uint32_t)(port * MANY + i),
			.port = port,
			.transport = TRANSPORT_UDP,
		};
}

static void check_same(const struct service *got, const struct service *wanted)
{
	assert_int_equal(got->port, wanted->port);
	assert_int_equal(got->row, wanted->row);
	assert_int_equal(got->line, wanted->line);
	assert_int_equal(got->alias, wanted->alias);
	assert_int_equal(got->later, wanted->later);
}

/* All at once, which are sorted in another way, are what each port is by itself. */
static void test_few_and_many(void **state)
{
	static struct service all[PORTS * MANY], alone[PORTS * MANY];
	struct random random = {7};
	size_t count, at = 0;

	(void)state;
	for (uint16_t port = 0; port < PORTS; port++) {
		struct service *services = &all[port * MANY];
		size_t n;

		make_up(&random, port, services, MANY);
		memcpy(&alone[at], services, MANY * sizeof(*services));
		n = services_order(&alone[at], MANY);
		assert_true(n > 0 && n <= 6);
		assert_false(alone[at].alias);
		at += n;
	}
	count = services_order(all, PORTS * MANY);
	assert_int_equal(count, at);
	for (size_t i = 0; i < count; i++)
		check_same(&all[i], &alone[i]);
}

static void test_any_order(void **state)
{
	struct service services[] = {
		{.name = SLICE("z"), .row = 5, .port = 2},
		{.name = SLICE("y"), .target = SLICE("z"), .row = 1, .port = 2},
		{.name = SLICE("z"), .row = 9, .port = 2},
		{.name = SLICE("x"), .target = SLICE("nobody"), .row = 0, .port = 2},
		{.name = SLICE("w"), .row = 7, .port = 2, .transport = TRANSPORT_UDP},
		{.name = SLICE("v"), .row = 8, .port = 1, .transport = TRANSPORT_DCCP},
		{.name = SLICE("u"), .row = 6, .port = 2},
	};
	static const char expected[] = "vzyuxw";

	(void)state;
	assert_int_equal(services_order(services, ARRAY_SIZE(services)), 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(services[i].name.p[0], expected[i]);
	assert_int_equal(services[1].row, 5);
	assert_true(services[2].alias && services[2].line == 5);
	assert_true(services[4].later && !services[4].alias);
	assert_int_equal(services_order(services, 0), 0);
}

static void test_names(void **state)
{
	(void)state;
	assert_true(services_can_write(SLICE("a+b/c")));
	assert_true(services_can_write(SLICE("caf\xc3\xa9")));
	assert_false(services_can_write(SLICE("a b")));
	assert_false(services_can_write(SLICE("a#")));
	assert_false(services_can_write(SLICE("a\x7f")));
	assert_false(services_can_write(SLICE("a\0b")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_and_many),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
