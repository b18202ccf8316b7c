/*
 * Inside http/: what answers requests. Each handler is in a file with its like; routes.c has the
 * table of paths that leads to them.
 */
#ifndef PORTBOOK_HTTP_HANDLERS_H
#define PORTBOOK_HTTP_HANDLERS_H

#include "http/site.h"

enum { ROUTE_CAPTURES_MAX = 3 };

/*
 * Answers a request whose path matched a pattern; captured are the segments where the pattern has
 * {}, decoded. 0, or a negative fault that is answered with 500. GET and HEAD are answered alike:
 * the body of HEAD is left out later, as are ETag, compression and 304 put in then.
 */
typedef int http_handler(struct site *site, const struct http_request *request,
			 const struct slice *captured, struct http_response *response);

/*
 * The same of the desk: who asks, and the desk that is asked, are there already (visitor.h,
 * desk_page.h), and gone when it returns. It returns what their helpers return.
 */
struct visitor;
struct desk_page;
typedef int visitor_handler(struct visitor *visitor, const struct slice *captured);
typedef int page_handler(struct desk_page *page, const struct slice *captured);

/* How long an answer may take: what is slow is answered beside the rest. */
enum route_cost {
	ROUTE_QUICK,
	ROUTE_SLOW_QUERY, /* where it has parameters: all rows are written */
	ROUTE_SLOW,	  /* it reads much of the store, or draws */
	ROUTE_DESK,	  /* it waits for turns at the store */
	ROUTE_LOGIN,	  /* it hashes passwords as well */
};

struct route {
	const char *pattern; /* "/ports/{}/{}" */
	struct {	     /* one of them */
		http_handler *http;
		visitor_handler *visitor;
		page_handler *page;
	} handler;
	unsigned methods;	  /* mask of enum http_method; HEAD goes with GET */
	bool cross_origin;	  /* reads of registry data that pages elsewhere may make */
	const char *operation_id; /* in /openapi.json; NULL: it is not part of the API */
	enum route_cost cost;
	bool parameters; /* its handler reads those of the query; else 400 says that there are none
			  */
};

/*
 * Holds the edition of ?as_of=DATE, or the newest. 0; 1: the request was answered with what is
 * wrong with it; a negative fault.
 */
int handler_hold(struct site *site, const struct http_request *request,
		 const struct site_edition **ret_edition, struct http_response *response) MUST_USE;

/* The routes, from index 0; NULL past the last. Static. */
const struct route *route_at(size_t index);

#endif
