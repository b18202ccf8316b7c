/* A port, a service, a person: one thing by its name. */
#include "base/nearest.h"
#include "base/number.h"
#include "http/api.h"
#include "render/render.h"

enum {
	FEW = 64,	/* rows that an answer has room for by itself: more than real ones have */
	NEAREST_MAX = 5 /* names that are suggested */
};

static void put_row(struct out *out, const struct image *image, uint32_t number, size_t index)
{
	struct row row;

	image_row(image, number, &row);
	out_put(out, index > 0 ? SLICE(",\n") : SLICE("\n"));
	render_json_row(out, &row);
}

static void put_set(struct out *out, const struct image *image, const struct rowset *set)
{
	size_t index = 0;

	ROWSET_EACH(set, number)
	put_row(out, image, number, index++);
}

/* The rows that answer a query. How many, or FAULT_MEMORY. */
static int put_rows(struct out *out, const struct image *image, const struct query *query)
{
	struct rowset set CLEANUP(rowset_done) = {};
	uint32_t rows[FEW];
	size_t count = query_matching(image, query, rows, FEW);

	if (count > FEW) {
		if (!rowset_init(&set, image_row_count(image)))
			return FAULT_MEMORY;
		query_rows(image, query, &set);
		put_set(out, image, &set);
		return (int)count;
	}
	for (size_t i = 0; i < count; i++)
		put_row(out, image, rows[i], i);
	return (int)count;
}

/* The state of the port with each transport, or with the one that was asked for. */
static void put_states(struct out *out, const struct image *image, const struct query *query)
{
	struct slice separator = SLICE("");

	out_put(out, SLICE(",\"transports\":{"));
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (query->transport != TRANSPORT_NONE && query->transport != i)
			continue;
		out_put(out, separator);
		render_json_text(out, transport_name((enum transport)i));
		out_byte(out, ':');
		render_json_text(out, row_state_name(query_port_state(image, (enum transport)i,
								      query->first)));
		separator = SLICE(",");
	}
	out_byte(out, '}');
}

static int put_port(struct out *out, const struct site_edition *edition, const struct query *query)
{
	enum port_range range = port_range_of(query->first);
	struct row row;
	int result;

	out_put(out, SLICE("{\"port\":"));
	out_uint(out, query->first);
	out_put(out, SLICE(",\"range\":"));
	render_json_text(out, port_range_name(range));
	out_put(out, SLICE(",\"procedure\":"));
	render_json_text(out, port_range_procedure(range));
	put_states(out, &edition->image, query);
	out_put(out, SLICE(",\"rows\":["));
	result = put_rows(out, &edition->image, query);
	if (result == 0) {
		query_uncovered(query->transport, query->first, query->first, &row);
		out_byte(out, '\n');
		render_json_row(out, &row);
	}
	out_put(out, SLICE("\n]"));
	api_put_edition(out, edition);
	out_put(out, SLICE("}\n"));
	return result;
}

static int read_port(struct slice port, struct slice transport, struct query *query,
		     struct http_response *response)
{
	uint64_t number = 0;

	*query = (struct query){.kind = QUERY_PORTS, .transport = TRANSPORT_NONE};
	if (!number_parse(port, PORT_MAX, &number))
		return api_refuse(response, API_PORT, "\"%.*s\" is no port number (0-65535)",
				  port.n < 40 ? (int)port.n : 40, port.p);
	if (transport.p && !transport_parse(transport, &query->transport))
		return api_refuse(response, API_TRANSPORT,
				  "\"%.*s\" is none of tcp, udp, sctp, dccp",
				  transport.n < 40 ? (int)transport.n : 40, transport.p);
	query->first = query->last = (uint16_t)number;
	return 0;
}

/* Reads what all questions to an edition may have, and holds it. */
static int open_edition(struct site *site, const struct http_request *request,
			const struct site_edition **ret_edition, struct http_response *response)
{
	struct api_values values CLEANUP(api_values_done) = {};
	int result = api_read(request, 1u << API_AS_OF, &values, response);

	return result == 0 ? api_hold(site, &values, ret_edition, response) : result;
}

static int answer_port(struct site *site, const struct http_request *request, struct slice port,
		       struct slice transport, struct http_response *response)
{
	const struct site_edition *edition;
	struct query query;
	int result = read_port(port, transport, &query, response);

