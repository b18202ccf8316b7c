#undef NDEBUG
#include "../testing.h"

#include <arpa/inet.h>
#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "http/acceptor.h"
#include "http/listen.h"

enum { SOCKETS = 2, MANY = 200 };

static struct {
	int sockets[SOCKETS];
	atomic_bool full;
	atomic_uint taken;
} state;

static bool is_full(void *context)
{
	assert(context == &state);
	return atomic_load(&state.full);
}

/* Tells the client the port that it is said to come from. */
static void accepted(void *context, int fd, const struct sockaddr *peer, socklen_t size)
{
	const struct sockaddr_in *address = (const struct sockaddr_in *)peer;

	assert(context == &state && size == sizeof(*address));
	assert(write(fd, &address->sin_port, sizeof(in_port_t)) == sizeof(in_port_t));
	close(fd);
	atomic_fetch_add(&state.taken, 1);
}

static struct sockaddr_in name_of(int fd)
{
	struct sockaddr_in address = {};
	socklen_t size = sizeof(address);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	return address;
}

static int dial(size_t i)
{
	struct sockaddr_in address = name_of(state.sockets[i]);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void assert_taken(int fd)
{
	in_port_t port = 0;

	assert_int_equal(recv(fd, &port, sizeof(port), MSG_WAITALL), sizeof(port));
	assert_int_equal(port, name_of(fd).sin_port);
	close(fd);
}

static int set_up(void **context)
{
	struct fault fault;

	(void)context;
	atomic_store(&state.full, false);
	atomic_store(&state.taken, 0);
	for (size_t i = 0; i < SOCKETS; i++)
		assert_int_equal(listen_tcp(SLICE("127.0.0.1:0"), &state.sockets[i], &fault), 0);
	return 0;
}

static int tear_down(void **context)
{
	(void)context;
	for (size_t i = 0; i < SOCKETS; i++)
		close(state.sockets[i]);
	return 0;
}

static struct acceptor *start(void)
{
	struct acceptor *acceptor;
	struct fault fault;

	assert_int_equal(acceptor_start(&(struct acceptor_options){state.sockets, SOCKETS, is_full,
								   accepted, &state},
					&acceptor, &fault),
			 0);
	return acceptor;
}

static void test_takes_from_each(void **context)
{
	struct acceptor *acceptor = start();

	(void)context;
	for (size_t i = 0; i < MANY; i++)
		assert_taken(dial(i % SOCKETS));
	acceptor_stop(acceptor);
	assert_int_equal(atomic_load(&state.taken), MANY);
}

static void test_waits_while_full(void **context)
{
	struct acceptor *acceptor;
	int fd;

	(void)context;
	atomic_store(&state.full, true);
	acceptor = start();
	fd = dial(0);
	assert_int_equal(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 50), 0);
	atomic_store(&state.full, false);
	assert_taken(fd);
	acceptor_stop(acceptor);
}

/* Those who are late stay in the socket's queue, for whoever listens next. */
static void test_stops(void **context)
{
	struct acceptor *acceptor;
	int fd;

	(void)context;
	for (size_t i = 0; i < MANY; i++)
		acceptor_stop(start());
	fd = dial(1);
	assert_int_equal(atomic_load(&state.taken), 0);
	acceptor = start();
	assert_taken(fd);
	acceptor_stop(acceptor);
	acceptor_stop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_takes_from_each, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_waits_while_full, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_stops, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
