/* The table of checks. docs/AUDIT.md is made from it (portbook audit --explain). */
#include "audit/read.h"

#define CHECK	LINT_CHECK
#define RFC6335 "RFC 6335, section "

static const struct lint_check checks[] = {
	CHECK(TAKEN_TWICE, LINT_ERROR, "taken-twice", "bind(2)", "{} is taken by {other} as well",
	      "Two services of one file cannot both have a port of the same addresses and "
	      "transport: the second one fails to start. An address that stands for any (none, *, "
	      "0.0.0.0 and [::] each for its family) meets each single one. So do containers of "
	      "one Pod, which share an address, and node ports of a cluster. Servers of one nginx "
	      "share its sockets."),
	CHECK(TAKEN_ELSEWHERE, LINT_WARNING, "taken-elsewhere", "bind(2)",
	      "{} is taken by {other} as well, in another file",
	      "As 1001, between files, which need not be meant for one machine. Compose files of "
	      "one folder are variants of each other and not compared, but for an override file; "
	      "nor are files of nginx with each other, nor units of one name. What nginx and "
	      "haproxy bind is compared with that of other kinds of files below /etc alone: "
	      "elsewhere it may be inside a container."),
	CHECK(HOST_NETWORK, LINT_WARNING, "host-network", "Compose Specification, network_mode",
	      "nothing is published with network_mode host",
	      "A container in the host's network has the host's ports. What is to be published "
	      "is ignored or refused."),
	CHECK(ASSIGNED_OTHER, LINT_NOTE, "assigned-other", "the registry",
	      "{} is assigned to {other}, the name says something else",
	      "The port that clients see is assigned to another service than the port's name, the "
	      "image, the unit or the variable says."),
	CHECK(NAME_NUMBER, LINT_WARNING, "name-number", "the registry",
	      "the service has other ports than {}",
	      "The port's name is a service name of the registry, which has another number. A name "
	      "that is a word of the name of the service that the number is assigned to agrees: "
	      "http on 8080, which is http-alt. Of a name with hyphens the first word counts where "
	      "the whole is no service name (http-web). Ports inside of containers may have any "
	      "number."),
	CHECK(WRONG_TRANSPORT, LINT_WARNING, "wrong-transport", "the registry",
	      "{} is not assigned, its service is on another transport",
	      "The number is assigned, but on another transport protocol, and not on this one: "
	      "probably the transport is a mistake."),
	CHECK(TRANSPORT_MISSING, LINT_NOTE, "transport-missing",
	      "RFC 7766, section 5; RFC 4120, section 7.2", "{} is there on one transport alone",
	      "DNS (53) and Kerberos (88) are to be there on both TCP and UDP."),
	CHECK(RESERVED, LINT_WARNING, "reserved", RFC6335 "6", "{} is reserved",
	      "Reserved numbers are not for use: they wait for a service that is assigned on the "
	      "other transport, or are kept for special purposes. Those whose other transport is "
	      "assigned are 1103."),
	CHECK(UNASSIGNED_SYSTEM, LINT_NOTE, "unassigned-system", RFC6335 "8.1.2",
	      "{} is a System Port that is not assigned",
	      "System Ports (0 to 1023) are assigned by the IETF, and take privileges to bind; "
	      "what has no assignment is not to use them."),
	CHECK(DEASSIGNED, LINT_WARNING, "deassigned", RFC6335 "8.2", "{} is not assigned any more",
	      "The registry says that the number was assigned and is not any more (De-registered, "
	      "Removed): old software may still use it."),
	CHECK(EPHEMERAL, LINT_WARNING, "ephemeral", "ip_local_port_range",
	      "{} is one of the ports that the system gives to clients",
	      "Any outgoing connection may hold the port when the service starts. The range is "
	      "the host's with --against, else that of Linux, 32768 to 60999; what is Dynamic as "
	      "well is 1202. Reserve it (net.ipv4.ip_local_reserved_ports), or choose another."),
	CHECK(DYNAMIC, LINT_WARNING, "dynamic", RFC6335 "6", "{} is a Dynamic Port",
	      "Dynamic Ports (49152 to 65535) are never assigned: they are for local and temporary "
	      "use, and systems give them to clients."),
	CHECK(IN_NODE_PORTS, LINT_NOTE, "in-node-ports", "kube-apiserver, service-node-port-range",
	      "{} is one of the ports for Kubernetes NodePorts",
	      "A cluster gives the ports 30000 to 32767 of each node to Services by itself. "
	      "Found for ports of hosts."),
	CHECK(NODE_PORT_RANGE, LINT_ERROR, "node-port-range",
	      "kube-apiserver, service-node-port-range", "{} is no NodePort: 30000 to 32767",
	      "A cluster refuses a nodePort outside of its range, which is 30000 to 32767 unless "
	      "it is configured otherwise."),
	CHECK(BLOCKED, LINT_WARNING, "blocked", "Fetch Standard, port blocking",
	      "browsers refuse {}",
	      "Browsers open no URL with one of these ports. Found for what speaks HTTP, as far "
	      "as its file tells, and for User Ports that are no service's of that name."),
	CHECK(PORT_VALUE, LINT_ERROR, "port-value", RFC6335 "6", "no port: they go from 1 to 65535",
	      "Port numbers have 16 bits, and 0 stands for none."),
	CHECK(PORT_FORM, LINT_ERROR, "port-form", "the file's format", "no port",
	      "Where a port belongs, or a range of ports or a transport protocol, there is "
	      "something else."),
	CHECK(RANGE_LENGTH, LINT_ERROR, "range-length", "Compose Specification, ports",
	      "ranges of different length", "Each port of one range is one of the other."),
	CHECK(SEXAGESIMAL, LINT_NOTE, "sexagesimal", "YAML 1.1, int",
	      "a mapping without quotes is a number to the base of 60",
	      "For readers of YAML 1.1, 22:22 is 1342. Put it in quotes."),
	CHECK(NAME_FORM, LINT_ERROR, "name-form", RFC6335 "5.1", "no name for a port",
	      "Kubernetes refuses a container's port whose name is not one that a service may "
	      "have, in lower case."),
	CHECK(VARIABLE_UNSET, LINT_NOTE, "variable-unset", "the file's format",
	      "a variable has no value",
	      "Neither the file .env beside it nor a default says which port it is; the "
	      "environment of whoever asks is not looked at."),
	CHECK(MALFORMED, LINT_ERROR, "malformed", "the file's format", "the file cannot be read",
	      "The file is not what its format demands, or passes a limit (a depth of 100, 200,000 "
	      "nodes of YAML). Of what follows nothing is known. Where files have so many ports of "
	      "one number that 20 million pairs were compared, the rest is not."),
	CHECK(ALLOW_NOTHING, LINT_NOTE, "allow-nothing", "docs/AUDIT.md",
	      "a comment allows what is not found",
	      "The comment names a finding that is not there, or none: it can go."),
	CHECK(DRIFT_TAKEN, LINT_WARNING, "drift-taken", "--against",
	      "{} is held by another program now",
	      "Something listens at the port on this machine that is not what the file says."),
	CHECK(DRIFT_HELD, LINT_WARNING, "drift-held", "--against",
	      "{} is reserved under another name",
	      "A reservation of this machine (portbook reserve) holds the port under a name that "
	      "is not the one in the file."),
	CHECK(DRIFT_SILENT, LINT_NOTE, "drift-silent", "--against", "nothing listens at {}",
	      "The file has the port on this machine, and nothing listens there now."),
};

const struct lint_check *audit_check_at(size_t index)
{
	return index < ARRAY_SIZE(checks) ? &checks[index] : NULL;
}

const struct lint_check *audit_check_of(unsigned number)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(checks) && checks[i].number != number)
		i++;
	return &checks[i];
}
