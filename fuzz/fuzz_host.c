/*
 * What the kernel says, as any bytes: the first of them tells as what. Sockets that are read have
 * ports and states that there are; what is found in a text is a part of it.
 */
#include "fuzz.h"
#include "host/cgroup.h"
#include "host/netlink.h"
#include "host/proc_net.h"
#include "host/sysctl.h"

static void check_socket(const struct host_socket *socket)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	must(socket->state > 0 && socket->state < HOST_STATE_COUNT);
	must(socket->transport < TRANSPORT_COUNT);
	must(host_state_name(socket).n > 0);
	host_address_add(&text, socket, false);
	must(text.n > 0);
	must(host_socket_compare(socket, socket) == 0);
}

static void read_netlink(struct slice bytes, enum transport transport)
{
	struct host_sockets sockets = {};
	struct netlink_dump dump = {.sockets = &sockets, .transport = transport, .all = true};
	int result = netlink_take(&dump, bytes);

	must(result == 0 || result == 1 || result == FAULT_MALFORMED);
	for (size_t i = 0; i < sockets.count; i++) {
		check_socket(&sockets.all[i]);
		must(sockets.all[i].port != 0);
	}
	host_sockets_done(&sockets);
}

static void check_part(struct slice whole, struct slice part)
{
	must(!part.p || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n && part.n > 0));
}

static void read_text(struct slice text)
{
	struct cgroup cgroup = cgroup_parse(text);
	struct host_socket socket;
	struct host_sysctl sysctl;
	uint16_t first, last;

	check_part(text, cgroup.unit);
	check_part(text, cgroup.container);
	must(!cgroup.container.p == !cgroup.kind.p);
	if (proc_net_parse(text, TRANSPORT_TCP, &socket))
		check_socket(&socket);
	if (host_sysctl_parse_range(text, &first, &last))
		must(first <= last);
	(void)host_sysctl_parse_ports(text, sysctl.reserved);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest;

	if (size == 0)
		return 0;
	rest = fuzz_slice(data + 1, size - 1);
	if (data[0] < TRANSPORT_COUNT)
		read_netlink(rest, (enum transport)data[0]);
	else
		read_text(rest);
	return 0;
}
