#undef NDEBUG
#include "host/netlink.h"

#include <errno.h>
#include <limits.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../testing.h"

enum { SEQUENCE = 7, PORT = 4711 };

/* A datagram being made up. */
struct datagram {
	_Alignas(8) char bytes[4096];
	size_t n;
};

static struct nlmsghdr *add(struct datagram *datagram, uint16_t type, const void *payload, size_t n)
{
	struct nlmsghdr *head = (struct nlmsghdr *)(void *)(datagram->bytes + datagram->n);

	*head = (struct nlmsghdr){.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + n),
				  .nlmsg_type = type,
				  .nlmsg_seq = SEQUENCE,
				  .nlmsg_pid = PORT};
	if (n > 0)
		memcpy((char *)head + NLMSG_HDRLEN, payload, n);
	datagram->n += NLMSG_ALIGN(NLMSG_HDRLEN + n);
	return head;
}

static struct inet_diag_msg message(int family, unsigned state, uint16_t port, uint32_t inode)
{
	return (struct inet_diag_msg){.idiag_family = (unsigned char)family,
				      .idiag_state = (unsigned char)state,
				      .id.idiag_sport = htons(port),
				      .idiag_uid = 1000,
				      .idiag_inode = inode};
}

/* A socket's message, with an attribute that says whether it is for IPv6 alone. */
static void add_socket(struct datagram *datagram, struct inet_diag_msg message, int v6only)
{
	struct {
		struct inet_diag_msg message;
		struct nlattr other, attribute;
		unsigned char value[4];
	} whole = {
		.message = message,
		.other = {.nla_len = sizeof(struct nlattr), .nla_type = INET_DIAG_SHUTDOWN},
		.attribute = {.nla_len = sizeof(struct nlattr) + 1, .nla_type = INET_DIAG_SKV6ONLY},
		.value = {(unsigned char)v6only}};

	add(datagram, SOCK_DIAG_BY_FAMILY, &whole, v6only < 0 ? sizeof(message) : sizeof(whole));
}

/* Takes a copy of exactly its size, so that a sanitizer sees reading past the end. */
static int take_bytes(struct netlink_dump *dump, const char *bytes, size_t n)
{
	char *copy = malloc(n ? n : 1);
	int result;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	result = netlink_take(dump, (struct slice){copy, n});
	free(copy);
	return result;
}

static struct host_sockets sockets;

static struct netlink_dump dump_of(enum transport transport, bool all)
{
	host_sockets_done(&sockets);
	return (struct netlink_dump){.sockets = &sockets,
				     .transport = transport,
				     .all = all,
				     .sequence = SEQUENCE,
				     .port = PORT};
}

static int tear_down(void **state)
{
	(void)state;
	host_sockets_done(&sockets);
	return 0;
}

static void test_sockets(void **state)
{
	struct netlink_dump dump = dump_of(TRANSPORT_TCP, false);
	struct datagram datagram = {};
	struct inet_diag_msg first = message(AF_INET, HOST_LISTENING, 8080, 77);
	int done = 0;

	(void)state;
	first.id.idiag_src[0] = htonl(0x7f000001);
	first.id.idiag_if = 3;
	add_socket(&datagram, first, -1);
	add_socket(&datagram, message(AF_INET6, HOST_LISTENING, 80, 78), 0);
	add_socket(&datagram, message(AF_INET6, HOST_LISTENING, 81, 79), 1);
	add_socket(&datagram, message(AF_INET6, HOST_LISTENING, 82, 80), -1);
	/* Neither wanted: connected, and without a port. */
	add_socket(&datagram, message(AF_INET, HOST_ESTABLISHED, 83, 81), -1);
	add_socket(&datagram, message(AF_INET, HOST_LISTENING, 0, 82), -1);
	add_socket(&datagram, message(AF_INET, HOST_BOUND, 84, 83), -1);
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 0);
	assert_int_equal(sockets.count, 5);
	assert_int_equal(sockets.all[0].port, 8080);
	assert_int_equal(sockets.all[0].inode, 77);
	assert_int_equal(sockets.all[0].uid, 1000);
	assert_int_equal(sockets.all[0].interface, 3);
	assert_false(sockets.all[0].ipv6);
	assert_memory_equal(sockets.all[0].address, "\x7f\0\0\1", 4);
	assert_int_equal(sockets.all[0].dual, HOST_DUAL_NO);
	assert_int_equal(sockets.all[1].dual, HOST_DUAL_YES);
	assert_int_equal(sockets.all[2].dual, HOST_DUAL_NO);
	assert_int_equal(sockets.all[3].dual, HOST_DUAL_UNKNOWN);
	assert_int_equal(sockets.all[4].state, HOST_BOUND);
	datagram.n = 0;
	add(&datagram, NLMSG_DONE, &done, sizeof(done));
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 1);
	assert_int_equal(dump.refused, 0);
	assert_false(dump.interrupted);
}

static void test_all(void **state)
{
	struct netlink_dump dump = dump_of(TRANSPORT_UDP, true);
	struct datagram datagram = {};

	(void)state;
	add_socket(&datagram, message(AF_INET, HOST_ESTABLISHED, 53, 1), -1);
	add_socket(&datagram, message(AF_INET, HOST_CLOSED, 54, 2), -1);
	/* A state of a kernel that is yet to come. */
	add_socket(&datagram, message(AF_INET, 200, 55, 3), -1);
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 0);
	assert_int_equal(sockets.count, 3);
	assert_true(host_socket_is_open(&sockets.all[1]));
	assert_false(host_socket_is_open(&sockets.all[0]));
	assert_int_equal(sockets.all[2].state, HOST_CLOSED);
}

