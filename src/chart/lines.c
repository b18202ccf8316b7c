/* Lines over time, as SVG: each with its own colour and dashes, and its name at its end. */
#include <stdlib.h>

#include "chart/draw.h"

enum {
	WIDTH = 1088,
	HEIGHT = 640,
	LEFT = 88,
	RIGHT = WIDTH - 200,
	TOP = 104,
	BOTTOM = HEIGHT - 64,
	LABEL = 24, /* pixels from label to label at least */
	STEPS_MAX = 7,
	YEARS_MAX = 14,
};

static const struct line {
	struct slice name;
	const char *dashes;
	struct chart_color color;
} lines[] = {
	{SLICE("DCCP"), "2 3", {0x8e3b9e, 0xd29be0}},  {SLICE("SCTP"), "8 4", {0x1b7a5a, 0x6fd0ab}},
	{SLICE("UDP"), "12 3", {0xc24a00, 0xff9d4d}},  {SLICE("TCP"), "none", {0x08519c, 0x6fb1f5}},
	{SLICE("names"), "1 2", {0x1f2328, 0xe6e8eb}},
};

static uint32_t value_of(const struct chart_point *point, size_t line)
{
	return line < TRANSPORT_COUNT ? point->ports[TRANSPORT_COUNT - 1 - line] : point->names;
}

/* Days since some day long ago, in the Gregorian calendar. */
static unsigned days_of(struct date date)
{
	unsigned month = (date.month + 9) % 12, year = date.year - (month > 9);

	return 365 * year + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + date.day;
}

/* What is drawn, and the scales. */
struct plot {
	struct out *out;
	const struct chart_point *points;
	size_t count;
	unsigned first_day, days; /* at least 1 */
	uint32_t step, top;	  /* of values, between lines of the grid and at the upper end */
};

static double x_of(const struct plot *plot, unsigned day)
{
	return LEFT + (double)(RIGHT - LEFT) * (day - plot->first_day) / plot->days;
}

static double y_of(const struct plot *plot, uint32_t value)
{
	return BOTTOM - (double)(BOTTOM - TOP) * value / plot->top;
}

static void measure(struct plot *plot)
{
	static const unsigned factors[] = {2, 5, 10};
	uint32_t most = 1, power = 1;

	for (size_t i = 0; i < plot->count; i++) {
		for (size_t line = 0; line < ARRAY_SIZE(lines); line++) {
			if (value_of(&plot->points[i], line) > most)
				most = value_of(&plot->points[i], line);
		}
	}
	plot->step = 1;
	for (size_t i = 0; most / plot->step >= STEPS_MAX; i = (i + 1) % ARRAY_SIZE(factors)) {
		plot->step = power * factors[i];
		power *= factors[i] == 10 ? 10 : 1;
	}
	plot->top = (most / plot->step + 1) * plot->step;
	plot->first_day = days_of(plot->points[0].date);
	plot->days = days_of(plot->points[plot->count - 1].date) - plot->first_day;
	if (plot->days == 0)
		plot->days = 1;
}

static void put_number(struct out *out, uint32_t number)
{
	struct chart_line text = {};

	chart_line_number(&text, number);
	out_put(out, chart_line_slice(&text));
}

static void put_grid(const struct plot *plot)
{
	unsigned first = plot->points[0].date.year;
	unsigned last = plot->points[plot->count - 1].date.year;
	unsigned every = (last - first) / YEARS_MAX + 1;

	for (uint32_t value = 0; value <= plot->top; value += plot->step) {
		double y = y_of(plot, value);

		out_printf(plot->out,
			   "<path class=\"ink\" d=\"M%d %.1fH%d\" stroke=\"#1f2328\" "
			   "stroke-opacity=\".25\"/>\n<text class=\"text\" x=\"%d\" y=\"%.1f\" "
			   "text-anchor=\"end\">",
			   LEFT, y, RIGHT, LEFT - 10, y + 6);
		put_number(plot->out, value);
		out_put(plot->out, SLICE("</text>\n"));
	}
	for (unsigned year = first + 1; year <= last; year += every) {
		double x = x_of(plot, days_of((struct date){year, 1, 1}));

		out_printf(plot->out,
			   "<path class=\"ink\" d=\"M%.1f %dv8\" stroke=\"#1f2328\"/>\n"
			   "<text class=\"text\" x=\"%.1f\" y=\"%d\" "
			   "text-anchor=\"middle\">%u</text>\n",
			   x, BOTTOM, x, BOTTOM + 28, year);
	}
}

