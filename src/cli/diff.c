/* diff: what changed between two editions. */
#include "render/changes.h"

#include "cli/cli.h"
#include "cli/table.h"
#include "record/date.h"

/* An answer: the changes, and what the two editions are called. */
struct difference {
	const struct settings *settings;
	struct slice names[2];
	struct changes changes;
};

enum {
	CELL_KIND,
	CELL_SUMMARY,
	CELL_DESCRIPTION,
	CELL_COUNT,
};

static const struct table_column columns[CELL_COUNT] = {
	[CELL_KIND] = {SLICE("Change"), 18, 0, false},
	[CELL_SUMMARY] = {SLICE("What"), 30, 0, false},
	[CELL_DESCRIPTION] = {SLICE("Description"), 20, 1, false},
};

/* What services are that come or go: the name alone says little. */
static struct slice description(const struct changes *changes, const struct change *change)
{
	if (change->kind < CHANGE_ASSIGNED || change->kind > CHANGE_DEASSIGNED)
		return SLICE_NONE;
	if (change->after_subjects > 0)
		return registry_row(changes->after, change->after[0]).shown[COLUMN_DESCRIPTION];
	return registry_row(changes->before, change->before[0]).shown[COLUMN_DESCRIPTION];
}

static void read_change(const void *data, size_t index, struct table_row *row)
{
	const struct changes *changes = data;
	const struct change *change = &changes->all[index];
	struct out summary;

	row->cells[CELL_KIND] = change_kind_name(change->kind);
	row->cells[CELL_DESCRIPTION] = description(changes, change);
	if (out_init_memory(&summary) < 0) {
		row->scratch[CELL_SUMMARY].failed = true;
		return;
	}
	render_change_summary(&summary, changes, change);
	strbuf_add(&row->scratch[CELL_SUMMARY], out_slice(&summary));
	row->scratch[CELL_SUMMARY].failed |= summary.error != 0;
	row->cells[CELL_SUMMARY] = strbuf_slice(&row->scratch[CELL_SUMMARY]);
	out_done(&summary);
}

static void write_changes(struct out *out, const void *data)
{
	const struct difference *difference = data;
	const struct changes *changes = &difference->changes;

	switch (difference->settings->format) {
	case FORMAT_UNIFIED:
		render_changes_unified(out, changes, difference->names[0], difference->names[1]);
		break;
	case FORMAT_MARKDOWN:
		render_changes_markdown(out, changes, difference->names[0], difference->names[1]);
		break;
	default:
		render_changes_json(out, changes, difference->settings->format == FORMAT_NDJSON);
	}
}

static int print(struct cli *cli, const struct difference *difference, struct fault *fault)
{
	const struct changes *changes = &difference->changes;
	struct table table = {columns, CELL_COUNT, changes->count, 0, changes, read_change};
	struct table_style style = {.width = cli->screen.width, .color = cli->screen.color};

	if (difference->settings->format != FORMAT_TABLE)
		return answer_write(cli, write_changes, difference, fault);
	return table_write(cli->out, &table, &style, fault);
}

/* A document that has no header, or no people, says nothing about them. */
static unsigned parts_of(const struct registry *before, const struct registry *after)
{
	unsigned parts = CHANGES_ROWS;

	if (before->header.title.p && after->header.title.p)
		parts |= CHANGES_HEADER;
	if (before->person_count > 0 && after->person_count > 0)
		parts |= CHANGES_PEOPLE;
	return parts;
}

/* Opens an edition, which is named as the user does. 0, or STATUS_FAILURE and that was said. */
static int open_edition(struct cli *cli, const char *name, struct opened *ret_opened)
{
	struct fault fault;
	struct date date;

	cli->arguments.settings.registry = name;
	if (registry_open_model(cli, false, &fault) == 0) {
		*ret_opened = cli->registry;
		cli->registry = (struct opened){};
		return 0;
	}
	if (date_parse(slice_cstr(name), &date))
		fault_set(&fault, FAULT_SYSTEM, "a date needs a store, and there is no such file");
	return say_fault(path_name(name), &fault);
}

static int compare(struct cli *cli, const struct opened *before, const struct opened *after)
{
	struct difference difference = {
		.settings = &cli->arguments.settings,
		.names = {strbuf_slice(&before->origin), strbuf_slice(&after->origin)},
	};
	struct fault fault;
	size_t count;
	int result =
		changes_find(before->model, after->model, parts_of(before->model, after->model),
			     &difference.changes, &fault);

	if (result == 0)
		result = print(cli, &difference, &fault);
	count = difference.changes.count;
	changes_done(&difference.changes);
	if (result < 0)
		return say_fault(NULL, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	return count > 0 ? STATUS_NOT_FOUND : STATUS_FOUND;
}

int diff_run(struct cli *cli)
{
	char **words = cli->arguments.words;
	struct opened before = {}, after = {};
	int status;

	if (strcmp(words[0], "-") == 0 && strcmp(words[1], "-") == 0) {
		say("standard input is one of the two, not both");
		return STATUS_USAGE;
	}
	status = open_edition(cli, words[0], &before);
	if (status == 0)
		status = open_edition(cli, words[1], &after);
	if (status == 0)
		status = compare(cli, &before, &after);
	registry_close(&before);
	registry_close(&after);
	return status;
}