/* The first of an inode is an endpoint, those after it are associations, which count otherwise. */
static void test_sctp(void **state)
{
	struct netlink_dump dump = dump_of(TRANSPORT_SCTP, true);
	struct datagram datagram = {};

	(void)state;
	add_socket(&datagram, message(AF_INET, HOST_LISTENING, 36412, 5), -1);
	add_socket(&datagram, message(AF_INET, 3, 36412, 5), -1);
	add_socket(&datagram, message(AF_INET, 250, 36412, 5), -1);
	add_socket(&datagram, message(AF_INET, HOST_CLOSED, 36413, 6), -1);
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 0);
	assert_int_equal(sockets.count, 4);
	assert_int_equal(sockets.all[0].state, HOST_LISTENING);
	assert_int_equal(sockets.all[1].state, HOST_ESTABLISHED);
	assert_int_equal(sockets.all[2].state, HOST_CLOSED);
	assert_int_equal(sockets.all[3].state, HOST_BOUND);
}

static void test_others(void **state)
{
	struct netlink_dump dump = dump_of(TRANSPORT_TCP, false);
	struct datagram datagram = {};
	struct inet_diag_msg socket = message(AF_INET, HOST_LISTENING, 1, 1);
	int done = 0;

	(void)state;
	add(&datagram, SOCK_DIAG_BY_FAMILY, &socket, sizeof(socket))->nlmsg_seq = SEQUENCE - 1;
	add(&datagram, SOCK_DIAG_BY_FAMILY, &socket, sizeof(socket))->nlmsg_pid = 1;
	add(&datagram, NLMSG_DONE, &done, sizeof(done))->nlmsg_seq = SEQUENCE - 1;
	add(&datagram, NLMSG_NOOP, NULL, 0);
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 0);
	assert_int_equal(sockets.count, 0);
	add(&datagram, NLMSG_DONE, &done, sizeof(done))->nlmsg_flags = NLM_F_DUMP_INTR;
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 1);
	assert_true(dump.interrupted);
}

static void test_refused(void **state)
{
	struct netlink_dump dump = dump_of(TRANSPORT_TCP, false);
	struct datagram datagram = {};
	struct nlmsgerr error = {.error = -ENOENT};
	int number = -EPERM;

	(void)state;
	add(&datagram, NLMSG_ERROR, &error, sizeof(error));
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 1);
	assert_int_equal(dump.refused, ENOENT);
	dump.refused = 0;
	datagram.n = 0;
	add(&datagram, NLMSG_DONE, &number, sizeof(number));
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 1);
	assert_int_equal(dump.refused, EPERM);
	/* No kernel says it. */
	number = INT_MIN;
	datagram.n = 0;
	add(&datagram, NLMSG_DONE, &number, sizeof(number));
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), FAULT_MALFORMED);
}

/* Each beginning of a good datagram, and each wrong length in it. */
static void test_malformed(void **state)
{
	struct netlink_dump dump = dump_of(TRANSPORT_TCP, true);
	struct datagram datagram = {};
	struct nlmsghdr *head;

	(void)state;
	add_socket(&datagram, message(AF_INET6, HOST_LISTENING, 80, 78), 1);
	for (size_t n = 1; n < datagram.n; n++)
		assert_int_equal(take_bytes(&dump, datagram.bytes, n), FAULT_MALFORMED);
	assert_int_equal(sockets.count, 0);
	head = (struct nlmsghdr *)(void *)datagram.bytes;
	for (uint32_t length = 0; length < 4096; length++) {
		int result;

		head->nlmsg_len = length;
		result = take_bytes(&dump, datagram.bytes, datagram.n);
		assert_true(result == FAULT_MALFORMED || result == 0);
	}
	head->nlmsg_len = UINT32_MAX;
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), FAULT_MALFORMED);
	datagram.n = 0;
	add_socket(&datagram, message(AF_UNIX, HOST_LISTENING, 80, 78), 1);
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), FAULT_MALFORMED);
	datagram.n = 0;
	add(&datagram, NLMSG_ERROR, NULL, 0);
	assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), FAULT_MALFORMED);
}

/* Attributes of any length do not lead outside. */
static void test_attributes(void **state)
{
	struct netlink_dump dump = dump_of(TRANSPORT_TCP, true);

	(void)state;
	for (unsigned length = 0; length < 64; length++) {
		struct datagram datagram = {};
		struct nlattr *other;

		add_socket(&datagram, message(AF_INET6, HOST_LISTENING, 80, 78), 1);
		other = (struct nlattr *)(void *)(datagram.bytes + NLMSG_HDRLEN +
						  sizeof(struct inet_diag_msg));
		other->nla_len = (uint16_t)length;
		assert_int_equal(take_bytes(&dump, datagram.bytes, datagram.n), 0);
	}
}

/* The kernel itself, where it answers. */
static void test_kernel(void **state)
{
	int fd = netlink_open(), error = 0, result;

	(void)state;
	if (fd < 0)
		skip();
	host_sockets_done(&sockets);
	result = netlink_read(fd, TRANSPORT_TCP, true, &sockets, &error, NULL);
	assert_true(result == 0 || (result == 1 && error != 0 && sockets.count == 0));
	result = netlink_read(fd, TRANSPORT_DCCP, false, &sockets, &error, NULL);
	assert_true(result == 0 || (result == 1 && error != 0));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sockets),	   cmocka_unit_test(test_all),
		cmocka_unit_test(test_sctp),	   cmocka_unit_test(test_others),
		cmocka_unit_test(test_refused),	   cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_attributes), cmocka_unit_test(test_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}
