/*
 * Takes connections from sockets that listen, in a thread of its own: so what takes them can be
 * stopped while those that were taken live on.
 */
#ifndef PORTBOOK_HTTP_ACCEPTOR_H
#define PORTBOOK_HTTP_ACCEPTOR_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/attr.h"
#include "base/fault.h"

struct acceptor_options {
	const int *sockets; /* that listen and do not block; not closed here */
	size_t count;
	/* Whether no more are to be taken for now: clients then wait in the sockets' queues. */
	bool (*full)(void *context);
	/* Takes a connection, which is its own from then on. */
	void (*accepted)(void *context, int fd, const struct sockaddr *peer, socklen_t peer_size);
	void *context;
};

struct acceptor;

/* Begins to take connections. 0 or a negative fault; the sockets are to outlive the acceptor. */
int acceptor_start(const struct acceptor_options *options, struct acceptor **ret_acceptor,
		   struct fault *fault) MUST_USE;

/* Ends, and returns when nothing is being taken any more. Takes NULL. */
void acceptor_stop(struct acceptor *acceptor);

#endif
