#include "host/proc_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"
#include "host/netlink.h"
#include "host/tree.h"

enum { PIECE = 65536, LINE_MAX_BYTES = 8192 };

/* Where each transport's sockets are listed; NULL past the last. */
static const char *const files[TRANSPORT_COUNT][3] = {
	[TRANSPORT_TCP] = {"/proc/net/tcp", "/proc/net/tcp6"},
	[TRANSPORT_UDP] = {"/proc/net/udp", "/proc/net/udp6"},
	[TRANSPORT_SCTP] = {"/proc/net/sctp/eps", "/proc/net/sctp/assocs"},
};

/* What proc/net/protocols calls it. */
static const struct slice protocols[TRANSPORT_COUNT] = {
	[TRANSPORT_TCP] = {"TCP", 3},
	[TRANSPORT_UDP] = {"UDP", 3},
	[TRANSPORT_SCTP] = {"SCTP", 4},
	[TRANSPORT_DCCP] = {"DCCP", 4},
};

static struct slice next_word(struct slice *rest)
{
	struct slice text = slice_trim(*rest);
	size_t n = 0;

	while (n < text.n && !byte_is_blank(text.p[n]))
		n++;
	*rest = slice_skip(text, n);
	return (struct slice){text.p, n};
}

static bool parse_hex(struct slice text, uint32_t *ret_value)
{
	uint32_t value = 0;

	if (text.n == 0 || text.n > 8)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (byte_is_digit(c))
			value = value << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	*ret_value = value;
	return true;
}

/* "0100007F:1F90": words of the address as the machine has them in memory, and the port. */
static bool parse_end(struct slice text, unsigned char address[static 16], bool *ret_ipv6,
		      uint16_t *ret_port)
{
	struct slice port = text, host = slice_cut(&port, ':');
	uint32_t value;

	if (host.n != 8 && host.n != 32)
		return false;
	for (size_t i = 0; i < host.n / 8; i++) {
		if (!parse_hex((struct slice){host.p + i * 8, 8}, &value))
			return false;
		memcpy(address + i * 4, &value, 4);
	}
	if (port.n != 4 || !parse_hex(port, &value))
		return false;
	*ret_ipv6 = host.n == 32;
	*ret_port = (uint16_t)value;
	return true;
}

static bool parse_number(struct slice text, uint32_t *ret_value)
{
	uint64_t value;

	if (!number_parse(text, UINT32_MAX, &value))
		return false;
	*ret_value = (uint32_t)value;
	return true;
}

bool proc_net_parse(struct slice line, enum transport transport, struct host_socket *ret_socket)
{
	struct host_socket socket = {.transport = transport};
	bool peer_ipv6;
	uint32_t state;

	if (!slice_ends(next_word(&line), SLICE(":")) ||
	    !parse_end(next_word(&line), socket.address, &socket.ipv6, &socket.port) ||
	    !parse_end(next_word(&line), socket.peer, &peer_ipv6, &socket.peer_port) ||
	    peer_ipv6 != socket.ipv6 || !parse_hex(next_word(&line), &state) || state == 0 ||
	    state >= HOST_STATE_COUNT)
		return false;
	(void)next_word(&line); /* queues */
	(void)next_word(&line); /* timer */
	(void)next_word(&line); /* retransmissions */
	if (!parse_number(next_word(&line), &socket.uid))
		return false;
	(void)next_word(&line); /* timeout */
	if (!parse_number(next_word(&line), &socket.inode))
		return false;
	socket.state = (enum host_state)state;
	socket.dual = socket.ipv6 ? HOST_DUAL_UNKNOWN : HOST_DUAL_NO;
	*ret_socket = socket;
	return true;
}

/* The first address of a list; one of an association's primary path has a star before it. */
static bool parse_address(struct slice text, struct host_socket *socket)
{
	char space[INET6_ADDRSTRLEN];

	text = slice_skip(text, slice_starts(text, SLICE("*")));
	if (text.n == 0 || text.n >= sizeof(space))
		return false;
	memcpy(space, text.p, text.n);
	space[text.n] = '\0';
	socket->ipv6 = slice_find_byte(text, ':') != (size_t)-1;
	socket->dual = socket->ipv6 ? HOST_DUAL_UNKNOWN : HOST_DUAL_NO;
	return inet_pton(socket->ipv6 ? AF_INET6 : AF_INET, space, socket->address) == 1;
}

/* ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS */
static bool parse_endpoint(struct slice line, struct host_socket *ret_socket)
{
	struct host_socket socket = {.transport = TRANSPORT_SCTP};
	uint32_t words[8] = {};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct slice word = next_word(&line);

		/* The first two are addresses of the kernel's own. */
		if (i >= 2 && !parse_number(word, &words[i]))
			return false;
	}
	if (words[5] > UINT16_MAX || !parse_address(next_word(&line), &socket))
		return false;
	socket.state = words[3] == HOST_LISTENING ? HOST_LISTENING : HOST_BOUND;
	socket.port = (uint16_t)words[5];
	socket.uid = words[6];
	socket.inode = words[7];
	*ret_socket = socket;
	return true;
}

/* ASSOC SOCK STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS ... */
static bool parse_association(struct slice line, struct host_socket *ret_socket)
{
	struct host_socket socket = {.transport = TRANSPORT_SCTP, .state = HOST_ESTABLISHED};
	uint32_t words[13] = {};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct slice word = next_word(&line);

		if (i >= 9 && !parse_number(word, &words[i]))
			return false;
	}
	if (words[11] > UINT16_MAX || words[12] > UINT16_MAX ||
	    !parse_address(next_word(&line), &socket))
		return false;
	socket.uid = words[9];
	socket.inode = words[10];
	socket.port = (uint16_t)words[11];
	socket.peer_port = (uint16_t)words[12];
	*ret_socket = socket;
	return true;
}

/* A file's lines, and whose they are. */
struct reading {
	struct host_sockets *sockets;
	enum transport transport;
	bool all, associations;
};

static int take_line(struct reading *reading, struct slice line)
{
	struct host_socket socket;
	bool good;

	if (reading->transport != TRANSPORT_SCTP)
		good = proc_net_parse(line, reading->transport, &socket);
	else if (reading->associations)
		good = parse_association(line, &socket);
	else
		good = parse_endpoint(line, &socket);
	if (!good || !sockets_wants(&socket, reading->all))
		return 0;
	return sockets_add(reading->sockets, &socket) ? 0 : FAULT_MEMORY;
}

static int take_lines(struct reading *reading, int fd, char *space)
{
	size_t n = 0;

	for (;;) {
		ssize_t got = read(fd, space + n, PIECE - n);
		struct slice rest;
		size_t end;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0;
		n += (size_t)got;
		rest = (struct slice){space, n};
		while ((end = slice_find_byte(rest, '\n')) != (size_t)-1) {
			int result = take_line(reading, (struct slice){rest.p, end});

			if (result < 0)
				return result;
			rest = slice_skip(rest, end + 1);
		}
		/* A line that is longer than any can be is none. */
		n = rest.n > LINE_MAX_BYTES ? 0 : rest.n;
		memmove(space, rest.p, n);
	}
}

/* 0; 1: it cannot be read, with errno; FAULT_MEMORY. */
static int read_file(const char *root, const char *path, struct reading *reading)
{
	int result, error, fd = tree_open(root, path, 0);
	char *space;

	if (fd < 0)
		return 1;
	space = malloc(PIECE);
	result = space ? take_lines(reading, fd, space) : FAULT_MEMORY;
	error = errno;
	free(space);
	close(fd);
	errno = error;
	return result;
}

/* Whether the kernel has the protocol, as far as can be told. */
static bool has_protocol(const char *root, enum transport transport)
{
	char space[16384];
	struct slice text, line;
	int fd = tree_open(root, "/proc/net", O_DIRECTORY);
	bool read, has = false;

	if (fd < 0)
		return true;
	read = tree_read(fd, "protocols", space, sizeof(space), &text);
	close(fd);
	if (!read)
		return true;
	while (text.p && !has) {
		line = slice_cut(&text, '\n');
		has = slice_starts(next_word(&line), protocols[transport]);
	}
	return has;
}

int proc_net_read(const char *root, enum transport transport, bool all,
		  struct host_sockets *sockets, enum host_sight *ret_sight, struct fault *fault)
{
	struct reading reading = {.sockets = sockets, .transport = transport, .all = all};
	size_t missing = 0, count = 0;

	for (; count < ARRAY_SIZE(files[0]) && files[transport][count]; count++) {
		int result;

		reading.associations = count == 1;
		if (transport == TRANSPORT_SCTP && reading.associations && !all)
			continue;
		result = read_file(root, files[transport][count], &reading);
		if (result < 0)
			return fault_memory(fault);
		/* Without IPv6, its files are not there. */
		missing += result > 0 && (count == 0 || errno != ENOENT);
	}
	if (count > 0 && missing == 0)
		*ret_sight = HOST_SEEN;
	else
		*ret_sight = has_protocol(root, transport) ? HOST_UNSEEN : HOST_NOT_THERE;
	return 0;
}
