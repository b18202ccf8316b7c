/* Made-up registries, the same in every run, and their images. Included behind testing.h. */
#ifndef PORTBOOK_TESTS_MADE_UP_H
#define PORTBOOK_TESTS_MADE_UP_H

#include <stdio.h>

#include "base/strbuf.h"
#include "image/image.h"
#include "mkimage/mkimage.h"
#include "registry/registry.h"

/* One of some, so that much repeats. Words in both letter cases, and of more than one byte. */
static inline struct slice made_up_word(struct random *random)
{
	static const struct slice words[] = {
		SLICE("http"),
		SLICE("HTTP"),
		SLICE("Http-alt"),
		SLICE("a"),
		SLICE("ab"),
		SLICE("AB-c"),
		SLICE("x11"),
		SLICE("Protocol"),
		SLICE("914c/g"),
		SLICE("system"),
		SLICE("\xc3\x89lan"),
		SLICE("\xc3\xa9lan"),
		SLICE("\xd0\x9c\xd0\xb8\xd1\x80"),
		SLICE("\xd0\xbc\xd0\xb8\xd1\x80"),
		SLICE("\xe4\xb8\xad\xe6\x96\x87"),
		SLICE("[RFC6335]"),
		SLICE("--"),
		SLICE("z_9"),
		SLICE("protocols"),
		SLICE("transport"),
		SLICE("Aa"),
		SLICE("aA"),
	};

	return words[random_below(random, ARRAY_SIZE(words))];
}

static inline struct slice made_up_id(struct random *random)
{
	static const struct slice ids[] = {
		SLICE("Jon_Doe"),	  SLICE("Jane_Roe"), SLICE("jon_doe"),
		SLICE("\xc3\x89va_Nagy"), SLICE("X"),
	};

	return ids[random_below(random, ARRAY_SIZE(ids))];
}

/* Words and numbers, with marks of rich text among them where it is to be rich. */
static inline struct slice made_up_text(struct random *random, struct arena *arena, bool rich)
{
	struct strbuf text = {};
	unsigned count = random_below(random, 6);
	struct slice copy;
	bool failed = false;

	for (unsigned i = 0; i < count; i++) {
		strbuf_add(&text, made_up_word(random));
		if (rich && random_below(random, 4) == 0)
			rich_add_break(&text);
		if (rich && random_below(random, 4) == 0)
			rich_add_reference(&text, SLICE("person"), made_up_id(random), SLICE_NONE,
					   SLICE_NONE);
		strbuf_add(&text, i + 1 < count ? SLICE(" ") : SLICE_NONE);
		if (random_below(random, 3) == 0)
			strbuf_add_uint(&text, random_below(random, 100));
	}
	if (random_below(random, 300) == 0) {
		for (unsigned i = 0; i < 60000; i++)
			strbuf_add_byte(&text, "abcdefg"[random_below(random, 7)]);
	}
	copy = arena_copy(arena, strbuf_slice(&text), &failed);
	assert_false(failed || text.failed);
	strbuf_done(&text);
	return copy;
}

static inline struct slice made_up_people(struct random *random, struct arena *arena, bool rich)
{
	struct strbuf text = {};
	struct slice copy;
	bool failed = false;

	for (unsigned i = random_below(random, 3) + 1; i > 0; i--) {
		struct slice id = made_up_id(random);

		if (rich)
			rich_add_reference(&text, SLICE("person"), id, SLICE_NONE, SLICE_NONE);
		else
			strbuf_printf(&text, "[%.*s]", (int)id.n, id.p);
	}
	copy = arena_copy(arena, strbuf_slice(&text), &failed);
	assert_false(failed || text.failed);
	strbuf_done(&text);
	return copy;
}

static inline struct slice made_up_ports(struct random *random, struct arena *arena)
{
	uint32_t first = random_below(random, 4) ? random_below(random, 200) * 331 % 65536
						 : random_below(random, 40);
	uint32_t last = first;
	struct strbuf text = {};
	struct slice copy;
	bool failed = false;

	if (random_below(random, 5) == 0)
		last += random_below(random, random_below(random, 9) ? 50 : 65536 - first);
	if (last > 65535)
		last = 65535;
	strbuf_add_uint(&text, first);
	if (last > first)
		strbuf_printf(&text, "-%u", (unsigned)last);
	copy = arena_copy(arena, strbuf_slice(&text), &failed);
	strbuf_done(&text);
	return copy;
}

