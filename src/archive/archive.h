/*
 * Files out of archives: tar and zip, and single files that are compressed (gzip, bzip2, xz, zstd).
 * The library is opened when an archive is.
 */
#ifndef PORTBOOK_ARCHIVE_ARCHIVE_H
#define PORTBOOK_ARCHIVE_ARCHIVE_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"

/* How many of a file's first bytes tell whether it is an archive. */
enum { ARCHIVE_HEAD = 512 };

/* Whether a file that begins so is one that archive_walk() reads. */
bool archive_is(struct slice head);

/*
 * Takes a file: its name in the archive (absent: of a single compressed file) and its bytes, which
 * the handler may take over, leaving the buffer empty. A result other than 0 ends the walk and is
 * what it returns.
 */
typedef int archive_handler(void *context, struct slice name, struct strbuf *bytes);

/*
 * Gives the regular files of an archive, in its order, to the handler. head is what was read of fd
 * already; the rest is read from there. A file of more than limit bytes is FAULT_LIMIT; a damaged
 * archive FAULT_MALFORMED, after what came before the damage; FAULT_SYSTEM: cannot be read, or
 * there is no library.
 */
int archive_walk(int fd, struct slice head, size_t limit, archive_handler *handler, void *context,
		 struct fault *fault) MUST_USE;

#endif
