#undef NDEBUG
#include "../testing.h"
#include "http/access_log.h"

static const struct access_entry plain = {
	.time = 1787000000,
	.peer = SLICE("127.0.0.1"),
	.method = SLICE("GET"),
	.target = SLICE("/ports/443?x=1"),
	.agent = SLICE("curl/7.88"),
	.status = 200,
	.bytes = 613,
	.microseconds = 1000042,
};

static void check(enum access_format format, const struct access_entry *entry, const char *expected)
{
	struct strbuf line = {};

	access_log_line(format, entry, &line);
	assert_slice(strbuf_slice(&line), slice_cstr(expected));
	strbuf_done(&line);
}

static void test_plain(void **state)
{
	(void)state;
	check(ACCESS_PLAIN, &plain,
	      "127.0.0.1 - - [17/Aug/2026:20:53:20 +0000] \"GET /ports/443?x=1 HTTP/1.1\" 200 613 "
	      "\"-\" \"curl/7.88\" 1.000042\n");
}

static void test_json(void **state)
{
	(void)state;
	check(ACCESS_JSON, &plain,
	      "{\"time\":\"2026-08-17T20:53:20Z\",\"peer\":\"127.0.0.1\",\"method\":\"GET\","
	      "\"target\":\"/ports/443?x=1\",\"status\":200,\"bytes\":613,"
	      "\"microseconds\":1000042,\"agent\":\"curl/7.88\"}\n");
}

static void test_off(void **state)
{
	(void)state;
	check(ACCESS_OFF, &plain, "");
}

static void test_what_would_be_obeyed(void **state)
{
	struct access_entry entry = plain;

	(void)state;
	entry.agent = SLICE("a\n\"\\\033[m\xc2\x9b\xff\xc3\xa9\x7f");
	check(ACCESS_PLAIN, &entry,
	      "127.0.0.1 - - [17/Aug/2026:20:53:20 +0000] \"GET /ports/443?x=1 HTTP/1.1\" 200 613 "
	      "\"-\" \"a\\x0a\\\"\\\\\\x1b[m\\x9b\\xff\xc3\xa9\\x7f\" 1.000042\n");
	check(ACCESS_JSON, &entry,
	      "{\"time\":\"2026-08-17T20:53:20Z\",\"peer\":\"127.0.0.1\",\"method\":\"GET\","
	      "\"target\":\"/ports/443?x=1\",\"status\":200,\"bytes\":613,"
	      "\"microseconds\":1000042,"
	      "\"agent\":\"a\\u000a\\\"\\\\\\u001b[m\\u009b\\u00ff\xc3\xa9\\u007f\"}\n");
}

static void test_lines_are_bounded(void **state)
{
	static char many[100000];
	struct access_entry entry = plain;
	struct strbuf line = {};

	(void)state;
	memset(many, 1, sizeof(many));
	entry.peer = entry.method = entry.target = entry.referer = entry.agent =
		(struct slice){many, sizeof(many)};
	access_log_line(ACCESS_PLAIN, &entry, &line);
	assert_in_range(line.n, 1000, 4096);
	line.n = 0;
	access_log_line(ACCESS_JSON, &entry, &line);
	assert_in_range(line.n, 1000, 4096);
	strbuf_done(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_what_would_be_obeyed),
		cmocka_unit_test(test_lines_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
