/* What the tests of http/ share: a request in, a response out. Included behind testing.h. */
#ifndef PORTBOOK_TESTS_ASKING_H
#define PORTBOOK_TESTS_ASKING_H

#include "http/handlers.h"

#define assert_status(response_, status_) assert_int_equal((response_)->status, (status_))

/* Whether the body has the text. */
#define assert_has(response_, literal_)                                                            \
	assert_true(slice_find(body_of(response_), SLICE(literal_)) != (size_t)-1)
#define assert_lacks(response_, literal_)                                                          \
	assert_true(slice_find(body_of(response_), SLICE(literal_)) == (size_t)-1)

static inline struct slice body_of(const struct http_response *response)
{
	return response->shared.p ? response->shared : out_slice(&response->body);
}

/* A header of a response; absent: it has none. */
static inline struct slice header_of(const struct http_response *response, struct slice name)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (slice_eq(response->headers[i].name, name))
			return response->headers[i].value;
	}
	return SLICE_NONE;
}

/* Asks for a path with perhaps a query, accepting what Accept says (may be absent). */
static inline struct http_response ask_as(struct site *site, enum http_method method,
					  const char *address, struct slice accept)
{
	struct http_header header = {SLICE("Accept"), accept};
	struct slice query = slice_cstr(address), path = slice_cut(&query, '?');
	struct http_request request = {.method = method,
				       .path = path,
				       .query = query,
				       .headers = &header,
				       .header_count = accept.p ? 1 : 0};
	struct http_response response = {};

	site_answer(site, &request, &response);
	return response;
}

static inline struct http_response ask(struct site *site, const char *address)
{
	return ask_as(site, HTTP_GET, address, SLICE_NONE);
}

/* A site of a registry's file; NULL: the built-in one. */
static inline struct site *site_of(const char *registry)
{
	struct site_options options = {.registry = registry};
	struct site *site = NULL;
	struct fault fault = {};

	assert_int_equal(site_open(&options, &site, &fault), 0);
	return site;
}

#endif
