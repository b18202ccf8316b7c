#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"

static void assert_rich_eq(const struct row *a, const struct row *b, enum column column)
{
	struct strbuf left = {}, right = {};

	row_rich(a, column, &left);
	row_rich(b, column, &right);
	assert_slice(strbuf_slice(&left), strbuf_slice(&right));
	strbuf_done(&left);
	strbuf_done(&right);
}

static void assert_row_eq(const struct row *a, const struct row *b)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		assert_slice(a->shown[i], b->shown[i]);
		assert_rich_eq(a, b, (enum column)i);
	}
	assert_slice(a->order, b->order);
	assert_int_equal(a->first_port, b->first_port);
	assert_int_equal(a->last_port, b->last_port);
	assert_int_equal(a->transport, b->transport);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->assignee_given, b->assignee_given);
}

static void assert_person_eq(const struct person *a, const struct person *b)
{
	assert_slice(a->id, b->id);
	assert_slice(a->name, b->name);
	assert_slice(a->organization, b->organization);
	assert_slice(a->updated, b->updated);
	assert_slice(a->uri, b->uri);
}

static void assert_notes_eq(const struct registry_note *a, const struct registry_note *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_slice(a[i].title, b[i].title);
		assert_slice(a[i].text, b[i].text);
	}
}

static void assert_registry_eq(const struct registry *a, const struct registry *b)
{
	assert_slice(a->header.prolog, b->header.prolog);
	assert_slice(a->header.id, b->header.id);
	assert_slice(a->header.title, b->header.title);
	assert_slice(a->header.category, b->header.category);
	assert_slice(a->header.updated, b->header.updated);
	assert_slice(a->header.references, b->header.references);
	assert_slice(a->header.expert, b->header.expert);
	assert_int_equal(a->note_count, b->note_count);
	assert_notes_eq(a->notes, b->notes, a->note_count);
	assert_int_equal(a->footnote_count, b->footnote_count);
	assert_notes_eq(a->footnotes, b->footnotes, a->footnote_count);
	assert_int_equal(a->row_count, b->row_count);
	for (size_t i = 0; i < a->row_count; i++) {
		struct row of_a = registry_row(a, i), of_b = registry_row(b, i);

		assert_row_eq(&of_a, &of_b);
	}
	assert_int_equal(a->person_count, b->person_count);
	for (size_t i = 0; i < a->person_count; i++)
		assert_person_eq(&a->people[i], &b->people[i]);
}

static void test_everything_comes_back(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 24; seed++) {
		struct edition edition =
			edition_of(made_up_registry(seed, 1 + (unsigned)seed * 20));
		struct registry *back = NULL;
		struct fault fault = {};
		struct slice again;

		assert_int_equal(mkimage_registry(edition.bytes, &back, &fault), 0);
		assert_registry_eq(edition.registry, back);
		/* What came back makes the same image. */
		again = image_bytes_of(back);
		assert_slice(again, edition.bytes);
		free((void *)again.p);
		registry_free(back);
		edition_done(&edition);
	}
}

/* Shown text that no rich text shows as, and whose rich text would be too long. */
static void test_plain_cells_come_back(void **state)
{
	static char people[60000];
	struct registry *registry = registry_new(), *back = NULL;
	struct row row = {.shown = {[COLUMN_NAME] = SLICE(" blanks \n"),
				    [COLUMN_DESCRIPTION] = SLICE("\n"),
				    [COLUMN_CONTACT] = {people, sizeof(people)},
				    [COLUMN_NOTES] = SLICE("a \n b")}};
	struct edition edition;
	struct fault fault = {};

	(void)state;
	for (size_t i = 0; i < sizeof(people); i++)
		people[i] = "[a]"[i % 3];
	assert_non_null(registry);
	assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	edition = edition_of(registry);
	assert_int_equal(mkimage_registry(edition.bytes, &back, &fault), 0);
	assert_registry_eq(registry, back);
	registry_free(back);
	edition_done(&edition);
}

