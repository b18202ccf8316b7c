#include "chart/draw.h"

#include <stdlib.h>

#include "base/number.h"
#include "record/date.h"

enum {
	MARGIN = 32,
	TITLE_Y = 56, /* baselines */
	MAPS_Y = 132, /* where the first map's heading stands */
	HEADING = 32, /* above a map: what its upper quadrants are */
	FOOTING = 28, /* below it: what its lower ones are */
	LEGEND_LINE = 28,
	SWATCH = 18,
	COUNT_WIDTH = 104, /* a column of numbers */
};

/*
 * Blue and orange are told apart by nearly everybody; what is not assigned is paler than
 * both, what is reserved darker, so that lightness alone tells the marks apart. On dark paper it is
 * the other way round. The ranges are shades, and also areas with an outline and a name.
 */
const struct chart_color chart_colors[CHART_COLOR_COUNT] = {
	/* System Ports: assigned, unauthorized use, reserved, unassigned */
	{0x08519c, 0x93c2fb},
	{0xe6550d, 0xff9d4d},
	{0x111111, 0xffffff},
	{0xcfd4da, 0x4a505c},
	/* User Ports */
	{0x2f7fc1, 0x4f95dd},
	{0xe6550d, 0xff9d4d},
	{0x111111, 0xffffff},
	{0xedf0f3, 0x2a2f38},
	/* Dynamic Ports */
	{0x5ba3d0, 0x3f78b5},
	{0xe6550d, 0xff9d4d},
	{0x111111, 0xffffff},
	{0xfcf3d6, 0x38331f},
	[CHART_PAPER] = {0xffffff, 0x15181d},
	[CHART_INK] = {0x1f2328, 0xe6e8eb},
};

/* Pixels a cell: one map is as wide as two of the others and the space between. */
static unsigned cell_of(const struct chart_picture *picture)
{
	return picture->count == 1 ? 4 : 2;
}

static unsigned columns_of(const struct chart_picture *picture)
{
	return picture->count == 1 ? 1 : 2;
}

static unsigned map_height(const struct chart_picture *picture)
{
	return HEADING + CHART_SIDE * cell_of(picture) + FOOTING +
	       (picture->count > 1 ? MARGIN / 2 : 0);
}

uint32_t chart_count(const struct chart_picture *picture, unsigned kind)
{
	uint32_t count = 0;

	for (size_t i = 0; i < picture->count; i++)
		count += picture->maps[i].counts[kind];
	return count;
}

static unsigned legend_y(const struct chart_picture *picture)
{
	unsigned columns = columns_of(picture);
	unsigned lines = ((unsigned)picture->count + columns - 1) / columns;

	return MAPS_Y + lines * map_height(picture) + LEGEND_LINE + LEGEND_LINE / 2;
}

static void measure(struct chart_picture *picture)
{
	unsigned columns = columns_of(picture);

	picture->width = MARGIN + columns * (CHART_SIDE * cell_of(picture) + MARGIN);
	picture->height = legend_y(picture) + LEGEND_LINE;
	for (unsigned kind = 0; kind < CHART_KIND_COUNT; kind++)
		picture->height += chart_count(picture, kind) ? LEGEND_LINE : 0;
}

int chart_picture_init(struct chart_picture *picture, const struct image *image,
		       unsigned transports)
{
	struct slice title;
	struct date date;

	*picture = (struct chart_picture){.maps = calloc(TRANSPORT_COUNT, sizeof(*picture->maps))};
	if (!picture->maps)
		return FAULT_MEMORY;
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (transports == 0 || transports >> i & 1)
			chart_read(image, (enum transport)i, &picture->maps[picture->count++]);
	}
	if (!image_fact(image, IMAGE_FACT_UPDATED, 0, &title, &picture->edition) ||
	    !date_parse(picture->edition, &date))
		picture->edition = SLICE_NONE;
	measure(picture);
	return 0;
}

void chart_picture_done(struct chart_picture *picture)
{
	free(picture->maps);
	*picture = (struct chart_picture){};
}

void chart_line_add(struct chart_line *line, struct slice text)
{
	size_t n = text.n < sizeof(line->text) - line->n ? text.n : sizeof(line->text) - line->n;

	if (n > 0)
		memcpy(line->text + line->n, text.p, n);
	line->n += n;
}

void chart_line_number(struct chart_line *line, uint32_t number)
{
	char space[NUMBER_DIGITS];
	struct slice digits = number_write(number, space);

	for (size_t i = 0; i < digits.n; i++) {
		if (i > 0 && (digits.n - i) % 3 == 0)
			chart_line_add(line, SLICE(","));
		chart_line_add(line, (struct slice){digits.p + i, 1});
	}
}

/* The text with its first letter as a capital one. */
static void add_capitalized(struct chart_line *line, struct slice text)
{
	char first = (char)(text.p[0] - 'a' + 'A');

	chart_line_add(line, (struct slice){&first, 1});
	chart_line_add(line, slice_skip(text, 1));
}

void chart_add_transport(struct chart_line *line, enum transport transport)
{
	struct slice name = transport_name(transport);

	for (size_t i = 0; i < name.n; i++)
		add_capitalized(line, (struct slice){name.p + i, 1});
}

void chart_add_title(struct chart_line *line, const struct chart_picture *picture)
{
	for (size_t i = 0; i < picture->count; i++) {
		if (i > 0)
			chart_line_add(line, i + 1 < picture->count ? SLICE(", ") : SLICE(" and "));
		chart_add_transport(line, picture->maps[i].transport);
	}
	chart_line_add(line, SLICE(" port numbers"));
	if (picture->edition.p) {
		chart_line_add(line, SLICE(", "));
		chart_line_add(line, picture->edition);
	}
}

