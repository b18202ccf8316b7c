#include "http/lane.h"

#include <pthread.h>
#include <stdlib.h>

enum { THREADS_MAX = 16 };

struct lane {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct lane_job *first, **end; /* that wait */
	bool ends;
	pthread_t threads[THREADS_MAX];
	unsigned count;
};

static void *work(void *context)
{
	struct lane *lane = context;

	pthread_mutex_lock(&lane->lock);
	for (;;) {
		struct lane_job *job = lane->first;
		bool ends = lane->ends;

		if (!job && ends)
			break;
		if (!job) {
			pthread_cond_wait(&lane->changed, &lane->lock);
			continue;
		}
		lane->first = job->next;
		if (!lane->first)
			lane->end = &lane->first;
		pthread_mutex_unlock(&lane->lock);
		job->run(job, ends);
		pthread_mutex_lock(&lane->lock);
	}
	pthread_mutex_unlock(&lane->lock);
	return NULL;
}

int lane_start(unsigned threads, struct lane **ret_lane, struct fault *fault)
{
	struct lane *lane = calloc(1, sizeof(*lane));

	if (!lane)
		return fault_memory(fault);
	lane->end = &lane->first;
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->changed, NULL);
	while (lane->count < threads && lane->count < THREADS_MAX &&
	       pthread_create(&lane->threads[lane->count], NULL, work, lane) == 0)
		lane->count++;
	if (lane->count == 0) {
		lane_free(lane);
		return fault_set(fault, FAULT_SYSTEM, "there are no more threads");
	}
	*ret_lane = lane;
	return 0;
}

void lane_add(struct lane *lane, struct lane_job *job)
{
	bool ends;

	job->next = NULL;
	pthread_mutex_lock(&lane->lock);
	ends = lane->ends;
	if (!ends) {
		*lane->end = job;
		lane->end = &job->next;
		pthread_cond_signal(&lane->changed);
	}
	pthread_mutex_unlock(&lane->lock);
	if (ends)
		job->run(job, true);
}

void lane_end(struct lane *lane)
{
	if (lane->ends)
		return;
	pthread_mutex_lock(&lane->lock);
	lane->ends = true;
	pthread_cond_broadcast(&lane->changed);
	pthread_mutex_unlock(&lane->lock);
	for (unsigned i = 0; i < lane->count; i++)
		pthread_join(lane->threads[i], NULL);
}

void lane_free(struct lane *lane)
{
	if (!lane)
		return;
	pthread_cond_destroy(&lane->changed);
	pthread_mutex_destroy(&lane->lock);
	free(lane);
}
