#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "query/query.h"

enum { MANY = 2000 };

/* The rows that cover a port, found by looking at all of them. */
static size_t cover(const struct row *all, size_t row_count, unsigned transport, uint16_t port,
		    uint32_t *ret_rows)
{
	size_t count = 0;

	for (size_t i = 0; i < row_count; i++) {
		if (row_has_port(&all[i], port) &&
		    (all[i].transport == TRANSPORT_NONE || all[i].transport == transport))
			ret_rows[count++] = (uint32_t)i;
	}
	return count;
}

static enum row_state state_of(const struct registry *registry, uint16_t port, const uint32_t *rows,
			       size_t count)
{
	enum row_state state = ROW_UNASSIGNED;

	if (count == 0)
		return port_is_edge(port) ? ROW_RESERVED : ROW_UNASSIGNED;
	for (size_t i = 0; i < count; i++) {
		struct row row = registry_row(registry, rows[i]);

		if (row.state < state)
			state = row.state;
	}
	return state;
}

static void check_every_port(const struct edition *edition)
{
	uint32_t rows[MANY], wanted[MANY];
	size_t row_count = edition->registry->row_count;
	struct row *all = calloc(row_count + 1, sizeof(*all));

	assert_non_null(all);
	for (size_t i = 0; i < row_count; i++)
		all[i] = registry_row(edition->registry, i);
	for (unsigned transport = 0; transport < TRANSPORT_COUNT; transport++) {
		for (uint32_t port = 0; port < PORT_COUNT; port++) {
			size_t count = cover(all, row_count, transport, (uint16_t)port, wanted);
			size_t found = query_port(&edition->image, (enum transport)transport,
						  (uint16_t)port, rows, MANY);

			assert_true(found == count);
			assert_true(memcmp(rows, wanted, count * sizeof(*rows)) == 0);
			if (count < 64)
				assert_true(
					query_port_state(&edition->image, (enum transport)transport,
							 (uint16_t)port) ==
					state_of(edition->registry, (uint16_t)port, wanted, count));
		}
	}
	free(all);
}

static void test_every_port(void **state)
{
	static const unsigned sizes[] = {0, 1, 2, 20, 120, 250};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct edition edition = edition_of(made_up_registry(100 + i, sizes[i]));

		check_every_port(&edition);
		edition_done(&edition);
	}
}

static void test_room_for_fewer(void **state)
{
	struct registry *registry = registry_new();
	struct row row = {.shown = {[COLUMN_PORT] = SLICE("7-9")}};
	struct fault fault = {};
	struct edition edition;
	uint32_t rows[5] = {99, 99, 99, 99, 99};

	(void)state;
	assert_non_null(registry);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	edition = edition_of(registry);
	assert_int_equal(query_port(&edition.image, TRANSPORT_DCCP, 8, NULL, 0), 4);
	assert_int_equal(query_port(&edition.image, TRANSPORT_DCCP, 8, rows, 2), 4);
	assert_int_equal(rows[1], 1);
	assert_int_equal(rows[2], 99);
	assert_int_equal(query_port(&edition.image, TRANSPORT_DCCP, 8, rows, 5), 4);
	assert_int_equal(rows[3], 3);
	assert_int_equal(rows[4], 99);
	assert_int_equal(query_port(&edition.image, TRANSPORT_TCP, 10, rows, 5), 0);
	assert_int_equal(query_port(&edition.image, TRANSPORT_NONE, 8, rows, 5), 0);
	edition_done(&edition);
}

static void test_uncovered(void **state)
{
	struct row row;

	(void)state;
	query_uncovered(TRANSPORT_SCTP, 5, 7, &row);
	assert_int_equal(row.first_port, 5);
	assert_int_equal(row.last_port, 7);
	assert_int_equal(row.state, ROW_UNASSIGNED);
	assert_text(row.shown[COLUMN_TRANSPORT], "sctp");
	assert_absent(row.shown[COLUMN_NAME]);
	assert_absent(row.shown[COLUMN_DESCRIPTION]);
	query_uncovered(TRANSPORT_NONE, 1023, 1023, &row);
	assert_int_equal(row.state, ROW_RESERVED);
	assert_absent(row.shown[COLUMN_TRANSPORT]);
}

static void add_named(struct registry *registry, struct slice name, struct slice port,
		      struct slice description, struct slice notes)
{
	struct row row = {};
	struct fault fault = {};

	row.shown[COLUMN_NAME] = name;
	row.shown[COLUMN_PORT] = port;
	row.shown[COLUMN_TRANSPORT] = SLICE("tcp");
	row.shown[COLUMN_DESCRIPTION] = description;
	row.shown[COLUMN_NOTES] = notes;
	assert_int_equal(registry_add_row(registry, &row, &fault), 0);
}

/* The row that names a port of TCP; -1: none. */
static int named(const struct edition *edition, uint16_t port)
{
	uint32_t row;

	return query_port_named(&edition->image, TRANSPORT_TCP, port, &row) ? (int)row : -1;
}

/* Of those that assign the port the first that is no alias, else the first. */
static void test_named(void **state)
{
	struct registry *registry = made_up_registry(1, 0);
	struct slice alias = SLICE("This entry is an alias to \"b\".");
	struct edition edition;
	uint32_t row;

	(void)state;
	add_named(registry, SLICE_NONE, SLICE("7"), SLICE("Reserved"), SLICE_NONE);
	add_named(registry, SLICE("a"), SLICE("7"), SLICE("An alias"), alias);
	add_named(registry, SLICE("b"), SLICE("7"), SLICE("The name"), SLICE_NONE);
	add_named(registry, SLICE("c"), SLICE("7"), SLICE("Another"), SLICE_NONE);
	add_named(registry, SLICE("d"), SLICE("8-10"), SLICE("An alias"), alias);
	add_named(registry, SLICE("e"), SLICE("9"), SLICE("Another"), alias);
	add_named(registry, SLICE_NONE, SLICE("11"), SLICE("Unassigned"), SLICE_NONE);
	edition = edition_of(registry);
	assert_int_equal(named(&edition, 7), 2);
	assert_int_equal(named(&edition, 8), 4);
	assert_int_equal(named(&edition, 9), 4);
	assert_int_equal(named(&edition, 10), 4);
	assert_int_equal(named(&edition, 11), -1);
	assert_int_equal(named(&edition, 12), -1);
	assert_false(query_port_named(&edition.image, TRANSPORT_UDP, 7, &row));
	assert_false(query_port_named(&edition.image, TRANSPORT_NONE, 7, &row));
	edition_done(&edition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_port),
		cmocka_unit_test(test_room_for_fewer),
		cmocka_unit_test(test_uncovered),
		cmocka_unit_test(test_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
