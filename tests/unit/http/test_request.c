#undef NDEBUG
#include "../testing.h"

#include "http/request.h"

/* The head of a request; headers as "Name: value" lines. */
static struct refusal read(const char *method, const char *target, const char *version,
			   struct slice headers, struct http_request *request)
{
	static struct request_head head;

	request_begin(&head);
	head.method = slice_cstr(method);
	head.target = slice_cstr(target);
	head.target_cut = false;
	head.version = slice_cstr(version);
	while (headers.n > 0) {
		struct slice value = slice_cut(&headers, '\n'), name = slice_cut(&value, ':');

		if (!request_add_header(&head, name, slice_trim(value)))
			break;
	}
	*request = (struct http_request){};
	return request_read(&head, request);
}

static void test_read(void **context)
{
	struct http_request request;

	(void)context;
	assert_int_equal(
		read("GET", "/a/b?c=d", "HTTP/1.1", SLICE("Host: x:8046\nA: b c"), &request).status,
		0);
	assert_int_equal(request.method, HTTP_GET);
	assert_text(request.path, "/a/b");
	assert_text(request.query, "c=d");
	assert_text(http_header(&request, SLICE("host")), "x:8046");
	assert_text(http_header(&request, SLICE("a")), "b c");
	assert_int_equal(read("BREW", "http://x/a", "HTTP/1.0", SLICE(""), &request).status, 0);
	assert_int_equal(request.method, HTTP_OTHER);
	assert_text(request.path, "/a");
	assert_absent(request.query);
	/* Methods are told apart by case (RFC 9110, section 9.1). */
	assert_int_equal(read("get", "/?", "HTTP/1.1", SLICE(""), &request).status, 0);
	assert_int_equal(request.method, HTTP_OTHER);
	assert_text(request.query, "");
}

static void test_refused(void **context)
{
	static const struct {
		unsigned status;
		const char *method, *target, *version;
		struct slice headers;
	} cases[] = {
		{400, "G(T", "/", "HTTP/1.1", SLICE("Host: x")},
		{400, "", "/", "HTTP/1.1", SLICE("Host: x")},
		{400, "GET", "", "HTTP/1.1", SLICE("Host: x")},
		{400, "GET", "*", "HTTP/1.1", SLICE("Host: x")},
		{400, "GET", "a", "HTTP/1.1", SLICE("Host: x")},
		{400, "GET", "http://x", "HTTP/1.1", SLICE("Host: x")},
		{400, "GET", "ftp://x/", "HTTP/1.1", SLICE("Host: x")},
		{400, "GET", "/a b", "HTTP/1.1", SLICE("Host: x")},
		{400, "GET", "/a#b", "HTTP/1.1", SLICE("Host: x")},
		{400, "GET", "/a\x7f", "HTTP/1.1", SLICE("Host: x")},
		{505, "GET", "/", "HTTP/2.0", SLICE("Host: x")},
		{505, "GET", "/", "http/1.1", SLICE("Host: x")},
		{505, "GET", "/", "", SLICE("Host: x")},
		{400, "GET", "/", "HTTP/1.1", SLICE("Host: x\nHost: x")},
		{400, "GET", "/", "HTTP/1.1", SLICE("Host: a, b")},
		{400, "GET", "/", "HTTP/1.1", SLICE("Host: a/b")},
		{400, "GET", "/", "HTTP/1.1", SLICE("Host: a@b")},
		{400, "GET", "/", "HTTP/1.1", SLICE("Content-Length: 1\ncontent-length: 1")},
		{400, "GET", "/", "HTTP/1.1", SLICE("Odd name: x")},
		{400, "GET", "/", "HTTP/1.1", SLICE("A: b\rc")},
		{400, "GET", "/", "HTTP/1.1", SLICE(": x")},
	};
	struct http_request request;

	(void)context;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct refusal refusal = read(cases[i].method, cases[i].target, cases[i].version,
					      cases[i].headers, &request);

		assert_int_equal(refusal.status, cases[i].status);
		assert_true(refusal.title.n > 0);
	}
}

static void test_limits(void **context)
{
	static struct request_head head;
	char path[2 + 2 * REQUEST_PARAMETERS_MAX] = "/", *text = path + 1;
	struct http_request request;

	(void)context;
	request_begin(&head);
	head.method = SLICE("GET");
	head.target = SLICE("/");
	head.version = SLICE("HTTP/1.1");
	head.target_cut = true;
	assert_int_equal(request_read(&head, &request).status, 414);
	head.target_cut = false;
	for (size_t i = 0; i < REQUEST_HEADERS_MAX; i++)
		assert_true(request_add_header(&head, SLICE("A"), SLICE("b")));
	assert_int_equal(request_read(&head, &request).status, 0);
	for (size_t i = 0; i < REQUEST_PARAMETERS_MAX; i++) {
		text[2 * i] = i > 0 ? '&' : '?';
		text[2 * i + 1] = 'a';
	}
	head.target = (struct slice){path, 1 + 2 * REQUEST_PARAMETERS_MAX};
	assert_int_equal(request_read(&head, &request).status, 0);
	text[2 * REQUEST_PARAMETERS_MAX] = '&';
	head.target.n++;
	assert_int_equal(request_read(&head, &request).status, 400);
	head.target = SLICE("/");
	assert_false(request_add_header(&head, SLICE("A"), SLICE("b")));
	assert_int_equal(request_read(&head, &request).status, 431);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
