#undef NDEBUG
#include "../testing.h"
#include "http/handlers.h"
#include "http/respond.h"

static const struct route open_route = {
	.pattern = "/open", .methods = 1u << HTTP_GET, .cross_origin = true};
static const struct route closed_route = {.pattern = "/closed",
					  .methods = 1u << HTTP_GET | 1u << HTTP_POST};

/* A request with up to one header, and the response that it gets of a text of n bytes. */
struct asked {
	struct http_header header;
	struct http_request request;
	struct http_response response;
};

static void begin(struct asked *asked, const char *name, const char *value, size_t n)
{
	*asked = (struct asked){.header = {slice_cstr(name), slice_cstr(value)}};
	asked->request.headers = &asked->header;
	asked->request.header_count = name != NULL;
	assert_int_equal(http_respond(&asked->response, 200, HTTP_CSV), 0);
	out_repeat(&asked->response.body, 'x', n);
}

static struct slice header(const struct asked *asked, const char *name)
{
	struct http_request as_request = {.headers = asked->response.headers,
					  .header_count = asked->response.header_count};

	return http_header(&as_request, slice_cstr(name));
}

static void ask(struct asked *asked, const char *name, const char *value, size_t n)
{
	begin(asked, name, value, n);
	respond(&asked->request, &asked->response);
}

static void test_what_every_response_has(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, NULL, NULL, 3);
	assert_int_equal(asked.response.status, 200);
	assert_text(respond_body(&asked.response), "xxx");
	assert_text(header(&asked, "content-type"), "text/csv; charset=utf-8");
	assert_text(header(&asked, "x-content-type-options"), "nosniff");
	assert_text(header(&asked, "cache-control"), "no-cache");
	assert_text(header(&asked, "vary"), "Accept-Encoding");
	assert_text(header(&asked, "referrer-policy"), "same-origin");
	assert_text(header(&asked, "content-security-policy"),
		    "default-src 'none'; frame-ancestors 'none'");
	assert_absent(header(&asked, "access-control-allow-origin"));
	http_response_done(&asked.response);
}

static void test_pages_load_from_here_alone(void **state)
{
	struct asked asked;
	struct slice policy;

	(void)state;
	begin(&asked, NULL, NULL, 3);
	asked.response.type = HTTP_HTML;
	respond(&asked.request, &asked.response);
	policy = header(&asked, "content-security-policy");
	assert_true(slice_find(policy, SLICE("script-src 'self';")) != (size_t)-1);
	assert_true(slice_find(policy, SLICE("frame-ancestors 'none'")) != (size_t)-1);
	assert_true(slice_find(policy, SLICE("unsafe")) == (size_t)-1);
	http_response_done(&asked.response);
}

static void test_what_handlers_give_stays(void **state)
{
	struct asked asked;

	(void)state;
	begin(&asked, NULL, NULL, 3);
	assert_true(http_add_header(&asked.response, SLICE("cache-control"), SLICE("max-age=9")));
	respond(&asked.request, &asked.response);
	assert_text(header(&asked, "Cache-Control"), "max-age=9");
	http_response_done(&asked.response);
}

static void test_tags(void **state)
{
	struct asked first, same, other;

	(void)state;
	ask(&first, NULL, NULL, 3);
	ask(&same, NULL, NULL, 3);
	ask(&other, NULL, NULL, 4);
	assert_int_equal(header(&first, "ETag").n, 34);
	assert_slice(header(&same, "ETag"), header(&first, "ETag"));
	assert_false(slice_eq(header(&other, "ETag"), header(&first, "ETag")));
	http_response_done(&first.response);
	http_response_done(&same.response);
	http_response_done(&other.response);
}

