#define _GNU_SOURCE /* accept4() */

#include "http/acceptor.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
	/* Milliseconds until it is tried again when there is no room, or no descriptor. */
	PAUSE = 10,
	/* Connections of one socket that are taken before others are looked at. */
	TURN = 64,
};

struct acceptor {
	struct acceptor_options options;
	pthread_t thread;
	int stop;	       /* an eventfd, readable once it is to end */
	struct pollfd polls[]; /* that one, and the sockets' */
};

/* Whether the socket was emptied, or had its turn; not where the system has nothing to give. */
static bool take_from(struct acceptor *acceptor, int fd)
{
	const struct acceptor_options *options = &acceptor->options;

	for (int i = 0; i < TURN && !options->full(options->context); i++) {
		struct sockaddr_storage peer;
		socklen_t size = sizeof(peer);
		int taken =
			accept4(fd, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (taken >= 0)
			options->accepted(options->context, taken, (struct sockaddr *)&peer, size);
		else if (errno == EAGAIN)
			return true;
		else if (errno != ECONNABORTED && errno != EINTR)
			return false;
	}
	return true;
}

static void *take_all(void *context)
{
	struct acceptor *acceptor = context;
	const struct acceptor_options *options = &acceptor->options;
	struct pollfd *polls = acceptor->polls;
	bool paused = false;

	for (;;) {
		nfds_t count = 1;

		paused = paused || options->full(options->context);
		if (!paused)
			count += options->count;
		if (poll(polls, count, paused ? PAUSE : -1) < 0) {
			nanosleep(&(struct timespec){.tv_nsec = PAUSE * 1000000}, NULL);
			continue;
		}
		if (polls[0].revents != 0)
			return NULL;
		paused = false;
		for (nfds_t i = 1; i < count; i++) {
			if (polls[i].revents != 0 && !take_from(acceptor, polls[i].fd))
				paused = true;
		}
	}
}

int acceptor_start(const struct acceptor_options *options, struct acceptor **ret_acceptor,
		   struct fault *fault)
{
	size_t count = options->count + 1;
	struct acceptor *acceptor =
		calloc(1, sizeof(*acceptor) + count * sizeof(acceptor->polls[0]));
	int error;

	if (!acceptor)
		return fault_memory(fault);
	acceptor->options = *options;
	acceptor->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	acceptor->polls[0] = (struct pollfd){.fd = acceptor->stop, .events = POLLIN};
	for (size_t i = 1; i < count; i++)
		acceptor->polls[i] = (struct pollfd){options->sockets[i - 1], POLLIN, 0};
	error = acceptor->stop < 0 ? errno
				   : pthread_create(&acceptor->thread, NULL, take_all, acceptor);
	if (error != 0) {
		if (acceptor->stop >= 0)
			close(acceptor->stop);
		free(acceptor);
		return fault_set(fault, FAULT_SYSTEM, "no connections can be taken: %s",
				 strerror(error));
	}
	*ret_acceptor = acceptor;
	return 0;
}

void acceptor_stop(struct acceptor *acceptor)
{
	if (!acceptor)
		return;
	(void)!write(acceptor->stop, &(uint64_t){1}, sizeof(uint64_t));
	pthread_join(acceptor->thread, NULL);
	close(acceptor->stop);
	free(acceptor);
}
