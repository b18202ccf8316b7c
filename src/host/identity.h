/* What tells a process from another of its number, and whether it lives. */
#ifndef PORTBOOK_HOST_IDENTITY_H
#define PORTBOOK_HOST_IDENTITY_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"

/*
 * Room for the boot and the process namespace that a process's number and start count in: a UUID,
 * and what the link of a namespace reads.
 */
enum { HOST_SCOPE_SIZE = 96 };

/*
 * Below root, a folder that stands for /; NULL or "": of this machine. What it does not have is
 * empty in the scope. 0 or a negative fault.
 */
int host_scope(const char *root, char ret_scope[static HOST_SCOPE_SIZE],
	       struct fault *fault) MUST_USE;

enum host_life {
	HOST_LIVES,
	HOST_ENDED,  /* or it never was, or has not been waited for */
	HOST_HIDDEN, /* it lives, but may not be looked at (hidepid of proc(5)) */
};

/*
 * Whether there is such a process, and, of one that lives, when it was started, in the kernel's
 * ticks since boot. An enum host_life, or a negative fault.
 */
int host_process_started(const char *root, int64_t process, int64_t *ret_started,
			 struct fault *fault) MUST_USE;

#endif
