/*
 * Inside history/: the lists of an edition whose entries are kept with the editions that have
 * them, and what the columns of their tables are. Everything else in history/ treats them alike.
 */
#ifndef PORTBOOK_HISTORY_LIST_H
#define PORTBOOK_HISTORY_LIST_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"
#include "history/runs.h"
#include "registry/registry.h"

enum list_kind {
	LIST_HEADERS, /* of one entry */
	LIST_NOTES,
	LIST_FOOTNOTES,
	LIST_PEOPLE,
	LIST_ROWS,
	LIST_COUNT,
};

enum list_role {
	LIST_CONTENT, /* what tells entries apart */
	LIST_FORM,    /* how an XML document writes it; all absent: not known */
	LIST_TEXT,    /* follows from the content, for those who ask in SQL */
	LIST_NUMBER,  /* the same, as a number */
};

struct list_column {
	const char *name;
	enum list_role role;
};

enum { LIST_COLUMNS_MAX = 20 };

struct list {
	const char *table;
	struct list_column columns[LIST_COLUMNS_MAX]; /* up to the first without a name */
};

/* Static. */
const struct list *list_at(enum list_kind kind);
size_t list_columns(enum list_kind kind);

/* An entry's columns: text, or for LIST_NUMBER the number (-1: absent). */
struct list_entry {
	struct slice text[LIST_COLUMNS_MAX];
	int64_t number[LIST_COLUMNS_MAX];
	struct strbuf scratch[2];
};

void list_entry_done(struct list_entry *entry);

/* Whether a document says what is in the list, even if that is nothing. */
bool list_is_stated(enum list_kind kind, const struct registry *registry, bool is_xml);

size_t list_size(enum list_kind kind, const struct registry *registry);

/* The entry of an index, borrowed from the registry and the entry's scratch. 0 or FAULT_MEMORY. */
int list_read(enum list_kind kind, const struct registry *registry, size_t index,
	      struct list_entry *entry) MUST_USE;

/* Appends a copy of an entry that was read like that. 0 or a negative fault. */
int list_append(enum list_kind kind, struct registry *registry, const struct list_entry *entry,
		struct fault *fault) MUST_USE;

/* The entry's hashes, by means of scratch. 0 or FAULT_MEMORY. */
int list_hash(enum list_kind kind, const struct list_entry *entry, struct strbuf *scratch,
	      struct run_entry *ret_entry) MUST_USE;

/*
 * A header's layout has its edition's date in it, which is the only part of it that changes
 * often: it is taken out of the kept header and put back into a registry that was read.
 */
int list_restore_date(struct registry *registry, struct slice updated) MUST_USE;

#endif
