#include "cli/notes.h"

#include "cli/overlays.h"

static const struct table_column columns[] = {
	{SLICE("Not registered"), 0, 0, false}, {SLICE("Port"), 0, 0, true},
	{SLICE("Transport"), 0, 0, false},	{SLICE("Description"), 20, 1, false},
	{SLICE("Overlay"), 0, 2, false},	{SLICE("Date"), 0, 3, false},
};

int notes_open(struct cli *cli, struct notes *notes, struct fault *fault)
{
	bool broken = false;

	notes->listing.columns = columns;
	notes->listing.column_count = ARRAY_SIZE(columns);
	return overlays_open(cli, &notes->overlay, &broken, fault);
}

void notes_done(struct notes *notes)
{
	overlay_done(&notes->overlay);
	listing_done(&notes->listing);
}

static int add_layer(struct notes *notes, const struct overlay_layer *layer,
		     const struct query *query, bool *found, struct fault *fault)
{
	struct rowset set CLEANUP(rowset_done) = {};

	if (!rowset_init(&set, image_row_count(&layer->image)))
		return fault_memory(fault);
	query_rows(&layer->image, query, &set);
	ROWSET_EACH(&set, number)
	{
		struct row row;

		image_row(&layer->image, number, &row);
		listing_add(&notes->listing, row.shown[COLUMN_NAME]);
		listing_add(&notes->listing, row.shown[COLUMN_PORT]);
		listing_add(&notes->listing, row.shown[COLUMN_TRANSPORT]);
		listing_add(&notes->listing, row.shown[COLUMN_DESCRIPTION]);
		listing_add(&notes->listing, overlay_source(layer));
		listing_add(&notes->listing, overlay_date(layer, &row));
		*found = true;
	}
	return 0;
}

int notes_add(struct notes *notes, const struct query *query, bool *ret_found, struct fault *fault)
{
	bool found = false;
	int result = 0;

	for (size_t i = 0; i < notes->overlay.count && result == 0; i++)
		result = add_layer(notes, &notes->overlay.layers[i], query, &found, fault);
	if (result == 0)
		*ret_found = found;
	return result;
}

int notes_print(struct cli *cli, const struct notes *notes, bool below, struct fault *fault)
{
	if (notes->listing.count == 0)
		return 0;
	if (below)
		out_byte(cli->out, '\n');
	return listing_write(cli, &notes->listing, fault);
}
