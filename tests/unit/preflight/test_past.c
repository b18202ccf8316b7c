#undef NDEBUG
#include "../testing.h"

#include "desk.h"
#include "editions.h"

static struct preflight_past *past_of_editions(void)
{
	char place[] = "/tmp/portbook-past-XXXXXX";
	struct history *history = open_editions(place);
	struct preflight_past *past = NULL;
	struct fault fault = {};

	assert_int_equal(history_begin(history, false, &fault), 0);
	assert_int_equal(preflight_past_read(history, &past, &fault), 0);
	history_rollback(history);
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
