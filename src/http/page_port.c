/* A port: all its transports or one, its rows, its neighbours, its history. */
#include <stdlib.h>

#include "base/number.h"
#include "http/api_advice.h"
#include "http/view.h"
#include "http/visitor.h"

/* Whether a port is assigned, for one transport or for any. */
static bool is_assigned(const struct image *image, enum transport transport, uint16_t port)
{
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if ((transport == TRANSPORT_NONE || transport == i) &&
		    query_port_state(image, (enum transport)i, port) == ROW_ASSIGNED)
			return true;
	}
	return false;
}

/* The next assigned port from one on, in steps of 1 or -1; -1: none. */
static int32_t neighbour(const struct image *image, enum transport transport, int32_t port,
			 int32_t step)
{
	for (port += step; port >= 0 && port <= PORT_MAX; port += step) {
		if (is_assigned(image, transport, (uint16_t)port))
			return port;
	}
	return -1;
}

/* The name of a port's first row that has one. */
static struct slice name_of(const struct image *image, enum transport transport, uint16_t port)
{
	uint32_t rows[8];

	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		size_t count;

		if (transport != TRANSPORT_NONE && transport != i)
			continue;
		count = query_port(image, (enum transport)i, port, rows, ARRAY_SIZE(rows));
		for (size_t j = 0; j < count && j < ARRAY_SIZE(rows); j++) {
			struct slice name = image_row_text(image, rows[j], COLUMN_NAME);

			if (name.n > 0)
				return name;
		}
	}
	return SLICE_NONE;
}

static void put_neighbour(struct view *view, enum transport transport, uint16_t port, int32_t step)
{
	int32_t other = neighbour(view_image(view), transport, port, step);

	view_put(view, SLICE("<div><small>"));
	view_put(view, step < 0 ? SLICE("Assigned before it") : SLICE("Assigned after it"));
	view_put(view, SLICE("</small>"));
	if (other >= 0) {
		view_port(view, other, other, transport);
		view_put(view, SLICE(" "));
		view_text(view, name_of(view_image(view), transport, (uint16_t)other));
	} else {
		view_put(view, SLICE("none"));
	}
	view_put(view, SLICE("</div>"));
}

static void put_states(struct view *view, enum transport only, uint16_t port)
{
	const struct image *image = view_image(view);

	view_put(view, SLICE("<dl class=\"facts\">"));
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		enum transport transport = (enum transport)i;
		struct slice name = name_of(image, transport, port);

		if (only != TRANSPORT_NONE && only != transport)
			continue;
		view_put(view, SLICE("<dt>"));
		view_port(view, port, port, transport);
		view_put(view, SLICE("</dt><dd>"));
		view_state(view, query_port_state(image, transport, port));
		if (name.n > 0) {
			view_put(view, SLICE(" · "));
			view_service(view, name);
		}
		view_put(view, SLICE("</dd>"));
	}
	view_put(view, SLICE("<dt>Range</dt><dd>"));
	view_text(view, port_range_title(port_range_of(port)));
	view_put(view, SLICE("</dd><dt>Procedure</dt><dd>"));
	view_text(view, port_range_procedure(port_range_of(port)));
	view_put(view, SLICE("</dd></dl>\n"));
}

/* Where there is a desk, a port that nobody has can be asked for. */
static void put_request(struct view *view, enum transport only, uint16_t port)
{
	bool free = false;

	for (unsigned i = 0; i < TRANSPORT_COUNT; i++)
		free |= (only == TRANSPORT_NONE || only == i) &&
			query_port_state(view_image(view), (enum transport)i, port) ==
				ROW_UNASSIGNED;
	if (!free || view->as_of.n > 0 || !site_desk(view->site) ||
	    visitor_has_desk(view->site, NULL) != 1)
		return;
	view_put(view, SLICE("<p><a href=\"/desk/apply/port?ports="));
	view_number(view, port);
	if (only != TRANSPORT_NONE) {
		view_put(view, SLICE("&amp;transports="));
		view_text(view, transport_name(only));
	}
	view_put(view, SLICE("\">Request this port</a></p>\n"));
}

static int put_port_rows(struct view *view, enum transport transport, uint16_t port)
{
	const struct query query = {
		.kind = QUERY_PORTS, .first = port, .last = port, .transport = transport};
	struct rowset set CLEANUP(rowset_done) = {};
	uint32_t *rows = NULL;
	size_t count;
	int result;

	if (!rowset_init(&set, image_row_count(view_image(view))))
		return FAULT_MEMORY;
	query_rows(view_image(view), &query, &set);
	result = view_numbers(&set, &rows, &count);
	if (result < 0)
		return result;
	view_put(view, SLICE("<h2>Rows</h2>\n"));
	if (count == 0)
		view_put(view, SLICE("<p>No row of the registry covers this port.</p>\n"));
	else
		view_rows(view, SLICE("What the registry has of this port"), rows, count);
	result = view_people(view, rows, count);
	free(rows);
	return result;
}

