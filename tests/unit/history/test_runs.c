/*
 * Runs against the editions themselves: made-up editions of a few entries, which come, go, return,
 * move and are doubled, added in random orders.
 */
#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "history/runs.h"

enum { EDITIONS = 12, ENTRIES_MAX = 16, CONTENTS = 9, ROUNDS = 400 };

struct edition {
	int64_t number;
	unsigned contents[ENTRIES_MAX];
	size_t count;
};

static uint32_t state;

static unsigned below(unsigned bound)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % bound;
}

/* An edition like the one before it, but for a few changes. */
static void vary(const struct edition *before, struct edition *edition)
{
	*edition = *before;
	edition->number++;
	for (unsigned changes = below(4); changes > 0; changes--) {
		size_t at = edition->count > 0 ? below((unsigned)edition->count) : 0;

		switch (below(4)) {
		case 0:
		case 1:
			if (edition->count == ENTRIES_MAX)
				break;
			memmove(&edition->contents[at + 1], &edition->contents[at],
				(edition->count - at) * sizeof(edition->contents[0]));
			edition->contents[at] = below(CONTENTS);
			edition->count++;
			break;
		case 2:
			if (edition->count == 0)
				break;
			edition->count--;
			memmove(&edition->contents[at], &edition->contents[at + 1],
				(edition->count - at) * sizeof(edition->contents[0]));
			break;
		default:
			if (edition->count > 0) {
				size_t with = below((unsigned)edition->count);
				unsigned content = edition->contents[at];

				edition->contents[at] = edition->contents[with];
				edition->contents[with] = content;
			}
			break;
		}
	}
}

/* Where an edition has a run, if elsewhere than at its position. */
struct place {
	int64_t edition, run, position;
};

struct world {
	struct runs runs;
	struct edition editions[EDITIONS];
	bool added[EDITIONS];
	struct place places[EDITIONS * ENTRIES_MAX * 4];
	size_t place_count;
};

static void add(struct world *world, size_t index)
{
	const struct edition *edition = &world->editions[index];
	struct run_entry entries[ENTRIES_MAX] = {};
	int64_t before = RUN_NEVER, after = RUN_FOREVER;

	for (size_t i = 0; i < EDITIONS; i++) {
		if (world->added[i] && i < index)
			before = world->editions[i].number;
		if (world->added[i] && i > index && after == RUN_FOREVER)
			after = world->editions[i].number;
	}
	for (size_t i = 0; i < edition->count; i++)
		entries[i].content[0] = edition->contents[i];
	assert_true(
		runs_add(&world->runs, edition->number, before, after, entries, edition->count));
	world->added[index] = true;
	for (size_t i = 0; i < world->runs.count; i++) {
		const struct run *run = &world->runs.p[i];

		for (size_t k = 0; run->split_from && k < world->place_count; k++) {
			struct place *place = &world->places[k];

			if (place->run == run->split_from && place->edition >= run->since)
				place->run = run->number;
		}
	}
	for (size_t i = 0; i < edition->count; i++) {
		if (entries[i].place)
			world->places[world->place_count++] = (struct place){
				edition->number, world->runs.p[entries[i].run].number,
				entries[i].place};
	}
}

struct placed {
	int64_t position;
	unsigned content;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed *one = a, *other = b;

	return one->position < other->position ? -1 : one->position > other->position;
}

/* What the runs say of an edition is the edition. */
static void expect_edition(const struct world *world, const struct edition *edition)
{
	struct placed placed[ENTRIES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < world->runs.count; i++) {
		const struct run *run = &world->runs.p[i];

		if (run->since > edition->number || run->until <= edition->number)
			continue;
		assert_in_range(count, 0, ENTRIES_MAX - 1);
		placed[count] = (struct placed){run->position, (unsigned)run->content[0]};
		for (size_t k = 0; k < world->place_count; k++) {
			if (world->places[k].run == run->number &&
			    world->places[k].edition == edition->number)
				placed[count].position = world->places[k].position;
		}
		count++;
	}
	assert_int_equal(count, edition->count);
	qsort(placed, count, sizeof(placed[0]), compare_placed);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(placed[i].content, edition->contents[i]);
		assert_true(i == 0 || placed[i].position > placed[i - 1].position);
	}
}

static int compare_runs(const void *a, const void *b)
{
	const struct run *one = a, *other = b;
	const int64_t keys[][2] = {{(int64_t)one->content[0], (int64_t)other->content[0]},
				   {one->copy, other->copy},
				   {one->since, other->since},
				   {one->until, other->until}};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	}
	return 0;
}

