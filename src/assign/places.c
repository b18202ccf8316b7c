/*
 * Where rows stand: numbered ones by their first port, at a port by service and then transport;
 * behind them those without a port, by name in small letters and then transport.
 */
#include "assign/edit.h"
#include "base/utf8.h"

bool row_overlaps(const struct row *row, int32_t first, int32_t last)
{
	return first >= 0 && row->first_port >= 0 && row->first_port <= last &&
	       row->last_port >= first;
}

int edit_compare_names(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++) {
		unsigned char x = (unsigned char)ascii_fold(a.p[i]);
		unsigned char y = (unsigned char)ascii_fold(b.p[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

void edit_seek(struct edit_seek *seek, size_t index, bool less)
{
	seek->score += less ? 1 : -1;
	if (seek->score < seek->best)
		return;
	seek->best = seek->score;
	seek->place = index + 1;
}

static size_t place_of_name(const struct edit *edit, struct slice name, enum transport transport)
{
	struct edit_seek seek = {};

	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);
		int order =
			row.first_port >= 0 ? -1 : edit_compare_names(row.shown[COLUMN_NAME], name);

		edit_seek(&seek, i, order < 0 || (order == 0 && row.transport <= transport));
	}
	return seek.place;
}

size_t edit_place(const struct edit *edit, int32_t port, struct slice name,
		  enum transport transport)
{
	size_t place = edit->count;
	bool found = false;

	if (port < 0)
		return place_of_name(edit, name, transport);
	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (!found && (row.first_port < 0 || row.first_port > port ||
			       (row.first_port == port && row.transport > transport))) {
			place = i;
			found = true;
		}
		/* Behind what the service has at this port. */
		if (row.first_port == port && row.transport < transport && name.n > 0 &&
		    utf8_fold_eq(row.shown[COLUMN_NAME], name)) {
			place = i + 1;
			found = true;
		}
	}
	return place;
}

void edit_put(struct edit *edit, struct row *row)
{
	if (row)
		edit_insert(
			edit,
			edit_place(edit, row->first_port, row->shown[COLUMN_NAME], row->transport),
			row);
}

void edit_carve(struct edit *edit, int32_t first, int32_t last)
{
	for (size_t i = edit->count; i-- > 0;) {
		struct row row = edit_row(edit, i), *rest;

		if (row.state != ROW_UNASSIGNED || !row_overlaps(&row, first, last))
			continue;
		if (row.first_port >= first && row.last_port <= last) {
			edit_drop(edit, i);
			continue;
		}
		rest = edit_change(edit, i);
		if (row.first_port < first && row.last_port > last && rest) {
			struct row *behind = edit_new_row(edit);

			if (behind)
				*behind = *rest;
			edit_set_ports(edit, behind, last + 1, row.last_port);
			edit_insert(edit, i + 1, behind);
		}
		if (row.first_port < first)
			edit_set_ports(edit, rest, row.first_port, first - 1);
		else
			edit_set_ports(edit, rest, last + 1, row.last_port);
	}
}

/* Whether a row is Unassigned, and nothing else is said of it. */
static bool is_bare(const struct row *row)
{
	return row->state == ROW_UNASSIGNED && row->transport == TRANSPORT_NONE &&
	       !row->shown[COLUMN_NOTES].p && !row->shown[COLUMN_REFERENCE].p &&
	       !row->shown[COLUMN_UNAUTHORIZED].p;
}

void edit_free_ports(struct edit *edit, int32_t first, int32_t last)
{
	struct row *row;

	for (size_t i = edit->count; i-- > 0;) {
		struct row beside = edit_row(edit, i);

		if (row_overlaps(&beside, first, last))
			return;
	}
	for (size_t i = edit->count; i-- > 0;) {
		struct row beside = edit_row(edit, i);

		if (!is_bare(&beside) ||
		    (beside.last_port != first - 1 && beside.first_port != last + 1))
			continue;
		first = beside.first_port < first ? beside.first_port : first;
		last = beside.last_port > last ? beside.last_port : last;
		edit_drop(edit, i);
	}
	row = edit_new_row(edit);
	edit_set(edit, row, COLUMN_DESCRIPTION, SLICE("Unassigned"));
	edit_set_ports(edit, row, first, last);
	edit_put(edit, row);
}

int edit_conflict(struct edit *edit, const char *what, const struct row *row)
{
	struct slice name = row->shown[COLUMN_NAME], port = row->shown[COLUMN_PORT];
	struct slice transport = row->shown[COLUMN_TRANSPORT];
	struct slice text = row->shown[COLUMN_DESCRIPTION];

	return fault_set(edit->fault, 1, "%s: %.*s%s%.*s%s%.*s (%.*s)", what, (int)name.n,
			 name.n ? name.p : "", name.n && port.n ? " " : "", (int)port.n,
			 port.n ? port.p : "", transport.n ? port.n ? "/" : " " : "",
			 (int)transport.n, transport.n ? transport.p : "",
			 (int)(text.n < 80 ? text.n : 80), text.n ? text.p : "");
}
