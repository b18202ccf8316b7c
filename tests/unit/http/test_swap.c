/* Editions swapped while threads ask: no answer is of two of them, and none fails. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <pthread.h>
#include <stdatomic.h>

#include "asking.h"
#include "editions.h"

#define DOCUMENT "/assignments/service-names-port-numbers/service-names-port-numbers"

enum { THREADS = 4, FIRST_YEAR = 2001, SWAPS = 200, STORE_SWAPS = 15 };

struct asker {
	struct site *site;
	atomic_bool *stop;
	struct random random;
	unsigned answers, wrong;
	bool past; /* asks for older editions, too */
};

/* Whether all that the body says of editions is of the one of its date. */
static bool is_whole(const struct http_response *response)
{
	struct slice rest = body_of(response), year = {response->last_modified.p, 4};
	size_t at, found = 0;

	if (response->status != 200 || response->last_modified.n != 10)
		return false;
	for (; (at = slice_find(rest, SLICE("edition-"))) != (size_t)-1; found++) {
		rest = slice_skip(rest, at + 8);
		if (!slice_starts(rest, year))
			return false;
	}
	return found > 0;
}

static void *ask_on(void *data)
{
	static const char *const endings[] = {"xhtml?search=year", "csv", "xml", "txt", "json"};
	struct asker *asker = data;

	while (!atomic_load(asker->stop)) {
		unsigned ending = random_below(&asker->random, ARRAY_SIZE(endings));
		struct http_response response;
		char address[128];

		snprintf(address, sizeof(address), DOCUMENT ".%s", endings[ending]);
		if (asker->past && random_below(&asker->random, 4) == 0)
			snprintf(address, sizeof(address), DOCUMENT ".csv?as_of=%u-12-31",
				 FIRST_YEAR + random_below(&asker->random, STORE_SWAPS));
		response = ask(asker->site, address);
		asker->wrong += !is_whole(&response);
		asker->answers++;
		http_response_done(&response);
	}
	return NULL;
}

struct askers {
	struct asker askers[THREADS];
	pthread_t threads[THREADS];
	atomic_bool stop;
};

static void start(struct askers *askers, struct site *site, bool past)
{
	for (unsigned i = 0; i < THREADS; i++) {
		askers->askers[i] = (struct asker){
			.site = site, .stop = &askers->stop, .random = {i + 1}, .past = past};
		assert_int_equal(
			pthread_create(&askers->threads[i], NULL, ask_on, &askers->askers[i]), 0);
	}
}

static void stop(struct askers *askers)
{
	unsigned answers = 0;

	atomic_store(&askers->stop, true);
	for (unsigned i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(askers->threads[i], NULL), 0);
		assert_int_equal(askers->askers[i].wrong, 0);
		answers += askers->askers[i].answers;
	}
	assert_true(answers > 0);
}

static void test_file(void **state)
{
	struct askers askers = {};
	char space[1024];
	struct site *site;

	(void)state;
	write_file("file", edition_text(FIRST_YEAR, space));
	site = site_of("file");
	start(&askers, site, false);
	for (unsigned i = 1; i <= SWAPS; i++) {
		write_file("file", edition_text(FIRST_YEAR + i, space));
		assert_int_equal(site_refresh(site, NULL), 0);
	}
	stop(&askers);
	site_close(site);
}

static void test_store(void **state)
{
	struct askers askers = {};
	struct site *site;

	(void)state;
	add_edition(FIRST_YEAR);
	site = site_of_store();
	start(&askers, site, true);
	for (unsigned i = 1; i <= STORE_SWAPS; i++) {
		add_edition(FIRST_YEAR + i);
		assert_int_equal(site_refresh(site, NULL), 0);
	}
	stop(&askers);
	site_close(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_file, enter, leave),
		cmocka_unit_test_setup_teardown(test_store, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
