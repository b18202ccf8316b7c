/*
 * The store: every edition of the registry that was seen, in an SQLite file or a PostgreSQL
 * database. It keeps each published document, compressed, and the rows, people and other parts of
 * all editions with the editions between which they held. docs/STORE.md describes the tables.
 *
 * An edition's number is its date and, for several documents of one date, their order:
 * 202602130001 is the first of 2026-02-13. Numbers ascend with time.
 *
 * Not thread-safe; one struct history for a thread. Several programs may use a store at once:
 * writers take turns, and readers see it as it was when their transaction began.
 */
#ifndef PORTBOOK_HISTORY_HISTORY_H
#define PORTBOOK_HISTORY_HISTORY_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"
#include "registry/registry.h"

/* An edition's number is its day, YYYYMMDD, times this, and its place among those of its day. */
enum { HISTORY_SEQUENCES = 10000 };

struct history;
struct db;

enum history_access {
	HISTORY_READ,	/* of a store that is there */
	HISTORY_WRITE,	/* the same, to add to */
	HISTORY_CREATE, /* as WRITE, and made where it is not there */
};

/*
 * Opens the store at an SQLite file's path or a postgresql:// URL. *ret_history is the caller's
 * (history_close). FAULT_UNKNOWN: a database, but no store, or one of a newer version.
 */
int history_open(const char *where, enum history_access access, struct history **ret_history,
		 struct fault *fault) MUST_USE;
/* Takes NULL. What was not committed is not kept. */
void history_close(struct history *history);
void history_closep(struct history **history);

/* Its database, for what has tables beside those of the store; transactions are history_begin()'s.
 */
struct db *history_db(struct history *history);

/* Whether the text is the URL of a database rather than the path of a file. */
bool history_is_url(const char *where);

/* Whether there may be a store: false only of a file that is not there. */
bool history_may_be(const char *where);

/*
 * A transaction: everything but opening happens within one. begin waits for other writers for
 * some seconds. rollback is harmless outside of a transaction.
 */
int history_begin(struct history *history, bool writing, struct fault *fault) MUST_USE;
int history_commit(struct history *history, struct fault *fault) MUST_USE;
void history_rollback(struct history *history);

/* An edition as it is kept; text is borrowed until the handler returns. */
struct history_edition {
	int64_t number;
	struct slice date;     /* YYYY-MM-DD */
	unsigned sequence;     /* among those of its date, from 1 */
	struct slice format;   /* of its document: "XML", "CSV", ... (source/source.h) */
	struct slice origin;   /* where it was read from, as was said */
	struct slice imported; /* when, as was said */
	struct slice sha256;   /* of its document, in hexadecimal digits */
	int64_t bytes;	       /* of its document */
	int64_t rows, people;
};

/* A result other than 0 ends the walk, and is what it returns. */
typedef int history_edition_handler(void *context, const struct history_edition *edition);

/* Gives the editions to the handler by ascending number. */
int history_editions(struct history *history, history_edition_handler *handler, void *context,
		     struct fault *fault) MUST_USE;

/* The edition of a number, or the reason (FAULT_SYSTEM: none has it) in the same way. */
int history_edition(struct history *history, int64_t number, history_edition_handler *handler,
		    void *context, struct fault *fault) MUST_USE;

/*
 * The newest edition of a date or an earlier one: date is YYYY-MM-DD, or YYYY-MM-DD.N for the N-th
 * document of a date; absent: the newest of all. 0; 1 where there is none; FAULT_MALFORMED for
 * what is no date.
 */
int history_find(struct history *history, struct slice date, int64_t *ret_number,
		 struct fault *fault) MUST_USE;

/* The one before an edition. 0, or 1 where it is the first. */
int history_previous(struct history *history, int64_t number, int64_t *ret_number,
		     struct fault *fault) MUST_USE;

/* Which state the store is in: another number with every edition that is added. */
int history_state(struct history *history, int64_t *ret_state, struct fault *fault) MUST_USE;

/* "YYYY-MM-DD", or "YYYY-MM-DD.N" for those after the first of a date. */
enum { HISTORY_LABEL_SIZE = 16 };
struct slice history_label(int64_t number, char space[static HISTORY_LABEL_SIZE]);

/* The digest of a document, and hashes of all entries of its registry. */
struct history_hashes;

/* Takes a good part of the time of adding, and needs no store: any thread may do it beforehand. */
int history_hash(struct slice bytes, const struct registry *registry,
		 struct history_hashes **ret_hashes, struct fault *fault) MUST_USE;
/* Takes NULL. */
void history_hashes_free(struct history_hashes *hashes);

/* A document to be added. */
struct history_document {
	struct slice bytes;
	const struct registry *registry; /* what was read from it, with its layout */
	struct history_hashes *hashes;	 /* of both; used up by adding */
	struct slice format;		 /* as struct history_edition has it */
	struct slice date;		 /* YYYY-MM-DD */
	struct slice origin, imported;
	bool is_next; /* it follows what there is: an earlier one of its date may be the same */
};

