/*
 * Whether a port is a good one, and which are: of an edition and what holds in general, with the
 * common list. Nothing of the machine that serves.
 */
#include "http/api_advice.h"

#include <stdlib.h>

#include "base/number.h"
#include "http/api.h"
#include "render/render.h"

enum { COUNT_DEFAULT = 10, COUNT_MAX = 100 };

/* No file is read. */
static void ignore(void *context, const char *path, const struct fault *fault)
{
	(void)context, (void)path, (void)fault;
}

int general_open(const struct site_edition *edition, struct general *ret_general)
{
	struct fault fault;
	int result = overlay_open(NULL, 0, ignore, NULL, &ret_general->overlay, &fault);

	ret_general->facts = (struct advice_facts){
		.image = &edition->image,
		.origin = edition->label,
		.date = edition->date,
		.overlay = &ret_general->overlay,
	};
	return result;
}

void general_done(struct general *general)
{
	overlay_done(&general->overlay);
}

static int read_purpose(const struct api_values *values, enum advice_purpose *ret_purpose,
			struct http_response *response)
{
	struct slice word = api_value(values, API_FOR);
	unsigned index = ADVICE_SERVICE;
	int result = word.p ? api_find_word(API_FOR, word, &index, response) : 0;

	if (result == 0)
		*ret_purpose = (enum advice_purpose)index;
	return result;
}

static int put_checks(struct out *out, const struct advice_facts *facts, uint16_t port,
		      unsigned transports, enum advice_purpose purpose)
{
	struct advice advice CLEANUP(advice_done) = {};
	bool first = true;

	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		struct fault fault;

		if (!(transports >> i & 1))
			continue;
		if (advice_check(facts, (enum transport)i, port, purpose, &advice, &fault) < 0)
			return FAULT_MEMORY;
		out_put(out, first ? SLICE("\n") : SLICE(",\n"));
		advice_json(out, &advice);
		first = false;
	}
	return 0;
}

static int put_check(struct http_response *response, const struct site_edition *edition,
		     uint16_t port, unsigned transports, enum advice_purpose purpose)
{
	struct general general CLEANUP(general_done) = {};
	struct out *out = &response->body;
	int result = general_open(edition, &general);

	if (result == 0)
		result = api_respond(response, edition->stamp);
	if (result < 0)
		return result;
	out_put(out, SLICE("{\"checks\":["));
	result = put_checks(out, &general.facts, port, transports, purpose);
	out_put(out, SLICE("\n]"));
	api_put_edition(out, edition);
	out_put(out, SLICE("}\n"));
	return result;
}

/* Without a transport it is TCP and UDP. */
static int answer_check(struct site *site, const struct http_request *request, struct slice port,
			struct slice transport, struct http_response *response)
{
	struct api_values values CLEANUP(api_values_done) = {};
	const struct site_edition *edition;
	unsigned index = 0, transports = 1u << TRANSPORT_TCP | 1u << TRANSPORT_UDP;
	enum advice_purpose purpose = ADVICE_SERVICE;
	uint64_t number;
	int result;

	if (!number_parse(port, PORT_MAX, &number))
		return api_end(api_refuse(response, API_PORT,
					  "\"%.*s\" is no port number (0-65535)",
					  port.n < 40 ? (int)port.n : 40, port.p),
			       response);
	result = transport.p ? api_find_word(API_TRANSPORT, transport, &index, response) : 0;
	if (result == 0)
		result = api_read(request, 1u << API_AS_OF | 1u << API_FOR, &values, response);
	if (result == 0)
		result = read_purpose(&values, &purpose, response);
	if (result == 0)
		result = api_hold(site, &values, &edition, response);
	if (result != 0)
		return api_end(result, response);
	result = put_check(response, edition, (uint16_t)number,
			   transport.p ? 1u << index : transports, purpose);
	site_release(site, edition);
	return api_end(result, response);
}

int api_check(struct site *site, const struct http_request *request, const struct slice *captured,
	      struct http_response *response)
{
	return answer_check(site, request, captured[0], SLICE_NONE, response);
}

int api_check_transport(struct site *site, const struct http_request *request,
			const struct slice *captured, struct http_response *response)
{
	return answer_check(site, request, captured[0], captured[1], response);
}

/* A range of ports by its name or its ends. */
static int read_range(const struct api_values *values, struct advice_wish *wish,
		      struct http_response *response)
{
	static const uint16_t ends[PORT_RANGE_COUNT][2] = {
		[PORT_RANGE_SYSTEM] = {0, PORT_USER_FIRST - 1},
		[PORT_RANGE_USER] = {ADVICE_FIRST, ADVICE_LAST},
		[PORT_RANGE_DYNAMIC] = {PORT_DYNAMIC_FIRST, PORT_MAX},
	};
	struct slice text = api_value(values, API_RANGE);
	unsigned index = PORT_RANGE_USER;
	int result = 0;

