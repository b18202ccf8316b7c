/*
 * Inside history/: the runs of one list. A run is an entry (a row, a person, ...) together with
 * the editions in a row that have it: all those from since on and before until. Editions may come
 * in any order; whichever it was, the same editions give the same runs.
 *
 * What is known of an entry here are two hashes: of its content, and of its form, which is how a
 * document writes it. Documents that say nothing of the form (CSV) go with any.
 */
#ifndef PORTBOOK_HISTORY_RUNS_H
#define PORTBOOK_HISTORY_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Editions are numbered by date (history.h). None has these numbers. */
#define RUN_NEVER   INT64_C(0)
#define RUN_FOREVER INT64_C(999999999999)

/* Between the positions of two neighbours at first, so that others can come between them. */
#define RUN_SPACING (INT64_C(1) << 32)

struct run {
	int64_t number;	      /* from 1; the key of its table */
	int64_t since, until; /* the first edition that has it; the first again without it */
	int64_t position;     /* orders the entries of an edition, but for those with a place */
	uint64_t content[2], form;
	bool form_known;
	uint32_t copy; /* how many entries before it in its editions have the same content */

	/* What the last runs_add() did to it. */
	bool is_new, is_changed; /* changed: since, until or form */
	bool form_is_new;
	int64_t split_from; /* number of the run that it was the later part of; 0: none */
	uint32_t entry;	    /* index + 1 of the entry that has its text; 0: none */

	uint32_t next;	/* index + 1 of the next run of that content */
	uint32_t added; /* the last runs_add() that found it */
};

/* All runs of a list. Zeroed memory is a valid empty one. */
struct runs {
	struct run *p;
	size_t count, size;
	uint32_t *heads; /* by content: index + 1 */
	size_t head_count;
	int64_t last_number;
	uint32_t additions;
};

void runs_done(struct runs *runs);

/* A run as it is kept; what the last addition did is ignored. False: no memory. */
bool runs_load(struct runs *runs, const struct run *run) MUST_USE;

/* An entry of the edition that is added, in its order. */
struct run_entry {
	uint64_t content[2], form;
	bool form_known;
	uint32_t copy; /* filled in */
	uint32_t run;  /* filled in: index of its run */
	/* Filled in: where this edition has it, where that is not its run's position; else 0. */
	int64_t place;
};

/*
 * Adds an edition that comes after before and in front of after (RUN_NEVER, RUN_FOREVER: there is
 * none), none of them between. False: no memory, and the runs are of no use any more.
 */
bool runs_add(struct runs *runs, int64_t edition, int64_t before, int64_t after,
	      struct run_entry *entries, size_t count) MUST_USE;

/* Whether an edition has an entry of that content, whichever its form; and how many it has. */
bool runs_have(const struct runs *runs, const struct run_entry *entry, int64_t edition);
size_t runs_count(const struct runs *runs, int64_t edition);

#endif
