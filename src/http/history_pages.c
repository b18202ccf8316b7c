#include "http/history_pages.h"

#include <stdlib.h>

#include "http/view.h"
#include "render/changes.h"
#include "timeline/timeline.h"

enum { PAGE_EDITIONS = 10, FEED_EDITIONS = 20, LISTED_MAX = 100, DIGEST_LENGTH = 64 };

struct listed {
	int64_t number, rows, people;
	char sha256[DIGEST_LENGTH + 1];
};

/* The store, and its editions up to the last, ascending. Without a store there are none. */
struct past {
	struct history *history;
	int64_t last;
	struct listed *editions;
	size_t count, size;
};

static void past_done(struct past *past)
{
	history_close(past->history);
	free(past->editions);
}

static int add_edition(void *context, const struct history_edition *edition)
{
	struct past *past = context;
	struct listed *listed;

	if (edition->number > past->last)
		return 0;
	if (past->count == past->size) {
		size_t size = past->size ? past->size * 2 : 64;

		listed = reallocarray(past->editions, size, sizeof(*listed));
		if (!listed)
			return FAULT_MEMORY;
		past->editions = listed;
		past->size = size;
	}
	listed = &past->editions[past->count++];
	*listed = (struct listed){
		.number = edition->number, .rows = edition->rows, .people = edition->people};
	memcpy(listed->sha256, edition->sha256.p,
	       edition->sha256.n < DIGEST_LENGTH ? edition->sha256.n : DIGEST_LENGTH);
	return 0;
}

static int past_open(struct past *past, const struct site *site, int64_t last)
{
	struct fault fault;
	int result;

	past->last = last;
	if (!site_store(site))
		return 0;
	result = history_open(site_store(site), HISTORY_READ, &past->history, &fault);
	if (result == 0)
		result = history_begin(past->history, false, &fault);
	return result == 0 ? history_editions(past->history, add_edition, past, &fault) : result;
}

static void put_label(struct view *view, int64_t number)
{
	char space[HISTORY_LABEL_SIZE];
	struct slice label = history_label(number, space);

	view_link(view, SLICE("/editions/"), label);
	view_text(view, label);
	view_put(view, SLICE("</a>"));
}

static void put_edition(struct view *view, const struct listed *listed)
{
	view_put(view, SLICE("<tr><td>"));
	put_label(view, listed->number);
	view_put(view, SLICE("</td><td class=\"number\">"));
	view_thousands(view, (uint64_t)listed->rows);
	view_put(view, SLICE("</td><td class=\"number\">"));
	view_thousands(view, (uint64_t)listed->people);
	view_put(view, SLICE("</td></tr>\n"));
}

/* The newest first, by year. */
static void put_years(struct view *view, const struct past *past)
{
	char space[HISTORY_LABEL_SIZE], year[4] = {};

	for (size_t i = past->count; i-- > 0;) {
		struct slice label = history_label(past->editions[i].number, space);

		if (memcmp(year, label.p, sizeof(year)) != 0) {
			memcpy(year, label.p, sizeof(year));
			view_put(view,
				 i + 1 < past->count ? SLICE("</tbody><tbody>\n") : SLICE(""));
			view_put(view, SLICE("<tr><th scope=\"rowgroup\" colspan=\"3\">"));
			view_text(view, (struct slice){year, sizeof(year)});
			view_put(view, SLICE("</th></tr>\n"));
		}
		put_edition(view, &past->editions[i]);
	}
}

static int put_editions(struct view *view, const struct past *past)
{
	int result = view_begin(view, 200, SLICE("Editions"));

	if (result < 0)
		return result;
	view_put(view, SLICE("<h1>Editions</h1>\n"));
	if (past->count == 0) {
		view_put(view, SLICE("<p>There is no store of editions here: the only one is "));
		view_text(view, view->edition->label);
		view_put(view, SLICE(".</p>\n"));
		return view_end(view);
	}
	view_put(view, SLICE("<p class=\"lead\">The registry as it was published, "));
	view_thousands(view, past->count);
	view_put(view, past->count == 1 ? SLICE(" time") : SLICE(" times"));
	view_put(view, SLICE(".</p>\n<table class=\"editions\"><thead><tr>"
			     "<th scope=\"col\">Edition</th>"
			     "<th scope=\"col\" class=\"number\">Rows</th>"
			     "<th scope=\"col\" class=\"number\">People</th></tr>"
			     "</thead><tbody>\n"));
	put_years(view, past);
	view_put(view, SLICE("</tbody></table>\n"));
	return view_end(view);
}

int editions_page(struct site *site, const struct http_request *request,
		  const struct slice *captured, struct http_response *response)
{
	struct view view CLEANUP(view_done) = {};
	struct past past CLEANUP(past_done) = {};
	int result = view_open(&view, site, request, response);

	(void)captured;
	if (result == 0)
		result = past_open(&past, site, view_last(&view));
	return result == 0 ? put_editions(&view, &past) : result < 0 ? result : 0;
}

