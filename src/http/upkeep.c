#include "http/upkeep.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "accounts/accounts.h"
#include "desk/desk.h"
#include "record/time.h"

enum {
	STEP_SECONDS = 3,   /* until letters are looked for again */
	TIDY_SECONDS = 600, /* until people are reminded, and what is over is removed */
	LETTER_DAYS = 30,   /* that bodies of letters are kept */
};

struct upkeep {
	struct upkeep_options options;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping;
	/* Of the thread alone. */
	struct desk *desk;
	struct accounts *accounts;
	int64_t tidied; /* when, seconds since 1970 */
	bool told;	/* that something is wrong */
};

static bool is_stopping(struct upkeep *upkeep)
{
	bool stopping;

	pthread_mutex_lock(&upkeep->lock);
	stopping = upkeep->stopping;
	pthread_mutex_unlock(&upkeep->lock);
	return stopping;
}

/* False: it is to stop. */
static bool wait_step(struct upkeep *upkeep)
{
	struct timespec until;
	bool stopping;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += STEP_SECONDS;
	pthread_mutex_lock(&upkeep->lock);
	while (!upkeep->stopping &&
	       pthread_cond_timedwait(&upkeep->changed, &upkeep->lock, &until) == 0)
		;
	stopping = upkeep->stopping;
	pthread_mutex_unlock(&upkeep->lock);
	return !stopping;
}

static struct slice now(void *context, char space[static TIME_LENGTH])
{
	(void)context;
	return time_write((int64_t)time(NULL), space);
}

static int send_letters(struct upkeep *upkeep, struct fault *fault)
{
	int result = 1;

	while (upkeep->options.mail && result == 1 && !is_stopping(upkeep))
		result = mail_send(desk_db(upkeep->desk), upkeep->options.mail, now, NULL, fault);
	return result < 0 ? result : 0;
}

static int sweep_accounts(struct upkeep *upkeep, struct slice at, struct fault *fault)
{
	int result = upkeep->accounts ? 0 : accounts_open(NULL, &upkeep->accounts, fault);

	if (result == 0)
		result = desk_begin(upkeep->desk, true, fault);
	if (result < 0)
		return result;
	result = accounts_sweep(upkeep->accounts, desk_db(upkeep->desk), at, fault);
	return desk_end(upkeep->desk, result, fault);
}

static int tidy(struct upkeep *upkeep, struct fault *fault)
{
	int64_t seconds = (int64_t)time(NULL);
	char space[TIME_LENGTH];
	struct slice at = time_write(seconds, space);
	unsigned letters;
	int result;

	if (seconds >= upkeep->tidied && seconds - upkeep->tidied < TIDY_SECONDS)
		return 0;
	result = desk_remind(upkeep->desk, at, &letters, fault);
	if (result == 0)
		result = sweep_accounts(upkeep, at, fault);
	if (result == 0)
		result = mail_prune(desk_db(upkeep->desk), LETTER_DAYS, at, fault);
	if (result == 0)
		upkeep->tidied = seconds;
	return result;
}

static int step(struct upkeep *upkeep, struct fault *fault)
{
	int result = upkeep->desk ? 1 : desk_exists(upkeep->options.store, fault);

	if (result == 1 && !upkeep->desk)
		result = desk_open(upkeep->options.store, &upkeep->desk, fault);
	if (result < 0 || !upkeep->desk)
		return result;
	result = send_letters(upkeep, fault);
	return result < 0 ? result : tidy(upkeep, fault);
}

static void *run(void *argument)
{
	struct upkeep *upkeep = argument;
	struct fault fault;

	do {
		int result = step(upkeep, &fault);

		if (result < 0 && !upkeep->told && upkeep->options.say)
			upkeep->options.say(&fault);
		upkeep->told = result < 0;
		if (result < 0) {
			/* Its connection may be what is wrong. */
			desk_close(upkeep->desk);
			upkeep->desk = NULL;
		}
	} while (wait_step(upkeep));
	desk_close(upkeep->desk);
	accounts_close(upkeep->accounts);
	return NULL;
}

int upkeep_start(const struct upkeep_options *options, struct upkeep **ret_upkeep,
		 struct fault *fault)
{
	struct upkeep *upkeep = calloc(1, sizeof(*upkeep));
	pthread_condattr_t attributes;

	if (!upkeep)
		return fault_memory(fault);
	upkeep->options = *options;
	pthread_mutex_init(&upkeep->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&upkeep->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&upkeep->thread, NULL, run, upkeep) != 0) {
		pthread_cond_destroy(&upkeep->changed);
		pthread_mutex_destroy(&upkeep->lock);
		free(upkeep);
		return fault_set(fault, FAULT_SYSTEM, "no thread for the desk's upkeep");
	}
	*ret_upkeep = upkeep;
	return 0;
}

void upkeep_stop(struct upkeep *upkeep)
{
	if (!upkeep)
		return;
	pthread_mutex_lock(&upkeep->lock);
	upkeep->stopping = true;
	pthread_cond_signal(&upkeep->changed);
	pthread_mutex_unlock(&upkeep->lock);
	pthread_join(upkeep->thread, NULL);
	pthread_cond_destroy(&upkeep->changed);
	pthread_mutex_destroy(&upkeep->lock);
	free(upkeep);
}
