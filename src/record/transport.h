/* Transport protocols of the registry (RFC 6335, section 6): TCP, UDP, SCTP and DCCP. */
#ifndef PORTBOOK_RECORD_TRANSPORT_H
#define PORTBOOK_RECORD_TRANSPORT_H

#include "base/slice.h"

enum transport {
	TRANSPORT_TCP,
	TRANSPORT_UDP,
	TRANSPORT_SCTP,
	TRANSPORT_DCCP,
	TRANSPORT_COUNT,
	TRANSPORT_NONE = TRANSPORT_COUNT, /* a row that names none */
};

/* "tcp", "udp", "sctp", "dccp"; empty for TRANSPORT_NONE. Static. */
struct slice transport_name(enum transport transport);

/* Without regard to case. False where the text names no transport of the registry. */
bool transport_parse(struct slice text, enum transport *ret_transport);

#endif