static void put_moment(struct view *view, const struct moment *moment)
{
	size_t count = moment->changes.count;

	view_put(view, SLICE("<section><h2>"));
	put_label(view, moment->number);
	view_put(view, SLICE("</h2>\n"));
	view_put(view, count == 0 ? SLICE("<p>Nothing changed.</p>\n")
				  : SLICE("<ul class=\"changes\">\n"));
	for (size_t i = 0; i < count && i < LISTED_MAX; i++) {
		view_put(view, SLICE("<li>"));
		view_summary(view, &moment->changes, i);
		view_put(view, SLICE("</li>\n"));
	}
	view_put(view, count == 0 ? SLICE("") : SLICE("</ul>\n"));
	if (count > LISTED_MAX) {
		view_put(view, SLICE("<p>and "));
		view_thousands(view, count - LISTED_MAX);
		view_put(view, SLICE(" more</p>\n"));
	}
	view_put(view, SLICE("</section>\n"));
}

/* Editions from one of an index on backwards, but for the first, with which nothing changed. */
static int put_moments(struct view *view, const struct past *past, size_t from)
{
	size_t to = from > PAGE_EDITIONS ? from - PAGE_EDITIONS : 0;
	struct fault fault;

	for (size_t i = from; i > to; i--) {
		struct moment moment = {};
		int result =
			moment_find(past->history, past->editions[i].number, NULL, &moment, &fault);

		if (result < 0)
			return result;
		put_moment(view, &moment);
		moment_done(&moment);
	}
	if (to > 0) {
		char space[HISTORY_LABEL_SIZE];

		view_put(view, SLICE("<p><a rel=\"next\" href=\"/changes?before="));
		view_text(view, history_label(past->editions[to + 1].number, space));
		view_put(view, SLICE("\">Earlier changes</a></p>\n"));
	}
	return 0;
}

/* The index of the edition to begin with; false: none is called that. */
static bool find_before(const struct past *past, struct slice before, size_t *ret_from)
{
	char space[HISTORY_LABEL_SIZE];

	for (size_t i = 0; i < past->count; i++) {
		if (before.n > 0 &&
		    !slice_eq(history_label(past->editions[i].number, space), before))
			continue;
		*ret_from = before.n > 0 ? (i > 0 ? i - 1 : 0) : past->count - 1;
		return true;
	}
	*ret_from = 0;
	return before.n == 0;
}

static int put_changes(struct view *view, const struct past *past, struct slice before)
{
	size_t from;
	int result;

	if (!find_before(past, before, &from))
		return view_missing(view, SLICE("edition of that date"), NULL, 0);
	result = view_begin(view, 200, SLICE("Changes"));
	if (result < 0)
		return result;
	view_put(view, SLICE("<h1>Changes</h1>\n<p class=\"lead\">What each edition changed, the "
			     "newest first; also as a <a href=\"/changes.atom\">feed</a>.</p>\n"));
	if (from == 0)
		view_put(view, SLICE("<p>There is no earlier edition here to compare with.</p>\n"));
	result = put_moments(view, past, from);
	return result == 0 ? view_end(view) : result;
}

int changes_page(struct site *site, const struct http_request *request,
		 const struct slice *captured, struct http_response *response)
{
	struct view view CLEANUP(view_done) = {};
	struct past past CLEANUP(past_done) = {};
	struct strbuf before CLEANUP(strbuf_done) = {};
	int result = http_parameter(request, SLICE("before"), &before);

	(void)captured;
	if (result == FAULT_MALFORMED)
		return http_problem(response, 400, SLICE("Bad Request"),
				    SLICE("before is not UTF-8, or has a NUL"));
	if (result >= 0)
		result = view_open(&view, site, request, response);
	if (result == 0)
		result = past_open(&past, site, view_last(&view));
	if (result != 0)
		return result < 0 ? result : 0;
	return put_changes(&view, &past, strbuf_slice(&before));
}

static int put_entries(struct out *out, const struct past *past, struct slice base)
{
	struct fault fault;

	for (size_t i = past->count; i-- > 1 && past->count - i <= FEED_EDITIONS;) {
		const struct listed *listed = &past->editions[i];
		char space[HISTORY_LABEL_SIZE];
		struct moment moment = {};
		int result = moment_find(past->history, listed->number, NULL, &moment, &fault);

		if (result < 0)
			return result;
		render_atom_entry(out, &moment.changes, history_label(listed->number, space),
				  slice_cstr(listed->sha256), base);
		moment_done(&moment);
	}
	return 0;
}

/* As of the edition that is served. */
static int put_feed(const struct site_edition *edition, const struct past *past, struct slice base,
		    struct http_response *response)
{
	char space[HISTORY_LABEL_SIZE];
	struct slice label = edition->date;
	int result = http_respond(response, 200, HTTP_ATOM);

	if (result < 0)
		return result;
	if (past->count > 0)
		label = history_label(past->editions[past->count - 1].number, space);
	response->last_modified = http_keep(response, label);
	render_atom_begin(&response->body, slice_cut(&label, '.'), base);
	result = put_entries(&response->body, past, base);
	render_atom_end(&response->body);
	return result;
}

int changes_feed(struct site *site, const struct http_request *request,
		 const struct slice *captured, struct http_response *response)
{
	struct past past CLEANUP(past_done) = {};
	const struct site_edition *edition;
	int result = site_hold(site, SLICE_NONE, &edition, NULL);

	(void)request;
	(void)captured;
	if (result != 0)
		return result;
	result = past_open(&past, site, edition->number);
	if (result == 0)
		result = put_feed(edition, &past, site_base(site), response);
	site_release(site, edition);
	return result;
}
