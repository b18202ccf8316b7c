#undef NDEBUG
#include "../testing.h"

#include "codec/codec.h"

/* The examples of FIPS 180-2, appendix B, and nothing. */
static const struct {
	const char *text, *digest;
} examples[] = {
	{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void expect(const unsigned char digest[static CODEC_SHA256_SIZE], const char *expected)
{
	char space[2 * CODEC_SHA256_SIZE];

	assert_slice(codec_sha256_hex(digest, space), slice_cstr(expected));
}

static void test_examples(void **state)
{
	unsigned char digest[CODEC_SHA256_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		codec_sha256(slice_cstr(examples[i].text), digest);
		expect(digest, examples[i].digest);
	}
	codec_sha256(SLICE_NONE, digest);
	expect(digest, examples[0].digest);
}

static void test_pieces(void **state)
{
	unsigned char digest[CODEC_SHA256_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		struct slice rest = slice_cstr(examples[i].text);
		struct codec_sha256 sha256;

		codec_sha256_begin(&sha256);
		codec_sha256_add(&sha256, SLICE_NONE);
		for (size_t n = 1; rest.n > 0; n += 7) {
			struct slice piece = {rest.p, n < rest.n ? n : rest.n};

			codec_sha256_add(&sha256, piece);
			rest = slice_skip(rest, n);
		}
		codec_sha256_end(&sha256, digest);
		expect(digest, examples[i].digest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
