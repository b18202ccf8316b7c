/* Sockets to listen on: of an address, at a path, or handed over by systemd. */
#ifndef PORTBOOK_HTTP_LISTEN_H
#define PORTBOOK_HTTP_LISTEN_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"

enum { LISTEN_FIRST_FD = 3 /* of those handed over: sd_listen_fds(3) */ };

/*
 * Listens on ADDRESS:PORT; an IPv6 address stands in brackets, * is any address, and port 0 any
 * free port. 0 or a negative fault.
 */
int listen_tcp(struct slice address, int *ret_fd, struct fault *fault) MUST_USE;

/* Listens at a path, taking the place of a socket there that nobody listens on any more. */
int listen_unix(const char *path, int *ret_fd, struct fault *fault) MUST_USE;

/* Makes a socket that was handed over usable. FAULT_SYSTEM where it is no socket that listens. */
int listen_inherited(int fd, struct fault *fault) MUST_USE;

/* Adds how the socket is reached: "http://127.0.0.1:8046/", or "unix:PATH". */
void listen_name(int fd, struct strbuf *name);

#endif
