/* Which passwords are taken, and that taken ones are hashed. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "accounts/accounts.h"
#include "base/strbuf.h"

static const struct account ada = {.number = 1,
				   .login = {"ada", 3},
				   .name = {"Ada Lovelace", 12},
				   .email = {"countess@example.org", 20}};

static struct accounts *open_cheap(void)
{
	struct accounts_options options = {
		.hash_memory = 8192, .hash_passes = 1, .service = SLICE("Numbers")};
	struct accounts *accounts = NULL;
	struct fault fault = {};

	if (accounts_open(&options, &accounts, &fault) != 0)
		fail_msg("%s", fault.text);
	return accounts;
}

static void expect(struct accounts *accounts, struct slice password, int expected)
{
	struct slice copy = copy_of(password);
	struct account_hash hash = {};
	struct fault fault = {};
	uint64_t before = accounts_hashed(accounts);

	if (account_password_hash(accounts, &ada, copy, &hash, &fault) != expected)
		fail_msg("%.*s: %s", (int)password.n, password.p, fault.text);
	assert_int_equal(accounts_hashed(accounts) - before, expected == 0);
	if (expected == 0) {
		assert_true(
			slice_starts(slice_cstr(hash.text), SLICE("$argon2id$v=19$m=8,t=1,p=1$")));
	} else {
		assert_told(fault);
		assert_int_equal(hash.text[0], '\0');
		if (password.n > 4)
			assert_true(slice_find(slice_cstr(fault.text), password) == (size_t)-1);
	}
	free((char *)copy.p);
}

static void test_taken(void **state)
{
	static const char *const taken[] = {
		"seven wild geese",
		"            x",
		"aaaaabaaaaaa",
		"\xf0\x9f\x90\xa6\xf0\x9f\x90\xa7\xf0\x9f\x90\xa8\xf0\x9f\x90\xa9\xf0\x9f\x90\xaa"
		"\xf0"
		"\x9f\x90\xab\xf0\x9f\x90\xac\xf0\x9f\x90\xad\xf0\x9f\x90\xae\xf0\x9f\x90\xaf\xf0"
		"\x9f"
		"\x90\xb0\xf0\x9f\x90\xb1",
		"adage of old times",
		"portbook and more",
		"line one\nline two\n",
		"pbk_kfZ7-q9LmT2",
	};
	struct accounts *accounts CLEANUP(accounts_closep) = open_cheap();
	struct strbuf longest CLEANUP(strbuf_done) = {};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		expect(accounts, slice_cstr(taken[i]), 0);
	/* 128 characters, of four bytes each; and one more. */
	for (unsigned i = 0; i < 128; i++) {
		strbuf_add(&longest, SLICE("\xf0\x9f\x90"));
		strbuf_add_byte(&longest, (char)(0x80 + i % 61));
	}
	expect(accounts, strbuf_slice(&longest), 0);
	strbuf_add_byte(&longest, 'x');
	expect(accounts, strbuf_slice(&longest), ACCOUNT_REFUSED);
}

static void test_refused(void **state)
{
	static const char *const refused[] = {
		"",
		"elevenchars",
		"\xc3\xa9\xc3\xa9\xc3\xa8\xc3\xa9\xc3\xa9\xc3\xab\xc3\xa9\xc3\xa9\xc3\xa9",
		"seven wild g\xff\xff",
		"password1234",
		"PassWord1234",
		"correct horse battery staple",
		"qwertyuiop123",
		"123456789012",
		"aaaaaaaaaaaaaa",
		"abababababab",
		"abcabcabcabca",
		"12ab12ab12ab",
		"            ",
		"adaadaadaada",
		"Ada-Lovelace",
		"lovelace1815",
		"Lovelace&Ada!!",
		"countess@example.org",
		"countess2026",
		"portbookportbook",
		"PortBook-2026!",
		"numbersnumbers",
		"ada@portbook",
	};
	struct accounts *accounts CLEANUP(accounts_closep) = open_cheap();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		expect(accounts, slice_cstr(refused[i]), ACCOUNT_REFUSED);
	expect(accounts, SLICE_NONE, ACCOUNT_REFUSED);
}

/* Two hashes of one password have nothing in common, and neither has the password in it. */
static void test_salted(void **state)
{
	struct accounts *accounts CLEANUP(accounts_closep) = open_cheap();
	struct account_hash hashes[2];
	struct fault fault = {};

	(void)state;
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(account_password_hash(accounts, &ada, SLICE("seven wild geese"),
						       &hashes[i], &fault),
				 0);
	assert_string_not_equal(hashes[0].text, hashes[1].text);
	assert_null(strstr(hashes[0].text, "geese"));
}

/* What is not said is at least OWASP's minimum of 19 MiB and two passes. */
static void test_parameters(void **state)
{
	struct accounts_options none = {.hash_memory = 8191};
	struct accounts *accounts = NULL;
	struct account_hash hash;
	struct fault fault = {};

	(void)state;
	assert_int_equal(accounts_open(NULL, &accounts, &fault), 0);
	assert_int_equal(
		account_password_hash(accounts, &ada, SLICE("seven wild geese"), &hash, &fault), 0);
	assert_true(slice_starts(slice_cstr(hash.text), SLICE("$argon2id$v=19$m=65536,t=2,p=1$")));
	accounts_close(accounts);
	accounts_close(NULL);
	accounts = NULL;
	assert_int_equal(accounts_open(&none, &accounts, &fault), FAULT_LIMIT);
	assert_told(fault);
	none.hash_memory = UINT64_C(1) << 32;
	assert_int_equal(accounts_open(&none, &accounts, &fault), FAULT_LIMIT);
	assert_null(accounts);
}

static void test_secret_wiped(void **state)
{
	static const struct account_secret zero;
	struct account_secret secret = {.bytes = "secret", .n = 6};

	(void)state;
	account_secret_done(&secret);
	assert_memory_equal(&secret, &zero, sizeof(zero));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),	     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_salted),	     cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_secret_wiped),
	};

	return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
