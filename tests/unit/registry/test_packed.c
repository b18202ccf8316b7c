/* Rows packed and opened again: everything that a row can be comes back as it was. */
#undef NDEBUG
#include "../testing.h"

#include "registry/packed.h"

/* Every way in which a column may be there. */
static const struct {
	struct slice shown, rich;
} ways[] = {
	{SLICE_NONE, SLICE_NONE},
	{{"", 0}, SLICE_NONE},
	{{"", 0}, {"", 0}},
	{{"", 0}, {"\5\6", 2}},
	{{"plain", 5}, SLICE_NONE},
	{{"plain", 5}, {"plain", 5}},
	{{"[A]", 3}, {"\2person\3A\3\3\4", 12}},
	{{"same length", 11}, {"same\1length", 11}},
	{SLICE_NONE, {"", 0}},
	{SLICE_NONE, {"rich alone", 10}},
};

static void set_way(struct row *row, unsigned column, unsigned way)
{
	row->shown[column] = ways[way].shown;
	row->rich[column] = ways[way].rich;
}

static void give_contacts(struct row *row)
{
	if (row->assignee_given)
		return;
	row->shown[COLUMN_ASSIGNEE] = row->shown[COLUMN_CONTACT];
	row->rich[COLUMN_ASSIGNEE] = row->rich[COLUMN_CONTACT];
}

static void expect_same(const struct packed_row *packed, const struct row *wanted)
{
	struct row row = packed_row_open(packed);

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		assert_slice(row.shown[i], wanted->shown[i]);
		assert_slice(row.rich[i], wanted->rich[i]);
	}
	assert_slice(row.order, wanted->order);
	assert_slice(row.verbatim, wanted->verbatim);
	assert_int_equal(row.first_port, wanted->first_port);
	assert_int_equal(row.last_port, wanted->last_port);
	assert_int_equal(row.transport, wanted->transport);
	assert_int_equal(row.state, wanted->state);
	assert_int_equal(row.at, wanted->at);
	assert_int_equal(row.assignee_given, wanted->assignee_given);
}

static void expect_back(struct arena *arena, const struct row *row)
{
	const struct packed_row *packed = packed_row_make(arena, row);

	assert_non_null(packed);
	expect_same(packed, row);
}

/* One column in each way among columns that are all in another. */
static void test_every_way(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};

	(void)state;
	for (unsigned column = 0; column < COLUMN_COUNT; column++) {
		for (unsigned i = 0; i < ARRAY_SIZE(ways) * ARRAY_SIZE(ways); i++) {
			struct row row = {.first_port = -1, .last_port = -1};

			for (unsigned other = 0; other < COLUMN_COUNT; other++)
				set_way(&row, other, i / ARRAY_SIZE(ways));
			set_way(&row, column, i % ARRAY_SIZE(ways));
			row.assignee_given = true;
			expect_back(&arena, &row);
			row.assignee_given = false;
			give_contacts(&row);
			expect_back(&arena, &row);
		}
	}
}

static struct row random_row(struct random *random)
{
	static const struct slice orders[] = {SLICE_NONE, {"", 0}, {"n", 1}, {"npidacrsut", 10}};
	static const struct slice verbatims[] = {SLICE_NONE, {"", 0}, {"<record/>", 9}};
	struct row row = {
		.order = orders[random_below(random, ARRAY_SIZE(orders))],
		.verbatim = verbatims[random_below(random, ARRAY_SIZE(verbatims))],
		.first_port = (int32_t)random_below(random, 65537) - 1,
		.transport = (enum transport)random_below(random, TRANSPORT_NONE + 1),
		.state = (enum row_state)random_below(random, ROW_STATE_COUNT),
		.at = random_next(random),
		.assignee_given = random_below(random, 2),
	};

	row.last_port = row.first_port < 0 ? -1 : 65535;
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		set_way(&row, i, random_below(random, ARRAY_SIZE(ways)));
	give_contacts(&row);
	return row;
}

/* Rows lie one behind the other, and none is touched by the next. */
static void test_many(void **state)
{
	enum { MANY = 5000 };
	static const struct packed_row *packed[MANY];
	static struct row rows[MANY];
	struct arena arena CLEANUP(arena_done) = {};
	struct random random = {6335};

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		rows[i] = random_row(&random);
		packed[i] = packed_row_make(&arena, &rows[i]);
		assert_non_null(packed[i]);
	}
	for (unsigned i = 0; i < MANY; i++)
		expect_same(packed[i], &rows[i]);
}

static void test_edges(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	static const int32_t ports[][2] = {{-1, -1}, {0, 0}, {0, 65535}, {65535, 65535}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		struct row row = {.first_port = ports[i][0],
				  .last_port = ports[i][1],
				  .at = UINT32_MAX,
				  .transport = TRANSPORT_NONE};

		expect_back(&arena, &row);
	}
}

/* Texts that are as long as they may be, in every column and both ways. */
static void test_long_texts(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	char *texts = malloc(2 * COLUMN_COUNT * ROW_TEXT_MAX + 200000);
	struct row row = {.assignee_given = true};

	(void)state;
	assert_non_null(texts);
	for (unsigned i = 0; i < 2 * COLUMN_COUNT; i++) {
		struct slice *text = i % 2 ? &row.rich[i / 2] : &row.shown[i / 2];

		*text = (struct slice){texts + i * ROW_TEXT_MAX, ROW_TEXT_MAX};
		memset(texts + i * ROW_TEXT_MAX, 'a' + (int)i, ROW_TEXT_MAX);
	}
	row.order = (struct slice){texts + 2 * COLUMN_COUNT * ROW_TEXT_MAX, 200000};
	memset(texts + 2 * COLUMN_COUNT * ROW_TEXT_MAX, 'n', 200000);
	row.verbatim = (struct slice){texts, 2 * COLUMN_COUNT * ROW_TEXT_MAX};
	expect_back(&arena, &row);
	free(texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_way),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_long_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
