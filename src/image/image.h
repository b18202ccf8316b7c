/*
 * An image: one edition of the registry as a single immutable run of bytes, ready to be asked.
 * Opening checks the header and the sections' places; every later access checks offset and length
 * again, so that no change of the bytes, anywhere, leads outside of them. Nothing is allocated,
 * nothing is copied: all text lives as long as the bytes. Any number of threads may read.
 */
#ifndef PORTBOOK_IMAGE_IMAGE_H
#define PORTBOOK_IMAGE_IMAGE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "image/format.h"
#include "record/person.h"
#include "record/row.h"

struct image_section {
	const unsigned char *p;
	uint32_t count, size; /* records, and bytes of one */
};

struct image {
	struct slice bytes;
	struct image_section sections[IMAGE_SECTION_COUNT];
};

/*
 * Takes bytes, which must stay as they are while the image is used, as an image. Not its checksum:
 * see image_verify. 0, FAULT_UNKNOWN (no image, or one of a newer format) or FAULT_MALFORMED.
 */
int image_open(struct image *ret_image, struct slice bytes, struct fault *fault) MUST_USE;

/* Whether the bytes are those that were written: 0 or FAULT_MALFORMED. Reads all of them once. */
int image_verify(const struct image *image, struct fault *fault) MUST_USE;

/* The first bytes of every image. */
struct slice image_magic(void);

/* A section's record, or NULL past the end. */
static inline const unsigned char *image_record(const struct image *image,
						enum image_section_kind kind, uint32_t number)
{
	const struct image_section *section = &image->sections[kind];

	return likely(number < section->count) ? section->p + (size_t)number * section->size : NULL;
}

/* A cell's text, NUL-terminated beyond its length; absent past the end. */
static inline struct slice image_cell(const struct image *image, uint32_t cell)
{
	const struct image_section *cells = &image->sections[IMAGE_CELLS];
	const struct image_section *text = &image->sections[IMAGE_TEXT];
	const unsigned char *record;
	uint32_t from, to;

	if (unlikely(cells->count < 2 || cell >= cells->count - 1))
		return SLICE_NONE;
	record = cells->p + (size_t)cell * cells->size;
	from = image_u32(record);
	to = image_u32(record + cells->size);
	if (unlikely(to > text->count || from >= to || text->p[to - 1] != 0))
		return SLICE_NONE;
	return (struct slice){(const char *)text->p + from, to - from - 1};
}

/* A "text" of the format: a cell's number plus one, or 0 for absent. */
static inline struct slice image_text(const struct image *image, const unsigned char *p)
{
	uint32_t text = image_u24(p);

	return text ? image_cell(image, text - 1) : SLICE_NONE;
}

/* The next varint of [*p, end); false where they end or it is too long. */
static inline bool image_varint(const unsigned char **p, const unsigned char *end,
				uint32_t *ret_value)
{
	uint32_t value = 0;

	for (unsigned shift = 0; *p < end && shift < 35; shift += 7) {
		unsigned char byte = *(*p)++;

		value |= (uint32_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

static inline uint32_t image_row_count(const struct image *image)
{
	return image->sections[IMAGE_ROWS].count;
}

static inline uint32_t image_person_count(const struct image *image)
{
	return image->sections[IMAGE_PEOPLE].count;
}

/* What a row's record holds beside its texts. */
struct image_row_head {
	uint16_t first_port, last_port; /* 0 where portless */
	bool portless, assignee_given;
	enum transport transport;
	enum row_state state;
	uint16_t order; /* number of the order of elements plus one; 0: none */
};

/* False past the end. A value that no row can have reads as the nearest that one can. */
static inline bool image_row_head(const struct image *image, uint32_t number,
				  struct image_row_head *ret_head)
{
	const unsigned char *record = image_record(image, IMAGE_ROWS, number);
	unsigned flags, transport, state;

	if (unlikely(!record))
		return false;
	flags = record[IMAGE_ROW_FLAGS];
	transport = record[IMAGE_ROW_TRANSPORT];
	state = flags >> IMAGE_FLAG_STATE_SHIFT & 3;
	*ret_head = (struct image_row_head){
		.first_port = (uint16_t)image_u16(record + IMAGE_ROW_FIRST),
		.last_port = (uint16_t)image_u16(record + IMAGE_ROW_LAST),
		.portless = flags & IMAGE_FLAG_PORTLESS,
		.assignee_given = flags & IMAGE_FLAG_ASSIGNEE_GIVEN,
		.transport =
			transport < TRANSPORT_COUNT ? (enum transport)transport : TRANSPORT_NONE,
		.state = state < ROW_STATE_COUNT ? (enum row_state)state : ROW_UNASSIGNED,
		.order = (uint16_t)image_u16(record + IMAGE_ROW_ORDER),
	};
	return true;
}

/* The row of that number (in registry order, from 0); a row past the end is all absent. */
void image_row(const struct image *image, uint32_t number, struct row *ret_row);

/* The same as image_row_column of a column that few rows have. */
const unsigned char *image_row_extra(const struct image *image, uint32_t number,
				     enum column column);

/* Where the "text" of a row in a column stands; NULL past the end, or where it has none. */
static inline const unsigned char *image_row_column(const struct image *image, uint32_t number,
						    enum column column)
{
	uint32_t rows = image_row_count(image);

	if (unlikely((unsigned)column >= IMAGE_FULL_COLUMNS))
		return image_row_extra(image, number, column);
	return likely(number < rows) ? image_record(image, IMAGE_COLUMNS, column * rows + number)
				     : NULL;
}

/* One column of a row as shown, without the rest. Absent past the end. */
static inline struct slice image_row_text(const struct image *image, uint32_t number,
					  enum column column)
{
	const unsigned char *text = image_row_column(image, number, column);

	return likely(text) ? image_text(image, text) : SLICE_NONE;
}

/* The person of that number (in the document's order, from 0); all absent past the end. */
void image_person(const struct image *image, uint32_t number, struct person *ret_person);

/* What the document's header says, and where there are several, the one of that index from 0. */
enum image_fact {
	IMAGE_FACT_PROLOG, /* an XML document's bytes before its root element */
	IMAGE_FACT_ID,
	IMAGE_FACT_TITLE,
	IMAGE_FACT_CATEGORY,
	IMAGE_FACT_UPDATED,    /* the edition's date */
	IMAGE_FACT_REFERENCES, /* rich */
	IMAGE_FACT_EXPERT,     /* rich */
	IMAGE_FACT_NOTE,       /* rich, with a title */
	IMAGE_FACT_FOOTNOTE,   /* rich; the title is its anchor */
	IMAGE_FACT_ORIGIN,     /* where the image's document came from, for people */
};

/* False: there is no such fact. *ret_title may be absent. */
bool image_fact(const struct image *image, enum image_fact fact, uint32_t index,
		struct slice *ret_title, struct slice *ret_text);

#endif
