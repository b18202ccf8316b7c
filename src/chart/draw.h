/* Inside chart/: what a picture shows where, once for all of its formats. */
#ifndef PORTBOOK_CHART_DRAW_H
#define PORTBOOK_CHART_DRAW_H

#include "chart/chart.h"

/* Colours: one for each kind of cell, and these. */
enum {
	CHART_PAPER = CHART_KIND_COUNT,
	CHART_INK,
	CHART_COLOR_COUNT,
};

/* 0xRRGGBB on light paper and on dark. */
struct chart_color {
	uint32_t light, dark;
};
extern const struct chart_color chart_colors[CHART_COLOR_COUNT];

/* Text is ASCII, and stands on its baseline. */
enum { CHART_TEXT_SIZE = 18, CHART_TITLE_SIZE = 27 }; /* pixels from line to line */

/* How a format draws. Everything is in pixels. */
struct chart_pen {
	void (*box)(void *context, unsigned x, unsigned y, unsigned width, unsigned height,
		    unsigned color);
	void (*text)(void *context, unsigned x, unsigned y, unsigned size, bool ends_there,
		     struct slice text);
	void (*cells)(void *context, unsigned x, unsigned y, unsigned cell,
		      const struct chart_map *map);
};

struct chart_picture {
	struct chart_map *maps; /* of the transports that are shown */
	size_t count;
	struct slice edition; /* YYYY-MM-DD or YYYY-MM; absent: not known */
	unsigned width, height;
};

/* 0 or FAULT_MEMORY. */
int chart_picture_init(struct chart_picture *picture, const struct image *image,
		       unsigned transports) MUST_USE;
void chart_picture_done(struct chart_picture *picture);

void chart_draw(const struct chart_picture *picture, const struct chart_pen *pen, void *context);

/* A short line that is put together. */
struct chart_line {
	char text[160];
	size_t n;
};

void chart_line_add(struct chart_line *line, struct slice text);
void chart_line_number(struct chart_line *line, uint32_t number); /* 65,536 */

static inline struct slice chart_line_slice(const struct chart_line *line)
{
	return (struct slice){line->text, line->n};
}

/* "TCP port numbers, edition of 2026-08-17"; "Assigned, System Ports". */
void chart_add_title(struct chart_line *line, const struct chart_picture *picture);
void chart_add_kind(struct chart_line *line, unsigned kind);
/* "TCP". */
void chart_add_transport(struct chart_line *line, enum transport transport);

/* How many cells of all maps are of the kind. */
uint32_t chart_count(const struct chart_picture *picture, unsigned kind);

#endif
