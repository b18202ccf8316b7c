/* A page of an image's rows as XHTML. */
#ifndef PORTBOOK_RENDER_IMAGE_PAGE_H
#define PORTBOOK_RENDER_IMAGE_PAGE_H

#include "image/image.h"
#include "render/xhtml.h"

/* What is shown of an image: some rows and people, by number. */
struct image_part {
	const struct image *image;
	const uint32_t *rows, *people;
	size_t row_count, person_count;
};

void render_image_page(struct out *out, const struct image_part *part,
		       const struct xhtml_page *page);

#endif
