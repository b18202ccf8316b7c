#undef NDEBUG
#include "../testing.h"
#include "http/operations.h"

/* A site with an edition, or without one, and a table of two routes. */
struct site {
	bool empty;
};

static const struct route routes[] = {{.pattern = "/ports/{}"}, {.pattern = "/odd\"\\"}};

const struct route *route_at(size_t index)
{
	return index < ARRAY_SIZE(routes) ? &routes[index] : NULL;
}

static const struct site_edition held = {.label = SLICE("2026-08-17"), .date = SLICE("2026-08-17")};

int site_hold(struct site *site, struct slice as_of, const struct site_edition **ret_edition,
	      struct fault *fault)
{
	(void)as_of, (void)fault;
	if (site->empty)
		return 1;
	*ret_edition = &held;
	return 0;
}

void site_release(struct site *site, const struct site_edition *edition)
{
	assert_false(site->empty);
	assert_ptr_equal(edition, &held);
}

uint64_t site_made(const struct site *site)
{
	assert_false(site->empty);
	return 3;
}

static struct slice ask(http_handler *handler, struct site *site, struct operations *operations,
			struct http_response *response)
{
	struct http_request request = {.operations = operations};

	http_response_done(response);
	assert_int_equal(handler(site, &request, NULL, response), 0);
	return out_slice(&response->body);
}

static bool has_line(struct slice text, const char *line)
{
	while (text.p) {
		if (slice_eq(slice_cut(&text, '\n'), slice_cstr(line)))
			return true;
	}
	return false;
}

static void test_health(void **state)
{
	struct http_response response = {};
	struct site site = {.empty = true};

	(void)state;
	assert_text(ask(operations_health, &site, NULL, &response), "ok\n");
	assert_int_equal(response.status, 200);
	http_response_done(&response);
}

static void test_ready(void **state)
{
	struct http_response response = {};
	struct operations operations = {};
	struct site site = {};

	(void)state;
	assert_text(ask(operations_ready, &site, &operations, &response), "ready\n");
	assert_int_equal(response.status, 200);
	operations.stopping = true;
	assert_text(ask(operations_ready, &site, &operations, &response), "stopping\n");
	assert_int_equal(response.status, 503);
	site.empty = true;
	assert_text(ask(operations_ready, &site, NULL, &response), "no edition\n");
	assert_int_equal(response.status, 503);
	http_response_done(&response);
}

static void test_metrics(void **state)
{
	struct http_response response = {};
	struct operations operations = {.connections_opened = 5, .connections_closed = 3};
	struct site site = {};
	struct slice text;

	(void)state;
	operations_count(&operations, &routes[0], 200, 100, 70000);
	operations_count(&operations, &routes[0], 204, 20, 2000000000);
	operations_count(&operations, &routes[1], 404, 3, 1);
	operations_count(&operations, NULL, 400, 0, 0);
	text = ask(operations_metrics, &site, &operations, &response);
	assert_true(has_line(text, "portbook_build_info{version=\"" PORTBOOK_VERSION "\"} 1"));
	assert_true(has_line(
		text, "portbook_edition_info{edition=\"2026-08-17\",date=\"2026-08-17\"} 1"));
	assert_true(has_line(text, "portbook_editions_loaded_total 3"));
	assert_true(has_line(text,
			     "portbook_http_requests_total{route=\"/ports/{}\",status=\"2xx\"} 2"));
	assert_true(has_line(
		text, "portbook_http_requests_total{route=\"/odd\\\"\\\\\",status=\"4xx\"} 1"));
	assert_true(
		has_line(text, "portbook_http_requests_total{route=\"none\",status=\"4xx\"} 1"));
	assert_true(has_line(text, "portbook_http_response_bytes_total 123"));
	assert_true(has_line(text, "portbook_http_connections 2"));
	assert_true(
		has_line(text, "portbook_http_request_duration_seconds_bucket{le=\"5e-05\"} 2"));
	assert_true(
		has_line(text, "portbook_http_request_duration_seconds_bucket{le=\"0.0001\"} 3"));
	assert_true(has_line(text, "portbook_http_request_duration_seconds_bucket{le=\"+Inf\"} 4"));
	assert_true(has_line(text, "portbook_http_request_duration_seconds_sum 2.000070001"));
	assert_true(has_line(text, "portbook_http_request_duration_seconds_count 4"));
	http_response_done(&response);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_health),
		cmocka_unit_test(test_ready),
		cmocka_unit_test(test_metrics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
