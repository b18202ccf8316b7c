#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"

static void test_opening(void **state)
{
	struct edition edition = edition_of(made_up_registry(1, 100));
	struct fault fault = {};

	(void)state;
	assert_true(slice_starts(edition.bytes, image_magic()));
	assert_int_equal(image_row_count(&edition.image), edition.registry->row_count);
	assert_int_equal(image_person_count(&edition.image), edition.registry->person_count);
	assert_int_equal(image_open(&edition.image, SLICE_NONE, &fault), FAULT_UNKNOWN);
	assert_int_equal(image_open(&edition.image, SLICE("\x89PNG\r\n\x1a\n"), &fault),
			 FAULT_UNKNOWN);
	edition_done(&edition);
}

static void test_rows_by_number(void **state)
{
	struct edition edition = edition_of(made_up_registry(2, 300));
	struct image_row_head head = {};
	struct row row;

	(void)state;
	for (uint32_t i = 0; i < image_row_count(&edition.image); i++) {
		struct row wanted = registry_row(edition.registry, i);

		image_row(&edition.image, i, &row);
		for (unsigned k = 0; k < COLUMN_COUNT; k++) {
			assert_slice(row.shown[k], wanted.shown[k]);
			assert_slice(image_row_text(&edition.image, i, (enum column)k),
				     wanted.shown[k]);
			/* For those who need it as a string. */
			if (row.shown[k].p)
				assert_int_equal(row.shown[k].p[row.shown[k].n], '\0');
		}
		assert_true(image_row_head(&edition.image, i, &head));
		assert_int_equal(head.portless, wanted.first_port < 0);
		if (!head.portless) {
			assert_int_equal(head.first_port, wanted.first_port);
			assert_int_equal(head.last_port, wanted.last_port);
		}
		assert_int_equal(head.transport, wanted.transport);
		assert_int_equal(head.state, wanted.state);
	}
	assert_false(image_row_head(&edition.image, image_row_count(&edition.image), &head));
	assert_false(image_row_head(&edition.image, UINT32_MAX, &head));
	assert_absent(image_row_text(&edition.image, UINT32_MAX, COLUMN_NAME));
	image_row(&edition.image, UINT32_MAX, &row);
	assert_int_equal(row.first_port, -1);
	assert_absent(row.shown[COLUMN_PORT]);
	edition_done(&edition);
}

static void test_people_by_number(void **state)
{
	struct edition edition = edition_of(made_up_registry(3, 1));
	struct person person;

	(void)state;
	image_person(&edition.image, 1, &person);
	assert_text(person.id, "jon_doe");
	image_person(&edition.image, 4, &person);
	assert_absent(person.id);
	edition_done(&edition);
}

static void test_every_truncation_is_refused(void **state)
{
	struct edition edition = edition_of(made_up_registry(4, 40));
	/* At the end of its memory, so that a sanitizer sees reading past the end. */
	char *space = malloc(edition.bytes.n);
	struct fault fault = {};
	struct image image;

	(void)state;
	assert_non_null(space);
	for (size_t n = 0; n < edition.bytes.n; n++) {
		char *cut = space + edition.bytes.n - n;

		if (n > 2000 && n % 37)
			continue;
		memcpy(cut, edition.bytes.p, n);
		assert_true(image_open(&image, (struct slice){cut, n}, &fault) < 0);
		assert_told(fault);
	}
	for (size_t n = 0; n < edition.bytes.n; n++)
		assert_true(image_open(&image, (struct slice){edition.bytes.p, n}, &fault) < 0);
	free(space);
	edition_done(&edition);
}

static void test_what_follows_is_refused(void **state)
{
	struct edition edition = edition_of(made_up_registry(4, 40));
	char *longer = malloc(edition.bytes.n + 1);
	struct fault fault = {};
	struct image image;

	(void)state;
	assert_non_null(longer);
	memcpy(longer, edition.bytes.p, edition.bytes.n);
	longer[edition.bytes.n] = '\0';
	assert_int_equal(image_open(&image, (struct slice){longer, edition.bytes.n + 1}, &fault),
			 FAULT_MALFORMED);
	assert_told(fault);
	free(longer);
	edition_done(&edition);
}

static void set_u32(struct slice bytes, size_t at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		((char *)bytes.p)[at + i] = (char)(value >> (8 * i));
}

static uint32_t get_u32(struct slice bytes, size_t at)
{
	return image_u32((const unsigned char *)bytes.p + at);
}

static int open_changed(struct slice bytes, size_t at, uint32_t value)
{
	uint32_t before = get_u32(bytes, at);
	struct fault fault = {};
	struct image image;
	int result;

	set_u32(bytes, at, value);
	result = image_open(&image, bytes, &fault);
	set_u32(bytes, at, before);
	if (result < 0)
		assert_told(fault);
	return result;
}

static void test_other_versions_are_refused(void **state)
{
	struct edition edition = edition_of(made_up_registry(4, 40));

	(void)state;
	assert_int_equal(open_changed(edition.bytes, 8, IMAGE_VERSION), 0);
	assert_int_equal(open_changed(edition.bytes, 8, IMAGE_VERSION + 1), FAULT_UNKNOWN);
	assert_int_equal(open_changed(edition.bytes, 8, 0), FAULT_UNKNOWN);
	assert_int_equal(open_changed(edition.bytes, 8, UINT32_MAX), FAULT_UNKNOWN);
	edition_done(&edition);
}

static size_t entry_of(enum image_section_kind kind)
{
	return IMAGE_HEADER_SIZE + (size_t)kind * IMAGE_ENTRY_SIZE;
}

