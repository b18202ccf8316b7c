#include "host/netlink.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	DATAGRAM_MAX = 65536, /* the kernel sends at most 32 KB at once */
	TRIES = 8,	      /* where the list changes while it is read */
	SECONDS_MAX = 10,     /* to wait for an answer, which the kernel gives at once */
};

static const unsigned char protocols[TRANSPORT_COUNT] = {
	[TRANSPORT_TCP] = IPPROTO_TCP,
	[TRANSPORT_UDP] = IPPROTO_UDP,
	[TRANSPORT_SCTP] = IPPROTO_SCTP,
	[TRANSPORT_DCCP] = IPPROTO_DCCP,
};

/* What an association of SCTP is in (enum sctp_state), as what a connection of TCP would be. */
static const enum host_state associations[] = {
	HOST_CLOSED,	 HOST_SYN_SENT,	  HOST_SYN_RECEIVED, HOST_ESTABLISHED,
	HOST_CLOSE_WAIT, HOST_FIN_WAIT_1, HOST_LAST_ACK,     HOST_CLOSING,
};

/* The attribute of that kind; absent: there is none. */
static struct slice find_attribute(struct slice rest, unsigned kind)
{
	while (rest.n >= sizeof(struct nlattr)) {
		struct nlattr head;
		struct slice value;

		memcpy(&head, rest.p, sizeof(head));
		if (head.nla_len < sizeof(head) || head.nla_len > rest.n)
			break;
		value = (struct slice){rest.p + sizeof(head), head.nla_len - sizeof(head)};
		if ((head.nla_type & NLA_TYPE_MASK) == kind)
			return value;
		rest = slice_skip(rest, NLA_ALIGN(head.nla_len));
	}
	return SLICE_NONE;
}

static void read_dual(struct host_socket *socket, struct slice attributes)
{
	struct slice value = find_attribute(attributes, INET_DIAG_SKV6ONLY);

	if (!socket->ipv6)
		socket->dual = HOST_DUAL_NO;
	else if (value.n > 0)
		socket->dual = value.p[0] ? HOST_DUAL_NO : HOST_DUAL_YES;
}

/* The first message with an inode is an endpoint of SCTP, those after it its associations. */
static enum host_state read_state(struct netlink_dump *dump, const struct inet_diag_msg *message)
{
	unsigned state = message->idiag_state;

	if (dump->transport == TRANSPORT_SCTP && message->idiag_inode != 0 &&
	    message->idiag_inode == dump->endpoint)
		return state < ARRAY_SIZE(associations) ? associations[state] : HOST_CLOSED;
	dump->endpoint = message->idiag_inode;
	if (state == 0 || state >= HOST_STATE_COUNT)
		return HOST_CLOSED;
	if (state == HOST_CLOSED && dump->transport != TRANSPORT_UDP)
		return HOST_BOUND;
	return (enum host_state)state;
}

static int take_socket(struct netlink_dump *dump, struct slice payload)
{
	struct host_socket socket = {.transport = dump->transport};
	struct inet_diag_msg message;

	if (payload.n < sizeof(message))
		return FAULT_MALFORMED;
	memcpy(&message, payload.p, sizeof(message));
	if (message.idiag_family != AF_INET && message.idiag_family != AF_INET6)
		return FAULT_MALFORMED;
	socket.ipv6 = message.idiag_family == AF_INET6;
	socket.state = read_state(dump, &message);
	memcpy(socket.address, message.id.idiag_src, socket.ipv6 ? 16 : 4);
	memcpy(socket.peer, message.id.idiag_dst, socket.ipv6 ? 16 : 4);
	socket.port = ntohs(message.id.idiag_sport);
	socket.peer_port = ntohs(message.id.idiag_dport);
	socket.interface = message.id.idiag_if;
	socket.uid = message.idiag_uid;
	socket.inode = message.idiag_inode;
	read_dual(&socket, slice_skip(payload, NLMSG_ALIGN(sizeof(message))));
	if (!sockets_wants(&socket, dump->all))
		return 0;
	return sockets_add(dump->sockets, &socket) ? 0 : FAULT_MEMORY;
}

enum { ERRNO_MAX = 4095 /* of Linux */ };

/* The number that ends a list: 0, or what went wrong. */
static int take_end(struct netlink_dump *dump, struct slice payload, bool error)
{
	int number = 0;

	if (payload.n >= sizeof(number))
		memcpy(&number, payload.p, sizeof(number));
	else if (error)
		return FAULT_MALFORMED;
	if (number < -ERRNO_MAX)
		return FAULT_MALFORMED;
	if (number < 0)
		dump->refused = -number;
	return 1;
}

