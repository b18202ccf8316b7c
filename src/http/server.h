/*
 * Moves requests and responses over sockets: HTTP/1.1 by libmicrohttpd, which nothing else knows.
 * The library is opened when a server is started.
 */
#ifndef PORTBOOK_HTTP_SERVER_H
#define PORTBOOK_HTTP_SERVER_H

#include "base/attr.h"
#include "base/fault.h"
#include "http/access_log.h"
#include "http/operations.h"

enum {
	SERVER_SOCKETS_MAX = 8,
	SERVER_HEADER_MAX = 8 * 1024, /* bytes of a request up to its body */
	SERVER_BODY_MAX = 256 * 1024,
};

struct server_options {
	struct site *site;
	/* site_answer(), or what stands in for it; called by several threads at once. */
	void (*answer)(struct site *site, const struct http_request *request,
		       struct http_response *ret_response);
	/*
	 * By which threads it is answered, so that others need not wait for it: site_lane(). NULL:
	 * all are quick. Called by several threads at once.
	 */
	enum server_lane (*lane_of)(const struct http_request *request);
	int sockets[SERVER_SOCKETS_MAX]; /* that listen; the server's once it runs */
	size_t socket_count;
	size_t inherited;     /* how many of the first of them others hold, too */
	unsigned threads;     /* that answer */
	unsigned connections; /* at once */
	unsigned per_address; /* of them from one address; 0: all */
	unsigned seconds;     /* for a request to arrive, and until an idle connection is closed */
	/* Bytes of memory in answers made for one client each, which wait for these to read them.
	 */
	uint64_t sending;
	enum access_format access;
	int access_fd;
};

struct server;

/* Begins to answer. 0 or a negative fault. */
int server_start(const struct server_options *options, struct server **ret_server,
		 struct fault *fault) MUST_USE;

/* Its counters. */
struct operations *server_operations(struct server *server);

/*
 * Says that what was answered may no longer be so: after a look for a new edition, or a change.
 * Until then reads of registry data are answered again as they were.
 */
void server_forget(struct server *server);

/*
 * Around a change and the server_forget() behind it: in between nothing is answered again as it
 * was, so that the change is there for everybody at once.
 */
void server_begin_change(struct server *server);
void server_end_change(struct server *server);

/* Closes connections that take too long; to be called every second or so. */
void server_sweep(struct server *server);

/*
 * Stops: takes no more connections, closes those that wait, lets requests finish that are under
 * way, but not for longer than the seconds given, and frees the server. Takes NULL.
 */
void server_stop(struct server *server, unsigned seconds);

#endif
