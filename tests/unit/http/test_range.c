#undef NDEBUG
#include <stdio.h>

#include "../testing.h"
#include "http/handlers.h"
#include "http/respond.h"

enum { LENGTH = 10000 };

static const struct route route = {.pattern = "/", .methods = 1u << HTTP_GET};

struct asked {
	struct http_header headers[3];
	struct http_request request;
	struct http_response response;
};

/* A body whose bytes differ from their neighbours, and the headers of who asks for it. */
static void begin(struct asked *asked, const char *range, const char *if_range)
{
	*asked = (struct asked){.headers = {{SLICE("Range"), slice_cstr(range)},
					    {SLICE("If-Range"), slice_cstr(if_range)}}};
	asked->request.headers = asked->headers;
	asked->request.header_count = if_range ? 2 : range ? 1 : 0;
	assert_int_equal(http_respond(&asked->response, 200, HTTP_CSV), 0);
	for (unsigned i = 0; i < LENGTH; i++)
		out_printf(&asked->response.body, "%u", i % 10);
	asked->response.etag = SLICE("tag");
	asked->response.last_modified = SLICE("2026-08-17");
	asked->response.route = &route;
}

static struct slice header(const struct asked *asked, const char *name)
{
	struct http_request as_request = {.headers = asked->response.headers,
					  .header_count = asked->response.header_count};

	return http_header(&as_request, slice_cstr(name));
}

static void whole(const char *range, const char *if_range)
{
	struct asked asked;

	begin(&asked, range, if_range);
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 200);
	assert_int_equal(respond_body(&asked.response).n, LENGTH);
	assert_text(header(&asked, "Accept-Ranges"), "bytes");
	assert_absent(header(&asked, "Content-Range"));
	http_response_done(&asked.response);
}

static void part(const char *range, const char *if_range, size_t from, size_t to)
{
	struct asked asked;
	struct slice body;
	char expected[64];

	begin(&asked, range, if_range);
	respond(&asked.request, &asked.response);
	body = respond_body(&asked.response);
	assert_int_equal(asked.response.status, 206);
	assert_int_equal(body.n, to - from);
	for (size_t i = 0; i < body.n; i++)
		assert_int_equal(body.p[i], '0' + (char)((from + i) % 10));
	(void)snprintf(expected, sizeof(expected), "bytes %zu-%zu/%d", from, to - 1, LENGTH);
	assert_slice(header(&asked, "Content-Range"), slice_cstr(expected));
	assert_text(header(&asked, "ETag"), "\"tag\"");
	assert_text(header(&asked, "Last-Modified"), "Mon, 17 Aug 2026 00:00:00 GMT");
	assert_text(header(&asked, "Content-Type"), "text/csv; charset=utf-8");
	http_response_done(&asked.response);
}

static void refused(const char *range)
{
	struct asked asked;

	begin(&asked, range, NULL);
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 416);
	assert_text(header(&asked, "Content-Range"), "bytes */10000");
	assert_text(header(&asked, "Content-Type"), "application/problem+json");
	assert_text(header(&asked, "Cache-Control"), "no-store");
	assert_absent(header(&asked, "ETag"));
	http_response_done(&asked.response);
}

static void test_parts(void **state)
{
	(void)state;
	part("bytes=0-0", NULL, 0, 1);
	part("bytes=0-99", NULL, 0, 100);
	part("bytes=9999-9999", NULL, 9999, 10000);
	part("bytes=9999-", NULL, 9999, 10000);
	part("bytes=0-", NULL, 0, 10000);
	part("bytes=-1", NULL, 9999, 10000);
	part("bytes=-10000", NULL, 0, 10000);
	part("Bytes = 5 - 6 ", NULL, 5, 7);
}

static void test_what_is_longer_ends_with_the_body(void **state)
{
	(void)state;
	part("bytes=9990-10000", NULL, 9990, 10000);
	part("bytes=9990-18446744073709551614", NULL, 9990, 10000);
	part("bytes=-10001", NULL, 0, 10000);
	part("bytes=-18446744073709551615", NULL, 0, 10000);
}

