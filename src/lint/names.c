/* Rows of one service name against each other, and aliases against what they stand for. */
#include <stdlib.h>

#include "base/utf8.h"
#include "lint/checks.h"

/* Where a service is. */
struct place {
	int32_t first_port, last_port;
	enum transport transport;
};

struct named {
	struct slice folded, name;
	struct place place;
	uint32_t index;
};

struct names {
	struct lint *lint;
	struct named *all; /* by name, ports, transport and place */
	size_t count;
};

static int compare_place(const struct place *a, const struct place *b)
{
	if (a->first_port != b->first_port)
		return a->first_port < b->first_port ? -1 : 1;
	if (a->last_port != b->last_port)
		return a->last_port < b->last_port ? -1 : 1;
	if (a->transport != b->transport)
		return a->transport < b->transport ? -1 : 1;
	return 0;
}

static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int result = slice_compare(x->folded, y->folded);

	if (result == 0)
		result = compare_place(&x->place, &y->place);
	if (result == 0)
		result = x->index < y->index ? -1 : 1;
	return result;
}

/* Index of the first row that is not before the name at that place. */
static size_t find(const struct names *names, struct slice folded, const struct place *place)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct named *named = &names->all[middle];
		int result = slice_compare(named->folded, folded);

		if (result == 0 && place)
			result = compare_place(&named->place, place);
		if (result < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether the name has a row; with place, one of the same ports and transport. */
static bool has(const struct names *names, struct slice folded, const struct place *place)
{
	size_t at = find(names, folded, place);

	return at < names->count && slice_eq(names->all[at].folded, folded) &&
	       (!place || compare_place(&names->all[at].place, place) == 0);
}

/* The name in quotes behind the words; absent where there is none. */
static struct slice quoted_behind(struct slice text, struct slice words)
{
	size_t at = slice_find(text, words);
	struct slice rest;

	if (text.n == 0 || at == (size_t)-1)
		return SLICE_NONE;
	rest = slice_skip(text, at + words.n);
	at = slice_find_byte(rest, '"');
	return at == (size_t)-1 ? SLICE_NONE : (struct slice){rest.p, at};
}

/* RFC 6335, section 10.1. */
static void check_alias(const struct names *names, const struct named *named)
{
	struct row row = registry_row(names->lint->registry, named->index);
	struct slice target = row_alias_of(&row);
	struct slice replaced =
		quoted_behind(row.shown[COLUMN_DESCRIPTION], SLICE("replacement for \""));

	if (target.p) {
		struct slice folded = lint_fold(names->lint, target);

		lint_row(names->lint, ALIAS, named->index, target);
		if (!has(names, folded, NULL))
			lint_row(names->lint, ALIAS_TARGET, named->index, target);
		else if (!has(names, folded, &named->place))
			lint_row(names->lint, ALIAS_ELSEWHERE, named->index, target);
	}
	if (replaced.p && !has(names, lint_fold(names->lint, replaced), NULL))
		lint_row(names->lint, ALIAS_REPLACED, named->index, replaced);
}

/* RFC 6335, section 10.2: 1021 and 1022, for every transport. */
static void check_experiment(struct lint *lint, const struct named *group, size_t count)
{
	bool first = slice_eq(group->folded, SLICE("exp1"));
	bool found[TRANSPORT_COUNT + 1] = {};

	if (!first && !slice_eq(group->folded, SLICE("exp2")))
		return;
	for (size_t i = 0; i < count; i++) {
		found[group[i].place.transport] = true;
		if (group[i].place.first_port != (first ? 1021 : 1022))
			lint_row(lint, EXPERIMENT_PORT, group[i].index,
				 first ? SLICE("1021") : SLICE("1022"));
	}
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (!found[i])
			lint_row(lint, EXPERIMENT_TRANSPORT, group->index,
				 transport_name((enum transport)i));
	}
}

static void check_group(struct lint *lint, const struct named *group, size_t count)
{
	const struct named *last = &group[count - 1];
	bool several = false;

	for (size_t i = 0; i < count; i++) {
		const struct named *named = &group[i];
		bool portless = named->place.first_port < 0;

		if (!slice_eq(named->name, group->name))
			lint_report(lint, NAME_CASE, LINT_ROW, named->index, named->name,
				    group->index);
		if (portless && last->place.first_port >= 0)
			lint_report(lint, NAME_BOTH_WAYS, LINT_ROW, named->index, SLICE_NONE,
				    last->index);
		if (i == 0)
			continue;
		if (compare_place(&named[-1].place, &named->place) == 0)
			lint_report(lint, DUPLICATE, LINT_ROW, named->index, SLICE_NONE,
				    named[-1].index);
		if (!several && named[-1].place.first_port >= 0 &&
		    named[-1].place.first_port != named->place.first_port) {
			several = true;
			lint_report(lint, NAME_PORTS, LINT_ROW, named->index, SLICE_NONE,
				    named[-1].index);
		}
	}
	check_experiment(lint, group, count);
}

static void check_all(const struct names *names)
{
	size_t from = 0;

	for (size_t i = 0; i < names->count; i++) {
		check_alias(names, &names->all[i]);
		if (i + 1 == names->count ||
		    !slice_eq(names->all[i].folded, names->all[i + 1].folded)) {
			check_group(names->lint, &names->all[from], i + 1 - from);
			from = i + 1;
		}
	}
}

void lint_names(struct lint *lint)
{
	const struct registry *registry = lint->registry;
	struct names names = {.lint = lint};

	names.all =
		malloc((registry->row_count > 0 ? registry->row_count : 1) * sizeof(*names.all));
	if (!names.all) {
		lint->failed = true;
		return;
	}
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		if (row.state == ROW_ASSIGNED)
			names.all[names.count++] =
				(struct named){lint_fold(lint, row.shown[COLUMN_NAME]),
					       row.shown[COLUMN_NAME],
					       {row.first_port, row.last_port, row.transport},
					       (uint32_t)i};
	}
	qsort(names.all, names.count, sizeof(*names.all), compare_named);
	if (!lint->failed)
		check_all(&names);
	free(names.all);
}
