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
	uint32_t count;
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

static inline uint32_t image_row_count(const struct image *image)
{
	return image->sections[IMAGE_ROWS].count;
}

static inline uint32_t image_person_count(const struct image *image)
{
	return image->sections[IMAGE_PEOPLE].count;
}

/* The row of that number (in registry order, from 0); a row past the end is all absent. */
void image_row(const struct image *image, uint32_t number, struct row *ret_row);

/* One column of a row as shown, without the rest. Absent past the end. */
struct slice image_row_text(const struct image *image, uint32_t number, enum column column);

/* The person of that number (in the document's order, from 0); all absent past the end. */
void image_person(const struct image *image, uint32_t number, struct person *ret_person);

/* What the document's header says, and where there are several, the one of that index from 0. */
enum image_fact {
	IMAGE_FACT_PROLOG,     /* an XML document's bytes before its root element */
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
