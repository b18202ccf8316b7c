#include "record/row.h"

#include "base/utf8.h"

static const struct {
	struct slice title, key;
	enum rich_reading reading;
} columns[COLUMN_COUNT] = {
	[COLUMN_NAME] = {SLICE("Service Name"), SLICE("name"), RICH_READ_TEXT},
	[COLUMN_PORT] = {SLICE("Port Number"), SLICE("port"), RICH_READ_TEXT},
	[COLUMN_TRANSPORT] = {SLICE("Transport Protocol"), SLICE("transport"), RICH_READ_TEXT},
	[COLUMN_DESCRIPTION] = {SLICE("Description"), SLICE("description"), RICH_READ_TEXT},
	[COLUMN_ASSIGNEE] = {SLICE("Assignee"), SLICE("assignee"), RICH_READ_PEOPLE},
	[COLUMN_CONTACT] = {SLICE("Contact"), SLICE("contact"), RICH_READ_PEOPLE},
	[COLUMN_REGISTERED] = {SLICE("Registration Date"), SLICE("registration_date"),
			       RICH_READ_TEXT},
	[COLUMN_MODIFIED] = {SLICE("Modification Date"), SLICE("modification_date"),
			     RICH_READ_TEXT},
	[COLUMN_REFERENCE] = {SLICE("Reference"), SLICE("references"), RICH_READ_REFERENCES},
	[COLUMN_SERVICE_CODE] = {SLICE("Service Code"), SLICE("service_code"), RICH_READ_TEXT},
	[COLUMN_UNAUTHORIZED] = {SLICE("Unauthorized Use Reported"), SLICE("unauthorized_use"),
				 RICH_READ_TEXT},
	[COLUMN_NOTES] = {SLICE("Assignment Notes"), SLICE("notes"), RICH_READ_TEXT},
};

struct slice column_title(enum column column)
{
	return columns[column].title;
}

struct slice column_key(enum column column)
{
	return columns[column].key;
}

enum rich_reading column_reading(enum column column)
{
	return columns[column].reading;
}

struct slice row_state_name(enum row_state state)
{
	static const struct slice names[ROW_STATE_COUNT] = {
		{"assigned", 8}, {"reserved", 8}, {"unassigned", 10}};

	return names[state];
}

static bool fold_starts(struct slice text, struct slice prefix)
{
	return text.n >= prefix.n && utf8_fold_eq((struct slice){text.p, prefix.n}, prefix);
}

/*
 * A row with a service name is an assignment. One without is Unassigned where it says so (in one
 * of several spellings: "Unassigned", "unassigned", "Unassigned [was netstat]"); all others
 * ("Reserved", "De-registered", "Removed", "any private ...") are not to be had: Reserved.
 */
static enum row_state state_of(const struct row *row)
{
	if (row->shown[COLUMN_NAME].n > 0)
		return ROW_ASSIGNED;
	if (fold_starts(row->shown[COLUMN_DESCRIPTION], SLICE("unassigned")))
		return ROW_UNASSIGNED;
	return ROW_RESERVED;
}

int row_derive(struct row *row)
{
	row->first_port = row->last_port = -1;
	row->transport = TRANSPORT_NONE;
	if (row->shown[COLUMN_PORT].n > 0) {
		uint16_t first, last;

		if (!port_parse(row->shown[COLUMN_PORT], &first, &last))
			return COLUMN_PORT;
		row->first_port = first;
		row->last_port = last;
	}
	if (row->shown[COLUMN_TRANSPORT].n > 0 &&
	    !transport_parse(row->shown[COLUMN_TRANSPORT], &row->transport))
		return COLUMN_TRANSPORT;
	row->state = state_of(row);
	return 0;
}

void row_rich(const struct row *row, enum column column, struct strbuf *rich)
{
	if (row->rich[column].p)
		strbuf_add(rich, row->rich[column]);
	else if (rich_is_plain(row->shown[column]) &&
		 slice_find_byte(row->shown[column], '[') == (size_t)-1)
		strbuf_add(rich, row->shown[column]);
	else
		rich_read(row->shown[column], column_reading(column), rich);
}

struct slice row_alias_of(const struct row *row)
{
	struct slice words = SLICE("This entry is an alias to \"");
	size_t at = slice_find(row->shown[COLUMN_NOTES], words);
	struct slice rest;

	if (row->shown[COLUMN_NOTES].n == 0 || at == (size_t)-1)
		return SLICE_NONE;
	rest = slice_skip(row->shown[COLUMN_NOTES], at + words.n);
	at = slice_find_byte(rest, '"');
	return at == (size_t)-1 ? SLICE_NONE : (struct slice){rest.p, at};
}

bool row_is_historic(const struct row *row)
{
	struct slice rest = row->shown[COLUMN_DESCRIPTION];
	struct slice word = SLICE("(historic)");

	if (row->shown[COLUMN_NOTES].n > 0 &&
	    slice_find(row->shown[COLUMN_NOTES], SLICE("This entry is now historic")) != (size_t)-1)
		return true;
	while (rest.n >= word.n) {
		size_t at = slice_find_byte(rest, '(');

		if (at == (size_t)-1)
			return false;
		rest = slice_skip(rest, at);
		if (rest.n >= word.n && utf8_fold_eq((struct slice){rest.p, word.n}, word))
			return true;
		rest = slice_skip(rest, 1);
	}
	return false;
}
