/* Inside mkimage/: an image being made, and the parts of its making, one a file. */
#ifndef PORTBOOK_MKIMAGE_BUILD_H
#define PORTBOOK_MKIMAGE_BUILD_H

#include <stdlib.h>

#include "base/strbuf.h"
#include "image/format.h"
#include "mkimage/cells.h"
#include "mkimage/mkimage.h"

/* A row without its texts, which most parts look at again and again. */
struct build_row {
	int32_t first_port, last_port;
	enum transport transport;
	enum row_state state;
	bool assignee_given;
};

struct build {
	const struct registry *registry;
	/*
	 * The cells of searched columns, those of the two date columns, and all other text. In the
	 * image the tables follow each other.
	 */
	struct cells searched, dates, others;
	struct build_row *rows;
	struct cells orders;  /* distinct orders of elements */
	uint32_t *row_cells;  /* COLUMN_COUNT a row: cell of the column's table plus one, 0: none */
	uint32_t *row_orders; /* one a row: number of its order plus one, 0: none */
	struct strbuf sections[IMAGE_SECTION_COUNT];
	uint32_t letter_size; /* bytes of one record of letters */
	uint32_t place_size;  /* and of where uses begin: 3 or 4 */
};

/* The image's numbers of the first cells of the second and third table. */
static inline uint32_t build_dates_from(const struct build *build)
{
	return build->searched.count;
}

static inline uint32_t build_others_from(const struct build *build)
{
	return build->searched.count + build->dates.count;
}

static inline bool build_is_date(enum column column)
{
	return column == COLUMN_REGISTERED || column == COLUMN_MODIFIED;
}

/* The image's number of a row's cell plus one; 0: none. */
uint32_t build_row_text(const struct build *build, size_t row, enum column column);

/* Each fills its sections. Return 0, FAULT_MEMORY or FAULT_LIMIT with a fault. */
int build_ports(struct build *build, struct fault *fault) MUST_USE;
int build_uses(struct build *build, struct fault *fault) MUST_USE;
int build_names(struct build *build, struct fault *fault) MUST_USE;
int build_grams(struct build *build, struct fault *fault) MUST_USE;
int build_letters(struct build *build, struct fault *fault) MUST_USE;

/* Little-endian numbers, appended. */
static inline void build_u8(struct strbuf *section, uint32_t value)
{
	strbuf_add_byte(section, (char)value);
}

static inline void build_u16(struct strbuf *section, uint32_t value)
{
	build_u8(section, value);
	build_u8(section, value >> 8);
}

static inline void build_u24(struct strbuf *section, uint32_t value)
{
	build_u16(section, value);
	build_u8(section, value >> 16);
}

static inline void build_u32(struct strbuf *section, uint32_t value)
{
	build_u16(section, value);
	build_u16(section, value >> 16);
}

static inline void build_uint(struct strbuf *section, uint32_t value, uint32_t bytes)
{
	build_u24(section, value);
	if (bytes > 3)
		build_u8(section, value >> 24);
}

void build_varint(struct strbuf *section, uint32_t value);

static inline void build_freep(void *pointer)
{
	free(*(void **)pointer);
}

#endif
