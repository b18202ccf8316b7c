/*
 * One row (record) of the registry. It borrows all its text from whatever it came from - a
 * registry being built or an image - and owns nothing.
 */
#ifndef PORTBOOK_RECORD_ROW_H
#define PORTBOOK_RECORD_ROW_H

#include <stdint.h>

#include "base/slice.h"
#include "record/port.h"
#include "record/rich.h"
#include "record/transport.h"

/* Bytes of one column of one row, rich or shown, at most. */
enum { ROW_TEXT_MAX = 65535 };

/* The publisher's columns in its order. */
enum column {
	COLUMN_NAME,
	COLUMN_PORT,
	COLUMN_TRANSPORT,
	COLUMN_DESCRIPTION,
	COLUMN_ASSIGNEE,
	COLUMN_CONTACT,
	COLUMN_REGISTERED,
	COLUMN_MODIFIED,
	COLUMN_REFERENCE,
	COLUMN_SERVICE_CODE,
	COLUMN_UNAUTHORIZED,
	COLUMN_NOTES,
	COLUMN_COUNT,
};

/* The column's heading as published, and its key in JSON and on the command line. Static. */
struct slice column_title(enum column column);
struct slice column_key(enum column column);

/* How the brackets of a column's shown text read. */
enum rich_reading column_reading(enum column column);

/* RFC 6335, section 6. */
enum row_state {
	ROW_ASSIGNED,
	ROW_RESERVED,
	ROW_UNASSIGNED,
	ROW_STATE_COUNT,
};

/* "assigned", "reserved", "unassigned". Static. */
struct slice row_state_name(enum row_state state);

struct row {
	/*
	 * Each column as shown. Absent where the document has nothing there; an element that is
	 * there and empty is present and empty. The assignee is, as published, the contacts where
	 * no assignee is given (see assignee_given).
	 */
	struct slice shown[COLUMN_COUNT];
	/*
	 * The rich text behind it. Absent where rich_read() of the shown text gives it, so that
	 * only row_rich() should look here.
	 */
	struct slice rich[COLUMN_COUNT];
	/*
	 * The kinds of the record's elements in document order, a letter each (row.c lists them).
	 * Absent where the document is not XML.
	 */
	struct slice order;
	/*
	 * The row's bytes in its XML document, from the end of what is before it, where they are
	 * not as render_xml_row() would write them. Absent unless it was asked for. Whoever changes
	 * the row makes it absent.
	 */
	struct slice verbatim;
	int32_t first_port; /* -1: a service name without a port */
	int32_t last_port;  /* the same as first_port but for ranges */
	enum transport transport;
	enum row_state state;
	uint32_t at; /* byte of its document that the row begins with; 0: not known */
	bool assignee_given;
};

/* Letters of row.order, one for each element of a record. */
enum row_element {
	ROW_ELEMENT_NAME = 'n',
	ROW_ELEMENT_PROTOCOL = 'p',
	ROW_ELEMENT_NUMBER = 'i',
	ROW_ELEMENT_DESCRIPTION = 'd',
	ROW_ELEMENT_ASSIGNEE = 'a',
	ROW_ELEMENT_CONTACT = 'c',   /* <xref type="person"> */
	ROW_ELEMENT_REFERENCE = 'r', /* any other <xref> */
	ROW_ELEMENT_SERVICE_CODE = 's',
	ROW_ELEMENT_UNAUTHORIZED = 'u',
	ROW_ELEMENT_NOTE = 't',
};

/*
 * Fills in what follows from the shown columns: ports, transport, state. Returns 0, or the column
 * whose text is not what it must be: COLUMN_PORT or COLUMN_TRANSPORT (never 0 themselves).
 */
int row_derive(struct row *row);

/* Whether the row's ports (or port) include this one. */
static inline bool row_has_port(const struct row *row, uint16_t port)
{
	return row->first_port >= 0 && port >= row->first_port && port <= row->last_port;
}

/* The rich text of a column, appended. */
void row_rich(const struct row *row, enum column column, struct strbuf *rich);

/*
 * The service name that this row's name is an alias of, borrowed from its notes ("This entry is
 * an alias to "X"", RFC 6335, section 10.1); absent where it is none.
 */
struct slice row_alias_of(const struct row *row);

/* Whether the registry calls the entry historic, in its notes or its description. */
bool row_is_historic(const struct row *row);

#endif
