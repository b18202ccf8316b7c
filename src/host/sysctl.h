/* What the kernel is told about ports (ip-sysctl): proc/sys/net/ipv4. */
#ifndef PORTBOOK_HOST_SYSCTL_H
#define PORTBOOK_HOST_SYSCTL_H

#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"
#include "record/port.h"

struct host_sysctl {
	bool has_ephemeral, has_reserved, has_unprivileged; /* which of these could be read */
	/* ip_local_port_range: what sockets get that ask for no port. */
	uint16_t ephemeral_first, ephemeral_last;
	/* ip_local_reserved_ports: what they never get, of these. A bit a port. */
	uint64_t reserved[PORT_COUNT / 64];
	/* ip_unprivileged_port_start: the first port that takes no privilege; 65536: none. */
	uint32_t unprivileged_first;
};

/* Reads them below root, a folder that stands for /; NULL: of this machine. */
void host_sysctl_read(const char *root, struct host_sysctl *ret_sysctl);

/* Texts of the three files. False: it is not what it must be. */
bool host_sysctl_parse_range(struct slice text, uint16_t *ret_first, uint16_t *ret_last);
bool host_sysctl_parse_ports(struct slice text, uint64_t ret_ports[static PORT_COUNT / 64]);

/* Whether sockets that ask for no port may get it. */
bool host_sysctl_is_ephemeral(const struct host_sysctl *sysctl, uint16_t port);
bool host_sysctl_is_reserved(const struct host_sysctl *sysctl, uint16_t port);

#endif
