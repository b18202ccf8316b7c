/* Comments that allow findings. */
#include <stdlib.h>

#include "audit/read.h"
#include "base/number.h"

static void add(struct reading *reading, struct allowance allowance)
{
	struct audit *audit = reading->audit;

	if (AUDIT_GROW(audit, allowances, allowance_count, allowance_size))
		audit->allowances[audit->allowance_count++] = allowance;
}

/* The numbers after "allow", each with a comma between; 0 where there is something else. */
static void read_numbers(struct reading *reading, struct slice text, struct allowance allowance)
{
	struct slice list = slice_trim(text);
	bool any = false;
	size_t n = 0;

	while (n < list.n && (byte_is_digit(list.p[n]) || list.p[n] == ','))
		n++;
	list.n = n;
	while (list.p) {
		struct slice digits = slice_cut(&list, ',');
		uint64_t number;

		if (digits.n == 0)
			continue;
		if (!number_parse(digits, UINT32_MAX, &number))
			number = UINT32_MAX;
		allowance.number = (uint32_t)number;
		add(reading, allowance);
		any = true;
	}
	if (!any)
		add(reading, allowance);
}

static bool is_comment(struct slice line)
{
	line = slice_trim(line);
	return slice_starts(line, SLICE("#")) || slice_starts(line, SLICE(";")) ||
	       slice_starts(line, SLICE("<!--"));
}

/* Those that wait for their line, from an index on, get it. Returns the index of the next ones. */
static size_t settle(struct audit *audit, size_t from, uint32_t line)
{
	for (size_t i = from; i < audit->allowance_count; i++) {
		if (audit->allowances[i].line == 0)
			audit->allowances[i].line = line;
	}
	return audit->allowance_count;
}

static uint32_t column_of(struct slice line, size_t at)
{
	struct placer placer = placer_of(line);

	return placer_find(&placer, line.p + at).column;
}

/* Comments of a line of their own are for the next line that is none. */
void allow_read(struct reading *reading)
{
	static const struct slice words = {"portbook: allow", 15};
	struct slice rest = reading->text;
	size_t waiting = reading->audit->allowance_count;
	uint32_t number = 0;

	if (slice_find(rest, words) == (size_t)-1)
		return;
	while (rest.p) {
		struct slice line = slice_cut(&rest, '\n');
		size_t at = slice_find(line, words);
		bool comment = is_comment(line);
		struct allowance allowance = {.file = reading->file};

		number++;
		if (!comment)
			waiting = settle(reading->audit, waiting, number);
		if (at == (size_t)-1 ||
		    (!comment && slice_find_byte((struct slice){line.p, at}, '#') == (size_t)-1 &&
		     slice_find(line, SLICE("<!--")) >= at))
			continue;
		allowance.at = number;
		allowance.column = column_of(line, at);
		allowance.line = comment ? 0 : number;
		read_numbers(reading, slice_skip(line, at + words.n), allowance);
	}
	(void)settle(reading->audit, waiting, number + 1);
}

/* By what they allow: file, line and number. */
static int compare(const void *a, const void *b)
{
	const struct allowance *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* The first of those that allow it is used then. */
static bool is_allowed(struct audit *audit, const struct audit_finding *finding)
{
	struct allowance wanted = {
		.file = finding->file, .line = finding->line, .number = finding->check->number};
	size_t low = 0, high = audit->allowance_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&audit->allowances[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == audit->allowance_count || compare(&audit->allowances[low], &wanted) != 0)
		return false;
	audit->allowances[low].used = true;
	return true;
}

static void complain(struct audit *audit, const struct allowance *allowance)
{
	struct slice text =
		allowance->number == 0
			? audit_text(audit, "the comment allows nothing: numbers are missing")
			: audit_text(audit, "nothing here is %u, which is allowed",
				     allowance->number);

	audit_report(audit, ALLOW_NOTHING, allowance->file,
		     (struct place){allowance->at, allowance->column}, AUDIT_NO_PORT, SLICE_NONE,
		     text);
}

void allow_apply(struct audit *audit)
{
	size_t kept = 0;

	if (audit->allowance_count == 0)
		return;
	qsort(audit->allowances, audit->allowance_count, sizeof(*audit->allowances), compare);
	for (size_t i = 0; i < audit->finding_count; i++) {
		if (!is_allowed(audit, &audit->findings[i]))
			audit->findings[kept++] = audit->findings[i];
	}
	audit->finding_count = kept;
	for (size_t i = 0; i < audit->allowance_count; i++) {
		struct allowance *allowance = &audit->allowances[i];

		/* What another comment allows as well is not in vain. */
		if (i > 0 && compare(allowance - 1, allowance) == 0)
			allowance->used |= allowance[-1].used;
		if (!allowance->used)
			complain(audit, allowance);
	}
}
