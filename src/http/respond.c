#include "http/respond.h"

#include <time.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "http/compress.h"
#include "http/handlers.h"
#include "http/range.h"

enum { LONG_BYTES = 1024 }; /* of less, a packet is saved by nothing */

#define METHOD(name) (1u << HTTP_##name)

static bool has(const struct http_response *response, struct slice name)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (utf8_fold_eq(response->headers[i].name, name))
			return true;
	}
	return false;
}

/* Adds a header that the handler did not give; its value lives as long as the response. */
static void add(struct http_response *response, struct slice name, struct slice value)
{
	if (value.p && response->header_count < ARRAY_SIZE(response->headers) &&
	    !has(response, name))
		response->headers[response->header_count++] = (struct http_header){name, value};
}

struct slice respond_body(const struct http_response *response)
{
	return response->shared.p ? response->shared : out_slice(&response->body);
}

/* The value of q in thousandths of "gzip;q=0.5" after its name; 1000 where there is none. */
static unsigned weight(struct slice parameters)
{
	unsigned value = 0, digit = 100;

	while (parameters.p) {
		struct slice one = slice_trim(slice_cut(&parameters, ';'));

		if (one.n < 3 || ascii_fold(one.p[0]) != 'q' || one.p[1] != '=')
			continue;
		if (one.p[2] == '1')
			return 1000;
		for (size_t i = 4; i < one.n && byte_is_digit(one.p[i]); i++, digit /= 10)
			value += (unsigned)(one.p[i] - '0') * digit;
		return value;
	}
	return 1000;
}

/* Whether Accept-Encoding wants gzip at least as much as what is not compressed. */
static bool accepts_gzip(struct slice accepted)
{
	unsigned gzip = 0, identity = 0, any = 0;
	bool named = false;

	while (accepted.p) {
		struct slice parameters = slice_cut(&accepted, ',');
		struct slice coding = slice_trim(slice_cut(&parameters, ';'));

		if (utf8_fold_eq(coding, SLICE("gzip")) || utf8_fold_eq(coding, SLICE("x-gzip"))) {
			gzip = weight(parameters);
			named = true;
		} else if (utf8_fold_eq(coding, SLICE("identity"))) {
			identity = weight(parameters);
		} else if (slice_eq(coding, SLICE("*"))) {
			any = weight(parameters);
		}
	}
	gzip = named ? gzip : any;
	return gzip > 0 && gzip >= identity;
}

bool respond_accepts_gzip(const struct http_request *request)
{
	return accepts_gzip(http_header(request, SLICE("Accept-Encoding")));
}

/* Text, JSON, XML and SVG; pictures are compressed already. */
static bool is_compressible(struct slice type)
{
	return slice_starts(type, SLICE("text/")) ||
	       slice_find(type, SLICE("json")) != (size_t)-1 ||
	       slice_find(type, SLICE("xml")) != (size_t)-1;
}

static bool caching_says(const struct http_response *response, struct slice word)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (utf8_fold_eq(response->headers[i].name, SLICE("Cache-Control")))
			return slice_find(response->headers[i].value, word) != (size_t)-1;
	}
	return false;
}

bool respond_is_no_store(const struct http_response *response)
{
	return caching_says(response, SLICE("no-store"));
}

bool respond_is_private(const struct http_response *response)
{
	return respond_is_no_store(response) || caching_says(response, SLICE("private"));
}

/* The entity tag, in quotes; one of its own for the compressed body. */
static struct slice entity_tag(struct http_response *response, bool gzip)
{
	char text[2 * 16 + 8];
	struct slice tag = response->etag;
	uint64_t hash[2];
	size_t n = 0;

	if (!tag.p) {
		hash_wide(respond_body(response), hash);
		for (; n < 32; n++)
			text[n] = "0123456789abcdef"[hash[n / 16] >> (60 - n % 16 * 4) & 15];
		tag = (struct slice){text, n};
	}
	if (tag.n > 256 || response->text.n + tag.n + 8 > HTTP_TEXT_MAX)
		return SLICE_NONE;
	n = response->text.n;
	strbuf_add_byte(&response->text, '"');
	strbuf_add(&response->text, tag);
	strbuf_add(&response->text, gzip ? SLICE("-gzip\"") : SLICE("\""));
	return (struct slice){response->text.p + n, response->text.n - n};
}

bool respond_names_tag(struct slice list, struct slice tag)
{
	if (slice_eq(slice_trim(list), SLICE("*")))
		return true;
	while (list.p) {
		struct slice one = slice_trim(slice_cut(&list, ','));

		if (slice_eq(slice_skip(one, slice_starts(one, SLICE("W/")) ? 2 : 0), tag))
			return true;
	}
	return false;
}

/* Whether the client has it already; of the two ways to ask the tag is the surer one. */
static bool is_known(const struct http_request *request, struct slice tag, struct slice date)
{
	struct slice tags = http_header(request, SLICE("If-None-Match"));
	int64_t since, modified, now = time(NULL);

	if (tags.p)
		return tag.p && respond_names_tag(tags, tag);
	return date.p && http_date_parse(date, now, &modified) &&
	       http_date_parse(http_header(request, SLICE("If-Modified-Since")), now, &since) &&
	       modified <= since;
}

