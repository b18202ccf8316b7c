/* Lines of the access log: each of bounded length, and one line whatever a client sent. */
#ifndef PORTBOOK_HTTP_ACCESS_LOG_H
#define PORTBOOK_HTTP_ACCESS_LOG_H

#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

enum access_format {
	ACCESS_OFF,
	ACCESS_PLAIN, /* the Combined Log Format, and the seconds that it took */
	ACCESS_JSON,  /* an object */
	ACCESS_FORMAT_COUNT,
};

/* A request that was answered. */
struct access_entry {
	int64_t time; /* seconds since 1970 */
	struct slice peer, method, target;
	struct slice referer, agent; /* absent: not told */
	unsigned status;
	uint64_t bytes; /* of the body */
	uint64_t microseconds;
};

/* Adds a line with its line feed. Texts are shortened so that it goes through a pipe in one. */
void access_log_line(enum access_format format, const struct access_entry *entry,
		     struct strbuf *line);

#endif