static void known(const char *name, const char *value, unsigned status)
{
	struct asked asked;

	begin(&asked, name, value, 3);
	asked.response.etag = SLICE("abc");
	asked.response.last_modified = SLICE("2026-08-17");
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, status);
	assert_text(header(&asked, "ETag"), "\"abc\"");
	assert_text(header(&asked, "Last-Modified"), "Mon, 17 Aug 2026 00:00:00 GMT");
	assert_text(header(&asked, "Vary"), "Accept-Encoding");
	assert_int_equal(respond_body(&asked.response).n, status == 304 ? 0 : 3);
	assert_int_equal(!header(&asked, "Content-Type").p, status == 304);
	http_response_done(&asked.response);
}

static void test_conditions(void **state)
{
	(void)state;
	known("If-None-Match", "\"abc\"", 304);
	known("If-None-Match", "W/\"abc\"", 304);
	known("If-None-Match", "\"x\", \"abc\"", 304);
	known("If-None-Match", "*", 304);
	known("If-None-Match", "abc", 200);
	known("If-None-Match", "\"abc-gzip\"", 200);
	known("If-None-Match", "", 200);
	known("If-Modified-Since", "Mon, 17 Aug 2026 00:00:00 GMT", 304);
	known("If-Modified-Since", "Thu, 01 Jan 2099 10:11:12 GMT", 304);
	known("If-Modified-Since", "Sun, 16 Aug 2026 23:59:59 GMT", 200);
	known("If-Modified-Since", "Monday, 17-Aug-26 00:00:00 GMT", 304);
	known("If-Modified-Since", "Sunday, 16-Aug-26 23:59:59 GMT", 200);
	known("If-Modified-Since", "Mon Aug 17 00:00:00 2026", 304);
	known("If-Modified-Since", "Sun Aug 16 23:59:59 2026", 200);
	known("If-Modified-Since", "Monday", 200);
}

static void test_a_tag_is_surer_than_a_date(void **state)
{
	struct http_header headers[] = {
		{SLICE("If-None-Match"), SLICE("\"other\"")},
		{SLICE("If-Modified-Since"), SLICE("Thu, 01 Jan 2099 00:00:00 GMT")}};
	struct asked asked;

	(void)state;
	begin(&asked, NULL, NULL, 3);
	asked.request.headers = headers;
	asked.request.header_count = 2;
	asked.response.etag = SLICE("abc");
	asked.response.last_modified = SLICE("2026-08-17");
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 200);
	http_response_done(&asked.response);
}

static void test_what_is_not_stored_has_no_tag(void **state)
{
	struct asked asked;

	(void)state;
	begin(&asked, "If-None-Match", "*", 3);
	assert_true(http_add_header(&asked.response, SLICE("Cache-Control"), SLICE("no-store")));
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 200);
	assert_absent(header(&asked, "ETag"));
	http_response_done(&asked.response);
}

static void test_problems_have_no_tag(void **state)
{
	struct asked asked = {.request = {.method = HTTP_GET}};

	(void)state;
	assert_int_equal(http_problem(&asked.response, 404, SLICE("Not Found"), SLICE_NONE), 0);
	respond(&asked.request, &asked.response);
	assert_absent(header(&asked, "ETag"));
	assert_text(header(&asked, "Cache-Control"), "no-store");
	assert_text(header(&asked, "Content-Type"), "application/problem+json");
	http_response_done(&asked.response);
}

static void accept(const char *codings, bool compressed)
{
	struct asked asked;

	ask(&asked, "Accept-Encoding", codings, 5000);
	assert_int_equal(header(&asked, "Content-Encoding").p != NULL, compressed);
	assert_int_equal(respond_body(&asked.response).n < 5000, compressed);
	assert_int_equal(slice_ends(header(&asked, "ETag"), SLICE("-gzip\"")), compressed);
	assert_text(header(&asked, "Vary"), "Accept-Encoding");
	http_response_done(&asked.response);
}

