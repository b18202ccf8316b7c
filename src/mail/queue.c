/* The queue: letters in, the one that is due out, and what came of it. */
#include <sys/random.h>

#include "base/number.h"
#include "base/utf8.h"
#include "mail/letter.h"
#include "mail/queue.h"

/*
 * due is when a letter is to be taken: of one that is being sent, when its sender is thought to be
 * dead. Those that are not to be taken have none. Rows stay for good, for their keys.
 */
const char mail_schema[] = "CREATE TABLE letters (\n"
			   "  number INTEGER PRIMARY KEY,\n"
			   "  key TEXT NOT NULL UNIQUE,\n"
			   "  kind TEXT NOT NULL,\n"
			   "  account INTEGER NOT NULL,\n"
			   "  address TEXT NOT NULL,\n"
			   "  name TEXT,\n"
			   "  subject TEXT NOT NULL,\n"
			   "  body TEXT,\n"
			   "  thread TEXT,\n"
			   "  event INTEGER NOT NULL,\n"
			   "  id TEXT NOT NULL,\n"
			   "  state TEXT NOT NULL,\n"
			   "  tries INTEGER NOT NULL,\n"
			   "  created TEXT NOT NULL,\n"
			   "  changed TEXT NOT NULL,\n"
			   "  due TEXT,\n"
			   "  reason TEXT\n"
			   ");"
			   "CREATE INDEX letters_due ON letters (due) WHERE due IS NOT NULL;"
			   "CREATE INDEX letters_account ON letters (account, number);"
			   "CREATE INDEX letters_state ON letters (state, number);"
			   "CREATE INDEX letters_body ON letters (changed) WHERE body IS NOT NULL;";

/* Minutes after the first try, the second, ...: five days in all. */
static const unsigned pauses[MAIL_TRIES - 1] = {5, 15, 60, 180, 360, 720, 1440, 1440, 1440, 1440};

enum { ID_BYTES = 16 };

int queue_time(struct slice now, int64_t *ret_seconds, struct fault *fault)
{
	if (time_parse(now, ret_seconds))
		return 0;
	return fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no time",
			 (int)(now.n < 40 ? now.n : 40), now.p ? now.p : "");
}

/* Of chance, because stores that are copies of each other may send to the same people. */
static int make_id(char space[static 2 * ID_BYTES], struct fault *fault)
{
	unsigned char bytes[ID_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return fault_set(fault, FAULT_SYSTEM, "no random numbers");
	hex_write(bytes, sizeof(bytes), space);
	return 0;
}

static int check_letter(const struct mail_letter *letter, struct fault *fault)
{
	const struct slice lines[] = {letter->key, letter->kind, letter->name, letter->subject,
				      letter->thread};
	size_t bad;

	if (!mail_address_valid(letter->address))
		return fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no address of mail",
				 (int)(letter->address.n < 80 ? letter->address.n : 80),
				 letter->address.p ? letter->address.p : "");
	if (letter->thread.p && !letter_is_token(letter->thread))
		return fault_set(fault, FAULT_MALFORMED,
				 "a thread is named by letters, digits and hyphens");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!utf8_valid(lines[i], &bad))
			return fault_set(fault, FAULT_MALFORMED, "a letter that is not UTF-8");
		if (lines[i].n > MAIL_SUBJECT_MAX)
			return fault_set(fault, FAULT_LIMIT,
					 "a letter with more than %d bytes in a line of its head",
					 MAIL_SUBJECT_MAX);
	}
	if (!utf8_valid(letter->body, &bad))
		return fault_set(fault, FAULT_MALFORMED, "a letter that is not UTF-8");
	if (letter->body.n > MAIL_BODY_MAX)
		return fault_set(fault, FAULT_LIMIT, "a letter of more than %d bytes",
				 MAIL_BODY_MAX);
	return 0;
}

/* The texts that are not what they were given as. */
struct cleaned {
	struct strbuf name, subject, body;
	char id[2 * ID_BYTES];
};

static void cleaned_done(struct cleaned *cleaned)
{
	strbuf_done(&cleaned->name);
	strbuf_done(&cleaned->subject);
	strbuf_done(&cleaned->body);
}

static int insert(struct db *db, const struct mail_letter *letter, const struct cleaned *cleaned,
		  struct slice now, struct fault *fault)
{
	int result = db_execute(
		db,
		"INSERT INTO letters (number, key, kind, account, address, name, subject, body, "
		"thread, event, id, state, tries, created, changed, due) VALUES ((SELECT "
		"COALESCE(max(number), 0) + 1 FROM letters), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		"?10, 'queued', 0, ?11, ?11, ?11) ON CONFLICT (key) DO NOTHING RETURNING number",
		DB_VALUES(db_value_text(letter->key), db_value_text(letter->kind),
			  db_value_int(letter->account), db_value_text(letter->address),
			  db_value_text(letter->name.p ? strbuf_slice(&cleaned->name) : SLICE_NONE),
			  db_value_text(strbuf_slice(&cleaned->subject)),
			  db_value_text(strbuf_slice(&cleaned->body)),
			  db_value_text(letter->thread), db_value_int(letter->event),
			  db_value_text((struct slice){cleaned->id, sizeof(cleaned->id)}),
			  db_value_text(now)),
		fault);

	return result < 0 ? result : !result;
}

