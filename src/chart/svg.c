/*
 * SVG. Cells of a kind are one path of rectangles in units of a cell; colours are attributes, which
 * every viewer knows, and a style for dark ones beside them.
 */
#include "chart/draw.h"

static void put_line(struct out *out, const struct chart_line *line)
{
	out_put(out, chart_line_slice(line));
}

static void put_box(void *context, unsigned x, unsigned y, unsigned width, unsigned height,
		    unsigned color)
{
	out_printf(context,
		   "<rect class=\"c%u\" fill=\"#%06x\" x=\"%u\" y=\"%u\" width=\"%u\" "
		   "height=\"%u\"/>\n",
		   color, (unsigned)chart_colors[color].light, x, y, width, height);
}

static void put_text(void *context, unsigned x, unsigned y, unsigned size, bool ends_there,
		     struct slice text)
{
	out_printf(context,
		   "<text class=\"c%u\" fill=\"#%06x\" x=\"%u\" y=\"%u\" font-size=\"%u\"%s>",
		   CHART_INK, (unsigned)chart_colors[CHART_INK].light, x, y, size,
		   ends_there ? " text-anchor=\"end\"" : "");
	out_put(context, text);
	out_put(context, SLICE("</text>\n"));
}

/* Which cells a path is of: a kind's, or for unassigned ones, which lie below, their range's. */
struct layer {
	const struct chart_map *map;
	unsigned kind;
};

static bool layer_has(const struct layer *layer, unsigned x, unsigned y)
{
	unsigned kind = layer->map->kinds[y][x];

	if (layer->kind % CHART_MARK_COUNT == CHART_UNASSIGNED)
		return kind / CHART_MARK_COUNT == layer->kind / CHART_MARK_COUNT;
	return kind == layer->kind;
}

/* The end of the run of the layer's cells that begins at x; x where none begins there. */
static unsigned run_end(const struct layer *layer, unsigned x, unsigned y)
{
	if (x > 0 && layer_has(layer, x - 1, y))
		return x;
	while (x < CHART_SIDE && layer_has(layer, x, y))
		x++;
	return x;
}

/* Runs of the same cells in successive rows are one rectangle. Places are relative to the last. */
static void put_layer(struct out *out, const struct layer *layer)
{
	unsigned last_x = 0, last_y = 0;

	for (unsigned y = 0; y < CHART_SIDE; y++) {
		for (unsigned x = 0, end; x<CHART_SIDE; x = end> x ? end : x + 1) {
			unsigned bottom = y + 1;

			end = run_end(layer, x, y);
			if (end == x || (y > 0 && run_end(layer, x, y - 1) == end))
				continue;
			while (bottom < CHART_SIDE && run_end(layer, x, bottom) == end)
				bottom++;
			out_printf(out, "m%d %dh%uv%uh-%uz", (int)x - (int)last_x,
				   (int)y - (int)last_y, end - x, bottom - y, end - x);
			last_x = x;
			last_y = y;
		}
	}
}

static void put_kind(struct out *out, const struct chart_map *map, unsigned kind)
{
	struct layer layer = {map, kind};

	if (map->counts[kind] == 0)
		return;
	out_printf(out, "<path class=\"c%u\" fill=\"#%06x\" d=\"", kind,
		   (unsigned)chart_colors[kind].light);
	/* A path begins at no place: its first move is from the origin. */
	out_put(out, SLICE("M0 0"));
	put_layer(out, &layer);
	out_put(out, SLICE("\"/>\n"));
}

static void put_cells(void *context, unsigned x, unsigned y, unsigned cell,
		      const struct chart_map *map)
{
	struct out *out = context;

	out_printf(out,
		   "<g transform=\"translate(%u %u) scale(%u)\" shape-rendering=\"crispEdges\">\n",
		   x, y, cell);
	for (unsigned kind = CHART_UNASSIGNED; kind < CHART_KIND_COUNT; kind += CHART_MARK_COUNT)
		put_kind(out, map, kind);
	for (unsigned kind = 0; kind < CHART_KIND_COUNT; kind++) {
		if (kind % CHART_MARK_COUNT != CHART_UNASSIGNED)
			put_kind(out, map, kind);
	}
	out_put(out, SLICE("</g>\n"));
}

/* What the picture shows, in words. */
static void put_description(struct out *out, const struct chart_picture *picture)
{
	out_put(out, SLICE("<desc id=\"desc\">Each cell is a port; they follow each other along a "
			   "Hilbert curve from 0 at the top left to 65535 at the top right."));
	for (size_t i = 0; i < picture->count; i++) {
		const char *separator = " ";

		for (unsigned kind = 0; kind < CHART_KIND_COUNT; kind++) {
			struct chart_line line = {};

			if (picture->maps[i].counts[kind] == 0)
				continue;
			chart_line_add(&line, slice_cstr(separator));
			if (*separator == ' ')
				chart_add_transport(&line, picture->maps[i].transport);
			chart_line_add(&line, SLICE(" "));
			chart_add_kind(&line, kind);
			chart_line_add(&line, SLICE(", "));
			chart_line_number(&line, picture->maps[i].counts[kind]);
			put_line(out, &line);
			separator = ";";
		}
		out_put(out, SLICE("."));
	}
	out_put(out, SLICE("</desc>\n"));
}

static void put_style(struct out *out)
{
	out_put(out, SLICE("<style>@media (prefers-color-scheme: dark) {"));
	for (unsigned i = 0; i < CHART_COLOR_COUNT; i++)
		out_printf(out, " .c%u { fill: #%06x }", i, (unsigned)chart_colors[i].dark);
	out_put(out, SLICE(" }</style>\n"));
}

int chart_svg(struct out *out, const struct image *image, unsigned transports, struct fault *fault)
{
	static const struct chart_pen pen = {put_box, put_text, put_cells};
	struct chart_picture picture CLEANUP(chart_picture_done) = {};
	struct chart_line title = {};

	if (chart_picture_init(&picture, image, transports) < 0)
		return fault_memory(fault);
	out_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" role=\"img\" "
		   "aria-labelledby=\"title desc\" font-family=\"system-ui, sans-serif\">\n"
		   "<title id=\"title\">",
		   picture.width, picture.height);
	chart_add_title(&title, &picture);
	put_line(out, &title);
	out_put(out, SLICE("</title>\n"));
	put_description(out, &picture);
	put_style(out);
	chart_draw(&picture, &pen, out);
	out_put(out, SLICE("</svg>\n"));
	return 0;
}
