#define _GNU_SOURCE
#include "mail/command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { PRINTED_MAX = 512 };

struct command {
	pid_t process;	   /* 0: none, or it has been waited for */
	int socket;	   /* its standard input, output and error; -1: none */
	int ended;	   /* readable when the process has ended; -1: none */
	uint64_t deadline; /* as now_ms() counts */
	struct slice rest; /* to be sent */
	bool open;	   /* something may come of it still */
	char printed[PRINTED_MAX];
	size_t printed_size;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void command_done(struct command *command)
{
	if (command->process > 0) {
		(void)kill(-command->process, SIGKILL);
		while (waitpid(command->process, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (command->socket >= 0)
		(void)close(command->socket);
	if (command->ended >= 0)
		(void)close(command->ended);
}

static int set_up(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int socket)
{
	sigset_t none, all;
	int error = 0;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	for (int fd = 0; fd < 3 && error == 0; fd++)
		error = posix_spawn_file_actions_adddup2(actions, socket, fd);
	if (error == 0)
		error = posix_spawn_file_actions_addclosefrom_np(actions, 3);
	if (error == 0)
		error = posix_spawnattr_setsigmask(attributes, &none);
	if (error == 0)
		error = posix_spawnattr_setsigdefault(attributes, &all);
	if (error == 0)
		error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
								     POSIX_SPAWN_SETSIGMASK |
								     POSIX_SPAWN_SETSIGDEF);
	return error;
}

/* 0 or an errno. */
static int spawn(const char *const *arguments, int socket, pid_t *ret_process)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	char *const environment[] = {path, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error == 0) {
		error = set_up(&actions, &attributes, socket);
		if (error == 0)
			error = posix_spawn(ret_process, arguments[0], &actions, &attributes,
					    (char *const *)arguments, environment);
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return error;
}

static int cannot_run(const char *path, int error, struct fault *fault)
{
	return fault_set(fault, error == ENOMEM ? FAULT_MEMORY : FAULT_SYSTEM, "cannot run %s: %s",
			 path, strerror(error));
}

static int begin(struct command *command, const char *const *arguments, struct fault *fault)
{
	int pair[2], error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return cannot_run(arguments[0], errno, fault);
	command->socket = pair[0];
	error = spawn(arguments, pair[1], &command->process);
	(void)close(pair[1]);
	if (error != 0) {
		command->process = 0;
		return cannot_run(arguments[0], error, fault);
	}
	command->ended = pidfd_open(command->process, 0);
	return command->ended < 0 ? cannot_run(arguments[0], errno, fault) : 0;
}

/* Sends what the command takes. One that reads no more is told by its status. */
static void send_some(struct command *command)
{
	ssize_t n = send(command->socket, command->rest.p, command->rest.n,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n >= 0)
		command->rest = slice_skip(command->rest, (size_t)n);
	else if (errno != EAGAIN && errno != EINTR)
		command->rest.n = 0;
	if (command->rest.n == 0)
		(void)shutdown(command->socket, SHUT_WR);
}

/* Keeps the beginning of what it prints. False: nothing is there to be read now. */
static bool receive_some(struct command *command)
{
	char bytes[PRINTED_MAX];
	ssize_t n = recv(command->socket, bytes, sizeof(bytes), MSG_DONTWAIT);
	size_t kept = n > 0 ? (size_t)n : 0;

	if (kept > PRINTED_MAX - command->printed_size)
		kept = PRINTED_MAX - command->printed_size;
	if (kept > 0)
		memcpy(command->printed + command->printed_size, bytes, kept);
	command->printed_size += kept;
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		command->open = false;
	return n > 0;
}

/* 1: it has ended. 0: out of time. Or a fault. */
static int attend(struct command *command, struct fault *fault)
{
	for (;;) {
		uint64_t now = now_ms();
		struct pollfd fds[] = {
			{.fd = command->open ? command->socket : -1, .events = POLLIN},
			{.fd = command->ended, .events = POLLIN},
			{.fd = command->rest.n > 0 ? command->socket : -1, .events = POLLOUT}};
		int n;

		if (now >= command->deadline)
			return 0;
		n = poll(fds, ARRAY_SIZE(fds), (int)(command->deadline - now));
		if (n < 0 && errno != EINTR)
			return fault_set(fault, FAULT_SYSTEM, "cannot wait: %s", strerror(errno));
		if (n <= 0)
			continue;
		if (fds[2].revents)
			send_some(command);
		if (fds[0].revents)
			(void)receive_some(command);
		if (fds[1].revents)
			return 1;
	}
}

/* The first line that it printed, where it did. */
static struct slice first_line(struct command *command)
{
	struct slice rest;

	/* More than was read before it ended is of no interest. */
	if (command->printed_size == 0)
		(void)receive_some(command);
	rest = slice_trim((struct slice){command->printed, command->printed_size});
	return slice_cut(&rest, '\n');
}

static int judge(struct command *command, const char *path, int status, struct fault *fault)
{
	struct slice line = first_line(command);
	const char *before = line.n > 0 ? ": " : "";

	if (WIFSIGNALED(status))
		return fault_set(fault, MAIL_LATER, "%s was ended by signal %d%s%.*s", path,
				 WTERMSIG(status), before, (int)line.n, line.p);
	if (WEXITSTATUS(status) == EX_OK)
		return MAIL_OK;
	return fault_set(fault, WEXITSTATUS(status) == EX_TEMPFAIL ? MAIL_LATER : MAIL_REFUSED,
			 "%s ended with status %d%s%.*s", path, WEXITSTATUS(status), before,
			 (int)line.n, line.p);
}

int command_run(const char *const *arguments, struct slice text, unsigned timeout_ms,
		struct fault *fault)
{
	struct command command CLEANUP(command_done) = {.socket = -1,
							.ended = -1,
							.deadline = now_ms() + timeout_ms,
							.rest = text,
							.open = true};
	int result = begin(&command, arguments, fault), status;
	pid_t process;

	if (result == 0)
		result = attend(&command, fault);
	if (result < 0)
		return result;
	if (result == 0)
		return fault_set(fault, MAIL_LATER, "%s took longer than %u ms", arguments[0],
				 timeout_ms);
	do {
		process = waitpid(command.process, &status, 0);
	} while (process < 0 && errno == EINTR);
	command.process = 0;
	if (process < 0)
		return fault_set(fault, FAULT_SYSTEM, "what became of %s is not known: %s",
				 arguments[0], strerror(errno));
	return judge(&command, arguments[0], status, fault);
}
