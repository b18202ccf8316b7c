#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "query/query.h"
#include "../../../fuzz/ask.h"

/* Of a change in an image, every question must still come to an end within its bytes. */
static void ask_changed(struct slice bytes)
{
	struct fault fault = {};
	struct image image;

	if (image_open(&image, bytes, &fault) == 0)
		ask_everything(&image);
	else
		assert_told(fault);
}

static void change(struct slice bytes, size_t at, unsigned char to)
{
	((char *)bytes.p)[at] = (char)to;
}

/*
 * Most of an image are the tables of ports. All parts are to be hit: a section is chosen first,
 * then a byte of it.
 */
static size_t random_place(const struct image *image, struct random *random)
{
	const struct image_section *section =
		&image->sections[random_below(random, IMAGE_SECTION_COUNT)];
	size_t n = (size_t)section->count * section->size;

	if (n == 0 || random_below(random, 8) == 0)
		return random_below(random,
				    IMAGE_HEADER_SIZE + IMAGE_SECTION_COUNT * IMAGE_ENTRY_SIZE);
	return (size_t)((const char *)section->p - image->bytes.p) +
	       random_below(random, (uint32_t)n);
}

static void test_changed_bytes(void **state)
{
	struct edition edition = edition_of(made_up_registry(21, 60));
	struct slice original = copy_of(edition.bytes);
	struct random random = {77};

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		size_t places[4];
		unsigned count = 1 + random_below(&random, ARRAY_SIZE(places));

		for (unsigned k = 0; k < count; k++) {
			static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};

			places[k] = random_place(&edition.image, &random);
			change(edition.bytes, places[k],
			       random_below(&random, 2)
				       ? values[random_below(&random, ARRAY_SIZE(values))]
				       : (unsigned char)random_next(&random));
		}
		ask_changed(edition.bytes);
		while (count-- > 0)
			change(edition.bytes, places[count],
			       (unsigned char)original.p[places[count]]);
	}
	assert_slice(edition.bytes, original);
	free((void *)original.p);
	edition_done(&edition);
}

/* A whole section of one value, or of nothing that makes sense. */
static void test_changed_sections(void **state)
{
	struct edition edition = edition_of(made_up_registry(22, 40));
	struct slice original = copy_of(edition.bytes);
	struct random random = {78};

	(void)state;
	for (unsigned i = 0; i < IMAGE_SECTION_COUNT; i++) {
		const struct image_section *section = &edition.image.sections[i];
		size_t n = (size_t)section->count * section->size;
		char *p = (char *)section->p;

		for (int value = -1; value < 256; value += i < 20 ? 64 : 1) {
			for (size_t k = 0; k < n; k++)
				p[k] = (char)(value < 0 ? (int)random_next(&random) : value);
			ask_changed(edition.bytes);
		}
		memset(p, 0xff, n);
		ask_changed(edition.bytes);
		memcpy(p, original.p + ((const char *)p - edition.bytes.p), n);
	}
	free((void *)original.p);
	edition_done(&edition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changed_bytes),
		cmocka_unit_test(test_changed_sections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