static void test_the_same_gives_the_same(void **state)
{
	struct registry *one = made_up_registry(5, 500), *two = made_up_registry(5, 500);
	struct slice first = image_bytes_of(one), second = image_bytes_of(two);
	struct slice third = image_bytes_of(one);

	(void)state;
	assert_slice(first, second);
	assert_slice(first, third);
	free((void *)first.p);
	free((void *)second.p);
	free((void *)third.p);
	registry_free(one);
	registry_free(two);
}

static void test_nothing_in_it(void **state)
{
	struct registry *registry = registry_new(), *back = NULL;
	struct edition edition;
	struct slice title, text;
	struct fault fault = {};
	struct row row;
	struct strbuf buffer = {};

	(void)state;
	assert_non_null(registry);
	edition = edition_of(registry);
	assert_int_equal(image_row_count(&edition.image), 0);
	assert_int_equal(image_person_count(&edition.image), 0);
	assert_int_equal(mkimage_registry(edition.bytes, &back, &fault), 0);
	assert_registry_eq(registry, back);
	assert_false(image_fact(&edition.image, IMAGE_FACT_TITLE, 0, &title, &text));
	assert_true(image_fact(&edition.image, IMAGE_FACT_ORIGIN, 0, &title, &text));
	assert_text(text, "made up");
	assert_absent(title);
	assert_false(image_fact(&edition.image, IMAGE_FACT_ORIGIN, 1, &title, &text));
	/* A row with nothing in it, and nobody to say where it came from. */
	assert_int_equal(registry_add_row(registry, &(struct row){}, &fault), 0);
	assert_int_equal(mkimage(registry, SLICE_NONE, &buffer, &fault), 0);
	registry_free(back);
	assert_int_equal(mkimage_registry(strbuf_slice(&buffer), &back, &fault), 0);
	assert_int_equal(back->row_count, 1);
	strbuf_done(&buffer);
	image_row(&edition.image, 0, &row);
	assert_absent(row.shown[COLUMN_NAME]);
	assert_int_equal(row.first_port, -1);
	registry_free(back);
	edition_done(&edition);
}

static void assert_limit(const struct registry *registry, const char *text)
{
	struct strbuf buffer = {};
	struct fault fault = {};

	assert_int_equal(mkimage(registry, SLICE_NONE, &buffer, &fault), FAULT_LIMIT);
	assert_non_null(strstr(fault.text, text));
	strbuf_done(&buffer);
}

static void test_limit_of_covered_ports(void **state)
{
	struct registry *registry = registry_new();
	struct row row = {.shown = {[COLUMN_PORT] = SLICE("0-65535")}};
	struct fault fault = {};

	(void)state;
	assert_non_null(registry);
	for (unsigned i = 0; i < 65; i++)
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	assert_limit(registry, "cover more than the limit");
	registry_free(registry);
}

static void test_limit_of_shared_ports(void **state)
{
	struct registry *registry = registry_new();
	struct row row = {.shown = {[COLUMN_PORT] = SLICE("0-65535")}};
	struct fault fault = {};

	(void)state;
	assert_non_null(registry);
	for (unsigned i = 0; i < 33; i++)
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	assert_limit(registry, "share their ports");
	registry_free(registry);
}

static void test_limit_of_orders(void **state)
{
	struct registry *registry = registry_new();
	struct fault fault = {};

	(void)state;
	assert_non_null(registry);
	for (unsigned i = 0; i < UINT16_MAX; i++) {
		char order[8];
		struct row row = {
			.order = {order, (size_t)snprintf(order, sizeof(order), "%u", i)}};

		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	assert_limit(registry, "65534 orders");
	registry_free(registry);
}

static void test_no_image_no_registry(void **state)
{
	struct registry *back = NULL;
	struct fault fault = {};

	(void)state;
	assert_int_equal(mkimage_registry(SLICE("no image"), &back, &fault), FAULT_UNKNOWN);
	assert_told(fault);
	assert_null(back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_comes_back),
		cmocka_unit_test(test_plain_cells_come_back),
		cmocka_unit_test(test_the_same_gives_the_same),
		cmocka_unit_test(test_nothing_in_it),
		cmocka_unit_test(test_limit_of_covered_ports),
		cmocka_unit_test(test_limit_of_shared_ports),
		cmocka_unit_test(test_limit_of_orders),
		cmocka_unit_test(test_no_image_no_registry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
