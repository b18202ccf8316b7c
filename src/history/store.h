/* Inside history/: an open store. */
#ifndef PORTBOOK_HISTORY_STORE_H
#define PORTBOOK_HISTORY_STORE_H

#include "db/db.h"
#include "history/history.h"
#include "history/list.h"
#include "history/runs.h"

enum { SHA256_DIGITS = 64 };

/* An edition as far as adding others needs it. */
struct known_edition {
	int64_t number;
	unsigned lists; /* mask of those that its document states */
};

struct history {
	struct db *db;
	bool writing; /* a transaction that may write is open */

	/* All runs, read when something is first added, as of a number of changes; -1: not read. */
	struct runs runs[LIST_COUNT];
	struct known_edition *known; /* by ascending number */
	size_t known_count, known_size;
	int64_t changes;

	/* The document last packed or unpacked, since its neighbour is often next. */
	struct strbuf document;
	char document_sha256[SHA256_DIGITS + 1];
};

struct history_hashes {
	char sha256[SHA256_DIGITS + 1];
	struct run_entry *entries[LIST_COUNT]; /* list_size() each */
};

/* Forgets what is known in memory, after a transaction that came to nothing. */
void store_forget(struct history *history);

/*
 * Prepares, runs and finishes a statement that gives at most one row of one number. 0 with it; 1
 * where there is none, or it is NULL.
 */
int store_number(struct history *history, const char *sql, struct db_values values,
		 int64_t *ret_number, struct fault *fault) MUST_USE;

/* The date's part of an edition's number; false: no day. */
bool store_day(struct slice date, int64_t *ret_day) MUST_USE;

/* The digest of a document, NUL-terminated. */
void store_digest(struct slice bytes, char ret_digits[static SHA256_DIGITS + 1]);

/* Keeps a document that comes near an edition's number, unless it is kept. */
int store_keep_document(struct history *history, struct slice bytes, const char *sha256,
			int64_t near, struct slice format, struct fault *fault) MUST_USE;

/* A kept document, in history->document until the next call. */
int store_find_document(struct history *history, struct slice sha256, struct fault *fault) MUST_USE;

/* Reads the runs into memory, unless they are there as they are kept. */
int store_load_runs(struct history *history, struct fault *fault) MUST_USE;

/*
 * Entries of a registry's list with their hashes; the array of list_size() is the caller's to
 * free.
 */
int store_hash_entries(enum list_kind kind, const struct registry *registry,
		       struct run_entry **ret_entries, struct fault *fault) MUST_USE;

/* Appends to sql a list's columns, with commas between. */
void store_add_columns(struct strbuf *sql, enum list_kind kind);

/* Binds the columns of an entry from a parameter on. */
void store_bind_entry(struct db_statement *statement, int parameter, enum list_kind kind,
		      const struct list_entry *entry);

/* The entry of a row of a result whose columns those are, from a column on; borrowed from it. */
void store_get_entry(struct db_statement *statement, int column, enum list_kind kind,
		     struct list_entry *entry);

/* Prepares a statement whose text a buffer holds. */
int store_prepare(struct history *history, struct strbuf *sql, struct db_statement **ret_statement,
		  struct fault *fault) MUST_USE;

#endif
