/* Inside desk/: an open desk. */
#ifndef PORTBOOK_DESK_STORE_H
#define PORTBOOK_DESK_STORE_H

#include "db/db.h"
#include "desk/desk.h"
#include "image/image.h"
#include "record/date.h"

enum { DIGEST_SIZE = 64 };

struct desk {
	struct history *history;
	struct db *db; /* the history's */
	struct policy *policy;
	struct strbuf policy_text;
	int64_t policy_number;
	struct strbuf image_bytes;
	struct image image; /* of the newest edition, where edition is not 0 */
	int64_t edition;
	struct preflight_past *past; /* of the same */
	int64_t history_state;	     /* as of which both are */
	pthread_mutex_t *turn;	     /* NULL: other desks are of other processes */
	bool has_turn;
};

/* The day of a time. */
static inline struct slice day_of(struct slice time)
{
	return (struct slice){time.p, time.n < 10 ? time.n : 10};
}

/* A day some days later, "YYYY-MM-DD"; 0 days: absent, which is without end. */
struct slice day_after(struct slice day, unsigned days, char space[static DATE_LENGTH]);

/* The newest policy, and (refresh) edition, within a transaction. 0 or a negative fault. */
int store_read_policy(struct desk *desk, struct fault *fault) MUST_USE;
int store_refresh(struct desk *desk, struct fault *fault) MUST_USE;

/* Fills in a refusal, and returns its outcome. */
int refuse(struct desk_refusal *refusal, enum desk_outcome outcome, struct slice section,
	   const char *format, ...) PRINTF(4, 5);

#endif
