/*
 * The sockets of this network namespace that have ports: of TCP, UDP, SCTP and DCCP, over IPv4 and
 * IPv6. The kernel is asked by netlink (sock_diag(7)), and where it refuses, its files in /proc/net
 * are read. What could be seen of neither is said, each transport for itself.
 */
#ifndef PORTBOOK_HOST_SOCKETS_H
#define PORTBOOK_HOST_SOCKETS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"
#include "record/transport.h"

/* The kernel's numbers (include/net/tcp_states.h). */
enum host_state {
	HOST_ESTABLISHED = 1,
	HOST_SYN_SENT,
	HOST_SYN_RECEIVED,
	HOST_FIN_WAIT_1,
	HOST_FIN_WAIT_2,
	HOST_TIME_WAIT,
	HOST_CLOSED, /* of UDP: not connected, so that it takes what comes from anywhere */
	HOST_CLOSE_WAIT,
	HOST_LAST_ACK,
	HOST_LISTENING,
	HOST_CLOSING,
	HOST_NEW_SYN_RECEIVED,
	HOST_BOUND, /* has a port, and neither listens nor is connected */
	HOST_STATE_COUNT,
};

enum host_dual {
	HOST_DUAL_UNKNOWN,
	HOST_DUAL_NO,  /* IPv4, or IPv6 alone */
	HOST_DUAL_YES, /* IPv6 and IPv4 by one socket, where its address allows it */
};

struct host_socket {
	enum transport transport;
	enum host_state state;
	enum host_dual dual;
	bool ipv6;
	unsigned char address[16], peer[16]; /* of IPv4 the first 4 */
	uint16_t port, peer_port;
	uint32_t interface; /* its index; 0: any */
	uint32_t uid;	    /* whose it is */
	uint32_t inode;	    /* 0: no process has it any more, or yet */
};

/* How much of a transport could be seen. */
enum host_sight {
	HOST_NOT_ASKED,
	HOST_SEEN,
	HOST_NOT_THERE, /* the kernel has no such protocol, and so no such sockets */
	HOST_UNSEEN,	/* there may be some */
};

struct host_sockets {
	struct host_socket *all; /* by port, transport, address and inode */
	size_t count, size;
	enum host_sight sight[TRANSPORT_COUNT];
	bool from_files; /* netlink was refused */
};

/* Which sockets are wanted. */
struct host_wanted {
	unsigned transports; /* mask; 0: all four */
	bool all;	     /* also those that are connected, or wait for it */
};

/*
 * Reads the sockets. root: a folder that stands for / and whose proc/net is read; NULL: of this
 * machine. What cannot be seen is no fault. 0, FAULT_MEMORY, or FAULT_SYSTEM where there is no
 * descriptor to be had.
 */
int host_sockets_read(const char *root, const struct host_wanted *wanted,
		      struct host_sockets *ret_sockets, struct fault *fault) MUST_USE;
void host_sockets_done(struct host_sockets *sockets);

/* The order of a list: below, equal to or above 0. Two at different moments are one when it is 0.
 */
int host_socket_compare(const struct host_socket *one, const struct host_socket *other);

/* Whether who sends to its port reaches it: it listens, or is UDP's and not connected. */
bool host_socket_is_open(const struct host_socket *socket);

/* "listening", "unconnected", "established", ... Static. */
struct slice host_state_name(const struct host_socket *socket);

/* Appends the address as text: 127.0.0.1, ::1, fe80::1%eth0. */
void host_address_add(struct strbuf *text, const struct host_socket *socket, bool peer);

#endif
