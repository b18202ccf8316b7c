/*
 * What the store has to say of its editions: what changed with each, and what became of a name, a
 * port or a person along them; and how such answers are written.
 *
 * Everything is asked within a transaction of the store.
 */
#ifndef PORTBOOK_TIMELINE_TIMELINE_H
#define PORTBOOK_TIMELINE_TIMELINE_H

#include "base/out.h"
#include "changes/changes.h"
#include "chart/chart.h"
#include "history/history.h"

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

/* Finds what changed from an edition to any other; previous is the first one. */
int moment_between(struct history *history, int64_t from, int64_t to, struct moment *ret_moment,
		   struct fault *fault) MUST_USE;

/* One change of it as a JSON object: {"edition", "previous", "change"}. No line feed. */
void moment_json(struct out *out, const struct moment *moment, size_t index);

/* A result other than 0 ends the walk, and is what it returns. */
typedef int moment_handler(void *context, const struct moment *moment);

/*
 * Whether the history can be asked for a word: a name, port, name/transport or port/transport as
 * query_parse() takes them, or a person's id, perhaps in brackets. Not for what can not be meant,
 * such as a range of ports; the fault says why.
 */
bool timeline_takes(struct slice word, struct fault *fault);

/*
 * Gives the editions with which something of the word changed to the handler, ascending. A name
 * that no service ever had is looked for as a person's id. 0 or a negative fault.
 */
int timeline_walk(struct history *history, struct slice word, moment_handler *handler,
		  void *context, struct fault *fault) MUST_USE;

/*
 * An edition as a JSON object: edition, date, sequence, format, rows, people, bytes, sha256,
 * imported; and its origin, which may be a place on this machine, where that is wanted.
 */
void edition_json(struct out *out, const struct history_edition *edition, bool with_origin);

/*
 * How many ports and names were assigned with each edition, ascending; *ret_points is the caller's
 * to free. 0 or a negative fault.
 */
int timeline_growth(struct history *history, struct chart_point **ret_points, size_t *ret_count,
		    struct fault *fault) MUST_USE;

#endif
