/*
 * reserve with a registry's server: the command runs beside this process, which renews the lease
 * while it does, passes on signals, and gives the lease back when it ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/lending.h"
#include "cli/reserving.h"
#include "http/listen.h"

/* So long is a port lent to a machine that goes away without a word. */
enum { MINUTES = 30 };

/* Ports that are tried here until one can be bound. */
enum { TRIES = 8 };

/* Milliseconds between tries to renew. */
enum { PAUSE_MIN = 1000, PAUSE_MAX = 60000 };

struct lent {
	struct reserving *reserving;
	struct lending lending;
	struct lease_wish wish;
	int64_t number;	     /* of the lease */
	uint64_t ends, next; /* when it does, and is to be renewed, as now_ms() counts */
	uint64_t pause;	     /* half of what it lasted when it was renewed last, in milliseconds */
	bool failing;	     /* it could not be renewed, and that was said */
	sigset_t signals, before;
	pid_t child;
	int status; /* of it, as waitpid(2) has it, when it has ended */
	bool ended;
};

/* Goes on while the machine sleeps, as the lease does. */
static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Asks for the wish. As lease_take(). */
static int ask(struct lent *lent, uint16_t *ret_port, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	uint64_t now = now_ms();
	struct lease lease;
	unsigned seconds;
	int result =
		lease_take(&lent->lending.server, &lent->wish, &arena, &lease, &seconds, fault);

	if (result != LEASE_DONE)
		return result;
	lent->number = lease.number;
	lent->ends = now + seconds * UINT64_C(1000);
	lent->pause = seconds * UINT64_C(500);
	lent->next = now + lent->pause;
	*ret_port = lease.port;
	return LEASE_DONE;
}

static void give_back(struct lent *lent)
{
	struct fault fault;
	int result;

	lent->lending.server.progress = NULL;
	result = lease_release(&lent->lending.server, lent->number, &fault);
	if (result != LEASE_DONE)
		lending_fail(result, &fault);
}

/* -- Taking -- */

/* What may be asked for: all that was, but ports that cannot be had here. */
struct search {
	uint16_t first, last; /* of what was asked for */
	uint16_t split;	      /* the first that could not be had; 0: none */
	bool below;	      /* those above it are done */
};

/* On to what is left after a port; false: nothing. */
static bool narrow(struct search *search, uint16_t port, struct lease_wish *wish)
{
	uint16_t last = search->below ? (uint16_t)(search->split - 1) : search->last;

	if (search->split == 0)
		search->split = port;
	if (port < last) {
		wish->first_port = (uint16_t)(port + 1);
		wish->last_port = last;
		return true;
	}
	if (search->below || search->split <= search->first)
		return false;
	search->below = true;
	wish->first_port = search->first;
	wish->last_port = (uint16_t)(search->split - 1);
	return true;
}

/* Takes the port that was lent here, too. As reserve_take(). */
static int take_here(struct lent *lent, uint16_t port, struct fault *fault)
{
	struct reserve_request *request = &lent->reserving->request;

	request->first = request->last = port;
	request->stated = true;
	return reserving_take(lent->reserving, fault);
}

/* 0, or the status to end with. */
static int find(struct lent *lent)
{
	const struct reserve_request *request = &lent->reserving->request;
	struct search search = {.first = 1, .last = PORT_MAX};
	struct fault fault, why = {};
	int result = 0;
	uint16_t port = 0;

	if (request->stated) {
		search.first = request->first > 0 ? request->first : 1;
		search.last = request->last;
		lent->wish.first_port = search.first;
		lent->wish.last_port = search.last;
	}
	for (unsigned tries = 0; tries < TRIES; tries++) {
		int outcome = ask(lent, &port, &fault);

		/* What is left above may be nothing that is lent. */
		if (outcome == LEASE_REFUSED && result < 0 && !search.below &&
		    narrow(&search, search.last, &lent->wish))
			continue;
		if (outcome != LEASE_DONE)
			return lending_fail(outcome, result < 0 ? &why : &fault);
		result = take_here(lent, port, &why);
		if (result == 0)
			return 0;
		/* It is the other process's lease as well. */
		if (result == RESERVE_NAME_HELD)
			break;
		give_back(lent);
		if (result != FAULT_SYSTEM || !narrow(&search, port, &lent->wish))
			break;
	}
	return leases_fail(&lent->reserving->leases, &why);
}

/* -- Running -- */

static void on_signal(struct lent *lent, const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		lent->ended = waitpid(lent->child, &lent->status, WNOHANG) == lent->child;
	else if (info->si_code <= 0) /* the terminal's reach the command by themselves */
		kill(lent->child, info->si_signo);
}

