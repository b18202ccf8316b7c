#include "http/recent.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

enum { PLACES = 64 /* a power of two */ };

struct place {
	struct recent_answer answer; /* its response is NULL where there is none */
	void (*destroy)(struct MHD_Response *response);
	uint64_t hash;
	char *text; /* target and tags */
	size_t target_n, tags_n;
	bool gzip;
};

/* A thread's. */
struct recent {
	struct place places[PLACES];
	uint64_t generation; /* of all of them */
	uint64_t bytes;
	size_t next; /* the place that is emptied next where there are too many bytes */
};

static pthread_key_t key_of_thread;
static bool has_key;

static void empty(struct recent *recent, struct place *place)
{
	recent->bytes -= place->answer.bytes;
	if (place->answer.response)
		place->destroy(place->answer.response);
	free(place->text);
	*place = (struct place){};
}

static void empty_all(struct recent *recent)
{
	for (size_t i = 0; i < PLACES; i++)
		empty(recent, &recent->places[i]);
}

static void free_recent(void *context)
{
	empty_all(context);
	free(context);
}

static void make_key(void)
{
	has_key = pthread_key_create(&key_of_thread, free_recent) == 0;
}

/* This thread's; NULL where it has none and was to make none, or there is no memory. */
static struct recent *recent_of_thread(bool make)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct recent *recent;

	pthread_once(&once, make_key);
	if (!has_key)
		return NULL;
	recent = pthread_getspecific(key_of_thread);
	if (recent || !make)
		return recent;
	recent = calloc(1, sizeof(*recent));
	if (recent && pthread_setspecific(key_of_thread, recent) != 0) {
		free(recent);
		return NULL;
	}
	return recent;
}

static uint64_t hash_of(const struct recent_key *key)
{
	return hash_bytes(key->target) + (key->tags.n > 0 ? hash_bytes(key->tags) : 0) + key->gzip;
}

static bool is_of(const struct place *place, const struct recent_key *key, uint64_t hash)
{
	return place->answer.response && place->hash == hash && place->gzip == key->gzip &&
	       slice_eq((struct slice){place->text, place->target_n}, key->target) &&
	       slice_eq((struct slice){place->text + place->target_n, place->tags_n}, key->tags);
}

bool recent_find(const struct recent_key *key, struct recent_answer *ret_answer)
{
	struct recent *recent = recent_of_thread(false);
	uint64_t hash;

	if (!recent || recent->generation != key->generation)
		return false;
	hash = hash_of(key);
	if (!is_of(&recent->places[hash % PLACES], key, hash))
		return false;
	*ret_answer = recent->places[hash % PLACES].answer;
	return true;
}

/* Empties the place of a hash, and others until there is room for so many bytes more. */
static struct place *make_room(struct recent *recent, uint64_t hash, uint64_t bytes)
{
	struct place *place = &recent->places[hash % PLACES];

	empty(recent, place);
	while (recent->bytes + bytes > RECENT_BYTES_MAX)
		empty(recent, &recent->places[recent->next++ % PLACES]);
	return place;
}

bool recent_keep(const struct recent_key *key, const struct recent_answer *answer,
		 void (*destroy)(struct MHD_Response *response))
{
	struct recent *recent = recent_of_thread(true);
	uint64_t hash = hash_of(key);
	char *text = malloc(key->target.n + key->tags.n + 1);

	/* What took so long that it is of the past is not to drive out what is not. */
	if (!recent || !text || answer->bytes > RECENT_BYTES_MAX ||
	    key->generation < recent->generation) {
		free(text);
		return false;
	}
	if (recent->generation != key->generation)
		empty_all(recent);
	recent->generation = key->generation;
	memcpy(text, key->target.p, key->target.n);
	if (key->tags.n > 0)
		memcpy(text + key->target.n, key->tags.p, key->tags.n);
	*make_room(recent, hash, answer->bytes) = (struct place){.answer = *answer,
								 .destroy = destroy,
								 .hash = hash,
								 .text = text,
								 .target_n = key->target.n,
								 .tags_n = key->tags.n,
								 .gzip = key->gzip};
	recent->bytes += answer->bytes;
	return true;
}