static void test_what_begins_behind_the_body(void **state)
{
	(void)state;
	refused("bytes=10000-");
	refused("bytes=10000-10000");
	refused("bytes=18446744073709551615-");
	refused("bytes=-0");
}

static void test_what_is_no_range_is_ignored(void **state)
{
	static const char *const ranges[] = {
		"bytes=9-8",
		"bytes=-",
		"bytes=",
		"bytes",
		"bytes=1",
		"bytes=a-b",
		"bytes=1-b",
		"bytes=--1",
		"bytes=1--2",
		"lines=0-99",
		"=0-99",
		"",
		"bytes=+1-2",
		"bytes=0x1-",
		"bytes 0-99",
		"bytes=0-0,5-6",
		"bytes=0-99999999999999999999",
		"bytes=99999999999999999999-",
	};

	(void)state;
	whole(NULL, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		whole(ranges[i], NULL);
}

static void test_only_of_the_body_that_the_client_has(void **state)
{
	(void)state;
	part("bytes=5-", "\"tag\"", 5, 10000);
	whole("bytes=5-", "\"other\"");
	whole("bytes=5-", "W/\"tag\"");
	whole("bytes=5-", "tag");
	whole("bytes=10000-", "\"other\"");
	/* That of a compressed body, and of the next document of a day, is the same. */
	whole("bytes=5-", "Mon, 17 Aug 2026 00:00:00 GMT");
}

static void test_a_part_of_what_is_shared(void **state)
{
	static char shared[LENGTH];
	struct asked asked;

	(void)state;
	begin(&asked, "bytes=100-199", NULL);
	asked.response.shared = (struct slice){shared, LENGTH};
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 206);
	assert_ptr_equal(respond_body(&asked.response).p, shared + 100);
	assert_int_equal(respond_body(&asked.response).n, 100);
	http_response_done(&asked.response);
}

static void test_a_part_of_what_is_compressed(void **state)
{
	struct asked asked;

	(void)state;
	begin(&asked, "bytes=2-3", NULL);
	asked.headers[1] = (struct http_header){SLICE("Accept-Encoding"), SLICE("gzip")};
	asked.request.header_count = 2;
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 206);
	assert_text(header(&asked, "Content-Encoding"), "gzip");
	assert_text(header(&asked, "ETag"), "\"tag-gzip\"");
	/* The method and the flags of RFC 1952. */
	assert_int_equal(respond_body(&asked.response).n, 2);
	assert_memory_equal(respond_body(&asked.response).p, "\x08\x00", 2);
	http_response_done(&asked.response);
}

static void test_only_of_what_get_is_given(void **state)
{
	struct asked asked;

	(void)state;
	begin(&asked, "bytes=0-9", NULL);
	asked.request.method = HTTP_HEAD;
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 200);
	assert_int_equal(respond_body(&asked.response).n, LENGTH);
	assert_text(header(&asked, "Accept-Ranges"), "bytes");
	http_response_done(&asked.response);
	begin(&asked, "bytes=0-9", NULL);
	asked.response.status = 404;
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 404);
	assert_int_equal(respond_body(&asked.response).n, LENGTH);
	http_response_done(&asked.response);
	/* What is known already is told as that. */
	begin(&asked, "bytes=0-9", NULL);
	asked.headers[1] = (struct http_header){SLICE("If-None-Match"), SLICE("\"tag\"")};
	asked.request.header_count = 2;
	respond(&asked.request, &asked.response);
	assert_int_equal(asked.response.status, 304);
	http_response_done(&asked.response);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_what_is_longer_ends_with_the_body),
		cmocka_unit_test(test_what_begins_behind_the_body),
		cmocka_unit_test(test_what_is_no_range_is_ignored),
		cmocka_unit_test(test_only_of_the_body_that_the_client_has),
		cmocka_unit_test(test_a_part_of_what_is_shared),
		cmocka_unit_test(test_a_part_of_what_is_compressed),
		cmocka_unit_test(test_only_of_what_get_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
