#include "import/jobs.h"

#include <pthread.h>
#include <stdlib.h>

/* Documents that are in memory at once, and threads that read them. */
enum { JOBS_MAX = 4, THREADS = 2 };

struct jobs {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct job ring[JOBS_MAX];
	size_t oldest, started, next; /* numbers, whose places are modulo JOBS_MAX */
	bool closing;
	pthread_t threads[THREADS];
	size_t thread_count; /* 0: jobs are done as they are handed over */
};

struct slice job_bytes(const struct job *job)
{
	return strbuf_slice(&job->bytes);
}

static void do_job(struct job *job)
{
	struct source_options options = {.keep_layout = true, .in_one = true};

	if (job->unreadable)
		return;
	job->result = source_read(job_bytes(job), &options, &job->registry, &job->fault);
	if (job->result == 0)
		job->result =
			history_hash(job_bytes(job), job->registry, &job->hashes, &job->fault);
	if (job->result == 0)
		source_detect(job_bytes(job), &job->format);
}

static void *work(void *context)
{
	struct jobs *jobs = context;

	pthread_mutex_lock(&jobs->lock);
	while (!jobs->closing) {
		struct job *job = &jobs->ring[jobs->started % JOBS_MAX];

		if (jobs->started == jobs->next) {
			pthread_cond_wait(&jobs->changed, &jobs->lock);
			continue;
		}
		jobs->started++;
		pthread_mutex_unlock(&jobs->lock);
		do_job(job);
		pthread_mutex_lock(&jobs->lock);
		job->done = true;
		pthread_cond_broadcast(&jobs->changed);
	}
	pthread_mutex_unlock(&jobs->lock);
	return NULL;
}

struct jobs *jobs_new(void)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs));

	if (!jobs)
		return NULL;
	pthread_mutex_init(&jobs->lock, NULL);
	pthread_cond_init(&jobs->changed, NULL);
	while (jobs->thread_count < THREADS &&
	       pthread_create(&jobs->threads[jobs->thread_count], NULL, work, jobs) == 0)
		jobs->thread_count++;
	return jobs;
}

static void drop(struct job *job)
{
	free(job->name);
	strbuf_done(&job->bytes);
	registry_free(job->registry);
	history_hashes_free(job->hashes);
	*job = (struct job){};
}

void jobs_free(struct jobs *jobs)
{
	if (!jobs)
		return;
	pthread_mutex_lock(&jobs->lock);
	jobs->closing = true;
	pthread_cond_broadcast(&jobs->changed);
	pthread_mutex_unlock(&jobs->lock);
	for (size_t i = 0; i < jobs->thread_count; i++)
		pthread_join(jobs->threads[i], NULL);
	for (size_t i = 0; i < JOBS_MAX; i++)
		drop(&jobs->ring[i]);
	pthread_mutex_destroy(&jobs->lock);
	pthread_cond_destroy(&jobs->changed);
	free(jobs);
}

static bool hand_over(struct jobs *jobs, struct slice name, const struct job *like)
{
	struct job *job = &jobs->ring[jobs->next % JOBS_MAX];
	char *copy = strndup(name.p, name.n);

	if (!copy)
		return false;
	*job = *like;
	job->name = copy;
	if (jobs->thread_count == 0) {
		do_job(job);
		job->done = true;
	}
	pthread_mutex_lock(&jobs->lock);
	jobs->next++;
	pthread_cond_broadcast(&jobs->changed);
	pthread_mutex_unlock(&jobs->lock);
	return true;
}

bool jobs_add(struct jobs *jobs, struct slice name, struct strbuf *bytes)
{
	if (!hand_over(jobs, name, &(struct job){.bytes = *bytes}))
		return false;
	*bytes = (struct strbuf){};
	return true;
}

bool jobs_add_unreadable(struct jobs *jobs, struct slice name, const struct fault *why)
{
	return hand_over(jobs, name,
			 &(struct job){.result = FAULT_SYSTEM, .fault = *why, .unreadable = true});
}

struct job *jobs_oldest(struct jobs *jobs, bool all)
{
	struct job *job = &jobs->ring[jobs->oldest % JOBS_MAX];
	bool wait = all || jobs->next - jobs->oldest == JOBS_MAX, done;

	if (jobs->oldest == jobs->next)
		return NULL;
	pthread_mutex_lock(&jobs->lock);
	while (wait && !job->done)
		pthread_cond_wait(&jobs->changed, &jobs->lock);
	done = job->done;
	pthread_mutex_unlock(&jobs->lock);
	return done ? job : NULL;
}

void jobs_drop_oldest(struct jobs *jobs)
{
	drop(&jobs->ring[jobs->oldest % JOBS_MAX]);
	jobs->oldest++;
}
