#include <portbook/portbook.h>

#include <stdlib.h>

#include "base/file.h"
#include "builtin/builtin.h"
#include "query/query.h"

/* The public numbers are the internal ones; a change of either must not go unnoticed. */
#define SAME(public, internal) _Static_assert((int)(public) == (int)(internal), #public)
SAME(PORTBOOK_TCP, TRANSPORT_TCP);
SAME(PORTBOOK_UDP, TRANSPORT_UDP);
SAME(PORTBOOK_SCTP, TRANSPORT_SCTP);
SAME(PORTBOOK_DCCP, TRANSPORT_DCCP);
SAME(PORTBOOK_ANY, TRANSPORT_NONE);
SAME(PORTBOOK_ASSIGNED, ROW_ASSIGNED);
SAME(PORTBOOK_RESERVED, ROW_RESERVED);
SAME(PORTBOOK_UNASSIGNED, ROW_UNASSIGNED);
SAME(PORTBOOK_SYSTEM, PORT_RANGE_SYSTEM);
SAME(PORTBOOK_USER, PORT_RANGE_USER);
SAME(PORTBOOK_DYNAMIC, PORT_RANGE_DYNAMIC);
SAME(PORTBOOK_NAME, COLUMN_NAME);
SAME(PORTBOOK_PORT, COLUMN_PORT);
SAME(PORTBOOK_TRANSPORT, COLUMN_TRANSPORT);
SAME(PORTBOOK_DESCRIPTION, COLUMN_DESCRIPTION);
SAME(PORTBOOK_ASSIGNEE, COLUMN_ASSIGNEE);
SAME(PORTBOOK_CONTACT, COLUMN_CONTACT);
SAME(PORTBOOK_REGISTRATION_DATE, COLUMN_REGISTERED);
SAME(PORTBOOK_MODIFICATION_DATE, COLUMN_MODIFIED);
SAME(PORTBOOK_REFERENCE, COLUMN_REFERENCE);
SAME(PORTBOOK_SERVICE_CODE, COLUMN_SERVICE_CODE);
SAME(PORTBOOK_UNAUTHORIZED_USE, COLUMN_UNAUTHORIZED);
SAME(PORTBOOK_NOTES, COLUMN_NOTES);
SAME(PORTBOOK_ERROR_MEMORY, FAULT_MEMORY);
SAME(PORTBOOK_ERROR_SYSTEM, FAULT_SYSTEM);
SAME(PORTBOOK_ERROR_CORRUPT, FAULT_MALFORMED);
SAME(PORTBOOK_ERROR_UNKNOWN, FAULT_UNKNOWN);

/* More of these, and the public enum has to follow. */
SAME(PORTBOOK_ANY, TRANSPORT_COUNT);
SAME(PORTBOOK_UNASSIGNED + 1, ROW_STATE_COUNT);
SAME(PORTBOOK_DYNAMIC + 1, PORT_RANGE_COUNT);
SAME(PORTBOOK_NOTES + 1, COLUMN_COUNT);

struct portbook {
	struct image image;
	struct file_content file;
};

struct portbook_search {
	const struct portbook *book;
	struct rowset rows;
	uint32_t next;
};

const char *portbook_version(void)
{
	return PORTBOOK_VERSION;
}

const char *portbook_error_text(int error)
{
	switch (error) {
	case PORTBOOK_ERROR_MEMORY:
		return "out of memory";
	case PORTBOOK_ERROR_SYSTEM:
		return "the file cannot be opened or read";
	case PORTBOOK_ERROR_CORRUPT:
		return "the image is corrupt";
	case PORTBOOK_ERROR_UNKNOWN:
		return "not an image, or one of another format version";
	default:
		return "unknown error";
	}
}

static int open_file(struct portbook *book, const char *path)
{
	int result = file_map(path, image_magic(), &book->file, NULL);

	if (result > 0)
		return PORTBOOK_ERROR_UNKNOWN;
	if (result == 0)
		result = image_open(&book->image, book->file.text, NULL);
	if (result == 0)
		result = image_verify(&book->image, NULL);
	return result;
}

int portbook_open(const char *path, portbook **ret_book)
{
	struct portbook *book = calloc(1, sizeof(*book));
	int result;

	if (!book)
		return PORTBOOK_ERROR_MEMORY;
	result = path ? open_file(book, path) : image_open(&book->image, builtin_image(), NULL);
	if (result < 0) {
		portbook_close(book);
		return result;
	}
	*ret_book = book;
	return 0;
}

void portbook_close(portbook *book)
{
	if (book)
		file_content_done(&book->file);
	free(book);
}

/* The text for C, which has no absent and empty texts: NULL for both. */
static const char *c_text(struct slice text)
{
	return text.n > 0 ? text.p : NULL;
}

const char *portbook_edition(const portbook *book)
{
	struct slice title, text;

	if (!image_fact(&book->image, IMAGE_FACT_UPDATED, 0, &title, &text))
		return NULL;
	return c_text(text);
}

uint32_t portbook_row_count(const portbook *book)
{
	return image_row_count(&book->image);
}

/* Whatever is none of the four asks for all of them. */
static enum transport asked(enum portbook_transport transport)
{
	return (unsigned)transport < TRANSPORT_COUNT ? (enum transport)transport : TRANSPORT_NONE;
}

size_t portbook_find_port(const portbook *book, uint16_t port, enum portbook_transport transport,
			  uint32_t *ret_rows, size_t max)
{
	struct query query = {QUERY_PORTS, port, port, SLICE_NONE, asked(transport), false};

	if (query.transport != TRANSPORT_NONE)
		return query_port(&book->image, query.transport, port, ret_rows, max);
	return query_matching(&book->image, &query, ret_rows, max);
}

