/* Bars with a name and a value each, as SVG, one below the other. */
#include "chart/draw.h"

enum { WIDTH = 1088, LEFT = 312, RIGHT = WIDTH - 200, TOP = 88, STEP = 28, BAR = 20 };

/* Names are a document's: what XML would take for its own, or can not have, is not in it. */
static void put_name(struct out *out, struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c == '&' || c == '<')
			out_put(out, c == '&' ? SLICE("&amp;") : SLICE("&lt;"));
		else
			out_byte(out, (unsigned char)c < ' ' ? ' ' : c);
	}
}

static void put_bar(struct out *out, const struct chart_bar *bar, uint64_t most, unsigned y)
{
	unsigned width = (unsigned)((double)bar->value / (double)most * (RIGHT - LEFT) + 0.5);

	out_printf(out, "<text class=\"text\" x=\"%d\" y=\"%u\" text-anchor=\"end\">", LEFT - 12,
		   y + BAR - 4);
	put_name(out, bar->name);
	out_printf(out,
		   "</text>\n<rect class=\"bar\" fill=\"#08519c\" x=\"%d\" y=\"%u\" width=\"%u\" "
		   "height=\"%d\"/>\n<text class=\"text\" x=\"%u\" y=\"%u\">",
		   LEFT, y, width ? width : 1, BAR, LEFT + width + 12, y + BAR - 4);
	out_uint(out, bar->value);
	out_put(out, SLICE("</text>\n"));
}

void chart_bars(struct out *out, struct slice title, const struct chart_bar *bars, size_t count)
{
	unsigned height = TOP + (unsigned)count * STEP + 32;
	uint64_t most = 1;

	for (size_t i = 0; i < count; i++)
		most = bars[i].value > most ? bars[i].value : most;
	out_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %u\" role=\"img\" "
		   "aria-labelledby=\"title\" font-family=\"system-ui, sans-serif\" "
		   "font-size=\"%d\" fill=\"#1f2328\">\n<title id=\"title\">",
		   WIDTH, height, CHART_TEXT_SIZE);
	put_name(out, title);
	out_printf(out,
		   "</title>\n<style>@media (prefers-color-scheme: dark) { .paper { fill: #%06x } "
		   ".text { fill: #%06x } .bar { fill: #6fb1f5 } }</style>\n"
		   "<rect class=\"paper\" fill=\"#ffffff\" width=\"%d\" height=\"%u\"/>\n"
		   "<text class=\"text\" x=\"32\" y=\"56\" font-size=\"%d\">",
		   (unsigned)chart_colors[CHART_PAPER].dark, (unsigned)chart_colors[CHART_INK].dark,
		   WIDTH, height, CHART_TITLE_SIZE);
	put_name(out, title);
	out_put(out, SLICE("</text>\n"));
	for (size_t i = 0; i < count; i++)
		put_bar(out, &bars[i], most, TOP + (unsigned)i * STEP);
	out_put(out, SLICE("</svg>\n"));
}
