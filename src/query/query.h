/*
 * Questions to one edition (an image): by port, name, range, text, person. Every function
 * is thread-safe; those that allocate say so.
 */
#ifndef PORTBOOK_QUERY_QUERY_H
#define PORTBOOK_QUERY_QUERY_H

#include "base/attr.h"
#include "base/fault.h"
#include "image/image.h"
#include "query/rowset.h"
#include "record/services.h"
#include "record/sort.h"

/*
 * The rows that cover a port of a transport, in registry order; rows without a transport cover
 * all four. Writes at most max row numbers and returns how many there are in all.
 */
size_t query_port(const struct image *image, enum transport transport, uint16_t port,
		  uint32_t *ret_rows, size_t max);

/* The rows of a service name (in any letter case), in registry order; as query_port. */
size_t query_name(const struct image *image, struct slice name, uint32_t *ret_rows, size_t max);

/* Distinct service names in folded order: how many, and the one of an index (else absent). */
uint32_t query_name_count(const struct image *image);
struct slice query_name_at(const struct image *image, uint32_t index);

/*
 * The names that services(5) has of a port and transport, in its order (record/services.h); how
 * many. Of more than SERVICES_FEW rows that cover the port the first ones count. Allocates nothing.
 */
size_t query_services(const struct image *image, enum transport transport, uint16_t port,
		      struct service ret_services[static SERVICES_FEW]);

/*
 * The first port and transport in the order of services(5) that have a line with the name, as name
 * or alias, in these very letters; TRANSPORT_NONE: of any transport. False: none.
 */
bool query_service(const struct image *image, struct slice name, enum transport transport,
		   uint16_t *ret_port, enum transport *ret_transport);

/*
 * The state of a port of a transport: of the rows that cover it, assigned before reserved before
 * unassigned, or as query_uncovered says where none does.
 */
enum row_state query_port_state(const struct image *image, enum transport transport, uint16_t port);

/*
 * The row that names a port of a transport: of those that assign it the first that is no alias,
 * else the first. False: none.
 */
bool query_port_named(const struct image *image, enum transport transport, uint16_t port,
		      uint32_t *ret_row);

/*
 * What the registry says where no row does (RFC 6335, section 6): a row without name and
 * description, with the state and range of its ports. first <= last, both in one range.
 */
void query_uncovered(enum transport transport, uint16_t first, uint16_t last, struct row *ret_row);

/* A mask of columns. */
#define QUERY_COLUMN(column) (1u << (column))
/* What the published site searches: every column but the two dates. */
#define QUERY_SEARCHED                                                                             \
	(((1u << COLUMN_COUNT) - 1) & ~QUERY_COLUMN(COLUMN_REGISTERED) &                           \
	 ~QUERY_COLUMN(COLUMN_MODIFIED))

/*
 * Adds the rows to the set in which text occurs, in any letter case, in one of the columns. An
 * empty text occurs everywhere. The set was made for this image.
 */
void query_search(const struct image *image, struct slice text, unsigned columns,
		  struct rowset *set);

/*
 * The same for a regular expression (PCRE2, caseless, UTF-8, multi-line). Allocates while it
 * runs. FAULT_MALFORMED with the offset (column) where it is none; FAULT_LIMIT where it is too
 * long, or goes back and forth in one text for too long, with some of the rows added perhaps.
 */
int query_regex(const struct image *image, struct slice pattern, unsigned columns,
		struct rowset *set, struct fault *fault) MUST_USE;

/* The person of that id, in any letter case where no exact one is there. False: none. */
bool query_person(const struct image *image, struct slice id, uint32_t *ret_number);

/* Adds the rows that name the person, as assignee, contact or inside notes. Allocates nothing. */
void query_person_rows(const struct image *image, struct slice id, struct rowset *set);

/* The names nearest to one that is not there, best first; at most max; how many. */
size_t query_suggest(const struct image *image, struct slice name, struct slice *ret_names,
		     size_t max);

/* A question as people type it. */
enum query_kind { QUERY_PORTS, QUERY_NAME };

struct query {
	enum query_kind kind;
	uint16_t first, last;	  /* QUERY_PORTS */
	struct slice name;	  /* QUERY_NAME; borrowed from the text */
	enum transport transport; /* TRANSPORT_NONE: any */
	bool service_type; /* a DNS-SD type, _name._tcp or _name._udp (RFC 6763, section 7) */
};

/*
 * Reads "443", "443/tcp", "6000-6010", "https", "https/tcp", "_https._tcp". False, and why not,
 * for what cannot be meant: a port above 65535, an empty name.
 */
bool query_parse(struct slice text, struct query *ret_query, struct fault *fault);

/*
 * Adds the rows that answer it. For ports: those that cover any of them. A name with a transport
 * also finds that name's rows without one; a DNS-SD type's _udp stands for every transport but TCP
 * (RFC 6763, section 7).
 */
void query_rows(const struct image *image, const struct query *query, struct rowset *set);

/*
 * The same as numbers: writes the first max of them, in registry order, and returns how many
 * there are in all.
 */
size_t query_matching(const struct image *image, const struct query *query, uint32_t *ret_rows,
		      size_t max);

/* What rows are asked to be. */
enum query_property {
	QUERY_TRANSPORT,    /* of enum transport, TRANSPORT_NONE too */
	QUERY_STATE,	    /* of enum row_state */
	QUERY_RANGE,	    /* of enum port_range */
	QUERY_UNAUTHORIZED, /* 1: an unauthorized use is reported; 0: none */
	QUERY_PORTLESS,	    /* 1: a service name without a port; 0: with one */
	QUERY_PROPERTY_COUNT,
};

/* The values that a row may have of each property, 1 << value; 0: any. */
struct query_filter {
	unsigned masks[QUERY_PROPERTY_COUNT];
};

/* Whether the row is all of that. A row without a port is in no range. */
bool query_passes(const struct image *image, const struct query_filter *filter, uint32_t number);

/*
 * Sorts row numbers by the keys, the first before the next. Ports and service codes compare as
 * numbers, all other columns as folded text; nothing comes before something; equal rows stay in
 * registry order, descending or not. Allocates while it runs: 0 or FAULT_MEMORY.
 */
int query_sort(const struct image *image, uint32_t *rows, size_t count, const struct sort_key *keys,
	       size_t key_count) MUST_USE;

enum { QUERY_PAGE_ROWS = 100 };

/* Pages that so many rows make up; 0 for none. */
uint64_t query_pages(size_t count);

/*
 * Which of so many rows a page has, from the one of an index up to, but not with, another, as the
 * published site cuts them: page 1 is matches 1 to 100, page N those from (N-1)*100 to N*100, so
 * that neighbours share a row. page is one of query_pages.
 */
void query_page(size_t count, uint64_t page, size_t *ret_from, size_t *ret_to);

/*
 * Adds the people that the rows name - as assignee, contact or inside other text - to a set that
 * was made for as many members as the image has people. A number past the last row names nobody.
 * Allocates while it runs: 0 or FAULT_MEMORY.
 */
int query_people(const struct image *image, const uint32_t *rows, size_t count,
		 struct rowset *people, struct fault *fault) MUST_USE;

/* The same as numbers, ascending: an array that is the caller's to free. */
int query_people_numbers(const struct image *image, const uint32_t *rows, size_t count,
			 uint32_t **ret_people, size_t *ret_count, struct fault *fault) MUST_USE;

#endif
