/*
 * What makes a handler's response one of HTTP (RFC 9110): validators and conditional requests,
 * compression, cross-origin reads, and the headers that every response has.
 */
#ifndef PORTBOOK_HTTP_RESPOND_H
#define PORTBOOK_HTTP_RESPOND_H

#include "http/http.h"

/*
 * Completes the response to a request. Headers are then all of them but Date, Content-Length and
 * Connection; Content-Type is among them. Total: without memory to compress, it goes as it is.
 */
void respond(const struct http_request *request, struct http_response *response);

/* Whether the body may be compressed, as far as its reader goes. */
bool respond_accepts_gzip(const struct http_request *request);

/* Whether what was answered is to be kept nowhere. */
bool respond_is_no_store(const struct http_response *response);
/* Whether it is to be answered to nobody else. */
bool respond_is_private(const struct http_response *response);

/* The bytes of a body; empty where there is none. HEAD is told its length and not sent them. */
struct slice respond_body(const struct http_response *response);

/* Whether a list of entity tags has the tag, by weak comparison (RFC 9110, section 8.8.3.2). */
bool respond_names_tag(struct slice list, struct slice tag);

enum { HTTP_DATE_LENGTH = 29 };

/*
 * "Mon, 17 Aug 2026 00:00:00 GMT" of YYYY-MM-DD; of YYYY-MM-DD.N, the N-th document of that date, a
 * second later each, so that who asks by the date gets it. Absent where that is none of these.
 */
struct slice http_date_write(struct slice date, char space[static HTTP_DATE_LENGTH]);

/*
 * Seconds since 1970 of a date in any of the three forms; false for another one, which is then to
 * be ignored. now, likewise, is for years of two digits.
 */
bool http_date_parse(struct slice text, int64_t now, int64_t *ret_seconds) MUST_USE;

#endif
