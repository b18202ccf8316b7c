/*
 * Inside http/: what of the registry is asked for at the publisher's paths, and which rows that is:
 *
 *     ?search=TEXT&page=N&skey=K&as_of=DATE        as the publisher's site (as_of is ours)
 *     &transport= &state= &range= &unauthorized_use= &portless=        as the API's
 */
#ifndef PORTBOOK_HTTP_WANTED_H
#define PORTBOOK_HTTP_WANTED_H

#include "http/handlers.h"
#include "query/query.h"

#define REGISTRY_PATH "/assignments/service-names-port-numbers"
#define DOCUMENT_PATH REGISTRY_PATH "/service-names-port-numbers"

/* Zeroed: all of the newest edition, from page 1. */
struct wanted {
	struct strbuf search, as_of;
	uint64_t page;
	struct sort_key keys[COLUMN_COUNT];
	size_t key_count;
	struct query_filter filter;
};

void wanted_done(struct wanted *wanted);

/* Reads it. 0; 1: the request was answered with what is wrong with it; a negative fault. */
int wanted_read(const struct http_request *request, struct wanted *wanted,
		struct http_response *response) MUST_USE;

/* Whether it is every row. */
bool wanted_is_all(const struct wanted *wanted);

/* How many rows match, and those from one of an index up to, but not with, another. */
struct found {
	uint32_t *rows; /* from index 0 on, as far as they are needed; the caller's to free */
	size_t matches, from, to;
};

/*
 * The rows of the page, of which there may be none; or, whole, all that match. *ret_found is zeroed
 * before, and the caller's to free after a fault, too.
 */
int wanted_find(const struct wanted *wanted, const struct image *image, bool whole,
		struct found *ret_found) MUST_USE;

/* Whether a row has to be more than found by the text. */
bool wanted_has_filter(const struct wanted *wanted);

/* The filters as parameters for an attribute, with &amp; before each. */
void wanted_put_filters(const struct wanted *wanted, struct out *out);

/*
 * The search form with all that is asked for, and below it what was found, and links to the same
 * rows in other formats and for good. A place for results begins, which wanted_put_end() ends.
 */
void wanted_put_form(const struct wanted *wanted, const struct site *site,
		     const struct site_edition *edition, size_t matches, struct out *out);
void wanted_put_end(struct out *out);

#endif
