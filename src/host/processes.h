/*
 * Which processes have the sockets: one pass over the descriptors of all processes that may be
 * looked at. Whoever may not look at others sees his own; how much was not seen is counted.
 */
#ifndef PORTBOOK_HOST_PROCESSES_H
#define PORTBOOK_HOST_PROCESSES_H

#include "base/arena.h"
#include "host/sockets.h"

/*
 * A process that has one. Absent: not to be seen. Texts are UTF-8 without control characters, for
 * which others stand.
 */
struct host_process {
	uint32_t pid, uid;
	struct slice user;	   /* the name of uid; absent: it has none */
	struct slice command;	   /* as the kernel has it: at most 15 bytes */
	struct slice program;	   /* the name of the file it runs, else of its first argument */
	struct slice command_line; /* the beginning of it */
	struct slice folder;	   /* the current one */
	struct slice unit;	   /* of systemd */
	struct slice container;	   /* "docker 0123456789ab" */
	bool other_network;	   /* it is in another network namespace than this program */
};

/* A process has a socket, which may have several. */
struct host_owner {
	uint32_t socket, process; /* indices */
};

struct host_processes {
	struct arena arena;
	struct host_process *all; /* by pid */
	size_t count, size;
	struct host_owner *owners; /* by socket, then by pid */
	size_t owner_count, owner_size;
	uint32_t *first;   /* of each socket: its first owner; one more at the end */
	size_t unreadable; /* processes whose descriptors may not be looked at */
	size_t foreign;	   /* processes that are seen to be in other network namespaces */
	size_t networks;   /* how many of these */
	bool no_proc;	   /* proc is not there, or may not be read: nothing was seen */
};

/*
 * Reads them below root (NULL: of this machine). What cannot be seen is no fault. 0 or
 * FAULT_MEMORY.
 */
int host_processes_read(const char *root, const struct host_sockets *sockets,
			struct host_processes *ret_processes, struct fault *fault) MUST_USE;
void host_processes_done(struct host_processes *processes);

/* The owners of a socket, of which there are *ret_count. */
const struct host_owner *host_owners(const struct host_processes *processes, size_t socket,
				     size_t *ret_count);

/* The name of a user in the arena; absent: it has none. False: no memory. */
bool host_user_name(struct arena *arena, uint32_t uid, struct slice *ret_name) MUST_USE;

#endif
