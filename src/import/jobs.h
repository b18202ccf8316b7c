/*
 * Inside import/: documents that are read by several threads, and come back in the order in which
 * they were handed over. One thread hands over and takes back.
 */
#ifndef PORTBOOK_IMPORT_JOBS_H
#define PORTBOOK_IMPORT_JOBS_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"
#include "history/history.h"
#include "registry/registry.h"
#include "source/source.h"

struct job {
	char *name;
	struct strbuf bytes;
	enum source_format format;
	struct registry *registry; /* what was read, with its layout */
	struct history_hashes *hashes;
	int result; /* 0 or a negative fault */
	struct fault fault;
	bool unreadable; /* never was a document */
	bool done;
};

/* Without the mark that some put before UTF-8. */
struct slice job_bytes(const struct job *job);

struct jobs;

struct jobs *jobs_new(void);
void jobs_free(struct jobs *jobs);

/* Hands a document over; there must be room. bytes are taken over. False: no memory. */
bool jobs_add(struct jobs *jobs, struct slice name, struct strbuf *bytes) MUST_USE;

/* Something that cannot be read, so that it is told in its turn. */
bool jobs_add_unreadable(struct jobs *jobs, struct slice name, const struct fault *why) MUST_USE;

/*
 * The oldest job, once it is done. NULL: there is none; or, unless all are wanted, there is room
 * for another and the oldest is not done yet.
 */
struct job *jobs_oldest(struct jobs *jobs, bool all);
void jobs_drop_oldest(struct jobs *jobs);

#endif
