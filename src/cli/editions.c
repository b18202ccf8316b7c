/* What the store holds. */
#include "cli/listing.h"
#include "cli/newest.h"
#include "timeline/timeline.h"

enum {
	CELL_EDITION,
	CELL_FORMAT,
	CELL_ROWS,
	CELL_PEOPLE,
	CELL_BYTES,
	CELL_SHA256,
	CELL_IMPORTED,
	CELL_ORIGIN,
	CELL_COUNT,
};

static const struct table_column columns[CELL_COUNT] = {
	[CELL_EDITION] = {SLICE("Edition"), 10, 0, false},
	[CELL_FORMAT] = {SLICE("Format"), 6, 0, false},
	[CELL_ROWS] = {SLICE("Rows"), 5, 0, true},
	[CELL_PEOPLE] = {SLICE("People"), 5, 0, true},
	[CELL_BYTES] = {SLICE("Bytes"), 7, 1, true},
	[CELL_SHA256] = {SLICE("SHA-256"), 64, 4, false},
	[CELL_IMPORTED] = {SLICE("Imported"), 20, 2, false},
	[CELL_ORIGIN] = {SLICE("Origin"), 16, 3, false},
};

struct editions {
	struct cli *cli;
	struct listing listing;
	size_t count;
};

static void editions_done(struct editions *editions)
{
	listing_done(&editions->listing);
}

static int list_edition(void *context, const struct history_edition *edition)
{
	struct editions *editions = context;
	struct listing *listing = &editions->listing;
	char space[HISTORY_LABEL_SIZE];

	editions->count++;
	listing_add(listing, history_label(edition->number, space));
	listing_add(listing, edition->format);
	listing_add_number(listing, edition->rows);
	listing_add_number(listing, edition->people);
	listing_add_number(listing, edition->bytes);
	listing_add(listing, edition->sha256);
	listing_add(listing, edition->imported);
	listing_add(listing, edition->origin);
	return 0;
}

static int put_edition(void *context, const struct history_edition *edition)
{
	struct editions *editions = context;
	struct out *out = editions->cli->out;
	bool lines = editions->cli->arguments.settings.format == FORMAT_NDJSON;

	if (!lines)
		out_put(out, editions->count > 0 ? SLICE(",\n") : SLICE("[\n"));
	editions->count++;
	edition_json(out, edition, true);
	out_put(out, lines ? SLICE("\n") : SLICE(""));
	return 0;
}

static int print(struct editions *editions, struct history *history, struct fault *fault)
{
	enum format format = editions->cli->arguments.settings.format;
	int result = history_editions(history, format == FORMAT_TABLE ? list_edition : put_edition,
				      editions, fault);

	if (result < 0)
		return result;
	if (format == FORMAT_JSON)
		out_put(editions->cli->out, editions->count > 0 ? SLICE("\n]\n") : SLICE("[]\n"));
	return format == FORMAT_TABLE ? listing_write(editions->cli, &editions->listing, fault) : 0;
}

int editions_run(struct cli *cli)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct editions editions CLEANUP(editions_done) = {
		.cli = cli,
		.listing = {.columns = columns,
			    .column_count = CELL_COUNT,
			    .hidden = 1u << CELL_SHA256}};
	struct fault fault;
	int result = store_open(cli, HISTORY_READ, &history, &fault);

	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result == 0)
		result = print(&editions, history, &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	return editions.count > 0 ? STATUS_FOUND : STATUS_NOT_FOUND;
}
