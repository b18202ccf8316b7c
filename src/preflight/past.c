/* What the editions of a store tell of the past: spans of names and ports, by name. */
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "preflight/checks.h"
#include "record/date.h"

static bool add_span(struct preflight_past *past, const struct past_span *span)
{
	if (past->count == past->size) {
		size_t size = past->size ? past->size * 2 : 1024;
		struct past_span *grown = reallocarray(past->spans, size, sizeof(*grown));

		if (!grown)
			return false;
		past->spans = grown;
		past->size = size;
	}
	past->spans[past->count++] = *span;
	return true;
}

static bool same_place(const struct past_span *a, const struct past_span *b)
{
	return slice_eq(a->name, b->name) && a->first_port == b->first_port &&
	       a->last_port == b->last_port && a->transports == b->transports;
}

/* Rows of a name come one after the other: each change of a row ends a span and begins one. */
static int take_span(void *context, const struct history_span *row)
{
	struct preflight_past *past = context;
	const struct past_span *before = past->count ? &past->spans[past->count - 1] : NULL;
	enum transport transport;
	struct past_span span = {
		.first_port = row->portless ? -1 : row->first_port,
		.last_port = row->portless ? -1 : row->last_port,
		.since = row->since,
		.until = row->until > past->newest ? 0 : row->until,
		.from_start = row->since <= past->first,
	};
	bool failed = false;

	if (row->name.n == 0)
		return 0;
	if (transport_parse(row->transport, &transport))
		span.transports = 1u << transport;
	span.name = before && slice_eq(before->name, row->name)
			    ? before->name
			    : arena_copy(&past->arena, row->name, &failed);
	return failed || !add_span(past, &span) ? FAULT_MEMORY : 0;
}

static int compare_spans(const void *a, const void *b)
{
	const struct past_span *x = a, *y = b;
	int result = slice_compare(x->name, y->name);

	if (result == 0)
		result = (x->first_port > y->first_port) - (x->first_port < y->first_port);
	if (result == 0)
		result = (x->last_port > y->last_port) - (x->last_port < y->last_port);
	if (result == 0)
		result = (x->transports > y->transports) - (x->transports < y->transports);
	if (result == 0)
		result = (x->since > y->since) - (x->since < y->since);
	return result;
}

/* Makes one of those of a place that follow each other. */
static void join(struct preflight_past *past)
{
	size_t kept = 0;

	qsort(past->spans, past->count, sizeof(*past->spans), compare_spans);
	for (size_t i = 0; i < past->count; i++) {
		struct past_span *last = kept ? &past->spans[kept - 1] : NULL,
				 *span = &past->spans[i];

		if (!last || !same_place(last, span) || (last->until && last->until < span->since))
			past->spans[kept++] = *span;
		else if (last->until && (!span->until || span->until > last->until))
			last->until = span->until;
	}
	past->count = kept;
}

static int take_edition(void *context, const struct history_edition *edition)
{
	struct preflight_past *past = context;

	if (past->first == 0)
		past->first = edition->number;
	past->newest = edition->number;
	return 0;
}

int preflight_past_read(struct history *history, struct preflight_past **ret_past,
			struct fault *fault)
{
	struct preflight_past *past = calloc(1, sizeof(*past));
	int result;

	if (!past)
		return fault_memory(fault);
	result = history_editions(history, take_edition, past, fault);
	if (result == 0)
		result = history_assigned(history, take_span, past, fault);
	if (result < 0) {
		preflight_past_free(past);
		return result == FAULT_MEMORY ? fault_memory(fault) : result;
	}
	if (past->count > 0)
		join(past);
	*ret_past = past;
	return 0;
}

void preflight_past_free(struct preflight_past *past)
{
	if (!past)
		return;
	arena_done(&past->arena);
	free(past->spans);
	free(past);
}

const struct past_span *past_of_name(const struct preflight_past *past, struct slice name,
				     size_t *ret_count)
{
	char folded[256];
	struct slice wanted = {folded, name.n};
	size_t low = 0, high = past->count, end;

	*ret_count = 0;
	if (name.n == 0 || name.n > sizeof(folded))
		return NULL;
	utf8_fold(name, folded);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (slice_compare(past->spans[middle].name, wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < past->count && slice_eq(past->spans[end].name, wanted); end++)
		continue;
	*ret_count = end - low;
	return end > low ? &past->spans[low] : NULL;
}

struct slice past_day(int64_t edition, char space[static PAST_DAY_SIZE])
{
	char label[HISTORY_LABEL_SIZE];
	struct slice day = day_of(history_label(edition, label));

	memcpy(space, day.p, day.n);
	return (struct slice){space, day.n};
}

void work_precedent_past(struct work *work, const struct past_span *span, bool ended,
			 struct slice what)
{
	char space[PAST_DAY_SIZE];
	struct preflight_precedent precedent = {
		.name = span->name,
		.first_port = span->first_port,
		.last_port = span->last_port,
		.transport = TRANSPORT_NONE,
		.date = past_day(ended ? span->until : span->since, space),
		.what = what,
	};

	if (span->transports)
		precedent.transport = (enum transport)__builtin_ctz(span->transports);
	work_precedent(work, &precedent);
}
