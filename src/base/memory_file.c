#define _GNU_SOURCE /* memfd_create() */
#include "base/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static bool write_all(int fd, struct slice text)
{
	while (text.n > 0) {
		ssize_t written = write(fd, text.p, text.n);

		if (written > 0)
			text = slice_skip(text, (size_t)written);
		else if (written == 0 || errno != EINTR)
			return false;
	}
	return true;
}

/* False: there can be none. */
static bool make(struct slice text, struct memory_file *ret_file)
{
	int fd = text.n > 0 ? memfd_create("portbook", MFD_CLOEXEC) : -1;
	void *bytes = MAP_FAILED;

	if (fd < 0)
		return false;
	if (write_all(fd, text))
		bytes = mmap(NULL, text.n, PROT_READ, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED) {
		close(fd);
		return false;
	}
	*ret_file = (struct memory_file){{bytes, text.n}, fd};
	return true;
}

void memory_file_make(struct memory_file *ret_file, struct out *out)
{
	if (make(out_slice(out), ret_file)) {
		out_done(out);
		return;
	}
	*ret_file = (struct memory_file){out_slice(out), -1};
	*out = (struct out){.fd = -1};
}

void memory_file_done(struct memory_file *file)
{
	if (file->bytes.p && file->fd >= 0) {
		munmap((void *)file->bytes.p, file->bytes.n);
		close(file->fd);
	} else {
		free((void *)file->bytes.p);
	}
	*file = (struct memory_file){};
}

bool memory_file_share(const struct memory_file *file, struct slice text, int *ret_fd,
		       uint64_t *ret_offset)
{
	uintptr_t start = (uintptr_t)file->bytes.p, part = (uintptr_t)text.p;
	int fd;

	if (!file->bytes.p || file->fd < 0 || part < start || part - start > file->bytes.n ||
	    text.n > file->bytes.n - (part - start))
		return false;
	fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return false;
	*ret_fd = fd;
	*ret_offset = part - start;
	return true;
}
