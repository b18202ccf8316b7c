/* Text as a request: a line of method and target, lines of headers, an empty one and the body. */
#ifndef PORTBOOK_FUZZ_REQUESTED_H
#define PORTBOOK_FUZZ_REQUESTED_H

#include "fuzz.h"
#include "http/request.h"

static inline struct slice take_line(struct slice *rest)
{
	struct slice line = slice_cut(rest, '\n');

	line.n -= slice_ends(line, SLICE("\r"));
	return line;
}

/* The version may be left out. False where the server refuses it. */
static inline bool read_request(struct slice text, struct request_head *head,
				struct http_request *request)
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

#endif
