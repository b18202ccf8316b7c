/* Port numbers and their three ranges (RFC 6335, section 6). */
#ifndef PORTBOOK_RECORD_PORT_H
#define PORTBOOK_RECORD_PORT_H

#include <stdint.h>

#include "base/slice.h"

enum {
	PORT_MAX = 65535,
	PORT_USER_FIRST = 1024,
	PORT_DYNAMIC_FIRST = 49152,
	PORT_COUNT = PORT_MAX + 1,
};

enum port_range {
	PORT_RANGE_SYSTEM,  /* 0-1023 */
	PORT_RANGE_USER,    /* 1024-49151 */
	PORT_RANGE_DYNAMIC, /* 49152-65535 */
	PORT_RANGE_COUNT,
};

enum port_range port_range_of(uint16_t port);

/* "system", "user", "dynamic". Static. */
struct slice port_range_name(enum port_range range);

/* "System Ports (0-1023)", ... Static. */
struct slice port_range_title(enum port_range range);

/* How ports of the range are assigned, as a sentence, with its section. Static. */
struct slice port_range_procedure(enum port_range range);

/*
 * The edges of the ranges (0, 1023, 1024 and 49151) are Reserved for every transport, also for
 * one whose rows do not list them, so that a range can be extended (RFC 6335, section 6).
 */
bool port_is_edge(uint16_t port);

/* "N" or "N-M" with N <= M <= 65535. The outputs are written only on success. */
bool port_parse(struct slice text, uint16_t *ret_first, uint16_t *ret_last);

#endif
