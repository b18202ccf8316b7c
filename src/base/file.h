/*
 * Files: read whole with a limit or in pieces, mapped read-only, and replaced atomically. Folders
 * are base/folder.h's.
 */
#ifndef PORTBOOK_BASE_FILE_H
#define PORTBOOK_BASE_FILE_H

#include <time.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/hold.h"
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
 * The same of a regular file alone, where somebody else may have put what is there: a link, a pipe
 * or a device is FAULT_SYSTEM, and none is followed or waited for. "-" is a file of that name.
 */
int file_read_found(const char *path, size_t limit, struct file_content *ret_content,
		    struct fault *fault) MUST_USE;

/*
 * Maps a regular file read-only (shared pages, nothing read until touched). Returns 1, and no
 * fault, when the file does not begin with magic.
 */
int file_map(const char *path, struct slice magic, struct file_content *ret_content,
	     struct fault *fault) MUST_USE;

/*
 * Bytes that are read by their offset: of a regular file, which is not held in memory, or memory.
 * Reading changes nothing in it: threads may do so at the same time.
 */
struct file_reader {
	size_t size;   /* bytes there are: of a file, when it was opened */
	size_t offset; /* of the first of them in the file */
	size_t piece;  /* bytes that are best read at a time */
	int fd;	       /* -1: none */
	struct timespec modified;
	struct file_content content; /* where text.p is not NULL, the bytes, offset and all */
};

/*
 * Opens a file to be read in pieces. Pipes, devices and "-", standard input, are read into memory
 * at once. Faults are those of file_read(); nothing is read of a file beyond the limit.
 */
int file_reader_open(const char *path, size_t limit, struct file_reader *ret_reader,
		     struct fault *fault) MUST_USE;
void file_reader_close(struct file_reader *reader);

/* A reader of memory, which stays the caller's. */
struct file_reader file_reader_of(struct slice text);

/* Leaves out the first n bytes, of which there must be so many: offsets count from behind them. */
void file_reader_skip(struct file_reader *reader, size_t n);

/*
 * The n bytes from an offset on, which together must not exceed the size. A file that has become
 * shorter is FAULT_SYSTEM.
 */
int file_reader_read(const struct file_reader *reader, size_t at, char *to, size_t n,
		     struct fault *fault) MUST_USE;

/* Whether the file is what it was when it was opened: 0, or FAULT_SYSTEM. */
int file_reader_check(const struct file_reader *reader, struct fault *fault) MUST_USE;

/* All bytes, which then are in memory until the reader is closed. */
int file_reader_whole(struct file_reader *reader, struct slice *ret_text,
		      struct fault *fault) MUST_USE;

/* A file being written beside its destination; it takes the destination's place at commit. */
struct file_draft {
	int fd;
	char *path, *temporary; /* temporary: NULL for a device or pipe */
	struct hold hold;	/* while temporary is there */
};

/*
 * What path is a link to is replaced, not the link; one that leads nowhere is refused. A device or
 * pipe, which can not be replaced, is written as it is.
 */
int file_draft_begin(struct file_draft *draft, const char *path, struct fault *fault) MUST_USE;
/* Flushed to disk and renamed into place. On failure nothing is left behind. */
int file_draft_commit(struct file_draft *draft, struct fault *fault) MUST_USE;
/* Removes an uncommitted draft; harmless after commit or on zeroed memory with fd -1. */
void file_draft_abort(struct file_draft *draft);

#endif
