/* What there is to say of a process: proc/PID. */
#ifndef PORTBOOK_HOST_DESCRIBE_H
#define PORTBOOK_HOST_DESCRIBE_H

#include "host/processes.h"

/*
 * Fills in all but pid and other_network from the files in a process's folder, as far as they can
 * be read. False: no memory.
 */
bool describe_process(int folder, struct arena *arena, struct host_process *process) MUST_USE;

#endif
