/* Inside reserve/: what the machine says: which process is which, and what is left of connections.
 */
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

/*
 * Whether connections of TCP are left on the port, of a process that listened there or does. A
 * socket that is only bound is none.
 */
int machine_connected(const char *root, uint16_t port, bool *ret_connected,
		      struct fault *fault) MUST_USE;

#endif
