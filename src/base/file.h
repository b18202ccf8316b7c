/*
 * Files: read whole with a limit, mapped read-only, and replaced atomically. The only code that
 * calls open, mmap and rename.
 */
#ifndef PORTBOOK_BASE_FILE_H
#define PORTBOOK_BASE_FILE_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"

/* A file's content: read into memory, or mapped. Zeroed memory is a valid empty one. */
struct file_content {
	struct slice text;
	void *memory;  /* what file_content_done gives back */
	size_t mapped; /* bytes to unmap; 0: memory is from malloc */
};

void file_content_done(struct file_content *content);

/*
 * Reads a whole file, pipe or device; "-" is standard input. More than limit bytes is
 * FAULT_LIMIT, a folder or an unreadable file FAULT_SYSTEM, each with the reason in fault.
 */
int file_read(const char *path, size_t limit, struct file_content *ret_content,
	      struct fault *fault) MUST_USE;

/*
 * Maps a regular file read-only (shared pages, nothing read until touched). Returns 1, and no
 * fault, when the file does not begin with magic.
 */
int file_map(const char *path, struct slice magic, struct file_content *ret_content,
	     struct fault *fault) MUST_USE;

/* A file being written beside its destination; it takes the destination's place at commit. */
struct file_draft {
	int fd;
	char *path, *temporary; /* temporary: NULL for a device or pipe */
};

/*
 * What path is a link to is replaced, not the link. A device or pipe, which can not be replaced,
 * is written as it is.
 */
int file_draft_begin(struct file_draft *draft, const char *path, struct fault *fault) MUST_USE;
/* Flushed to disk and renamed into place. On failure nothing is left behind. */
int file_draft_commit(struct file_draft *draft, struct fault *fault) MUST_USE;
/* Removes an uncommitted draft; harmless after commit or on zeroed memory with fd -1. */
void file_draft_abort(struct file_draft *draft);

#endif