static void test_compression(void **state)
{
	(void)state;
	accept("gzip", true);
	accept("deflate, GZip;q=0.5", true);
	accept("*", true);
	accept("br, *;q=0.1", true);
	accept("gzip;q=0", false);
	accept("gzip;q=0.000, *", false);
	accept("gzip;q=0.2, identity;q=0.8", false);
	accept("gzip;q=0.8, identity;q=0.2", true);
	accept("gzipped", false);
	accept("deflate, br", false);
	accept("", false);
}

static void test_small_or_packed_bodies_stay(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, "Accept-Encoding", "gzip", 1000);
	assert_absent(header(&asked, "Content-Encoding"));
	http_response_done(&asked.response);
	begin(&asked, "Accept-Encoding", "gzip", 5000);
	asked.response.type = HTTP_PNG;
	respond(&asked.request, &asked.response);
	assert_absent(header(&asked, "Content-Encoding"));
	assert_absent(header(&asked, "Vary"));
	http_response_done(&asked.response);
}

static void test_what_is_kept_compressed_goes(void **state)
{
	static char text[3000] = "text";
	struct asked asked;

	(void)state;
	begin(&asked, "Accept-Encoding", "gzip", 0);
	asked.response.shared = (struct slice){text, sizeof(text)};
	asked.response.shared_gzip = SLICE("packed");
	respond(&asked.request, &asked.response);
	assert_text(respond_body(&asked.response), "packed");
	assert_text(header(&asked, "Content-Encoding"), "gzip");
	http_response_done(&asked.response);
}

static void test_options(void **state)
{
	struct asked asked = {.request = {.method = HTTP_OPTIONS}};

	(void)state;
	assert_int_equal(http_problem(&asked.response, 405, SLICE("Method"), SLICE_NONE), 0);
	asked.response.route = &open_route;
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 204);
	assert_text(header(&asked, "Allow"), "GET, HEAD, OPTIONS");
	assert_text(header(&asked, "Access-Control-Allow-Origin"), "*");
	assert_text(header(&asked, "Access-Control-Allow-Methods"), "GET, HEAD");
	assert_absent(header(&asked, "Content-Type"));
	assert_int_equal(respond_body(&asked.response).n, 0);
	http_response_done(&asked.response);
}

static void test_only_routes_that_say_so_are_open(void **state)
{
	struct asked asked = {.request = {.method = HTTP_OPTIONS}};

	(void)state;
	assert_int_equal(http_respond(&asked.response, 204, SLICE_NONE), 0);
	asked.response.route = &closed_route;
	respond(&asked.request, &asked.response);
	assert_text(header(&asked, "Allow"), "GET, HEAD, POST, OPTIONS");
	assert_absent(header(&asked, "Access-Control-Allow-Origin"));
	http_response_done(&asked.response);
	begin(&asked, NULL, NULL, 3);
	asked.response.route = &open_route;
	respond(&asked.request, &asked.response);
	assert_text(header(&asked, "Access-Control-Allow-Origin"), "*");
	http_response_done(&asked.response);
}

static void test_refused_methods(void **state)
{
	struct asked asked = {.request = {.method = HTTP_OTHER}};

	(void)state;
	assert_int_equal(http_problem(&asked.response, 405, SLICE("Method"), SLICE_NONE), 0);
	asked.response.route = &open_route;
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 405);
	assert_text(header(&asked, "Allow"), "GET, HEAD, OPTIONS");
	http_response_done(&asked.response);
}

static void test_dates(void **state)
{
	char space[HTTP_DATE_LENGTH];

	(void)state;
	assert_text(http_date_write(SLICE("1970-01-01"), space), "Thu, 01 Jan 1970 00:00:00 GMT");
	assert_text(http_date_write(SLICE("2000-02-29"), space), "Tue, 29 Feb 2000 00:00:00 GMT");
	assert_text(http_date_write(SLICE("2026-11-22"), space), "Sun, 22 Nov 2026 00:00:00 GMT");
	assert_absent(http_date_write(SLICE("2026-11"), space));
	assert_text(http_date_write(SLICE("2026-11-22.2"), space), "Sun, 22 Nov 2026 00:00:01 GMT");
	assert_text(http_date_write(SLICE("2026-11-22.99"), space),
		    "Sun, 22 Nov 2026 00:01:38 GMT");
	assert_absent(http_date_write(SLICE("2026-11-22.0"), space));
	assert_absent(http_date_write(SLICE("2026-11-22.100"), space));
	assert_absent(http_date_write(SLICE("2026-11-22."), space));
	assert_absent(http_date_write(SLICE("2026-11-22x"), space));
	assert_absent(http_date_write(SLICE_NONE, space));
}

