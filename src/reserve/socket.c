#include "reserve/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct kind {
	int type, protocol;
	bool listens;
};

static const struct kind kinds[TRANSPORT_COUNT] = {
	[TRANSPORT_TCP] = {SOCK_STREAM, IPPROTO_TCP, true},
	[TRANSPORT_UDP] = {SOCK_DGRAM, IPPROTO_UDP, false},
	[TRANSPORT_SCTP] = {SOCK_STREAM, IPPROTO_SCTP, true},
	[TRANSPORT_DCCP] = {SOCK_DCCP, IPPROTO_DCCP, true},
};

/* Closes it, and leaves errno as it is. */
static int give_up(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

/*
 * Binds without SO_REUSEADDR (but where connections fade away), so that nobody at all has the port;
 * then sets it, so that the command may bind beside a socket that does not listen, and that the
 * port can be had again while connections fade away (TIME_WAIT). Sockets of UDP with it would share
 * datagrams: they never have it.
 */
static int hold(int fd, const union address *address, socklen_t size, bool fading, bool listens,
		enum reserve_hold how)
{
	if (fading && listens &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) < 0)
		return -1;
	if (bind(fd, &address->any, size) < 0)
		return -1;
	if (!listens)
		return 0;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) < 0)
		return -1;
	return how == RESERVE_LISTENING ? listen(fd, SOMAXCONN) : 0;
}

/* A socket that holds the port; -1 and errno. */
static int open_socket(const struct reserve_request *request, const union address *address,
		       bool fading)
{
	const struct kind *kind = &kinds[request->transport];
	bool v6 = address->any.sa_family == AF_INET6;
	int fd = socket(address->any.sa_family, kind->type | SOCK_CLOEXEC, kind->protocol);

	if (fd < 0)
		return -1;
	if (v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){request->address != NULL},
			     sizeof(int)) < 0)
		return give_up(fd);
	if (hold(fd, address, v6 ? sizeof(address->v6) : sizeof(address->v4), fading, kind->listens,
		 request->hold) < 0)
		return give_up(fd);
	return fd;
}

static bool read_address(const char *text, uint16_t port, union address *address,
			 struct fault *fault)
{
	address->v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
	if (text && inet_pton(AF_INET, text, &address->v4.sin_addr) == 1)
		return true;
	address->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
	if (!text || inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1)
		return true;
	fault_set(fault, FAULT_MALFORMED, "\"%s\" is no address of IPv4 or IPv6", text);
	return false;
}

bool reserve_address_valid(const char *text, struct fault *fault)
{
	union address address;

	return read_address(text, 0, &address, fault);
}

/* Without IPv6, by IPv4. */
static int bind_any(const struct reserve_request *request, union address *address, bool fading)
{
	in_port_t port = address->v6.sin6_port;
	int fd = open_socket(request, address, fading);

	if (fd >= 0 || request->address || (errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL))
		return fd;
	address->v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port};
	return open_socket(request, address, fading);
}

int socket_bind(const struct reserve_request *request, uint16_t port, bool fading, int *ret_fd,
		struct fault *fault)
{
	union address address;
	struct slice transport = transport_name(request->transport);
	int fd;

	if (!read_address(request->address, port, &address, fault))
		return FAULT_MALFORMED;
	fd = bind_any(request, &address, fading);
	if (fd < 0 && (errno == EADDRINUSE || errno == EACCES))
		return 1;
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, "cannot bind port %u/%.*s: %s", port,
				 (int)transport.n, transport.p, strerror(errno));
	*ret_fd = fd;
	return 0;
}
