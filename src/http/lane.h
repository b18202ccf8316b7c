/*
 * A lane for what takes long: jobs are done by threads of their own, first come, first served, so
 * that those who ask for something quick need not wait behind them.
 */
#ifndef PORTBOOK_HTTP_LANE_H
#define PORTBOOK_HTTP_LANE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/fault.h"

/* To be part of what the job is about, which is its owner's, and stays until it is done. */
struct lane_job {
	struct lane_job *next;
	/* Does it, or gives it up where the lane ends. */
	void (*run)(struct lane_job *job, bool ends);
};

struct lane;

/* Starts so many threads, or fewer where the system has no more. 0 or a negative fault. */
int lane_start(unsigned threads, struct lane **ret_lane, struct fault *fault) MUST_USE;

/* Adds a job. Any thread may. */
void lane_add(struct lane *lane, struct lane_job *job);

/*
 * Ends: jobs that were not begun are given up, those that were are waited for. Whatever is added
 * from then on is given up at once. Always called by the same thread; again it does nothing.
 */
void lane_end(struct lane *lane);

/* To be called after lane_end(), when nobody adds jobs any more. Takes NULL. */
void lane_free(struct lane *lane);

#endif
