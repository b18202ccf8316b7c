/*
 * Inside http/: the human pages. Every page has the same frame, and all that is on it but literals
 * goes through functions that escape it, so that no registry and no request can put markup there.
 */
#ifndef PORTBOOK_HTTP_VIEW_H
#define PORTBOOK_HTTP_VIEW_H

#include "http/handlers.h"
#include "query/query.h"
#include "render/xhtml_writer.h"

/* A page that is being written; zeroed memory is none. */
struct view {
	struct site *site;
	const struct http_request *request;
	struct http_response *response;
	const struct site_edition *edition;
	struct strbuf as_of; /* what was asked for; empty: the newest edition */
	struct xhtml_writer writer;
	struct strbuf text; /* for building */
};

/*
 * Holds the edition that the request asks for (its as_of). 0; 1: there is none, and the response
 * says so; or a negative fault.
 */
int view_open(struct view *view, struct site *site, const struct http_request *request,
	      struct http_response *response) MUST_USE;
void view_done(struct view *view);

/* The frame, up to where the page's own content begins; home: without the small search box. */
int view_begin(struct view *view, unsigned status, struct slice title) MUST_USE;
int view_end(struct view *view) MUST_USE;

/* A page that says that something is not there; nearest names are offered. */
int view_missing(struct view *view, struct slice what, const struct slice *names,
		 size_t count) MUST_USE;

static inline const struct image *view_image(const struct view *view)
{
	return &view->edition->image;
}

/*
 * The last edition that the page may tell of: the store may have a newer one already, of which a
 * page of the newest that is served is not to be half.
 */
static inline int64_t view_last(const struct view *view)
{
	return view->as_of.n > 0 ? INT64_MAX : view->edition->number;
}

/* Markup: only ever a literal. */
static inline void view_put(struct view *view, struct slice markup)
{
	xhtml_put(&view->writer, markup);
}

void view_text(struct view *view, struct slice text);
void view_number(struct view *view, uint64_t number);
/* With commas between its thousands. */
void view_thousands(struct view *view, uint64_t number);

/* <a href="START REST?as_of=...">, of a page of this site; rest is one segment, encoded. */
void view_link(struct view *view, struct slice start, struct slice rest);

/* A port or service with its link. */
void view_port(struct view *view, int32_t first, int32_t last, enum transport transport);
void view_service(struct view *view, struct slice name);
/* Rich text, with people by their names and links to their pages. */
void view_rich(struct view *view, struct slice rich);

/* The figures of the edition, and of its ports by transport and state. */
void view_figures(struct view *view);

/* The search box of a page that has none in its header. */
void view_search(struct view *view, struct slice value);

/* The rows as a table. */
void view_rows(struct view *view, struct slice caption, const uint32_t *rows, size_t count);

/* The numbers of a set's rows. They are the caller's to free. 0 or FAULT_MEMORY. */
int view_numbers(const struct rowset *set, uint32_t **ret_rows, size_t *ret_count) MUST_USE;

/* A person's addresses, a line each. */
void view_addresses(struct view *view, struct slice uris);

/* A state as a word with its mark. */
void view_state(struct view *view, enum row_state state);

/* The people that the rows name. 0 or FAULT_MEMORY. */
int view_people(struct view *view, const uint32_t *rows, size_t count) MUST_USE;

/*
 * Which page of so many rows the request wants (its "page"), and which rows that has, from one up
 * to, but not with, another. 1; 0 where there is no such page; or a negative fault.
 */
int view_window(struct view *view, size_t count, uint64_t *ret_number, size_t *ret_from,
		size_t *ret_to) MUST_USE;

/* The links to the other of some pages, of what was searched for (empty: of no search). */
void view_links(struct view *view, struct slice search, uint64_t number, uint64_t pages);

/*
 * What became of a name, port or person (a word as timeline_walk() takes it), the newest first,
 * under a heading; nothing where there is no store. 0 or a negative fault.
 */
int view_history(struct view *view, struct slice word) MUST_USE;

/* What changed with the page's edition, which is one of a store. 0 or a negative fault. */
int view_changes(struct view *view) MUST_USE;

/* A change in a sentence. */
struct changes;
void view_summary(struct view *view, const struct changes *changes, size_t index);

/* The pages. */
http_handler front_page, port_page, service_page, person_page, edition_page, apply_page;

#endif
