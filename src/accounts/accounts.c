#include <stdio.h>
#include <stdlib.h>

#include "accounts/peer.h"
#include "accounts/secret.h"
#include "base/library.h"

/* What is not said. */
enum { IDLE_MINUTES = 120, SESSION_HOURS = 12, FAILURES = 5 };

static int open_library(struct sodium *sodium, struct fault *fault)
{
	static const char *const names[] = {
		"sodium_init",
		"sodium_memcmp",
		"sodium_bin2base64",
		"randombytes_buf",
		"crypto_shorthash",
		"crypto_pwhash_argon2id_str",
		"crypto_pwhash_argon2id_str_verify",
		"crypto_pwhash_argon2id_str_needs_rehash",
	};
	int result = library_open("libsodium.so.23", "libsodium (Debian: libsodium23)", names,
				  ARRAY_SIZE(names), sodium, fault);

	if (result == 0 && sodium->init() < 0)
		return fault_set(fault, FAULT_SYSTEM, "libsodium cannot be used here");
	return result;
}

static int set_proxies(struct accounts *accounts, const struct accounts_options *options,
		       struct fault *fault)
{
	if (options->proxy_count > ACCOUNT_PEERS_MAX)
		return fault_set(fault, FAULT_LIMIT, "more than %d proxies", ACCOUNT_PEERS_MAX);
	for (size_t i = 0; i < options->proxy_count; i++) {
		if (!peer_address(options->proxies[i], accounts->proxies[i]))
			return fault_set(
				fault, FAULT_MALFORMED,
				"a proxy is an IP address, or \"unix\": not \"%.*s\"",
				(int)(options->proxies[i].n < 60 ? options->proxies[i].n : 60),
				options->proxies[i].p);
	}
	accounts->proxy_count = options->proxy_count;
	return 0;
}

/* The text of a hash as libsodium writes it, with chance in place of salt and digest. */
static void make_nobody(struct accounts *accounts)
{
	struct account_hash *hash = &accounts->nobody;
	unsigned char bytes[48];
	char salt[23], digest[44];

	accounts->sodium.random(bytes, sizeof(bytes));
	accounts->sodium.base64(salt, sizeof(salt), bytes, 16,
				sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	accounts->sodium.base64(digest, sizeof(digest), bytes + 16, 32,
				sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	(void)snprintf(hash->text, sizeof(hash->text), "$argon2id$v=19$m=%llu,t=%u,p=1$%s$%s",
		       (unsigned long long)(accounts->memory / 1024), accounts->passes, salt,
		       digest);
}

int accounts_open(const struct accounts_options *options, struct accounts **ret_accounts,
		  struct fault *fault)
{
	static const struct accounts_options none;
	struct accounts *accounts CLEANUP(accounts_closep) = calloc(1, sizeof(*accounts));
	int result;

	if (!accounts)
		return fault_memory(fault);
	options = options ? options : &none;
	accounts->memory = options->hash_memory ? options->hash_memory : ACCOUNT_HASH_MEMORY;
	accounts->passes = options->hash_passes ? options->hash_passes : ACCOUNT_HASH_PASSES;
	accounts->idle =
		60 * (int64_t)(options->idle_minutes ? options->idle_minutes : IDLE_MINUTES);
	accounts->absolute =
		3600 * (int64_t)(options->session_hours ? options->session_hours : SESSION_HOURS);
	accounts->failures = options->failures ? options->failures : FAILURES;
	accounts->service =
		(struct slice){accounts->service_text,
			       options->service.n < SERVICE_MAX ? options->service.n : SERVICE_MAX};
	if (options->service.n > 0)
		memcpy(accounts->service_text, options->service.p, accounts->service.n);
	if (accounts->memory < crypto_pwhash_argon2id_MEMLIMIT_MIN || accounts->memory > UINT32_MAX)
		return fault_set(fault, FAULT_LIMIT, "a password's hash takes 8 KiB to 4 GiB");
	result = set_proxies(accounts, options, fault);
	if (result == 0)
		result = open_library(&accounts->sodium, fault);
	if (result < 0)
		return result;
	make_nobody(accounts);
	*ret_accounts = take(accounts);
	return 0;
}

void accounts_close(struct accounts *accounts)
{
	free(accounts);
}

void accounts_closep(struct accounts **accounts)
{
	accounts_close(*accounts);
	*accounts = NULL;
}

uint64_t accounts_hashed(const struct accounts *accounts)
{
	return atomic_load(&accounts->hashed);
}
