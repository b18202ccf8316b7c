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

static int beyond(size_t limit, struct fault *fault)
{
	return fault_set(fault, FAULT_LIMIT, "larger than the limit of %zu bytes", limit);
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
			return beyond(limit, fault);
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

static int open_to_read(const char *path, int *ret_fd, struct fault *fault)
{
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return *ret_fd < 0 ? refused(fault, "open") : 0;
}

int file_read(const char *path, size_t limit, struct file_content *ret_content, struct fault *fault)
{
	int fd, result;

	if (strcmp(path, "-") == 0)
		return read_fd(STDIN_FILENO, limit, ret_content, fault);
	result = open_to_read(path, &fd, fault);
	if (result < 0)
		return result;
	result = read_fd(fd, limit, ret_content, fault);
	close(fd);
	return result;
}

int file_read_found(const char *path, size_t limit, struct file_content *ret_content,
		    struct fault *fault)
{
	/* Opening a pipe to read it does not wait so, and reading regular files does not change. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK), result;
	struct stat status;

	if (fd < 0)
		return errno == ELOOP ? fault_set(fault, FAULT_SYSTEM, "is a link")
				      : refused(fault, "open");
	if (fstat(fd, &status) < 0)
		result = refused(fault, "read");
	else if (!S_ISREG(status.st_mode))
		result = fault_set(fault, FAULT_SYSTEM, "is no regular file");
	else
		result = read_fd(fd, limit, ret_content, fault);
	close(fd);
	return result;
}

/* A file's beginnings are read by few calls, and its pieces stay in a processor's cache. */
enum { PIECE = 60 * 1024 };

struct file_reader file_reader_of(struct slice text)
{
	return (struct file_reader){
		.size = text.n, .piece = PIECE, .fd = -1, .content = {.text = text}};
}

void file_reader_close(struct file_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	file_content_done(&reader->content);
	*reader = (struct file_reader){.fd = -1};
}

static int read_at_once(int fd, size_t limit, struct file_reader *reader, struct fault *fault)
{
	struct file_content content;
	int result = read_fd(fd, limit, &content, fault);

	if (result < 0)
		return result;
	*reader = file_reader_of(content.text);
	reader->content = content;
	return 0;
}

/* Some files of the system are regular and state no size: those are read as devices are. */
static int open_pieces(int fd, size_t limit, struct file_reader *reader, struct fault *fault)
{
	struct stat status;
	int result;

	if (fstat(fd, &status) < 0)
		return refused(fault, "read");
	if (!S_ISREG(status.st_mode) || status.st_size <= 0) {
		result = read_at_once(fd, limit, reader, fault);
		if (result == 0)
			close(fd);
		return result;
	}
	if ((size_t)status.st_size > limit)
		return beyond(limit, fault);
	*reader = (struct file_reader){.size = (size_t)status.st_size,
				       .piece = PIECE,
				       .fd = fd,
				       .modified = status.st_mtim};
	return 0;
}

int file_reader_open(const char *path, size_t limit, struct file_reader *ret_reader,
		     struct fault *fault)
{
	int fd, result;

	if (strcmp(path, "-") == 0)
		return read_at_once(STDIN_FILENO, limit, ret_reader, fault);
	result = open_to_read(path, &fd, fault);
	if (result < 0)
		return result;
	result = open_pieces(fd, limit, ret_reader, fault);
	if (result < 0)
		close(fd);
	return result;
}

void file_reader_skip(struct file_reader *reader, size_t n)
{
	reader->size -= n;
	reader->offset += n;
}

static int changed(struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, "changed while it was read");
}

static int read_at(int fd, size_t at, char *to, size_t n, struct fault *fault)
{
	while (n > 0) {
		ssize_t got = pread(fd, to, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return refused(fault, "read");
		if (got == 0)
			return changed(fault);
		to += got;
		at += (size_t)got;
		n -= (size_t)got;
	}
	return 0;
}

int file_reader_read(const struct file_reader *reader, size_t at, char *to, size_t n,
		     struct fault *fault)
{
	const char *memory = reader->content.text.p;

	if (!memory)
		return read_at(reader->fd, reader->offset + at, to, n, fault);
	memcpy(to, memory + reader->offset + at, n);
	return 0;
}

int file_reader_check(const struct file_reader *reader, struct fault *fault)
{
	struct stat status;

	if (reader->fd < 0)
		return 0;
	if (fstat(reader->fd, &status) < 0)
		return refused(fault, "read");
	if ((size_t)status.st_size != reader->offset + reader->size ||
	    status.st_mtim.tv_sec != reader->modified.tv_sec ||
	    status.st_mtim.tv_nsec != reader->modified.tv_nsec)
		return changed(fault);
	return 0;
}

int file_reader_whole(struct file_reader *reader, struct slice *ret_text, struct fault *fault)
{
	size_t n = reader->offset + reader->size;

	if (!reader->content.text.p && n > 0) {
		char *p = malloc(n);
		int result;

		if (!p)
			return fault_memory(fault);
		pages_expect(p, n);
		result = read_at(reader->fd, 0, p, n, fault);
		if (result < 0) {
			free(p);
			return result;
		}
		reader->content = (struct file_content){{p, n}, p, 0};
	}
	*ret_text = slice_skip(reader->content.text, reader->offset);
	return 0;
}

/* 1 or, where it does not begin so, 0; or a negative fault. */
static int begins_with(int fd, struct slice magic, struct fault *fault)
{
	char head[64];
	ssize_t got = 0;

	if (magic.n <= sizeof(head))
		got = pread(fd, head, magic.n, 0);
	if (got < 0)
		return refused(fault, "read");
	return slice_eq((struct slice){head, (size_t)got}, magic);
}

static int map_fd(int fd, struct slice magic, struct file_content *content, struct fault *fault)
{
	struct stat status;
	void *memory;
	size_t n;
	int begins;

	if (fstat(fd, &status) < 0)
		return refused(fault, "read");
	begins = S_ISREG(status.st_mode) ? begins_with(fd, magic, fault) : 0;
	if (begins <= 0)
		return begins < 0 ? begins : 1;
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
	if (!exists && lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
		return fault_set(fault, FAULT_SYSTEM, "is a link that leads nowhere");
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
	hold_begin(&draft->hold);
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
	hold_end(&draft->hold);
	*draft = (struct file_draft){.fd = -1};
}
