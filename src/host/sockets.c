#include "host/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/netlink.h"
#include "host/proc_net.h"

void host_sockets_done(struct host_sockets *sockets)
{
	free(sockets->all);
	*sockets = (struct host_sockets){};
}

bool sockets_add(struct host_sockets *sockets, const struct host_socket *socket)
{
	if (sockets->count == sockets->size) {
		size_t size = sockets->size ? sockets->size * 2 : 256;
		struct host_socket *grown = reallocarray(sockets->all, size, sizeof(*sockets->all));

		if (!grown)
			return false;
		sockets->all = grown;
		sockets->size = size;
	}
	sockets->all[sockets->count++] = *socket;
	return true;
}

bool host_socket_is_open(const struct host_socket *socket)
{
	return socket->state == (socket->transport == TRANSPORT_UDP ? HOST_CLOSED : HOST_LISTENING);
}

bool sockets_wants(const struct host_socket *socket, bool all)
{
	return socket->port != 0 &&
	       (all || host_socket_is_open(socket) || socket->state == HOST_BOUND);
}

int host_socket_compare(const struct host_socket *one, const struct host_socket *other)
{
	int order;

	if (one->port != other->port)
		return one->port < other->port ? -1 : 1;
	if (one->transport != other->transport)
		return one->transport < other->transport ? -1 : 1;
	if (one->ipv6 != other->ipv6)
		return one->ipv6 ? 1 : -1;
	order = memcmp(one->address, other->address, sizeof(one->address));
	if (order == 0 && one->peer_port != other->peer_port)
		order = one->peer_port < other->peer_port ? -1 : 1;
	if (order == 0)
		order = memcmp(one->peer, other->peer, sizeof(one->peer));
	if (order == 0 && one->inode != other->inode)
		order = one->inode < other->inode ? -1 : 1;
	return order;
}

static int compare(const void *a, const void *b)
{
	return host_socket_compare(a, b);
}

/* By netlink where fd is not -1 and it answers, else from the files. */
static int read_transport(const char *root, int fd, enum transport transport, bool all,
			  struct host_sockets *sockets, struct fault *fault)
{
	int error = 0, result = 1;

	if (fd >= 0)
		result = netlink_read(fd, transport, all, sockets, &error, fault);
	if (result == 0)
		sockets->sight[transport] = HOST_SEEN;
	if (result <= 0)
		return result;
	/* Only a protocol that is not there is no reason to mistrust the files less. */
	sockets->from_files |= error != ENOENT;
	return proc_net_read(root, transport, all, sockets, &sockets->sight[transport], fault);
}

int host_sockets_read(const char *root, const struct host_wanted *wanted,
		      struct host_sockets *ret_sockets, struct fault *fault)
{
	unsigned transports = wanted->transports ? wanted->transports : (1u << TRANSPORT_COUNT) - 1;
	struct host_sockets sockets = {};
	int result = 0, fd = root ? -1 : netlink_open();

	for (unsigned i = 0; i < TRANSPORT_COUNT && result == 0; i++) {
		if (transports >> i & 1)
			result = read_transport(root, fd, (enum transport)i, wanted->all, &sockets,
						fault);
	}
	if (fd >= 0)
		close(fd);
	if (result < 0) {
		host_sockets_done(&sockets);
		return result;
	}
	if (sockets.count > 0)
		qsort(sockets.all, sockets.count, sizeof(*sockets.all), compare);
	*ret_sockets = sockets;
	return 0;
}

struct slice host_state_name(const struct host_socket *socket)
{
	static const struct slice names[HOST_STATE_COUNT] = {
		[HOST_ESTABLISHED] = {"established", 11},
		[HOST_SYN_SENT] = {"syn-sent", 8},
		[HOST_SYN_RECEIVED] = {"syn-received", 12},
		[HOST_FIN_WAIT_1] = {"fin-wait-1", 10},
		[HOST_FIN_WAIT_2] = {"fin-wait-2", 10},
		[HOST_TIME_WAIT] = {"time-wait", 9},
		[HOST_CLOSED] = {"closed", 6},
		[HOST_CLOSE_WAIT] = {"close-wait", 10},
		[HOST_LAST_ACK] = {"last-ack", 8},
		[HOST_LISTENING] = {"listening", 9},
		[HOST_CLOSING] = {"closing", 7},
		[HOST_NEW_SYN_RECEIVED] = {"syn-received", 12},
		[HOST_BOUND] = {"bound", 5},
	};

	if (socket->transport == TRANSPORT_UDP && socket->state == HOST_CLOSED)
		return SLICE("unconnected");
	return names[socket->state];
}

void host_address_add(struct strbuf *text, const struct host_socket *socket, bool peer)
{
	char space[INET6_ADDRSTRLEN], name[IF_NAMESIZE];
	const unsigned char *address = peer ? socket->peer : socket->address;

	if (!inet_ntop(socket->ipv6 ? AF_INET6 : AF_INET, address, space, sizeof(space)))
		return;
	strbuf_add(text, slice_cstr(space));
	if (peer || socket->interface == 0)
		return;
	strbuf_add_byte(text, '%');
	if (if_indextoname(socket->interface, name))
		strbuf_add(text, slice_cstr(name));
	else
		strbuf_add_uint(text, socket->interface);
}
