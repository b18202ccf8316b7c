#include "http/desk_access.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	DESKS_USUAL = 4,
	DESKS_MAX = 64,
	BORROW_SECONDS = 10, /* that one waits for a desk, or a turn at hashing */
	REFRESH_SECONDS = 2, /* until a desk looks for another policy or edition */
	ABSENT_SECONDS = 2,  /* until a store without a desk is looked at again */
	HASHES_AT_ONCE = 2,
	HASHES_WAITING = 16,
	LIMIT_KEYS = 32768,
	RATE_USUAL = 600,
};

struct idle {
	struct desk *desk;
	int64_t refreshed; /* seconds of the monotonic clock */
};

struct desk_access {
	struct desk_access_options options;
	char header[DESK_ACCESS_HEADER_MAX];
	bool secure;
	struct accounts_options accounts_options;
	pthread_mutex_t lock;
	pthread_mutex_t turn; /* to write */
	/* Made with the first desk: stores without one need no libsodium. */
	struct accounts *accounts;
	struct account_limits *peers, *people;
	pthread_cond_t given_back, hashed;
	struct idle idle[DESKS_MAX];
	size_t idle_count;
	unsigned open; /* lent ones, too */
	unsigned hashing, waiting;
	bool known;	/* the store had a desk once */
	int64_t absent; /* when it had none, seconds of the monotonic clock; 0: never */
};

static struct timespec monotonic(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time;
}

/* With the lock. */
static int make_accounts(struct desk_access *access, struct fault *fault)
{
	unsigned rate = access->options.rate ? access->options.rate : RATE_USUAL;
	unsigned burst = rate / 2 + 1;
	int result = 0;

	if (!access->accounts)
		result = accounts_open(&access->accounts_options, &access->accounts, fault);
	if (result == 0 && !access->peers)
		result = account_limits_new(access->accounts, LIMIT_KEYS, burst, rate,
					    &access->peers, fault);
	if (result == 0 && !access->people)
		result = account_limits_new(access->accounts, LIMIT_KEYS, burst, rate,
					    &access->people, fault);
	return result;
}

static void make_locks(struct desk_access *access)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&access->lock, NULL);
	pthread_mutex_init(&access->turn, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&access->given_back, &attributes);
	pthread_cond_init(&access->hashed, &attributes);
	pthread_condattr_destroy(&attributes);
}

int desk_access_open(const struct desk_access_options *options, struct desk_access **ret_access,
		     struct fault *fault)
{
	struct desk_access *access;

	if (options->proxy_header.n >= DESK_ACCESS_HEADER_MAX)
		return fault_set(fault, FAULT_LIMIT, "the name of the proxy's header is too long");
	access = calloc(1, sizeof(*access));
	if (!access)
		return fault_memory(fault);
	access->options = *options;
	if (options->proxy_header.n > 0)
		memcpy(access->header, options->proxy_header.p, options->proxy_header.n);
	if (options->accounts)
		access->accounts_options = *options->accounts;
	access->accounts_options.proxies = options->proxies;
	access->accounts_options.proxy_count = options->proxy_count;
	access->options.desks = !options->desks		     ? DESKS_USUAL
				: options->desks > DESKS_MAX ? DESKS_MAX
							     : options->desks;
	access->secure = slice_starts(options->base, SLICE("https://"));
	make_locks(access);
	*ret_access = access;
	return 0;
}

void desk_access_close(struct desk_access *access)
{
	if (!access)
		return;
	for (size_t i = 0; i < access->idle_count; i++)
		desk_close(access->idle[i].desk);
	account_limits_free(access->peers);
	account_limits_free(access->people);
	accounts_close(access->accounts);
	pthread_cond_destroy(&access->hashed);
	pthread_cond_destroy(&access->given_back);
	pthread_mutex_destroy(&access->turn);
	pthread_mutex_destroy(&access->lock);
	free(access);
}

struct accounts *desk_access_accounts(struct desk_access *access)
{
	return access->accounts;
}

bool desk_access_is_secure(const struct desk_access *access)
{
	return access->secure;
}

struct slice desk_access_proxy_header(const struct desk_access *access)
{
	return access->header[0] ? slice_cstr(access->header) : SLICE_NONE;
}

int64_t desk_access_now(const struct desk_access *access)
{
	return access->options.clock ? access->options.clock() : (int64_t)time(NULL);
}

/*
 * A desk that nobody has, or leave to open one, as a desk of NULL. 0; 1: there was none lately; 2:
 * none was given back in time.
 */
