/*
 * libportbook: the Service Name and Transport Protocol Port Number Registry, ready to be asked.
 *
 * A book is one edition of the registry, opened from an image file (made by
 * `portbook --registry DOCUMENT export --format image -o FILE`) or built into the library. Rows
 * are named by their number, from 0, in the order in which the registry publishes them; people
 * likewise.
 *
 * Threads: every function that takes a const book may be called from any number of threads at
 * once. Nothing allocates after portbook_open() but portbook_search_new(); nothing logs, exits,
 * reads the environment or keeps global state. portbook_search_text() takes some 130 KiB of
 * stack, everything else very little.
 *
 * Files: a book reads its file while it is asked. Whoever changes a file that is open changes the
 * answers, and whoever shortens it makes readers die of SIGBUS; a new edition is to be written
 * beside it and renamed into its place, as portbook does.
 *
 * Text: every const char * that is returned is NUL-terminated UTF-8 that belongs to the book and
 * lives until portbook_close(), or is static where the function says so. Ports are in host byte
 * order.
 *
 * Arguments: NULL is allowed where a function says so, and for the place of outputs of which
 * there are to be none (ret_rows where max is 0, buffer where size is 0). Outputs are written only
 * where the function says that it stores them. Numbers of rows and people that are not there, and
 * enumerators that are unknown, are answered as each function says.
 *
 * Versions: enumerators keep their values; later versions may add some.
 *
 * Rules: RFC 6335 unless another source is named.
 */
#ifndef PORTBOOK_H
#define PORTBOOK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define PORTBOOK_API	  __attribute__((visibility("default")))
#define PORTBOOK_MUST_USE __attribute__((warn_unused_result))
#else
#define PORTBOOK_API
#define PORTBOOK_MUST_USE
#endif

/* An open edition. */
typedef struct portbook portbook;

/* A search and its result, kept from one call to the next. */
typedef struct portbook_search portbook_search;

/* What can go wrong. Functions that fail return one of these; they are all negative. */
enum portbook_error {
	PORTBOOK_ERROR_MEMORY = -1,  /* no memory left */
	PORTBOOK_ERROR_SYSTEM = -2,  /* the file cannot be opened or mapped: errno says why */
	PORTBOOK_ERROR_CORRUPT = -3, /* an image, but cut or changed since it was written */
	PORTBOOK_ERROR_UNKNOWN = -5, /* no image, or one of another format version */
};

/* Transport protocols, section 6. */
enum portbook_transport {
	PORTBOOK_TCP = 0,
	PORTBOOK_UDP = 1,
	PORTBOOK_SCTP = 2,
	PORTBOOK_DCCP = 3,
	PORTBOOK_ANY = 4, /* in a question (as any other number): whichever; of a row: none named */
};

/* States of a port number or name, section 6. */
enum portbook_state {
	PORTBOOK_ASSIGNED = 0,
	PORTBOOK_RESERVED = 1,
	PORTBOOK_UNASSIGNED = 2,
};

/* Ranges of port numbers, section 6. */
enum portbook_range {
	PORTBOOK_SYSTEM = 0,  /* 0-1023 */
	PORTBOOK_USER = 1,    /* 1024-49151 */
	PORTBOOK_DYNAMIC = 2, /* 49152-65535 */
};

/* The registry's columns as published. */
enum portbook_column {
	PORTBOOK_NAME = 0,
	PORTBOOK_PORT = 1, /* "443", "6000-6063" */
	PORTBOOK_TRANSPORT = 2,
	PORTBOOK_DESCRIPTION = 3,
	PORTBOOK_ASSIGNEE = 4, /* the contacts where no assignee is given */
	PORTBOOK_CONTACT = 5,
	PORTBOOK_REGISTRATION_DATE = 6, /* YYYY-MM-DD or YYYY-MM */
	PORTBOOK_MODIFICATION_DATE = 7,
	PORTBOOK_REFERENCE = 8,
	PORTBOOK_SERVICE_CODE = 9, /* of DCCP, RFC 4340, section 8.1.2; decimal */
	PORTBOOK_UNAUTHORIZED_USE = 10,
	PORTBOOK_NOTES = 11,
};

/* What is known of a person or organisation. */
enum portbook_person_field {
	PORTBOOK_PERSON_ID = 0,
	PORTBOOK_PERSON_NAME = 1,
	PORTBOOK_PERSON_ORGANIZATION = 2,
	PORTBOOK_PERSON_UPDATED = 3, /* YYYY-MM-DD or YYYY-MM */
};

/* "0.1.0": the library's version. Static. */
PORTBOOK_API const char *portbook_version(void);

/* An error as words. Static; "unknown error" for anything else. */
PORTBOOK_API const char *portbook_error_text(int error);

/*
 * Opens an image file, mapped read-only; path NULL opens the built-in registry, which cannot fail
 * but for memory. On success returns 0 and stores the book, to be given back with
 * portbook_close(). On failure returns an enum portbook_error and leaves *ret_book as it was. The
 * whole file is read once to check its checksum; the built-in registry is not.
 */
PORTBOOK_API int portbook_open(const char *path, portbook **ret_book) PORTBOOK_MUST_USE;

/* Gives the book back with all its text. NULL is allowed. No other call may be using it. */
PORTBOOK_API void portbook_close(portbook *book);

