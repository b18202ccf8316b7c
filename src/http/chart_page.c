#include "http/chart_page.h"

#include <stdlib.h>

#include "chart/chart.h"
#include "http/frame.h"
#include "http/ui.h"
#include "timeline/timeline.h"

/* What is asked for. */
struct wanted {
	unsigned transports; /* mask; 0: all */
	struct strbuf as_of; /* empty: the newest */
	struct site *site;
	const struct site_edition *edition; /* of site, which holds it */
};

static void wanted_done(struct wanted *wanted)
{
	strbuf_done(&wanted->as_of);
	if (wanted->edition)
		site_release(wanted->site, wanted->edition);
}

/* 0; 1: the request was answered with what is wrong with it; a negative fault. */
static int read_transport(const struct http_request *request, struct wanted *wanted,
			  struct http_response *response)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	int result = http_parameter(request, SLICE("transport"), &text);
	enum transport transport = TRANSPORT_NONE;

	if (result == 0 || (result == 1 && text.n == 0))
		return 0;
	if (result == 1 && transport_parse(strbuf_slice(&text), &transport) &&
	    transport < TRANSPORT_COUNT) {
		wanted->transports = 1u << transport;
		return 0;
	}
	if (result == FAULT_MEMORY)
		return result;
	result = http_problem(response, 400, SLICE("Bad Request"),
			      SLICE("transport is tcp, udp, sctp or dccp"));
	return result < 0 ? result : 1;
}

/* The same. */
static int read_wanted(const struct http_request *request, struct wanted *wanted,
		       struct http_response *response)
{
	int result = read_transport(request, wanted, response);

	if (result == 0)
		result = handler_hold(wanted->site, request, &wanted->edition, response);
	if (result != 0)
		return result;
	result = http_parameter(request, SLICE("as_of"), &wanted->as_of);
	return result < 0 ? result : 0;
}

typedef int picture_writer(struct out *out, const struct image *image, unsigned transports,
			   struct fault *fault);

static int send_picture(struct site *site, const struct http_request *request,
			struct http_response *response, struct slice type, picture_writer *write)
{
	struct wanted wanted CLEANUP(wanted_done) = {.site = site};
	int result = read_wanted(request, &wanted, response);
	struct fault fault = {};

	if (result != 0)
		return result < 0 ? result : 0;
	result = http_respond(response, 200, type);
	if (result == 0)
		result = write(&response->body, &wanted.edition->image, wanted.transports, &fault);
	response->last_modified = http_keep(response, wanted.edition->stamp);
	/* Of all that a picture takes, libpng alone may not be there. */
	if (result == FAULT_SYSTEM)
		return http_problem(response, 501, SLICE("Not Implemented"),
				    SLICE("this server makes no PNG; the same picture is there as "
					  "SVG: /chart.svg"));
	return result;
}

int chart_svg_file(struct site *site, const struct http_request *request,
		   const struct slice *captured, struct http_response *response)
{
	(void)captured;
	return send_picture(site, request, response, HTTP_SVG, chart_svg);
}

int chart_png_file(struct site *site, const struct http_request *request,
		   const struct slice *captured, struct http_response *response)
{
	(void)captured;
	return send_picture(site, request, response, HTTP_PNG, chart_png);
}

int chart_over_time_file(struct site *site, const struct http_request *request,
			 const struct slice *captured, struct http_response *response)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct chart_point *points = NULL;
	struct fault fault = {};
	size_t count = 0;
	int result = 0;

	(void)request, (void)captured;
	if (site_store(site)) {
		result = history_open(site_store(site), HISTORY_READ, &history, &fault);
		if (result == 0)
			result = history_begin(history, false, &fault);
		if (result == 0)
			result = timeline_growth(history, &points, &count, &fault);
	}
	if (result == 0 && count == 0)
		result = http_problem(response, 404, SLICE("Not Found"),
				      SLICE("no editions are held over time"));
	else if (result == 0)
		result = http_respond(response, 200, HTTP_SVG);
	if (result == 0 && count > 0)
		chart_lines(&response->body, points, count);
	free(points);
	return result;
}

/* The transport of a page, which shows one. */
static enum transport shown(const struct wanted *wanted)
{
	unsigned transport = 0;

	while (wanted->transports > 1u << transport)
		transport++;
	return (enum transport)transport;
}

