/*
 * Threads take blocks from the input in turn, work on them side by side, and write in the order in
 * which they took them.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "annotate/flow.h"
#include "annotate/separators.h"

struct run {
	const struct annotate_options *options;
	struct annotate_input *input;
	pthread_mutex_t reading;
	uint64_t taken; /* blocks */
	pthread_mutex_t writing;
	pthread_cond_t written;
	uint64_t next; /* block to be written */
	uint64_t line; /* the first of that block */
	struct annotate_result *result;
	struct fault *fault;
	int failed;	     /* 0, or what ended it */
	atomic_bool stopped; /* after which nothing is read or written any more */
};

int worker_reserve(struct worker *worker, size_t n, struct fault *fault)
{
	size_t size = worker->out_size ? worker->out_size : 2 * (size_t)ANNOTATE_BLOCK;
	char *out;

	while (size - worker->out_n < n)
		size *= 2;
	if (size == worker->out_size)
		return 0;
	out = realloc(worker->out, size + ANNOTATE_SLACK);
	if (!out)
		return fault_memory(fault);
	worker->out = out;
	worker->out_size = size;
	return 0;
}

int worker_as_of(struct worker *worker, struct slice date, struct fault *fault)
{
	const struct annotate_options *options = worker->options;
	const struct services *services;
	int result;

	if (likely(worker->services && date.n > 0 && date.n == worker->date_n &&
		   memcmp(date.p, worker->date, date.n) == 0))
		return 0;
	/* Before the next is asked for: so there is never more than one a thread. */
	if (worker->services)
		options->give_back(options->context, worker->services);
	worker->services = NULL;
	result = options->as_of(options->context, date, &services, fault);
	if (result != 0)
		return result;
	worker->services = services;
	worker->date_n = date.n <= sizeof(worker->date) ? date.n : 0;
	memcpy(worker->date, date.p, worker->date_n);
	return 0;
}

int worker_unread(struct worker *worker, const char *record, struct fault *fault)
{
	if (worker->unread++ == 0)
		worker->first_unread = (size_t)(record - worker->block.p);
	return worker->options->strict
		       ? fault_set(fault, FAULT_MALFORMED,
				   "no record of a flow: a port, the protocol or the like is "
				   "missing or none")
		       : 1;
}

static void count(struct annotate_count *to, const struct flow *flow)
{
	to->flows++;
	to->bytes += flow->bytes;
}

void worker_count(struct worker *worker, const struct flow *flow)
{
	struct annotate_summary *summary = worker->summary;
	struct service_choice choice;

	if (flow->protocol == FLOW_OTHER) {
		count(&summary->others, flow);
		return;
	}
	choice = services_choose(worker->services, (enum transport)flow->protocol, flow->source,
				 flow->destination);
	if (choice.confidence == ANNOTATE_NONE)
		count(&summary->undecided, flow);
	else
		count(&summary->ports[flow->protocol][choice.port], flow);
}

/* What came of a block, in its turn: 0, or what ends the run. */
static int hand_over(struct run *run, struct worker *worker, uint64_t lines, int result)
{
	struct annotate_result *sum = run->result;

	if (worker->unread > 0) {
		uint64_t line = run->line + separators_lines(worker->block.p, worker->first_unread);

		if (result == FAULT_MALFORMED)
			worker->fault.line = line;
		if (sum->unread == 0)
			sum->line = line;
	}
	run->line += lines;
	sum->records += worker->records;
	sum->unread += worker->unread;
	if (worker->out_n == 0)
		return result;
	sum->open = worker->out[worker->out_n - 1] != '\n';
	if (!run->options->write(run->options->context, (struct slice){worker->out, worker->out_n}))
		return 1;
	return result;
}

/* Waits for the block's turn. */
static void finish_block(struct run *run, struct worker *worker, uint64_t number, int result)
{
	uint64_t lines = separators_lines(worker->block.p, worker->block.n);

	pthread_mutex_lock(&run->writing);
	while (run->next != number)
		pthread_cond_wait(&run->written, &run->writing);
	if (!atomic_load(&run->stopped)) {
		result = hand_over(run, worker, lines, result);
		if (result != 0) {
			if (result < 0)
				*run->fault = worker->fault;
			run->failed = result;
			atomic_store(&run->stopped, true);
		}
	}
	run->next++;
	pthread_cond_broadcast(&run->written);
	pthread_mutex_unlock(&run->writing);
}

