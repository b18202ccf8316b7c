#undef NDEBUG
#include "../testing.h"

#include "registry/registry.h"

static struct registry *make(void)
{
	struct registry *registry = registry_new();

	assert_non_null(registry);
	return registry;
}

static void add(struct registry *registry, const struct row *row)
{
	struct fault fault = {};

	assert_int_equal(registry_add_row(registry, row, &fault), 0);
}

static void test_nothing(void **state)
{
	struct registry *registry = NULL;

	(void)state;
	assert_null(registry_free(NULL));
	registry_freep(&registry);
	registry = make();
	registry_freep(&registry);
	assert_null(registry);
}

static void test_plain_rows(void **state)
{
	struct registry *registry = make();
	char name[] = "http";
	struct row row = {.shown = {[COLUMN_NAME] = {name, 4},
				    [COLUMN_PORT] = SLICE("80"),
				    [COLUMN_TRANSPORT] = SLICE("tcp"),
				    [COLUMN_CONTACT] = SLICE("[A]"),
				    [COLUMN_NOTES] = SLICE("")}};
	struct row kept;

	(void)state;
	add(registry, &row);
	name[0] = 'x';
	kept = registry_row(registry, 0);
	assert_text(kept.shown[COLUMN_NAME], "http");
	assert_int_equal(kept.first_port, 80);
	assert_int_equal(kept.transport, TRANSPORT_TCP);
	assert_absent(kept.rich[COLUMN_NAME]);
	assert_absent(kept.shown[COLUMN_DESCRIPTION]);
	assert_text(kept.shown[COLUMN_NOTES], "");
	assert_absent(kept.order);
	/* The contacts stand for an assignee that is not given. */
	assert_text(kept.shown[COLUMN_ASSIGNEE], "[A]");
	row.assignee_given = true;
	row.shown[COLUMN_ASSIGNEE] = SLICE("[B]");
	add(registry, &row);
	assert_text(registry_row(registry, 1).shown[COLUMN_ASSIGNEE], "[B]");
	registry_free(registry);
}

static void test_rich_rows(void **state)
{
	struct registry *registry = make();
	struct row row = {.rich = {[COLUMN_NAME] = SLICE("a"),
				   [COLUMN_NOTES] = SLICE(" x\1y "),
				   [COLUMN_CONTACT] = SLICE("\2person\3"
							    "A\3\3\4")},
			  .order = SLICE("nc")};
	struct row kept;

	(void)state;
	add(registry, &row);
	kept = registry_row(registry, 0);
	assert_text(kept.rich[COLUMN_NOTES], " x\1y ");
	assert_text(kept.shown[COLUMN_NOTES], "x\ny");
	assert_text(kept.shown[COLUMN_NAME], "a");
	assert_text(kept.shown[COLUMN_ASSIGNEE], "[A]");
	assert_text(kept.order, "nc");
	registry_free(registry);
}

