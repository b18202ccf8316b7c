#include "cli/notes.h"

/* Whether the row is what every filter that is set asks for. */
static bool passes(const struct settings *settings, const struct row *row)
{
	if (settings->transports && !(settings->transports >> row->transport & 1))
		return false;
	if (settings->states && !(settings->states >> row->state & 1))
		return false;
	if (row->first_port < 0)
		return !settings->ports_given && !settings->ranges;
	if (settings->ports_given &&
	    (row->last_port < settings->first_port || row->first_port > settings->last_port))
		return false;
	return !settings->ranges ||
	       settings->ranges >> port_range_of((uint16_t)row->first_port) & 1;
}

static int find(const struct cli *cli, void *context, struct rows *rows, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct rowset set CLEANUP(rowset_done) = {};
	int result;

	(void)context;
	if (!rowset_init(&set, image_row_count(rows->image)))
		return fault_memory(fault);
	for (uint32_t i = 0; i < image_row_count(rows->image); i++) {
		struct row row;

		image_row(rows->image, i, &row);
		if (passes(settings, &row))
			rowset_add(&set, i);
	}
	result = rows_add(rows, &set, fault);
	return result == 0 ? rows_sort(rows, settings->sort, settings->sort_count, fault) : result;
}

int list_run(struct cli *cli)
{
	struct rows rows CLEANUP(rows_done) = {.image = &cli->registry.image};
	struct rows_view view = {};
	struct fault fault;
	bool noted = false;
	int result = find(cli, NULL, &rows, &fault);

	if (result == 0)
		result = rows_print(cli, &rows, &view, &fault);
	if (result == 0)
		result = notes_print(cli, find, NULL, rows.count > 0, &noted, &fault);
	if (result < 0)
		return say_fault(NULL, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (rows.count > 0)
		return STATUS_FOUND;
	if (!noted)
		say("no row passes these filters");
	return STATUS_NOT_FOUND;
}
