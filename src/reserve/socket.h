/* Inside reserve/: sockets that hold ports. */
#ifndef PORTBOOK_RESERVE_SOCKET_H
#define PORTBOOK_RESERVE_SOCKET_H

#include "reserve/reserve.h"

/*
 * Binds the port as the request says. fading: beside connections that fade away on it, which else
 * keep it from everybody. 0 and the socket; 1: it cannot be had, and errno says why; or a negative
 * fault.
 */
int socket_bind(const struct reserve_request *request, uint16_t port, bool fading, int *ret_fd,
		struct fault *fault) MUST_USE;

#endif