int mail_put(struct db *db, const struct mail_letter *letter, struct slice now, struct fault *fault)
{
	struct cleaned cleaned CLEANUP(cleaned_done) = {};
	int64_t seconds;
	int result = queue_time(now, &seconds, fault);

	if (result == 0)
		result = check_letter(letter, fault);
	if (result == 0)
		result = make_id(cleaned.id, fault);
	if (result < 0)
		return result;
	letter_clean_line(letter->name, &cleaned.name);
	letter_clean_line(letter->subject, &cleaned.subject);
	letter_clean_body(letter->body, &cleaned.body);
	if (cleaned.name.failed || cleaned.subject.failed || cleaned.body.failed)
		return fault_memory(fault);
	return insert(db, letter, &cleaned, now, fault);
}

/* Whether there is something to do, so that nobody is held up by those who only look. */
static int is_due(struct db *db, struct slice now, struct fault *fault)
{
	return db_execute(db, "SELECT 1 FROM letters WHERE due <= ?1 LIMIT 1",
			  DB_VALUES(db_value_text(now)), fault);
}

/* A letter that ends its senders does not do so for ever. */
static int give_up(struct db *db, struct slice now, struct fault *fault)
{
	return db_execute(db,
			  "UPDATE letters SET state = 'failed', due = NULL, changed = ?1, "
			  "reason = 'its senders ended while they sent it' "
			  "WHERE due <= ?1 AND tries >= ?2",
			  DB_VALUES(db_value_text(now), db_value_int(MAIL_TRIES)), fault);
}

static int take_due(struct db *db, struct slice now, struct slice stale, struct arena *arena,
		    struct mail_letter *ret_letter, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	bool failed = false;
	int result = db_query(
		db,
		"UPDATE letters SET state = 'sending', tries = tries + 1, changed = ?1, due = ?2 "
		"WHERE number = (SELECT number FROM letters WHERE due <= ?1 "
		"ORDER BY due, number LIMIT 1) RETURNING " QUEUE_COLUMNS,
		DB_VALUES(db_value_text(now), db_value_text(stale)), &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result != 1)
		return result;
	result = queue_letter(statement, ret_letter, fault);
	if (result < 0)
		return result;
	queue_copy(ret_letter, arena, &failed);
	return failed ? fault_memory(fault) : 1;
}

int mail_claim(struct db *db, struct slice now, struct arena *arena, struct mail_letter *ret_letter,
	       struct fault *fault)
{
	struct mail_letter letter;
	char space[TIME_LENGTH];
	int64_t seconds;
	int result = queue_time(now, &seconds, fault), committed;

	if (result == 0)
		result = is_due(db, now, fault);
	if (result != 1)
		return result;
	result = db_begin(db, true, fault);
	if (result < 0)
		return result;
	result = give_up(db, now, fault);
	if (result == 0)
		result = take_due(db, now, time_write(seconds + MAIL_STALE, space), arena, &letter,
				  fault);
	if (result < 0) {
		db_rollback(db);
		return result;
	}
	committed = db_commit(db, fault);
	if (committed < 0)
		return committed;
	if (result == 1)
		*ret_letter = letter;
	return result;
}

static int settle(struct db *db, const struct mail_letter *letter, enum mail_state state,
		  struct slice due, struct slice reason, struct slice now, struct fault *fault)
{
	int result = db_execute(
		db,
		"UPDATE letters SET state = ?4, due = ?5, reason = ?6, changed = ?7 "
		"WHERE number = ?1 AND (state = 'sending' AND tries = ?2 AND changed = ?3 "
		"OR ?4 = 'sent' AND state <> 'sent') RETURNING number",
		DB_VALUES(db_value_int(letter->number), db_value_int(letter->tries),
			  db_value_text(letter->changed), db_value_text(mail_state_name(state)),
			  db_value_text(due), db_value_text(reason), db_value_text(now)),
		fault);

	return result < 0 ? result : !result;
}

int mail_settle(struct db *db, const struct mail_letter *letter, enum mail_outcome outcome,
		struct slice reason, struct slice now, struct fault *fault)
{
	enum mail_state state = outcome == MAIL_OK ? MAIL_SENT : MAIL_FAILED;
	struct strbuf line CLEANUP(strbuf_done) = {};
	struct slice due = SLICE_NONE;
	char space[TIME_LENGTH];
	int64_t seconds;
	int result = queue_time(now, &seconds, fault);

	if (result < 0)
		return result;
	if (outcome == MAIL_LATER && letter->tries > 0 && letter->tries < MAIL_TRIES) {
		state = MAIL_QUEUED;
		due = time_write(seconds + pauses[letter->tries - 1] * 60, space);
	}
	letter_clean_line(reason, &line);
	if (line.failed)
		return fault_memory(fault);
	result = db_begin(db, true, fault);
	if (result < 0)
		return result;
	result = settle(db, letter, state, due,
			outcome == MAIL_OK ? SLICE_NONE : strbuf_slice(&line), now, fault);
	if (result == 0)
		return db_commit(db, fault);
	db_rollback(db);
	return result;
}
