#include "http/operations.h"

/* Upper ends of the buckets: in nanoseconds, and as Prometheus is told. */
static const struct {
	uint64_t nanoseconds;
	struct slice text;
} buckets[OPERATIONS_BUCKETS] = {
	{50000, SLICE("5e-05")},    {100000, SLICE("0.0001")}, {250000, SLICE("0.00025")},
	{500000, SLICE("0.0005")},  {1000000, SLICE("0.001")}, {2500000, SLICE("0.0025")},
	{5000000, SLICE("0.005")},  {10000000, SLICE("0.01")}, {50000000, SLICE("0.05")},
	{250000000, SLICE("0.25")}, {1000000000, SLICE("1")},  {UINT64_MAX, SLICE("+Inf")},
};

static void grow(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t value(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static size_t route_index(const struct route *route)
{
	const struct route *other;

	for (size_t i = 0; route && i + 1 < OPERATIONS_ROUTES && (other = route_at(i)); i++) {
		if (other == route)
			return i + 1;
	}
	return 0;
}

void operations_count(struct operations *operations, const struct route *route, unsigned status,
		      uint64_t bytes, uint64_t nanoseconds)
{
	size_t bucket = 0;

	while (buckets[bucket].nanoseconds < nanoseconds)
		bucket++;
	if (status >= 100 && status < 600)
		grow(&operations->requests[route_index(route)][status / 100 - 1], 1);
	grow(&operations->seconds[bucket], 1);
	grow(&operations->nanoseconds, nanoseconds);
	grow(&operations->bytes, bytes);
}

static int plain(struct http_response *response, unsigned status, struct slice text)
{
	int result = http_respond(response, status, HTTP_PLAIN);

	if (result < 0)
		return result;
	http_add_header(response, SLICE("Cache-Control"), SLICE("no-store"));
	out_put(&response->body, text);
	return response->body.error ? FAULT_MEMORY : 0;
}

int operations_health(struct site *site, const struct http_request *request,
		      const struct slice *captured, struct http_response *response)
{
	(void)site, (void)request, (void)captured;
	return plain(response, 200, SLICE("ok\n"));
}

int operations_ready(struct site *site, const struct http_request *request,
		     const struct slice *captured, struct http_response *response)
{
	const struct site_edition *edition;
	struct fault fault = {};

	(void)captured;
	if (request->operations && atomic_load(&request->operations->stopping))
		return plain(response, 503, SLICE("stopping\n"));
	if (site_hold(site, SLICE_NONE, &edition, &fault) != 0)
		return plain(response, 503, SLICE("no edition\n"));
	site_release(site, edition);
	return plain(response, 200, SLICE("ready\n"));
}

#define PUT(out, text) out_put((out), SLICE(text))

/* A metric without labels. */
static void put_metric(struct out *out, const char *name, const char *type, const char *help,
		       uint64_t n)
{
	out_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s ", name, help, name, type, name);
	out_uint(out, n);
	out_byte(out, '\n');
}

/* The value of a label, in its quotes. */
static void put_label(struct out *out, struct slice text)
{
	out_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			out_byte(out, '\\');
		if (text.p[i] == '\n')
			PUT(out, "\\n");
		else
			out_byte(out, text.p[i]);
	}
	out_byte(out, '"');
}

static void put_requests(struct out *out, const struct operations *operations)
{
	const struct route *route = NULL;

	PUT(out, "# HELP portbook_http_requests_total Requests answered.\n"
		 "# TYPE portbook_http_requests_total counter\n");
	for (size_t i = 0; i < OPERATIONS_ROUTES && (i == 0 || (route = route_at(i - 1))); i++) {
		for (unsigned class = 0; class < OPERATIONS_CLASSES; class ++) {
			uint64_t n = value(&operations->requests[i][class]);

			if (n == 0)
				continue;
			PUT(out, "portbook_http_requests_total{route=");
			put_label(out, route ? slice_cstr(route->pattern) : SLICE("none"));
			out_printf(out, ",status=\"%uxx\"} ", class + 1);
			out_uint(out, n);
			out_byte(out, '\n');
		}
	}
}

static void put_seconds(struct out *out, const struct operations *operations)
{
	uint64_t n = 0, all = value(&operations->nanoseconds);

	PUT(out, "# HELP portbook_http_request_duration_seconds From a request's first line to its "
		 "last byte sent.\n"
		 "# TYPE portbook_http_request_duration_seconds histogram\n");
	for (size_t i = 0; i < OPERATIONS_BUCKETS; i++) {
		n += value(&operations->seconds[i]);
		PUT(out, "portbook_http_request_duration_seconds_bucket{le=");
		put_label(out, buckets[i].text);
		PUT(out, "} ");
		out_uint(out, n);
		out_byte(out, '\n');
	}
	out_printf(out, "portbook_http_request_duration_seconds_sum %u.%09u\n",
		   (unsigned)(all / 1000000000), (unsigned)(all % 1000000000));
	PUT(out, "portbook_http_request_duration_seconds_count ");
	out_uint(out, n);
	out_byte(out, '\n');
}

static void put_server(struct out *out, const struct operations *operations)
{
	/* Read in this order: there are never fewer opened than closed. */
	uint64_t closed = value(&operations->connections_closed);
	uint64_t opened = value(&operations->connections_opened);

	put_requests(out, operations);
	put_seconds(out, operations);
	put_metric(out, "portbook_http_response_bytes_total", "counter",
		   "Bytes of bodies sent, as they went.", value(&operations->bytes));
	put_metric(out, "portbook_http_connections", "gauge", "Connections that are open.",
		   opened - closed);
	put_metric(out, "portbook_http_connections_total", "counter", "Connections accepted.",
		   opened);
	put_metric(out, "portbook_http_connections_timed_out_total", "counter",
		   "Connections closed because they took too long.",
		   value(&operations->connections_timed_out));
	put_metric(out, "portbook_refreshes_failed_total", "counter",
		   "Looks for a new edition that failed.", value(&operations->refreshes_failed));
}

static void put_edition(struct out *out, struct site *site)
{
	const struct site_edition *edition;
	struct fault fault = {};

	if (site_hold(site, SLICE_NONE, &edition, &fault) != 0)
		return;
	PUT(out, "# HELP portbook_edition_info The edition that is served.\n"
		 "# TYPE portbook_edition_info gauge\nportbook_edition_info{edition=");
	put_label(out, edition->label);
	PUT(out, ",date=");
	put_label(out, edition->date);
	PUT(out, "} 1\n");
	put_metric(out, "portbook_edition_rows", "gauge", "Rows of the edition that is served.",
		   image_row_count(&edition->image));
	put_metric(out, "portbook_editions_loaded_total", "counter",
		   "Times that an edition of the store was brought into memory.", site_made(site));
	site_release(site, edition);
}

int operations_metrics(struct site *site, const struct http_request *request,
		       const struct slice *captured, struct http_response *response)
{
	int result = plain(response, 200, SLICE(""));

	(void)captured;
	if (result < 0)
		return result;
	response->type = SLICE("text/plain; version=0.0.4; charset=utf-8");
	PUT(&response->body, "# HELP portbook_build_info The program.\n"
			     "# TYPE portbook_build_info gauge\n"
			     "portbook_build_info{version=\"" PORTBOOK_VERSION "\"} 1\n");
	put_edition(&response->body, site);
	if (request->operations)
		put_server(&response->body, request->operations);
	return response->body.error ? FAULT_MEMORY : 0;
}
