/*
 * A registry edition while it is being read, changed or written: everything that the publisher's
 * document says, in its order. All text is copied into the registry's arena. Readers fill it, the
 * image writer and the document writers take it. Not thread-safe.
 */
#ifndef PORTBOOK_REGISTRY_REGISTRY_H
#define PORTBOOK_REGISTRY_REGISTRY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "record/person.h"
#include "record/row.h"

/* The id of the one registry that the project reads. */
#define REGISTRY_ID "service-names-port-numbers"

/* Limits on what is read; the texts of faults state them. docs/SOURCES.md lists them. */
enum {
	REGISTRY_ROWS_MAX = 1000000,
	REGISTRY_PEOPLE_MAX = 1000000,
	REGISTRY_CELL_MAX = ROW_TEXT_MAX,
	REGISTRY_NOTES_MAX = 1000,
};

/* A note of the header, or a footnote. */
struct registry_note {
	struct slice title;    /* of a note; of a footnote its anchor ("1"); absent where none */
	struct slice text;     /* rich */
	struct slice verbatim; /* of a footnote, as struct row has it */
};

/* The header; absent where the format has none. Text marked rich is (record/rich.h). */
struct registry_header {
	struct slice prolog; /* an XML document's bytes before its root element */
	struct slice id, title, category;
	struct slice updated;	 /* YYYY-MM-DD: the edition's date */
	struct slice references; /* rich */
	struct slice expert;	 /* rich */
};

/* Parts of an XML document between rows and people, verbatim where not as usual; else absent. */
struct registry_layout {
	struct slice header; /* up to the last element before the first row */
	struct slice people; /* from the last row or footnote to the start of the list of people */
	struct slice end;    /* from the last person or row to the end of the document */
};

/* A row in one piece, for there are many. */
struct packed_row;

struct registry {
	struct arena arena;
	struct registry_header header;
	struct registry_layout layout;
	struct registry_note *notes, *footnotes;
	struct packed_row **rows; /* registry_row() opens them */
	struct person *people;
	size_t note_count, footnote_count, row_count, person_count;
	size_t note_size, footnote_size, row_size, person_size; /* allocated */
	struct strbuf scratch;					/* for building shown text */
};

/* NULL: no memory. */
struct registry *registry_new(void) MUST_USE;
/* Takes NULL. Returns NULL. */
struct registry *registry_free(struct registry *registry);
void registry_freep(struct registry **registry);

/* A copy of text in the registry's arena. 0 or FAULT_MEMORY. */
int registry_keep(struct registry *registry, struct slice text, struct slice *ret_copy) MUST_USE;

/*
 * Appends a row, copying its text. Of the row given only these matter: for a rich source rich[]
 * (shown[] is made from it where it is absent), for a plain one shown[]; order; at;
 * assignee_given. Where no assignee is given, its column is made that of the contacts. Returns 0;
 * a negative fault; or, with nothing appended, the column that is malformed (COLUMN_PORT,
 * COLUMN_TRANSPORT), for the caller to say so with its place.
 */
int registry_add_row(struct registry *registry, const struct row *row,
		     struct fault *fault) MUST_USE;

/* The row of that index, below row_count. Its texts live as long as the registry. */
struct row registry_row(const struct registry *registry, size_t index);

/* Gives the row a copy of its bytes in its XML document (row.verbatim). 0 or FAULT_MEMORY. */
int registry_keep_verbatim(struct registry *registry, size_t index, struct slice bytes) MUST_USE;

/* Append a copy each. 0 or a negative fault. */
int registry_add_person(struct registry *registry, const struct person *person,
			struct fault *fault) MUST_USE;
int registry_add_note(struct registry *registry, struct slice title, struct slice text,
		      struct fault *fault) MUST_USE;
int registry_add_footnote(struct registry *registry, struct slice anchor, struct slice text,
			  struct fault *fault) MUST_USE;

/*
 * Moves everything of other, which is left empty, behind what the registry has; of the header,
 * what the registry does not have. FAULT_LIMIT and FAULT_MEMORY leave both as they were.
 */
int registry_append(struct registry *registry, struct registry *other) MUST_USE;

#endif
