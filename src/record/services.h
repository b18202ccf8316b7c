/*
 * What services(5) has of a registry: which names have lines, which of them stand on another's as
 * aliases, and the order of it all. By port and transport, lines in the order of their rows, and
 * after them those of aliases that found no line to stand on.
 */
#ifndef PORTBOOK_RECORD_SERVICES_H
#define PORTBOOK_RECORD_SERVICES_H

#include "record/row.h"

/* So many names are put in order without allocating: more than any real port has. */
enum { SERVICES_FEW = 64 };

/* A name of a port and transport. */
struct service {
	struct slice name;
	struct slice target; /* what the registry says that it is an alias of; absent: of nothing */
	uint32_t row, line;  /* line: the row whose line it stands on */
	uint16_t port;
	uint8_t transport;
	bool alias; /* it stands in the column of aliases */
	bool later; /* an alias with a line of its own, which comes after the names that are none */
};

/* Whether there is a line for a row with such ports, transport and state, whatever its name. */
bool services_has_line(const struct row *row);

/* Whether the name can be written: blanks end a name, # ends a line. */
bool services_can_write(struct slice name);

/*
 * Puts names, of which name, target, row, port and transport are filled in, into the order of
 * services(5), each once for a port and transport, and says where they stand. Each line's name is
 * followed by its aliases. Returns how many are left. Any order comes out the same.
 */
size_t services_order(struct service *services, size_t count);

#endif