/* A block for the worker, and its number: 1, 0 at the end, or a negative fault, in its turn, too.
 */
static int take_block(struct run *run, struct worker *worker, uint64_t *ret_number)
{
	int result = 0;

	worker->out_n = 0;
	worker->records = worker->unread = 0;
	pthread_mutex_lock(&run->reading);
	if (!atomic_load(&run->stopped))
		result = annotate_input_block(run->input, &worker->block, &worker->fault);
	if (result != 0)
		*ret_number = run->taken++;
	pthread_mutex_unlock(&run->reading);
	return result;
}

static void work(struct run *run, struct worker *worker)
{
	uint64_t number = 0;

	for (;;) {
		int result = take_block(run, worker, &number);

		if (result == 0)
			return;
		if (result < 0)
			worker->block.n = 0;
		else if (run->options->layout.form.json)
			result = annotate_json(worker, &worker->fault);
		else
			result = annotate_delimited(worker, &worker->fault);
		finish_block(run, worker, number, result);
	}
}

/* A worker and the thread that it has. */
struct hand {
	struct run *run;
	struct worker worker;
	pthread_t thread;
	bool started;
};

static void *work_in_thread(void *context)
{
	struct hand *hand = context;

	work(hand->run, &hand->worker);
	return NULL;
}

static void add_summary(struct annotate_summary *to, const struct annotate_summary *from)
{
	struct annotate_count *sum = &to->ports[0][0];
	const struct annotate_count *one = &from->ports[0][0];

	/* All of it is counts. */
	for (size_t i = 0; i < sizeof(*to) / sizeof(*sum); i++) {
		sum[i].flows += one[i].flows;
		sum[i].bytes += one[i].bytes;
	}
}

static int prepare(struct hand *hand, struct run *run)
{
	const struct annotate_options *options = run->options;

	*hand = (struct hand){.run = run};
	hand->worker.options = options;
	hand->worker.services = options->services;
	if (options->summary) {
		hand->worker.summary = calloc(1, sizeof(*hand->worker.summary));
		return hand->worker.summary ? 0 : FAULT_MEMORY;
	}
	return 0;
}

static void finish(struct hand *hand)
{
	const struct annotate_options *options = hand->run->options;
	struct worker *worker = &hand->worker;

	if (worker->summary)
		add_summary(options->summary, worker->summary);
	if (worker->services && worker->services != options->services)
		options->give_back(options->context, worker->services);
	free(worker->summary);
	free(worker->out);
	block_done(&worker->block);
}

int annotate_flows(const struct annotate_options *options, struct annotate_input *input,
		   struct annotate_result *result, struct fault *fault)
{
	struct run run = {.options = options,
			  .input = input,
			  .result = result,
			  .line = input->line,
			  .fault = fault};
	struct hand *hands = calloc(options->threads, sizeof(*hands));
	size_t ready = 0;

	if (!hands)
		return fault_memory(fault);
	pthread_mutex_init(&run.reading, NULL);
	pthread_mutex_init(&run.writing, NULL);
	pthread_cond_init(&run.written, NULL);
	while (ready < options->threads && prepare(&hands[ready], &run) == 0)
		ready++;
	if (ready == 0)
		run.failed = fault_memory(fault);
	/* The first works in this thread; where there are no more threads, alone. */
	for (size_t i = 1; i < ready; i++)
		hands[i].started =
			pthread_create(&hands[i].thread, NULL, work_in_thread, &hands[i]) == 0;
	if (ready > 0)
		work(&run, &hands[0].worker);
	for (size_t i = 0; i < ready; i++) {
		if (hands[i].started)
			pthread_join(hands[i].thread, NULL);
		finish(&hands[i]);
	}
	pthread_cond_destroy(&run.written);
	pthread_mutex_destroy(&run.writing);
	pthread_mutex_destroy(&run.reading);
	free(hands);
	return run.failed;
}
