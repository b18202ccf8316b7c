#include "history/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/number.h"
#include "codec/codec.h"
#include "history/schema.h"
#include "record/date.h"

/* Milliseconds that are waited for other programs. */
enum { WAIT = 10000 };

bool history_is_url(const char *where)
{
	return db_engine_of(where) == DB_POSTGRES;
}

bool history_may_be(const char *where)
{
	struct stat status;

	return history_is_url(where) || stat(where, &status) == 0 || errno != ENOENT;
}

int history_open(const char *where, enum history_access access, struct history **ret_history,
		 struct fault *fault)
{
	struct db_options options = {.create = access == HISTORY_CREATE,
				     .read_only = access == HISTORY_READ,
				     .wait = WAIT};
	struct history *history = calloc(1, sizeof(*history));
	int result;

	if (!history)
		return fault_memory(fault);
	history->changes = -1;
	result = db_open(where, &options, &history->db, fault);
	if (result == 0)
		result = schema_check(history->db, access != HISTORY_READ, access == HISTORY_CREATE,
				      fault);
	if (result < 0) {
		history_close(history);
		return result;
	}
	*ret_history = history;
	return 0;
}

struct db *history_db(struct history *history)
{
	return history->db;
}

void store_forget(struct history *history)
{
	for (size_t i = 0; i < LIST_COUNT; i++)
		runs_done(&history->runs[i]);
	free(history->known);
	history->known = NULL;
	history->known_count = history->known_size = 0;
	history->changes = -1;
}

void history_close(struct history *history)
{
	if (!history)
		return;
	db_close(history->db);
	store_forget(history);
	strbuf_done(&history->document);
	free(history);
}

void history_closep(struct history **history)
{
	history_close(*history);
	*history = NULL;
}

int history_begin(struct history *history, bool writing, struct fault *fault)
{
	int result = db_begin(history->db, writing, fault);

	if (result == 0)
		history->writing = writing;
	return result;
}

int history_commit(struct history *history, struct fault *fault)
{
	int result = db_commit(history->db, fault);

	if (result < 0)
		history_rollback(history);
	history->writing = false;
	return result;
}

void history_rollback(struct history *history)
{
	db_rollback(history->db);
	if (history->writing)
		store_forget(history);
	history->writing = false;
}

int store_number(struct history *history, const char *sql, struct db_values values,
		 int64_t *ret_number, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(history->db, sql, values, &statement, fault);

	if (result == 0)
		result = db_step(statement, fault);
	if (result < 0)
		return result;
	if (result == 0 || db_is_null(statement, 0))
		return 1;
	*ret_number = db_int(statement, 0);
	return 0;
}

int store_prepare(struct history *history, struct strbuf *sql, struct db_statement **ret_statement,
		  struct fault *fault)
{
	strbuf_add_byte(sql, '\0');
	if (sql->failed)
		return fault_memory(fault);
	return db_prepare(history->db, sql->p, ret_statement, fault);
}

bool store_day(struct slice text, int64_t *ret_day)
{
	struct date date;

	if (!date_parse(text, &date) || date.day == 0 || date.year == 0)
		return false;
	*ret_day = (int64_t)date.year * 10000 + date.month * 100 + date.day;
	return true;
}

struct slice history_label(int64_t number, char space[static HISTORY_LABEL_SIZE])
{
	long long day = number / HISTORY_SEQUENCES, sequence = number % HISTORY_SEQUENCES;
	int n = snprintf(space, HISTORY_LABEL_SIZE, "%04lld-%02lld-%02lld", day / 10000,
			 day / 100 % 100, day % 100);

	if (sequence > 1)
		n += snprintf(space + n, HISTORY_LABEL_SIZE - (size_t)n, ".%lld", sequence);
	return (struct slice){space, (size_t)n};
}

#define EDITION_COLUMNS                                                                            \
	"edition, date, sequence, format, origin, imported, editions.sha256, documents.bytes, "    \
	"row_count, person_count FROM editions JOIN documents ON documents.sha256 = "              \
	"editions.sha256 "

static int give_edition(struct db_statement *statement, history_edition_handler *handler,
			void *context)
{
	const struct history_edition edition = {
		.number = db_int(statement, 0),
		.date = db_text(statement, 1),
		.sequence = (unsigned)db_int(statement, 2),
		.format = db_text(statement, 3),
		.origin = db_text(statement, 4),
		.imported = db_text(statement, 5),
		.sha256 = db_text(statement, 6),
		.bytes = db_int(statement, 7),
		.rows = db_int(statement, 8),
		.people = db_int(statement, 9),
	};

	return handler(context, &edition);
}

