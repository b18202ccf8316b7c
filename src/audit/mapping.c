/*
 * How ports of containers are published, in one text: [[ADDRESS:]HOST:]CONTAINER[/TRANSPORT], each
 * a port or a range (Compose Specification, "ports", short syntax; docker run --publish).
 */
#include "audit/read.h"

/* The last part after a colon that stands in no brackets, which is cut off with it. */
static struct slice cut_last(struct slice *text)
{
	size_t at = slice_find_last_byte(*text, ':'), bracket = slice_find_last_byte(*text, ']');
	struct slice last = *text;

	if (at == (size_t)-1 || (bracket != (size_t)-1 && at < bracket)) {
		*text = SLICE_NONE;
		return last;
	}
	last = slice_skip(*text, at + 1);
	text->n = at;
	return last;
}

static bool cut_transport(struct reading *reading, struct place place, struct slice who,
			  struct slice *text, enum transport *ret_transport)
{
	size_t at = slice_find_last_byte(*text, '/');

	*ret_transport = TRANSPORT_TCP;
	if (at == (size_t)-1)
		return true;
	if (!transport_parse(slice_skip(*text, at + 1), ret_transport)) {
		reading_complain(reading, place, PORT_FORM, who,
				 "\"%.*s\" is no transport protocol", (int)(text->n - at - 1),
				 text->p + at + 1);
		return false;
	}
	text->n = at;
	return true;
}

/* Without the brackets of IPv6; absent for what stands for any. */
static struct slice plain_address(struct slice address)
{
	if (address.n >= 2 && address.p[0] == '[' && address.p[address.n - 1] == ']')
		address = (struct slice){address.p + 1, address.n - 2};
	return address.n == 0 || slice_eq(address, SLICE("*")) ? SLICE_NONE : address;
}

void mapping_read(struct reading *reading, struct place place, struct slice text,
		  const struct audit_port *like, bool host_network)
{
	struct audit_port inside = *like, outside = *like;
	struct slice container, host;
	enum transport transport;

	if (!cut_transport(reading, place, like->owner, &text, &transport))
		return;
	container = cut_last(&text);
	host = text.p ? cut_last(&text) : SLICE_NONE;
	inside.transport = outside.transport = (uint8_t)transport;
	if (!reading_port(reading, place, like->owner, container, true, &inside.first,
			  &inside.last))
		return;
	inside.use = host_network ? AUDIT_TAKEN : AUDIT_INSIDE;
	inside.group = host_network ? GROUP_HOST : GROUP_NONE;
	reading_found(reading, place, inside);
	if (host_network || host.n == 0)
		return;
	if (!reading_port(reading, place, like->owner, host, true, &outside.first, &outside.last))
		return;
	/* A range of the host for one port of the container is one to choose from. */
	if (inside.last != inside.first &&
	    outside.last - outside.first != inside.last - inside.first)
		reading_complain(reading, place, RANGE_LENGTH, like->owner,
				 "%.*s has %u ports, %.*s has %u", (int)host.n, host.p,
				 outside.last - outside.first + 1, (int)container.n, container.p,
				 inside.last - inside.first + 1);
	outside.address = plain_address(text);
	outside.use = AUDIT_TAKEN;
	outside.group = outside.first == outside.last || inside.first != inside.last ? GROUP_HOST
										     : GROUP_NONE;
	reading_found(reading, place, outside);
}
