#include "desk/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "codec/codec.h"

enum { SALT_SIZE = 16 };

/* "LENGTH:TEXT,", and "~" for what is absent: no two rows of columns read the same. */
static void add_text(struct codec_sha256 *sha256, struct slice text)
{
	char head[24];

	if (!text.p) {
		codec_sha256_add(sha256, SLICE("~"));
		return;
	}
	codec_sha256_add(
		sha256, (struct slice){head, (size_t)snprintf(head, sizeof(head), "%zu:", text.n)});
	codec_sha256_add(sha256, text);
	codec_sha256_add(sha256, SLICE(","));
}

static void add_number(struct codec_sha256 *sha256, int64_t number)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%" PRId64, number);

	add_text(sha256, (struct slice){digits, (size_t)n});
}

static void finish(struct codec_sha256 *sha256, char ret_digits[static DIGEST_SIZE])
{
	unsigned char digest[CODEC_SHA256_SIZE];

	codec_sha256_end(sha256, digest);
	(void)codec_sha256_hex(digest, ret_digits);
}

void event_private_digest(const struct event *event, char ret_digits[static DIGEST_SIZE])
{
	struct codec_sha256 sha256;

	codec_sha256_begin(&sha256);
	add_text(&sha256, event->salt);
	add_text(&sha256, event->private_application);
	add_text(&sha256, event->note);
	add_number(&sha256, event->internal);
	finish(&sha256, ret_digits);
}

void event_digest(const struct event *event, struct slice previous,
		  char ret_digits[static DIGEST_SIZE])
{
	struct codec_sha256 sha256;

	codec_sha256_begin(&sha256);
	add_text(&sha256, previous);
	add_number(&sha256, event->sequence);
	add_number(&sha256, event->request);
	add_text(&sha256, event->at);
	add_number(&sha256, event->actor);
	add_text(&sha256, event->role);
	add_text(&sha256, event->action);
	add_text(&sha256, event->state);
	add_number(&sha256, event->account);
	add_text(&sha256, event->application);
	add_text(&sha256, event->body);
	add_number(&sha256, event->first_port);
	add_number(&sha256, event->last_port);
	add_text(&sha256, event->deadline);
	add_text(&sha256, event->expires);
	add_number(&sha256, event->edition);
	add_text(&sha256, event->private_hash);
	finish(&sha256, ret_digits);
}

int32_t port_get(struct db_statement *statement, int column)
{
	int64_t number = db_int(statement, column);

	return number >= -1 && number <= PORT_MAX ? (int32_t)number : INT32_MIN;
}

void event_get(struct db_statement *statement, struct event *ret_event)
{
	*ret_event = (struct event){
		.sequence = db_int(statement, 0),
		.request = db_int(statement, 1),
		.at = db_text(statement, 2),
		.actor = db_int(statement, 3),
		.role = db_text(statement, 4),
		.action = db_text(statement, 5),
		.state = db_text(statement, 6),
		.account = db_int(statement, 7),
		.application = db_text(statement, 8),
		.body = db_text(statement, 9),
		.first_port = port_get(statement, 10),
		.last_port = port_get(statement, 11),
		.deadline = db_text(statement, 12),
		.expires = db_text(statement, 13),
		.edition = db_int(statement, 14),
		.private_hash = db_text(statement, 15),
		.hash = db_text(statement, 16),
		.has_private = !db_is_null(statement, 17),
		.salt = db_bytes(statement, 17),
		.private_application = db_text(statement, 18),
		.note = db_text(statement, 19),
		.internal = db_int(statement, 20) != 0,
	};
}

/* The newest event's number and hash: 0 and empty where there is none. */
static int find_last(struct desk *desk, int64_t *ret_sequence, char ret_hash[static DIGEST_SIZE],
		     struct slice *ret_slice, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(
		desk->db, "SELECT sequence, hash FROM desk_events ORDER BY sequence DESC LIMIT 1",
		&statement, fault);

	*ret_sequence = 0;
	*ret_slice = SLICE("");
	if (result == 0)
		result = db_step(statement, fault);
	if (result <= 0)
		return result;
	if (db_text(statement, 1).n != DIGEST_SIZE)
		return fault_set(fault, FAULT_MALFORMED, "the log's newest event has no hash");
	*ret_sequence = db_int(statement, 0);
	memcpy(ret_hash, db_text(statement, 1).p, DIGEST_SIZE);
	*ret_slice = (struct slice){ret_hash, DIGEST_SIZE};
	return 0;
}

static int insert_event(struct desk *desk, const struct event *event, struct fault *fault)
{
	return db_execute(desk->db,
			  "INSERT INTO desk_events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
			  "?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
			  DB_VALUES(db_value_int(event->sequence), db_value_int(event->request),
				    db_value_text(event->at), db_value_int(event->actor),
				    db_value_text(event->role), db_value_text(event->action),
				    db_value_text(event->state), db_value_int(event->account),
				    db_value_text(event->application), db_value_text(event->body),
				    db_value_int(event->first_port), db_value_int(event->last_port),
				    db_value_text(event->deadline), db_value_text(event->expires),
				    db_value_int(event->edition),
				    db_value_text(event->private_hash), db_value_text(event->hash)),
			  fault);
}

static int insert_private(struct desk *desk, const struct event *event, struct fault *fault)
{
	return db_execute(desk->db, "INSERT INTO desk_private VALUES (?1, ?2, ?3, ?4, ?5)",
			  DB_VALUES(db_value_int(event->sequence), db_value_bytes(event->salt),
				    db_value_text(event->private_application),
				    db_value_text(event->note), db_value_int(event->internal)),
			  fault);
}

int event_append(struct desk *desk, struct event *event, struct fault *fault)
{
	char previous[DIGEST_SIZE], digits[DIGEST_SIZE], private_digits[DIGEST_SIZE];
	char salt[SALT_SIZE];
	struct event full = *event;
	struct slice last;
	int result = find_last(desk, &full.sequence, previous, &last, fault);

	if (result < 0)
		return result;
	full.sequence++;
	full.has_private = event->private_application.p || event->note.p;
	if (full.has_private) {
		/* Without it, who guesses an erased text could tell that it was that. */
		if (getrandom(salt, sizeof(salt), 0) != sizeof(salt))
			return fault_set(fault, FAULT_SYSTEM, "no random numbers");
		full.salt = (struct slice){salt, sizeof(salt)};
		event_private_digest(&full, private_digits);
		full.private_hash = (struct slice){private_digits, DIGEST_SIZE};
	}
	event_digest(&full, last, digits);
	full.hash = (struct slice){digits, DIGEST_SIZE};
	result = insert_event(desk, &full, fault);
	if (result == 0 && full.has_private)
		result = insert_private(desk, &full, fault);
	if (result == 0)
		event->sequence = full.sequence;
	return result;
}
