/* changes: what changed with each edition since a date. */
#include <stdlib.h>

#include "cli/differences.h"
#include "cli/newest.h"
#include "render/changes.h"
#include "render/render.h"
#include "timeline/timeline.h"

static const struct table_column columns[] = {
	{SLICE("Edition"), 10, 0, false},
	{SLICE("Change"), 18, 0, false},
	{SLICE("What"), 30, 0, false},
	{SLICE("Description"), 20, 1, false},
};

struct edition {
	int64_t number;
	char sha256[64 + 1];
};

struct report {
	struct cli *cli;
	struct history *history;
	struct listing listing;
	struct edition *editions; /* those since the date, ascending */
	size_t count, size;
	int64_t since; /* their least number */
	bool first;    /* the store's first edition was met; it changed nothing */
	size_t changes;
};

static void report_done(struct report *report)
{
	listing_done(&report->listing);
	free(report->editions);
}

static int take_edition(void *context, const struct history_edition *edition)
{
	struct report *report = context;
	bool first = !report->first;

	report->first = true;
	if (first || edition->number < report->since)
		return 0;
	if (report->count == report->size) {
		size_t size = report->size ? report->size * 2 : 64;
		struct edition *grown = reallocarray(report->editions, size, sizeof(*grown));

		if (!grown)
			return FAULT_MEMORY;
		report->editions = grown;
		report->size = size;
	}
	report->editions[report->count] = (struct edition){.number = edition->number};
	memcpy(report->editions[report->count].sha256, edition->sha256.p,
	       edition->sha256.n < 64 ? edition->sha256.n : 64);
	report->count++;
	return 0;
}

static void list_moment(struct report *report, const struct moment *moment, struct slice label)
{
	for (size_t i = 0; i < moment->changes.count; i++) {
		listing_add(&report->listing, label);
		differences_add(&report->listing, &moment->changes, &moment->changes.all[i], false);
	}
}

/* An object for each edition: {"edition", "previous", "changes"}. */
static void put_moment(struct report *report, const struct moment *moment, struct slice label)
{
	struct out *out = report->cli->out;
	char space[HISTORY_LABEL_SIZE];

	out_put(out, SLICE("{\"edition\":"));
	render_json_text(out, label);
	out_put(out, SLICE(",\"previous\":"));
	render_json_text(out, history_label(moment->previous, space));
	out_put(out, SLICE(",\"changes\":["));
	for (size_t i = 0; i < moment->changes.count; i++) {
		out_put(out, i > 0 ? SLICE(",\n ") : SLICE("\n "));
		render_change_json(out, &moment->changes, &moment->changes.all[i]);
	}
	out_put(out, moment->changes.count > 0 ? SLICE("\n]}") : SLICE("]}"));
}

static void put_lines(struct report *report, const struct moment *moment, struct slice label)
{
	struct out *out = report->cli->out;

	for (size_t i = 0; i < moment->changes.count; i++) {
		out_put(out, SLICE("{\"edition\":"));
		render_json_text(out, label);
		out_put(out, SLICE(",\"change\":"));
		render_change_json(out, &moment->changes, &moment->changes.all[i]);
		out_put(out, SLICE("}\n"));
	}
}

static int print_moment(struct report *report, size_t index, bool last, struct fault *fault)
{
	const struct edition *edition = &report->editions[index];
	struct out *out = report->cli->out;
	struct moment moment;
	char space[HISTORY_LABEL_SIZE], other[HISTORY_LABEL_SIZE];
	struct slice label = history_label(edition->number, space);
	int result = moment_find(report->history, edition->number, NULL, &moment, fault);

	if (result < 0)
		return result;
	switch (report->cli->arguments.settings.format) {
	case FORMAT_JSON:
		put_moment(report, &moment, label);
		out_put(out, last ? SLICE("\n") : SLICE(",\n"));
		break;
	case FORMAT_NDJSON:
		put_lines(report, &moment, label);
		break;
	case FORMAT_MARKDOWN:
		render_changes_markdown(out, &moment.changes, history_label(moment.previous, other),
					label);
		break;
	case FORMAT_ATOM:
		render_atom_entry(out, &moment.changes, label, slice_cstr(edition->sha256),
				  SLICE_NONE);
		break;
	default:
		list_moment(report, &moment, label);
	}
	report->changes += moment.changes.count;
	moment_done(&moment);
	return 0;
}

/* Ascending, but for feeds and notes, which begin with the newest. */
static int print_moments(struct report *report, struct fault *fault)
{
	enum format format = report->cli->arguments.settings.format;
	bool descending = format == FORMAT_ATOM || format == FORMAT_MARKDOWN;
	int result = 0;

	for (size_t i = 0; i < report->count && result == 0; i++)
		result = print_moment(report, descending ? report->count - 1 - i : i,
				      i + 1 == report->count, fault);
	return result;
}

static int print(struct report *report, int64_t newest, struct fault *fault)
{
	struct out *out = report->cli->out;
	char space[HISTORY_LABEL_SIZE];
	struct slice rest = history_label(newest, space);
	int result;

	switch (report->cli->arguments.settings.format) {
	case FORMAT_JSON:
		out_put(out, SLICE("[\n"));
		result = print_moments(report, fault);
		out_put(out, SLICE("]\n"));
		return result;
	case FORMAT_ATOM:
		render_atom_begin(out, slice_cut(&rest, '.'), SLICE_NONE);
		result = print_moments(report, fault);
		render_atom_end(out);
		return result;
	case FORMAT_TABLE:
		result = print_moments(report, fault);
		return result == 0 ? listing_write(report->cli, &report->listing, fault) : result;
	default:
		return print_moments(report, fault);
	}
}

static int find_and_print(struct report *report, struct fault *fault)
{
	struct slice since = slice_cstr(report->cli->arguments.settings.since);
	int64_t newest = 0;
	int result = history_begin(report->history, false, fault);

	if (result == 0)
		result = history_find(report->history, SLICE_NONE, &newest, fault);
	if (result > 0)
		return fault_set(fault, FAULT_SYSTEM, "holds no editions");
	/* Without a date, the newest edition alone. */
	report->since = newest;
	if (result == 0 && since.p)
		result = history_find(report->history, since, &report->since, fault);
	if (result == 0 && since.p)
		report->since++;
	else if (result > 0)
		report->since = 0;
	if (result >= 0)
		result = history_editions(report->history, take_edition, report, fault);
	if (result < 0)
		return result == FAULT_MEMORY ? fault_memory(fault) : result;
	return print(report, newest, fault);
}

int changes_run(struct cli *cli)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct report report CLEANUP(report_done) = {
		.cli = cli, .listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)}};
	struct fault fault;
	int result = store_open(cli, HISTORY_READ, &history, &fault);

	report.history = history;
	if (result == 0)
		result = find_and_print(&report, &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	return report.changes > 0 ? STATUS_FOUND : STATUS_NOT_FOUND;
}
