/*
 * What waits, and what does not, while an edition of the past is brought into memory. mkimage() is
 * wrapped: it stops where a test says so, until it is let go on.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "asking.h"
#include "editions.h"
#include "mkimage/mkimage.h"

enum { ASKERS = 4, FIRST_YEAR = 2001, YEARS = 12 };

static atomic_bool held_up;
static atomic_int making; /* at this moment */
static sem_t begun, go_on;

typeof(mkimage) __real_mkimage, __wrap_mkimage;

int __wrap_mkimage(const struct registry *registry, struct slice origin, struct strbuf *image,
		   struct fault *fault)
{
	int result;

	assert_int_equal(atomic_fetch_add(&making, 1), 0);
	if (atomic_exchange(&held_up, false)) {
		sem_post(&begun);
		while (sem_wait(&go_on) != 0)
			continue;
	}
	result = __real_mkimage(registry, origin, image, fault);
	atomic_fetch_sub(&making, 1);
	return result;
}

static bool holds(struct site *site, struct slice as_of, const char *label)
{
	const struct site_edition *edition;
	struct fault fault = {};
	bool is_it;

	if (site_hold(site, as_of, &edition, &fault) != 0)
		return false;
	is_it = slice_eq(edition->label, slice_cstr(label));
	site_release(site, edition);
	return is_it;
}

struct asker {
	pthread_t thread;
	struct site *site;
	const char *date, *label;
	struct random random;
	bool right;
};

static void *ask_once(void *context)
{
	struct asker *asker = context;

	asker->right = holds(asker->site, slice_cstr(asker->date), asker->label);
	return NULL;
}

static void start(struct asker *asker, void *(*run)(void *))
{
	assert_int_equal(pthread_create(&asker->thread, NULL, run, asker), 0);
}

static void join(struct asker *asker)
{
	assert_int_equal(pthread_join(asker->thread, NULL), 0);
	assert_true(asker->right);
}

static struct site *site_of_years(unsigned years)
{
	for (unsigned i = 0; i < years; i++)
		add_edition(FIRST_YEAR + i);
	return site_of_store();
}

/* Were any of it to wait for the edition that is being made, it would do so for ever. */
static void test_others(void **state)
{
	struct site *site = site_of_years(4);
	struct asker askers[ASKERS];
	struct http_response response;

	(void)state;
	assert_true(holds(site, SLICE("2002-12-31"), "2002-05-06"));
	assert_int_equal(site_made(site), 2);
	atomic_store(&held_up, true);
	for (unsigned i = 0; i < ASKERS; i++) {
		askers[i] = (struct asker){.site = site,
					   .date = i % 2 ? "2001-05-06" : "2001-12-31",
					   .label = "2001-05-06"};
		start(&askers[i], ask_once);
	}
	while (sem_wait(&begun) != 0)
		continue;
	assert_true(holds(site, SLICE_NONE, "2004-05-06"));
	assert_true(holds(site, SLICE("2004-05-06"), "2004-05-06"));
	assert_true(holds(site, SLICE("2002-06-01"), "2002-05-06"));
	response = ask(site, "/api/v1/ports/2002?as_of=2002-05-06");
	assert_status(&response, 200);
	http_response_done(&response);
	response = ask(site, "/api/v1/ports/2004");
	assert_status(&response, 200);
	http_response_done(&response);
	assert_int_equal(site_made(site), 2);
	sem_post(&go_on);
	for (unsigned i = 0; i < ASKERS; i++)
		join(&askers[i]);
	/* All of them have the same one. */
	assert_int_equal(site_made(site), 3);
	site_close(site);
}

static void *ask_for_all(void *context)
{
	struct asker *asker = context;

	asker->right = true;
	for (unsigned i = 0; i < 40; i++) {
		char label[16];

		snprintf(label, sizeof(label), "%u-05-06",
			 FIRST_YEAR + random_below(&asker->random, YEARS));
		asker->right = asker->right && holds(asker->site, slice_cstr(label), label);
	}
	return NULL;
}

/* Of more dates than are kept one is made at a time, whoever asks. */
static void test_many(void **state)
{
	struct site *site = site_of_years(YEARS);
	struct asker askers[ASKERS];

	(void)state;
	for (unsigned i = 0; i < ASKERS; i++) {
		askers[i] = (struct asker){.site = site, .random = {i + 1}};
		start(&askers[i], ask_for_all);
	}
	for (unsigned i = 0; i < ASKERS; i++)
		join(&askers[i]);
	assert_in_range(site_made(site), YEARS - 1, 1 + ASKERS * 40);
	site_close(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_others, enter, leave),
		cmocka_unit_test_setup_teardown(test_many, enter, leave),
	};

	assert_int_equal(sem_init(&begun, 0, 0), 0);
	assert_int_equal(sem_init(&go_on, 0, 0), 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
