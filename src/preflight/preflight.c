/* The checks in their order, and how they report what they find. */
#include "preflight/preflight.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "builtin/builtin.h"
#include "preflight/checks.h"
#include "query/query.h"

enum { TEXT_MAX = 600 };

struct slice preflight_level_name(enum preflight_level level)
{
	static const struct slice names[] = {[PREFLIGHT_NOTE] = {"NOTE", 4},
					     [PREFLIGHT_SHOULD] = {"SHOULD", 6},
					     [PREFLIGHT_MUST] = {"MUST", 4}};

	return level < ARRAY_SIZE(names) ? names[level] : SLICE_NONE;
}

void preflight_done(struct preflight *preflight)
{
	arena_done(&preflight->arena);
	free(preflight->findings);
	*preflight = (struct preflight){};
}

static struct preflight_finding *add_finding(struct work *work)
{
	struct preflight *preflight = work->preflight;

	if (preflight->count == work->size) {
		size_t size = work->size ? work->size * 2 : 16;
		struct preflight_finding *grown =
			reallocarray(preflight->findings, size, sizeof(*grown));

		if (!grown)
			return NULL;
		preflight->findings = grown;
		work->size = size;
	}
	return &preflight->findings[preflight->count++];
}

static void find(struct work *work, enum check number, size_t field, struct slice section,
		 const char *format, va_list arguments)
{
	const struct preflight_check *check = check_of(number);
	struct preflight_finding *finding = work->failed ? NULL : add_finding(work);
	char text[TEXT_MAX];
	int n = vsnprintf(text, sizeof(text), format, arguments);

	if (!finding || n < 0) {
		work->failed = true;
		return;
	}
	/* One line, though what it cites has several. */
	for (char *c = text; *c; c++)
		*c = byte_is_blank(*c) ? ' ' : *c;
	*finding = (struct preflight_finding){
		.check = check,
		.field = field,
		.text = arena_copy(&work->preflight->arena,
				   (struct slice){text, (size_t)n < sizeof(text)
								? (size_t)n
								: sizeof(text) - 1},
				   &work->failed),
		.section = section.n > 0
				   ? arena_copy(&work->preflight->arena, section, &work->failed)
				   : check->section,
	};
	work->preflight->levels[check->level]++;
}

void work_find(struct work *work, enum check number, size_t field, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	find(work, number, field, SLICE_NONE, format, arguments);
	va_end(arguments);
}

void work_find_by(struct work *work, enum check number, size_t field, struct slice section,
		  const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	find(work, number, field, section, format, arguments);
	va_end(arguments);
}

void work_precedent(struct work *work, const struct preflight_precedent *precedent)
{
	struct arena *arena = &work->preflight->arena;
	struct preflight_finding *finding;
	struct preflight_precedent *places, copy = *precedent;

	if (work->failed)
		return;
	finding = &work->preflight->findings[work->preflight->count - 1];
	if (finding->precedent_count == PRECEDENTS_MAX)
		return;
	places = (struct preflight_precedent *)finding->precedents;
	if (!places)
		places = arena_alloc(arena, PRECEDENTS_MAX * sizeof(*places));
	if (!places) {
		work->failed = true;
		return;
	}
	copy.name = arena_copy(arena, precedent->name, &work->failed);
	copy.date = arena_copy(arena, precedent->date, &work->failed);
	copy.what = arena_copy(arena, precedent->what, &work->failed);
	places[finding->precedent_count++] = copy;
	finding->precedents = places;
}

void work_precedent_row(struct work *work, uint32_t number, struct slice what)
{
	struct row row;
	struct preflight_precedent precedent;

	image_row(work->image, number, &row);
	precedent = (struct preflight_precedent){
		.name = row.shown[COLUMN_NAME],
		.first_port = row.first_port,
		.last_port = row.last_port,
		.transport = row.transport,
		.date = row.shown[COLUMN_REGISTERED],
		.what = what.p ? what : row_state_name(row.state),
	};
	work_precedent(work, &precedent);
}