/* Sees to signals until that moment, or until the command has ended. */
static void wait_until(struct lent *lent, uint64_t moment)
{
	while (!lent->ended) {
		uint64_t now = now_ms(), left = now < moment ? moment - now : 0;
		struct timespec time = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
		siginfo_t info;

		if (sigtimedwait(&lent->signals, &info, &time) > 0)
			on_signal(lent, &info);
		else if (left == 0)
			return;
	}
}

static bool go_on(void *context, uint64_t received, uint64_t total)
{
	struct lent *lent = context;

	(void)received, (void)total;
	wait_until(lent, 0);
	return !lent->ended;
}

static void renew(struct lent *lent)
{
	uint64_t left, pause;
	struct fault fault;
	uint16_t port;
	int result = ask(lent, &port, &fault);

	if (result == LEASE_CANCELLED)
		return;
	if (result == LEASE_DONE) {
		if (lent->failing)
			say("the lease of port %u is renewed again", port);
		lent->failing = false;
		return;
	}
	left = lent->ends > now_ms() ? lent->ends - now_ms() : 0;
	if (!lent->failing)
		say("the lease of port %u, which ends in %llu s, is not renewed: %s",
		    lent->wish.first_port, (unsigned long long)left / 1000, fault.text);
	lent->failing = true;
	pause = left > 0 ? left / 2 : lent->pause;
	pause = pause < PAUSE_MIN ? PAUSE_MIN : pause;
	lent->next = now_ms() + (pause < PAUSE_MAX ? pause : PAUSE_MAX);
}

/* Does not return. A byte in the pipe says that the command could not be run. */
static void be_command(struct lent *lent, pid_t parent, int report, void (*child)(int))
{
	int status;

	/* Nobody would renew its lease. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(STATUS_FAILURE);
	signal(SIGCHLD, child);
	sigprocmask(SIG_SETMASK, &lent->before, NULL);
	status = reserving_become(lent->reserving);
	(void)!write(report, "", 1);
	_exit(status);
}

/* The pipe's end that a command's process has, away from where that finds its sockets. */
static int move_away(const struct lent *lent, int fd)
{
	int least = LISTEN_FIRST_FD + (int)lent->reserving->inherited + 1;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, least);

	close(fd);
	return moved;
}

/* 0: the command runs; 1: it could not be run, and has ended; or a negative fault. */
static int start(struct lent *lent, struct fault *fault)
{
	pid_t parent = getpid();
	void (*child)(int);
	int report[2];
	bool failed;
	char byte;

	if (pipe2(report, O_CLOEXEC) < 0)
		return fault_set(fault, FAULT_SYSTEM, "no pipe: %s", strerror(errno));
	report[1] = move_away(lent, report[1]);
	child = signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &lent->signals, &lent->before);
	lent->child = report[1] < 0 ? -1 : fork();
	if (lent->child == 0)
		be_command(lent, parent, report[1], child);
	if (lent->child < 0)
		fault_set(fault, FAULT_SYSTEM, "no process: %s", strerror(errno));
	if (report[1] >= 0)
		close(report[1]);
	/* The command's alone, so that the port is free when it closes it. */
	close(lent->reserving->lease.fd);
	lent->reserving->lease.fd = -1;
	failed = read(report[0], &byte, 1) == 1;
	close(report[0]);
	if (lent->child < 0)
		return FAULT_SYSTEM;
	if (failed)
		waitpid(lent->child, &lent->status, 0);
	return failed;
}

/* The status to end with: the command's, as shells have it. */
static int run_beside(struct lent *lent)
{
	struct fault fault;
	int result;

	leases_done(&lent->reserving->leases);
	result = start(lent, &fault);
	if (result < 0)
		lent->status = W_EXITCODE(say_fault(NULL, &fault), 0);
	if (result != 0)
		reserving_undo(lent->reserving);
	lent->wish.first_port = lent->wish.last_port = lent->reserving->lease.port;
	lent->lending.server.progress = go_on;
	lent->lending.server.context = lent;
	while (result == 0 && !lent->ended) {
		wait_until(lent, lent->next);
		if (!lent->ended)
			renew(lent);
	}
	give_back(lent);
	return WIFSIGNALED(lent->status) ? 128 + WTERMSIG(lent->status) : WEXITSTATUS(lent->status);
}

int lent_run(struct reserving *reserving)
{
	static const int numbers[] = {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
	const struct reserve_request *request = &reserving->request;
	struct lent lent = {.reserving = reserving};
	char host[256];
	int status = lending_open(reserving->cli, &lent.lending);

	lent.wish = (struct lease_wish){
		.name = request->name,
		.host = lending_host(host, sizeof(host)),
		.project = request->folder,
		.transport = request->transport,
		.minutes = MINUTES,
	};
	sigemptyset(&lent.signals);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaddset(&lent.signals, numbers[i]);
	if (status == 0)
		status = find(&lent);
	if (status == 0)
		status = run_beside(&lent);
	lending_done(&lent.lending);
	return status;
}
