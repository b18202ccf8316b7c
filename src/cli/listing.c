#include "cli/listing.h"

#include <stdlib.h>

void listing_done(struct listing *listing)
{
	strbuf_done(&listing->text);
	free(listing->starts);
}

static bool start_row(struct listing *listing)
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

void listing_add(struct listing *listing, struct slice cell)
{
	if (listing->cells++ % listing->column_count == 0 && !start_row(listing))
		listing->text.failed = true;
	strbuf_add(&listing->text, cell);
	strbuf_add_byte(&listing->text, '\0');
}

void listing_add_number(struct listing *listing, int64_t number)
{
	struct strbuf digits CLEANUP(strbuf_done) = {};

	strbuf_printf(&digits, "%lld", (long long)number);
	listing->text.failed |= digits.failed;
	listing_add(listing, strbuf_slice(&digits));
}

static void read_row(const void *data, size_t index, struct table_row *row)
{
	const struct listing *listing = data;
	struct slice rest = slice_skip(strbuf_slice(&listing->text), listing->starts[index]);

	for (size_t i = 0; i < listing->column_count; i++)
		row->cells[i] = slice_cut(&rest, '\0');
}

int listing_write(struct cli *cli, const struct listing *listing, struct fault *fault)
{
	struct table table = {listing->columns, listing->column_count,
			      listing->count,	listing->hidden,
			      listing,		read_row};
	struct table_style style = {.width = cli->screen.width, .color = cli->screen.color};

	if (listing->text.failed)
		return fault_memory(fault);
	return table_write(cli->out, &table, &style, fault);
}