static void drop_body(struct http_response *response)
{
	response->type = response->shared = response->shared_gzip = SLICE_NONE;
	response->body.n = 0;
}

/* Compresses the body, or takes what is kept compressed. False: it stays as it is. */
static bool compress_body(struct http_response *response)
{
	struct out packed;

	if (response->shared.p && response->shared_gzip.p) {
		response->shared = response->shared_gzip;
		return true;
	}
	if (compress_gzip(respond_body(response), &packed) < 0)
		return false;
	out_done(&response->body);
	response->body = packed;
	response->shared = SLICE_NONE;
	return true;
}

static void negotiate(const struct http_request *request, struct http_response *response)
{
	bool compressible = is_compressible(response->type);
	bool is_long = respond_body(response).n >= LONG_BYTES;
	bool gzip = compressible && is_long && !has(response, SLICE("Content-Encoding")) &&
		    respond_accepts_gzip(request);
	struct slice tag = SLICE_NONE, date = SLICE_NONE;
	char space[HTTP_DATE_LENGTH];

	if (compressible)
		add(response, SLICE("Vary"), SLICE("Accept-Encoding"));
	if (response->status == 200 && !respond_is_no_store(response)) {
		tag = entity_tag(response, gzip);
		date = http_keep(response, http_date_write(response->last_modified, space));
	}
	if (is_known(request, tag, date)) {
		response->status = 304;
		drop_body(response);
	} else if (gzip) {
		if (compress_body(response))
			add(response, SLICE("Content-Encoding"), SLICE("gzip"));
		else if (tag.p)
			tag = entity_tag(response, false);
	}
	add(response, SLICE("ETag"), tag);
	add(response, SLICE("Last-Modified"), date);
	if (response->status == 200 && tag.p && is_long)
		range_answer(request, tag, response);
}

static struct slice allowed(struct http_response *response)
{
	static const struct {
		unsigned method;
		struct slice names;
	} known[] = {{METHOD(GET), SLICE("GET, HEAD, ")}, {METHOD(POST), SLICE("POST, ")}};
	char text[32];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!(response->route->methods & known[i].method))
			continue;
		memcpy(text + n, known[i].names.p, known[i].names.n);
		n += known[i].names.n;
	}
	memcpy(text + n, "OPTIONS", 7);
	return http_keep(response, (struct slice){text, n + 7});
}

/* What may be asked of a route (RFC 9110, section 9.3.7), and by pages elsewhere (Fetch). */
static void tell_options(struct http_response *response)
{
	struct slice allow = SLICE_NONE;

	for (size_t i = 0; i < response->header_count; i++) {
		if (slice_eq(response->headers[i].name, SLICE("Allow")))
			allow = response->headers[i].value;
	}
	response->status = 204;
	response->header_count = 0;
	drop_body(response);
	/* Of several routes at one path it was told already. */
	add(response, SLICE("Allow"), allow.p ? allow : allowed(response));
	if (response->route->cross_origin) {
		add(response, SLICE("Access-Control-Allow-Methods"), SLICE("GET, HEAD"));
		add(response, SLICE("Access-Control-Allow-Headers"),
		    SLICE("If-None-Match, If-Modified-Since, If-Range, Range"));
		add(response, SLICE("Access-Control-Max-Age"), SLICE("86400"));
	}
}

/* Pages load from here alone, and have no script or style inside; all else loads nothing. */
static struct slice content_policy(struct slice type)
{
	if (slice_starts(type, SLICE("text/html")) ||
	    slice_find(type, SLICE("xhtml")) != (size_t)-1)
		return SLICE("default-src 'none'; script-src 'self'; style-src 'self'; "
			     "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
			     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
	/* A picture brings its colours for dark paper along. */
	if (slice_eq(type, HTTP_SVG))
		return SLICE(
			"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
	return SLICE("default-src 'none'; frame-ancestors 'none'");
}

void respond(const struct http_request *request, struct http_response *response)
{
	const struct route *route = response->route;
	struct slice type;

	if (request->method == HTTP_OPTIONS && route && !(route->methods & METHOD(OPTIONS)))
		tell_options(response);
	else if (response->status == 405 && route)
		add(response, SLICE("Allow"), allowed(response));
	type = response->type;
	if (type.p && (request->method == HTTP_GET || request->method == HTTP_HEAD))
		negotiate(request, response);
	if (route && route->cross_origin) {
		add(response, SLICE("Access-Control-Allow-Origin"), SLICE("*"));
		add(response, SLICE("Access-Control-Expose-Headers"), SLICE("ETag, Link"));
	}
	add(response, SLICE("Content-Type"), response->type);
	add(response, SLICE("Cache-Control"),
	    response->status < 400 ? SLICE("no-cache") : SLICE("no-store"));
	add(response, SLICE("X-Content-Type-Options"), SLICE("nosniff"));
	add(response, SLICE("Referrer-Policy"), SLICE("same-origin"));
	add(response, SLICE("Content-Security-Policy"), content_policy(type));
}
