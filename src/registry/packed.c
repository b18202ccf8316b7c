#include "registry/packed.h"

/* What is known of a row without its texts. Sets of columns have a bit each. */
struct head {
	uint32_t at;
	uint16_t first_port, last_port; /* 0 where portless */
	uint16_t shown;			/* columns with shown text of their own */
	uint16_t plain;			/* columns whose rich text is the shown text */
	uint16_t rich;			/* columns with rich text of its own */
	uint8_t transport;
	uint8_t state : 2;
	bool portless : 1, assignee_given : 1, order : 1, verbatim : 1;
};

_Static_assert(COLUMN_COUNT <= 16, "columns are bits of 16");
_Static_assert(ROW_STATE_COUNT <= 4, "states take two bits");

/*
 * Of bytes alone, so that rows may follow each other without gaps. Texts stand behind the head: of
 * shown and rich columns, in 16 bits the length and then the bytes; of the order and the verbatim
 * text, which have no limit of their own, with a length in 32.
 */
struct packed_row {
	unsigned char head[sizeof(struct head)];
	char texts[];
};

static unsigned next_column(uint16_t *columns)
{
	unsigned column = (unsigned)__builtin_ctz(*columns);

	*columns &= (uint16_t)(*columns - 1);
	return column;
}

static struct head head_of(const struct row *row)
{
	bool portless = row->first_port < 0;
	struct head head = {
		.at = row->at,
		.first_port = portless ? 0 : (uint16_t)row->first_port,
		.last_port = portless ? 0 : (uint16_t)row->last_port,
		.transport = (uint8_t)row->transport,
		.state = row->state & 3u,
		.portless = portless,
		.assignee_given = row->assignee_given,
		.order = row->order.p,
		.verbatim = row->verbatim.p,
	};

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		uint16_t column = (uint16_t)(1u << i);

		/* The contacts'. */
		if (i == COLUMN_ASSIGNEE && !row->assignee_given)
			continue;
		if (row->shown[i].p)
			head.shown |= column;
		if (row->rich[i].p && row->shown[i].p && slice_eq(row->rich[i], row->shown[i]))
			head.plain |= column;
		else if (row->rich[i].p)
			head.rich |= column;
	}
	return head;
}

/* Bytes of a column's text with its length. */
static size_t size_of(struct slice text)
{
	return sizeof(uint16_t) + text.n;
}

static size_t size_of_all(const struct head *head, const struct row *row)
{
	size_t size = 0;

	for (uint16_t columns = head->shown; columns;)
		size += size_of(row->shown[next_column(&columns)]);
	for (uint16_t columns = head->rich; columns;)
		size += size_of(row->rich[next_column(&columns)]);
	if (head->order)
		size += sizeof(uint32_t) + row->order.n;
	if (head->verbatim)
		size += sizeof(uint32_t) + row->verbatim.n;
	return size;
}

static char *put_bytes(char *at, const void *bytes, size_t n)
{
	if (n > 0)
		memcpy(at, bytes, n);
	return at + n;
}

static char *put_column(char *at, struct slice text)
{
	uint16_t length = (uint16_t)text.n;

	return put_bytes(put_bytes(at, &length, sizeof(length)), text.p, text.n);
}

static char *put_long(char *at, struct slice text)
{
	uint32_t length = (uint32_t)text.n;

	return put_bytes(put_bytes(at, &length, sizeof(length)), text.p, text.n);
}

struct packed_row *packed_row_make(struct arena *arena, const struct row *row)
{
	struct head head = head_of(row);
	struct packed_row *packed;
	char *at;

	if (row->order.n > UINT32_MAX || row->verbatim.n > UINT32_MAX)
		return NULL;
	packed = arena_bytes(arena, sizeof(*packed) + size_of_all(&head, row));
	if (!packed)
		return NULL;
	memcpy(packed->head, &head, sizeof(head));
	at = packed->texts;
	for (uint16_t columns = head.shown; columns;)
		at = put_column(at, row->shown[next_column(&columns)]);
	for (uint16_t columns = head.rich; columns;)
		at = put_column(at, row->rich[next_column(&columns)]);
	if (head.order)
		at = put_long(at, row->order);
	if (head.verbatim)
		put_long(at, row->verbatim);
	return packed;
}

static struct slice take_column(const char **at)
{
	uint16_t length;
	struct slice text;

	memcpy(&length, *at, sizeof(length));
	text = (struct slice){*at + sizeof(length), length};
	*at = text.p + text.n;
	return text;
}

static struct slice take_long(const char **at)
{
	uint32_t length;
	struct slice text;

	memcpy(&length, *at, sizeof(length));
	text = (struct slice){*at + sizeof(length), length};
	*at = text.p + text.n;
	return text;
}

struct row packed_row_open(const struct packed_row *packed)
{
	const char *at = packed->texts;
	struct head head;

	memcpy(&head, packed->head, sizeof(head));

	struct row row = {
		.first_port = head.portless ? -1 : head.first_port,
		.last_port = head.portless ? -1 : head.last_port,
		.transport = (enum transport)head.transport,
		.state = (enum row_state)head.state,
		.at = head.at,
		.assignee_given = head.assignee_given,
	};

	for (uint16_t columns = head.shown; columns;)
		row.shown[next_column(&columns)] = take_column(&at);
	for (uint16_t columns = head.plain; columns;) {
		unsigned column = next_column(&columns);

		row.rich[column] = row.shown[column];
	}
	for (uint16_t columns = head.rich; columns;)
		row.rich[next_column(&columns)] = take_column(&at);
	if (head.order)
		row.order = take_long(&at);
	if (head.verbatim)
		row.verbatim = take_long(&at);
	if (!head.assignee_given) {
		row.shown[COLUMN_ASSIGNEE] = row.shown[COLUMN_CONTACT];
		row.rich[COLUMN_ASSIGNEE] = row.rich[COLUMN_CONTACT];
	}
	return row;
}