static int take_turn(struct desk_access *access, struct idle *ret_idle)
{
	struct timespec until = monotonic();
	int result = 0;

	*ret_idle = (struct idle){};
	pthread_mutex_lock(&access->lock);
	if (!access->known && access->absent && until.tv_sec < access->absent + ABSENT_SECONDS)
		result = 1;
	until.tv_sec += BORROW_SECONDS;
	while (result == 0 && access->idle_count == 0 && access->open >= access->options.desks) {
		if (pthread_cond_timedwait(&access->given_back, &access->lock, &until) == ETIMEDOUT)
			result = 2;
	}
	if (result == 0 && access->idle_count > 0)
		*ret_idle = access->idle[--access->idle_count];
	else if (result == 0)
		access->open++;
	pthread_mutex_unlock(&access->lock);
	return result;
}

/* A place in the pool is free again. */
static void give_up(struct desk_access *access)
{
	pthread_mutex_lock(&access->lock);
	access->open--;
	pthread_cond_signal(&access->given_back);
	pthread_mutex_unlock(&access->lock);
}

/* Closes those that nobody has: where one lost its connection, so have they. */
static void drop_idle(struct desk_access *access)
{
	struct idle dropped[DESKS_MAX];
	size_t count;

	pthread_mutex_lock(&access->lock);
	count = access->idle_count;
	memcpy(dropped, access->idle, count * sizeof(dropped[0]));
	access->idle_count = 0;
	pthread_mutex_unlock(&access->lock);
	for (size_t i = 0; i < count; i++) {
		desk_close(dropped[i].desk);
		give_up(access);
	}
}

static int open_desk(struct desk_access *access, struct desk **ret_desk, struct fault *fault)
{
	int result = desk_exists(access->options.store, fault);

	if (result == 1)
		result = desk_open(access->options.store, ret_desk, fault);
	else if (result == 0)
		result = 1;
	pthread_mutex_lock(&access->lock);
	if (result == 0)
		result = make_accounts(access, fault);
	if (result == 0) {
		desk_take_turns(*ret_desk, &access->turn);
		access->known = true;
	} else if (result == 1)
		access->absent = monotonic().tv_sec;
	pthread_mutex_unlock(&access->lock);
	return result;
}

int desk_access_borrow(struct desk_access *access, struct desk **ret_desk, struct fault *fault)
{
	struct idle idle;
	int result = take_turn(access, &idle);

	if (result != 0)
		return result;
	if (idle.desk && monotonic().tv_sec >= idle.refreshed + REFRESH_SECONDS &&
	    desk_refresh(idle.desk, fault) != 0) {
		/* The database may have been started again since. */
		desk_close(idle.desk);
		idle.desk = NULL;
		drop_idle(access);
	}
	if (!idle.desk)
		result = open_desk(access, &idle.desk, fault);
	if (result == 0) {
		*ret_desk = idle.desk;
		return 0;
	}
	desk_close(idle.desk);
	give_up(access);
	return result;
}

bool desk_access_is_known(struct desk_access *access)
{
	bool known;

	pthread_mutex_lock(&access->lock);
	known = access->known;
	pthread_mutex_unlock(&access->lock);
	return known;
}

void desk_access_return(struct desk_access *access, struct desk *desk, bool broken)
{
	if (!desk)
		return;
	desk_rollback(desk);
	if (broken) {
		desk_close(desk);
		give_up(access);
		drop_idle(access);
		return;
	}
	pthread_mutex_lock(&access->lock);
	access->idle[access->idle_count++] = (struct idle){desk, monotonic().tv_sec};
	pthread_cond_signal(&access->given_back);
	pthread_mutex_unlock(&access->lock);
}

unsigned desk_access_limit(struct desk_access *access, struct slice peer, int64_t account,
			   unsigned cost)
{
	char space[ACCOUNT_PEER_SIZE];
	struct timespec now = monotonic();
	uint64_t milliseconds = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	int n;

	if (peer.p)
		return account_limits_take(access->peers, account_peer_key(peer, space), cost,
					   milliseconds);
	n = snprintf(space, sizeof(space), "%lld", (long long)account);
	return account_limits_take(access->people, (struct slice){space, n > 0 ? (size_t)n : 0},
				   cost, milliseconds);
}

bool desk_access_hash_begin(struct desk_access *access)
{
	struct timespec until = monotonic();
	bool turn;

	until.tv_sec += BORROW_SECONDS;
	pthread_mutex_lock(&access->lock);
	turn = access->waiting < HASHES_WAITING;
	access->waiting++;
	while (turn && access->hashing >= HASHES_AT_ONCE)
		turn = pthread_cond_timedwait(&access->hashed, &access->lock, &until) != ETIMEDOUT;
	access->waiting--;
	access->hashing += turn;
	pthread_mutex_unlock(&access->lock);
	return turn;
}

void desk_access_hash_end(struct desk_access *access)
{
	pthread_mutex_lock(&access->lock);
	access->hashing--;
	pthread_cond_signal(&access->hashed);
	pthread_mutex_unlock(&access->lock);
}
