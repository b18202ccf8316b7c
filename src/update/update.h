/*
 * The publisher's newest edition into the store: fetched only where it is another one than the
 * last, and held against the newest edition of the store before it becomes one itself.
 */
#ifndef PORTBOOK_UPDATE_UPDATE_H
#define PORTBOOK_UPDATE_UPDATE_H

#include "base/attr.h"
#include "base/fault.h"
#include "changes/changes.h"
#include "fetch/fetch.h"
#include "history/history.h"

#define UPDATE_URL                                                                                 \
	"https://www.iana.org/assignments/service-names-port-numbers/"                             \
	"service-names-port-numbers.xml"

struct update_options {
	const char *url;
	const char *ca_file; /* this and the next three as fetch() has them */
	const struct fetch_limits *limits;
	fetch_progress *progress;
	void *context;
	struct slice now; /* YYYY-MM-DDThh:mm:ssZ */
	bool force;	  /* take also what is not plausible */
	bool check;	  /* change nothing */
};

/* What became of the document that was fetched. */
enum update_outcome {
	UPDATE_ADDED,	/* or would be, where it is only checked */
	UPDATE_CURRENT, /* the store has it */
	UPDATE_OLDER,	/* than the newest edition: not added */
	UPDATE_REFUSED, /* the fault says why */
};

/* Zeroed memory is a valid empty one. */
struct update {
	struct strbuf etag, last_modified; /* of the document that was taken last */
	struct fetch_answer answer;
	struct registry *registry; /* what the document says */
	struct history_hashes *hashes;
	int64_t number; /* of the edition that was added */
	int64_t newest; /* the edition that was the newest; 0: there was none */
	size_t newest_rows, newest_people;
	size_t counts[CHANGE_KIND_COUNT]; /* of changes from that one on, where it is added */
};

void update_done(struct update *update);

/* What differs more than this from the newest edition is not plausible without force. */
extern const struct history_limits update_limits;

/* Finds what the store knows of the URL, so that only another document is asked for. */
int update_ask(struct history *history, const struct update_options *options, struct update *update,
	       struct fault *fault) MUST_USE;

/* Fetches the document into update->answer, whose URL has a NUL behind it. As fetch(). */
int update_fetch(const struct update_options *options, struct update *update,
		 struct fault *fault) MUST_USE;

/* Reads the document, which is to be the registry's XML and to say its date. 0 or a fault. */
int update_read(struct update *update, struct fault *fault) MUST_USE;

/*
 * Adds the document to the store, in a transaction of its own, with what the server said of it. An
 * enum update_outcome, or what the store said: then nothing was added. history may be NULL for
 * a check.
 */
int update_take(struct history *history, const struct update_options *options,
		struct update *update, struct fault *fault) MUST_USE;

#endif
