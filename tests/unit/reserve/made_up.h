/* A made-up machine: a folder that stands for /, and processes in it. Behind testing.h. */
#ifndef PORTBOOK_TESTS_MADE_UP_H
#define PORTBOOK_TESTS_MADE_UP_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MACHINE "machine"

/* Writes a file of the machine, and makes the folders above it; NULL: removes it. */
static inline void set_file(const char *path, const char *text)
{
	char whole[400];
	size_t n = text ? strlen(text) : 0;
	int fd;

	assert_true(snprintf(whole, sizeof(whole), MACHINE "%s", path) < (int)sizeof(whole));
	if (!text) {
		(void)unlink(whole);
		return;
	}
	for (char *slash = whole; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(mkdir(whole, 0700) == 0 || errno == EEXIST);
		*slash = '/';
	}
	fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, text, n) == (ssize_t)n);
	close(fd);
}

/* A process that was started then; 0: it is gone. */
static inline void set_process(int process, char state, long started)
{
	char path[80], text[200];

	snprintf(path, sizeof(path), "/proc/%d/stat", process);
	snprintf(text, sizeof(text),
		 "%d (a) Z (b) %c 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 %ld 100 100\n",
		 process, state, started);
	set_file(path, started > 0 ? text : NULL);
}

static inline int enter(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	if (!*state)
		return -1;
	set_file("/proc/sys/kernel/random/boot_id", "11111111-2222-3333-4444-555555555555\n");
	set_file("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
	set_file("/proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
	return 0;
}

static inline int leave(void **state)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
	if (chdir("/") < 0 || system(command) != 0)
		return -1;
	free(*state);
	return 0;
}

#endif
