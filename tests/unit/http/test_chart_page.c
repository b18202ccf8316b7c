#undef NDEBUG
#include "../testing.h"

#include <stdio.h>
#include <unistd.h>

#include "asking.h"
#include "base/number.h"
#include "chart/chart.h"
#include "stored.h"

static void test_pictures(void **state)
{
	static const struct {
		const char *address;
		struct slice type, start;
	} cases[] = {
		{"/chart.svg", HTTP_SVG, SLICE("<svg ")},
		{"/chart.svg?transport=UDP", HTTP_SVG, SLICE("<svg ")},
		{"/chart.png", HTTP_PNG, SLICE("\x89PNG\r\n\x1a\n")},
		{"/chart.png?transport=sctp&as_of=", HTTP_PNG, SLICE("\x89PNG\r\n\x1a\n")},
	};
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response = ask(site, cases[i].address);

		assert_status(&response, 200);
		assert_slice(response.type, cases[i].type);
		assert_true(slice_starts(body_of(&response), cases[i].start));
		assert_true(response.last_modified.n == 10);
		http_response_done(&response);
	}
	site_close(site);
}

static void test_refused(void **state)
{
	static const struct {
		const char *address;
		unsigned status;
	} cases[] = {
		{"/chart?transport=icmp", 400},
		{"/chart.svg?transport=%3Cscript%3E", 400},
		{"/chart.png?transport=%ff", 400},
		{"/chart/cells?transport=", 200},
		{"/chart/cells?transport=tcp,udp", 400},
		{"/chart?as_of=yesterday", 400},
		{"/chart.svg?as_of=2020-01-01", 404},
		{"/chart/over-time.svg", 404},
		{"/chart/more", 404},
	};
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response = ask(site, cases[i].address);

		if (response.status != cases[i].status)
			fail_msg("%s: %u", cases[i].address, response.status);
		assert_lacks(&response, "<script>");
		http_response_done(&response);
	}
	site_close(site);
}

/* The next number of text, which is cut from it. */
static unsigned take_number(struct slice *text)
{
	uint64_t number;

	assert_true(number_parse(slice_cut(text, ','), PORT_COUNT, &number));
	return (unsigned)number;
}

static void test_cells(void **state)
{
	struct site *site = site_of(NULL);
	struct http_response response = ask(site, "/chart/cells?transport=udp");
	const struct site_edition *edition;
	static struct chart_map map;
	struct fault fault = {};
	struct slice runs = body_of(&response);
	uint32_t port = 0;

	(void)state;
	assert_status(&response, 200);
	assert_slice(response.type, HTTP_JSON);
	assert_has(&response, "\"transport\":\"udp\"");
	assert_true(slice_ends(runs, SLICE("]}\n")));
	runs = slice_skip(runs, slice_find(runs, SLICE("[")) + 1);
	runs.n -= 3;
	assert_int_equal(site_hold(site, SLICE_NONE, &edition, &fault), 0);
	chart_read(&edition->image, TRANSPORT_UDP, &map);
	while (runs.p) {
		unsigned kind = take_number(&runs), count = take_number(&runs);

		assert_true(count > 0);
		for (; count > 0 && port < PORT_COUNT; count--)
			assert_int_equal(chart_kind_of(&map, (uint16_t)port++), kind);
		assert_int_equal(count, 0);
	}
	assert_int_equal(port, PORT_COUNT);
	site_release(site, edition);
	http_response_done(&response);
	site_close(site);
}

static void test_page(void **state)
{
	struct site *site = site_of(NULL);
	struct http_response response = ask(site, "/chart?transport=udp");

	(void)state;
	assert_status(&response, 200);
	assert_slice(response.type, HTTP_HTML);
	assert_has(&response, "<option selected=\"selected\">udp</option>");
	assert_has(&response, "src=\"/chart.svg?transport=udp\"");
	assert_has(&response, "data-transport=\"udp\"");
	assert_has(&response, "<span data-kind=\"11\">16,384</span>");
	/* What a store would have. */
	assert_lacks(&response, "name=\"as_of\"");
	assert_lacks(&response, "over-time.svg");
	http_response_done(&response);
	site_close(site);
}

static void assert_answer(struct site *site, const char *address, const char *text)
{
	struct http_response response = ask(site, address);

	assert_status(&response, 200);
	if (slice_find(body_of(&response), slice_cstr(text)) == (size_t)-1)
		fail_msg("%s: no %s", address, text);
	http_response_done(&response);
}

static void test_store(void **state)
{
	static const struct stored documents[] = {
		{SLICE("2020-01-01"), SLICE("a 1/tcp\n")},
		{SLICE("2021-01-01"), SLICE("a 1/tcp\nb 50000/tcp\nc 2/udp\n")},
	};
	char folder[] = P_tmpdir "/portbook-chart-XXXXXX", path[64];
	struct site_options options = {.store = path};
	struct site *site = NULL;
	struct fault fault = {};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/store", folder);
	stored_make(path, documents, ARRAY_SIZE(documents));
	assert_int_equal(site_open(&options, &site, &fault), 0);
	assert_answer(site, "/chart", "<option>2020-01-01</option>");
	assert_answer(site, "/chart", "<option selected=\"selected\">2021-01-01</option>");
	assert_answer(site, "/chart", "<span data-kind=\"8\">1</span>");
	assert_answer(site, "/chart", "src=\"/chart/over-time.svg\"");
	assert_answer(site, "/chart?as_of=2020-06-01",
		      "src=\"/chart.svg?transport=tcp&amp;as_of=2020-06-01\"");
	assert_answer(site, "/chart?as_of=2020-06-01", "<span data-kind=\"8\">0</span>");
	assert_answer(site, "/chart/cells?as_of=2020-06-01",
		      "{\"edition\":\"2020-01-01\",\"transport\":\"tcp\",\"runs\":[2,1,0,1,3,");
	assert_answer(site, "/chart/over-time.svg", "2021-01-01: names 3, TCP 2, UDP 1,");
	site_close(site);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pictures), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cells),	 cmocka_unit_test(test_page),
		cmocka_unit_test(test_store),
	};

	return cmocka_run_group_tests_name("chart_page", tests, NULL, NULL);
}
