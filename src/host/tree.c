#include "host/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

int tree_open(const char *root, const char *path, int flags)
{
	char whole[PATH_MAX];
	size_t n = root ? strlen(root) : 0, rest = strlen(path) + 1;

	if (n + rest > sizeof(whole)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (n > 0)
		memcpy(whole, root, n);
	memcpy(whole + n, path, rest);
	return open(whole, O_RDONLY | O_CLOEXEC | flags);
}

bool tree_read(int folder, const char *path, char *space, size_t size, struct slice *ret_text)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t n = 0;
	ssize_t got = 0;

	if (fd < 0)
		return false;
	while (n < size && (got = read(fd, space + n, size - n)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		n += (size_t)got;
	}
	close(fd);
	if (got < 0)
		return false;
	*ret_text = (struct slice){space, n};
	return true;
}

bool tree_link(int folder, const char *path, char *space, size_t size, struct slice *ret_text)
{
	ssize_t n = readlinkat(folder, path, space, size);

	if (n < 0)
		return false;
	*ret_text = (struct slice){space, (size_t)n};
	return true;
}