/*
 * Adds an edition, within a writing transaction. 0 and its number; 1 where the store has this
 * document as of this date (is_next: as the newest of it), and that edition's number; 2 and the
 * reason where it can be none: its date is none, or has as many editions as it may.
 */
int history_add(struct history *history, const struct history_document *document,
		int64_t *ret_number, struct fault *fault) MUST_USE;

/* How much an edition may differ from its neighbour, in per cent of that one's rows. */
struct history_limits {
	unsigned fewer;	  /* rows */
	unsigned changed; /* rows that the neighbour does not have as they are */
};

/* An edition of fewer rows is no measure for its neighbours. */
enum { HISTORY_JUDGED_ROWS = 100 };

/*
 * Whether a document may be the edition of its date: what stands next to it in the store, the one
 * before or else the one after, should be much alike. 0; 1 and the reason where it is not; or a
 * negative fault.
 */
int history_check_plausible(struct history *history, const struct history_document *document,
			    const struct history_limits *limits, struct fault *fault) MUST_USE;

/* Which rows are wanted: those with one of the names or covering one of the ports. */
struct history_filter {
	const struct slice *names; /* in any letter case */
	size_t name_count;
	const struct history_ports {
		uint16_t first, last;
	} * ports;
	size_t port_count;
};

/*
 * The registry of an edition, as it was added (with its layout); or of it only the rows that a
 * filter wants and the people that they name. filter may be NULL. The registry is the caller's.
 */
int history_read(struct history *history, int64_t number, const struct history_filter *filter,
		 struct registry **ret_registry, struct fault *fault) MUST_USE;

/* The document of an edition, byte for byte, appended to an empty buffer. */
int history_document(struct history *history, int64_t number, struct strbuf *ret_bytes,
		     struct fault *fault) MUST_USE;

/*
 * What two editions do not share, as two registries that are the caller's: rows and people that
 * one of them does not have, all rows of the same names, and header, notes and footnotes.
 */
int history_compare(struct history *history, int64_t a, int64_t b, struct registry **ret_a,
		    struct registry **ret_b, struct fault *fault) MUST_USE;

/* What a history may be asked for. Absent name and id, and port -1: of everything. */
struct history_subject {
	struct slice name;	/* of a service, in any letter case */
	struct slice id;	/* of a person */
	int32_t port;		/* -1: of none */
	struct slice transport; /* of the name or port; absent: of all */
};

/*
 * Gives the numbers of those editions, ascending, at which a row or person of the subject begins or
 * ceases to hold. A result other than 0 of the handler ends it and is returned.
 */
int history_turns(struct history *history, const struct history_subject *subject,
		  int (*handler)(void *context, int64_t number), void *context,
		  struct fault *fault) MUST_USE;

/* An assigned row as long as it held; text is borrowed until the handler returns. */
struct history_span {
	int64_t since, until; /* the first edition with it, and the first again without it */
	struct slice name, transport; /* name: in small letters; absent: none */
	bool portless;
	uint16_t first_port, last_port;
};

/* A result other than 0 ends the walk, and is what it returns. */
typedef int history_span_handler(void *context, const struct history_span *span);

/* Gives the assigned rows of all editions to the handler, those of a name one after the other. */
int history_assigned(struct history *history, history_span_handler *handler, void *context,
		     struct fault *fault) MUST_USE;

/* What verification found wrong, a line each; a result other than 0 ends it and is returned. */
typedef int history_handler(void *context, struct slice text);

/*
 * Reads everything again: that each document is what its digest says, and that rows, people and
 * the rest make up each edition as its document has it - the same bytes where that is XML. progress
 * (may be NULL) is told each edition. 0 also where something is wrong: the handler was told.
 */
int history_verify(struct history *history, history_handler *handler,
		   history_edition_handler *progress, void *context, struct fault *fault) MUST_USE;

/* What a server said of the document that was last taken from a URL; text may be absent. */
struct history_source {
	struct slice url;
	struct slice etag, last_modified; /* headers of its answer */
	struct slice fetched;		  /* when, as was said */
};

/* Adds what is kept of a URL to empty buffers. 0; 1 where nothing is; or a negative fault. */
int history_source(struct history *history, struct slice url, struct strbuf *ret_etag,
		   struct strbuf *ret_last_modified, struct fault *fault) MUST_USE;

/* Keeps it, in place of what was. Within a writing transaction: that in which it is added. */
int history_keep_source(struct history *history, const struct history_source *source,
			struct fault *fault) MUST_USE;

/*
 * Copies all editions into another store that is empty. Both in transactions. What a desk has
 * beside them is desk_copy()'s.
 */
int history_copy(struct history *from, struct history *to, struct fault *fault) MUST_USE;

#endif
