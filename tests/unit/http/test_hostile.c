/*
 * Script, markup and line breaks in every place of every route that a client can fill: the answer
 * is one that is meant, and has nothing of it as markup or as a header.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "asking.h"
#include "base/out.h"
#include "editions.h"
#include "http/api.h"
#include "http/frame.h"
#include "http/respond.h"

/* An element that no page has. */
#define MARK "\"'><x-mark onload=x>"

static const struct slice values[] = {
	SLICE(MARK),
	SLICE("1\r\nX-Injected: 1\r\n\r\n" MARK),
	SLICE("\xff\x1b" MARK),
};

/* Those that pictures take come first. */
enum { PARAMETERS_OF_PICTURES = 2 };
static const struct slice parameters[] = {
	SLICE("as_of"),	   SLICE("transport"), SLICE("q"),	   SLICE("search"),
	SLICE("page"),	   SLICE("skey"),      SLICE("before"),	   SLICE("port"),
	SLICE("name"),	   SLICE("state"),     SLICE("range"),	   SLICE("unauthorized_use"),
	SLICE("portless"), SLICE("sort"),      SLICE("limit"),	   SLICE("cursor"),
	SLICE("from"),	   SLICE("to"),	       SLICE("for"),	   SLICE("count"),
	SLICE("near"),	   SLICE("seed"),      SLICE("procedure"), SLICE("applicant"),
	SLICE("reviewer"), SLICE("overdue"),   SLICE("queue"),	   SLICE("mine"),
	SLICE(MARK),
};

static const struct slice headers[] = {
	SLICE("Accept"),
	SLICE("Accept-Encoding"),
	SLICE("If-None-Match"),
	SLICE("If-Modified-Since"),
	SLICE("Host"),
	SLICE("Origin"),
	SLICE("Referer"),
	SLICE("User-Agent"),
	SLICE("Range"),
	SLICE("X-Forwarded-Host"),
	SLICE("X-Forwarded-Proto"),
	SLICE("X-Forwarded-For"),
	SLICE("Forwarded"),
	SLICE("X-HTTP-Method-Override"),
	SLICE("Cookie"),
	SLICE("Content-Type"),
	SLICE("Authorization"),
	SLICE("Access-Control-Request-Headers"),
};

static bool has(struct slice text, struct slice part)
{
	return slice_find(text, part) != (size_t)-1;
}

static bool is_json(struct slice type)
{
	return has(type, SLICE("json"));
}

/* In JSON the mark's quote is escaped; elsewhere there is none of it. */
static bool is_clean(const struct http_response *response)
{
	struct slice body = body_of(response);
	size_t at;

	while ((at = slice_find(body, SLICE("<x-mark"))) != (size_t)-1) {
		if (!is_json(response->type) || at < 4 || memcmp(body.p + at - 4, "\\\"'>", 4) != 0)
			return false;
		body = slice_skip(body, at + 1);
	}
	return true;
}

static bool are_headers_clean(const struct http_response *response)
{
	for (size_t i = 0; i < response->header_count; i++) {
		struct slice name = response->headers[i].name, value = response->headers[i].value;

		if (slice_eq(name, SLICE("X-Injected")) || has(value, SLICE("<x-mark")))
			return false;
		for (size_t k = 0; k < value.n; k++) {
			if ((unsigned char)value.p[k] < ' ' || value.p[k] == 0x7f)
				return false;
		}
	}
	return true;
}

static void must_be_safe(struct site *site, const struct http_request *request)
{
	struct http_response response = {};

	site_answer(site, request, &response);
	if (response.status < 200 || response.status >= 500 || !is_clean(&response))
		fail_msg("%.*s?%.*s: %u %.*s", (int)request->path.n, request->path.p,
			 (int)request->query.n, request->query.p, response.status,
			 (int)body_of(&response).n, body_of(&response).p);
	respond(request, &response);
	if (!are_headers_clean(&response))
		fail_msg("%.*s?%.*s: its headers", (int)request->path.n, request->path.p,
			 (int)request->query.n, request->query.p);
	http_response_done(&response);
}

