#include "current/current.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool others_may_write(const struct stat *status)
{
	return (status->st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

/* Whoever can replace the file may say what is in it: the folder decides whom to trust. */
static bool is_trusted(const struct stat *folder, const struct stat *file)
{
	return S_ISREG(file->st_mode) && !others_may_write(folder) && !others_may_write(file) &&
	       (file->st_uid == 0 || file->st_uid == folder->st_uid);
}

static bool map(int fd, size_t size, struct image *ret_image)
{
	void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (bytes == MAP_FAILED)
		return false;
	if (image_open(ret_image, (struct slice){bytes, size}, NULL) == 0)
		return true;
	munmap(bytes, size);
	return false;
}

/* Of the folder that is open, so that what was looked at is what is opened. */
static bool open_in(int folder, struct image *ret_image)
{
	struct stat of_folder, of_file;
	bool good;
	/* Not to wait for a pipe's other end, nor to follow a link out of the folder. */
	int fd = openat(folder, CURRENT_IMAGE,
			O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return false;
	good = fstat(folder, &of_folder) == 0 && fstat(fd, &of_file) == 0 &&
	       is_trusted(&of_folder, &of_file) && of_file.st_size > 0 &&
	       map(fd, (size_t)of_file.st_size, ret_image);
	close(fd);
	return good;
}

void current_close(struct image *image)
{
	munmap((void *)(uintptr_t)image->bytes.p, image->bytes.n);
	*image = (struct image){};
}

bool current_open(const char *folder, struct image *ret_image)
{
	int fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	bool good = fd >= 0 && open_in(fd, ret_image);

	if (fd >= 0)
		close(fd);
	return good;
}
