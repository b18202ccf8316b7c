/*
 * Any text as a request: a line of method and target, lines of headers, an empty one and the body.
 * Whatever it is, the answer is one that is well formed (answers.h).
 */
#define _GNU_SOURCE
#include "answers.h"
#include "http/respond.h"
#include "made_up_store.h"
#include "requested.h"

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
