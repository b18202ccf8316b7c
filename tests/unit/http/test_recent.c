#undef NDEBUG
#include "../testing.h"

#include <pthread.h>

#include "http/recent.h"

static int destroyed;

static void destroy(struct MHD_Response *response)
{
	assert_non_null(response);
	destroyed++;
}

static char made[1000];

static struct recent_answer answer_of(size_t number)
{
	return (struct recent_answer){(struct MHD_Response *)&made[number], NULL, number, 200};
}

static bool find(struct recent_key key, size_t number)
{
	struct recent_answer answer;

	if (!recent_find(&key, &answer))
		return false;
	assert_ptr_equal(answer.response, answer_of(number).response);
	assert_int_equal(answer.bytes, number);
	return true;
}

static void *use(void *context)
{
	struct recent_key key = {.target = SLICE("/a?b"), .generation = 7}, other = key;
	struct recent_answer answer = answer_of(1);
	struct slice copy = copy_of(key.target);

	(void)context;
	assert_false(find(key, 1));
	/* Its target is copied. */
	key.target = copy;
	assert_true(recent_keep(&key, &answer, destroy));
	free((void *)copy.p);
	key.target = other.target;
	assert_true(find(key, 1));
	assert_true(find(key, 1));
	other.generation = 8;
	assert_false(find(other, 1));
	other = key;
	other.gzip = true;
	assert_false(find(other, 1));
	other = key;
	other.target = SLICE("/a?c");
	assert_false(find(other, 1));
	/* In its place, and then in everything's. */
	answer = answer_of(2);
	assert_true(recent_keep(&key, &answer, destroy));
	assert_int_equal(destroyed, 1);
	assert_true(find(key, 2));
	for (size_t i = 0; i < 500; i++) {
		char text[] = {'/', (char)('a' + i % 26), (char)('a' + i / 26)};

		other.target = (struct slice){text, sizeof(text)};
		answer = answer_of(i);
		assert_true(recent_keep(&other, &answer, destroy));
		assert_true(find(other, i));
	}
	assert_in_range(destroyed, 502 - 64, 501);
	return NULL;
}

static void *use_tags(void *context)
{
	struct recent_key key = {.target = SLICE("/a"), .tags = SLICE("\"1\"")}, other = key;
	struct recent_answer answer = answer_of(1);

	(void)context;
	answer.status = 304;
	assert_true(recent_keep(&key, &answer, destroy));
	assert_true(recent_find(&key, &answer));
	assert_int_equal(answer.status, 304);
	other.tags = SLICE_NONE;
	assert_false(find(other, 1));
	other.tags = SLICE("\"2\"");
	assert_false(find(other, 1));
	/* What is asked for and what is known are not one text. */
	other = (struct recent_key){.target = SLICE("/a\""), .tags = SLICE("1\"")};
	assert_false(find(other, 1));
	/* The first of another generation is alone. */
	other = key;
	other.generation = 1;
	answer = answer_of(2);
	assert_int_equal(destroyed, 0);
	assert_true(recent_keep(&other, &answer, destroy));
	assert_int_equal(destroyed, 1);
	assert_false(find(key, 1));
	assert_true(find(other, 2));
	return NULL;
}

/* However many and large: what is kept stays within its bound, and has what came last. */
/* What comes late, of the generation before, is not kept, and what is of this one stays. */
static void *use_late(void *context)
{
	struct recent_key key = {.target = SLICE("/a"), .generation = 2};
	struct recent_key late = {.target = SLICE("/b"), .generation = 1};
	struct recent_answer answer = answer_of(1);

	(void)context;
	assert_true(recent_keep(&key, &answer, destroy));
	assert_false(recent_keep(&late, &answer, destroy));
	assert_true(find(key, 1));
	assert_false(find(late, 1));
	return NULL;
}

static void *use_large(void *context)
{
	enum { SIZE = RECENT_BYTES_MAX / 5 };
	int kept = 0;

	(void)context;
	for (size_t i = 0; i < 300; i++) {
		char text[] = {'/', (char)('a' + i % 26), (char)('a' + i / 26)};
		struct recent_key key = {.target = {text, sizeof(text)}};
		struct recent_answer answer = answer_of(i);

		answer.bytes = i % 7 ? SIZE : RECENT_BYTES_MAX + 1;
		assert_int_equal(recent_keep(&key, &answer, destroy), i % 7 != 0);
		assert_int_equal(recent_find(&key, &answer), i % 7 != 0);
		kept += i % 7 != 0;
		assert_in_range(kept - destroyed, i > 0, 5);
	}
	return NULL;
}

static void run(void *(*use_so)(void *))
{
	pthread_t thread;

	destroyed = 0;
	assert_int_equal(pthread_create(&thread, NULL, use_so, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void test_tags(void **state)
{
	(void)state;
	run(use_tags);
	assert_int_equal(destroyed, 2);
}

static void test_late(void **state)
{
	(void)state;
	run(use_late);
	assert_int_equal(destroyed, 1);
}

static void test_large(void **state)
{
	(void)state;
	run(use_large);
	assert_int_equal(destroyed, 300 - 43);
}

static void test_recent(void **state)
{
	pthread_t thread;

	(void)state;
	for (int i = 1; i <= 2; i++) {
		destroyed = 0;
		assert_int_equal(pthread_create(&thread, NULL, use, NULL), 0);
		assert_int_equal(pthread_join(thread, NULL), 0);
		/* Each was given back, and another thread has none of it. */
		assert_int_equal(destroyed, 502);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recent),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