/* What a row has is its own, whatever the row before had. */
static void test_alike(void **state)
{
	struct registry *registry = make();
	const struct row rows[] = {
		{.rich = {[COLUMN_NOTES] = SLICE("a\1b")}, .order = SLICE("t")},
		{.rich = {[COLUMN_NOTES] = SLICE("a\1b")}, .order = SLICE("t")},
		{.rich = {[COLUMN_NOTES] = SLICE("a\nb")}, .order = SLICE("tt")},
		{.shown = {[COLUMN_NOTES] = SLICE("a\nb")}},
		{.shown = {[COLUMN_NOTES] = SLICE("a\nb")}},
		{.shown = {[COLUMN_NOTES] = SLICE("")}},
		{.shown = {[COLUMN_NOTES] = SLICE_NONE}},
		{.shown = {[COLUMN_NOTES] = SLICE("")}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		add(registry, &rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_slice(registry_row(registry, i).rich[COLUMN_NOTES],
			     rows[i].rich[COLUMN_NOTES]);
		assert_slice(registry_row(registry, i).order, rows[i].order);
	}
	for (size_t i = 0; i < 5; i++)
		assert_text(registry_row(registry, i).shown[COLUMN_NOTES], "a\nb");
	assert_text(registry_row(registry, 5).shown[COLUMN_NOTES], "");
	assert_absent(registry_row(registry, 6).shown[COLUMN_NOTES]);
	assert_text(registry_row(registry, 7).shown[COLUMN_NOTES], "");
	registry_free(registry);
}

/* A row that is given its bytes, and all places moved: nothing else of the rows changes. */
static void test_verbatim_and_places(void **state)
{
	struct registry *registry = make();
	struct fault fault = {};

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		struct row row = {.shown = {[COLUMN_NAME] = SLICE("a"), [COLUMN_NOTES] = SLICE("")},
				  .rich = {[COLUMN_CONTACT] = SLICE("x\1y")},
				  .order = SLICE("nct"),
				  .verbatim = SLICE("not taken"),
				  .at = 10 + i};

		add(registry, &row);
	}
	assert_int_equal(
		registry_add_person(registry, &(struct person){.id = SLICE("A"), .at = 90}, &fault),
		0);
	assert_int_equal(registry_keep_verbatim(registry, 1, SLICE("<record/>")), 0);
	for (uint32_t i = 0; i < 3; i++) {
		struct row row = registry_row(registry, i);

		assert_slice(row.verbatim, i == 1 ? SLICE("<record/>") : SLICE_NONE);
		assert_text(row.shown[COLUMN_NAME], "a");
		assert_text(row.shown[COLUMN_CONTACT], "x\ny");
		assert_text(row.rich[COLUMN_ASSIGNEE], "x\1y");
		assert_text(row.shown[COLUMN_NOTES], "");
		assert_text(row.order, "nct");
		assert_int_equal(row.at, 10 + i);
	}
	assert_int_equal(registry->people[0].at, 90);
	registry_free(registry);
}

static void test_malformed_rows(void **state)
{
	struct registry *registry = make();
	struct fault fault = {};
	struct row row = {.shown = {[COLUMN_PORT] = SLICE("65536")}};

	(void)state;
	assert_int_equal(registry_add_row(registry, &row, &fault), COLUMN_PORT);
	row.shown[COLUMN_PORT] = SLICE("1");
	row.shown[COLUMN_TRANSPORT] = SLICE("ip");
	assert_int_equal(registry_add_row(registry, &row, &fault), COLUMN_TRANSPORT);
	assert_int_equal(registry->row_count, 0);
	registry_free(registry);
}

static struct slice long_text(size_t n, char c)
{
	static char space[REGISTRY_CELL_MAX + 1];

	memset(space, c, n);
	return (struct slice){space, n};
}

static void test_limits_of_cells(void **state)
{
	struct registry *registry = make();
	struct fault fault = {};
	struct row row = {.shown = {[COLUMN_NOTES] = long_text(REGISTRY_CELL_MAX, 'a')}};

	(void)state;
	add(registry, &row);
	row.shown[COLUMN_NOTES] = long_text(REGISTRY_CELL_MAX + 1, 'a');
	assert_int_equal(registry_add_row(registry, &row, &fault), FAULT_LIMIT);
	assert_string_equal(fault.text, "a Assignment Notes of more than the limit of 65535 bytes");
	row = (struct row){.rich = {[COLUMN_NOTES] = long_text(REGISTRY_CELL_MAX + 1, 'a')}};
	assert_int_equal(registry_add_row(registry, &row, &fault), FAULT_LIMIT);
	/* Paragraphs take more room when shown. */
	row.rich[COLUMN_NOTES] = long_text(REGISTRY_CELL_MAX, '\5');
	memcpy((char *)row.rich[COLUMN_NOTES].p, "x", 1);
	memcpy((char *)row.rich[COLUMN_NOTES].p + REGISTRY_CELL_MAX - 1, "x", 1);
	assert_int_equal(registry_add_row(registry, &row, &fault), FAULT_LIMIT);
	assert_int_equal(registry->row_count, 1);
	row.rich[COLUMN_NOTES].n = 100;
	add(registry, &row);
	registry_free(registry);
}

static void test_limit_of_rows(void **state)
{
	struct registry *registry = make();
	struct fault fault = {};
	struct row row = {.shown = {[COLUMN_NAME] = SLICE("a")}};

	(void)state;
	for (unsigned i = 0; i < REGISTRY_ROWS_MAX; i++)
		add(registry, &row);
	assert_int_equal(registry_add_row(registry, &row, &fault), FAULT_LIMIT);
	assert_non_null(strstr(fault.text, "1000000 rows"));
	assert_int_equal(registry->row_count, REGISTRY_ROWS_MAX);
	registry_free(registry);
}

static void test_people(void **state)
{
	struct registry *registry = make();
	struct fault fault = {};
	struct person person = {.id = SLICE("A"), .name = SLICE(""), .uri = SLICE("mailto:a")};

	(void)state;
	assert_int_equal(registry_add_person(registry, &person, &fault), 0);
	assert_text(registry->people[0].id, "A");
	assert_text(registry->people[0].name, "");
	assert_absent(registry->people[0].organization);
	assert_text(registry->people[0].uri, "mailto:a");
	assert_absent(registry->people[0].updated);
	person.uri = long_text(REGISTRY_CELL_MAX + 1, 'a');
	assert_int_equal(registry_add_person(registry, &person, &fault), FAULT_LIMIT);
	assert_told(fault);
	assert_int_equal(registry->person_count, 1);
	registry_free(registry);
}

static void test_notes(void **state)
{
	struct registry *registry = make();
	struct fault fault = {};

	(void)state;
	for (unsigned i = 0; i < REGISTRY_NOTES_MAX; i++) {
		assert_int_equal(registry_add_note(registry, SLICE_NONE, SLICE("n"), &fault), 0);
		assert_int_equal(registry_add_footnote(registry, SLICE("1"), SLICE("f"), &fault),
				 0);
	}
	assert_int_equal(registry_add_note(registry, SLICE_NONE, SLICE("n"), &fault), FAULT_LIMIT);
	assert_told(fault);
	assert_int_equal(registry_add_footnote(registry, SLICE("1"), SLICE("f"), &fault),
			 FAULT_LIMIT);
	assert_absent(registry->notes[0].title);
	assert_text(registry->notes[999].text, "n");
	assert_text(registry->footnotes[999].title, "1");
	assert_text(registry->footnotes[999].text, "f");
	registry_free(registry);
}

static void test_appending(void **state)
{
	struct registry *registry = make(), *other = make();
	struct fault fault = {};
	struct row row = {.shown = {[COLUMN_NAME] = SLICE("a")}};
	struct person person = {.id = SLICE("A")};

	(void)state;
	add(registry, &row);
	row.shown[COLUMN_NAME] = SLICE("b");
	add(other, &row);
	assert_int_equal(registry_add_person(other, &person, &fault), 0);
	assert_int_equal(registry_add_note(other, SLICE("t"), SLICE("n"), &fault), 0);
	assert_int_equal(registry_keep(registry, SLICE("ours"), &registry->header.title), 0);
	assert_int_equal(registry_keep(other, SLICE("theirs"), &other->header.title), 0);
	assert_int_equal(registry_keep(other, SLICE("today"), &other->header.updated), 0);
	assert_int_equal(registry_append(registry, other), 0);
	assert_int_equal(other->row_count, 0);
	assert_absent(other->header.title);
	registry_free(other);
	assert_int_equal(registry->row_count, 2);
	assert_text(registry_row(registry, 1).shown[COLUMN_NAME], "b");
	assert_text(registry->people[0].id, "A");
	assert_text(registry->notes[0].text, "n");
	assert_text(registry->header.title, "ours");
	assert_text(registry->header.updated, "today");
	registry_free(registry);
}

static void test_appending_too_much(void **state)
{
	struct registry *registry = make(), *other = make();
	struct fault fault = {};

	(void)state;
	for (unsigned i = 0; i <= REGISTRY_NOTES_MAX; i++)
		assert_int_equal(
			registry_add_note(i % 2 ? registry : other, SLICE_NONE, SLICE("n"), &fault),
			0);
	assert_int_equal(registry_append(registry, other), FAULT_LIMIT);
	assert_int_equal(registry->note_count, REGISTRY_NOTES_MAX / 2);
	assert_int_equal(other->note_count, REGISTRY_NOTES_MAX / 2 + 1);
	registry_free(registry);
	registry_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_plain_rows),
		cmocka_unit_test(test_rich_rows),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_verbatim_and_places),
		cmocka_unit_test(test_malformed_rows),
		cmocka_unit_test(test_limits_of_cells),
		cmocka_unit_test(test_limit_of_rows),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_appending),
		cmocka_unit_test(test_appending_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
