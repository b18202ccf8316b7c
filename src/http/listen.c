#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/number.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un path;
};

static bool read_address(struct slice text, union address *address, socklen_t *ret_size)
{
	size_t colon = slice_find_last_byte(text, ':');
	struct slice host = {text.p, colon}, digits;
	char space[INET6_ADDRSTRLEN] = "";
	bool bracketed;
	uint64_t port;

	if (colon == (size_t)-1)
		return false;
	digits = slice_skip(text, colon + 1);
	bracketed = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
	if (bracketed)
		host = (struct slice){host.p + 1, host.n - 2};
	if (!number_parse(digits, UINT16_MAX, &port) || host.n == 0 || host.n >= sizeof(space))
		return false;
	memcpy(space, host.p, host.n);
	if (slice_eq(host, SLICE("*")) || bracketed) {
		address->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
						    .sin6_port = htons((uint16_t)port)};
		*ret_size = sizeof(address->v6);
		return !bracketed || inet_pton(AF_INET6, space, &address->v6.sin6_addr) == 1;
	}
	address->v4 =
		(struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	*ret_size = sizeof(address->v4);
	return inet_pton(AF_INET, slice_eq(host, SLICE("localhost")) ? "127.0.0.1" : space,
			 &address->v4.sin_addr) == 1;
}

/* A socket that listens there; -1 and errno. */
static int open_socket(const union address *address, socklen_t size)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
	    error;

	if (fd < 0)
		return -1;
	/* So that a server that is started again need not wait for old connections to be forgotten.
	 */
	if (address->any.sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(fd, &address->any, size) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int listen_tcp(struct slice text, int *ret_fd, struct fault *fault)
{
	union address address;
	socklen_t size;
	int fd;

	if (!read_address(text, &address, &size))
		return fault_set(
			fault, FAULT_MALFORMED,
			"\"%.*s\" is no address to listen on: ADDRESS:PORT, [IPV6]:PORT or "
			"*:PORT",
			(int)text.n, text.p);
	fd = open_socket(&address, size);
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, "cannot listen on %.*s: %s", (int)text.n,
				 text.p, strerror(errno));
	*ret_fd = fd;
	return 0;
}

/* Whether there is a socket that nobody listens on: what a server that was killed left. */
static bool is_stale(const union address *address)
{
	struct stat status;
	int fd;
	bool stale;

	if (lstat(address->path.sun_path, &status) < 0 || !S_ISSOCK(status.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	stale = connect(fd, &address->any, sizeof(address->path)) < 0 && errno == ECONNREFUSED;
	close(fd);
	return stale;
}

int listen_unix(const char *path, int *ret_fd, struct fault *fault)
{
	union address address = {.path = {.sun_family = AF_UNIX}};
	struct slice text = slice_cstr(path);
	int fd;

	if (text.n == 0 || text.n >= sizeof(address.path.sun_path))
		return fault_set(fault, FAULT_LIMIT,
				 "the path of a socket has 1 to %zu bytes, and %s has %zu",
				 sizeof(address.path.sun_path) - 1, path, text.n);
	memcpy(address.path.sun_path, text.p, text.n);
	if (is_stale(&address))
		unlink(path);
	fd = open_socket(&address, sizeof(address.path));
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, "cannot listen at %s: %s", path,
				 strerror(errno));
	*ret_fd = fd;
	return 0;
}

int listen_inherited(int fd, struct fault *fault)
{
	int listens = 0, flags = fcntl(fd, F_GETFL);
	socklen_t size = sizeof(listens);

	if (flags < 0 || getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) < 0 ||
	    !listens || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return fault_set(fault, FAULT_SYSTEM,
				 "descriptor %d, which was handed over, is no socket that listens",
				 fd);
	return 0;
}

void listen_name(int fd, struct strbuf *name)
{
	union address address = {};
	socklen_t size = sizeof(address);
	char text[INET6_ADDRSTRLEN];

	if (getsockname(fd, &address.any, &size) < 0)
		return;
	if (address.any.sa_family == AF_UNIX)
		strbuf_printf(name, "unix:%s", address.path.sun_path);
	else if (address.any.sa_family == AF_INET6 &&
		 inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof(text)))
		strbuf_printf(name, "http://[%s]:%u/", text, ntohs(address.v6.sin6_port));
	else if (address.any.sa_family == AF_INET &&
		 inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof(text)))
		strbuf_printf(name, "http://%s:%u/", text, ntohs(address.v4.sin_port));
}
