#include "cli/notes.h"

#include "cli/listing.h"
#include "cli/overlays.h"

static const struct table_column columns[] = {
	{SLICE("Not registered"), 0, 0, false}, {SLICE("Port"), 0, 0, true},
	{SLICE("Transport"), 0, 0, false},	{SLICE("Description"), 20, 1, false},
	{SLICE("Overlay"), 0, 2, false},	{SLICE("Date"), 0, 3, false},
};

static void add_row(struct listing *listing, const struct overlay_layer *layer,
		    const struct row *row)
{
	/* It says nothing. */
	if (row->state == ROW_UNASSIGNED)
		return;
	listing_add(listing, row->shown[COLUMN_NAME]);
	listing_add(listing, row->shown[COLUMN_PORT]);
	listing_add(listing, row->shown[COLUMN_TRANSPORT]);
	listing_add(listing, row->shown[COLUMN_DESCRIPTION]);
	listing_add(listing, overlay_source(layer));
	listing_add(listing, overlay_date(layer, row));
}

static int add_layer(const struct cli *cli, const struct overlay_layer *layer, notes_finder *find,
		     void *context, struct listing *listing, struct fault *fault)
{
	struct rows rows CLEANUP(rows_done) = {.image = &layer->image};
	int result = find(cli, context, &rows, fault);

	for (size_t i = 0; i < rows.count && result == 0; i++) {
		struct row row;

		rows_get(&rows, i, &row);
		add_row(listing, layer, &row);
	}
	return result;
}

int notes_print(struct cli *cli, notes_finder *find, void *context, bool below, bool *ret_found,
		struct fault *fault)
{
	struct overlay overlay CLEANUP(overlay_done) = {};
	struct listing listing CLEANUP(listing_done) = {.columns = columns,
							.column_count = ARRAY_SIZE(columns)};
	bool broken = false;
	int result;

	*ret_found = false;
	if (cli->arguments.settings.format != FORMAT_TABLE)
		return 0;
	result = overlays_open(cli, &overlay, &broken, fault);
	for (size_t i = 0; i < overlay.count && result == 0; i++)
		result = add_layer(cli, &overlay.layers[i], find, context, &listing, fault);
	if (result != 0 || listing.count == 0)
		return result;
	*ret_found = true;
	if (below)
		out_byte(cli->out, '\n');
	return listing_write(cli, &listing, fault);
}
