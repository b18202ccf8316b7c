/* The front page: what is searched for, or else what there is. */
#include <stdlib.h>

#include "http/frame.h"
#include "http/view.h"

/* How many ports of a transport are in each state. */
static void count_ports(const struct image *image, enum transport transport,
			unsigned ret_counts[static ROW_STATE_COUNT])
{
	unsigned char state_of[PORT_COUNT];
	struct image_row_head head;

	memset(state_of, ROW_UNASSIGNED, sizeof(state_of));
	for (uint32_t i = 0; image_row_head(image, i, &head); i++) {
		if (head.portless ||
		    (head.transport != transport && head.transport != TRANSPORT_NONE))
			continue;
		for (unsigned port = head.first_port; port <= head.last_port; port++) {
			if (head.state < state_of[port])
				state_of[port] = (unsigned char)head.state;
		}
	}
	memset(ret_counts, 0, ROW_STATE_COUNT * sizeof(*ret_counts));
	for (unsigned port = 0; port < PORT_COUNT; port++)
		ret_counts[port_is_edge((uint16_t)port) && state_of[port] == ROW_UNASSIGNED
				   ? ROW_RESERVED
				   : state_of[port]]++;
}

static void put_figure(struct view *view, struct slice term, uint64_t number)
{
	view_put(view, SLICE("<div><dt>"));
	view_text(view, term);
	view_put(view, SLICE("</dt><dd>"));
	view_thousands(view, number);
	view_put(view, SLICE("</dd></div>"));
}

/* A bar, in 1/256 of the ports. */
static void put_meter(struct view *view, const unsigned counts[static ROW_STATE_COUNT])
{
	unsigned assigned = counts[ROW_ASSIGNED] / 256, reserved = counts[ROW_RESERVED] / 256 + 1;

	out_printf(view->writer.out,
		   "<svg class=\"meter\" viewBox=\"0 0 256 8\" preserveAspectRatio=\"none\" "
		   "aria-hidden=\"true\"><path class=\"fill-unassigned\" d=\"M0 0h256v8H0z\"/>"
		   "<path class=\"fill-assigned\" d=\"M0 0h%uv8H0z\"/>"
		   "<path class=\"fill-reserved\" d=\"M%u 0h%uv8h-%uz\"/></svg>",
		   assigned, assigned, reserved, reserved);
}

void view_figures(struct view *view)
{
	const struct image *image = view_image(view);
	unsigned counts[ROW_STATE_COUNT];

	view_put(view, SLICE("<dl class=\"figures\">"));
	put_figure(view, SLICE("rows"), image_row_count(image));
	put_figure(view, SLICE("service names"), query_name_count(image));
	if (image_person_count(image) > 0)
		put_figure(view, SLICE("contacts"), image_person_count(image));
	count_ports(image, TRANSPORT_TCP, counts);
	put_figure(view, SLICE("TCP ports assigned"), counts[ROW_ASSIGNED]);
	view_put(view,
		 SLICE("</dl>\n<h2>The port space</h2><div class=\"scroll\" role=\"region\" "
		       "aria-label=\"The port space\" tabindex=\"0\"><table class=\"space\">"
		       "<caption>65,536 ports of each transport protocol, by their state"
		       "</caption><thead><tr><th scope=\"col\">Transport</th>"
		       "<th scope=\"col\" class=\"wide\"><span class=\"hidden\">Share</span></th>"
		       "<th scope=\"col\" class=\"number\">"
		       "<span class=\"state assigned\">assigned</span></th>"
		       "<th scope=\"col\" class=\"number\">"
		       "<span class=\"state reserved\">reserved</span></th>"
		       "<th scope=\"col\" class=\"number\">"
		       "<span class=\"state unassigned\">unassigned</span></th>"
		       "</tr></thead><tbody>\n"));
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		count_ports(image, (enum transport)i, counts);
		view_put(view, SLICE("<tr><th scope=\"row\" class=\"mono\">"));
		view_text(view, transport_name((enum transport)i));
		view_put(view, SLICE("</th><td class=\"wide\">"));
		put_meter(view, counts);
		for (unsigned state = 0; state < ROW_STATE_COUNT; state++) {
			view_put(view, SLICE("</td><td class=\"number\">"));
			view_thousands(view, counts[state]);
		}
		view_put(view, SLICE("</td></tr>\n"));
	}
	view_put(view, SLICE("</tbody></table></div>\n"));
}

