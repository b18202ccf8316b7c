/* Rows, printed: as a table, or by a renderer. */
#include <stdlib.h>

#include "cli/people.h"
#include "cli/rows.h"
#include "cli/text.h"
#include "render/render.h"

/* The columns of a table of rows, from the left. */
enum {
	CELL_NAME,
	CELL_PORT,
	CELL_TRANSPORT,
	CELL_STATE,
	CELL_RANGE,
	CELL_DESCRIPTION,
	CELL_ASSIGNEE,
	CELL_CONTACT,
	CELL_REGISTERED,
	CELL_MODIFIED,
	CELL_REFERENCE,
	CELL_SERVICE_CODE,
	CELL_UNAUTHORIZED,
	CELL_NOTES,
	CELL_PROCEDURE,
	CELL_COUNT,
};

/* Headings shorter than the published ones, for terminals; 15 is the longest well-formed name. */
static const struct table_column columns[CELL_COUNT] = {
	[CELL_NAME] = {SLICE("Name"), 15, 0, false},
	[CELL_PORT] = {SLICE("Port"), 11, 0, true},
	[CELL_TRANSPORT] = {SLICE("Transport"), 9, 0, false},
	[CELL_STATE] = {SLICE("State"), 10, 3, false},
	[CELL_RANGE] = {SLICE("Range"), 7, 7, false},
	[CELL_DESCRIPTION] = {SLICE("Description"), 16, 1, false},
	[CELL_ASSIGNEE] = {SLICE("Assignee"), 20, 2, false},
	[CELL_CONTACT] = {SLICE("Contact"), 20, 5, false},
	[CELL_REGISTERED] = {SLICE("Registered"), 10, 8, false},
	[CELL_MODIFIED] = {SLICE("Modified"), 10, 6, false},
	[CELL_REFERENCE] = {SLICE("Reference"), 12, 4, false},
	[CELL_SERVICE_CODE] = {SLICE("Service code"), 12, 9, false},
	[CELL_UNAUTHORIZED] = {SLICE("Unauthorized use"), 24, 12, false},
	[CELL_NOTES] = {SLICE("Notes"), 32, 11, false},
	[CELL_PROCEDURE] = {SLICE("Procedure"), 32, 10, false},
};

/* The registry's columns among them. */
static const unsigned cell_of[COLUMN_COUNT] = {
	[COLUMN_NAME] = CELL_NAME,
	[COLUMN_PORT] = CELL_PORT,
	[COLUMN_TRANSPORT] = CELL_TRANSPORT,
	[COLUMN_DESCRIPTION] = CELL_DESCRIPTION,
	[COLUMN_ASSIGNEE] = CELL_ASSIGNEE,
	[COLUMN_CONTACT] = CELL_CONTACT,
	[COLUMN_REGISTERED] = CELL_REGISTERED,
	[COLUMN_MODIFIED] = CELL_MODIFIED,
	[COLUMN_REFERENCE] = CELL_REFERENCE,
	[COLUMN_SERVICE_CODE] = CELL_SERVICE_CODE,
	[COLUMN_UNAUTHORIZED] = CELL_UNAUTHORIZED,
	[COLUMN_NOTES] = CELL_NOTES,
};

static void read_row(const void *data, size_t index, struct table_row *cells)
{
	struct row row;

	rows_get(data, index, &row);
	for (unsigned column = 0; column < COLUMN_COUNT; column++)
		cells->cells[cell_of[column]] = row.shown[column];
	/* Most contacts are the assignee: said once, others stand out. */
	if (slice_eq(row.shown[COLUMN_CONTACT], row.shown[COLUMN_ASSIGNEE]))
		cells->cells[CELL_CONTACT] = SLICE_NONE;
	cells->cells[CELL_STATE] = row_state_name(row.state);
	cells->dim = row.state != ROW_ASSIGNED;
	if (row.first_port < 0)
		return;
	cells->cells[CELL_RANGE] = port_range_name(port_range_of((uint16_t)row.first_port));
	if (row.state != ROW_ASSIGNED)
		cells->cells[CELL_PROCEDURE] =
			port_range_procedure(port_range_of((uint16_t)row.first_port));
}

static int print_table(struct cli *cli, const struct rows *rows, const struct rows_view *view,
		       struct fault *fault)
{
	struct table table = {columns, CELL_COUNT, rows->count, 0, rows, read_row};
	struct table_style style = {cli->screen.width, cli->screen.color, {view->mark, 0}};

	if (!view->explained)
		table.hidden |= 1u << CELL_STATE | 1u << CELL_RANGE | 1u << CELL_PROCEDURE;
	for (unsigned column = 0; column < COLUMN_COUNT; column++) {
		if (view->columns >> column & 1)
			style.mark.columns |= 1u << cell_of[column];
	}
	return table_write(cli->out, &table, &style, fault);
}

static void render(struct out *out, const struct render_format *format, const struct rows *rows)
{
	struct row row;

	format->begin(out);
	for (size_t i = 0; i < rows->count; i++) {
		rows_get(rows, i, &row);
		format->row(out, &row, i);
	}
	format->end(out, rows->count);
}

/* What a renderer is to write, and the people after it where people is not NULL. */
struct answer {
	const struct render_format *format;
	const struct rows *rows;
	const struct rowset *people;
};

static void write_answer(struct out *out, const void *data)
{
	const struct answer *answer = data;

	if (!answer->people) {
		render(out, answer->format, answer->rows);
		return;
	}
	out_put(out, SLICE("{\"rows\":"));
	render(out, answer->format, answer->rows);
	out_put(out, SLICE(",\"people\":"));
	people_json(out, answer->rows->image, answer->people);
	out_put(out, SLICE("}\n"));
}

const struct render_format *rows_renderer(enum format format)
{
	static const struct render_format *const renderers[FORMAT_COUNT] = {
		[FORMAT_CSV] = &render_csv,
		[FORMAT_TSV] = &render_tsv,
		[FORMAT_JSON] = &render_json,
		[FORMAT_NDJSON] = &render_ndjson,
	};

	return renderers[format];
}

static int print_people(struct cli *cli, const struct rows *rows, const struct rows_view *view,
			struct fault *fault)
{
	if (!view->people)
		return 0;
	return people_table(cli->out, rows->image, view->people, &cli->screen, fault);
}

static int print_tables(struct cli *cli, const struct rows *rows, const struct rows_view *view,
			struct fault *fault)
{
	bool two = view->people && rowset_count(view->people) > 0 && rows->count > 0;
	int result;

	if (view->people_first)
		result = print_people(cli, rows, view, fault);
	else
		result = print_table(cli, rows, view, fault);
	if (two)
		out_byte(cli->out, '\n');
	if (result < 0)
		return result;
	return view->people_first ? print_table(cli, rows, view, fault)
				  : print_people(cli, rows, view, fault);
}

int rows_print(struct cli *cli, const struct rows *rows, const struct rows_view *view,
	       struct fault *fault)
{
	enum format format = cli->arguments.settings.format;
	struct answer answer = {rows_renderer(format), rows, NULL};

	if (format == FORMAT_TABLE)
		return print_tables(cli, rows, view, fault);
	/* No other format has room for people. */
	if (format == FORMAT_JSON)
		answer.people = view->people;
	return answer_write(cli, write_answer, &answer, fault);
}
