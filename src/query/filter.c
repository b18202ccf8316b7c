#include "query/query.h"

bool query_passes(const struct image *image, const struct query_filter *filter, uint32_t number)
{
	const unsigned *masks = filter->masks;
	unsigned values[QUERY_PROPERTY_COUNT];
	struct image_row_head head;

	if (!image_row_head(image, number, &head) || (masks[QUERY_RANGE] && head.portless))
		return false;
	values[QUERY_TRANSPORT] = head.transport;
	values[QUERY_STATE] = head.state;
	values[QUERY_RANGE] = port_range_of(head.first_port);
	values[QUERY_UNAUTHORIZED] = masks[QUERY_UNAUTHORIZED] &&
				     image_row_text(image, number, COLUMN_UNAUTHORIZED).n > 0;
	values[QUERY_PORTLESS] = head.portless;
	for (size_t i = 0; i < QUERY_PROPERTY_COUNT; i++) {
		if (masks[i] && !(masks[i] >> values[i] & 1))
			return false;
	}
	return true;
}
