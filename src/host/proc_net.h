/* The kernel's lists of sockets as text: proc/net/tcp, tcp6, udp, udp6, sctp/eps, sctp/assocs. */
#ifndef PORTBOOK_HOST_PROC_NET_H
#define PORTBOOK_HOST_PROC_NET_H

#include "host/sockets.h"

/*
 * Reads the wanted sockets of a transport. ret_sight: HOST_SEEN, HOST_NOT_THERE or HOST_UNSEEN.
 * 0 or FAULT_MEMORY.
 */
int proc_net_read(const char *root, enum transport transport, bool all,
		  struct host_sockets *sockets, enum host_sight *ret_sight,
		  struct fault *fault) MUST_USE;

/* A line of tcp, tcp6, udp or udp6. False: it is none. */
bool proc_net_parse(struct slice line, enum transport transport, struct host_socket *ret_socket);

#endif
