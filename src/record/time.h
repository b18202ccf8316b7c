/* Moments as the desk writes them: YYYY-MM-DDThh:mm:ssZ, in UTC. Their order is that of bytes. */
#ifndef PORTBOOK_RECORD_TIME_H
#define PORTBOOK_RECORD_TIME_H

#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum { TIME_LENGTH = 20 };

/* Seconds since 1970-01-01T00:00:00Z. False for what is no such moment; leap seconds are none. */
bool time_parse(struct slice text, int64_t *ret_seconds) MUST_USE;

/* The moment's text, in a space of that length. Moments past the year 9999 are its last one. */
struct slice time_write(int64_t seconds, char space[static TIME_LENGTH]);

#endif
