/* Editions swapped while threads ask: no answer is of two of them, and none fails. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "base/number.h"
#include "http/respond.h"

#include "asking.h"
#include "editions.h"

#define DOCUMENT "/assignments/service-names-port-numbers/service-names-port-numbers"

/* Years have four digits: file swaps come back to the first one after so many. */
enum { THREADS = 4, FIRST_YEAR = 2001, YEARS = 900, SWAPS = 200, STORE_SWAPS = 15 };

/* What is swapped, and who asks meanwhile. */
struct swapping {
	struct site *site;
	_Atomic unsigned begun, ended; /* the last swap that was */
	atomic_bool stop;
	bool past; /* there are older editions, which are asked for, too */
};

struct asker {
	struct swapping *swapping;
	struct random random;
	unsigned answers;
	char wrong[256]; /* the first answer that was; empty: none */
};

static const char *const of_newest[] = {
	DOCUMENT ".xhtml?search=year",
	DOCUMENT ".csv",
	DOCUMENT ".xml",
	DOCUMENT ".txt",
	DOCUMENT ".json",
	"/?q=edition",
	"/people/Ann",
	"/ports/9999/tcp",
	"/api/v1/rows",
	"/api/v1/people/Ann",
	"/api/v1/ports/9999/udp",
};

static unsigned year_of(unsigned swap)
{
	return FIRST_YEAR + swap % YEARS;
}

/* A year's number that begins a text; 0: none does. */
static unsigned read_year(struct slice text)
{
	uint64_t year;

	return text.n >= 4 && number_parse((struct slice){text.p, 4}, 9999, &year) ? (unsigned)year
										   : 0;
}

/*
 * The year that all that the body says of editions is of. With older ones the newest of them. 0:
 * there are several, or none.
 */
static unsigned year_told(struct slice body, bool past)
{
	static const struct slice before[] = {{"edition-", 8}, {"Year ", 5}};
	unsigned told = 0;

	for (size_t i = 0; i + 10 <= body.n; i++) {
		struct slice rest = slice_skip(body, i);
		unsigned year = 0;

		for (size_t j = 0; j < ARRAY_SIZE(before); j++) {
			if (slice_starts(rest, before[j]))
				year = read_year(slice_skip(rest, before[j].n));
		}
		if (slice_starts(slice_skip(rest, 4), SLICE("-05-06")))
			year = read_year(rest);
		if (year != 0 && told != 0 && year != told && !past)
			return 0;
		told = year > told ? year : told;
	}
	return told;
}

/* Tags are hashes of what they are of, of one width or the other. */
static bool has_tag_of(struct slice body, struct slice tag)
{
	char text[36];
	uint64_t hash[2];

	hash_wide(body, hash);
	snprintf(text, sizeof(text), "\"%016" PRIx64 "%016" PRIx64 "\"", hash[0], hash[1]);
	if (slice_eq(tag, slice_cstr(text)))
		return true;
	snprintf(text, sizeof(text), "\"%016" PRIx64 "\"", hash_bytes(body));
	return slice_eq(tag, slice_cstr(text));
}

/* Whether a swap from one to another is to an edition of the year. */
static bool is_between(unsigned first, unsigned last, unsigned year)
{
	for (; first <= last; first++) {
		if (year_of(first) == year)
			return true;
	}
	return false;
}

/* Asks once. Whether body, date and tag are of one edition, which was the newest meanwhile. */
static bool ask_once(struct swapping *swapping, const char *address, bool newest)
{
	unsigned first = atomic_load(&swapping->ended), year;
	struct slice query = slice_cstr(address), path = slice_cut(&query, '?');
	struct http_request request = {.path = path, .query = query};
	struct http_response response = {};
	bool right;

	site_answer(swapping->site, &request, &response);
	respond(&request, &response);
	year = read_year(response.last_modified);
	right = response.status == 200 && year != 0 &&
		year == year_told(respond_body(&response), swapping->past && newest) &&
		has_tag_of(respond_body(&response), header_of(&response, SLICE("ETag"))) &&
		(!newest || is_between(first, atomic_load(&swapping->begun), year));
	http_response_done(&response);
	return right;
}

static void *ask_on(void *data)
{
	struct asker *asker = data;
	char address[128];

	while (!atomic_load(&asker->swapping->stop)) {
		bool newest = !asker->swapping->past || random_below(&asker->random, 4) > 0;

		if (newest)
			snprintf(address, sizeof(address), "%s",
				 of_newest[random_below(&asker->random, ARRAY_SIZE(of_newest))]);
		else
			snprintf(address, sizeof(address), DOCUMENT ".csv?as_of=%u-12-31",
				 FIRST_YEAR + random_below(&asker->random, STORE_SWAPS));
		if (!ask_once(asker->swapping, address, newest) && asker->wrong[0] == '\0')
			snprintf(asker->wrong, sizeof(asker->wrong), "%s", address);
		asker->answers++;
	}
	return NULL;
}

struct askers {
	struct asker askers[THREADS];
	pthread_t threads[THREADS];
};

static void start(struct askers *askers, struct swapping *swapping)
{
	for (unsigned i = 0; i < THREADS; i++) {
		askers->askers[i] = (struct asker){.swapping = swapping, .random = {i + 1}};
		assert_int_equal(
			pthread_create(&askers->threads[i], NULL, ask_on, &askers->askers[i]), 0);
	}
}

static void stop(struct askers *askers, struct swapping *swapping)
{
	unsigned answers = 0;

	atomic_store(&swapping->stop, true);
	for (unsigned i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(askers->threads[i], NULL), 0);
		assert_string_equal(askers->askers[i].wrong, "");
		answers += askers->askers[i].answers;
	}
	assert_true(answers > 0);
	print_message("# %u swaps, %u answers\n", swapping->ended, answers);
	site_close(swapping->site);
}

static void swap(struct swapping *swapping, unsigned number)
{
	struct fault fault = {};

	if (site_refresh(swapping->site, &fault) != 0)
		fail_msg("%s", fault.text);
	atomic_store(&swapping->ended, number);
}

/* As often as the environment says. */
static unsigned count_swaps(void)
{
	uint64_t count;

	return number_parse(slice_cstr(getenv("PORTBOOK_SWAPS")), UINT32_MAX, &count)
		       ? (unsigned)count
		       : SWAPS;
}

static void test_file(void **state)
{
	unsigned count = count_swaps();
	struct askers askers = {};
	struct swapping swapping = {};
	char space[1024];

	(void)state;
	write_file("file", edition_text(FIRST_YEAR, space));
	swapping.site = site_of("file");
	start(&askers, &swapping);
	for (unsigned i = 1; i <= count; i++) {
		atomic_store(&swapping.begun, i);
		write_file("file", edition_text(year_of(i), space));
		swap(&swapping, i);
	}
	stop(&askers, &swapping);
}

static void test_store(void **state)
{
	struct askers askers = {};
	struct swapping swapping = {.past = true};

	(void)state;
	add_edition(FIRST_YEAR);
	swapping.site = site_of_store();
	start(&askers, &swapping);
	for (unsigned i = 1; i <= STORE_SWAPS; i++) {
		atomic_store(&swapping.begun, i);
		add_edition(year_of(i));
		swap(&swapping, i);
	}
	stop(&askers, &swapping);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_file, enter, leave),
		cmocka_unit_test_setup_teardown(test_store, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
