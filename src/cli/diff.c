/* diff: what changed between two editions. */
#include <unistd.h>

#include "cli/differences.h"
#include "cli/newest.h"
#include "record/date.h"
#include "render/changes.h"

/* An answer: the changes, and what the two editions are called. */
struct difference {
	const struct settings *settings;
	struct slice names[2];
	struct changes changes;
};

static const struct table_column columns[] = {
	{SLICE("Change"), 18, 0, false},
	{SLICE("What"), 30, 0, false},
	{SLICE("Description"), 20, 1, false},
};

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
	struct listing listing CLEANUP(listing_done) = {.columns = columns,
							.column_count = ARRAY_SIZE(columns)};
	const struct changes *changes = &difference->changes;

	if (difference->settings->format != FORMAT_TABLE)
		return answer_write(cli, write_changes, difference, fault);
	for (size_t i = 0; i < changes->count; i++)
		differences_add(&listing, changes, &changes->all[i], false);
	return listing_write(cli, &listing, fault);
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

/* Whether a word is a date, or DATE.N, rather than the name of a file. */
static bool is_date(const char *word)
{
	struct slice rest = slice_cstr(word);
	struct date date;

	return date_parse(slice_cut(&rest, '.'), &date) && access(word, F_OK) != 0;
}

/* Opens an edition as a model, which is named as the user does. 0, or that it failed was said. */
static int open_edition(struct cli *cli, const char *name, struct opened *ret_opened)
{
	struct settings *settings = &cli->arguments.settings;
	struct fault fault;

	settings->registry = is_date(name) ? NULL : name;
	settings->as_of = is_date(name) ? name : NULL;
	if (registry_open_model(cli, false, &fault) < 0)
		return say_fault(is_date(name) && cli->store.there ? cli->store.shown
								   : path_name(name),
				 &fault);
	*ret_opened = cli->registry;
	cli->registry = (struct opened){};
	return 0;
}

static int find_edition(struct history *history, const char *date, struct opened *opened,
			int64_t *ret_number, struct fault *fault)
{
	int result = history_find(history, slice_cstr(date), ret_number, fault);

	if (result > 0)
		return fault_set(fault, FAULT_SYSTEM, "no edition of %s or before in the store",
				 date);
	if (result == 0)
		edition_origin(*ret_number, &opened->origin);
	return opened->origin.failed ? fault_memory(fault) : result;
}

/* Of two editions of the store only what they do not share is read. */
static int open_both(struct cli *cli, struct opened *before, struct opened *after,
		     struct fault *fault)
{
	struct history *history CLEANUP(history_closep) = NULL;
	int64_t numbers[2];
	int result = store_open(cli, HISTORY_READ, &history, fault);

	if (result == 0)
		result = history_begin(history, false, fault);
	if (result == 0)
		result = find_edition(history, cli->arguments.words[0], before, &numbers[0], fault);
	if (result == 0)
		result = find_edition(history, cli->arguments.words[1], after, &numbers[1], fault);
	if (result < 0)
		return result;
	/* But where rows are told by their numbers. */
	if (cli->arguments.settings.format != FORMAT_UNIFIED)
		return history_compare(history, numbers[0], numbers[1], &before->model,
				       &after->model, fault);
	result = history_read(history, numbers[0], NULL, &before->model, fault);
	if (result == 0)
		result = history_read(history, numbers[1], NULL, &after->model, fault);
	return result;
}

static int open_editions(struct cli *cli, struct opened *before, struct opened *after,
			 unsigned *ret_parts)
{
	char **words = cli->arguments.words;
	struct fault fault;
	int status;

	if (cli->store.there && is_date(words[0]) && is_date(words[1])) {
		/* Where a document says nothing of people, the store goes on with those it had. */
		*ret_parts = CHANGES_ALL;
		return open_both(cli, before, after, &fault) < 0
			       ? say_fault(cli->store.shown, &fault)
			       : 0;
	}
	status = open_edition(cli, words[0], before);
	if (status == 0)
		status = open_edition(cli, words[1], after);
	if (status == 0)
		*ret_parts = parts_of(before->model, after->model);
	return status;
}

static int compare(struct cli *cli, const struct opened *before, const struct opened *after,
		   unsigned parts)
{
	struct difference difference = {
		.settings = &cli->arguments.settings,
		.names = {strbuf_slice(&before->origin), strbuf_slice(&after->origin)},
	};
	struct fault fault;
	size_t count;
	int result = changes_find(before->model, after->model, parts, &difference.changes, &fault);

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
	unsigned parts;
	int status;

	if (strcmp(words[0], "-") == 0 && strcmp(words[1], "-") == 0) {
		say("standard input is one of the two, not both");
		return STATUS_USAGE;
	}
	status = open_editions(cli, &before, &after, &parts);
	if (status == 0)
		status = compare(cli, &before, &after, parts);
	registry_close(&before);
	registry_close(&after);
	return status;
}