void chart_add_kind(struct chart_line *line, unsigned kind)
{
	add_capitalized(line, port_range_name((enum port_range)(kind / CHART_MARK_COUNT)));
	chart_line_add(line, SLICE(" Ports: "));
	chart_line_add(line, chart_mark_name((enum chart_mark)(kind % CHART_MARK_COUNT)));
}

static void draw_frame(const struct chart_pen *pen, void *context, unsigned x, unsigned y,
		       unsigned side)
{
	enum { LINE = 2 };

	pen->box(context, x - LINE, y - LINE, side + 2 * LINE, LINE, CHART_INK);
	pen->box(context, x - LINE, y + side, side + 2 * LINE, LINE, CHART_INK);
	pen->box(context, x - LINE, y, LINE, side, CHART_INK);
	pen->box(context, x + side, y, LINE, side, CHART_INK);
}

/* A quarter's ports, above or below it. */
static void draw_quarter(const struct chart_pen *pen, void *context, unsigned x, unsigned y,
			 const char *text)
{
	pen->text(context, x, y, CHART_TEXT_SIZE, false, slice_cstr(text));
}

static void draw_map(const struct chart_picture *picture, const struct chart_pen *pen,
		     void *context, size_t index)
{
	const struct chart_map *map = &picture->maps[index];
	unsigned cell = cell_of(picture), side = CHART_SIDE * cell;
	unsigned x = MARGIN + (unsigned)index % columns_of(picture) * (side + MARGIN);
	unsigned top = MAPS_Y + (unsigned)index / columns_of(picture) * map_height(picture);
	unsigned y = top + HEADING;
	struct chart_line first = {};

	chart_add_transport(&first, map->transport);
	chart_line_add(&first, SLICE(" 0-16383"));
	pen->text(context, x, y - 10, CHART_TEXT_SIZE, false, chart_line_slice(&first));
	draw_quarter(pen, context, x + side / 2, y - 10, "49152-65535 Dynamic");
	pen->cells(context, x, y, cell, map);
	draw_frame(pen, context, x, y, side);
	/* The outline of System Ports lies on cells of User Ports: it is one pixel and no more. */
	pen->box(context, x + 32 * cell, y, 1, 32 * cell, CHART_INK);
	pen->box(context, x, y + 32 * cell, 32 * cell + 1, 1, CHART_INK);
	pen->box(context, x + side / 2, y, 1, side / 2, CHART_INK);
	pen->box(context, x + side / 2, y + side / 2, side / 2, 1, CHART_INK);
	draw_quarter(pen, context, x, y + side + FOOTING - 6, "16384-32767 User");
	draw_quarter(pen, context, x + side / 2, y + side + FOOTING - 6, "32768-49151 User");
}

static void draw_counts(const struct chart_picture *picture, const struct chart_pen *pen,
			void *context, unsigned kind, unsigned y)
{
	for (size_t i = 0; i < picture->count; i++) {
		unsigned right =
			picture->width - MARGIN - COUNT_WIDTH * (unsigned)(picture->count - 1 - i);
		struct chart_line line = {};

		if (kind < CHART_KIND_COUNT)
			chart_line_number(&line, picture->maps[i].counts[kind]);
		else
			chart_add_transport(&line, picture->maps[i].transport);
		pen->text(context, right, y, CHART_TEXT_SIZE, true, chart_line_slice(&line));
	}
}

static void draw_legend(const struct chart_picture *picture, const struct chart_pen *pen,
			void *context)
{
	unsigned y = legend_y(picture);

	pen->text(context, MARGIN, y, CHART_TEXT_SIZE, false, SLICE("Colours, and how many ports"));
	draw_counts(picture, pen, context, CHART_KIND_COUNT, y);
	for (unsigned kind = 0; kind < CHART_KIND_COUNT; kind++) {
		struct chart_line line = {};

		if (chart_count(picture, kind) == 0)
			continue;
		y += LEGEND_LINE;
		/* On a square of ink, because the palest colours are near to the paper's. */
		pen->box(context, MARGIN, y - SWATCH + 2, SWATCH, SWATCH, CHART_INK);
		pen->box(context, MARGIN + 1, y - SWATCH + 3, SWATCH - 2, SWATCH - 2, kind);
		chart_add_kind(&line, kind);
		pen->text(context, MARGIN + SWATCH + 12, y, CHART_TEXT_SIZE, false,
			  chart_line_slice(&line));
		draw_counts(picture, pen, context, kind, y);
	}
}

void chart_draw(const struct chart_picture *picture, const struct chart_pen *pen, void *context)
{
	struct chart_line title = {};

	pen->box(context, 0, 0, picture->width, picture->height, CHART_PAPER);
	chart_add_title(&title, picture);
	pen->text(context, MARGIN, TITLE_Y, CHART_TITLE_SIZE, false, chart_line_slice(&title));
	pen->text(context, MARGIN, TITLE_Y + LEGEND_LINE + 4, CHART_TEXT_SIZE, false,
		  SLICE("A cell is a port. The next port is beside it, along a Hilbert curve."));
	pen->text(context, MARGIN, TITLE_Y + 2 * LEGEND_LINE + 4, CHART_TEXT_SIZE, false,
		  SLICE("The small outlined corner is the System Ports, 0-1023."));
	for (size_t i = 0; i < picture->count; i++)
		draw_map(picture, pen, context, i);
	draw_legend(picture, pen, context);
}
