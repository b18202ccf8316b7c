/*
 * Inside http/: what all pages have around their content: head, header with search and links, main,
 * footer. Style sheet and script are files of their own: a page has neither inside.
 */
#ifndef PORTBOOK_HTTP_FRAME_H
#define PORTBOOK_HTTP_FRAME_H

#include "http/http.h"

/*
 * Begins a page in response->body, up to where its content comes, in <main>: first an <h1> with the
 * title. 0 or FAULT_MEMORY.
 */
int frame_begin(struct http_response *response, unsigned status, struct slice title) MUST_USE;

/* Ends it. 0 or FAULT_MEMORY, also for what was written in between. */
int frame_end(struct http_response *response) MUST_USE;

/* The same parts for pages that have a head of their own. */
void frame_links(struct out *out);
void frame_header(struct out *out);
void frame_home_header(struct out *out); /* for a page with a search box of its own */
void frame_footer(struct out *out);

/* Up to where the body begins. */
void frame_head(struct out *out, struct slice title);

/* The search box, of which a page has one; as_of may be empty. */
void frame_search(struct out *out, struct slice value, struct slice as_of, bool big);

/* Text, escaped: between tags, and inside of an attribute's double quotes (render/xhtml_writer.h).
 */
void frame_put(struct out *out, struct slice text);
void frame_put_value(struct out *out, struct slice text);

/* Text as a segment of a path or a value of a query: %-encoded but for what RFC 3986, 2.3, has. */
void frame_encoded(struct out *out, struct slice text);

/* Digits in groups of three. */
void frame_thousands(struct out *out, uint64_t number);

/* Whether who asks would rather read a page than JSON: it accepts HTML, and names that first. */
bool frame_is_wanted(const struct http_request *request);

/* Makes a page of a response that is a problem. 0 or FAULT_MEMORY. */
int frame_problem(struct http_response *response) MUST_USE;

#endif
