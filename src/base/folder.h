/* Folders of files that appear whole or not at all. */
#ifndef PORTBOOK_BASE_FOLDER_H
#define PORTBOOK_BASE_FOLDER_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/hold.h"

/* A folder being filled beside its place, which it takes at commit. */
struct folder_draft {
	int fd;
	char *path, *temporary;
	struct folder_name *names; /* of the files in it */
	struct hold hold;	   /* while temporary is there */
};

/*
 * FAULT_SYSTEM where something stands at path already that is not an empty folder, or where
 * nothing can be created beside it.
 */
int folder_draft_begin(struct folder_draft *draft, const char *path, struct fault *fault) MUST_USE;

/* Creates a file for reading and writing. Its descriptor is the caller's to close. */
int folder_draft_create(struct folder_draft *draft, const char *name, int *ret_fd,
			struct fault *fault) MUST_USE;

/* Flushed to disk, with all files, and renamed into place. On failure nothing is left behind. */
int folder_draft_commit(struct folder_draft *draft, struct fault *fault) MUST_USE;

/* Removes an uncommitted draft and its files; harmless after commit. */
void folder_draft_abort(struct folder_draft *draft);

#endif
