/*
 * The command that reserve's test hands ports to. It makes sure that they are its own, by a
 * connection through each; says so in LOG, a line a write: "+ NAME PORT PID"; holds them for
 * MILLISECONDS, or until its standard input ends where that is 0; says "- NAME PORT PID"; and ends.
 *
 * holder LOG handed MILLISECONDS: sockets that were handed over.
 * holder LOG binds MILLISECONDS NAME: $PORT, which it binds.
 * holder LOG finds MILLISECONDS NAME TIMES: find-then-bind, so many times; a free port is closed
 * and bound again, and "lost" where it is gone meanwhile. The exit status is 1 where one was.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int log_fd;

static int fail(const char *what)
{
	fprintf(stderr, "holder: %s: %s\n", what, strerror(errno));
	exit(9);
}

static void note(const char *sign, const char *name, unsigned port)
{
	char line[400];
	int n = snprintf(line, sizeof(line), "%s %s %u %d\n", sign, name, port, (int)getpid());

	if (n < 0 || n >= (int)sizeof(line) || write(log_fd, line, (size_t)n) != n)
		fail("log");
}

static void wait_for(long milliseconds)
{
	struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
	char byte;

	if (milliseconds > 0) {
		nanosleep(&pause, NULL);
		return;
	}
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		fail("standard output");
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

static unsigned port_of(int fd)
{
	struct sockaddr_in6 address = {};
	socklen_t size = sizeof(address);

	/* sin_port is at the same place. */
	if (getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		fail("getsockname");
	return ntohs(address.sin6_port);
}

/* Whether who connects to the port reaches this socket. */
static void check(int fd, unsigned port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct linger reset = {.l_onoff = 1};
	int client = socket(AF_INET, SOCK_STREAM, 0), served;
	char byte = 0;

	if (client < 0 || connect(client, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail("connect");
	served = accept(fd, NULL, NULL);
	if (served < 0 || write(client, "x", 1) != 1 || read(served, &byte, 1) != 1 || byte != 'x')
		fail("accept");
	/* Nothing is to fade away on the port. */
	setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(client);
	close(served);
}

static int listen_at(unsigned port, int reuse)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (reuse)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 8) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int handed(long milliseconds)
{
	enum { MOST = 1024 };
	static unsigned ports[MOST];
	static const char *names[MOST];
	const char *count = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
	char *rest = getenv("LISTEN_FDNAMES");
	int n = count ? atoi(count) : 0;

	if (n < 1 || n > MOST || !pid || atoi(pid) != getpid() || !rest)
		fail("environment");
	for (int i = 0; i < n; i++) {
		int fd = 3 + i;

		names[i] = strsep(&rest, ":");
		ports[i] = port_of(fd);
		check(fd, ports[i]);
		note("+", names[i], ports[i]);
	}
	if (!getenv("PORT") || atoi(getenv("PORT")) != (int)ports[n - 1])
		fail("PORT");
	wait_for(milliseconds);
	for (int i = 0; i < n; i++)
		note("-", names[i], ports[i]);
	return 0;
}

static int hold(int fd, const char *name, long milliseconds)
{
	unsigned port = port_of(fd);

	check(fd, port);
	note("+", name, port);
	wait_for(milliseconds);
	note("-", name, port);
	close(fd);
	return 0;
}

static int find(const char *name, long milliseconds)
{
	int fd = listen_at(0, 0);
	unsigned port = fd < 0 ? 0 : port_of(fd);

	close(fd);
	/* As long as a program takes to start that is told a port. */
	wait_for(milliseconds);
	fd = listen_at(port, 0);
	if (fd < 0) {
		note("lost", name, port);
		return 1;
	}
	return hold(fd, name, milliseconds);
}

static int finds(const char *name, long milliseconds, int times)
{
	int lost = 0;

	for (int i = 0; i < times; i++)
		lost |= find(name, 1 + (milliseconds + i) % 7);
	return lost;
}

int main(int argc, char **argv)
{
	long milliseconds = argc > 3 ? atol(argv[3]) : 0;
	int fd;

	if (argc < 4)
		fail("usage");
	log_fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log_fd < 0)
		fail(argv[1]);
	if (strcmp(argv[2], "handed") == 0)
		return handed(milliseconds);
	if (argc < 5)
		fail("usage");
	if (strcmp(argv[2], "finds") == 0)
		return finds(argv[4], milliseconds, argc > 5 ? atoi(argv[5]) : 1);
	fd = listen_at((unsigned)atoi(getenv("PORT") ? getenv("PORT") : "0"), 1);
	return fd < 0 ? fail("bind") : hold(fd, argv[4], milliseconds);
}
