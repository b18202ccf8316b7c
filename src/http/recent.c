#include "http/recent.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

enum { PLACES = 64 /* a power of two */ };

struct place {
	struct recent_answer answer; /* its response is NULL where there is none */
	void (*destroy)(struct MHD_Response *response);
	uint64_t hash, generation;
	char *target;
	size_t target_n;
	bool gzip;
};

static pthread_key_t key_of_thread;
static bool has_key;

static void empty(struct place *place)
{
	if (place->answer.response)
		place->destroy(place->answer.response);
	free(place->target);
	*place = (struct place){};
}

static void free_places(void *context)
{
	struct place *places = context;

	for (size_t i = 0; i < PLACES; i++)
		empty(&places[i]);
	free(places);
}

static void make_key(void)
{
	has_key = pthread_key_create(&key_of_thread, free_places) == 0;
}

/* This thread's; NULL where it has none and was to make none, or there is no memory. */
static struct place *places_of_thread(bool make)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct place *places;

	pthread_once(&once, make_key);
	if (!has_key)
		return NULL;
	places = pthread_getspecific(key_of_thread);
	if (places || !make)
		return places;
	places = calloc(PLACES, sizeof(*places));
	if (places && pthread_setspecific(key_of_thread, places) != 0) {
		free(places);
		return NULL;
	}
	return places;
}

bool recent_find(const struct recent_key *key, struct recent_answer *ret_answer)
{
	struct place *places = places_of_thread(false), *place;
	uint64_t hash;

	if (!places)
		return false;
	hash = hash_bytes(key->target);
	place = &places[(hash + key->gzip) % PLACES];
	if (!place->answer.response || place->hash != hash || place->gzip != key->gzip ||
	    place->generation != key->generation ||
	    !slice_eq((struct slice){place->target, place->target_n}, key->target))
		return false;
	*ret_answer = place->answer;
	return true;
}

bool recent_keep(const struct recent_key *key, const struct recent_answer *answer,
		 void (*destroy)(struct MHD_Response *response))
{
	struct place *places = places_of_thread(true), *place;
	uint64_t hash = hash_bytes(key->target);
	char *target = malloc(key->target.n + 1);

	if (!places || !target) {
		free(target);
		return false;
	}
	memcpy(target, key->target.p, key->target.n);
	place = &places[(hash + key->gzip) % PLACES];
	empty(place);
	*place = (struct place){.answer = *answer,
				.destroy = destroy,
				.hash = hash,
				.generation = key->generation,
				.target = target,
				.target_n = key->target.n,
				.gzip = key->gzip};
	return true;
}