/* A registry of one's own is not the publisher's. */
static void put_lead(struct view *view)
{
	const struct slice publishers =
		SLICE("Service Name and Transport Protocol Port Number Registry");
	struct slice unused, title = SLICE_NONE;

	if (image_fact(view_image(view), IMAGE_FACT_TITLE, 0, &unused, &title) && title.n > 0 &&
	    !slice_eq(title, publishers)) {
		view_put(view, SLICE("<p class=\"lead\">"));
		view_text(view, title);
		view_put(view, SLICE("</p>\n"));
		return;
	}
	view_put(view, SLICE("<p class=\"lead\">The Service Name and Transport Protocol Port "
			     "Number Registry (RFC 6335): every port and service name assigned "
			     "for TCP, UDP, SCTP and DCCP, as IANA publishes it.</p>\n"));
}

static int put_front(struct view *view)
{
	int result = view_begin(view, 200, SLICE_NONE);

	if (result < 0)
		return result;
	view_put(view, SLICE("<h1>Which service has this port?</h1>"));
	put_lead(view);
	view_search(view, SLICE_NONE);
	view_put(view, SLICE("\n<p class=\"tries\">For example "
			     "<a href=\"/ports/443\">443</a> <a href=\"/ports/53/udp\">53/udp</a> "
			     "<a href=\"/?q=6000-6063\">6000-6063</a> "
			     "<a href=\"/services/ipp\">ipp</a> "
			     "<a href=\"/?q=_ssh._tcp\">_ssh._tcp</a> "
			     "<a href=\"/?q=remote+desktop\">remote desktop</a></p>\n"));
	view_figures(view);
	view_put(view, SLICE("<div class=\"columns\"><section><h2>Look further</h2>"
			     "<ul><li><a href=\"/assignments/service-names-port-numbers/\">"
			     "The registry page</a>, searched and sorted as the publisher's</li>"
			     "<li><a href=\"/chart\">The port space as a picture</a></li>"
			     "<li><a href=\"/editions\">Editions</a> and what "
			     "<a href=\"/changes\">changed</a> with each "
			     "(<a href=\"/changes.atom\">feed</a>)</li></ul></section>\n"
			     "<section><h2>Take it along</h2><ul>"));
	static const struct slice formats[] = {SLICE("csv"), SLICE("xml"), SLICE("txt"),
					       SLICE("json"), SLICE("xhtml")};
	view_put(view, SLICE("<li>The whole registry: "));
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		view_put(view, i > 0 ? SLICE(", ") : SLICE(""));
		view_put(view, SLICE("<a class=\"mono\" href=\"/assignments/"
				     "service-names-port-numbers/service-names-port-numbers."));
		view_text(view, formats[i]);
		view_put(view, SLICE("\">"));
		view_text(view, formats[i]);
		view_put(view, SLICE("</a>"));
	}
	view_put(view,
		 SLICE("</li><li><a href=\"/openapi.json\">The API</a>: "
		       "<a class=\"mono\" href=\"/api/v1/ports/443\">/api/v1/ports/443</a></li>"
		       "<li>The command: <code>portbook 443</code></li></ul></section></div>\n"));
	return view_end(view);
}

static void put_location(struct view *view, const struct query *query, struct out *location)
{
	if (query->kind == QUERY_PORTS) {
		out_printf(location, "/ports/%u", (unsigned)query->first);
		if (query->transport < TRANSPORT_COUNT) {
			out_byte(location, '/');
			out_put(location, transport_name(query->transport));
		}
	} else {
		out_put(location, SLICE("/services/"));
		frame_encoded(location, query->name);
	}
	if (view->as_of.n > 0) {
		out_put(location, SLICE("?as_of="));
		frame_encoded(location, strbuf_slice(&view->as_of));
	}
}

