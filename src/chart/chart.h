/*
 * The port space as a picture: 65,536 cells a transport along a Hilbert curve, on which
 * neighbouring ports stay neighbours and ranges become areas, coloured by state and range.
 */
#ifndef PORTBOOK_CHART_CHART_H
#define PORTBOOK_CHART_CHART_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/out.h"
#include "image/image.h"
#include "record/date.h"

enum { CHART_SIDE = 256 }; /* cells; CHART_SIDE * CHART_SIDE is PORT_COUNT */

/*
 * The cell of a port, counted from the left and the top. The curve begins at the top left and ends
 * at the top right, so that the System Ports are a square at its beginning and the Dynamic Ports
 * the last quadrant.
 */
struct chart_place {
	unsigned x, y;
};
struct chart_place chart_place(uint16_t port);
uint16_t chart_port(struct chart_place place);

/* What is said of a port: its state, and whether its use by others was reported. */
enum chart_mark {
	CHART_ASSIGNED,
	CHART_UNAUTHORIZED, /* assigned, and unauthorized use reported */
	CHART_RESERVED,
	CHART_UNASSIGNED,
	CHART_MARK_COUNT,
};

/* "assigned", "assigned, unauthorized use reported", ... Static. */
struct slice chart_mark_name(enum chart_mark mark);

/* The kinds of cells: a mark in a range. Each has its colour. */
enum { CHART_KIND_COUNT = PORT_RANGE_COUNT * CHART_MARK_COUNT };

static inline unsigned chart_kind(enum port_range range, enum chart_mark mark)
{
	return (unsigned)range * CHART_MARK_COUNT + (unsigned)mark;
}

/* A transport's map. */
struct chart_map {
	enum transport transport;
	unsigned char kinds[CHART_SIDE][CHART_SIDE]; /* by y, then x */
	uint32_t counts[CHART_KIND_COUNT];
};

void chart_read(const struct image *image, enum transport transport, struct chart_map *ret_map);

/* The kind of each port in turn, by port instead of by place. */
static inline unsigned chart_kind_of(const struct chart_map *map, uint16_t port)
{
	struct chart_place place = chart_place(port);

	return map->kinds[place.y][place.x];
}

/*
 * Maps of some transports (a mask, 0: of all) with title, ranges and a legend that counts the
 * cells. The same image gives the same bytes. 0, FAULT_MEMORY, or as PNG FAULT_SYSTEM where its
 * library is not installed; out keeps failures of its own.
 */
int chart_svg(struct out *out, const struct image *image, unsigned transports,
	      struct fault *fault) MUST_USE;
int chart_png(struct out *out, const struct image *image, unsigned transports,
	      struct fault *fault) MUST_USE;

/* What was assigned with an edition. */
struct chart_point {
	struct date date;
	uint32_t ports[TRANSPORT_COUNT], names;
};

/* A name and its value. */
struct chart_bar {
	struct slice name;
	uint64_t value;
};

/* Bars in their order, as SVG. */
void chart_bars(struct out *out, struct slice title, const struct chart_bar *bars, size_t count);

/* Lines over time, as SVG, of at least one point, ascending by date. */
void chart_lines(struct out *out, const struct chart_point *points, size_t count);

#endif