/* Drawing takes its time, and is the same whatever else is asked for. */
static size_t count_parameters(const struct route *route)
{
	return slice_starts(slice_cstr(route->pattern), SLICE("/chart.")) ? PARAMETERS_OF_PICTURES
									  : ARRAY_SIZE(parameters);
}

/* As a browser asks, which wants pages, or as a program. */
static void ask_as_either(struct site *site, struct http_request *request, bool browser)
{
	struct http_header accept = {SLICE("Accept"), SLICE("text/html")};

	request->headers = &accept;
	request->header_count = browser ? 1 : 0;
	must_be_safe(site, request);
}

/* A route's path, with the text in the place of one of its {} and "1" in those of the others. */
static void put_path(struct out *out, const struct route *route, size_t place, struct slice text)
{
	struct slice rest = slice_cstr(route->pattern);
	size_t at;

	for (size_t i = 0; (at = slice_find(rest, SLICE("{}"))) != (size_t)-1; i++) {
		out_put(out, (struct slice){rest.p, at});
		frame_encoded(out, i == place ? text : SLICE("1"));
		rest = slice_skip(rest, at + 2);
	}
	out_put(out, rest);
	assert_int_equal(out->error, 0);
}

/* A parameter that is new is one for the list above. */
static void test_all_are_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < API_PARAMETER_COUNT; i++) {
		size_t k = 0;

		while (k < ARRAY_SIZE(parameters) &&
		       !slice_eq(parameters[k], api_parameter_name((enum api_parameter)i)))
			k++;
		assert_true(k < ARRAY_SIZE(parameters));
	}
}

static void test_paths(void **state)
{
	struct site *site;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	for (size_t r = 0; route_at(r); r++) {
		for (size_t i = 0; i < ROUTE_CAPTURES_MAX * ARRAY_SIZE(values); i++) {
			struct http_request request = {};
			struct out out;

			assert_int_equal(out_init_memory(&out), 0);
			put_path(&out, route_at(r), i / ARRAY_SIZE(values),
				 values[i % ARRAY_SIZE(values)]);
			request.path = out_slice(&out);
			if (has(request.path, SLICE("x-mark")))
				ask_as_either(site, &request, i % 2 == 0);
			out_done(&out);
		}
	}
	site_close(site);
}

static void test_parameters(void **state)
{
	struct site *site;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	for (size_t r = 0; route_at(r); r++) {
		for (size_t i = 0; i < count_parameters(route_at(r)) * ARRAY_SIZE(values); i++) {
			struct http_request request = {};
			struct out path, query;

			assert_int_equal(out_init_memory(&path), 0);
			assert_int_equal(out_init_memory(&query), 0);
			put_path(&path, route_at(r), 0, SLICE("1"));
			frame_encoded(&query, parameters[i / ARRAY_SIZE(values)]);
			out_byte(&query, '=');
			frame_encoded(&query, values[i % ARRAY_SIZE(values)]);
			assert_int_equal(query.error, 0);
			request.path = out_slice(&path);
			request.query = out_slice(&query);
			ask_as_either(site, &request, i % 2 == 0);
			out_done(&path);
			out_done(&query);
		}
	}
	site_close(site);
}

static void test_headers(void **state)
{
	struct site *site;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	for (size_t r = 0; route_at(r); r++) {
		for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
			if (i > 0 && count_parameters(route_at(r)) == PARAMETERS_OF_PICTURES)
				break;
			struct http_header header = {headers[i], SLICE(MARK)};
			struct http_request request = {.headers = &header, .header_count = 1};
			struct out path;

			assert_int_equal(out_init_memory(&path), 0);
			put_path(&path, route_at(r), 0, SLICE("1"));
			request.path = out_slice(&path);
			must_be_safe(site, &request);
			out_done(&path);
		}
	}
	site_close(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_there),
		cmocka_unit_test_setup_teardown(test_paths, enter, leave),
		cmocka_unit_test_setup_teardown(test_parameters, enter, leave),
		cmocka_unit_test_setup_teardown(test_headers, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
