#define _GNU_SOURCE
#include "failing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_uint calls, fail_at, first;
static atomic_bool armed, all_after, interrupting;

void failing_arm(unsigned n, bool all)
{
	calls = 0;
	first = FAILING_NONE;
	fail_at = n;
	all_after = all;
	armed = true;
}

enum failing failing_disarm(void)
{
	armed = false;
	return (enum failing)first;
}

void failing_interrupt(bool interrupt)
{
	interrupting = interrupt;
	calls = 0;
}

static bool fails(enum failing kind)
{
	unsigned n;

	if (!armed)
		return false;
	n = ++calls;
	if (n < fail_at || (n > fail_at && !all_after))
		return false;
	if (n == fail_at)
		first = kind;
	return true;
}

static bool interrupted(size_t *n)
{
	if (!interrupting)
		return false;
	if (++calls % 2) {
		errno = EINTR;
		return true;
	}
	*n = *n > 0;
	return false;
}

/* The wrapped functions, by what they give back where they fail. */
#define WRAP(type, name, kind, failed, error, parameters, arguments)                               \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		if (fails(kind)) {                                                                 \
			errno = error;                                                             \
			return failed;                                                             \
		}                                                                                  \
		return __real_##name arguments;                                                    \
	}

WRAP(void *, malloc, FAILING_MEMORY, NULL, ENOMEM, (size_t n), (n))
WRAP(void *, calloc, FAILING_MEMORY, NULL, ENOMEM, (size_t count, size_t n), (count, n))
WRAP(void *, realloc, FAILING_MEMORY, NULL, ENOMEM, (void *p, size_t n), (p, n))
WRAP(void *, reallocarray, FAILING_MEMORY, NULL, ENOMEM, (void *p, size_t count, size_t n),
     (p, count, n))
WRAP(DIR *, fdopendir, FAILING_MEMORY, NULL, ENOMEM, (int fd), (fd))
WRAP(char *, strdup, FAILING_MEMORY, NULL, ENOMEM, (const char *text), (text))
WRAP(char *, realpath, FAILING_MEMORY, NULL, ENOMEM, (const char *path, char *to), (path, to))
WRAP(int, fsync, FAILING_SYSTEM, -1, EIO, (int fd), (fd))
WRAP(int, rename, FAILING_SYSTEM, -1, EACCES, (const char *from, const char *to), (from, to))
WRAP(int, fchmod, FAILING_SYSTEM, -1, EPERM, (int fd, mode_t mode), (fd, mode))
WRAP(int, mkostemp64, FAILING_SYSTEM, -1, EACCES, (char *path, int flags), (path, flags))
WRAP(int, mkostemp, FAILING_SYSTEM, -1, EACCES, (char *path, int flags), (path, flags))
WRAP(int, fstat64, FAILING_SYSTEM, -1, EIO, (int fd, struct stat *to), (fd, to))
WRAP(int, fstat, FAILING_SYSTEM, -1, EIO, (int fd, struct stat *to), (fd, to))
WRAP(void *, mmap, FAILING_SYSTEM, MAP_FAILED, ENODEV,
     (void *at, size_t n, int protection, int flags, int fd, off_t offset),
     (at, n, protection, flags, fd, offset))
WRAP(void *, mmap64, FAILING_SYSTEM, MAP_FAILED, ENODEV,
     (void *at, size_t n, int protection, int flags, int fd, off_t offset),
     (at, n, protection, flags, fd, offset))
WRAP(int, pthread_create, FAILING_THREAD, EAGAIN, EAGAIN,
     (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context),
     (thread, attributes, run, context))

ssize_t __real_read(int fd, void *to, size_t n);
ssize_t __wrap_read(int fd, void *to, size_t n);
ssize_t __wrap_read(int fd, void *to, size_t n)
{
	if (fails(FAILING_SYSTEM)) {
		errno = EIO;
		return -1;
	}
	return interrupted(&n) ? -1 : __real_read(fd, to, n);
}

#define WRAP_PREAD(name)                                                                           \
	ssize_t __real_##name(int fd, void *to, size_t n, off_t at);                               \
	ssize_t __wrap_##name(int fd, void *to, size_t n, off_t at);                               \
	ssize_t __wrap_##name(int fd, void *to, size_t n, off_t at)                                \
	{                                                                                          \
		if (fails(FAILING_SYSTEM)) {                                                       \
			errno = EIO;                                                               \
			return -1;                                                                 \
		}                                                                                  \
		return interrupted(&n) ? -1 : __real_##name(fd, to, n, at);                        \
	}

WRAP_PREAD(pread)
WRAP_PREAD(pread64)

ssize_t __real_write(int fd, const void *from, size_t n);
ssize_t __wrap_write(int fd, const void *from, size_t n);
ssize_t __wrap_write(int fd, const void *from, size_t n)
{
	if (fails(FAILING_SYSTEM)) {
		errno = ENOSPC;
		return -1;
	}
	return interrupted(&n) ? -1 : __real_write(fd, from, n);
}

/* Closes what it can not close, as the system does. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	int result = __real_close(fd);

	if (!fails(FAILING_SYSTEM))
		return result;
	errno = EIO;
	return -1;
}

/* The mode is asked for only where there is one. */
#define WRAP_OPEN(name)                                                                            \
	int __real_##name(const char *path, int flags, ...);                                       \
	int __wrap_##name(const char *path, int flags, ...);                                       \
	int __wrap_##name(const char *path, int flags, ...)                                        \
	{                                                                                          \
		if (fails(FAILING_SYSTEM)) {                                                       \
			errno = EMFILE;                                                            \
			return -1;                                                                 \
		}                                                                                  \
		return __real_##name(path, flags);                                                 \
	}

WRAP_OPEN(open)
WRAP_OPEN(open64)

int __wrap_asprintf(char **to, const char *format, ...);
int __wrap_asprintf(char **to, const char *format, ...)
{
	va_list arguments;
	int result;

	if (fails(FAILING_MEMORY))
		return -1;
	va_start(arguments, format);
	result = vasprintf(to, format, arguments);
	va_end(arguments);
	return result;
}
