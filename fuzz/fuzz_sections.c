/*
 * A good image with changes inside of its sections: each a byte that chooses the section, three
 * that choose the place, one that says how many bytes follow to be put there.
 */
#include <string.h>

#include "ask.h"
#include "fuzz.h"
#include "mkimage/mkimage.h"
#include "source/reader.h"

#define DOCUMENT                                                                                   \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"                \
	"Registration Date,Modification Date,Reference,Service Code,"                              \
	"Unauthorized Use Reported,Assignment Notes\n"                                             \
	",0,tcp,Reserved,,,,2001-02-03,[RFC6335],,,\n"                                             \
	"http,80,tcp,Hypertext,[Jon_Doe],[Jon_Doe],1999-01,,[RFC9110],,,\"one\ntwo [Jon_Doe]\"\n"  \
	"http,80,udp,Hypertext,[Jon_Doe],[Jon_Doe],1999-01,,[RFC9110],,,Used [RFC1]\n"             \
	"HTTP,8080-8090,,\xc3\x89lan protocol,[X],[Jon_Doe],,2015-06-07,,12,Used,\n"               \
	"a,,,No port,[a][X],[a][X],,,,,,\"This entry is an alias to \"\"http\"\"\"\n"              \
	"x11,6000-6063,tcp,Windows (historic),,,,,,,,\n"                                           \
	"x11,6000-6010,sctp,Windows,,,,,,,,\n"                                                     \
	",6000-65535,,Unassigned,,,,,,,,\n"

/* Made once; what is left of it at the end is no leak. */
static struct strbuf original;

static void make_original(void)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct person person = {.id = SLICE("Jon_Doe"), .name = SLICE("Jon Doe")};

	must(registry && source_csv_read(SLICE(DOCUMENT), registry, NULL) == 0);
	must(registry_add_person(registry, &person, NULL) == 0);
	person.id = SLICE("X");
	must(registry_add_person(registry, &person, NULL) == 0);
	must(registry_add_note(registry, SLICE("Title"), SLICE("Note"), NULL) == 0);
	must(mkimage(registry, SLICE("made up"), &original, NULL) == 0);
}

static void change(struct slice bytes, struct slice changes)
{
	struct image image;

	must(image_open(&image, bytes, NULL) == 0);
	while (changes.n > 5) {
		const unsigned char *p = (const unsigned char *)changes.p;
		const struct image_section *section = &image.sections[p[0] % IMAGE_SECTION_COUNT];
		size_t size = (size_t)section->count * section->size, at, n = p[4] % 64 + 1;

		changes = slice_skip(changes, 5);
		if (size == 0)
			continue;
		at = image_u24(p + 1) % size;
		if (n > changes.n)
			n = changes.n;
		if (n > size - at)
			n = size - at;
		memcpy((char *)section->p + at, changes.p, n);
		changes = slice_skip(changes, n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct fault fault = {};
	struct image image;
	struct slice bytes;
	char *copy;

	if (!original.p)
		make_original();
	copy = malloc(original.n);
	must(copy);
	memcpy(copy, original.p, original.n);
	bytes = (struct slice){copy, original.n};
	change(bytes, fuzz_slice(data, size));
	if (image_open(&image, bytes, &fault) == 0) {
		ask_everything(&image);
		if (mkimage_registry(bytes, &registry, &fault) < 0)
			must(fault.text[0] != '\0');
	}
	free(copy);
	return 0;
}
