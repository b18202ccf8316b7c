/*
 * Requests and responses as handlers see them: plain values, so that a handler is a function that
 * can be tried without a socket. http/server.c is what moves them over the network.
 *
 * A request borrows everything; a response owns its body unless it was given shared bytes.
 */
#ifndef PORTBOOK_HTTP_HTTP_H
#define PORTBOOK_HTTP_HTTP_H

#include <stdint.h>

#include "base/attr.h"
#include "base/out.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_OPTIONS,
	HTTP_OTHER, /* none of those: 405 wherever it goes */
};

struct http_header {
	struct slice name, value; /* names compare without regard to case */
};

struct http_request {
	enum http_method method;
	struct slice path;  /* as sent, still %-encoded, without the query; begins with / */
	struct slice query; /* what follows the "?", as sent; absent: none */
	const struct http_header *headers;
	size_t header_count;
	struct slice body;
	struct slice peer;	       /* who asks: an address, for logs and limits */
	struct operations *operations; /* of the server that asks (operations.h); NULL: of none */
};

/* The header's value; absent: it has none. */
struct slice http_header(const struct http_request *request, struct slice name);

/*
 * The first value of a parameter of the query (application/x-www-form-urlencoded, WHATWG URL),
 * decoded into an empty buffer. 1: there is one; 0: there is none; FAULT_MEMORY; FAULT_MALFORMED
 * for what is no UTF-8 or has a NUL.
 */
int http_parameter(const struct http_request *request, struct slice name,
		   struct strbuf *value) MUST_USE;

/* The same of a parameter that may be there several times: the value of an index from 0. */
int http_parameter_at(const struct http_request *request, struct slice name, size_t index,
		      struct strbuf *value) MUST_USE;

/*
 * Decodes %-escapes of a segment of a path into an empty buffer. Results as above, but 1 always
 * where it can be decoded.
 */
int http_decode(struct slice segment, struct strbuf *text) MUST_USE;

enum {
	HTTP_HEADERS_MAX = 16, /* that handlers give */
	HTTP_HEADERS_ADDED = 14,
};

/* Zeroed memory is a valid response without a status. Values of headers are static or in text. */
struct http_response {
	const struct route *route; /* what answered (handlers.h); NULL: no path matched */
	unsigned status;	   /* 200, ... */
	struct slice type;	   /* Content-Type; static; absent: there is no body */
	/* The body: made for this request, or bytes that live longer than the response. */
	struct out body; /* memory, once http_respond() was called */
	struct slice shared;
	/* Files that shared and shared_gzip may be part of; NULL: none. */
	const struct memory_file *files[2];
	/* Where those bytes are somebody's to give back: called when the response is done with. */
	void (*release)(void *holder, const void *held);
	void *holder;
	const void *held;
	/* The same gzip-compressed, where somebody keeps it; absent: compress it as it goes. */
	struct slice shared_gzip;
	/* Of registry data: what tells this body from others, and when its edition is from. */
	struct slice etag;	    /* without quotes; in text; absent: none */
	struct slice last_modified; /* YYYY-MM-DD[.N]; in text; absent: none */
	struct http_header headers[HTTP_HEADERS_MAX + HTTP_HEADERS_ADDED]; /* others */
	size_t header_count;
	struct slice problem, detail; /* what http_problem() was told; absent: it is none */
	struct strbuf text; /* where values are built; at most HTTP_TEXT_MAX bytes, never moved */
};

enum { HTTP_TEXT_MAX = 8192 };

/* Begins a response with a body to be written to response->body. 0 or FAULT_MEMORY. */
int http_respond(struct http_response *response, unsigned status, struct slice type) MUST_USE;

/* Adds a header whose value is copied. Dropped, and false, where there is no room. */
bool http_add_header(struct http_response *response, struct slice name, struct slice value);

/* Copies text to where it lives as long as the response; absent where there is no room. */
struct slice http_keep(struct http_response *response, struct slice text);

void http_response_done(struct http_response *response);

/*
 * A problem (RFC 9457) in the place of whatever the response was: title is static and says what
 * the status means here, detail what is wrong with this request (may be absent).
 */
int http_problem(struct http_response *response, unsigned status, struct slice title,
		 struct slice detail) MUST_USE;

/* Permanently (308) or for now (302) elsewhere. location is copied. */
int http_redirect(struct http_response *response, unsigned status, struct slice location) MUST_USE;

/* Media types. Static. */
#define HTTP_HTML   SLICE("text/html; charset=utf-8")
#define HTTP_XHTML  SLICE("application/xhtml+xml; charset=utf-8")
#define HTTP_JSON   SLICE("application/json")
#define HTTP_CSV    SLICE("text/csv; charset=utf-8")
#define HTTP_XML    SLICE("text/xml; charset=utf-8")
#define HTTP_PLAIN  SLICE("text/plain; charset=utf-8")
#define HTTP_ATOM   SLICE("application/atom+xml; charset=utf-8")
#define HTTP_SVG    SLICE("image/svg+xml")
#define HTTP_PNG    SLICE("image/png")
#define HTTP_CSS    SLICE("text/css; charset=utf-8")
#define HTTP_SCRIPT SLICE("text/javascript; charset=utf-8")

#endif
