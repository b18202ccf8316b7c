/* Buckets, and keys of peers. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "accounts/accounts.h"

static struct accounts *accounts;

static int enter(void **state)
{
	(void)state;
	return accounts_open(NULL, &accounts, NULL);
}

static int leave(void **state)
{
	(void)state;
	accounts_close(accounts);
	return 0;
}

static struct account_limits *make(size_t keys, unsigned burst, unsigned per_minute)
{
	struct account_limits *limits = NULL;
	struct fault fault = {};

	if (account_limits_new(accounts, keys, burst, per_minute, &limits, &fault) != 0)
		fail_msg("%s", fault.text);
	return limits;
}

static void test_bucket(void **state)
{
	struct account_limits *limits CLEANUP(account_limits_freep) = make(100, 3, 60);
	struct slice key = SLICE("192.0.2.1");
	uint64_t at = 1000000;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(account_limits_take(limits, key, 1, at), 0);
	/* Another one a second. */
	assert_int_equal(account_limits_take(limits, key, 1, at), 2);
	assert_int_equal(account_limits_take(limits, key, 1, at + 500), 1);
	assert_int_equal(account_limits_take(limits, SLICE("192.0.2.2"), 1, at), 0);
	assert_int_equal(account_limits_take(limits, SLICE(""), 1, at), 0);
	assert_int_equal(account_limits_take(limits, SLICE_NONE, 2, at), 0);
	assert_int_equal(account_limits_take(limits, key, 1, at + 1000), 0);
	assert_int_equal(account_limits_take(limits, key, 1, at + 1000), 2);
	/* A clock that went back fills nothing. */
	assert_int_equal(account_limits_take(limits, key, 1, 0), 2);
	/* No more than full, however long it was. */
	assert_int_equal(account_limits_take(limits, key, 3, UINT64_MAX), 0);
	assert_int_equal(account_limits_take(limits, key, 1, UINT64_MAX), 2);
	assert_int_equal(account_limits_take(limits, key, 0, UINT64_MAX), 0);
	/* What is never there. */
	assert_true(account_limits_take(limits, SLICE("x"), 4, at) > 0);
	account_limits_free(NULL);
}

/* Others push a key out only where there are more than there is room for. */
static void test_many_keys(void **state)
{
	struct account_limits *limits CLEANUP(account_limits_freep) = make(1024, 1, 1);
	char key[24];

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		unsigned refused = 0;

		for (unsigned i = 0; i < 128; i++) {
			(void)snprintf(key, sizeof(key), "key %u", i);
			refused += account_limits_take(limits, slice_cstr(key), 1, 5000) > 0;
		}
		/* Chance may bring five of 128 into one set of 256, and hardly ten times. */
		assert_true(round == 0 ? refused == 0 : refused > 96);
	}
	for (unsigned i = 0; i < 100000; i++) {
		(void)snprintf(key, sizeof(key), "other %u", i);
		assert_int_equal(account_limits_take(limits, slice_cstr(key), 1, 6000), 0);
	}
	assert_int_equal(account_limits_take(limits, SLICE("key 1"), 1, 6000), 0);
}

static void test_too_many(void **state)
{
	struct account_limits *limits = NULL;
	struct fault fault = {};

	(void)state;
	assert_int_equal(account_limits_new(accounts, SIZE_MAX, 1, 1, &limits, &fault),
			 FAULT_LIMIT);
	assert_told(fault);
	assert_null(limits);
}

struct taking {
	struct account_limits *limits;
	atomic_uint taken;
};

static void *take_all(void *context)
{
	struct taking *taking = context;

	for (unsigned i = 0; i < 5000; i++) {
		if (account_limits_take(taking->limits, SLICE("key"), 1, 1000) == 0)
			atomic_fetch_add(&taking->taken, 1);
	}
	return NULL;
}

static void test_threads(void **state)
{
	struct account_limits *limits CLEANUP(account_limits_freep) = make(16, 7777, 1);
	struct taking taking = {.limits = limits};
	pthread_t threads[2];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_all, &taking), 0);
	for (unsigned i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(taking.taken, 7777);
}

static void test_peers(void **state)
{
	static const struct {
		const char *peer, *key;
	} peers[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
		{"2001:DB8:1:2::", "2001:db8:1:2::"},
		{"::1", "::"},
		{"fe80::1%eth0", "fe80::1%eth0"},
		{"unix", "unix"},
		{"", ""},
		{"192.0.2.1.5", "192.0.2.1.5"},
		{"12345678901234567890123456789012345678901234567890",
		 "12345678901234567890123456789012345678901234567"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(peers); i++) {
		struct slice peer = copy_of(slice_cstr(peers[i].peer));
		char space[ACCOUNT_PEER_SIZE];

		assert_slice(account_peer_key(peer, space), slice_cstr(peers[i].key));
		assert_string_equal(space, peers[i].key);
		free((char *)peer.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bucket),	 cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_too_many), cmocka_unit_test(test_threads),
		cmocka_unit_test(test_peers),
	};

	return cmocka_run_group_tests_name("limits", tests, enter, leave);
}
