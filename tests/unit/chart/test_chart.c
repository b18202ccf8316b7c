/* The curve, and that what is counted and coloured is what questions answer. */
#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "chart/chart.h"
#include "query/query.h"

static void test_curve_has_every_cell_once(void **state)
{
	static bool seen[CHART_SIDE][CHART_SIDE];

	(void)state;
	for (unsigned port = 0; port < PORT_COUNT; port++) {
		struct chart_place place = chart_place((uint16_t)port);

		assert_true(place.x < CHART_SIDE && place.y < CHART_SIDE);
		assert_false(seen[place.y][place.x]);
		seen[place.y][place.x] = true;
		assert_int_equal(chart_port(place), port);
	}
}

static void test_curve_keeps_neighbours(void **state)
{
	(void)state;
	for (unsigned port = 1; port < PORT_COUNT; port++) {
		struct chart_place a = chart_place((uint16_t)(port - 1));
		struct chart_place b = chart_place((uint16_t)port);

		assert_int_equal(abs((int)a.x - (int)b.x) + abs((int)a.y - (int)b.y), 1);
	}
}

static void test_ranges_are_areas(void **state)
{
	(void)state;
	for (unsigned port = 0; port < PORT_COUNT; port++) {
		struct chart_place place = chart_place((uint16_t)port);
		enum port_range range = PORT_RANGE_USER;

		if (place.x < 32 && place.y < 32)
			range = PORT_RANGE_SYSTEM;
		else if (place.x >= 128 && place.y < 128)
			range = PORT_RANGE_DYNAMIC;
		assert_int_equal(port_range_of((uint16_t)port), range);
	}
	assert_int_equal(chart_place(0).x + chart_place(0).y, 0);
	assert_int_equal(chart_place(PORT_MAX).x, CHART_SIDE - 1);
	assert_int_equal(chart_place(PORT_MAX).y, 0);
}

/* The mark that the rows of the port ask for. */
static enum chart_mark mark_of(const struct edition *edition, enum transport transport,
			       uint16_t port)
{
	enum row_state state = query_port_state(&edition->image, transport, port);
	bool unauthorized = false;

	for (size_t i = 0; i < edition->registry->row_count; i++) {
		struct row row = registry_row(edition->registry, i);

		if (row_has_port(&row, port) &&
		    (row.transport == transport || row.transport == TRANSPORT_NONE) &&
		    row.shown[COLUMN_UNAUTHORIZED].n > 0)
			unauthorized = true;
	}
	if (state == ROW_ASSIGNED)
		return unauthorized ? CHART_UNAUTHORIZED : CHART_ASSIGNED;
	return state == ROW_RESERVED ? CHART_RESERVED : CHART_UNASSIGNED;
}

static void test_cells_are_what_questions_answer(void **state)
{
	static struct chart_map map;

	(void)state;
	for (uint64_t seed = 0; seed < 2; seed++) {
		struct edition edition = edition_of(made_up_registry(seed, 40));

		for (unsigned transport = 0; transport < TRANSPORT_COUNT; transport++) {
			uint32_t counts[CHART_KIND_COUNT] = {};

			chart_read(&edition.image, (enum transport)transport, &map);
			for (unsigned port = 0; port < PORT_COUNT; port++) {
				unsigned kind =
					chart_kind(port_range_of((uint16_t)port),
						   mark_of(&edition, transport, (uint16_t)port));

				assert_int_equal(chart_kind_of(&map, (uint16_t)port), kind);
				counts[kind]++;
			}
			assert_memory_equal(counts, map.counts, sizeof(counts));
		}
		edition_done(&edition);
	}
}

/* Bytes that are no image, or changed ones, make some picture and no fault of memory. */
static void test_empty_image(void **state)
{
	static struct chart_map map;
	struct image nothing = {};
	uint32_t sum = 0;

	(void)state;
	chart_read(&nothing, TRANSPORT_TCP, &map);
	for (unsigned kind = 0; kind < CHART_KIND_COUNT; kind++)
		sum += map.counts[kind];
	assert_int_equal(sum, PORT_COUNT);
	assert_int_equal(map.counts[chart_kind(PORT_RANGE_SYSTEM, CHART_RESERVED)], 2);
	assert_int_equal(map.counts[chart_kind(PORT_RANGE_USER, CHART_RESERVED)], 2);
}

static void test_names(void **state)
{
	(void)state;
	for (unsigned mark = 0; mark < CHART_MARK_COUNT; mark++)
		assert_true(chart_mark_name((enum chart_mark)mark).n > 0 &&
			    chart_mark_name((enum chart_mark)mark).n ==
				    strlen(chart_mark_name((enum chart_mark)mark).p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_curve_has_every_cell_once),
		cmocka_unit_test(test_curve_keeps_neighbours),
		cmocka_unit_test(test_ranges_are_areas),
		cmocka_unit_test(test_cells_are_what_questions_answer),
		cmocka_unit_test(test_empty_image),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
