/*
 * Where rows stand: numbered ones by their first port, at a port by service and then transport;
 * behind them those without a port, by name in small letters and then transport.
 */
#include "assign/edit.h"
#include "base/number.h"
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

/* So many on either side are near by. */
enum { NEAR = 20 };

static unsigned agreement(const bool *before, size_t count, size_t place)
{
	unsigned sum = 0;

	for (size_t i = 0; i < NEAR; i++) {
		if (i < place && before[place - 1 - i])
			sum += NEAR - (unsigned)i;
		if (place + i < count && !before[place + i])
			sum += NEAR - (unsigned)i;
	}
	return sum;
}

size_t edit_seek(const bool *before, size_t count)
{
	unsigned most = 0;
	size_t best = count;

	for (size_t place = 0; place <= count; place++) {
		unsigned sum = agreement(before, count, place);

		if (sum >= most) {
			most = sum;
			best = place;
		}
	}
	return best;
}

/* Whether a row stands before the place of another at a port. */
static bool is_before_port(const struct row *row, int32_t port, enum transport transport)
{
	return row->first_port >= 0 &&
	       (row->first_port < port || (row->first_port == port && row->transport <= transport));
}

static bool is_before_name(const struct row *row, struct slice name, enum transport transport)
{
	int order = edit_compare_names(row->shown[COLUMN_NAME], name);

	return order < 0 || (order == 0 && row->transport <= transport);
}

size_t edit_place(struct edit *edit, int32_t port, struct slice name, enum transport transport)
{
	bool *before = arena_alloc(&edit->arena, edit->count + 1);
	size_t first = 0;

	if (!before) {
		edit->failed = true;
		return 0;
	}
	for (size_t i = edit->count; i-- > 0;) {
		struct row row = edit_row(edit, i);

		/* Behind what the service has at this port. */
		if (port >= 0 && row.first_port == port && row.transport <= transport &&
		    name.n > 0 && utf8_fold_eq(row.shown[COLUMN_NAME], name))
			return i + 1;
		/* Names stand behind the last port. */
		if (port < 0 && row.first_port >= 0 && first == 0)
			first = i + 1;
		before[i] = port >= 0 ? is_before_port(&row, port, transport)
				      : is_before_name(&row, name, transport);
	}
	return first + edit_seek(before + first, edit->count - first);
}

void edit_put(struct edit *edit, struct row *row)
{
	if (row)
		edit_insert(
			edit,
			edit_place(edit, row->first_port, row->shown[COLUMN_NAME], row->transport),
			row);
}

/* Use that was reported of certain ports is said of those that are left with one of them. */
static void keep_report(struct edit *edit, struct row *row)
{
	struct slice text = row ? row->shown[COLUMN_UNAUTHORIZED] : SLICE_NONE;
	bool named = false, has = false;

	for (size_t i = 0; i < text.n; i++) {
		size_t n = 0;
		uint64_t port;

		while (i + n < text.n && byte_is_digit(text.p[i + n]))
			n++;
		if (n > 0 && number_parse((struct slice){text.p + i, n}, PORT_MAX, &port)) {
			named = true;
			has |= row_has_port(row, (uint16_t)port);
		}
		i += n;
	}
	if (named && !has)
		edit_set(edit, row, COLUMN_UNAUTHORIZED, SLICE_NONE);
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
			keep_report(edit, behind);
			edit_insert(edit, i + 1, behind);
		}
		if (row.first_port < first)
			edit_set_ports(edit, rest, row.first_port, first - 1);
		else
			edit_set_ports(edit, rest, last + 1, row.last_port);
		keep_report(edit, rest);
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
