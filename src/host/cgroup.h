/* What a process belongs to, as proc/PID/cgroup tells it (cgroups(7)): its unit, its container. */
#ifndef PORTBOOK_HOST_CGROUP_H
#define PORTBOOK_HOST_CGROUP_H

#include "base/slice.h"

/* Borrowed from the text; absent: none. */
struct cgroup {
	struct slice unit; /* "nginx.service", of systemd; the innermost, escaped as it is there */
	struct slice kind; /* of the container: docker, podman, kubernetes, lxc, nspawn. Static */
	struct slice container; /* its id, or its name */
};

/* Total on any text. */
struct cgroup cgroup_parse(struct slice text);

#endif
