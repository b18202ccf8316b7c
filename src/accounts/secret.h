/* Inside accounts/: what all threads share, and how secrets are made and hashed. */
#ifndef PORTBOOK_ACCOUNTS_SECRET_H
#define PORTBOOK_ACCOUNTS_SECRET_H

#include <sodium.h>
#include <stdatomic.h>

#include "accounts/accounts.h"
#include "codec/codec.h"

/* In the order of the names in accounts.c. */
struct sodium {
	typeof(sodium_init) *init;
	typeof(sodium_memcmp) *compare;
	typeof(sodium_bin2base64) *base64;
	typeof(randombytes_buf) *random;
	typeof(crypto_shorthash) *short_hash;
	typeof(crypto_pwhash_argon2id_str) *hash;
	typeof(crypto_pwhash_argon2id_str_verify) *verify;
	typeof(crypto_pwhash_argon2id_str_needs_rehash) *outdated;
};

enum { SERVICE_MAX = 64 };

struct accounts {
	struct sodium sodium;
	uint64_t memory;
	unsigned passes;
	int64_t idle, absolute; /* seconds */
	unsigned failures;
	/* A hash of today's parameters that is no password's. */
	struct account_hash nobody;
	char service_text[SERVICE_MAX];
	struct slice service;
	char proxies[ACCOUNT_PEERS_MAX][ACCOUNT_PEER_SIZE]; /* NUL-terminated */
	size_t proxy_count;
	atomic_uint_least64_t hashed;
};

/* A new secret: the prefix, and 256 bits as 43 letters, digits, "-" and "_". */
void secret_make(const struct accounts *accounts, struct slice prefix,
		 struct account_secret *ret_secret);

/* What is stored of a secret: a SHA-256 that the kind tells from those of other kinds, as text. */
enum { SECRET_HASH_SIZE = 2 * CODEC_SHA256_SIZE };
struct slice secret_hash(struct slice kind, struct slice secret,
			 char space[static SECRET_HASH_SIZE]);

/* Hashes a password with today's parameters. */
int secret_hash_password(struct accounts *accounts, struct slice password,
			 struct account_hash *ret_hash, struct fault *fault) MUST_USE;

/* 1: it is the password of that hash; 0: it is not; or a fault. */
int secret_verify_password(struct accounts *accounts, struct slice password,
			   const struct account_hash *hash, struct fault *fault) MUST_USE;

#endif
