#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "query/query.h"

static struct registry *registry_of(const struct slice *ids, size_t count)
{
	struct registry *registry = registry_new();
	struct fault fault = {};

	assert_non_null(registry);
	for (size_t i = 0; i < count; i++) {
		struct person person = {.id = ids[i]};

		assert_int_equal(registry_add_person(registry, &person, &fault), 0);
	}
	return registry;
}

static void assert_person(const struct image *image, struct slice id, uint32_t wanted)
{
	uint32_t number = 99;

	assert_true(query_person(image, id, &number));
	assert_int_equal(number, wanted);
}

static void assert_nobody(const struct image *image, struct slice id)
{
	uint32_t number = 99;

	assert_false(query_person(image, id, &number));
	assert_int_equal(number, 99);
}

static void test_ids(void **state)
{
	static const struct slice ids[] = {SLICE("Zoe"), SLICE("jon"), SLICE("\xc3\x89va"),
					   SLICE("Jon"), SLICE("JON"), SLICE("Jon_Doe"),
					   SLICE("a")};
	struct edition edition = edition_of(registry_of(ids, ARRAY_SIZE(ids)));

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		assert_person(&edition.image, ids[i], (uint32_t)i);
	assert_person(&edition.image, SLICE("zOE"), 0);
	assert_person(&edition.image, SLICE("\xc3\xa9VA"), 2);
	/* Where no exact one is there, one of them. */
	assert_person(&edition.image, SLICE("jOn"), 1);
	assert_nobody(&edition.image, SLICE("jo"));
	assert_nobody(&edition.image, SLICE("jon_"));
	assert_nobody(&edition.image, SLICE("zzz"));
	assert_nobody(&edition.image, SLICE(""));
	assert_nobody(&edition.image, SLICE_NONE);
	edition_done(&edition);
}

static void test_nobody_at_all(void **state)
{
	struct edition edition = edition_of(registry_of(NULL, 0));

	(void)state;
	assert_nobody(&edition.image, SLICE("a"));
	assert_nobody(&edition.image, SLICE(""));
	edition_done(&edition);
}

/* Ids that are the same as far as they are compared at first. */
static void test_long_ids(void **state)
{
	char text[400];
	struct slice ids[] = {{text, 256}, {text, 300}};
	struct edition edition;

	(void)state;
	memset(text, 'a', sizeof(text));
	edition = edition_of(registry_of(ids + 1, 1));
	assert_nobody(&edition.image, ids[0]);
	assert_nobody(&edition.image, (struct slice){text, 400});
	edition_done(&edition);
	edition = edition_of(registry_of(ids, 2));
	assert_person(&edition.image, ids[0], 0);
	edition_done(&edition);
}

static void test_rows(void **state)
{
	static const struct slice ids[] = {SLICE("Jon_Doe"), SLICE("X"), SLICE("jon_doe"),
					   SLICE("Nobody"), SLICE("Jon")};

	(void)state;
	for (uint64_t seed = 0; seed < 10; seed++) {
		struct edition edition = edition_of(made_up_registry(700 + seed, 100));

		for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
			struct strbuf label = {};
			struct rowset set;

			strbuf_printf(&label, "[%.*s]", (int)ids[i].n, ids[i].p);
			assert_true(rowset_init(&set, image_row_count(&edition.image)));
			query_person_rows(&edition.image, ids[i], &set);
			for (uint32_t row = 0; row < set.rows; row++) {
				bool wanted = false;

				for (unsigned k = 0; k < COLUMN_COUNT; k++)
					wanted |= slice_find(registry_row(edition.registry, row)
								     .shown[k],
							     strbuf_slice(&label)) != (size_t)-1;
				assert_int_equal(rowset_has(&set, row), wanted);
			}
			rowset_clear(&set);
			query_person_rows(&edition.image, SLICE_NONE, &set);
			assert_int_equal(rowset_count(&set), 0);
			rowset_done(&set);
			strbuf_done(&label);
		}
		edition_done(&edition);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_nobody_at_all),
		cmocka_unit_test(test_long_ids),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
