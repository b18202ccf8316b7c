/* Inside query/: the lists of rows that use a cell (image/format.h, IMAGE_USES). */
#ifndef PORTBOOK_QUERY_USES_H
#define PORTBOOK_QUERY_USES_H

#include "image/image.h"

/* A list being read: [p, end) holds distances between rows. */
struct uses {
	const unsigned char *p, *end;
	uint32_t from; /* the least that the next row can be */
};

/* The cell's list; an empty one where the image has none. */
static inline struct uses uses_of(const struct image *image, uint32_t cell)
{
	const struct image_section *section = &image->sections[IMAGE_USES];
	const unsigned char *record = image_record(image, IMAGE_USES_FROM, cell);
	const unsigned char *next = image_record(image, IMAGE_USES_FROM, cell + 1);
	uint32_t size = image->sections[IMAGE_USES_FROM].size;
	uint32_t from = record ? image_uint(record, size) : 0;
	uint32_t to = next ? image_uint(next, size) : 0;

	if (from > to || to > section->count)
		return (struct uses){};
	return (struct uses){section->p + from, section->p + to, 0};
}

/* The list's next row, which is above all before it; false at its end. */
static inline bool uses_next(struct uses *uses, uint32_t *ret_row)
{
	uint32_t distance;

	if (!image_varint(&uses->p, uses->end, &distance) || distance >= UINT32_MAX - uses->from)
		return false;
	*ret_row = uses->from + distance;
	uses->from = *ret_row + 1;
	return true;
}

#endif