	if (text.p && port_parse(text, &wish->first, &wish->last))
		return 0;
	if (text.n > 0 && byte_is_digit(text.p[0]))
		return api_refuse(response, API_RANGE, "\"%.*s\" is no range of ports (A-B)",
				  text.n < 40 ? (int)text.n : 40, text.p);
	if (text.p)
		result = api_find_word(API_RANGE, text, &index, response);
	wish->first = ends[index][0];
	wish->last = ends[index][1];
	return result;
}

static int read_number(const struct api_values *values, enum api_parameter parameter,
		       uint64_t least, uint64_t most, uint64_t *number,
		       struct http_response *response)
{
	struct slice text = api_value(values, parameter);

	if (!text.p || (number_parse(text, most, number) && *number >= least))
		return 0;
	return api_refuse(response, parameter, "\"%.*s\" is no number of %ju to %ju",
			  text.n < 40 ? (int)text.n : 40, text.p, (uintmax_t)least,
			  (uintmax_t)most);
}

static int read_wish(const struct api_values *values, struct advice_wish *wish,
		     struct http_response *response)
{
	uint64_t count = COUNT_DEFAULT, near = 0;
	int result = read_number(values, API_COUNT, 1, COUNT_MAX, &count, response);

	if (result == 0)
		result = read_number(values, API_NEAR, 0, PORT_MAX, &near, response);
	if (result == 0)
		result = api_read_mask(values, API_TRANSPORT, &wish->transports, response);
	if (result == 0)
		result = read_range(values, wish, response);
	if (result == 0)
		result = read_purpose(values, &wish->purpose, response);
	wish->count = (size_t)count;
	wish->near = (uint16_t)near;
	wish->has_near = api_value(values, API_NEAR).p != NULL;
	wish->seed = api_value(values, API_SEED);
	if (wish->transports == 0)
		wish->transports = 1u << TRANSPORT_TCP;
	return result;
}

static int put_port(struct out *out, const struct advice_facts *facts,
		    const struct advice_wish *wish, uint16_t port)
{
	struct advice advice CLEANUP(advice_done) = {};
	struct strbuf reason CLEANUP(strbuf_done) = {};
	enum transport transport = (enum transport)__builtin_ctz(wish->transports);
	struct fault fault;

	if (advice_check(facts, transport, port, wish->purpose, &advice, &fault) < 0)
		return FAULT_MEMORY;
	advice_reason(facts, &advice, &reason);
	out_printf(out, "{\"port\":%u,\"reason\":", port);
	render_json_text(out, strbuf_slice(&reason));
	out_byte(out, '}');
	return reason.failed ? FAULT_MEMORY : 0;
}

static void free_ports(uint16_t **ports)
{
	free(*ports);
}

static int put_free(struct http_response *response, const struct site_edition *edition,
		    const struct advice_wish *wish)
{
	struct general general CLEANUP(general_done) = {};
	uint16_t *ports CLEANUP(free_ports) = NULL;
	struct out *out = &response->body;
	struct fault fault;
	size_t count = 0;
	int result = general_open(edition, &general);

	if (result == 0)
		result = advice_choose(&general.facts, wish, &ports, &count, &fault);
	if (result == 0)
		result = api_respond(response, edition->stamp);
	if (result < 0)
		return result;
	out_put(out, SLICE("{\"ports\":["));
	for (size_t i = 0; i < count && result == 0; i++) {
		out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		result = put_port(out, &general.facts, wish, ports[i]);
	}
	out_put(out, SLICE("\n]"));
	api_put_edition(out, edition);
	out_put(out, SLICE("}\n"));
	return result;
}

int api_free(struct site *site, const struct http_request *request, const struct slice *captured,
	     struct http_response *response)
{
	struct api_values values CLEANUP(api_values_done) = {};
	const struct site_edition *edition;
	struct advice_wish wish = {};
	int result = api_read(request,
			      1u << API_AS_OF | 1u << API_FOR | 1u << API_COUNT | 1u << API_NEAR |
				      1u << API_SEED | 1u << API_RANGE | 1u << API_TRANSPORT,
			      &values, response);

	(void)captured;
	if (result == 0)
		result = read_wish(&values, &wish, response);
	if (result == 0)
		result = api_hold(site, &values, &edition, response);
	if (result != 0)
		return api_end(result, response);
	result = put_free(response, edition, &wish);
	site_release(site, edition);
	return api_end(result, response);
}
