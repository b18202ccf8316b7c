/* Small files of the kernel, below the folder that stands for /. */
#ifndef PORTBOOK_HOST_TREE_H
#define PORTBOOK_HOST_TREE_H

#include "base/attr.h"
#include "base/slice.h"
#include "base/strbuf.h"

/* Opens root (NULL: /) + path, as "/proc/net/tcp". A descriptor, or -1 with errno. */
int tree_open(const char *root, const char *path, int flags) MUST_USE;

/*
 * As much of a file beside an open folder as fits into size bytes. False, and errno, where it
 * cannot be read.
 */
bool tree_read(int folder, const char *path, char *space, size_t size,
	       struct slice *ret_text) MUST_USE;

/* The same of a link's destination. */
bool tree_link(int folder, const char *path, char *space, size_t size,
	       struct slice *ret_text) MUST_USE;

#endif
