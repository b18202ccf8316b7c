#define _GNU_SOURCE
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pages.h"

static int refused(struct fault *fault, const char *action)
{
	return fault_set(fault, FAULT_SYSTEM, "cannot %s: %s", action, strerror(errno));
}

void file_content_done(struct file_content *content)
{
	if (content->mapped)
		munmap(content->memory, content->mapped);
	else
		free(content->memory);
	*content = (struct file_content){};
}

/* Room for the size that the system states and one byte, so that the end shows without growing. */
static size_t first_size(const struct stat *status, size_t limit)
{
	size_t size = 64 * 1024;

	if (S_ISREG(status->st_mode) && status->st_size > 0)
		size = (size_t)status->st_size + 1;
	return size > limit ? limit + 1 : size;
}

static int read_fd(int fd, size_t limit, struct file_content *content, struct fault *fault)
{
	struct stat status;
	size_t n = 0, size;
	char *p;

	if (fstat(fd, &status) < 0)
		return refused(fault, "read");
	if (S_ISDIR(status.st_mode))
		return fault_set(fault, FAULT_SYSTEM, "is a folder, not a file");
	size = first_size(&status, limit);
	p = malloc(size);
	if (p)
		pages_expect(p, size);
	while (p) {
		ssize_t got = read(fd, p + n, size - n);
		char *grown;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(p);
			return refused(fault, "read");
		}
		n += (size_t)got;
		if (n > limit) {
			free(p);
			return fault_set(fault, FAULT_LIMIT, "larger than the limit of %zu bytes",
					 limit);
		}
		if (got == 0) {
			*content = (struct file_content){{p, n}, p, 0};
			return 0;
		}
		if (n < size)
			continue;
		size = size > limit / 2 ? limit + 1 : size * 2;
		grown = realloc(p, size);
		if (!grown)
			free(p);
		p = grown;
	}
	return fault_memory(fault);
}

int file_read(const char *path, size_t limit, struct file_content *ret_content, struct fault *fault)
{
	int fd, result;

	if (strcmp(path, "-") == 0)
		return read_fd(STDIN_FILENO, limit, ret_content, fault);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return refused(fault, "open");
	result = read_fd(fd, limit, ret_content, fault);
	close(fd);
	return result;
}

static bool begins_with(int fd, struct slice magic)
{
	char head[64];

	return magic.n <= sizeof(head) && pread(fd, head, magic.n, 0) == (ssize_t)magic.n &&
	       memcmp(head, magic.p, magic.n) == 0;
}

static int map_fd(int fd, struct slice magic, struct file_content *content, struct fault *fault)
{
	struct stat status;
	void *memory;
	size_t n;

	if (fstat(fd, &status) < 0)
		return refused(fault, "read");
	if (!S_ISREG(status.st_mode) || !begins_with(fd, magic))
		return 1;
	n = (size_t)status.st_size;
	memory = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return refused(fault, "map");
	*content = (struct file_content){{memory, n}, memory, n};
	return 0;
}

int file_map(const char *path, struct slice magic, struct file_content *ret_content,
	     struct fault *fault)
{
	int fd, result;

	if (strcmp(path, "-") == 0)
		return 1;
	/* Not blocking: opening a pipe must not wait for a writer before file_read does. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return refused(fault, "open");
	result = map_fd(fd, magic, ret_content, fault);
	close(fd);
	return result;
}

/* What is to be replaced, links followed; the name itself where there is nothing yet. */
static char *destination(const char *path, bool exists)
{
	return exists ? realpath(path, NULL) : strdup(path);
}

static mode_t usual_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

int file_draft_begin(struct file_draft *draft, const char *path, struct fault *fault)
{
	struct stat status;
	bool exists = stat(path, &status) == 0;

	*draft = (struct file_draft){.fd = -1};
	if (exists && !S_ISREG(status.st_mode)) {
		draft->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return draft->fd < 0 ? refused(fault, "write") : 0;
	}
	draft->path = destination(path, exists);
	if (!draft->path || asprintf(&draft->temporary, "%s.XXXXXX", draft->path) < 0) {
		draft->temporary = NULL;
		file_draft_abort(draft);
		return fault_memory(fault);
	}
	draft->fd = mkostemp(draft->temporary, O_CLOEXEC);
	if (draft->fd < 0) {
		int result = refused(fault, "create");

		free(take(draft->temporary));
		file_draft_abort(draft);
		return result;
	}
	/* mkostemp made it private; it gets the permissions of what it replaces, or the usual. */
	if (fchmod(draft->fd, exists ? status.st_mode & 0777 : usual_mode()) < 0) {
		int result = refused(fault, "create");

		file_draft_abort(draft);
		return result;
	}
	return 0;
}

/* A rename is durable once its folder is. Folders that cannot be opened are left to the system. */
static void sync_folder_of(const char *path)
{
	char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;
	int fd;

	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

int file_draft_commit(struct file_draft *draft, struct fault *fault)
{
	int result = 0, fd = draft->fd;

	draft->fd = -1;
	if (draft->temporary && fsync(fd) < 0)
		result = refused(fault, "write");
	if (close(fd) < 0 && result == 0)
		result = refused(fault, "write");
	if (result == 0 && draft->temporary && rename(draft->temporary, draft->path) < 0)
		result = refused(fault, "replace the file");
	if (result == 0 && draft->temporary) {
		free(take(draft->temporary));
		sync_folder_of(draft->path);
	}
	file_draft_abort(draft);
	return result;
}

void file_draft_abort(struct file_draft *draft)
{
	if (draft->fd >= 0)
		close(draft->fd);
	if (draft->temporary)
		unlink(draft->temporary);
	free(draft->temporary);
	free(draft->path);
	*draft = (struct file_draft){.fd = -1};
}
