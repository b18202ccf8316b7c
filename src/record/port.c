#include "record/port.h"

#include "base/number.h"

enum port_range port_range_of(uint16_t port)
{
	if (port < PORT_USER_FIRST)
		return PORT_RANGE_SYSTEM;
	return port < PORT_DYNAMIC_FIRST ? PORT_RANGE_USER : PORT_RANGE_DYNAMIC;
}

struct slice port_range_name(enum port_range range)
{
	static const struct slice names[PORT_RANGE_COUNT] = {
		{"system", 6}, {"user", 4}, {"dynamic", 7}};

	return names[range];
}

struct slice port_range_title(enum port_range range)
{
	static const struct slice titles[PORT_RANGE_COUNT] = {SLICE("System Ports (0-1023)"),
							      SLICE("User Ports (1024-49151)"),
							      SLICE("Dynamic Ports (49152-65535)")};

	return titles[range];
}

struct slice port_range_procedure(enum port_range range)
{
	static const struct slice procedures[PORT_RANGE_COUNT] = {
		SLICE("assigned by IETF Review or IESG Approval (RFC 6335, section 8.1.2)"),
		SLICE("assigned by IETF Review, IESG Approval or Expert Review "
		      "(RFC 6335, section 8.1.2)"),
		SLICE("never assigned: for local and temporary use (RFC 6335, sections 6 and "
		      "8.1.2)"),
	};

	return procedures[range];
}

bool port_is_edge(uint16_t port)
{
	return port == 0 || port == PORT_USER_FIRST - 1 || port == PORT_USER_FIRST ||
	       port == PORT_DYNAMIC_FIRST - 1;
}

bool port_parse(struct slice text, uint16_t *ret_first, uint16_t *ret_last)
{
	uint64_t first, last;
	struct slice rest = text;
	struct slice head = slice_cut(&rest, '-');

	if (!number_parse(head, PORT_MAX, &first))
		return false;
	last = first;
	if (rest.p && (!number_parse(rest, PORT_MAX, &last) || last < first))
		return false;
	*ret_first = (uint16_t)first;
	*ret_last = (uint16_t)last;
	return true;
}
