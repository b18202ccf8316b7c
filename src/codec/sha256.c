#include <sodium/crypto_hash_sha256.h>

#include "codec/codec.h"

_Static_assert(CODEC_SHA256_SIZE == crypto_hash_sha256_BYTES, "a digest is a SHA-256");
_Static_assert(sizeof(struct codec_sha256) >= sizeof(crypto_hash_sha256_state) &&
		       _Alignof(struct codec_sha256) >= _Alignof(crypto_hash_sha256_state),
	       "the state has room");

static crypto_hash_sha256_state *state_of(struct codec_sha256 *sha256)
{
	return (crypto_hash_sha256_state *)sha256->state;
}

static const unsigned char *bytes_of(struct slice text)
{
	return (const unsigned char *)(text.p ? text.p : "");
}

void codec_sha256_begin(struct codec_sha256 *sha256)
{
	crypto_hash_sha256_init(state_of(sha256));
}

void codec_sha256_add(struct codec_sha256 *sha256, struct slice piece)
{
	crypto_hash_sha256_update(state_of(sha256), bytes_of(piece), piece.n);
}

void codec_sha256_end(struct codec_sha256 *sha256,
		      unsigned char ret_digest[static CODEC_SHA256_SIZE])
{
	crypto_hash_sha256_final(state_of(sha256), ret_digest);
}

void codec_sha256(struct slice text, unsigned char ret_digest[static CODEC_SHA256_SIZE])
{
	crypto_hash_sha256(ret_digest, bytes_of(text), text.n);
}

struct slice codec_sha256_hex(const unsigned char digest[static CODEC_SHA256_SIZE],
			      char space[static 2 * CODEC_SHA256_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < CODEC_SHA256_SIZE; i++) {
		space[2 * i] = digits[digest[i] >> 4];
		space[2 * i + 1] = digits[digest[i] & 15];
	}
	return (struct slice){space, 2 * (size_t)CODEC_SHA256_SIZE};
}
