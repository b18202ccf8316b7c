/* Inside reserve/: whether a port is only kept by connections that fade away. */
#ifndef PORTBOOK_RESERVE_FADING_H
#define PORTBOOK_RESERVE_FADING_H

#include "reserve/reserve.h"

/*
 * Whether nothing but ended connections of TCP is left on the port, as far as the kernel tells;
 * what it does not tell counts as somebody's socket. 0 or a negative fault.
 */
int fading_look(const char *root, const struct reserve_request *request, uint16_t port,
		bool *ret_fading, struct fault *fault) MUST_USE;

#endif