/* The three forms of RFC 9110, section 5.6.7, and what is none of them. */
static void test_date_forms(void **state)
{
	static const struct {
		struct slice text;
		int64_t seconds; /* -1: it is none */
	} cases[] = {
		{SLICE("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777},
		{SLICE("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777},
		{SLICE("Sun Nov  6 08:49:37 1994"), 784111777},
		{SLICE("Sun Nov 06 08:49:37 1994"), 784111777},
		{SLICE("Thu, 01 Jan 1970 00:00:00 GMT"), 0},
		{SLICE("Monday, 17-Aug-26 00:00:00 GMT"), 1786924800},
		{SLICE("Wednesday, 01-Jan-76 00:00:00 GMT"), 3345062400},
		{SLICE("Saturday, 01-Jan-77 00:00:00 GMT"), 220924800},
		{SLICE("Sun, 06 Xxx 1994 08:49:37 GMT"), -1},
		{SLICE("Sun, 06 Nov 1994 24:49:37 GMT"), -1},
		{SLICE("Sun, 06 Nov 1994 08:60:37 GMT"), -1},
		{SLICE("Sun, 06 Nov 1994 08:49:61 GMT"), -1},
		{SLICE("Sun, 06 Nov 1994 08:49:37 UTC"), -1},
		{SLICE("Sun, 06 Nov 1994 08:49:37 GMT "), -1},
		{SLICE("Sun, 06 Nov 1994 08:49:37"), -1},
		{SLICE("Sun, 06 Nov 1969 08:49:37 GMT"), -1},
		{SLICE("Sun, 00 Nov 1994 08:49:37 GMT"), -1},
		{SLICE("Sun, 32 Nov 1994 08:49:37 GMT"), -1},
		{SLICE("Sun, 6 Nov 1994 08:49:37 GMT"), -1},
		{SLICE(", 06 Nov 1994 08:49:37 GMT"), -1},
		{SLICE("Sun, 06-Nov-1994 08:49:37 GMT"), -1},
		{SLICE("Sunday, 06 Nov 94 08:49:37 GMT"), -1},
		{SLICE("Sun Nov  06 08:49:37 1994"), -1},
		{SLICE("Sun Nov  6 08:49:37 1994 GMT"), -1},
		{SLICE("Sun Nov  6 08:49:37 94"), -1},
		{SLICE("784111777"), -1},
		{SLICE(""), -1},
		{SLICE_NONE, -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t seconds = -1;

		/* In November 2026. */
		if (http_date_parse(cases[i].text, 1795305600, &seconds) !=
			    (cases[i].seconds >= 0) ||
		    seconds != cases[i].seconds)
			fail_msg("%s: %lld", cases[i].text.p, (long long)seconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_every_response_has),
		cmocka_unit_test(test_pages_load_from_here_alone),
		cmocka_unit_test(test_what_handlers_give_stays),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_a_tag_is_surer_than_a_date),
		cmocka_unit_test(test_what_is_not_stored_has_no_tag),
		cmocka_unit_test(test_problems_have_no_tag),
		cmocka_unit_test(test_compression),
		cmocka_unit_test(test_small_or_packed_bodies_stay),
		cmocka_unit_test(test_what_is_kept_compressed_goes),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_only_routes_that_say_so_are_open),
		cmocka_unit_test(test_refused_methods),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_date_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