/* A line is level until the next edition. Its points are where it changes. */
static void put_path(const struct plot *plot, size_t line)
{
	out_printf(plot->out,
		   "<path class=\"l%zu\" fill=\"none\" stroke=\"#%06x\" stroke-width=\"2.5\" "
		   "stroke-dasharray=\"%s\" d=\"",
		   line, (unsigned)lines[line].color.light, lines[line].dashes);
	for (size_t i = 0; i < plot->count; i++) {
		uint32_t value = value_of(&plot->points[i], line);

		if (i == 0)
			out_printf(plot->out, "M%.1f %.1f", x_of(plot, plot->first_day),
				   y_of(plot, value));
		else if (value != value_of(&plot->points[i - 1], line))
			out_printf(plot->out, "H%.1fV%.1f",
				   x_of(plot, days_of(plot->points[i].date)), y_of(plot, value));
	}
	out_printf(plot->out, "H%d\"/>\n", RIGHT);
}

/* Names at the ends, from the lowest up, and none on another. */
static void put_labels(const struct plot *plot)
{
	const struct chart_point *last = &plot->points[plot->count - 1];
	double above = HEIGHT;
	bool done[ARRAY_SIZE(lines)] = {};

	for (size_t n = 0; n < ARRAY_SIZE(lines); n++) {
		size_t next = ARRAY_SIZE(lines);
		double y;

		for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
			if (!done[i] &&
			    (next == ARRAY_SIZE(lines) || value_of(last, i) < value_of(last, next)))
				next = i;
		}
		done[next] = true;
		y = y_of(plot, value_of(last, next)) + 6;
		y = y < above - LABEL ? y : above - LABEL;
		above = y;
		out_printf(plot->out,
			   "<text class=\"t%zu\" fill=\"#%06x\" x=\"%d\" y=\"%.1f\">%.*s ", next,
			   (unsigned)lines[next].color.light, RIGHT + 12, y,
			   (int)lines[next].name.n, lines[next].name.p);
		put_number(plot->out, value_of(last, next));
		out_put(plot->out, SLICE("</text>\n"));
	}
}

static void put_date(struct out *out, struct date date)
{
	out_printf(out, "%04u-%02u-%02u", date.year, date.month, date.day);
}

static void put_description(const struct plot *plot)
{
	const size_t ends[] = {0, plot->count - 1};

	out_put(plot->out,
		SLICE("<desc id=\"desc\">Assigned ports by transport, and names, of each "
		      "edition."));
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		out_put(plot->out, SLICE(" "));
		put_date(plot->out, plot->points[ends[i]].date);
		for (size_t line = ARRAY_SIZE(lines); line-- > 0;) {
			out_printf(plot->out, "%s%.*s ",
				   line + 1 == ARRAY_SIZE(lines) ? ": " : ", ",
				   (int)lines[line].name.n, lines[line].name.p);
			put_number(plot->out, value_of(&plot->points[ends[i]], line));
		}
		out_put(plot->out, SLICE("."));
	}
	out_put(plot->out, SLICE("</desc>\n"));
}

static void put_style(struct out *out)
{
	out_printf(out,
		   "<style>@media (prefers-color-scheme: dark) { .paper { fill: #%06x } "
		   ".text { fill: #%06x } .ink { stroke: #%06x }",
		   (unsigned)chart_colors[CHART_PAPER].dark, (unsigned)chart_colors[CHART_INK].dark,
		   (unsigned)chart_colors[CHART_INK].dark);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		out_printf(out, " .l%zu { stroke: #%06x } .t%zu { fill: #%06x }", i,
			   (unsigned)lines[i].color.dark, i, (unsigned)lines[i].color.dark);
	out_put(out, SLICE(" }</style>\n"));
}

void chart_lines(struct out *out, const struct chart_point *points, size_t count)
{
	struct plot plot = {.out = out, .points = points, .count = count};

	measure(&plot);
	out_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
		   "aria-labelledby=\"title desc\" font-family=\"system-ui, sans-serif\" "
		   "font-size=\"%d\" fill=\"#1f2328\">\n<title id=\"title\">Assigned ports and "
		   "names from ",
		   WIDTH, HEIGHT, CHART_TEXT_SIZE);
	put_date(out, points[0].date);
	out_put(out, SLICE(" to "));
	put_date(out, points[count - 1].date);
	out_put(out, SLICE("</title>\n"));
	put_description(&plot);
	put_style(out);
	out_printf(out,
		   "<rect class=\"paper\" fill=\"#ffffff\" width=\"%d\" height=\"%d\"/>\n"
		   "<text class=\"text\" x=\"32\" y=\"56\" font-size=\"%d\">Assigned ports, and "
		   "names</text>\n",
		   WIDTH, HEIGHT, CHART_TITLE_SIZE);
	put_grid(&plot);
	for (size_t line = 0; line < ARRAY_SIZE(lines); line++)
		put_path(&plot, line);
	put_labels(&plot);
	out_put(out, SLICE("</svg>\n"));
}