/* Adds the rows of the numbers, as far as there is room, that what is asked for is about. */
static void take_rows(struct work *work, const uint32_t *numbers, size_t count)
{
	const struct application_subject *subject = &work->application->subject;
	struct rows *rows = &work->subject;

	for (size_t i = 0; i < count; i++) {
		struct row row;
		bool there = false;

		image_row(work->image, numbers[i], &row);
		if (!row_of_transport(&row, subject->transports) ||
		    (subject->first_port >= 0 &&
		     (row.first_port > subject->first_port || row.last_port < subject->last_port)))
			continue;
		for (size_t j = 0; j < rows->count; j++)
			there = there || rows->numbers[j] == numbers[i];
		if (!there && rows->count < ROWS_MAX)
			rows->numbers[rows->count++] = numbers[i];
	}
}

static void find_subject(struct work *work)
{
	const struct application_subject *subject = &work->application->subject;
	uint32_t numbers[ROWS_MAX];
	size_t count;

	if (subject->name.p) {
		count = query_name(work->image, subject->name, numbers, ROWS_MAX);
		take_rows(work, numbers, count < ROWS_MAX ? count : ROWS_MAX);
		return;
	}
	for (unsigned i = 0; i < TRANSPORT_COUNT && subject->first_port >= 0; i++) {
		count = query_port(work->image, (enum transport)i, (uint16_t)subject->first_port,
				   numbers, ROWS_MAX);
		take_rows(work, numbers, count < ROWS_MAX ? count : ROWS_MAX);
	}
}

static void find_named(struct work *work)
{
	uint32_t numbers[ROWS_MAX];
	size_t count = query_name(work->image, work->name, numbers, ROWS_MAX);

	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		struct image_row_head head;

		if (image_row_head(work->image, numbers[i], &head) && head.state == ROW_ASSIGNED)
			work->named.numbers[work->named.count++] = numbers[i];
	}
}

/* The range of which any port is the easiest to get; NULL: there is none. */
static const struct policy_range *usual_range(const struct policy *policy)
{
	const struct policy_range *best = NULL;

	for (size_t i = 0; i < policy->range_count; i++) {
		const struct policy_range *range = &policy->ranges[i];

		if (range->first >= 0 && !range->method->never &&
		    (!best || range->method->reviews + range->method->approvals <
				      best->method->reviews + best->method->approvals))
			best = range;
	}
	return best;
}

static void find_ports(struct work *work)
{
	const struct application *application = work->application;
	const struct policy_range *usual = usual_range(work->policy);

	work->first_port = work->last_port = -1;
	if (application->wants_port) {
		work->first_port = application->first_port;
		work->last_port = application->last_port;
	}
	if (application->any_port && work->first_port < 0 && usual) {
		work->first_port = usual->first;
		work->last_port = usual->last;
	}
}

/* What the checks of all groups ask. */
static void understand(struct work *work)
{
	int32_t port;

	find_ports(work);
	port = work->first_port;

	work->name = work_value(work, FIELD_NAME);
	find_subject(work);
	find_named(work);
	if (!work_is(work, PORTING | IN(NAME)) && work->subject.count > 0) {
		struct row row;

		image_row(work->image, work->subject.numbers[0], &row);
		port = row.first_port;
	}
	work->range = policy_range_of(work->policy, port);
}

static int compare_findings(const void *a, const void *b)
{
	const struct preflight_finding *x = a, *y = b;

	if (x->check->level != y->check->level)
		return x->check->level > y->check->level ? -1 : 1;
	if (x->check->number != y->check->number)
		return x->check->number < y->check->number ? -1 : 1;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	return slice_compare(x->text, y->text);
}

int preflight(const struct application *application, const struct policy *policy,
	      const struct preflight_facts *facts, struct preflight *ret_preflight,
	      struct fault *fault)
{
	struct preflight found = {};
	struct work work = {.application = application,
			    .policy = policy,
			    .facts = facts,
			    .image = facts->image,
			    .preflight = &found};
	int result = image_open(&work.common, builtin_common(), fault);

	if (result < 0)
		return result;
	understand(&work);
	check_fields(&work);
	check_names(&work);
	check_ports(&work);
	check_transports(&work);
	check_codes(&work);
	check_people(&work);
	check_procedures(&work);
	check_precedents(&work);
	if (work.failed) {
		preflight_done(&found);
		return fault_memory(fault);
	}
	if (found.count > 1)
		qsort(found.findings, found.count, sizeof(*found.findings), compare_findings);
	*ret_preflight = found;
	return 0;
}
