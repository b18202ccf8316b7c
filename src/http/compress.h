/* gzip (RFC 1952) by zlib, whose library is opened when the first body is compressed. */
#ifndef PORTBOOK_HTTP_COMPRESS_H
#define PORTBOOK_HTTP_COMPRESS_H

#include "base/attr.h"
#include "base/out.h"

/*
 * The text compressed, in memory that is the caller's; the same bytes for the same text. 0,
 * FAULT_MEMORY, or FAULT_SYSTEM where the library is not there. From any number of threads.
 */
int compress_gzip(struct slice text, struct out *ret_packed) MUST_USE;

#endif
