/*
 * A request's head as it came, and whether it is one that may be answered. What two servers in a
 * row might understand differently is not understood at all (RFC 9112, section 11.2).
 */
#ifndef PORTBOOK_HTTP_REQUEST_H
#define PORTBOOK_HTTP_REQUEST_H

#include "http/http.h"

enum { REQUEST_HEADERS_MAX = 64, REQUEST_PARAMETERS_MAX = 128 };

/* What is wrong with a request that no handler is to see; status 0: nothing. Static texts. */
struct refusal {
	unsigned status;
	struct slice title, detail;
};

/* Borrows everything. */
struct request_head {
	struct slice method, target, version; /* of its first line */
	bool target_cut;		      /* it was longer than is kept */
	struct http_header headers[REQUEST_HEADERS_MAX];
	size_t count, hosts, lengths; /* of headers: all, Host, Content-Length */
	struct refusal refusal;	      /* of a header */
};

/* Begins a head whose headers are to be added: most of the room for them is left as it was. */
static inline void request_begin(struct request_head *head)
{
	head->count = head->hosts = head->lengths = 0;
	head->refusal.status = 0;
}

/* Adds a header. False where it is refused, and no more are of interest. */
bool request_add_header(struct request_head *head, struct slice name, struct slice value);

/*
 * Fills in method, path, query and headers, which are the head's, where nothing is refused. The
 * rest of the request is left as it was.
 */
struct refusal request_read(const struct request_head *head, struct http_request *request);

#endif