static void test_sections_are_checked(void **state)
{
	struct edition edition = edition_of(made_up_registry(4, 40));
	uint32_t size = (uint32_t)edition.bytes.n;

	(void)state;
	assert_int_equal(open_changed(edition.bytes, 12, IMAGE_SECTION_COUNT - 1), FAULT_MALFORMED);
	assert_int_equal(open_changed(edition.bytes, 12, UINT32_MAX), FAULT_MALFORMED);
	for (unsigned i = 0; i < IMAGE_SECTION_COUNT; i++) {
		size_t entry = entry_of((enum image_section_kind)i);

		assert_int_equal(open_changed(edition.bytes, entry, size + 1), FAULT_MALFORMED);
		assert_int_equal(open_changed(edition.bytes, entry, UINT32_MAX), FAULT_MALFORMED);
		assert_int_equal(open_changed(edition.bytes, entry + 4, 0), FAULT_MALFORMED);
		assert_int_equal(open_changed(edition.bytes, entry + 8, UINT32_MAX),
				 FAULT_MALFORMED);
		if (image_record_size[i] > 1)
			assert_int_equal(
				open_changed(edition.bytes, entry + 4, image_record_size[i] - 1u),
				FAULT_MALFORMED);
	}
	assert_int_equal(open_changed(edition.bytes, entry_of(IMAGE_TEXT) + 4, 2), FAULT_MALFORMED);
	assert_int_equal(open_changed(edition.bytes, entry_of(IMAGE_PORT_PAGES) + 8, 8191),
			 FAULT_MALFORMED);
	assert_int_equal(open_changed(edition.bytes, entry_of(IMAGE_NAME_SLOTS) + 8, 3),
			 FAULT_MALFORMED);
	assert_int_equal(open_changed(edition.bytes, entry_of(IMAGE_NAME_SLOTS) + 8, 0),
			 FAULT_MALFORMED);
	assert_int_equal(open_changed(edition.bytes, entry_of(IMAGE_COUNTS) + 8, 1),
			 FAULT_MALFORMED);
	/* More cells to be searched than there are. */
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(
			open_changed(edition.bytes,
				     get_u32(edition.bytes, entry_of(IMAGE_COUNTS)) + 4 * i,
				     0xfffffff8),
			FAULT_MALFORMED);
	edition_done(&edition);
}

static void test_checksum(void **state)
{
	struct edition edition = edition_of(made_up_registry(4, 40));
	struct random random = {1};
	struct fault fault = {};

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		char *byte = (char *)edition.bytes.p + 24 +
			     random_below(&random, (uint32_t)edition.bytes.n - 24);
		char before = *byte;

		*byte = (char)(*byte ^ (1 << random_below(&random, 8)));
		assert_int_equal(image_verify(&edition.image, &fault), FAULT_MALFORMED);
		assert_told(fault);
		*byte = before;
	}
	assert_int_equal(image_verify(&edition.image, &fault), 0);
	edition_done(&edition);
}

/* A later version may give records more bytes and add sections: readers step over both. */
static void test_records_may_grow(void **state)
{
	struct edition edition = edition_of(made_up_registry(9, 60));
	uint32_t offset = get_u32(edition.bytes, entry_of(IMAGE_PEOPLE));
	uint32_t count = get_u32(edition.bytes, entry_of(IMAGE_PEOPLE) + 8);
	size_t n = edition.bytes.n + count * 20;
	char *longer = calloc(1, n);
	struct slice bytes = {longer, n};
	struct fault fault = {};
	struct person person;
	struct image image;

	(void)state;
	assert_non_null(longer);
	memcpy(longer, edition.bytes.p, edition.bytes.n);
	for (uint32_t i = 0; i < count; i++)
		memcpy(longer + edition.bytes.n + i * 20, edition.bytes.p + offset + i * 15, 15);
	set_u32(bytes, 16, (uint32_t)n);
	set_u32(bytes, entry_of(IMAGE_PEOPLE), (uint32_t)edition.bytes.n);
	set_u32(bytes, entry_of(IMAGE_PEOPLE) + 4, 20);
	assert_int_equal(image_open(&image, bytes, &fault), 0);
	for (uint32_t i = 0; i < count; i++) {
		image_person(&image, i, &person);
		assert_slice(person.id, edition.registry->people[i].id);
		assert_slice(person.updated, edition.registry->people[i].updated);
	}
	free(longer);
	edition_done(&edition);
}

static void test_varints(void **state)
{
	static const struct {
		struct slice bytes;
		bool good;
		uint32_t value;
	} cases[] = {
		{SLICE("\x00"), true, 0},
		{SLICE("\x2c"), true, 44},
		{SLICE("\xac\x02"), true, 300},
		{SLICE("\xff\xff\xff\xff\x0f"), true, UINT32_MAX},
		{SLICE(""), false, 0},
		{SLICE("\x80"), false, 0},
		{SLICE("\xff\xff\xff\xff"), false, 0},
		{SLICE("\xff\xff\xff\xff\xff\x01"), false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct slice copy = copy_of(cases[i].bytes);
		const unsigned char *p = (const unsigned char *)copy.p;
		uint32_t value = 7;

		assert_int_equal(image_varint(&p, p + copy.n, &value), cases[i].good);
		if (cases[i].good) {
			assert_int_equal(value, cases[i].value);
			assert_ptr_equal(p, copy.p + copy.n);
		}
		free((void *)copy.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opening),
		cmocka_unit_test(test_rows_by_number),
		cmocka_unit_test(test_people_by_number),
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(test_what_follows_is_refused),
		cmocka_unit_test(test_other_versions_are_refused),
		cmocka_unit_test(test_sections_are_checked),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_records_may_grow),
		cmocka_unit_test(test_varints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