static void put_runs(struct out *out, const struct chart_map *map)
{
	unsigned last = chart_kind_of(map, 0);
	uint32_t from = 0;

	for (uint32_t port = 1; port <= PORT_COUNT; port++) {
		unsigned kind =
			port < PORT_COUNT ? chart_kind_of(map, (uint16_t)port) : CHART_KIND_COUNT;

		if (kind == last)
			continue;
		out_printf(out, "%s%u,%u", from > 0 ? "," : "", last, (unsigned)(port - from));
		last = kind;
		from = port;
	}
}

/* The map of what is wanted; the caller's to free. NULL: no memory. */
static struct chart_map *read_map(const struct wanted *wanted)
{
	struct chart_map *map = malloc(sizeof(*map));

	if (map)
		chart_read(&wanted->edition->image, shown(wanted), map);
	return map;
}

int chart_cells(struct site *site, const struct http_request *request, const struct slice *captured,
		struct http_response *response)
{
	struct wanted wanted CLEANUP(wanted_done) = {.site = site};
	int result = read_wanted(request, &wanted, response);
	struct chart_map *map;

	(void)captured;
	if (result != 0)
		return result < 0 ? result : 0;
	map = read_map(&wanted);
	result = map ? http_respond(response, 200, HTTP_JSON) : FAULT_MEMORY;
	if (result == 0) {
		/* Labels are dates, or "built-in". */
		out_printf(&response->body, "{\"edition\":\"%.*s\",\"transport\":\"%s\",\"runs\":[",
			   (int)wanted.edition->label.n, wanted.edition->label.p,
			   transport_name(shown(&wanted)).p);
		put_runs(&response->body, map);
		out_put(&response->body, SLICE("]}\n"));
		response->last_modified = http_keep(response, wanted.edition->stamp);
	}
	free(map);
	return result;
}

/* START?transport=T&as_of=DATE, as the value of an attribute; transport may be TRANSPORT_NONE. */
static void put_address(struct out *out, struct slice start, const struct wanted *wanted,
			enum transport transport)
{
	bool first = true;

	out_put(out, start);
	if (transport < TRANSPORT_COUNT) {
		out_put(out, SLICE("?transport="));
		out_put(out, transport_name(transport));
		first = false;
	}
	if (wanted->as_of.n > 0) {
		out_put(out, first ? SLICE("?as_of=") : SLICE("&amp;as_of="));
		frame_encoded(out, strbuf_slice(&wanted->as_of));
	}
}

/* Editions as options, the newest first in time last on the page: a slider's order. */
struct options {
	struct out *out;
	int64_t chosen, last; /* none after that one: view_last() */
};

static int put_edition(void *context, const struct history_edition *edition)
{
	const struct options *options = context;
	char space[HISTORY_LABEL_SIZE];

	if (edition->number > options->last)
		return 0;
	out_put(options->out, SLICE("<option"));
	if (edition->number == options->chosen)
		out_put(options->out, SLICE(" selected=\"selected\""));
	out_put(options->out, SLICE(">"));
	frame_put(options->out, history_label(edition->number, space));
	out_put(options->out, SLICE("</option>\n"));
	return 0;
}

static int put_editions(struct site *site, const struct wanted *wanted, struct out *out)
{
	struct history *history CLEANUP(history_closep) = NULL;
	int64_t chosen = wanted->edition->number;
	struct options options = {out, chosen, wanted->as_of.n > 0 ? INT64_MAX : chosen};
	struct fault fault = {};
	int result;

	if (!site_store(site) || wanted->edition->number == 0)
		return 0;
	result = history_open(site_store(site), HISTORY_READ, &history, &fault);
	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result < 0)
		return result;
	out_put(out, SLICE("<label>Edition <select name=\"as_of\">\n"));
	result = history_editions(history, put_edition, &options, &fault);
	out_put(out, SLICE("</select></label>\n"));
	return result;
}

static int put_form(struct site *site, const struct wanted *wanted, struct out *out)
{
	int result;

	out_put(out, SLICE("<form class=\"chart-form\" action=\"/chart\">\n<label>Transport "
			   "<select name=\"transport\">"));
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		struct slice name = transport_name((enum transport)i);

		out_printf(out, "<option%s>%.*s</option>",
			   shown(wanted) == i ? " selected=\"selected\"" : "", (int)name.n, name.p);
	}
	out_put(out, SLICE("</select></label>\n"));
	result = put_editions(site, wanted, out);
	out_put(out, SLICE("<button>Show</button>\n</form>\n"));
	return result;
}

