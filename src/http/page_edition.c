/* An edition: its figures, and what changed with it. */
#include "http/frame.h"
#include "http/view.h"

static void put_subset(struct view *view)
{
	view_put(view, SLICE("<p class=\"lead\">The registry "));
	view_put(view, view->edition->number != 0 ? SLICE("as published on <time>")
						  : SLICE("as of <time>"));
	view_text(view, view->edition->date);
	view_put(view, SLICE("</time>.</p>\n<ul class=\"links\"><li><a href=\"/"));
	if (view->edition->number != 0) {
		view_put(view, SLICE("?as_of="));
		frame_encoded(view->writer.out, view->edition->label);
	}
	view_put(view, SLICE("\">Search it</a></li></ul>\n"));
}

static int put_edition(struct view *view)
{
	int result = view_begin(view, 200, view->edition->label);

	if (result < 0)
		return result;
	view_put(view, SLICE("<p class=\"kicker\">Edition</p><h1>"));
	view_text(view, view->edition->label);
	view_put(view, SLICE("</h1>\n"));
	put_subset(view);
	view_figures(view);
	if (view->edition->number != 0)
		result = view_changes(view);
	return result < 0 ? result : view_end(view);
}

int edition_page(struct site *site, const struct http_request *request,
		 const struct slice *captured, struct http_response *response)
{
	struct view view CLEANUP(view_done) = {};
	const struct site_edition *edition;
	struct fault fault;
	int result = view_open(&view, site, request, response);

	if (result != 0)
		return result < 0 ? result : 0;
	/* Without a store there is but one, whatever it is called. */
	if (!slice_eq(view.edition->label, captured[0])) {
		result = site_hold(site, captured[0], &edition, &fault);
		if (result < 0 && result != FAULT_MALFORMED)
			return result;
		if (result != 0)
			return view_missing(&view, SLICE("edition of that date"), NULL, 0);
		site_release(site, view.edition);
		view.edition = edition;
	}
	if (!slice_eq(view.edition->label, captured[0]))
		return view_missing(&view, SLICE("edition of that very date"), NULL, 0);
	return put_edition(&view);
}
