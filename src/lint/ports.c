/* Rows of one port against each other: shared, overlapping, without a counterpart. */
#include <stdlib.h>

#include "lint/checks.h"

/* A row's, as far as it is compared. */
struct place {
	int32_t first_port, last_port;
	enum transport transport;
	enum row_state state;
	uint32_t index;
};

static struct place place_of(const struct registry *registry, size_t index)
{
	struct row row = registry_row(registry, index);

	return (struct place){row.first_port, row.last_port, row.transport, row.state,
			      (uint32_t)index};
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->first_port != y->first_port)
		return x->first_port < y->first_port ? -1 : 1;
	if (x->last_port != y->last_port)
		return x->last_port < y->last_port ? -1 : 1;
	if (x->transport != y->transport)
		return x->transport < y->transport ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static bool same_ports(const struct place *a, const struct place *b)
{
	return a->first_port == b->first_port && a->last_port == b->last_port;
}

/* Whether the row says itself that it stands beside another one. */
static bool says_so(const struct lint *lint, const struct place *place)
{
	struct row row = registry_row(lint->registry, place->index);
	struct slice notes = row.shown[COLUMN_NOTES];

	return row_alias_of(&row).p ||
	       (notes.n > 0 && slice_find(notes, SLICE("duplicate of")) != (size_t)-1);
}

/* Rows of the same ports and transport. One finding is enough to tell that a port is shared. */
static void check_shared(struct lint *lint, const struct place *group, size_t count)
{
	const struct place *first = NULL;
	bool told = false;

	for (size_t i = 0; i < count; i++) {
		if (group[i].state != ROW_ASSIGNED) {
			if (count > 1)
				lint_report(lint, PORT_STATES, LINT_ROW, group[i].index,
					    row_state_name(group[i].state),
					    group[i == 0 ? 1 : 0].index);
		} else if (!says_so(lint, &group[i])) {
			if (first && !told)
				lint_report(lint, PORT_SHARED, LINT_ROW, group[i].index, SLICE_NONE,
					    first->index);
			told = first != NULL;
			first = first ? first : &group[i];
		}
	}
}

/* Rows of the same ports (RFC 6335, section 8.1.1: who has one of TCP and UDP keeps the other). */
static void check_counterpart(struct lint *lint, const struct place *group, size_t count)
{
	bool found[TRANSPORT_COUNT + 1] = {};

	for (size_t i = 0; i < count; i++)
		found[group[i].transport] = true;
	if (!found[TRANSPORT_NONE] && found[TRANSPORT_TCP] != found[TRANSPORT_UDP])
		lint_row(lint, COUNTERPART, group->index,
			 transport_name(found[TRANSPORT_TCP] ? TRANSPORT_UDP : TRANSPORT_TCP));
}

static void check_groups(struct lint *lint, const struct place *places, size_t count)
{
	size_t from = 0, ports_from = 0;

	for (size_t i = 0; i < count; i++) {
		const struct place *row = &places[i];
		const struct place *next = i + 1 < count ? &places[i + 1] : NULL;
		bool ports_end = !next || !same_ports(row, next);

		if (ports_end || row->transport != next->transport) {
			check_shared(lint, &places[from], i + 1 - from);
			from = i + 1;
		}
		if (ports_end) {
			check_counterpart(lint, &places[ports_from], i + 1 - ports_from);
			ports_from = i + 1;
		}
	}
}

/* A row without a transport is about every one of them. */
static bool concerns(const struct place *row, unsigned transport)
{
	return row->transport == TRANSPORT_NONE || row->transport == transport;
}

/* Each row against the one before, of those with its transport, that reaches furthest. */
static void check_overlaps(struct lint *lint, const struct place *places, size_t count)
{
	const struct place *furthest[TRANSPORT_COUNT] = {};

	for (size_t i = 0; i < count; i++) {
		const struct place *row = &places[i];
		const struct place *met = NULL;

		for (unsigned t = 0; t < TRANSPORT_COUNT; t++) {
			const struct place *other = furthest[t];

			if (!concerns(row, t))
				continue;
			if (other && other->last_port >= row->first_port &&
			    !(same_ports(other, row) && other->transport == row->transport))
				met = other;
			if (!other || other->last_port < row->last_port)
				furthest[t] = &places[i];
		}
		if (met)
			lint_report(lint, RANGE_OVERLAP, LINT_ROW, places[i].index, SLICE_NONE,
				    met->index);
	}
}

static void check_adjacent(struct lint *lint)
{
	const struct registry *registry = lint->registry;

	struct place before = {};

	for (size_t i = 0; i < registry->row_count; i++) {
		struct place row = place_of(registry, i);

		if (i > 0 && before.state == ROW_UNASSIGNED && row.state == ROW_UNASSIGNED &&
		    before.transport == row.transport && before.first_port >= 0 &&
		    row.first_port == before.last_port + 1)
			lint_report(lint, RANGE_ADJACENT, LINT_ROW, i, SLICE_NONE, i - 1);
		before = row;
	}
}

void lint_ports(struct lint *lint)
{
	const struct registry *registry = lint->registry;
	struct place *places =
		malloc((registry->row_count > 0 ? registry->row_count : 1) * sizeof(*places));
	size_t count = 0;

	if (!places) {
		lint->failed = true;
		return;
	}
	for (size_t i = 0; i < registry->row_count; i++) {
		places[count] = place_of(registry, i);
		count += places[count].first_port >= 0;
	}
	qsort(places, count, sizeof(*places), compare_places);
	check_groups(lint, places, count);
	check_overlaps(lint, places, count);
	check_adjacent(lint);
	free(places);
}
