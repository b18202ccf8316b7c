#include "query/query.h"

size_t query_port(const struct image *image, enum transport transport, uint16_t port,
		  uint32_t *ret_rows, size_t max)
{
	uint32_t index = ((uint32_t)transport * PORT_COUNT + port) / IMAGE_PAGE;
	const unsigned char *page = image_record(image, IMAGE_PORT_PAGES, index);
	const unsigned char *entry, *item;
	uint32_t number, count;

	if (unlikely(transport >= TRANSPORT_COUNT || !page))
		return 0;
	entry = image_record(image, IMAGE_PORTS, image_u16(page) * IMAGE_PAGE + port % IMAGE_PAGE);
	number = entry ? image_u24(entry) : 0;
	if (number == 0)
		return 0;
	if (likely(number < IMAGE_LIST)) {
		if (max > 0)
			ret_rows[0] = number - 1;
		return 1;
	}
	number -= IMAGE_LIST;
	item = image_record(image, IMAGE_PORT_LISTS, number);
	count = item ? image_u24(item) : 0;
	for (uint32_t i = 0; i < count; i++) {
		item = image_record(image, IMAGE_PORT_LISTS, number + 1 + i);
		if (!item)
			return i;
		if (i < max)
			ret_rows[i] = image_u24(item);
	}
	return count;
}

/* The state of ports that no row covers. */
static enum row_state uncovered_state(uint16_t first, uint16_t last)
{
	return first == last && port_is_edge(first) ? ROW_RESERVED : ROW_UNASSIGNED;
}

/* More rows than any real port has; of more, the first ones decide. */
enum { ROWS_MAX = 64 };

enum row_state query_port_state(const struct image *image, enum transport transport, uint16_t port)
{
	uint32_t rows[ROWS_MAX];
	size_t count = query_port(image, transport, port, rows, ROWS_MAX);
	enum row_state state = ROW_UNASSIGNED;

	if (count == 0)
		return uncovered_state(port, port);
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		struct image_row_head head;

		if (image_row_head(image, rows[i], &head) && head.state < state)
			state = head.state;
	}
	return state;
}

static bool is_alias(const struct image *image, uint32_t number)
{
	struct row row = {};

	row.shown[COLUMN_NOTES] = image_row_text(image, number, COLUMN_NOTES);
	return row_alias_of(&row).p;
}

bool query_port_named(const struct image *image, enum transport transport, uint16_t port,
		      uint32_t *ret_row)
{
	uint32_t rows[ROWS_MAX], count = 0, all;

	all = (uint32_t)query_port(image, transport, port, rows, ROWS_MAX);
	for (uint32_t i = 0; i < all && i < ROWS_MAX; i++) {
		struct image_row_head head;

		if (image_row_head(image, rows[i], &head) && head.state == ROW_ASSIGNED)
			rows[count++] = rows[i];
	}
	if (count == 0)
		return false;
	*ret_row = rows[0];
	for (uint32_t i = 0; count > 1 && i < count; i++) {
		if (!is_alias(image, rows[i])) {
			*ret_row = rows[i];
			break;
		}
	}
	return true;
}

void query_uncovered(enum transport transport, uint16_t first, uint16_t last, struct row *ret_row)
{
	*ret_row = (struct row){.first_port = first,
				.last_port = last,
				.transport = transport,
				.state = uncovered_state(first, last)};
	if (transport != TRANSPORT_NONE)
		ret_row->shown[COLUMN_TRANSPORT] = transport_name(transport);
}
