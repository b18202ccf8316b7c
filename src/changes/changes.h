/*
 * What changed between two editions: each thing told once, as what it is. Editions are compared by
 * what their rows show; where a row stands, or how a document writes it, is no change. Both may be
 * parts of editions: the rows that differ, and beside them those of the same names.
 *
 * Every row of one edition that the other does not have (of equal rows: as often as it does not)
 * belongs to exactly one change, and no other row to any.
 */
#ifndef PORTBOOK_CHANGES_CHANGES_H
#define PORTBOOK_CHANGES_CHANGES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/fault.h"
#include "registry/registry.h"

enum { CHANGE_NOTHING = UINT32_MAX };

enum change_kind {
	/* The edition itself. */
	CHANGE_HEADER,
	CHANGE_NOTE_ADDED,
	CHANGE_NOTE_REMOVED,
	CHANGE_NOTE_CHANGED,
	CHANGE_FOOTNOTE_ADDED,
	CHANGE_FOOTNOTE_REMOVED,
	CHANGE_FOOTNOTE_CHANGED,
	/* Names and ports. */
	CHANGE_ASSIGNED,
	CHANGE_ASSIGNED_TEMPORARILY,
	CHANGE_NAME_ADDED, /* without a port */
	CHANGE_TRANSPORT_ADDED,
	CHANGE_PORT_ADDED, /* to a name that had none */
	CHANGE_EXTENDED,   /* what was registered temporarily */
	CHANGE_PERMANENT,
	CHANGE_RENAMED,
	CHANGE_REASSIGNED, /* the ports have another service */
	CHANGE_MOVED,	   /* to other ports */
	CHANGE_TRANSPORT_CHANGED,
	CHANGE_PORT_REMOVED, /* the name stays */
	CHANGE_TRANSPORT_REMOVED,
	CHANGE_NAME_REMOVED,
	CHANGE_EXPIRED,
	CHANGE_DEASSIGNED,
	/* Ports of no name. */
	CHANGE_STATE,
	CHANGE_SPLIT,
	CHANGE_MERGED,
	CHANGE_RESIZED,
	CHANGE_REDRAWN, /* several to several */
	CHANGE_RANGE_ADDED,
	CHANGE_RANGE_REMOVED,
	/* What is said of names and ports; of several the first. */
	CHANGE_ASSIGNEE,
	CHANGE_CONTACT,
	CHANGE_PUBLISHED, /* a reference's draft as RFC */
	CHANGE_REFERENCE,
	CHANGE_DESCRIPTION,
	CHANGE_SERVICE_CODE,
	CHANGE_UNAUTHORIZED,
	CHANGE_NOTES,
	CHANGE_DATES,
	/* People. */
	CHANGE_PERSON_ADDED,
	CHANGE_PERSON_REMOVED,
	CHANGE_PERSON_CHANGED,
	CHANGE_PERSON_RENAMED, /* has another id now, and nothing else changed in the rows */
	CHANGE_KIND_COUNT,
};

/* What a change is about. */
enum change_subject {
	CHANGE_OF_HEADER,
	CHANGE_OF_NOTE,
	CHANGE_OF_FOOTNOTE,
	CHANGE_OF_ROWS,
	CHANGE_OF_PERSON,
};

/* The kind's permanent name ("assigned"), and its title ("Assigned"). Static. */
struct slice change_kind_name(enum change_kind kind);
struct slice change_kind_title(enum change_kind kind);
enum change_subject change_subject(enum change_kind kind);

/*
 * Rows are indices into their registry. First come those that the change is about (subjects), the
 * first ones in pairs: before[i] became after[i]. Behind them come rows of ports without a name
 * that it redrew: what ports were taken from, what is left of it, what they went into.
 */
struct change {
	enum change_kind kind;
	unsigned columns; /* mask of enum column: those that differ in any pair */
	const uint32_t *before, *after;
	uint32_t before_count, after_count;
	uint32_t before_subjects, after_subjects;
	uint32_t pairs;
	/*
	 * The row of no name that the ports were taken from (before) or went into (after), which
	 * may belong to another change that shares it. CHANGE_NOTHING: none is known.
	 */
	uint32_t from, into;
	/* Person, note or footnote of either edition, an index; CHANGE_NOTHING: none. */
	uint32_t old, new;
	/* How it is in order: changes of rows by rows after, those that went where they stood. */
	uint64_t position;
};

struct changes {
	struct arena arena;
	const struct registry *before, *after; /* borrowed */
	struct change *all;
	size_t count;
};

/* What is compared. A document without a header, or without people, is no statement about them. */
enum {
	CHANGES_ROWS = 1,
	CHANGES_HEADER = 2, /* with notes and footnotes; but for the date of the edition */
	CHANGES_PEOPLE = 4,
	CHANGES_ALL = CHANGES_ROWS | CHANGES_HEADER | CHANGES_PEOPLE,
};

/*
 * Finds the changes: of the header, of the rows, of the people. The same editions give the same
 * changes. Takes n log n time. Both registries must outlive the result. 0 or FAULT_MEMORY.
 */
int changes_find(const struct registry *before, const struct registry *after, unsigned parts,
		 struct changes *ret_changes, struct fault *fault) MUST_USE;
void changes_done(struct changes *changes);

/* Whether a row is registered temporarily (RFC 7120), by its description or notes. */
bool changes_is_temporary(const struct row *row);

#endif
