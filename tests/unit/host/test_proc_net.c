#undef NDEBUG
#include "host/proc_net.h"

#include "tree.h"

#define HEAD                                                                                       \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "      \
	"timeout inode\n"

static struct host_sockets sockets;

static void read_machine(unsigned transports, bool all)
{
	struct host_wanted wanted = {.transports = transports, .all = all};

	host_sockets_done(&sockets);
	assert_int_equal(host_sockets_read(root, &wanted, &sockets, NULL), 0);
}

static int tear_down(void **state)
{
	host_sockets_done(&sockets);
	return remove_root(state);
}

static void expect_address(size_t index, const char *expected)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	host_address_add(&text, &sockets.all[index], false);
	assert_slice(strbuf_slice(&text), slice_cstr(expected));
}

static void test_lines(void **state)
{
	static const char *const bad[] = {
		"",
		"sl local_address rem_address st",
		"0: 0100007F:1F90",
		"0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 1000 0",
		"0: 0100007F:1F9 00000000:0000 0A 0:0 0:0 0 1000 0 1 1",
		"0: 0100007F1F90 00000000:0000 0A 0:0 0:0 0 1000 0 1 1",
		"0: 010000F:1F90 00000000:0000 0A 0:0 0:0 0 1000 0 1 1",
		"0: 0100007G:1F90 00000000:0000 0A 0:0 0:0 0 1000 0 1 1",
		"0: 0100007F:1F90 00000000:0000 00 0:0 0:0 0 1000 0 1 1",
		"0: 0100007F:1F90 00000000:0000 FF 0:0 0:0 0 1000 0 1 1",
		"0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 -1 0 1 1",
		"0 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 1000 0 1 1",
	};
	struct host_socket socket;

	(void)state;
	assert_true(proc_net_parse(
		SLICE("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 "
		      "00000000  1000        0 4242 1 0000000000000000 100 0 0 10 0"),
		TRANSPORT_TCP, &socket));
	assert_int_equal(socket.port, 8080);
	assert_int_equal(socket.uid, 1000);
	assert_int_equal(socket.inode, 4242);
	assert_int_equal(socket.state, HOST_LISTENING);
	assert_int_equal(socket.dual, HOST_DUAL_NO);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(proc_net_parse(slice_cstr(bad[i]), TRANSPORT_TCP, &socket));
}

static void test_machine(void **state)
{
	(void)state;
	put_file("/proc/net/tcp",
		 HEAD "   0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0  1000 0 11 1\n"
		      "   1: 0100007F:1F90 0100007F:C350 01 0:0 00:0 0  1000 0 12 1\n"
		      "a line that is none\n"
		      "   2: 0100007F:0050 00000000:0000 0A 0:0 00:0 0  0 0 13 1\n");
	put_file("/proc/net/tcp6",
		 HEAD "   0: 00000000000000000000000001000000:0016 "
		      "00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 14\n"
		      "   1: 0000000000000000FFFF00000100007F:0017 "
		      "00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 15");
	put_file("/proc/net/udp",
		 HEAD "   0: 00000000:0035 00000000:0000 07 0:0 00:0 0  0 0 16 1\n"
		      "   1: 0100007F:0036 0100007F:0035 01 0:0 00:0 0  0 0 17 1\n");
	put_file("/proc/net/protocols", "protocol  size sockets\nTCPv6 1 1\nTCP 1 1\nDCCPv6 1 1\n");
	read_machine(0, false);
	/* The line without its end is left out: it is not known to be whole. */
	assert_int_equal(sockets.count, 4);
	assert_int_equal(sockets.all[0].port, 22);
	expect_address(0, "::1");
	assert_int_equal(sockets.all[0].dual, HOST_DUAL_UNKNOWN);
	assert_int_equal(sockets.all[1].port, 53);
	assert_int_equal(sockets.all[1].transport, TRANSPORT_UDP);
	assert_text(host_state_name(&sockets.all[1]), "unconnected");
	assert_int_equal(sockets.all[3].port, 8080);
	expect_address(3, "127.0.0.1");
	assert_int_equal(sockets.sight[TRANSPORT_TCP], HOST_SEEN);
	/* Without IPv6 there is no udp6. */
	assert_int_equal(sockets.sight[TRANSPORT_UDP], HOST_SEEN);
	assert_int_equal(sockets.sight[TRANSPORT_SCTP], HOST_NOT_THERE);
	/* The kernel has it, and lists its sockets nowhere. */
	assert_int_equal(sockets.sight[TRANSPORT_DCCP], HOST_UNSEEN);
	read_machine(1u << TRANSPORT_UDP, true);
	assert_int_equal(sockets.count, 2);
	assert_int_equal(sockets.all[1].peer_port, 53);
	assert_text(host_state_name(&sockets.all[1]), "established");
	assert_int_equal(sockets.sight[TRANSPORT_TCP], HOST_NOT_ASKED);
}

