/* Columns of a row that is changed, and the elements of its record, whose order is kept. */
#include "assign/edit.h"

/* The publisher's order in new records. */
static const char usual[] = {ROW_ELEMENT_NAME,	       ROW_ELEMENT_PROTOCOL,
			     ROW_ELEMENT_ASSIGNEE,     ROW_ELEMENT_DESCRIPTION,
			     ROW_ELEMENT_NUMBER,       ROW_ELEMENT_SERVICE_CODE,
			     ROW_ELEMENT_UNAUTHORIZED, ROW_ELEMENT_NOTE,
			     ROW_ELEMENT_CONTACT,      ROW_ELEMENT_REFERENCE};

static const char letters[COLUMN_COUNT] = {
	[COLUMN_NAME] = ROW_ELEMENT_NAME,
	[COLUMN_PORT] = ROW_ELEMENT_NUMBER,
	[COLUMN_TRANSPORT] = ROW_ELEMENT_PROTOCOL,
	[COLUMN_DESCRIPTION] = ROW_ELEMENT_DESCRIPTION,
	[COLUMN_ASSIGNEE] = ROW_ELEMENT_ASSIGNEE,
	[COLUMN_CONTACT] = ROW_ELEMENT_CONTACT,
	[COLUMN_REFERENCE] = ROW_ELEMENT_REFERENCE,
	[COLUMN_SERVICE_CODE] = ROW_ELEMENT_SERVICE_CODE,
	[COLUMN_UNAUTHORIZED] = ROW_ELEMENT_UNAUTHORIZED,
	[COLUMN_NOTES] = ROW_ELEMENT_NOTE,
};

static size_t rank_of(char letter)
{
	size_t rank = 0;

	while (rank < sizeof(usual) && usual[rank] != letter)
		rank++;
	return rank;
}

/* As many of a letter as wanted: the first ones stay, new ones come where they usually are. */
static struct slice with_elements(struct edit *edit, struct slice order, char letter, size_t wanted)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	size_t have = 0, place = 0;

	for (size_t i = 0; i < order.n; i++) {
		if (order.p[i] == letter && ++have > wanted)
			continue;
		strbuf_add_byte(&text, order.p[i]);
		if (rank_of(order.p[i]) <= rank_of(letter))
			place = text.n;
	}
	for (; have < wanted; have++) {
		if (!strbuf_extend(&text, 1))
			break;
		memmove(text.p + place + 1, text.p + place, text.n - 1 - place);
		text.p[place] = letter;
	}
	return edit_keep(edit, &text);
}

/* Elements of the column: of contacts and references one each, else one. */
static size_t elements_of(enum column column, struct slice text)
{
	struct rich_run run;
	size_t count = 0;

	if (column != COLUMN_CONTACT && column != COLUMN_REFERENCE)
		return text.p ? 1 : 0;
	while (rich_next(&text, &run))
		count += run.kind == RICH_REFERENCE;
	return count;
}

void edit_set(struct edit *edit, struct row *row, enum column column, struct slice text)
{
	struct strbuf shown CLEANUP(strbuf_done) = {};

	if (!row)
		return;
	if (row->order.p && letters[column])
		row->order =
			with_elements(edit, row->order, letters[column], elements_of(column, text));
	row->rich[column] = text;
	row->shown[column] = SLICE_NONE;
	if (text.p) {
		rich_show(text, &shown);
		row->shown[column] = edit_keep(edit, &shown);
	}
	if (column == COLUMN_ASSIGNEE)
		row->assignee_given = text.p != NULL;
	/* Ports and transports are made here, or those of a row. */
	if (row_derive(row) > 0)
		edit->failed = true;
}

void edit_set_ports(struct edit *edit, struct row *row, int32_t first, int32_t last)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	if (first >= 0)
		strbuf_add_uint(&text, (uint64_t)first);
	if (last > first)
		strbuf_printf(&text, "-%d", (int)last);
	edit_set(edit, row, COLUMN_PORT, first < 0 ? SLICE_NONE : edit_keep(edit, &text));
}

struct slice edit_rich(struct edit *edit, const struct row *row, enum column column)
{
	struct strbuf rich CLEANUP(strbuf_done) = {};

	if (row->rich[column].p || !row->shown[column].p)
		return row->rich[column];
	if (slice_find_byte(row->shown[column], '[') == (size_t)-1 &&
	    rich_is_plain(row->shown[column]))
		return row->shown[column];
	row_rich(row, column, &rich);
	return edit_keep(edit, &rich);
}