	if (result == 0)
		result = open_edition(site, request, &edition, response);
	if (result != 0)
		return api_end(result, response);
	result = api_respond(response, edition->stamp);
	if (result == 0)
		result = put_port(&response->body, edition, &query);
	site_release(site, edition);
	return api_end(result, response);
}

int api_port(struct site *site, const struct http_request *request, const struct slice *captured,
	     struct http_response *response)
{
	return answer_port(site, request, captured[0], SLICE_NONE, response);
}

int api_port_transport(struct site *site, const struct http_request *request,
		       const struct slice *captured, struct http_response *response)
{
	return answer_port(site, request, captured[0], captured[1], response);
}

/* 404 with what may have been meant. */
static int missing(struct http_response *response, const char *what, struct slice word,
		   const struct slice *near, size_t count)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	for (size_t i = 0; i < count; i++) {
		strbuf_add(&text, i > 0 ? SLICE(", ") : SLICE("; nearest: "));
		strbuf_add(&text, near[i]);
	}
	if (text.failed)
		return FAULT_MEMORY;
	return api_not_found(response, "%s \"%.*s\"%.*s", what, word.n < 80 ? (int)word.n : 80,
			     word.p, (int)text.n, strbuf_slice(&text).p);
}

static int put_service(struct http_response *response, const struct site_edition *edition,
		       struct slice name)
{
	const struct image *image = &edition->image;
	struct query query = {.kind = QUERY_NAME, .name = name, .transport = TRANSPORT_NONE};
	struct slice near[NEAREST_MAX];
	uint32_t first;
	int result;

	if (query_name(image, name, &first, 1) == 0)
		return missing(response, "no service is named", name, near,
			       query_suggest(image, name, near, NEAREST_MAX));
	result = api_respond(response, edition->stamp);
	if (result < 0)
		return result;
	out_put(&response->body, SLICE("{\"name\":"));
	render_json_text(&response->body, image_row_text(image, first, COLUMN_NAME));
	out_put(&response->body, SLICE(",\"rows\":["));
	result = put_rows(&response->body, image, &query);
	out_put(&response->body, SLICE("\n]"));
	api_put_edition(&response->body, edition);
	out_put(&response->body, SLICE("}\n"));
	return result;
}

int api_service(struct site *site, const struct http_request *request, const struct slice *captured,
		struct http_response *response)
{
	const struct site_edition *edition;
	int result = open_edition(site, request, &edition, response);

	if (result != 0)
		return api_end(result, response);
	result = put_service(response, edition, captured[0]);
	site_release(site, edition);
	return api_end(result, response);
}

static struct slice person_id(const void *image, size_t index)
{
	struct person person;

	image_person(image, (uint32_t)index, &person);
	return person.id;
}

/* Rows may name people of whom the edition says nothing else. */
static int put_person(struct http_response *response, const struct site_edition *edition,
		      struct slice id)
{
	struct rowset set CLEANUP(rowset_done) = {};
	const struct image *image = &edition->image;
	struct person person = {.id = id};
	struct out *out = &response->body;
	struct slice near[NEAREST_MAX];
	uint32_t number;
	bool found = query_person(image, id, &number);
	int result;

	if (!rowset_init(&set, image_row_count(image)))
		return FAULT_MEMORY;
	if (found)
		image_person(image, number, &person);
	query_person_rows(image, person.id, &set);
	if (!found && rowset_count(&set) == 0)
		return missing(response, "no person has the id", id, near,
			       nearest(id, person_id, image, near, NEAREST_MAX));
	result = api_respond(response, edition->stamp);
	if (result < 0)
		return result;
	out_put(out, SLICE("{\"person\":"));
	render_json_person(out, &person);
	out_put(out, SLICE(",\"rows\":["));
	put_set(out, image, &set);
	out_put(out, SLICE("\n]"));
	api_put_edition(out, edition);
	out_put(out, SLICE("}\n"));
	return 0;
}

int api_person(struct site *site, const struct http_request *request, const struct slice *captured,
	       struct http_response *response)
{
	const struct site_edition *edition;
	int result = open_edition(site, request, &edition, response);

	if (result != 0)
		return api_end(result, response);
	result = put_person(response, edition, captured[0]);
	site_release(site, edition);
	return api_end(result, response);
}
