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
	return (struct recent_answer){(struct MHD_Response *)&made[number], NULL, number};
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
