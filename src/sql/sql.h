/*
 * The functions that SQL engines get, but for what is the engines': from arguments to answers.
 * Whatever is no port, no transport or no name of the registry has no answer, which is NULL in SQL.
 */
#ifndef PORTBOOK_SQL_SQL_H
#define PORTBOOK_SQL_SQL_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/slice.h"
#include "image/image.h"

/* The registry that is asked. Zeroed memory has no answers, and can be closed. */
struct sql_registry {
	struct image image;
	struct file_content file; /* of a path */
	bool current;		  /* the machine's, mapped */
};

/*
 * The image of a path; NULL: the machine's current one, else the built-in one, which is always
 * there. An image of a path is read once, to see whether it is whole.
 */
int sql_open(const char *path, struct sql_registry *ret_registry, struct fault *fault) MUST_USE;
void sql_close(struct sql_registry *registry);

/* "2026-08", the day or month of the edition; absent where the image has none. */
struct slice sql_edition(const struct image *image);

/* A transport by its name in any letter case, or by its IP protocol number. */
enum transport sql_transport(struct slice name);
enum transport sql_transport_numbered(int64_t protocol);

/* The name of a port: of several one that is no alias, then the first of the registry. */
struct slice sql_service_name(const struct image *image, int64_t port, enum transport transport);

/*
 * The first port of a name, in any letter case: of the first row of the registry that has one with
 * the transport. False: none.
 */
bool sql_service_port(const struct image *image, struct slice name, enum transport transport,
		      uint16_t *ret_port);

/* "assigned", "reserved" or "unassigned". */
struct slice sql_port_state(const struct image *image, int64_t port, enum transport transport);

#endif
