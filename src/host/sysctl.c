#include "host/sysctl.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"
#include "host/tree.h"

/* Bytes of ip_local_reserved_ports at most: each second port, as five digits and a comma. */
enum { TEXT_MAX = PORT_COUNT / 2 * 6 + 2 };

bool host_sysctl_parse_range(struct slice text, uint16_t *ret_first, uint16_t *ret_last)
{
	struct slice last = slice_trim(text), first = slice_trim(slice_cut(&last, '\t'));
	uint64_t from, to;

	if (!last.p) {
		last = first;
		first = slice_cut(&last, ' ');
	}
	if (!number_parse(first, PORT_MAX, &from) ||
	    !number_parse(slice_trim(last), PORT_MAX, &to) || from > to)
		return false;
	*ret_first = (uint16_t)from;
	*ret_last = (uint16_t)to;
	return true;
}

/* "8080,9000-9010", or nothing. */
bool host_sysctl_parse_ports(struct slice text, uint64_t ret_ports[static PORT_COUNT / 64])
{
	uint64_t ports[PORT_COUNT / 64] = {};
	struct slice rest = slice_trim(text);

	while (rest.n > 0) {
		uint16_t first, last;

		if (!port_parse(slice_trim(slice_cut(&rest, ',')), &first, &last))
			return false;
		for (unsigned port = first; port <= last; port++)
			ports[port / 64] |= UINT64_C(1) << port % 64;
	}
	memcpy(ret_ports, ports, sizeof(ports));
	return true;
}

void host_sysctl_read(const char *root, struct host_sysctl *ret_sysctl)
{
	struct host_sysctl sysctl = {};
	int folder = tree_open(root, "/proc/sys/net/ipv4", O_DIRECTORY);
	char *space = malloc(TEXT_MAX);
	struct slice text;
	uint64_t port;

	if (folder >= 0 && space) {
		sysctl.has_ephemeral =
			tree_read(folder, "ip_local_port_range", space, TEXT_MAX, &text) &&
			host_sysctl_parse_range(text, &sysctl.ephemeral_first,
						&sysctl.ephemeral_last);
		sysctl.has_reserved =
			tree_read(folder, "ip_local_reserved_ports", space, TEXT_MAX, &text) &&
			host_sysctl_parse_ports(text, sysctl.reserved);
		sysctl.has_unprivileged =
			tree_read(folder, "ip_unprivileged_port_start", space, TEXT_MAX, &text) &&
			number_parse(slice_trim(text), PORT_COUNT, &port);
		if (sysctl.has_unprivileged)
			sysctl.unprivileged_first = (uint32_t)port;
	}
	free(space);
	if (folder >= 0)
		close(folder);
	*ret_sysctl = sysctl;
}

bool host_sysctl_is_reserved(const struct host_sysctl *sysctl, uint16_t port)
{
	return sysctl->reserved[port / 64] >> port % 64 & 1;
}

bool host_sysctl_is_ephemeral(const struct host_sysctl *sysctl, uint16_t port)
{
	return sysctl->has_ephemeral && port >= sysctl->ephemeral_first &&
	       port <= sysctl->ephemeral_last && !host_sysctl_is_reserved(sysctl, port);
}