/* Whether one page answers: that of a port, or of a name that there is. */
static bool has_page(const struct view *view, const struct query *query)
{
	if (query->kind == QUERY_PORTS)
		return query->first == query->last;
	return (query->transport == TRANSPORT_NONE || query->service_type) &&
	       query_name(view_image(view), query->name, NULL, 0) > 0;
}

static int redirect(struct view *view, const struct query *query)
{
	struct out location;
	int result = out_init_memory(&location);

	if (result < 0)
		return result;
	put_location(view, query, &location);
	result = location.error ? FAULT_MEMORY
				: http_redirect(view->response, 302, out_slice(&location));
	out_done(&location);
	return result;
}

static void put_none(struct view *view, struct slice text)
{
	struct slice names[5];
	size_t count = query_suggest(view_image(view), text, names, ARRAY_SIZE(names));

	view_put(view, SLICE("<p>Nothing has this text in any column.</p>\n"));
	if (count > 0)
		view_put(view, SLICE("<p>Names like it: "));
	for (size_t i = 0; i < count; i++) {
		view_put(view, i > 0 ? SLICE(", ") : SLICE(""));
		view_service(view, names[i]);
	}
	view_put(view, count > 0 ? SLICE("</p>\n") : SLICE(""));
}

static int put_results(struct view *view, struct slice text, const uint32_t *rows, size_t count)
{
	uint64_t number;
	size_t from, to;
	int result = view_window(view, count, &number, &from, &to);

	if (result < 0)
		return result;
	if (result == 0)
		return view_missing(view, SLICE("such page of this search"), NULL, 0);
	result = view_begin(view, 200, text);
	if (result < 0)
		return result;
	view_put(view, SLICE("<p class=\"kicker\">Search</p><h1>"));
	view_text(view, text);
	view_put(view, SLICE("</h1>"));
	view_search(view, text);
	view_put(view, SLICE("<h2>"));
	view_thousands(view, count);
	view_put(view, count == 1 ? SLICE(" row</h2>\n") : SLICE(" rows</h2>\n"));
	if (count == 0)
		put_none(view, text);
	else
		view_rows(view, SLICE("In the order of the registry"), rows + from, to - from);
	view_links(view, text, number, query_pages(count));
	return view_end(view);
}

static int search(struct view *view, struct slice text)
{
	struct rowset set CLEANUP(rowset_done) = {};
	uint32_t *rows = NULL;
	struct query query;
	size_t count;
	bool is_query = query_parse(text, &query, NULL);
	int result;

	if (is_query && has_page(view, &query))
		return redirect(view, &query);
	if (!rowset_init(&set, image_row_count(view_image(view))))
		return FAULT_MEMORY;
	if (is_query && query.kind == QUERY_PORTS)
		query_rows(view_image(view), &query, &set);
	else
		query_search(view_image(view), text, QUERY_SEARCHED, &set);
	result = view_numbers(&set, &rows, &count);
	if (result == 0)
		result = put_results(view, text, rows, count);
	free(rows);
	return result;
}

int front_page(struct site *site, const struct http_request *request, const struct slice *captured,
	       struct http_response *response)
{
	struct view view CLEANUP(view_done) = {};
	struct strbuf text CLEANUP(strbuf_done) = {};
	int result = view_open(&view, site, request, response);
	struct slice trimmed;

	(void)captured;
	if (result != 0)
		return result < 0 ? result : 0;
	result = http_parameter(request, SLICE("q"), &text);
	if (result == FAULT_MALFORMED)
		return http_problem(response, 400, SLICE("Bad Request"),
				    SLICE("what is searched for is no UTF-8"));
	if (result < 0)
		return result;
	trimmed = slice_trim(strbuf_slice(&text));
	return trimmed.n > 0 ? search(&view, trimmed) : put_front(&view);
}
