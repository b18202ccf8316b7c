#include "accounts/secret.h"

#include <errno.h>

void secret_make(const struct accounts *accounts, struct slice prefix,
		 struct account_secret *ret_secret)
{
	enum { BITS = 256 };
	struct account_secret secret;
	unsigned char bytes[BITS / 8];

	accounts->sodium.random(bytes, sizeof(bytes));
	memcpy(secret.bytes, prefix.p, prefix.n);
	accounts->sodium.base64(secret.bytes + prefix.n, sizeof(secret.bytes) - prefix.n, bytes,
				sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	secret.n = strlen(secret.bytes);
	*ret_secret = secret;
	explicit_bzero(bytes, sizeof(bytes));
	account_secret_done(&secret);
}

void account_secret_done(struct account_secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}

struct slice secret_hash(struct slice kind, struct slice secret,
			 char space[static SECRET_HASH_SIZE])
{
	struct codec_sha256 sha256;
	unsigned char digest[CODEC_SHA256_SIZE];
	struct slice hash;

	codec_sha256_begin(&sha256);
	codec_sha256_add(&sha256, kind);
	codec_sha256_add(&sha256, SLICE(" "));
	codec_sha256_add(&sha256, secret);
	codec_sha256_end(&sha256, digest);
	hash = codec_sha256_hex(digest, space);
	explicit_bzero(&sha256, sizeof(sha256));
	explicit_bzero(digest, sizeof(digest));
	return hash;
}

int secret_hash_password(struct accounts *accounts, struct slice password,
			 struct account_hash *ret_hash, struct fault *fault)
{
	struct account_hash hash;

	atomic_fetch_add(&accounts->hashed, 1);
	if (accounts->sodium.hash(hash.text, password.p, password.n, accounts->passes,
				  accounts->memory) != 0)
		return fault_memory(fault);
	*ret_hash = hash;
	return 0;
}

int secret_verify_password(struct accounts *accounts, struct slice password,
			   const struct account_hash *hash, struct fault *fault)
{
	atomic_fetch_add(&accounts->hashed, 1);
	errno = 0;
	if (accounts->sodium.verify(hash->text, password.p ? password.p : "", password.n) == 0)
		return 1;
	/* Of what fails, libsodium calls a wrong password alone invalid. */
	if (errno == EINVAL)
		return 0;
	if (errno == ENOMEM)
		return fault_memory(fault);
	return fault_set(fault, FAULT_MALFORMED, "a password's hash is damaged");
}