/* The edition's date, YYYY-MM-DD or YYYY-MM; NULL where its document carried none. */
PORTBOOK_API const char *portbook_edition(const portbook *book);

/* How many rows there are. */
PORTBOOK_API uint32_t portbook_row_count(const portbook *book);

/*
 * The rows that cover a port of a transport (PORTBOOK_ANY: of any), in registry order: those of
 * its number, those of a range around it, and those that name no transport. Stores the numbers of
 * the first max of them and returns how many there are in all, which may be more; 0 where no row
 * covers the port (portbook_port_state() knows its state even so).
 */
PORTBOOK_API size_t portbook_find_port(const portbook *book, uint16_t port,
				       enum portbook_transport transport, uint32_t *ret_rows,
				       size_t max);

/*
 * The rows of a service name, in any letter case (section 5.1), in registry order. With a
 * transport, those of that transport and those that name none. Stores and returns as
 * portbook_find_port() does. name NULL finds none.
 */
PORTBOOK_API size_t portbook_find_name(const portbook *book, const char *name,
				       enum portbook_transport transport, uint32_t *ret_rows,
				       size_t max);

/*
 * A column of a row as the registry shows it: line breaks as line feeds, people and references in
 * brackets ("[Jon_Postel]", "[RFC1078]"). NULL where it is empty, and for no such row or column.
 */
PORTBOOK_API const char *portbook_row_text(const portbook *book, uint32_t row,
					   enum portbook_column column);

/*
 * The row's port, or first and last port of its range. Returns 1 and stores both; 0, and stores
 * nothing, for a service name without a port (section 8.1) and for no such row.
 */
PORTBOOK_API int portbook_row_ports(const portbook *book, uint32_t row, uint16_t *ret_first,
				    uint16_t *ret_last);

/* The row's transport; PORTBOOK_ANY where it names none and for no such row. */
PORTBOOK_API enum portbook_transport portbook_row_transport(const portbook *book, uint32_t row);

/* The row's state; PORTBOOK_UNASSIGNED for no such row. */
PORTBOOK_API enum portbook_state portbook_row_state(const portbook *book, uint32_t row);

/*
 * The name that the row's name is a historic alias of (section 10.1), written to buffer with a
 * NUL, cut to size bytes. Returns the length it has in full; 0, and writes no more than the NUL,
 * where the row is no alias and for no such row.
 */
PORTBOOK_API size_t portbook_row_alias_of(const portbook *book, uint32_t row, char *buffer,
					  size_t size);

/*
 * The state of a port of a transport (PORTBOOK_ANY: of any): of its rows, assigned before reserved
 * before unassigned; where none covers it Unassigned, or Reserved at the edges of the ranges
 * (0, 1023, 1024, 49151; section 6). Every port has one.
 */
PORTBOOK_API enum portbook_state portbook_port_state(const portbook *book, uint16_t port,
						     enum portbook_transport transport);

/* The range that a port belongs to, section 6. */
PORTBOOK_API enum portbook_range portbook_port_range(uint16_t port);

/* How ports of the range are assigned (section 8.1.2). Static; empty for no such range. */
PORTBOOK_API const char *portbook_range_procedure(enum portbook_range range);

/* How many people there are. */
PORTBOOK_API uint32_t portbook_person_count(const portbook *book);

/*
 * Finds a person by id ("Jon_Postel", without brackets), in any letter case: returns 1 and stores
 * the number; 0, and stores nothing, where there is none, and for id NULL. The rows that name a
 * person are those in which "[ID]" is found (portbook_search_text).
 */
PORTBOOK_API int portbook_find_person(const portbook *book, const char *id, uint32_t *ret_person);

/* A field of a person; NULL where it is empty, and for no such person or field. */
PORTBOOK_API const char *portbook_person_text(const portbook *book, uint32_t person,
					      enum portbook_person_field field);

/*
 * An address of a person, of that index from 0, as published ("mailto:user&host": & for @),
 * written to buffer with a NUL, cut to size bytes. Returns the length it has in full; 0, and
 * writes no more than the NUL, where there are no more and for no such person.
 */
PORTBOOK_API size_t portbook_person_uri(const portbook *book, uint32_t person, unsigned index,
					char *buffer, size_t size);

/*
 * Memory for searching the book, to be used by one thread at a time, any number of times, and
 * given back with portbook_search_free() before the book is closed. NULL: no memory.
 */
PORTBOOK_API portbook_search *portbook_search_new(const portbook *book) PORTBOOK_MUST_USE;

/* NULL is allowed. */
PORTBOOK_API void portbook_search_free(portbook_search *search);

/*
 * Searches for text, in any letter case, in every column but the two dates, as the published site
 * does. Returns how many rows have it, and makes them the search's result in place of the one
 * before. Every row has the empty text, none has NULL.
 */
PORTBOOK_API uint32_t portbook_search_text(portbook_search *search, const char *text);

/*
 * The result's rows in registry order, one a call: returns 1 and stores the next one; 0, and stores
 * nothing, after the last and before there is a result.
 */
PORTBOOK_API int portbook_search_next(portbook_search *search, uint32_t *ret_row);

#ifdef __cplusplus
}
#endif

#endif
