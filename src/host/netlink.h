/* sock_diag(7): the kernel's lists of sockets, a datagram at a time. */
#ifndef PORTBOOK_HOST_NETLINK_H
#define PORTBOOK_HOST_NETLINK_H

#include "host/sockets.h"

/* A list being read. */
struct netlink_dump {
	struct host_sockets *sockets; /* which it is added to */
	enum transport transport;
	bool all;
	uint32_t sequence, port; /* what answers must carry */
	bool interrupted;	 /* the list changed so that it must be read again */
	int refused;		 /* errno; 0: it was not */
	uint32_t endpoint;	 /* of SCTP: the inode of the socket that associations follow */
};

/*
 * Takes a datagram. 0: more follow; 1: it was the last; FAULT_MEMORY; FAULT_MALFORMED for what is
 * no answer. Messages for others are passed over.
 */
int netlink_take(struct netlink_dump *dump, struct slice datagram) MUST_USE;

/*
 * Reads the wanted sockets of a transport over IPv4 and IPv6. 1: refused, and nothing was added.
 * ret_error is then errno.
 */
int netlink_read(int fd, enum transport transport, bool all, struct host_sockets *sockets,
		 int *ret_error, struct fault *fault) MUST_USE;

/* A socket to do so with; -1 and errno. */
int netlink_open(void) MUST_USE;

/* Adds a socket; false: no memory. */
bool sockets_add(struct host_sockets *sockets, const struct host_socket *socket) MUST_USE;

/* Whether a state is one of those wanted. */
bool sockets_wants(const struct host_socket *socket, bool all);

#endif
