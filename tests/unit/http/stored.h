/* A store of made-up documents, for the tests of http/. Included behind testing.h. */
#ifndef PORTBOOK_TESTS_STORED_H
#define PORTBOOK_TESTS_STORED_H

#include "history/history.h"
#include "source/source.h"

struct stored {
	struct slice date, text;
};

static inline void stored_add(struct history *history, const struct stored *stored)
{
	struct history_document document = {.bytes = stored->text,
					    .date = stored->date,
					    .origin = SLICE("/a/place/of/mine"),
					    .imported = SLICE("2026-01-01T00:00:00Z")};
	struct registry *registry = NULL;
	enum source_format format;
	struct fault fault = {};
	int64_t number;

	assert_true(source_detect(stored->text, &format));
	assert_int_equal(source_read(stored->text, NULL, &registry, &fault), 0);
	document.format = source_format_name(format);
	document.registry = registry;
	assert_int_equal(history_hash(document.bytes, registry, &document.hashes, &fault), 0);
	assert_int_equal(history_add(history, &document, &number, &fault), 0);
	history_hashes_free(document.hashes);
	registry_free(registry);
}

/* Makes it at path, of the documents in their order. */
static inline void stored_make(const char *path, const struct stored *documents, size_t count)
{
	struct history *history = NULL;
	struct fault fault = {};

	assert_int_equal(history_open(path, HISTORY_CREATE, &history, &fault), 0);
	assert_int_equal(history_begin(history, true, &fault), 0);
	for (size_t i = 0; i < count; i++)
		stored_add(history, &documents[i]);
	assert_int_equal(history_commit(history, &fault), 0);
	history_close(history);
}

#endif