static void test_sctp(void **state)
{
	(void)state;
	put_file("/proc/net/sctp/eps",
		 " ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n"
		 "ffff8800 ffff8801 2   10  5    36412  1000 21 127.0.0.1 10.0.0.1 \n"
		 "ffff8800 ffff8801 2   7   5    36413     0 22 ::1 \n"
		 "ffff8800 ffff8801 2   x   5    36413     0 22 ::1 \n");
	put_file("/proc/net/sctp/assocs", " ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE "
					  "RX_QUEUE UID INODE LPORT RPORT "
					  "LADDRS <-> RADDRS HBINT\n"
					  "ffff8800 ffff8801 2 1 3 0 1 0 0 1000 23 36412 40000 "
					  "*127.0.0.1 <-> *127.0.0.2 7500\n");
	read_machine(1u << TRANSPORT_SCTP, false);
	assert_int_equal(sockets.count, 2);
	assert_int_equal(sockets.all[0].state, HOST_LISTENING);
	assert_int_equal(sockets.all[0].uid, 1000);
	expect_address(0, "127.0.0.1");
	assert_int_equal(sockets.all[1].state, HOST_BOUND);
	expect_address(1, "::1");
	read_machine(1u << TRANSPORT_SCTP, true);
	assert_int_equal(sockets.count, 3);
	assert_int_equal(sockets.all[1].peer_port, 40000);
	assert_int_equal(sockets.all[1].state, HOST_ESTABLISHED);
}

/* More than a piece of the file, and lines across its ends; a line without any end. */
static void test_long(void **state)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	(void)state;
	for (unsigned i = 1; i <= 5000; i++)
		strbuf_printf(&text, "%u: 0100007F:%04X 00000000:0000 0A 0:0 00:0 0 0 0 %u 1\n", i,
			      i, i);
	for (unsigned i = 0; i < 200000; i++)
		strbuf_add_byte(&text, 'x');
	strbuf_add(&text, SLICE("\n1: 0100007F:FFFF 00000000:0000 0A 0:0 00:0 0 0 0 9999 1\n"));
	put_bytes("/proc/net/tcp", text.p, text.n);
	put_file("/proc/net/tcp6", "");
	read_machine(1u << TRANSPORT_TCP, false);
	assert_int_equal(sockets.count, 5001);
	for (unsigned i = 0; i < 5000; i++)
		assert_int_equal(sockets.all[i].port, i + 1);
}

static void test_nothing(void **state)
{
	(void)state;
	read_machine(0, true);
	assert_int_equal(sockets.count, 0);
	/* Without proc nothing is known. */
	for (size_t i = 0; i < TRANSPORT_COUNT; i++)
		assert_int_equal(sockets.sight[i], HOST_UNSEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test_setup_teardown(test_machine, make_root, tear_down),
		cmocka_unit_test_setup_teardown(test_sctp, make_root, tear_down),
		cmocka_unit_test_setup_teardown(test_long, make_root, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing, make_root, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
