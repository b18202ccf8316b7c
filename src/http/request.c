#include "http/request.h"

#include <string.h>

#include "base/utf8.h"

#define BAD_REQUEST(text) ((struct refusal){400, SLICE("Bad Request"), SLICE(text)})

/* tchar of RFC 9110, section 5.6.2. */
static bool is_token(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (!byte_is_letter(c) && !byte_is_digit(c) &&
		    (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
			return false;
	}
	return text.n > 0;
}

static bool has_control(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (((unsigned char)text.p[i] < ' ' && text.p[i] != '\t') || text.p[i] == 0x7f)
			return true;
	}
	return false;
}

bool request_add_header(struct request_head *head, struct slice name, struct slice value)
{
	if (head->count == REQUEST_HEADERS_MAX)
		head->refusal = (struct refusal){431, SLICE("Request Header Fields Too Large"),
						 SLICE("there are too many header fields")};
	else if (!is_token(name) || has_control(value))
		head->refusal = BAD_REQUEST("a header field is malformed");
	if (head->refusal.status != 0)
		return false;
	head->hosts += utf8_fold_eq(name, SLICE("Host"));
	head->lengths += utf8_fold_eq(name, SLICE("Content-Length"));
	head->headers[head->count++] = (struct http_header){name, value};
	return true;
}

/* A host and its port, and no list of them (RFC 9110, section 7.2). */
static bool is_host(struct slice host)
{
	for (size_t i = 0; i < host.n; i++) {
		if ((unsigned char)host.p[i] <= ' ' || strchr("/\\,@?#<>\"", host.p[i]))
			return false;
	}
	return true;
}

static enum http_method method_of(struct slice name)
{
	static const struct slice names[] = {
		[HTTP_GET] = {"GET", 3},
		[HTTP_HEAD] = {"HEAD", 4},
		[HTTP_POST] = {"POST", 4},
		[HTTP_OPTIONS] = {"OPTIONS", 7},
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (slice_eq(name, names[i]))
			return (enum http_method)i;
	}
	return HTTP_OTHER;
}

/* Path and query of a target in origin-form or absolute-form (RFC 9112, section 3.2). */
static bool split_target(struct slice target, struct http_request *request)
{
	size_t slash;

	if (slice_starts(target, SLICE("http://")) || slice_starts(target, SLICE("https://"))) {
		target = slice_skip(target, slice_find(target, SLICE("://")) + 3);
		slash = slice_find_byte(target, '/');
		if (slash == (size_t)-1)
			return false;
		target = slice_skip(target, slash);
	}
	if (!slice_starts(target, SLICE("/")))
		return false;
	for (size_t i = 0; i < target.n; i++) {
		if ((unsigned char)target.p[i] <= ' ' || target.p[i] == 0x7f || target.p[i] == '#')
			return false;
	}
	request->query = target;
	request->path = slice_cut(&request->query, '?');
	return true;
}

/* Each costs whoever looks for one of them. */
static bool has_too_many(struct slice query)
{
	size_t count = 0;

	while (query.p) {
		(void)slice_cut(&query, '&');
		count++;
	}
	return count > REQUEST_PARAMETERS_MAX;
}

struct refusal request_read(const struct request_head *head, struct http_request *request)
{
	if (head->refusal.status != 0)
		return head->refusal;
	request->method = method_of(head->method);
	request->headers = head->headers;
	request->header_count = head->count;
	if (!is_token(head->method))
		return BAD_REQUEST("the method is malformed");
	if (!slice_eq(head->version, SLICE("HTTP/1.1")) &&
	    !slice_eq(head->version, SLICE("HTTP/1.0")))
		return (struct refusal){505, SLICE("HTTP Version Not Supported"),
					SLICE("it is to be HTTP/1.1")};
	if (head->hosts > 1 || !is_host(http_header(request, SLICE("Host"))))
		return BAD_REQUEST("the Host is malformed, or there are several");
	if (head->lengths > 1)
		return BAD_REQUEST("there are several Content-Length fields");
	if (head->target_cut)
		return (struct refusal){414, SLICE("URI Too Long"), SLICE_NONE};
	if (!split_target(head->target, request))
		return BAD_REQUEST("the request target is malformed");
	if (has_too_many(request->query))
		return BAD_REQUEST("there are too many parameters");
	return (struct refusal){};
}
