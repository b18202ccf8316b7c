#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(struct slice bytes)
{
	return XXH3_64bits(bytes.p, bytes.n);
}

void hash_wide(struct slice bytes, uint64_t ret_hash[static 2])
{
	XXH128_hash_t hash = XXH3_128bits(bytes.p, bytes.n);

	ret_hash[0] = hash.low64;
	ret_hash[1] = hash.high64;
}