static void put_title(struct strbuf *title, uint16_t port, enum transport transport)
{
	strbuf_add(title, SLICE("Port "));
	strbuf_add_uint(title, port);
	if (transport < TRANSPORT_COUNT) {
		strbuf_add(title, SLICE("/"));
		strbuf_add(title, transport_name(transport));
	}
}

static int put_verdict(struct view *view, const struct advice_facts *facts,
		       enum transport transport, uint16_t port)
{
	struct advice advice CLEANUP(advice_done) = {};
	struct fault fault;

	if (advice_check(facts, transport, port, ADVICE_SERVICE, &advice, &fault) < 0)
		return FAULT_MEMORY;
	view_put(view, SLICE("<dt>"));
	view_text(view, transport_name(transport));
	view_put(view, SLICE("</dt><dd><strong>"));
	view_text(view, advice_verdict_name(advice.verdict));
	view_put(view, SLICE("</strong><ul>"));
	for (size_t i = 0; i < advice.count; i++) {
		const struct advice_finding *finding = &advice.findings[i];

		view_put(view, SLICE("<li>"));
		view_text(view, advice_verdict_name(finding->weight));
		view_put(view, SLICE(": "));
		view_text(view, finding->text);
		view_put(view, SLICE(" <small>"));
		view_text(view, finding->source);
		view_put(view, SLICE(", "));
		view_text(view, finding->date);
		view_put(view, SLICE("</small></li>"));
	}
	view_put(view, SLICE("</ul></dd>"));
	return 0;
}

/* Whether it is a good port for a service, with one transport, or with TCP and UDP. */
static int put_advice(struct view *view, enum transport only, uint16_t port)
{
	struct general general CLEANUP(general_done) = {};
	int result = general_open(view->edition, &general);

	view_put(view, SLICE("<h2>Is it a good port for a service?</h2>\n<dl class=\"facts\">"));
	for (unsigned i = 0; i < TRANSPORT_COUNT && result == 0; i++) {
		if (only == i ||
		    (only == TRANSPORT_NONE && (i == TRANSPORT_TCP || i == TRANSPORT_UDP)))
			result = put_verdict(view, &general.facts, (enum transport)i, port);
	}
	view_put(view, SLICE("</dl>\n"));
	return result;
}

static int put_port(struct view *view, uint16_t port, enum transport transport)
{
	struct strbuf title CLEANUP(strbuf_done) = {};
	struct slice word;
	int result;

	put_title(&title, port, transport);
	if (title.failed)
		return FAULT_MEMORY;
	word = slice_skip(strbuf_slice(&title), SLICE("Port ").n);
	result = view_begin(view, 200, strbuf_slice(&title));
	if (result < 0)
		return result;
	view_put(view, SLICE("<h1>Port <span class=\"mono\">"));
	view_text(view, word);
	view_put(view, SLICE("</span></h1>\n"));
	put_states(view, transport, port);
	put_request(view, transport, port);
	view_put(view, SLICE("<nav class=\"beside\" aria-label=\"Neighbours\">"));
	put_neighbour(view, transport, port, -1);
	put_neighbour(view, transport, port, 1);
	view_put(view, SLICE("</nav>\n"));
	result = put_port_rows(view, transport, port);
	if (result == 0)
		result = put_advice(view, transport, port);
	if (result == 0)
		result = view_history(view, word);
	return result < 0 ? result : view_end(view);
}

int port_page(struct site *site, const struct http_request *request, const struct slice *captured,
	      struct http_response *response)
{
	struct view view CLEANUP(view_done) = {};
	enum transport transport = TRANSPORT_NONE;
	uint64_t port;
	int result = view_open(&view, site, request, response);

	if (result != 0)
		return result < 0 ? result : 0;
	if (!number_parse(captured[0], PORT_MAX, &port))
		return view_missing(&view, SLICE("such port: ports are numbers from 0 to 65535"),
				    NULL, 0);
	if (captured[1].p && !transport_parse(captured[1], &transport))
		return view_missing(&view,
				    SLICE("such transport protocol: there are tcp, udp, sctp and "
					  "dccp"),
				    NULL, 0);
	return put_port(&view, (uint16_t)port, transport);
}
