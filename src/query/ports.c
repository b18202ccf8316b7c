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

enum row_state query_port_state(const struct image *image, enum transport transport, uint16_t port)
{
	/* More rows than any real port has; of more, the first ones decide. */
	uint32_t rows[64];
	size_t count = query_port(image, transport, port, rows, ARRAY_SIZE(rows));
	enum row_state state = ROW_UNASSIGNED;

	if (count == 0)
		return uncovered_state(port, port);
	for (size_t i = 0; i < count && i < ARRAY_SIZE(rows); i++) {
		struct image_row_head head;

		if (image_row_head(image, rows[i], &head) && head.state < state)
			state = head.state;
	}
	return state;
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
