/* Inside desk/: idempotency keys: what was done once with a key is not done again. */
#ifndef PORTBOOK_DESK_KEYS_H
#define PORTBOOK_DESK_KEYS_H

#include "desk/store.h"

/* What is to be done, in short. */
void digest_of(struct slice text, char ret_digits[static DIGEST_SIZE]);

/*
 * DESK_DONE and the request, where this was done before; DESK_NOT_FOUND: it was not; DESK_CONFLICT:
 * something else was, with that key. Without a key nothing ever was.
 */
int find_key(struct desk *desk, const struct account *actor, struct slice key, struct slice digest,
	     int64_t *ret_number, struct desk_refusal *refusal, struct fault *fault) MUST_USE;

/* Within the transaction in which it is done. 0 or a negative fault. */
int keep_key(struct desk *desk, const struct account *actor, struct slice key, struct slice digest,
	     int64_t number, struct slice now, struct fault *fault) MUST_USE;

#endif