static inline void made_up_row(struct random *random, struct registry *registry)
{
	static const struct slice transports[] = {SLICE("tcp"), SLICE("udp"), SLICE("SCTP"),
						  SLICE("dccp")};
	static const struct slice dates[] = {SLICE("2001-02-03"), SLICE("2015-06"), SLICE("1999")};
	static const struct slice orders[] = {SLICE("npidcrt"), SLICE("pnt"), SLICE("")};
	struct arena arena = {};
	bool rich = random_below(random, 2);
	struct slice texts[COLUMN_COUNT] = {};
	struct row row = {.assignee_given = random_below(random, 2)};
	struct fault fault = {};

	if (random_below(random, 5))
		texts[COLUMN_NAME] = made_up_word(random);
	if (random_below(random, 8))
		texts[COLUMN_PORT] = made_up_ports(random, &arena);
	if (random_below(random, 6))
		texts[COLUMN_TRANSPORT] = transports[random_below(random, 4)];
	texts[COLUMN_DESCRIPTION] =
		random_below(random, 6) ? made_up_text(random, &arena, rich) : SLICE("Unassigned");
	for (unsigned i = COLUMN_ASSIGNEE; i <= COLUMN_CONTACT; i++) {
		if (random_below(random, 3))
			texts[i] = made_up_people(random, &arena, rich);
	}
	for (unsigned i = COLUMN_REGISTERED; i <= COLUMN_MODIFIED; i++) {
		if (random_below(random, 2))
			texts[i] = dates[random_below(random, 3)];
	}
	for (unsigned i = COLUMN_REFERENCE; i < COLUMN_COUNT; i++) {
		if (random_below(random, 4) == 0)
			texts[i] = made_up_text(random, &arena, rich);
	}
	if (random_below(random, 3))
		row.order = orders[random_below(random, 3)];
	if (!row.assignee_given)
		texts[COLUMN_ASSIGNEE] = SLICE_NONE;
	memcpy(rich ? row.rich : row.shown, texts, sizeof(texts));
	assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	/* Rows repeat the one before, as for another transport. */
	if (random_below(random, 4) == 0)
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	arena_done(&arena);
}

static inline void made_up_person(struct random *random, struct registry *registry, struct slice id)
{
	struct person person = {.id = id};
	struct fault fault = {};

	if (random_below(random, 2))
		person.name = made_up_word(random);
	if (random_below(random, 2))
		person.organization = made_up_word(random);
	if (random_below(random, 2))
		person.uri = SLICE("mailto:a&b.example\7mailto:c&d.example");
	if (random_below(random, 2))
		person.updated = SLICE("2001-02-03");
	assert_int_equal(registry_add_person(registry, &person, &fault), 0);
}

/* With rows or a few more. */
static inline struct registry *made_up_registry(uint64_t seed, unsigned rows)
{
	struct registry *registry = registry_new();
	struct random random = {seed * 2 + 1};
	struct registry_header *header;
	struct fault fault = {};

	assert_non_null(registry);
	header = &registry->header;
	for (unsigned i = 0; i < 8; i++)
		random_next(&random);
	if (random_below(&random, 2))
		header->prolog = SLICE("<?xml version='1.0'?>\n");
	if (random_below(&random, 2))
		header->title = SLICE("A Title");
	if (random_below(&random, 2))
		header->updated = SLICE("2020-01-02");
	if (random_below(&random, 2))
		header->expert = SLICE("");
	for (unsigned i = random_below(&random, 3); i > 0; i--) {
		assert_int_equal(registry_add_note(registry, i == 1 ? SLICE_NONE : SLICE("Title"),
						   made_up_word(&random), &fault),
				 0);
		assert_int_equal(
			registry_add_footnote(registry, SLICE("1"), made_up_word(&random), &fault),
			0);
	}
	while (registry->row_count < rows)
		made_up_row(&random, registry);
	made_up_person(&random, registry, SLICE("Jon_Doe"));
	made_up_person(&random, registry, SLICE("jon_doe"));
	made_up_person(&random, registry, SLICE("\xc3\x89va_Nagy"));
	made_up_person(&random, registry, SLICE("Jane_Roe"));
	return registry;
}

/* Its image, of exactly its size, to be freed. */
static inline struct slice image_bytes_of(const struct registry *registry)
{
	struct strbuf buffer = {};
	struct fault fault = {};
	struct slice bytes;

	if (mkimage(registry, SLICE("made up"), &buffer, &fault) < 0)
		fail_msg("%s", fault.text);
	bytes = copy_of(strbuf_slice(&buffer));
	strbuf_done(&buffer);
	return bytes;
}

/* A registry with its image, to be asked both ways. */
struct edition {
	struct registry *registry;
	struct slice bytes;
	struct image image;
};

static inline struct edition edition_of(struct registry *registry)
{
	struct edition edition = {.registry = registry, .bytes = image_bytes_of(registry)};
	struct fault fault = {};

	assert_int_equal(image_open(&edition.image, edition.bytes, &fault), 0);
	assert_int_equal(image_verify(&edition.image, &fault), 0);
	return edition;
}

static inline void edition_done(struct edition *edition)
{
	registry_free(edition->registry);
	free((void *)edition->bytes.p);
}

#endif
