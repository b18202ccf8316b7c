#define _GNU_SOURCE
#include "base/hold.h"

void hold_begin(struct hold *ret_hold)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	ret_hold->held = pthread_sigmask(SIG_BLOCK, &ending, &ret_hold->before) == 0;
}

void hold_end(struct hold *hold)
{
	if (hold->held)
		pthread_sigmask(SIG_SETMASK, &hold->before, NULL);
	hold->held = false;
}
