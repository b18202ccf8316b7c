/*
 * By libcrypto's functions for this one digest: unlike those for any digest they allocate nothing,
 * and need none of the library's tables. They are deprecated for these.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "codec/codec.h"

#include "base/number.h"

_Static_assert(CODEC_SHA256_SIZE == SHA256_DIGEST_LENGTH, "a digest is a SHA-256");
_Static_assert(sizeof(struct codec_sha256) >= sizeof(SHA256_CTX) &&
		       _Alignof(struct codec_sha256) >= _Alignof(SHA256_CTX),
	       "the state has room");

static SHA256_CTX *state_of(struct codec_sha256 *sha256)
{
	return (SHA256_CTX *)sha256->state;
}

void codec_sha256_begin(struct codec_sha256 *sha256)
{
	SHA256_Init(state_of(sha256));
}

void codec_sha256_add(struct codec_sha256 *sha256, struct slice piece)
{
	if (piece.n > 0)
		SHA256_Update(state_of(sha256), piece.p, piece.n);
}

void codec_sha256_end(struct codec_sha256 *sha256,
		      unsigned char ret_digest[static CODEC_SHA256_SIZE])
{
	SHA256_Final(ret_digest, state_of(sha256));
}

void codec_sha256(struct slice text, unsigned char ret_digest[static CODEC_SHA256_SIZE])
{
	struct codec_sha256 sha256;

	codec_sha256_begin(&sha256);
	codec_sha256_add(&sha256, text);
	codec_sha256_end(&sha256, ret_digest);
}

struct slice codec_sha256_hex(const unsigned char digest[static CODEC_SHA256_SIZE],
			      char space[static 2 * CODEC_SHA256_SIZE])
{
	hex_write(digest, CODEC_SHA256_SIZE, space);
	return (struct slice){space, 2 * (size_t)CODEC_SHA256_SIZE};
}
