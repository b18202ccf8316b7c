/* A store with editions whose services come and go. Included behind testing.h. */
#ifndef PORTBOOK_TESTS_PREFLIGHT_EDITIONS_H
#define PORTBOOK_TESTS_PREFLIGHT_EDITIONS_H

#include <unistd.h>

#include "history/history.h"
#include "source/source.h"

#define HEAD                                                                                       \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration "   \
	"Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,Assignment "      \
	"Notes\r\n"
#define ROW(name, port, transport, text) name "," port "," transport "," text ",,,,,,,,\r\n"

/* gone leaves, and comes back as something else; moved has another port; stays changes its text. */
static const struct {
	struct slice date, text;
} editions[] = {
	{SLICE("2020-01-01"),
	 SLICE(HEAD ROW("gone", "6600", "tcp", "A") ROW("moved", "6601", "udp", "B")
		       ROW("stays", "6602", "tcp", "C"))},
	{SLICE("2021-02-03"),
	 SLICE(HEAD ROW("gone", "6600", "tcp", "A2") ROW("moved", "6603", "udp", "B")
		       ROW("stays", "6602", "tcp", "C2"))},
	{SLICE("2022-03-04"),
	 SLICE(HEAD ROW("moved", "6603", "udp", "B") ROW("stays", "6602", "tcp", "C2")
		       ROW("fresh", "6604", "tcp", "D"))},
	{SLICE("2023-04-05"),
	 SLICE(HEAD ROW("moved", "6603", "udp", "B") ROW("stays", "6602", "tcp", "C3")
		       ROW("fresh", "6604", "tcp", "D") ROW("Again", "", "tcp", "E"))},
	{SLICE("2024-05-06"),
	 SLICE(HEAD ROW("moved", "6603", "udp", "B") ROW("stays", "6602", "tcp", "C3")
		       ROW("fresh", "6604", "tcp", "D"))},
};

static inline void add_edition(struct history *history, size_t which)
{
	struct slice text = editions[which].text;
	struct registry *registry = NULL;
	struct history_hashes *hashes = NULL;
	struct fault fault = {};
	int64_t number;
	struct history_document document = {.bytes = text,
					    .format = SLICE("CSV"),
					    .date = editions[which].date,
					    .origin = SLICE("made up"),
					    .imported = SLICE("2026-01-01T00:00:00Z")};

	if (source_read(text, NULL, &registry, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_int_equal(history_hash(text, registry, &hashes, &fault), 0);
	document.registry = registry;
	document.hashes = hashes;
	assert_int_equal(history_add(history, &document, &number, &fault), 0);
	history_hashes_free(hashes);
	registry_free(registry);
}

/* A new store, open within a transaction; place ends in XXXXXX. */
static inline struct history *open_editions(char *place)
{
	struct history *history = NULL;
	struct fault fault = {};
	int file = mkstemp(place);

	assert_true(file >= 0);
	close(file);
	unlink(place);
	if (history_open(place, HISTORY_CREATE, &history, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_int_equal(history_begin(history, true, &fault), 0);
	for (size_t i = 0; i < ARRAY_SIZE(editions); i++)
		add_edition(history, i);
	assert_int_equal(history_commit(history, &fault), 0);
	return history;
}

#endif
