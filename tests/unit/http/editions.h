/*
 * Stores of made-up editions for the tests of http/, each in a folder of
 * its own. Included behind testing.h and asking.h.
 */
#ifndef PORTBOOK_TESTS_EDITIONS_H
#define PORTBOOK_TESTS_EDITIONS_H

#include <stdio.h>
#include <unistd.h>

#include "history/history.h"
#include "source/source.h"

static const char *const where = "test.db";

/* In an empty temporary folder. */
static inline int enter(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	return *state ? 0 : -1;
}

static inline int leave(void **state)
{
	(void)unlink(where);
	(void)unlink("file");
	if (chdir("/") < 0 || rmdir(*state) < 0)
		return -1;
	free(*state);
	return 0;
}

/* An edition whose one service is called "edition-" and its date's year, at that port. */
static inline struct slice edition_text(unsigned year, char space[static 1024])
{
	int n = snprintf(
		space, 1024,
		"<?xml version='1.0' encoding='UTF-8'?>\n<!-- made up -->\n"
		"<registry xmlns=\"http://www.iana.org/assignments\" "
		"id=\"service-names-port-numbers\">\n<title>Made up</title>\n"
		"<updated>%u-05-06</updated>\n"
		"<record><name>edition-%u</name><protocol>tcp</protocol>"
		"<xref type=\"person\" data=\"Ann\"/><description>Year %u</description>"
		"<number>%u</number></record>\n"
		"<people><person id=\"Ann\"><name>Ann</name></person></people>\n</registry>\n",
		year, year, year, year);

	assert_in_range(n, 1, 1023);
	return (struct slice){space, (size_t)n};
}

/* Adds the edition of a year's 6th of May to the store at where, which is made. */
static inline void add_edition(unsigned year)
{
	struct source_options options = {.keep_layout = true};
	char space[1024], date[16];
	struct history_document document = {.bytes = edition_text(year, space),
					    .format = SLICE("XML"),
					    .origin = SLICE("made up"),
					    .imported = SLICE("2026-01-01T00:00:00Z")};
	struct registry *registry = NULL;
	struct history *history = NULL;
	struct fault fault = {};
	int64_t number;

	snprintf(date, sizeof(date), "%u-05-06", year);
	document.date = slice_cstr(date);
	assert_int_equal(source_read(document.bytes, &options, &registry, &fault), 0);
	document.registry = registry;
	assert_int_equal(history_hash(document.bytes, registry, &document.hashes, &fault), 0);
	assert_int_equal(history_open(where, HISTORY_CREATE, &history, &fault), 0);
	assert_int_equal(history_begin(history, true, &fault), 0);
	assert_int_equal(history_add(history, &document, &number, &fault), 0);
	assert_int_equal(history_commit(history, &fault), 0);
	history_close(history);
	history_hashes_free(document.hashes);
	registry_free(registry);
}

static inline struct site *site_of_store(void)
{
	struct site_options options = {.store = where};
	struct fault fault = {};
	struct site *site = NULL;

	if (site_open(&options, &site, &fault) != 0)
		fail_msg("%s", fault.text);
	return site;
}

/* Replaced as programs do it: never half there. */
static inline void write_file(const char *path, struct slice text)
{
	FILE *file = fopen("written", "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(rename("written", path), 0);
}

#endif
