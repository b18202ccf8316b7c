/* What the store holds. */
#include <stdlib.h>

#include "cli/newest.h"
#include "cli/table.h"
#include "render/render.h"

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

/* The cells of all editions, eight behind one another, each ended by a NUL. */
struct listing {
	struct strbuf text;
	size_t *starts; /* of each edition's first cell */
	size_t count, size;
	struct cli *cli;
};

static void listing_done(struct listing *listing)
{
	strbuf_done(&listing->text);
	free(listing->starts);
}

static bool start_edition(struct listing *listing)
{
	if (listing->count == listing->size) {
		size_t size = listing->size ? listing->size * 2 : 64;
		size_t *grown = reallocarray(listing->starts, size, sizeof(*grown));

		if (!grown)
			return false;
		listing->starts = grown;
		listing->size = size;
	}
	listing->starts[listing->count++] = listing->text.n;
	return true;
}

static int list_edition(void *context, const struct history_edition *edition)
{
	struct listing *listing = context;
	char space[HISTORY_LABEL_SIZE];
	const struct slice texts[] = {edition->sha256, edition->imported, edition->origin};

	if (!start_edition(listing))
		return FAULT_MEMORY;
	strbuf_add(&listing->text, history_label(edition->number, space));
	strbuf_add_byte(&listing->text, '\0');
	strbuf_add(&listing->text, edition->format);
	strbuf_printf(&listing->text, "%c%lld%c%lld%c%lld%c", '\0', (long long)edition->rows, '\0',
		      (long long)edition->people, '\0', (long long)edition->bytes, '\0');
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		strbuf_add(&listing->text, texts[i]);
		strbuf_add_byte(&listing->text, '\0');
	}
	return listing->text.failed ? FAULT_MEMORY : 0;
}

static void read_edition(const void *data, size_t index, struct table_row *row)
{
	const struct listing *listing = data;
	struct slice rest = slice_skip(strbuf_slice(&listing->text), listing->starts[index]);

	for (size_t i = 0; i < CELL_COUNT; i++)
		row->cells[i] = slice_cut(&rest, '\0');
}

static void put_member(struct out *out, const char *name, struct slice text)
{
	out_printf(out, ",\"%s\":", name);
	render_json_text(out, text);
}

static int put_edition(void *context, const struct history_edition *edition)
{
	struct listing *listing = context;
	struct out *out = listing->cli->out;
	bool lines = listing->cli->arguments.settings.format == FORMAT_NDJSON;
	char space[HISTORY_LABEL_SIZE];

	if (!lines)
		out_put(out, listing->count > 0 ? SLICE(",\n") : SLICE("[\n"));
	listing->count++;
	out_put(out, SLICE("{\"edition\":"));
	render_json_text(out, history_label(edition->number, space));
	put_member(out, "date", edition->date);
	out_printf(out, ",\"sequence\":%u", edition->sequence);
	put_member(out, "format", edition->format);
	out_printf(out, ",\"rows\":%lld,\"people\":%lld,\"bytes\":%lld", (long long)edition->rows,
		   (long long)edition->people, (long long)edition->bytes);
	put_member(out, "sha256", edition->sha256);
	put_member(out, "imported", edition->imported);
	put_member(out, "origin", edition->origin);
	out_put(out, lines ? SLICE("}\n") : SLICE("}"));
	return 0;
}

static int print(struct cli *cli, struct history *history, struct listing *listing,
		 struct fault *fault)
{
	struct table table = {columns, CELL_COUNT, 0, 1u << CELL_SHA256, listing, read_edition};
	struct table_style style = {.width = cli->screen.width, .color = cli->screen.color};
	enum format format = cli->arguments.settings.format;
	int result = history_editions(history, format == FORMAT_TABLE ? list_edition : put_edition,
				      listing, fault);

	if (result < 0)
		return result == FAULT_MEMORY ? fault_memory(fault) : result;
	table.row_count = listing->count;
	if (format == FORMAT_JSON)
		out_put(cli->out, listing->count > 0 ? SLICE("\n]\n") : SLICE("[]\n"));
	return format == FORMAT_TABLE ? table_write(cli->out, &table, &style, fault) : 0;
}

int editions_run(struct cli *cli)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct listing listing CLEANUP(listing_done) = {.cli = cli};
	struct fault fault;
	int result = store_open(cli, HISTORY_READ, &history, &fault);

	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result == 0)
		result = print(cli, history, &listing, &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	return listing.count > 0 ? STATUS_FOUND : STATUS_NOT_FOUND;
}
