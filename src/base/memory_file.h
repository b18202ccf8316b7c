/*
 * Bytes that are sent often, as a file in memory: the kernel sends those of a file
 * without copying them. Where there can be no such file they are in memory of the program's own.
 */
#ifndef PORTBOOK_BASE_MEMORY_FILE_H
#define PORTBOOK_BASE_MEMORY_FILE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/out.h"

/* Zeroed memory is one without bytes. */
struct memory_file {
	struct slice bytes;
	int fd; /* -1: none, and the bytes are malloc's */
};

/* Takes over what was written, which was without an error. */
void memory_file_make(struct memory_file *ret_file, struct out *out);
void memory_file_done(struct memory_file *file);

/*
 * Where a part of the file's bytes begins in it, and a descriptor of the caller's own. False: the
 * text is no part of it, or there is no descriptor.
 */
bool memory_file_share(const struct memory_file *file, struct slice text, int *ret_fd,
		       uint64_t *ret_offset) MUST_USE;

#endif