size_t portbook_find_name(const portbook *book, const char *name, enum portbook_transport transport,
			  uint32_t *ret_rows, size_t max)
{
	struct query query = {QUERY_NAME, 0, 0, slice_cstr(name), asked(transport), false};

	if (query.transport == TRANSPORT_NONE)
		return query_name(&book->image, query.name, ret_rows, max);
	return query_matching(&book->image, &query, ret_rows, max);
}

const char *portbook_row_text(const portbook *book, uint32_t row, enum portbook_column column)
{
	if ((unsigned)column >= COLUMN_COUNT)
		return NULL;
	return c_text(image_row_text(&book->image, row, (enum column)column));
}

int portbook_row_ports(const portbook *book, uint32_t row, uint16_t *ret_first, uint16_t *ret_last)
{
	struct image_row_head head;

	if (!image_row_head(&book->image, row, &head) || head.portless)
		return 0;
	*ret_first = head.first_port;
	*ret_last = head.last_port;
	return 1;
}

enum portbook_transport portbook_row_transport(const portbook *book, uint32_t row)
{
	struct image_row_head head;

	return image_row_head(&book->image, row, &head) ? (enum portbook_transport)head.transport
							: PORTBOOK_ANY;
}

enum portbook_state portbook_row_state(const portbook *book, uint32_t row)
{
	struct image_row_head head;

	return image_row_head(&book->image, row, &head) ? (enum portbook_state)head.state
							: PORTBOOK_UNASSIGNED;
}

/* Copies text and a NUL, as much as fits; the text's length. */
static size_t copy_text(struct slice text, char *buffer, size_t size)
{
	size_t n = text.n < size ? text.n : size - 1;

	if (size == 0)
		return text.n;
	if (n > 0)
		memcpy(buffer, text.p, n);
	buffer[n] = '\0';
	return text.n;
}

size_t portbook_row_alias_of(const portbook *book, uint32_t row, char *buffer, size_t size)
{
	struct row notes = {.shown[COLUMN_NOTES] = image_row_text(&book->image, row, COLUMN_NOTES)};

	return copy_text(row_alias_of(&notes), buffer, size);
}

enum portbook_state portbook_port_state(const portbook *book, uint16_t port,
					enum portbook_transport transport)
{
	enum transport only = asked(transport);
	unsigned first = only == TRANSPORT_NONE ? 0 : only;
	unsigned last = only == TRANSPORT_NONE ? TRANSPORT_COUNT - 1 : only;
	enum row_state best = ROW_UNASSIGNED;

	for (unsigned i = first; i <= last; i++) {
		enum row_state state = query_port_state(&book->image, (enum transport)i, port);

		if (state < best)
			best = state;
	}
	return (enum portbook_state)best;
}

enum portbook_range portbook_port_range(uint16_t port)
{
	return (enum portbook_range)port_range_of(port);
}

const char *portbook_range_procedure(enum portbook_range range)
{
	if ((unsigned)range >= PORT_RANGE_COUNT)
		return "";
	return port_range_procedure((enum port_range)range).p;
}

uint32_t portbook_person_count(const portbook *book)
{
	return image_person_count(&book->image);
}

int portbook_find_person(const portbook *book, const char *id, uint32_t *ret_person)
{
	return query_person(&book->image, slice_cstr(id), ret_person);
}

const char *portbook_person_text(const portbook *book, uint32_t person,
				 enum portbook_person_field field)
{
	struct person fields;

	image_person(&book->image, person, &fields);
	switch (field) {
	case PORTBOOK_PERSON_ID:
		return c_text(fields.id);
	case PORTBOOK_PERSON_NAME:
		return c_text(fields.name);
	case PORTBOOK_PERSON_ORGANIZATION:
		return c_text(fields.organization);
	case PORTBOOK_PERSON_UPDATED:
		return c_text(fields.updated);
	}
	return NULL;
}

size_t portbook_person_uri(const portbook *book, uint32_t person, unsigned index, char *buffer,
			   size_t size)
{
	struct person fields;
	struct rich_run run;
	struct slice uri = {"", 0};

	image_person(&book->image, person, &fields);
	while (rich_next(&fields.uri, &run)) {
		if (run.kind == RICH_BOUNDARY && index-- == 0)
			break;
		if (run.kind == RICH_TEXT && index == 0)
			uri = run.text;
	}
	return copy_text(uri, buffer, size);
}

portbook_search *portbook_search_new(const portbook *book)
{
	struct portbook_search *search = calloc(1, sizeof(*search));

	if (!search || !rowset_init(&search->rows, image_row_count(&book->image))) {
		free(search);
		return NULL;
	}
	search->book = book;
	return search;
}

void portbook_search_free(portbook_search *search)
{
	if (search)
		rowset_done(&search->rows);
	free(search);
}

uint32_t portbook_search_text(portbook_search *search, const char *text)
{
	rowset_clear(&search->rows);
	search->next = 0;
	if (text)
		query_search(&search->book->image, slice_cstr(text), QUERY_SEARCHED, &search->rows);
	return rowset_count(&search->rows);
}

int portbook_search_next(portbook_search *search, uint32_t *ret_row)
{
	uint32_t row = rowset_next(&search->rows, search->next);

	if (row >= search->rows.rows)
		return 0;
	*ret_row = row;
	search->next = row + 1;
	return 1;
}
