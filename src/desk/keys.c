#include "desk/keys.h"

#include "codec/codec.h"
#include "record/time.h"

enum { KEY_MAX = 200, KEY_DAYS = 7 };

/* Printable ASCII, as headers of HTTP have it. */
static bool is_key(struct slice key)
{
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] < ' ' || key.p[i] > '~')
			return false;
	}
	return key.n <= KEY_MAX;
}

void digest_of(struct slice text, char ret_digits[static DIGEST_SIZE])
{
	unsigned char digest[CODEC_SHA256_SIZE];

	codec_sha256(text, digest);
	(void)codec_sha256_hex(digest, ret_digits);
}

int find_key(struct desk *desk, const struct account *actor, struct slice key, struct slice digest,
	     int64_t *ret_number, struct desk_refusal *refusal, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result;

	if (key.n == 0)
		return DESK_NOT_FOUND;
	if (!is_key(key))
		return refuse(refusal, DESK_INVALID, SLICE("docs/API.md"),
			      "an idempotency key is at most %d characters of ASCII", KEY_MAX);
	result = db_query(
		desk->db, "SELECT digest, request FROM desk_keys WHERE account = ?1 AND key = ?2",
		DB_VALUES(db_value_int(actor->number), db_value_text(key)), &statement, fault);
	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result <= 0)
		return result < 0 ? result : DESK_NOT_FOUND;
	if (!slice_eq(db_text(statement, 0), digest))
		return refuse(refusal, DESK_CONFLICT, SLICE("docs/API.md"),
			      "the idempotency key was used for something else");
	*ret_number = db_int(statement, 1);
	return DESK_DONE;
}

/* Who has not asked again for so long does not. */
static int drop_old(struct desk *desk, struct slice now, struct fault *fault)
{
	char space[TIME_LENGTH];
	int64_t seconds;

	if (!time_parse(now, &seconds))
		return fault_set(fault, FAULT_MALFORMED, "no time");
	return db_execute(
		desk->db, "DELETE FROM desk_keys WHERE at < ?1",
		DB_VALUES(db_value_text(time_write(seconds - KEY_DAYS * INT64_C(86400), space))),
		fault);
}

int keep_key(struct desk *desk, const struct account *actor, struct slice key, struct slice digest,
	     int64_t number, struct slice now, struct fault *fault)
{
	int result;

	if (key.n == 0)
		return 0;
	result = drop_old(desk, now, fault);
	if (result < 0)
		return result;
	return db_execute(desk->db, "INSERT INTO desk_keys VALUES (?1, ?2, ?3, ?4, ?5)",
			  DB_VALUES(db_value_int(actor->number), db_value_text(key),
				    db_value_text(digest), db_value_int(number),
				    db_value_text(now)),
			  fault);
}
