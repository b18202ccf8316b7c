/* What changed from each edition of the store to the next. */
#ifndef PORTBOOK_CLI_TIMELINE_H
#define PORTBOOK_CLI_TIMELINE_H

#include "changes/changes.h"
#include "cli/cli.h"

/* An edition and its changes; zeroed memory is none. */
struct moment {
	int64_t number;
	int64_t previous; /* 0: it is the store's first, and what it has is told as added */
	struct registry *before, *after;
	struct changes changes;
};

void moment_done(struct moment *moment);

/*
 * Finds what changed with the edition of a number; of a subject, unless that is NULL. Of the first
 * edition all is new. 0 or a negative fault.
 */
int moment_find(struct history *history, int64_t number, const struct history_subject *subject,
		struct moment *ret_moment, struct fault *fault) MUST_USE;

#endif
