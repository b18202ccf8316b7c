/*
 * Documents into a store: files, folders of files, archives and standard input. Several documents
 * are read at once, and added in the order in which they were given.
 */
#ifndef PORTBOOK_IMPORT_IMPORT_H
#define PORTBOOK_IMPORT_IMPORT_H

#include "base/attr.h"
#include "base/fault.h"
#include "history/history.h"

enum import_outcome {
	IMPORT_ADDED,
	IMPORT_HELD,	/* the store had this document as of this date */
	IMPORT_REFUSED, /* see the fault */
};

/* How a document fared; borrowed until the handler returns. */
struct import_report {
	struct slice name; /* as it was given, or as "ARCHIVE: FILE" */
	enum import_outcome outcome;
	int64_t number; /* of the edition, unless refused */
	size_t rows, people;
	const struct fault *fault; /* NULL unless refused */
};

typedef void import_handler(void *context, const struct import_report *report);

struct import_options {
	struct slice date; /* of documents that carry none; absent: a name that begins with it */
	struct slice imported; /* the time, as the editions will have it */
	bool force;	       /* take also what differs too much from its neighbours */
};

/* What an edition may differ from its neighbour in the store without force. */
extern const struct history_limits import_limits;

/* Gives the store, once there is a document for it. 0, or a negative fault, which ends the import.
 */
typedef int import_opener(void *context, struct history **ret_history, struct fault *fault);

struct importer;

/*
 * The store and what options borrow are to outlive the importer, which is the caller's. context is
 * both functions'.
 */
int import_begin(import_opener *opener, import_handler *handler, void *context,
		 const struct import_options *options, struct importer **ret_importer,
		 struct fault *fault) MUST_USE;

/*
 * Takes a document, an archive, a folder of these (its own files in the order of their names, not
 * its folders), or "-", standard input. Documents that cannot be read are told to the handler and
 * are no failure. A document is told as added once it is on disk, which may be later. 0; or what
 * the store or the file system said: what was not told is not in the store then, and nothing
 * more is to be imported.
 */
int import_path(struct importer *importer, const char *path, struct fault *fault) MUST_USE;

/* A document that is in memory; bytes are taken over. */
int import_bytes(struct importer *importer, struct slice name, struct strbuf *bytes,
		 struct fault *fault) MUST_USE;

/* Waits until everything is told. Results as above. */
int import_finish(struct importer *importer, struct fault *fault) MUST_USE;

/* Takes NULL. What was not told is given up. */
void import_end(struct importer *importer);

/*
 * The date that a document's edition is to have: its own; or that given; or the one that its name
 * begins with, behind folders. 0, or FAULT_MALFORMED with the reason.
 */
int import_date(const struct registry *registry, struct slice given, struct slice name,
		struct slice *ret_date, struct fault *fault) MUST_USE;

#endif
