/*
 * The registry as XHTML: the whole on one page, or single pages of it as the publisher's site cuts
 * them. Tables, links, line breaks and anchors are those of the publisher's style sheet, to the
 * byte; the page around them needs no other file: no style sheet, script or picture.
 *
 * All text is escaped on its way out, and addresses become links only where a browser does nothing
 * with them but go there, so that no document can put markup or scripts on a page.
 */
#ifndef PORTBOOK_RENDER_XHTML_H
#define PORTBOOK_RENDER_XHTML_H

#include "base/out.h"
#include "record/person.h"
#include "record/row.h"
#include "record/sort.h"
#include "registry/registry.h"

/*
 * What is shown. Absent facts are left out. The functions give the note, row, person or footnote
 * of an index; false past the last. What they give is borrowed until they are asked again.
 */
struct xhtml_content {
	struct slice title, updated;
	struct slice references, expert; /* rich */
	const void *data;
	bool (*note)(const void *data, size_t index, struct slice *ret_title,
		     struct slice *ret_text);
	bool (*row)(const void *data, size_t index, struct row *ret_row);
	bool (*person)(const void *data, size_t index, struct person *ret_person);
	bool (*footnote)(const void *data, size_t index, struct slice *ret_anchor,
			 struct slice *ret_text);
};

/* What a site has around its pages, instead of what a page by itself needs. */
struct xhtml_frame {
	void (*head)(struct out *out);	/* style sheets and the like, in <head> */
	void (*begin)(struct out *out); /* what the body begins with */
	void (*end)(struct out *out);
};

/* Which page of which search the content is, for the search box and the links to others. */
struct xhtml_page {
	struct slice base;	/* what links lead to, up to its "?"; empty: where the page is */
	struct slice search;	/* empty: every row */
	struct slice as_of;	/* the date that links keep to; empty: none */
	uint64_t number, pages; /* from 1; 0 pages: nothing was found */
	const struct sort_key *keys; /* that the rows are sorted by */
	size_t key_count;
	const struct xhtml_frame *frame; /* NULL: none */
	/* What a site has more, as markup; absent: nothing. */
	struct slice filters; /* parameters that links keep, with &amp; before each */
	struct slice formats; /* links to the same in other formats */
	struct slice request; /* where to ask for an assignment */
	struct slice form;    /* what the page begins with, in the place of the search box */
	bool folded;	      /* behind a form: what is said of the registry is to be unfolded */
};

/* page: NULL for a page that is all there is. */
void render_xhtml_page(struct out *out, const struct xhtml_content *content,
		       const struct xhtml_page *page);

void render_xhtml(struct out *out, const struct registry *registry);

#endif
