#undef NDEBUG
#include "../testing.h"

#include <stdio.h>
#include <unistd.h>

#include "desk.h"
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

static char place[] = "/tmp/portbook-past-XXXXXX";

static void add(struct history *history, size_t which)
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

static struct preflight_past *past_of_editions(void)
{
	struct history *history = NULL;
	struct preflight_past *past = NULL;
	struct fault fault = {};
	int file = mkstemp(place);

	assert_true(file >= 0);
	close(file);
	unlink(place);
	if (history_open(place, HISTORY_CREATE, &history, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_int_equal(history_begin(history, true, &fault), 0);
	for (size_t i = 0; i < ARRAY_SIZE(editions); i++)
		add(history, i);
	assert_int_equal(preflight_past_read(history, &past, &fault), 0);
	assert_int_equal(history_commit(history, &fault), 0);
	history_close(history);
	unlink(place);
	return past;
}

static void test_past(void **state)
{
	struct preflight_past *past = past_of_editions();
	struct made made;
	struct preflight found;
	const struct preflight_finding *finding;

	(void)state;
	made_open(&made, "rfc6335");
	made.facts.past = past;
	found = preflight_of(&made, "name=GONE;ports=6601;transports=udp");
	finding = finding_of(&found, 207);
	assert_text(finding->text,
		    "The name \"GONE\" was registered until 2022-03-04: whoever knows it from then "
		    "may take it for the former service.");
	/* One span, though its row changed meanwhile. */
	assert_int_equal(finding->precedent_count, 1);
	assert_text(finding->precedents[0].name, "gone");
	assert_text(finding->precedents[0].date, "2022-03-04");
	assert_int_equal(finding->precedents[0].first_port, 6600);
	assert_int_equal(finding->precedents[0].transport, TRANSPORT_TCP);
	finding = finding_of(&found, 307);
	assert_text(finding->precedents[0].name, "moved");
	assert_text(finding->precedents[0].date, "2021-02-03");
	preflight_done(&found);
	/* By another transport nobody had it; what is there still is not past. */
	found = preflight_of(&made, "name=moved;ports=6601;transports=tcp");
	assert_null(finding_of(&found, 307));
	assert_null(finding_of(&found, 207));
	preflight_done(&found);
	found = preflight_of(&made, "name=stays;ports=6602");
	assert_null(finding_of(&found, 307));
	assert_null(finding_of(&found, 207));
	preflight_done(&found);
	found = preflight_of(&made, "procedure=name;name=again;transports=tcp");
	assert_text(finding_of(&found, 207)->precedents[0].date, "2024-05-06");
	assert_int_equal(finding_of(&found, 207)->precedents[0].first_port, -1);
	preflight_done(&found);
	found = preflight_of(&made, "name=never");
	assert_null(finding_of(&found, 207));
	preflight_done(&found);
	made_done(&made);
	preflight_past_free(past);
	preflight_past_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_past)};

	return cmocka_run_group_tests_name("past", tests, NULL, NULL);
}
