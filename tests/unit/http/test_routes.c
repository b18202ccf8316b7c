#undef NDEBUG
#include "../testing.h"
#include "asking.h"

#define PAGE "/assignments/service-names-port-numbers"

static unsigned status_of(struct site *site, const char *address)
{
	struct http_response response = ask(site, address);
	unsigned status = response.status;

	http_response_done(&response);
	return status;
}

static void test_paths(void **state)
{
	static const struct {
		const char *address;
		unsigned status;
	} cases[] = {
		{PAGE, 200},
		{PAGE "/", 200},
		{PAGE "/service-names-port-numbers.xhtml", 200},
		{PAGE "/service%2Dnames-port-numbers%2exhtml", 200},
		{PAGE "?", 200},
		{PAGE "?search", 200},
		{PAGE "//", 404},
		{"/" PAGE, 404},
		{"//assignments", 404},
		{"//example.com/", 404},
		{"", 404},
		{"*", 404},
		{"x" PAGE, 404},
		{"/assignments", 404},
		{"/assignments%2fservice-names-port-numbers", 404},
		{"/../.." PAGE, 404},
		{"/%2e%2e/etc/passwd", 404},
		{PAGE "/../../../../etc/passwd", 404},
		{PAGE "/..%2f..%2fetc", 404},
		{PAGE "/service-names-port-numbers.xhtml/more", 404},
		{"/a/b/c/d/e/f/g/h/i/j/k/l/m", 404},
		{PAGE "%00", 400},
		{"/%ff%fe", 400},
		{"/\xff", 400},
		{"/%", 404},
		{"/%g", 404},
	};
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned status = status_of(site, cases[i].address);

		if (status != cases[i].status)
			fail_msg("%s: %u", cases[i].address, status);
	}
	site_close(site);
}

static void test_slow(void **state)
{
	static const struct {
		struct slice path, query;
		enum server_lane lane;
	} cases[] = {
		{SLICE("/"), SLICE_NONE, LANE_QUICK},
		{SLICE("/chart.png"), SLICE_NONE, LANE_SLOW},
		{SLICE("/%63hart.png"), SLICE_NONE, LANE_SLOW},
		{SLICE("/chart.png/"), SLICE_NONE, LANE_SLOW},
		{SLICE("/chart"), SLICE("transport=tcp"), LANE_QUICK},
		{SLICE("/api/v1/log/rsync/tcp"), SLICE_NONE, LANE_SLOW},
		{SLICE("/api/v1/ports/443"), SLICE_NONE, LANE_QUICK},
		{SLICE("/api/v1/rows"), SLICE("search=a"), LANE_QUICK},
		{SLICE("/api/v1/rows"), SLICE("as_of="), LANE_QUICK},
		{SLICE("/api/v1/rows"), SLICE("as_of=2020-01-01"), LANE_SLOW},
		{SLICE("/api/v1/rows"), SLICE("limit=1&as%5Fof=2020-01-01"), LANE_SLOW},
		{SLICE("/api/v1/rows"), SLICE("cursor=0-0-202001010001"), LANE_SLOW},
		{SLICE(PAGE "/service-names-port-numbers.csv"), SLICE_NONE, LANE_QUICK},
		{SLICE(PAGE "/service-names-port-numbers.csv"), SLICE("search=a"), LANE_SLOW},
		{SLICE("/api/v1/requests"), SLICE("cursor=12"), LANE_DESK},
		{SLICE("/api/v1/accounts"), SLICE_NONE, LANE_DESK},
		{SLICE("/nothing"), SLICE_NONE, LANE_QUICK},
		{SLICE("/%00"), SLICE("%00"), LANE_QUICK},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_request request = {.path = cases[i].path, .query = cases[i].query};

		if (site_lane(&request) != cases[i].lane)
			fail_msg("%s", cases[i].path.p);
	}
}

static void test_methods(void **state)
{
	struct site *site = site_of(NULL);
	struct http_response response = ask_as(site, HTTP_POST, PAGE, SLICE_NONE);

	(void)state;
	assert_status(&response, 405);
	assert_non_null(response.route);
	assert_text(response.type, "application/problem+json");
	assert_text(header_of(&response, SLICE("Allow")), "GET, HEAD, OPTIONS");
	http_response_done(&response);
	response = ask_as(site, HTTP_OTHER, PAGE, SLICE("text/html"));
	assert_status(&response, 405);
	assert_text(response.type, "text/html; charset=utf-8");
	assert_text(header_of(&response, SLICE("Allow")), "GET, HEAD, OPTIONS");
	http_response_done(&response);
	response = ask_as(site, HTTP_OPTIONS, PAGE, SLICE_NONE);
	assert_status(&response, 204);
	assert_absent(response.type);
	assert_text(header_of(&response, SLICE("Allow")), "GET, HEAD, OPTIONS");
	http_response_done(&response);
	response = ask_as(site, HTTP_HEAD, PAGE, SLICE_NONE);
	assert_status(&response, 200);
	http_response_done(&response);
	response = ask_as(site, HTTP_OPTIONS, "/none", SLICE_NONE);
	assert_status(&response, 404);
	assert_null(response.route);
	http_response_done(&response);
	site_close(site);
}

static void test_problems(void **state)
{
	static const struct {
		struct slice accept;
		bool is_page;
	} cases[] = {
		{SLICE("text/html"), true},
		{SLICE("text/html,application/xhtml+xml,*/*;q=0.8"), true},
		{SLICE("application/json"), false},
		{SLICE("application/json, text/html"), false},
		{SLICE("*/*"), false},
		{SLICE(""), false},
	};
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response =
			ask_as(site, HTTP_GET, "/<script>", cases[i].accept);

		assert_status(&response, 404);
		assert_has(&response, "Not Found");
		assert_has(&response, "nothing is at this address");
		assert_lacks(&response, "<script>");
		if (cases[i].is_page)
			assert_text(response.type, "text/html; charset=utf-8");
		else
			assert_text(response.type, "application/problem+json");
		http_response_done(&response);
	}
	site_close(site);
}

/* Every pattern is one that a path can match. */
static void test_table(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct route *route; (route = route_at(count)); count++) {
		size_t captures = 0;

		assert_int_equal(route->pattern[0], '/');
		assert_int_equal(!!route->handler.http + !!route->handler.visitor +
					 !!route->handler.page,
				 1);
		assert_int_not_equal(route->methods, 0);
		assert_int_equal(route->methods & ~((1u << HTTP_GET) | (1u << HTTP_POST)), 0);
		for (const char *p = route->pattern; (p = strstr(p, "{}")); p++)
			captures++;
		assert_true(captures <= ROUTE_CAPTURES_MAX);
	}
	assert_true(count > 0);
	assert_null(route_at(count + 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),	cmocka_unit_test(test_slow),
		cmocka_unit_test(test_methods), cmocka_unit_test(test_problems),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
