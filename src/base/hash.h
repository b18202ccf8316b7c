/* A fast hash of bytes, the same on every machine; not one that resists an attacker. */
#ifndef PORTBOOK_BASE_HASH_H
#define PORTBOOK_BASE_HASH_H

#include <stdint.h>

#include "base/slice.h"

/* XXH3, 64 bits, without a seed. */
uint64_t hash_bytes(struct slice bytes);

/* XXH3, 128 bits, for what is to be told apart by its hash alone. */
void hash_wide(struct slice bytes, uint64_t ret_hash[static 2]);

#endif
