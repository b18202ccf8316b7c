/* services(5): what getservbyname() and its like read. */
#ifndef PORTBOOK_RENDER_SERVICES_H
#define PORTBOOK_RENDER_SERVICES_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/out.h"
#include "registry/registry.h"

/*
 * Writes a line for each assigned name of a port and transport, by port, transport, and the order
 * of the registry; names without a port and ranges of ports are left out. An alias stands on the
 * line of the name that it is an alias of, where that has the same port and transport. origin,
 * which may be absent, says in the head where the registry came from. 0 or FAULT_MEMORY.
 */
int render_services(struct out *out, const struct registry *registry, struct slice origin,
		    struct fault *fault) MUST_USE;

#endif
