/*
 * Buckets in sets of a few: a key has its place in one set, found by a hash that nobody outside can
 * foresee, so that none can be crowded out on purpose. A bucket that is full tells nothing; what is
 * not there is full.
 */
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

#include "accounts/secret.h"

enum { WAYS = 4, KEYS_MAX = 1 << 24, MINUTE = 60000 /* milliseconds; parts of a token */ };

struct bucket {
	uint64_t key;	/* its hash; 0: none */
	uint64_t at;	/* when it was looked at, in milliseconds */
	uint64_t level; /* parts of tokens */
};

struct account_limits {
	const struct accounts *accounts;
	pthread_mutex_t lock;
	uint64_t full, rate; /* parts of tokens; parts of a millisecond */
	size_t sets;	     /* a power of two */
	unsigned char secret[crypto_shorthash_KEYBYTES];
	struct bucket buckets[];
};

int account_limits_new(struct accounts *accounts, size_t keys, unsigned burst, unsigned per_minute,
		       struct account_limits **ret_limits, struct fault *fault)
{
	struct account_limits *limits;
	size_t sets = 1;

	if (keys > KEYS_MAX)
		return fault_set(fault, FAULT_LIMIT, "limits of more than %d keys", KEYS_MAX);
	while (sets * WAYS < keys)
		sets *= 2;
	limits = calloc(1, sizeof(*limits) + sets * WAYS * sizeof(struct bucket));
	if (!limits)
		return fault_memory(fault);
	limits->accounts = accounts;
	limits->sets = sets;
	limits->rate = per_minute ? per_minute : 1;
	limits->full = (uint64_t)burst * MINUTE;
	accounts->sodium.random(limits->secret, sizeof(limits->secret));
	(void)pthread_mutex_init(&limits->lock, NULL);
	*ret_limits = limits;
	return 0;
}

void account_limits_free(struct account_limits *limits)
{
	if (!limits)
		return;
	(void)pthread_mutex_destroy(&limits->lock);
	free(limits);
}

void account_limits_freep(struct account_limits **limits)
{
	account_limits_free(*limits);
	*limits = NULL;
}

static uint64_t hash_key(const struct account_limits *limits, struct slice key)
{
	unsigned char bytes[crypto_shorthash_BYTES];
	uint64_t hash;

	limits->accounts->sodium.short_hash(bytes, (const unsigned char *)(key.p ? key.p : ""),
					    key.n, limits->secret);
	memcpy(&hash, bytes, sizeof(hash));
	return hash ? hash : 1;
}

/* The key's bucket; where it has none, the one that was used longest ago becomes it. */
static struct bucket *find(struct account_limits *limits, uint64_t key, uint64_t now)
{
	struct bucket *set = &limits->buckets[(key & (limits->sets - 1)) * WAYS], *oldest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (!set[i].key || (oldest->key && set[i].at < oldest->at))
			oldest = &set[i];
	}
	*oldest = (struct bucket){.key = key, .at = now, .level = limits->full};
	return oldest;
}

unsigned account_limits_take(struct account_limits *limits, struct slice key, unsigned cost,
			     uint64_t milliseconds)
{
	uint64_t hash = hash_key(limits, key), wanted = (uint64_t)cost * MINUTE, elapsed, missing;
	struct bucket *bucket;
	unsigned wait = 0;

	(void)pthread_mutex_lock(&limits->lock);
	bucket = find(limits, hash, milliseconds);
	elapsed = milliseconds > bucket->at ? milliseconds - bucket->at : 0;
	missing = limits->full - bucket->level;
	bucket->level = elapsed > missing / limits->rate ? limits->full
							 : bucket->level + elapsed * limits->rate;
	if (milliseconds > bucket->at)
		bucket->at = milliseconds;
	if (bucket->level >= wanted) {
		bucket->level -= wanted;
	} else {
		missing = (wanted - bucket->level) / limits->rate / 1000 + 1;
		wait = missing < UINT_MAX ? (unsigned)missing : UINT_MAX;
	}
	(void)pthread_mutex_unlock(&limits->lock);
	return wait;
}
