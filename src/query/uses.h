/* Inside query/: the lists of rows that use a cell (image/format.h, IMAGE_USES). */
#ifndef PORTBOOK_QUERY_USES_H
#define PORTBOOK_QUERY_USES_H

#include "image/image.h"

/* A list being read: [p, end) holds distances between rows. */
struct uses {
	const unsigned char *p, *end;
	uint32_t from; /* the least that the next row can be */
};

/* The list at that offset; an empty one where the image has none there. */
static inline struct uses uses_at(const struct image *image, uint32_t offset)
{
	const struct image_section *section = &image->sections[IMAGE_USES];
	const unsigned char *end = section->p + section->count;
	struct uses uses = {end, end, 0};
	uint32_t bytes;

	if (offset >= section->count)
		return uses;
	uses.p = section->p + offset;
	if (!image_varint(&uses.p, end, &bytes) || bytes > (size_t)(end - uses.p))
		uses.p = end;
	else
		uses.end = uses.p + bytes;
	return uses;
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

/* The list that follows this one. */
static inline struct uses uses_after(const struct image *image, const struct uses *uses)
{
	return uses_at(image, (uint32_t)(uses->end - image->sections[IMAGE_USES].p));
}

#endif
