/*
 * Any text as a request: a line of method and target, lines of headers, an empty one and the body.
 * Whatever it is, the answer is one that is well formed (answers.h).
 */
#define _GNU_SOURCE
#include "answers.h"
#include "http/request.h"
#include "http/respond.h"
#include "made_up_store.h"

static struct slice take_line(struct slice *rest)
{
	struct slice line = slice_cut(rest, '\n');

	line.n -= slice_ends(line, SLICE("\r"));
	return line;
}

/* The version may be left out. False where the server refuses it. */
static bool read_request(struct slice text, struct request_head *head, struct http_request *request)
{
	struct slice line = take_line(&text);
	struct refusal refusal;

	request_begin(head);
	head->method = slice_cut(&line, ' ');
	head->target = slice_cut(&line, ' ');
	head->target_cut = false;
	head->version = line.p ? line : SLICE("HTTP/1.1");
	while (text.p) {
		struct slice value = take_line(&text), name = slice_cut(&value, ':');

		if (name.n == 0 ||
		    !request_add_header(head, name, value.p ? slice_trim(value) : SLICE("")))
			break;
	}
	request->body = text;
	refusal = request_read(head, request);
	must(refusal.status == 0 || (refusal.status >= 400 && refusal.title.n > 0));
	return refusal.status == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request_head head;
	struct http_request request = {};
	struct http_response response = {};

	if (!read_request(fuzz_slice(data, size), &head, &request))
		return 0;
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
