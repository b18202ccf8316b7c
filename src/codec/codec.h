/*
 * Compressing texts, each on its own or as what differs from another one, and digests.
 *
 * A packed text is one Zstandard frame (RFC 8878) with a checksum and the text's size, which the
 * program zstd reads as well: `zstd -d`, with `--patch-from=BASE --long=31` where there is a base.
 * The library is opened when a text is packed or unpacked. Everything here may be called from
 * several threads at once.
 */
#ifndef PORTBOOK_CODEC_CODEC_H
#define PORTBOOK_CODEC_CODEC_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum {
	CODEC_LEVEL_MIN = 1,
	CODEC_LEVEL_MAX = 19,
	/*
	 * Editions beside their predecessors: 800 bytes for 4 MB, 9 ms to pack and 1 ms to unpack.
	 * Higher levels save 10 % and cost many times that.
	 */
	CODEC_LEVEL_PATCH = 3,
};

/*
 * Adds the text, packed, to *packed. base is what it can be told from best, and is needed again to
 * unpack it; absent (or empty): nothing is. The level says how much time to take for how little
 * space, CODEC_LEVEL_MIN to CODEC_LEVEL_MAX. The same input gives the same bytes with the same
 * library.
 * 0, FAULT_MEMORY, FAULT_LIMIT (more than *packed may hold, or than 1 GiB of text and base) or
 * FAULT_SYSTEM (no library); then *packed holds what it did before.
 */
int codec_pack(struct slice text, struct slice base, int level, struct strbuf *packed,
	       struct fault *fault) MUST_USE;

/*
 * Adds to *text what codec_pack() was given, with the same base. What is unpacked is right, or
 * refused: 0, FAULT_MALFORMED (damaged, cut off, followed by something, or of another base),
 * FAULT_LIMIT (a text of more than limit bytes, told before it is unpacked, or more than *text may
 * hold), FAULT_MEMORY or FAULT_SYSTEM (no library); then *text holds what it did before.
 */
int codec_unpack(struct slice packed, struct slice base, size_t limit, struct strbuf *text,
		 struct fault *fault) MUST_USE;

/* SHA-256 (FIPS 180-4). */
enum { CODEC_SHA256_SIZE = 32 };

void codec_sha256(struct slice text, unsigned char ret_digest[static CODEC_SHA256_SIZE]);

/* The same of a text that comes in pieces: begin, add, ..., end. Nothing is to be given back. */
struct codec_sha256 {
	uint64_t state[14];
};

void codec_sha256_begin(struct codec_sha256 *sha256);
void codec_sha256_add(struct codec_sha256 *sha256, struct slice piece);
void codec_sha256_end(struct codec_sha256 *sha256,
		      unsigned char ret_digest[static CODEC_SHA256_SIZE]);

/* The digest in lower case hexadecimal digits, written to the space and borrowed from it. */
struct slice codec_sha256_hex(const unsigned char digest[static CODEC_SHA256_SIZE],
			      char space[static 2 * CODEC_SHA256_SIZE]);

#endif
