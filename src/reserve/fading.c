/*
 * Without SO_REUSEADDR nobody can bind a port beside connections that fade away on it; with it
 * anybody can also beside a socket that has it and does not listen, as that of RESERVE_BOUND, which
 * a child of an ended process may still have. Kernels before Linux 6.8 list no sockets that are
 * only bound. But each refuses an address that nobody has beside a socket that is bound to all
 * addresses, and not beside connections, whose addresses are others. What is bound to one address
 * is seen where the kernel lists the very socket that was tried.
 */
#include "reserve/fading.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/sockets.h"

/* A socket at an address that nobody connects to. */
struct probe {
	bool ipv6;
	unsigned char address[16];
	int fd;
};

/* Loopback's last, and one of the Discard Prefix (RFC 6666). */
static const struct probe none[] = {
	{false, {127, 255, 255, 254}, -1},
	{true, {[0] = 1, [15] = 1}, -1},
};

static int bind_probe(const struct probe *probe, int fd, uint16_t port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

	/* The address need not be the machine's. */
	if (probe->ipv6) {
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &(int){1}, sizeof(int));
		memcpy(&v6.sin6_addr, probe->address, sizeof(v6.sin6_addr));
		return bind(fd, (struct sockaddr *)&v6, sizeof(v6));
	}
	(void)setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &(int){1}, sizeof(int));
	memcpy(&v4.sin_addr, probe->address, sizeof(v4.sin_addr));
	return bind(fd, (struct sockaddr *)&v4, sizeof(v4));
}

/* 0; 1: somebody has the port at all addresses; or a negative fault. Without IPv6, no socket. */
static int open_probe(struct probe *probe, uint16_t port, struct fault *fault)
{
	probe->fd = socket(probe->ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (probe->fd >= 0 && bind_probe(probe, probe->fd, port) == 0)
		return 0;
	if (errno == EADDRINUSE)
		return 1;
	if (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "cannot look who has port %u/tcp: %s", port,
			 strerror(errno));
}

static bool is_fading(enum host_state state)
{
	return state == HOST_FIN_WAIT_1 || state == HOST_FIN_WAIT_2 || state == HOST_TIME_WAIT ||
	       state == HOST_CLOSE_WAIT || state == HOST_LAST_ACK || state == HOST_CLOSING;
}

static bool is_probe(const struct probe *probes, const struct host_socket *socket)
{
	const struct probe *probe = &probes[socket->ipv6];

	return socket->state == HOST_BOUND && probe->fd >= 0 &&
	       memcmp(socket->address, probe->address, sizeof(probe->address)) == 0;
}

/* ret_told: the kernel lists what is only bound. */
static int look_through(const char *root, const struct probe *probes, uint16_t port,
			bool *ret_fading, bool *ret_told, struct fault *fault)
{
	const struct host_wanted wanted = {.transports = 1u << TRANSPORT_TCP, .all = true};
	struct host_sockets sockets CLEANUP(host_sockets_done) = {};
	bool fading = false, told = false, others = false;
	int result = host_sockets_read(root[0] ? root : NULL, &wanted, &sockets, fault);

	for (size_t i = 0; result == 0 && i < sockets.count; i++) {
		const struct host_socket *socket = &sockets.all[i];

		if (socket->port != port)
			continue;
		if (is_probe(probes, socket))
			told = true;
		else if (is_fading(socket->state))
			fading = true;
		else
			others = true;
	}
	*ret_fading = fading && !others;
	*ret_told = told;
	return result;
}

int fading_look(const char *root, const struct reserve_request *request, uint16_t port,
		bool *ret_fading, struct fault *fault)
{
	struct probe probes[] = {none[0], none[1]};
	bool fading = false, told = false;
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(probes) && result == 0; i++)
		result = open_probe(&probes[i], port, fault);
	if (result == 0)
		result = look_through(root, probes, port, &fading, &told, fault);
	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		if (probes[i].fd >= 0)
			close(probes[i].fd);
	}
	if (result < 0)
		return result;
	/* One that is bound to the same address as this is to be would not have been in the way. */
	*ret_fading = fading && (told || !request->address || request->hold != RESERVE_BOUND);
	return 0;
}
