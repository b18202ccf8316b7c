/*
 * What changed between each edition of the history archive (a tar stream on standard input) and the
 * next: what must hold of any two editions holds, and as many changes of each kind are told as were
 * found to be right when they were looked through.
 *
 *     zstd -dc --long=27 ARCHIVE | test_changes [STEP]
 *
 * STEP n takes every n-th edition, and counts nothing.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>

#include "../../fuzz/changes_hold.h"
#include "base/number.h"
#include "source/source.h"

enum { TAR_BLOCK = 512, EDITIONS = 320 };

static const size_t expected[CHANGE_KIND_COUNT] = {
	[CHANGE_HEADER] = 7,
	[CHANGE_NOTE_ADDED] = 1,
	[CHANGE_NOTE_CHANGED] = 6,
	[CHANGE_ASSIGNED] = 260,
	[CHANGE_ASSIGNED_TEMPORARILY] = 4,
	[CHANGE_NAME_ADDED] = 211,
	[CHANGE_TRANSPORT_ADDED] = 8,
	[CHANGE_EXTENDED] = 2,
	[CHANGE_PERMANENT] = 4,
	[CHANGE_RENAMED] = 32,
	[CHANGE_REASSIGNED] = 5,
	[CHANGE_MOVED] = 1,
	[CHANGE_TRANSPORT_CHANGED] = 1,
	[CHANGE_PORT_REMOVED] = 9,
	[CHANGE_TRANSPORT_REMOVED] = 5,
	[CHANGE_DEASSIGNED] = 11,
	[CHANGE_SPLIT] = 5,
	[CHANGE_MERGED] = 1,
	[CHANGE_RESIZED] = 3,
	[CHANGE_RANGE_ADDED] = 3,
	[CHANGE_RANGE_REMOVED] = 1,
	[CHANGE_ASSIGNEE] = 124,
	[CHANGE_CONTACT] = 64,
	[CHANGE_PUBLISHED] = 91,
	[CHANGE_REFERENCE] = 54,
	[CHANGE_DESCRIPTION] = 28,
	[CHANGE_UNAUTHORIZED] = 7,
	[CHANGE_NOTES] = 16,
	[CHANGE_DATES] = 5,
	[CHANGE_PERSON_ADDED] = 755,
	[CHANGE_PERSON_REMOVED] = 149,
	[CHANGE_PERSON_CHANGED] = 204,
	[CHANGE_PERSON_RENAMED] = 32,
};

static uint64_t octal(const char *digits, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n && digits[i] >= '0' && digits[i] <= '7'; i++)
		value = value * 8 + (uint64_t)(digits[i] - '0');
	return value;
}

/* The next document of the archive; false at its end. */
static bool next_document(struct strbuf *document)
{
	char header[TAR_BLOCK], padding[TAR_BLOCK];

	while (fread(header, 1, sizeof(header), stdin) == sizeof(header) && header[0] != '\0') {
		size_t size = (size_t)octal(header + 124, 12), past = size % TAR_BLOCK;
		char *space;

		document->n = 0;
		space = size > 0 ? strbuf_extend(document, size) : NULL;
		if (size > 0) {
			assert(space && fread(space, 1, size, stdin) == size);
			if (past > 0)
				assert(fread(padding, 1, TAR_BLOCK - past, stdin) ==
				       TAR_BLOCK - past);
		}
		if (header[156] == '0' && size > 0)
			return true;
	}
	return false;
}

static void count(const struct registry *before, const struct registry *after, size_t *counts)
{
	struct changes changes;

	must_hold(before, after);
	assert(changes_find(before, after, CHANGES_ALL, &changes, NULL) == 0);
	for (size_t i = 0; i < changes.count; i++)
		counts[changes.all[i].kind]++;
	changes_done(&changes);
}

int main(int argc, char **argv)
{
	struct strbuf document = {};
	struct registry *before = NULL, *after;
	size_t counts[CHANGE_KIND_COUNT] = {}, editions = 0, wrong = 0;
	uint64_t step = 1;

	assert(argc < 2 || (number_parse(slice_cstr(argv[1]), EDITIONS, &step) && step > 0));
	while (next_document(&document)) {
		struct fault fault;

		if (editions++ % step != 0)
			continue;
		if (source_read(strbuf_slice(&document), NULL, &after, &fault) < 0) {
			printf("edition %zu: %s\n", editions, fault.text);
			return 1;
		}
		if (before)
			count(before, after, counts);
		registry_free(before);
		before = after;
	}
	registry_free(before);
	strbuf_done(&document);
	assert(editions == EDITIONS);
	for (unsigned kind = 0; kind < CHANGE_KIND_COUNT && step == 1; kind++) {
		if (counts[kind] == expected[kind])
			continue;
		printf("%s: %zu, not %zu\n", change_kind_name((enum change_kind)kind).p,
		       counts[kind], expected[kind]);
		wrong++;
	}
	printf("%zu editions, %zu kinds miscounted\n", editions, wrong);
	return wrong > 0;
}
