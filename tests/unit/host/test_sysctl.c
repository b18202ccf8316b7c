#undef NDEBUG
#include "host/sysctl.h"

#include "tree.h"

#define FOLDER "/proc/sys/net/ipv4/"

static void test_range(void **state)
{
	static const char *const bad[] = {"",	  "1",	      "1\t",   "2\t1",
					  "a\tb", "1\t65536", "1 2 3", "-1\t2"};
	uint16_t first, last;

	(void)state;
	assert_true(host_sysctl_parse_range(SLICE("32768\t60999\n"), &first, &last));
	assert_int_equal(first, 32768);
	assert_int_equal(last, 60999);
	assert_true(host_sysctl_parse_range(SLICE("0 65535"), &first, &last));
	assert_int_equal(first, 0);
	assert_int_equal(last, 65535);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(host_sysctl_parse_range(slice_cstr(bad[i]), &first, &last));
}

static size_t count(const uint64_t *ports)
{
	size_t n = 0;

	for (size_t i = 0; i < PORT_COUNT / 64; i++)
		n += (size_t)__builtin_popcountll(ports[i]);
	return n;
}

static void test_ports(void **state)
{
	static const char *const bad[] = {"a", "1,,2", "5-4", "65536", "1;2"};
	struct host_sysctl sysctl = {};

	(void)state;
	assert_true(host_sysctl_parse_ports(SLICE("\n"), sysctl.reserved));
	assert_int_equal(count(sysctl.reserved), 0);
	assert_true(host_sysctl_parse_ports(SLICE("8080,9000-9010,65535\n"), sysctl.reserved));
	assert_int_equal(count(sysctl.reserved), 13);
	assert_true(host_sysctl_is_reserved(&sysctl, 9010));
	assert_false(host_sysctl_is_reserved(&sysctl, 9011));
	assert_true(host_sysctl_is_reserved(&sysctl, 65535));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(host_sysctl_parse_ports(slice_cstr(bad[i]), sysctl.reserved));
	assert_int_equal(count(sysctl.reserved), 13);
	assert_true(host_sysctl_parse_ports(SLICE("0-65535"), sysctl.reserved));
	assert_int_equal(count(sysctl.reserved), PORT_COUNT);
}

static void test_machine(void **state)
{
	struct host_sysctl sysctl;

	(void)state;
	host_sysctl_read(root, &sysctl);
	assert_false(sysctl.has_ephemeral || sysctl.has_reserved || sysctl.has_unprivileged);
	assert_false(host_sysctl_is_ephemeral(&sysctl, 40000));
	put_file(FOLDER "ip_local_port_range", "40000\t40010\n");
	put_file(FOLDER "ip_local_reserved_ports", "40005\n");
	put_file(FOLDER "ip_unprivileged_port_start", "80\n");
	host_sysctl_read(root, &sysctl);
	assert_true(sysctl.has_ephemeral && sysctl.has_reserved && sysctl.has_unprivileged);
	assert_int_equal(sysctl.unprivileged_first, 80);
	assert_true(host_sysctl_is_ephemeral(&sysctl, 40000));
	assert_true(host_sysctl_is_ephemeral(&sysctl, 40010));
	assert_false(host_sysctl_is_ephemeral(&sysctl, 40005));
	assert_false(host_sysctl_is_ephemeral(&sysctl, 40011));
	put_file(FOLDER "ip_local_port_range", "not ports\n");
	host_sysctl_read(root, &sysctl);
	assert_false(sysctl.has_ephemeral);
	assert_true(sysctl.has_reserved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_ports),
		cmocka_unit_test_setup_teardown(test_machine, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