int netlink_take(struct netlink_dump *dump, struct slice rest)
{
	int result = 0;

	while (rest.n > 0 && result == 0) {
		struct nlmsghdr head;
		struct slice payload;

		if (rest.n < sizeof(head))
			return FAULT_MALFORMED;
		memcpy(&head, rest.p, sizeof(head));
		if (head.nlmsg_len < NLMSG_HDRLEN || head.nlmsg_len > rest.n)
			return FAULT_MALFORMED;
		payload = (struct slice){rest.p + NLMSG_HDRLEN, head.nlmsg_len - NLMSG_HDRLEN};
		rest = slice_skip(rest, NLMSG_ALIGN((size_t)head.nlmsg_len));
		if (head.nlmsg_seq != dump->sequence || head.nlmsg_pid != dump->port)
			continue;
		if (head.nlmsg_flags & NLM_F_DUMP_INTR)
			dump->interrupted = true;
		if (head.nlmsg_type == NLMSG_DONE || head.nlmsg_type == NLMSG_ERROR)
			result = take_end(dump, payload, head.nlmsg_type == NLMSG_ERROR);
		else if (head.nlmsg_type == SOCK_DIAG_BY_FAMILY)
			result = take_socket(dump, payload);
	}
	return result;
}

/* The states that may hold what is wanted. */
static uint32_t wanted_states(enum transport transport, bool all)
{
	if (all)
		return (1u << HOST_STATE_COUNT) - 1;
	if (transport == TRANSPORT_TCP)
		return 1u << HOST_LISTENING | 1u << HOST_BOUND;
	return 1u << HOST_LISTENING | 1u << HOST_CLOSED;
}

static bool ask(int fd, struct netlink_dump *dump, int family)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 request;
	} message = {
		.head = {.nlmsg_len = sizeof(message),
			 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			 .nlmsg_seq = dump->sequence},
		.request = {.sdiag_family = (unsigned char)family,
			    .sdiag_protocol = protocols[dump->transport],
			    .idiag_states = wanted_states(dump->transport, dump->all)},
	};
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	ssize_t sent;

	do
		sent = sendto(fd, &message, sizeof(message), 0, (struct sockaddr *)&kernel,
			      sizeof(kernel));
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)sizeof(message);
}

/* A datagram of the kernel's. 0, or errno. */
static int receive(int fd, char *space, struct slice *ret_datagram)
{
	struct sockaddr_nl from = {};
	socklen_t size;
	ssize_t n;

	do {
		size = sizeof(from);
		n = recvfrom(fd, space, DATAGRAM_MAX, MSG_TRUNC, (struct sockaddr *)&from, &size);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid != 0));
	if (n < 0)
		return errno;
	if (n > DATAGRAM_MAX)
		return EMSGSIZE;
	*ret_datagram = (struct slice){space, (size_t)n};
	return 0;
}

/* A list from its beginning to its end. 0; 1: refused, see dump; FAULT_MEMORY. */
static int read_list(int fd, struct netlink_dump *dump, int family)
{
	_Alignas(struct nlmsghdr) char space[DATAGRAM_MAX];
	int result = 0;

	if (!ask(fd, dump, family)) {
		dump->refused = errno;
		return 1;
	}
	while (result == 0) {
		struct slice datagram;

		dump->refused = receive(fd, space, &datagram);
		if (dump->refused != 0)
			return 1;
		result = netlink_take(dump, datagram);
	}
	if (result == FAULT_MALFORMED) {
		dump->refused = EPROTO;
		return 1;
	}
	return result < 0 ? result : dump->refused != 0;
}

static int read_family(int fd, struct netlink_dump *dump, int family)
{
	size_t before = dump->sockets->count;
	int result = 0;

	for (unsigned i = 0; i < TRIES; i++) {
		dump->sockets->count = before;
		dump->sequence++;
		dump->interrupted = false;
		result = read_list(fd, dump, family);
		if (result != 0 || !dump->interrupted)
			break;
	}
	return result;
}

int netlink_open(void)
{
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	struct timeval patience = {.tv_sec = SECONDS_MAX};
	int error, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
	    bind(fd, (struct sockaddr *)&self, sizeof(self)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int netlink_read(int fd, enum transport transport, bool all, struct host_sockets *sockets,
		 int *ret_error, struct fault *fault)
{
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	struct netlink_dump dump = {.sockets = sockets, .transport = transport, .all = all};
	socklen_t size = sizeof(self);
	size_t before = sockets->count;
	int result;

	if (getsockname(fd, (struct sockaddr *)&self, &size) < 0) {
		*ret_error = errno;
		return 1;
	}
	dump.port = self.nl_pid;
	dump.sequence = (uint32_t)transport << 8;
	result = read_family(fd, &dump, AF_INET);
	if (result == 0)
		result = read_family(fd, &dump, AF_INET6);
	if (result == 0)
		return 0;
	sockets->count = before;
	if (result < 0)
		return fault_memory(fault);
	*ret_error = dump.refused;
	return 1;
}
