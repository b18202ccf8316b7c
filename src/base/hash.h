/* A fast hash of bytes, the same on every machine; not one that resists an attacker. */
#ifndef PORTBOOK_BASE_HASH_H
#define PORTBOOK_BASE_HASH_H

#include <stdint.h>

#include "base/slice.h"

/* XXH3, 64 bits, without a seed. */
uint64_t hash_bytes(struct slice bytes);

#endif
