/* Inside http/: a part of a body, for who has the rest of it (RFC 9110, section 14). */
#ifndef PORTBOOK_HTTP_RANGE_H
#define PORTBOOK_HTTP_RANGE_H

#include "http/http.h"

/*
 * Cuts a complete response to GET down to the range of bytes that is asked for (206, or 416 where
 * it begins behind the body), and says that ranges may be asked for. All of it stays where several
 * ranges or none are asked for, or where the client's part is of a body with another entity tag;
 * the tag is this body's, in quotes.
 */
void range_answer(const struct http_request *request, struct slice tag,
		  struct http_response *response);

#endif