static void put_figure(const struct wanted *wanted, struct out *out)
{
	out_put(out, SLICE("<figure id=\"chart\" class=\"chart\" data-transport=\""));
	out_put(out, transport_name(shown(wanted)));
	out_put(out, SLICE("\" data-as-of=\""));
	frame_put_value(out, strbuf_slice(&wanted->as_of));
	out_put(out, SLICE("\">\n<img width=\"1088\" height=\"1482\" alt=\"A map of all 65,536 "
			   "ports, which the table below counts\" src=\""));
	put_address(out, SLICE("/chart.svg"), wanted, shown(wanted));
	out_put(out, SLICE("\" />\n</figure>\n"));
}

/* Legend and text alternative: how many ports of each state and range. */
static void put_table(const struct chart_map *map, struct out *out)
{
	static const char *const ranges[] = {"System Ports<br />0-1023",
					     "User Ports<br />1024-49151",
					     "Dynamic Ports<br />49152-65535"};

	out_put(out, SLICE("<table class=\"chart-counts\"><caption>How many "
			   "ports, and their colours</caption>\n<thead><tr><td></td>"));
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		out_printf(out, "<th scope=\"col\">%s</th>", ranges[i]);
	out_put(out, SLICE("</tr></thead>\n<tbody>\n"));
	for (unsigned mark = 0; mark < CHART_MARK_COUNT; mark++) {
		out_put(out, SLICE("<tr><th scope=\"row\">"));
		out_put(out, chart_mark_name((enum chart_mark)mark));
		out_put(out, SLICE("</th>"));
		for (unsigned range = 0; range < PORT_RANGE_COUNT; range++) {
			unsigned kind = chart_kind((enum port_range)range, (enum chart_mark)mark);

			out_printf(out,
				   "<td><span class=\"swatch k%u\"></span> <span "
				   "data-kind=\"%u\">",
				   kind, kind);
			frame_thousands(out, map->counts[kind]);
			out_put(out, SLICE("</span></td>"));
		}
		out_put(out, SLICE("</tr>\n"));
	}
	out_put(out, SLICE("</tbody></table>\n"));
}

static void put_downloads(const struct wanted *wanted, struct out *out)
{
	static const struct {
		struct slice path, text;
		bool all;
	} links[] = {
		{SLICE("/chart.svg"), SLICE("This map as SVG"), false},
		{SLICE("/chart.png"), SLICE("as PNG"), false},
		{SLICE("/chart.svg"), SLICE("All four transports as SVG"), true},
		{SLICE("/chart.png"), SLICE("as PNG"), true},
	};

	out_put(out, SLICE("<ul class=\"links\">\n"));
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		out_put(out, SLICE("<li><a href=\""));
		put_address(out, links[i].path, wanted,
			    links[i].all ? TRANSPORT_NONE : shown(wanted));
		out_put(out, SLICE("\">"));
		out_put(out, links[i].text);
		out_put(out, SLICE("</a></li>\n"));
	}
	out_put(out, SLICE("</ul>\n"));
}

static int put_page(struct site *site, const struct wanted *wanted, const struct chart_map *map,
		    struct http_response *response)
{
	struct out *out = &response->body;
	int result = frame_begin(response, 200, SLICE("All ports at once"));

	if (result < 0)
		return result;
	ui_put_chart(out);
	out_put(out,
		SLICE("<p class=\"lead\">Each cell is a port. The next port is beside it, along "
		      "a Hilbert curve from 0 at the top left to 65535 at the top right, so that "
		      "ranges are areas.</p>\n"));
	result = put_form(site, wanted, out);
	if (result < 0)
		return result;
	out_put(out, SLICE("<div class=\"chart-parts\">\n"));
	put_figure(wanted, out);
	out_put(out, SLICE("<div>\n"));
	put_table(map, out);
	put_downloads(wanted, out);
	out_put(out, SLICE("</div></div>\n"));
	if (site_store(site))
		out_put(out, SLICE("<h2>Over time</h2>\n<figure class=\"chart lines scroll\" "
				   "role=\"region\" aria-label=\"Over time\" tabindex=\"0\">"
				   "<img width=\"1088\" height=\"640\" loading=\"lazy\" "
				   "alt=\"Assigned ports and names of each edition\" "
				   "src=\"/chart/over-time.svg\" /></figure>\n"));
	response->last_modified = http_keep(response, wanted->edition->stamp);
	return frame_end(response);
}

int chart_page(struct site *site, const struct http_request *request, const struct slice *captured,
	       struct http_response *response)
{
	struct wanted wanted CLEANUP(wanted_done) = {.site = site};
	int result = read_wanted(request, &wanted, response);
	struct chart_map *map;

	(void)captured;
	if (result != 0)
		return result < 0 ? result : 0;
	map = read_map(&wanted);
	result = map ? put_page(site, &wanted, map, response) : FAULT_MEMORY;
	free(map);
	return result;
}
