#include "chart/chart.h"

#include "query/query.h"

/*
 * The curve of a square of n x n cells is four of n/2 x n/2: the first and the last are mirrored on
 * a diagonal so that each begins beside where the one before ends.
 */
static void turn(struct chart_place *place, unsigned side, bool right, bool low)
{
	unsigned x = place->x;

	if (low)
		return;
	if (right) {
		x = side - 1 - x;
		place->y = side - 1 - place->y;
	}
	place->x = place->y;
	place->y = x;
}

struct chart_place chart_place(uint16_t port)
{
	struct chart_place place = {0, 0};
	unsigned rest = port;

	for (unsigned side = 1; side < CHART_SIDE; side *= 2, rest /= 4) {
		bool right = rest & 2, low = (rest ^ rest >> 1) & 1;

		turn(&place, side, right, low);
		place.x += right ? side : 0;
		place.y += low ? side : 0;
	}
	return place;
}

uint16_t chart_port(struct chart_place place)
{
	unsigned port = 0;

	for (unsigned side = CHART_SIDE / 2; side > 0; side /= 2) {
		bool right = place.x & side, low = place.y & side;

		port += side * side * (right ? (low ? 2 : 3) : (low ? 1 : 0));
		place.x &= side - 1;
		place.y &= side - 1;
		turn(&place, side, right, low);
	}
	return (uint16_t)port;
}

struct slice chart_mark_name(enum chart_mark mark)
{
	static const struct slice names[CHART_MARK_COUNT] = {
		[CHART_ASSIGNED] = {"assigned", 8},
		[CHART_UNAUTHORIZED] = {"assigned, unauthorized use reported", 35},
		[CHART_RESERVED] = {"reserved", 8},
		[CHART_UNASSIGNED] = {"unassigned", 10},
	};

	return names[mark];
}

static void mark(struct chart_map *map, uint16_t port, enum chart_mark mark)
{
	struct chart_place place = chart_place(port);

	map->kinds[place.y][place.x] = (unsigned char)chart_kind(port_range_of(port), mark);
}

static void mark_unauthorized(const struct image *image, struct chart_map *map)
{
	for (uint32_t row = 0; row < image_row_count(image); row++) {
		struct image_row_head head;

		if (!image_row_head(image, row, &head) || head.portless ||
		    (head.transport != map->transport && head.transport != TRANSPORT_NONE) ||
		    image_row_text(image, row, COLUMN_UNAUTHORIZED).n == 0)
			continue;
		for (uint32_t port = head.first_port; port <= head.last_port; port++) {
			if (chart_kind_of(map, (uint16_t)port) % CHART_MARK_COUNT == CHART_ASSIGNED)
				mark(map, (uint16_t)port, CHART_UNAUTHORIZED);
		}
	}
}

void chart_read(const struct image *image, enum transport transport, struct chart_map *ret_map)
{
	static const enum chart_mark marks[ROW_STATE_COUNT] = {
		[ROW_ASSIGNED] = CHART_ASSIGNED,
		[ROW_RESERVED] = CHART_RESERVED,
		[ROW_UNASSIGNED] = CHART_UNASSIGNED,
	};

	ret_map->transport = transport;
	memset(ret_map->counts, 0, sizeof(ret_map->counts));
	for (uint32_t port = 0; port < PORT_COUNT; port++)
		mark(ret_map, (uint16_t)port,
		     marks[query_port_state(image, transport, (uint16_t)port)]);
	mark_unauthorized(image, ret_map);
	for (unsigned y = 0; y < CHART_SIDE; y++) {
		for (unsigned x = 0; x < CHART_SIDE; x++)
			ret_map->counts[ret_map->kinds[y][x]]++;
	}
}
