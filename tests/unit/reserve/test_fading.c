/* Whether a port is kept by ended connections alone: by the machine's files, and by its kernel. */
#undef NDEBUG
#include "../testing.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "made_up.h"
#include "reserve/fading.h"

/*
 * Ports among which one is nobody's on any machine that runs this. Other tests ask for others, and
 * clients get none of them by chance.
 */
enum { FIRST = 20100, LAST = 20400 };

static int bind_to(bool any, uint16_t port, bool reuse)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(any ? INADDR_ANY : INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){reuse}, sizeof(int)), 0);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int bound(bool any, uint16_t port)
{
	int fd = bind_to(any, port, true);

	assert_true(fd >= 0);
	return fd;
}

static uint16_t free_port(void)
{
	uint16_t port = FIRST;
	int fd;

	while ((fd = bind_to(true, port, false)) < 0)
		assert_true(++port < LAST);
	close(fd);
	return port;
}

static void assert_fading(const char *root, uint16_t port, const char *address,
			  enum reserve_hold hold, bool expected)
{
	const struct reserve_request request = {.address = address, .hold = hold};
	struct fault fault = {};
	bool fading = !expected;

	assert_int_equal(fading_look(root, &request, port, &fading, &fault), 0);
	assert_int_equal(fading, expected);
}

/* A line of proc_pid_net(5) with the port and a state. */
static void add_line(char *text, uint16_t port, unsigned state)
{
	sprintf(text + strlen(text),
		"   0: 0100007F:%04X 0100007F:1000 %02X 00000000:00000000 00:00000000 00000000 0 0 "
		"0\n",
		port, state);
}

static void test_states(void **state)
{
	const unsigned fading = 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 11;
	uint16_t port = free_port();

	(void)state;
	for (unsigned i = 1; i <= 13; i++) {
		char text[400] = "sl local_address\n";

		add_line(text, (uint16_t)(port + 1), 6);
		add_line(text, port, i);
		set_file("/proc/net/tcp", text);
		assert_fading(MACHINE, port, NULL, RESERVE_LISTENING, fading >> i & 1);
		add_line(text, port, 6);
		set_file("/proc/net/tcp", text);
		assert_fading(MACHINE, port, NULL, RESERVE_LISTENING, fading >> i & 1);
	}
	/* What cannot be seen, and nothing. */
	set_file("/proc/net/tcp", "\n\n  \n:1F90\n x");
	assert_fading(MACHINE, port, NULL, RESERVE_LISTENING, false);
	set_file("/proc/net/tcp", NULL);
	assert_fading(MACHINE, port, NULL, RESERVE_LISTENING, false);
}

/* Of a kernel that lists no sockets that are only bound: its files do not. */
static void test_bound_unlisted(void **state)
{
	char text[200] = "";
	uint16_t port = free_port();
	int fd = bound(true, port);

	(void)state;
	add_line(text, port, 6);
	set_file("/proc/net/tcp", text);
	assert_fading(MACHINE, port, NULL, RESERVE_LISTENING, false);
	close(fd);
	assert_fading(MACHINE, port, NULL, RESERVE_LISTENING, true);
	assert_fading(MACHINE, port, "127.0.0.1", RESERVE_LISTENING, true);
	assert_fading(MACHINE, port, "127.0.0.1", RESERVE_BOUND, false);
}

/* Leaves a connection of the port in TIME_WAIT: this end of it is closed first. */
static uint16_t make_fading(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	uint16_t port = free_port();
	int listener = bound(true, port), client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int server;
	char byte;

	address.sin_port = htons(port);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
	server = accept(listener, NULL, NULL);
	assert_true(server >= 0);
	assert_fading("", port, NULL, RESERVE_LISTENING, false);
	close(listener);
	assert_fading("", port, NULL, RESERVE_LISTENING, false);
	close(server);
	assert_int_equal(read(client, &byte, 1), 0);
	close(client);
	return port;
}

static void test_this_machine(void **state)
{
	uint16_t port = make_fading();
	int fd;

	(void)state;
	assert_fading("", port, NULL, RESERVE_LISTENING, true);
	fd = bound(true, port);
	assert_fading("", port, NULL, RESERVE_LISTENING, false);
	close(fd);
	fd = bound(false, port);
	/* Where the kernel lists it, for this reason; else because it cannot be known. */
	assert_fading("", port, "127.0.0.1", RESERVE_BOUND, false);
	close(fd);
	assert_fading("", port, NULL, RESERVE_BOUND, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_bound_unlisted),
		cmocka_unit_test(test_this_machine),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