int history_editions(struct history *history, history_edition_handler *handler, void *context,
		     struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(history->db, "SELECT " EDITION_COLUMNS "ORDER BY edition",
				&statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) > 0)
		result = give_edition(statement, handler, context);
	return result;
}

static int no_edition(int64_t number, struct fault *fault)
{
	char space[HISTORY_LABEL_SIZE];
	struct slice label = history_label(number, space);

	return fault_set(fault, FAULT_SYSTEM, "no edition %.*s in the store", (int)label.n,
			 label.p);
}

int history_edition(struct history *history, int64_t number, history_edition_handler *handler,
		    void *context, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(history->db, "SELECT " EDITION_COLUMNS "WHERE edition = ?1",
			      DB_VALUES(db_value_int(number)), &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result == 0)
		return no_edition(number, fault);
	return result < 0 ? result : give_edition(statement, handler, context);
}

/* "2026-02-13", the last of the day, or "2026-02-13.2", the second. */
static bool read_label(struct slice label, int64_t *ret_last)
{
	struct slice rest = label, day = slice_cut(&rest, '.');
	uint64_t sequence;
	int64_t number;

	if (!store_day(day, &number))
		return false;
	*ret_last = number * HISTORY_SEQUENCES + HISTORY_SEQUENCES - 1;
	if (!rest.p)
		return true;
	if (!number_parse(rest, HISTORY_SEQUENCES - 1, &sequence) || rest.p[0] == '0')
		return false;
	*ret_last = number * HISTORY_SEQUENCES + (int64_t)sequence;
	return true;
}

int history_find(struct history *history, struct slice date, int64_t *ret_number,
		 struct fault *fault)
{
	int64_t last = RUN_FOREVER;

	if (date.p && !read_label(date, &last))
		return fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no date: YYYY-MM-DD",
				 date.n < 40 ? (int)date.n : 40, date.p);
	return store_number(history, "SELECT max(edition) FROM editions WHERE edition <= ?1",
			    DB_VALUES(db_value_int(last)), ret_number, fault);
}

int history_previous(struct history *history, int64_t number, int64_t *ret_number,
		     struct fault *fault)
{
	return store_number(history, "SELECT max(edition) FROM editions WHERE edition < ?1",
			    DB_VALUES(db_value_int(number)), ret_number, fault);
}

int history_state(struct history *history, int64_t *ret_state, struct fault *fault)
{
	int result = store_number(history, "SELECT value FROM meta WHERE key = 'changes'",
				  DB_NO_VALUES, ret_state, fault);

	return result <= 0 ? result : fault_set(fault, FAULT_MALFORMED, "damaged store");
}

void store_add_columns(struct strbuf *sql, enum list_kind kind)
{
	for (size_t i = 0; i < list_columns(kind); i++) {
		strbuf_add(sql, i > 0 ? SLICE(", ") : SLICE_NONE);
		strbuf_add(sql, slice_cstr(list_at(kind)->columns[i].name));
	}
}

void store_bind_entry(struct db_statement *statement, int parameter, enum list_kind kind,
		      const struct list_entry *entry)
{
	for (size_t i = 0; i < list_columns(kind); i++, parameter++) {
		if (list_at(kind)->columns[i].role != LIST_NUMBER)
			db_bind_text(statement, parameter, entry->text[i]);
		else if (entry->number[i] >= 0)
			db_bind_int(statement, parameter, entry->number[i]);
		else
			db_bind_text(statement, parameter, SLICE_NONE);
	}
}

void store_get_entry(struct db_statement *statement, int column, enum list_kind kind,
		     struct list_entry *entry)
{
	for (size_t i = 0; i < list_columns(kind); i++, column++) {
		if (list_at(kind)->columns[i].role == LIST_NUMBER)
			entry->number[i] =
				db_is_null(statement, column) ? -1 : db_int(statement, column);
		else
			entry->text[i] = db_text(statement, column);
	}
}

void store_digest(struct slice bytes, char ret_digits[static SHA256_DIGITS + 1])
{
	unsigned char digest[CODEC_SHA256_SIZE];

	codec_sha256(bytes, digest);
	codec_sha256_hex(digest, ret_digits);
	ret_digits[SHA256_DIGITS] = '\0';
}
