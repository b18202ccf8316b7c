/* What the store says on pages: what became of a subject, and what an edition changed. */
#include <errno.h>

#include "http/view.h"
#include "render/changes.h"
#include "timeline/timeline.h"

enum { LISTED_MAX = 500 };

/* Changes as they come, oldest first, each a line of its own; where each moment begins. */
struct lines {
	struct view *view;
	struct out items;     /* of all moments, one after the other */
	struct strbuf starts; /* size_t each */
	size_t count;
};

void view_summary(struct view *view, const struct changes *changes, size_t index)
{
	struct out summary;

	if (out_init_memory(&summary) < 0) {
		view->writer.out->error = ENOMEM;
		return;
	}
	render_change_summary(&summary, changes, &changes->all[index]);
	view_text(view, out_slice(&summary));
	if (summary.error)
		view->writer.out->error = summary.error;
	out_done(&summary);
}

static int add_moment(void *context, const struct moment *moment)
{
	struct lines *lines = context;
	struct view *view = lines->view;
	struct out *out = view->writer.out;
	char space[HISTORY_LABEL_SIZE];
	struct slice label = history_label(moment->number, space);

	if (moment->changes.count == 0 || moment->number > view_last(view))
		return 0;
	strbuf_add(&lines->starts,
		   (struct slice){(const char *)&lines->items.n, sizeof(lines->items.n)});
	view->writer.out = &lines->items;
	view_put(view, SLICE("<li><time><a href=\"/editions/"));
	view_text(view, label);
	view_put(view, SLICE("\">"));
	view_text(view, label);
	view_put(view, SLICE("</a></time>"));
	for (size_t i = 0; i < moment->changes.count; i++) {
		view_put(view, i > 0 ? SLICE("<br />") : SLICE(""));
		view_summary(view, &moment->changes, i);
	}
	view_put(view, moment->previous == 0
			       ? SLICE(" <span class=\"tag\">earliest edition held</span></li>\n")
			       : SLICE("</li>\n"));
	view->writer.out = out;
	lines->count++;
	return 0;
}

/* The newest first. */
static void put_lines(struct view *view, const struct lines *lines)
{
	size_t end = lines->items.n, start;

	view_put(view, SLICE("<h2>History</h2>\n<ol class=\"history\" reversed=\"reversed\">\n"));
	for (size_t i = lines->count; i-- > 0; end = start) {
		memcpy(&start, lines->starts.p + i * sizeof(start), sizeof(start));
		out_put(view->writer.out, (struct slice){lines->items.p + start, end - start});
	}
	view_put(view, SLICE("</ol>\n"));
}

static int walk(struct view *view, struct slice word, struct lines *lines)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct fault fault;
	int result = history_open(site_store(view->site), HISTORY_READ, &history, &fault);

	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result == 0)
		result = timeline_walk(history, word, add_moment, lines, &fault);
	return result;
}

int view_history(struct view *view, struct slice word)
{
	struct lines lines = {.view = view};
	struct fault fault;
	int result;

	if (!site_store(view->site) || !timeline_takes(word, &fault))
		return 0;
	if (out_init_memory(&lines.items) < 0)
		return FAULT_MEMORY;
	result = walk(view, word, &lines);
	if (lines.items.error || lines.starts.failed)
		result = FAULT_MEMORY;
	if (result == 0 && lines.count > 0)
		put_lines(view, &lines);
	out_done(&lines.items);
	strbuf_done(&lines.starts);
	return result;
}

static void put_moment(struct view *view, const struct moment *moment)
{
	char space[HISTORY_LABEL_SIZE];
	struct slice label = history_label(moment->previous, space);
	size_t count = moment->changes.count;

	view_put(view, SLICE("<h2>"));
	view_thousands(view, count);
	view_put(view, count == 1 ? SLICE(" change</h2>\n") : SLICE(" changes</h2>\n"));
	view_put(view, SLICE("<p>Since edition "));
	view_link(view, SLICE("/editions/"), label);
	view_text(view, label);
	view_put(view, SLICE("</a>:</p>\n<ul class=\"changes\">\n"));
	for (size_t i = 0; i < count && i < LISTED_MAX; i++) {
		view_put(view, SLICE("<li>"));
		view_summary(view, &moment->changes, i);
		view_put(view, SLICE("</li>\n"));
	}
	view_put(view, SLICE("</ul>\n"));
	if (count <= LISTED_MAX)
		return;
	view_put(view, SLICE("<p>and "));
	view_thousands(view, count - LISTED_MAX);
	view_put(view, SLICE(" more</p>\n"));
}

int view_changes(struct view *view)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct moment moment = {};
	struct fault fault;
	int64_t previous;
	int result = history_open(site_store(view->site), HISTORY_READ, &history, &fault);

	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result == 0)
		result = history_previous(history, view->edition->number, &previous, &fault);
	/* Of the first one all would be new: nothing worth a list. */
	if (result > 0)
		view_put(view, SLICE("<h2>Changes</h2>\n"
				     "<p>This is the earliest edition held.</p>\n"));
	if (result != 0)
		return result < 0 ? result : 0;
	result = moment_find(history, view->edition->number, NULL, &moment, &fault);
	if (result < 0)
		return result;
	put_moment(view, &moment);
	moment_done(&moment);
	return 0;
}
