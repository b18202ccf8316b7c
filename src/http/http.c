#include "http/http.h"

#include <stdlib.h>

#include "base/fault.h"
#include "base/utf8.h"
#include "render/render.h"

struct slice http_header(const struct http_request *request, struct slice name)
{
	for (size_t i = 0; i < request->header_count; i++) {
		if (utf8_fold_eq(request->headers[i].name, name))
			return request->headers[i].value;
	}
	return SLICE_NONE;
}

static int hex_digit(char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = ascii_fold(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %-escapes, and + as a space where it is one. A % that begins no escape stands for itself.
 */
static int decode(struct slice text, bool plus_is_space, struct strbuf *decoded)
{
	struct slice whole;
	size_t bad;

	for (size_t i = 0; i < text.n; i++) {
		int high = i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(text.p[i + 2]) : -1;

		if (text.p[i] == '%' && low >= 0) {
			strbuf_add_byte(decoded, (char)(high << 4 | low));
			i += 2;
		} else {
			strbuf_add_byte(decoded,
					plus_is_space && text.p[i] == '+' ? ' ' : text.p[i]);
		}
	}
	if (decoded->failed)
		return FAULT_MEMORY;
	whole = strbuf_slice(decoded);
	if (!utf8_valid(whole, &bad) || slice_find_byte(whole, '\0') != (size_t)-1)
		return FAULT_MALFORMED;
	return 1;
}

int http_parameter_at(const struct http_request *request, struct slice name, size_t index,
		      struct strbuf *value)
{
	struct slice rest = request->query;

	while (rest.p) {
		struct slice text = slice_cut(&rest, '&'), key = slice_cut(&text, '=');
		struct strbuf decoded CLEANUP(strbuf_done) = {};

		if (decode(key, true, &decoded) == FAULT_MEMORY)
			return FAULT_MEMORY;
		if (slice_eq(strbuf_slice(&decoded), name) && index-- == 0)
			return decode(text, true, value);
	}
	return 0;
}

int http_parameter(const struct http_request *request, struct slice name, struct strbuf *value)
{
	return http_parameter_at(request, name, 0, value);
}

int http_decode(struct slice segment, struct strbuf *text)
{
	return decode(segment, false, text);
}

static bool begin(struct http_response *response)
{
	if (response->text.p)
		return true;
	/* Of one size from the start: values of headers point into it. */
	response->text.max = HTTP_TEXT_MAX;
	strbuf_reserve(&response->text, HTTP_TEXT_MAX);
	return response->text.p != NULL;
}

int http_respond(struct http_response *response, unsigned status, struct slice type)
{
	if (!begin(response))
		return FAULT_MEMORY;
	/* What was too large to be written is no more. */
	if (response->body.size > 0) {
		response->body.n = 0;
		response->body.error = 0;
	} else if (out_init_memory(&response->body) < 0) {
		return FAULT_MEMORY;
	}
	response->status = status;
	response->type = type;
	response->shared = response->shared_gzip = SLICE_NONE;
	response->problem = response->detail = SLICE_NONE;
	return 0;
}

struct slice http_keep(struct http_response *response, struct slice text)
{
	size_t at = response->text.n;

	if (!text.p || !begin(response) || text.n > HTTP_TEXT_MAX - at)
		return SLICE_NONE;
	strbuf_add(&response->text, text);
	return (struct slice){response->text.p + at, text.n};
}

bool http_add_header(struct http_response *response, struct slice name, struct slice value)
{
	struct slice kept = http_keep(response, value);

	/* Whatever a value was made of, it is one line. */
	for (size_t i = 0; i < kept.n; i++) {
		if ((unsigned char)kept.p[i] < ' ' || kept.p[i] == 0x7f)
			return false;
	}
	if (!kept.p || response->header_count == HTTP_HEADERS_MAX)
		return false;
	response->headers[response->header_count++] = (struct http_header){name, kept};
	return true;
}

void http_response_done(struct http_response *response)
{
	if (response->release)
		response->release(response->holder, response->held);
	out_done(&response->body);
	strbuf_done(&response->text);
	*response = (struct http_response){};
}

int http_problem(struct http_response *response, unsigned status, struct slice title,
		 struct slice detail)
{
	int result;

	response->header_count = 0;
	response->etag = response->last_modified = SLICE_NONE;
	result = http_respond(response, status, SLICE("application/problem+json"));
	if (result < 0)
		return result;
	response->problem = title;
	response->detail = http_keep(response, detail);
	out_printf(&response->body, "{\"type\":\"about:blank\",\"status\":%u,\"title\":", status);
	render_json_text(&response->body, title);
	if (detail.p) {
		out_put(&response->body, SLICE(",\"detail\":"));
		render_json_text(&response->body, detail);
	}
	out_put(&response->body, SLICE("}\n"));
	return response->body.error ? FAULT_MEMORY : 0;
}

int http_redirect(struct http_response *response, unsigned status, struct slice location)
{
	int result = http_respond(response, status, SLICE_NONE);

	if (result == 0 && !http_add_header(response, SLICE("Location"), location))
		return http_problem(response, 400, SLICE("Bad Request"),
				    SLICE("the address is too long"));
	return result;
}
