/* A small registry as an image file, for the tests of libportbook. Included behind cmocka.h. */
#ifndef PORTBOOK_TESTS_SMALL_H
#define PORTBOOK_TESTS_SMALL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkimage/mkimage.h"

#include <portbook/portbook.h>

/* Its rows, by what they are there for. */
enum small_row {
	SMALL_FULL, /* has every column */
	SMALL_UDP,  /* of the same name and port */
	SMALL_RESERVED,
	SMALL_UNASSIGNED,
	SMALL_RANGE,
	SMALL_CASE, /* the name of SMALL_FULL in other letters */
	SMALL_PORTLESS,
	SMALL_ALIAS,
	SMALL_ANY,  /* a port of no named transport */
	SMALL_BARE, /* a name, and neither port nor transport */
	SMALL_DCCP, /* of the last transport, and alone at its port */
	SMALL_ROWS,
};

static const struct row small_rows[SMALL_ROWS] = {
	[SMALL_FULL] = {.shown = {SLICE("one"), SLICE("1"), SLICE("tcp"), SLICE("The \xc3\x89lan"),
				  SLICE("[An_Assignee]"), SLICE("[A_Contact]\n[An_Assignee]"),
				  SLICE("2001-02-03"), SLICE("2004-05"),
				  SLICE("[RFC1078][RFC6335]"), SLICE("42"), SLICE("Seen on port 2"),
				  SLICE("Note\nof two lines")},
			.assignee_given = true},
	[SMALL_UDP] = {.shown = {SLICE("one"), SLICE("1"), SLICE("udp"), SLICE("")}},
	[SMALL_RESERVED] = {.shown = {SLICE_NONE, SLICE("2"), SLICE("tcp"), SLICE("Reserved")}},
	[SMALL_UNASSIGNED] = {.shown = {SLICE_NONE, SLICE("2-9"), SLICE("udp"),
					SLICE("Unassigned")}},
	[SMALL_RANGE] = {.shown = {SLICE("x11"), SLICE("6000-6063"), SLICE("tcp"),
				   SLICE("X Window System")}},
	[SMALL_CASE] = {.shown = {SLICE("ONE"), SLICE("11"), SLICE("tcp"), SLICE("Another one")}},
	[SMALL_PORTLESS] = {.shown = {SLICE("two-three"), SLICE_NONE, SLICE("tcp")}},
	[SMALL_ALIAS] = {.shown = {SLICE("two_three"), SLICE("23"), SLICE("tcp"),
				   [COLUMN_NOTES] = SLICE("This entry is an alias to \"two-three\"."
							  "\nThis entry is now historic.")}},
	[SMALL_ANY] = {.shown = {SLICE_NONE, SLICE("6010"), SLICE_NONE, SLICE("Reserved")}},
	[SMALL_BARE] = {.shown = {SLICE("x11")}},
	[SMALL_DCCP] = {.shown = {SLICE("dd"), SLICE("44"), SLICE("dccp")}},
};

enum { SMALL_PEOPLE = 3 };

static const struct person small_people[SMALL_PEOPLE] = {
	{.id = SLICE("An_Assignee"),
	 .name = SLICE("An Assignee"),
	 .organization = SLICE("An Organization"),
	 .updated = SLICE("2006-07-08"),
	 /* The byte 7 parts two addresses (record/rich.h). */
	 .uri = SLICE("mailto:one&a.example\007mailto:two&a.example")},
	{.id = SLICE("A_Contact"), .name = SLICE("A Contact")},
	{.id = SLICE("a_contact"),
	 .name = SLICE("Another Contact"),
	 .uri = SLICE("mailto:three&a.example")},
};

/* The image's bytes, to be given back with strbuf_done. date may be absent. */
static inline struct strbuf small_image(struct slice date)
{
	struct registry *registry = registry_new();
	struct strbuf image = {};

	assert_non_null(registry);
	for (unsigned i = 0; i < SMALL_ROWS; i++)
		assert_int_equal(registry_add_row(registry, &small_rows[i], NULL), 0);
	for (unsigned i = 0; i < SMALL_PEOPLE; i++)
		assert_int_equal(registry_add_person(registry, &small_people[i], NULL), 0);
	registry->header.updated = date;
	assert_int_equal(mkimage(registry, SLICE_NONE, &image, NULL), 0);
	registry_free(registry);
	return image;
}

static inline void write_file(const char *path, struct slice bytes)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
	assert_int_equal(fclose(file), 0);
}

/* A folder of its own for a program's files, which are named from there: cmocka group fixtures. */
static char small_folder[1024];

static inline int enter_folder(void **state)
{
	const char *folder = getenv("TMPDIR");

	(void)state;
	snprintf(small_folder, sizeof(small_folder), "%s/portbook-lib-XXXXXX",
		 folder ? folder : "/tmp");
	return mkdtemp(small_folder) ? chdir(small_folder) : -1;
}

static inline int leave_folder(void **state)
{
	(void)state;
	return chdir("/") == 0 ? rmdir(small_folder) : -1;
}

/* An open book of the small registry; its file is gone already. */
static inline portbook *small_book(void)
{
	struct strbuf image = small_image(SLICE("2026-08-17"));
	portbook *book = NULL;

	write_file("small.img", strbuf_slice(&image));
	strbuf_done(&image);
	assert_int_equal(portbook_open("small.img", &book), 0);
	assert_int_equal(unlink("small.img"), 0);
	return book;
}

#endif