static void expect_same_runs(struct world *a, struct world *b)
{
	assert_int_equal(a->runs.count, b->runs.count);
	qsort(a->runs.p, a->runs.count, sizeof(*a->runs.p), compare_runs);
	qsort(b->runs.p, b->runs.count, sizeof(*b->runs.p), compare_runs);
	for (size_t i = 0; i < a->runs.count; i++)
		assert_int_equal(compare_runs(&a->runs.p[i], &b->runs.p[i]), 0);
}

/* Added in the order of time, and in another: each edition is as it was, and the runs are alike. */
static void test_any_order(void **unused)
{
	static struct world worlds[2];

	(void)unused;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		unsigned order[EDITIONS];

		state = round;
		memset(worlds, 0, sizeof(worlds));
		worlds[0].editions[0].number = 202001010001;
		for (size_t i = 0; i < EDITIONS; i++) {
			vary(&worlds[0].editions[i > 0 ? i - 1 : 0], &worlds[0].editions[i]);
			order[i] = (unsigned)i;
		}
		memcpy(worlds[1].editions, worlds[0].editions, sizeof(worlds[0].editions));
		for (unsigned i = EDITIONS - 1; i > 0; i--) {
			unsigned with = below(i + 1), index = order[i];

			order[i] = order[with];
			order[with] = index;
		}
		for (size_t i = 0; i < EDITIONS; i++) {
			add(&worlds[0], i);
			add(&worlds[1], order[i]);
			for (size_t k = 0; k <= i; k++) {
				expect_edition(&worlds[0], &worlds[0].editions[k]);
				expect_edition(&worlds[1], &worlds[1].editions[order[k]]);
			}
		}
		expect_same_runs(&worlds[0], &worlds[1]);
		runs_done(&worlds[0].runs);
		runs_done(&worlds[1].runs);
	}
}

/* Between two neighbours, until there is no room left: a few around them get a place then. */
static void test_no_room(void **unused)
{
	struct runs runs = {};
	struct run_entry entries[200] = {};
	size_t count = 2;
	size_t places = 0;

	(void)unused;
	entries[1].content[0] = 1;
	for (int64_t edition = 1; edition < 100; edition++) {
		assert_true(runs_add(&runs, edition, edition - 1, RUN_FOREVER, entries, count));
		for (size_t i = 1; i < count; i++) {
			const struct run *run = &runs.p[entries[i].run];
			const struct run *before = &runs.p[entries[i - 1].run];
			int64_t at = entries[i].place ? entries[i].place : run->position;
			int64_t at_before =
				entries[i - 1].place ? entries[i - 1].place : before->position;

			assert_true(at > at_before);
			places += entries[i].place != 0;
		}
		memmove(&entries[2], &entries[1], (count - 1) * sizeof(entries[0]));
		entries[1].content[0] = ++count;
	}
	assert_in_range(places, 1, 500);
	assert_int_equal(runs.count, 100);
	runs_done(&runs);
}

/* A form that is not known goes with any, and is known from then on. */
static void test_forms(void **unused)
{
	struct runs runs = {};
	struct run_entry plain = {.content = {7}}, one = plain, other = plain;

	(void)unused;
	one.form_known = other.form_known = true;
	one.form = 1;
	other.form = 2;
	assert_true(runs_add(&runs, 10, RUN_NEVER, RUN_FOREVER, &plain, 1));
	assert_int_equal(runs.count, 1);
	assert_false(runs.p[0].form_known);
	assert_true(runs_add(&runs, 20, 10, RUN_FOREVER, &one, 1));
	assert_int_equal(runs.count, 1);
	assert_true(runs.p[0].form_known && runs.p[0].form_is_new && runs.p[0].is_changed);
	assert_true(runs_add(&runs, 30, 20, RUN_FOREVER, &other, 1));
	assert_int_equal(runs.count, 2);
	assert_int_equal(runs.p[0].until, 30);
	assert_int_equal(runs.p[1].since, 30);
	assert_true(runs_add(&runs, 40, 30, RUN_FOREVER, &plain, 1));
	assert_int_equal(runs.count, 2);
	assert_int_equal(runs.p[1].until, RUN_FOREVER);
	assert_int_equal(runs_count(&runs, 25), 1);
	assert_int_equal(runs_count(&runs, 9), 0);
	assert_true(runs_have(&runs, &plain, 10));
	assert_false(runs_have(&runs, &plain, 9));
	runs_done(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
