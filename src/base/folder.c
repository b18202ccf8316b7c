#define _GNU_SOURCE
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder_name {
	struct folder_name *next;
	char name[];
};

static int refused(struct fault *fault, const char *action)
{
	return fault_set(fault, FAULT_SYSTEM, "cannot %s: %s", action, strerror(errno));
}

static int not_empty(struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, "the folder is not empty");
}

/* 0 where nothing is at path, or a folder without anything in it. */
static int check_place(const char *path, struct fault *fault)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool empty = true;

	if (!folder && errno == ENOENT)
		return 0;
	if (!folder && errno == ENOTDIR)
		return fault_set(fault, FAULT_SYSTEM, "is a file, not a folder");
	if (!folder)
		return refused(fault, "open");
	while (empty && (entry = readdir(folder)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(folder);
	return empty ? 0 : not_empty(fault);
}

/* What path is a link to, without slashes at its end; NULL: errno says why not. */
static char *place_of(const char *path)
{
	char *place = realpath(path, NULL);
	size_t n;

	if (place || errno != ENOENT)
		return place;
	place = strdup(path);
	for (n = place ? strlen(place) : 0; n > 1 && place[n - 1] == '/'; n--)
		place[n - 1] = '\0';
	return place;
}

static mode_t usual_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0777 & ~mask;
}

int folder_draft_begin(struct folder_draft *draft, const char *path, struct fault *fault)
{
	int result = check_place(path, fault);

	*draft = (struct folder_draft){.fd = -1};
	if (result < 0)
		return result;
	draft->path = place_of(path);
	if (!draft->path)
		return errno == ENOMEM ? fault_memory(fault) : refused(fault, "open");
	if (asprintf(&draft->temporary, "%s.XXXXXX", draft->path) < 0) {
		draft->temporary = NULL;
		folder_draft_abort(draft);
		return fault_memory(fault);
	}
	hold_begin(&draft->hold);
	if (!mkdtemp(draft->temporary)) {
		result = refused(fault, "create");
		free(take(draft->temporary));
		folder_draft_abort(draft);
		return result;
	}
	draft->fd = open(draft->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (draft->fd < 0 || fchmod(draft->fd, usual_mode()) < 0) {
		result = refused(fault, "create");
		folder_draft_abort(draft);
	}
	return result;
}

int folder_draft_create(struct folder_draft *draft, const char *name, int *ret_fd,
			struct fault *fault)
{
	size_t n = strlen(name) + 1;
	struct folder_name *known = malloc(sizeof(*known) + n);
	int fd;

	if (!known)
		return fault_memory(fault);
	fd = openat(draft->fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		free(known);
		return refused(fault, "create");
	}
	memcpy(known->name, name, n);
	known->next = draft->names;
	draft->names = known;
	*ret_fd = fd;
	return 0;
}

static int sync_files(const struct folder_draft *draft)
{
	int result = 0;

	for (struct folder_name *known = draft->names; known && result == 0; known = known->next) {
		int fd = openat(draft->fd, known->name, O_RDONLY | O_CLOEXEC);

		result = fd < 0 ? -1 : fsync(fd);
		if (fd >= 0)
			close(fd);
	}
	return result == 0 ? fsync(draft->fd) : result;
}

/* A rename is durable once its folder is. */
static void sync_folder_of(char *path)
{
	char *slash = strrchr(path, '/');
	int fd;

	if (slash)
		slash[slash == path] = '\0';
	fd = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

int folder_draft_commit(struct folder_draft *draft, struct fault *fault)
{
	int result = 0;

	if (sync_files(draft) < 0)
		result = refused(fault, "write");
	else if (rename(draft->temporary, draft->path) < 0)
		result = errno == ENOTEMPTY || errno == EEXIST
				 ? not_empty(fault)
				 : refused(fault, "replace the folder");
	if (result == 0) {
		free(take(draft->temporary));
		sync_folder_of(draft->path);
	}
	folder_draft_abort(draft);
	return result;
}

void folder_draft_abort(struct folder_draft *draft)
{
	while (draft->names) {
		struct folder_name *known = draft->names;

		draft->names = known->next;
		if (draft->temporary)
			unlinkat(draft->fd, known->name, 0);
		free(known);
	}
	if (draft->fd >= 0)
		close(draft->fd);
	if (draft->temporary)
		rmdir(draft->temporary);
	free(draft->temporary);
	free(draft->path);
	hold_end(&draft->hold);
	*draft = (struct folder_draft){.fd = -1};
}
