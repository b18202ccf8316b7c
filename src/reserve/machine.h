/* Inside reserve/: what the machine says: which process is which, and which ports it gives away. */
#ifndef PORTBOOK_RESERVE_MACHINE_H
#define PORTBOOK_RESERVE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "record/port.h"

/*
 * Room for the boot and the process namespace that a process's number and start count in: a UUID,
 * and what the link of a namespace reads.
 */
enum { MACHINE_SCOPE_SIZE = 96 };

/* What the machine does not say is empty in it. 0 or a negative fault. */
int machine_scope(const char *root, char ret_scope[static MACHINE_SCOPE_SIZE],
		  struct fault *fault) MUST_USE;

/*
 * When a process was started, in the kernel's ticks since boot. 1: there is none, or it ended and
 * has not been waited for. Negative: a fault.
 */
int machine_started(const char *root, int64_t process, int64_t *ret_started,
		    struct fault *fault) MUST_USE;

/* A set of ports. Zeroed memory is the empty one. */
struct port_set {
	uint8_t bits[PORT_COUNT / 8];
};

static inline bool port_set_has(const struct port_set *set, uint16_t port)
{
	return set->bits[port / 8] >> port % 8 & 1;
}

static inline void port_set_add(struct port_set *set, uint16_t port)
{
	set->bits[port / 8] |= (uint8_t)(1 << port % 8);
}

/* Adds the ports that the kernel picks for who asks for any; the usual ones where it is silent. */
int machine_ephemeral(const char *root, struct port_set *set, struct fault *fault) MUST_USE;

/*
 * Whether connections of TCP are left on the port, of a process that listened there or does. A
 * socket that is only bound is none.
 */
int machine_connected(const char *root, uint16_t port, bool *ret_connected,
		      struct fault *fault) MUST_USE;

/* Adds those that it has been told not to pick. */
int machine_reserved(const char *root, struct port_set *set, struct fault *fault) MUST_USE;

#endif
