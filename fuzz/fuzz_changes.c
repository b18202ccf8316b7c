/*
 * Two registries of a few words each, so that much of one is in the other: a byte chooses the side
 * and whether the row is on both, the following ones its columns.
 */
#include "changes_hold.h"

struct bytes {
	const uint8_t *data;
	size_t size;
};

static uint8_t take_byte(struct bytes *bytes)
{
	if (bytes->size == 0)
		return 0;
	bytes->size--;
	return *bytes->data++;
}

#define WORD(words, byte) ((words)[(byte) % ARRAY_SIZE(words)])

static void add_row(struct bytes *bytes, struct registry **registries)
{
	static const struct slice names[] = {SLICE(""), SLICE("a"), SLICE("b"), SLICE("c\n-d")};
	static const struct slice ports[] = {SLICE(""),	     SLICE("1"),    SLICE("2"),
					     SLICE("1-3"),   SLICE("2-9"),  SLICE("4-9"),
					     SLICE("10-19"), SLICE("3-12"), SLICE("0-65535")};
	static const struct slice transports[] = {SLICE("tcp"), SLICE("udp"), SLICE("")};
	static const struct slice descriptions[] = {
		SLICE("Unassigned"), SLICE("Reserved"), SLICE("X"),
		SLICE("X (TEMPORARY - registered 2001-02-03, expires 2002-03-04)"),
		SLICE("X (TEMPORARY - registered 2001-02-03, expires 2003-0")};
	static const struct slice people[] = {SLICE(""), SLICE("[P]"), SLICE("[Q]"),
					      SLICE("[P][Q]"), SLICE("][P")};
	static const struct slice references[] = {SLICE(""), SLICE("[RFC1]"), SLICE("[draft-x]"),
						  SLICE("[RFC-x-1][RFC1]"), SLICE("[[")};
	uint8_t side = take_byte(bytes), which = take_byte(bytes), text = take_byte(bytes);
	struct row row = {.assignee_given = side & 4};

	row.shown[COLUMN_NAME] = WORD(names, which);
	row.shown[COLUMN_PORT] = WORD(ports, which >> 2);
	row.shown[COLUMN_TRANSPORT] = WORD(transports, side >> 3);
	row.shown[COLUMN_DESCRIPTION] = WORD(descriptions, text);
	row.shown[COLUMN_ASSIGNEE] = WORD(people, text >> 2);
	row.shown[COLUMN_CONTACT] = WORD(people, text >> 4);
	row.shown[COLUMN_REFERENCE] = WORD(references, side >> 5);
	for (unsigned i = 0; i < 2; i++) {
		if ((side & 3) != i + 1)
			must(registry_add_row(registries[i], &row, NULL) == 0);
	}
}

static void add_person(struct bytes *bytes, struct registry **registries)
{
	static const struct slice ids[] = {SLICE("P"), SLICE("Q"), SLICE("R"), SLICE("")};
	static const struct slice names[] = {SLICE("N"), SLICE("M"), SLICE("")};
	uint8_t which = take_byte(bytes);
	struct person person = {.id = WORD(ids, which),
				.name = WORD(names, which >> 2),
				.uri = WORD(names, which >> 5)};

	must(registry_add_person(registries[which >> 7], &person, NULL) == 0);
	if (which & 8)
		must(registry_add_footnote(registries[which & 1], person.id, person.name, NULL) ==
		     0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, size};
	struct registry *registries[2] = {registry_new(), registry_new()};
	unsigned people;

	must(registries[0] && registries[1]);
	for (people = take_byte(&bytes) % 16; people > 0; people--)
		add_person(&bytes, registries);
	while (bytes.size > 0)
		add_row(&bytes, registries);
	must_hold(registries[0], registries[1]);
	registry_free(registries[0]);
	registry_free(registries[1]);
	return 0;
}
