/*
 * Any text as a request: a line of method and target, lines of headers, an empty one and the body.
 * Whatever it is, the answer is one that is well formed (answers.h).
 */
#define _GNU_SOURCE
#include "answers.h"
#include "http/respond.h"
#include "made_up_store.h"

enum { HEADERS_MAX = 16 };

static struct slice take_line(struct slice *rest)
{
	struct slice line = slice_cut(rest, '\n');

	line.n -= slice_ends(line, SLICE("\r"));
	return line;
}

static enum http_method method_of(struct slice name)
{
	static const struct slice names[] = {SLICE("GET"), SLICE("HEAD"), SLICE("POST"),
					     SLICE("OPTIONS")};
	size_t i = 0;

	while (i < ARRAY_SIZE(names) && !slice_eq(name, names[i]))
		i++;
	return (enum http_method)i;
}

static struct http_request read_request(struct slice text, struct http_header *headers)
{
	struct slice target = take_line(&text);
	struct http_request request = {.headers = headers};

	request.method = method_of(slice_cut(&target, ' '));
	request.query = target.p ? target : SLICE("");
	request.path = slice_cut(&request.query, '?');
	while (text.p && request.header_count < HEADERS_MAX) {
		struct slice value = take_line(&text), name = slice_cut(&value, ':');

		if (name.n == 0)
			break;
		headers[request.header_count++] =
			(struct http_header){name, value.p ? slice_trim(value) : SLICE("")};
	}
	request.body = text;
	return request;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_header headers[HEADERS_MAX];
	struct http_request request = read_request(fuzz_slice(data, size), headers);
	struct http_response response = {};

	/* Pictures take a second under sanitizers; what is read of their requests, other pages do.
	 */
	if (slice_starts(request.path, SLICE("/chart.")))
		return 0;
	site_answer(made_up(), &request, &response);
	must_be_status(response.status);
	if (response.type.p)
		must_be_body(response.type, respond_body(&response));
	respond(&request, &response);
	must_be_status(response.status);
	must_be_headers(&response);
	must(respond_body(&response).n == 0 || answer_has(&response, SLICE("Content-Type")));
	http_response_done(&response);
	return 0;
}
