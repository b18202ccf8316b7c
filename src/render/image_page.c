#include "render/image_page.h"

static bool note(const void *data, size_t index, struct slice *ret_title, struct slice *ret_text)
{
	const struct image_part *part = data;

	return image_fact(part->image, IMAGE_FACT_NOTE, (uint32_t)index, ret_title, ret_text);
}

static bool footnote(const void *data, size_t index, struct slice *ret_anchor,
		     struct slice *ret_text)
{
	const struct image_part *part = data;

	return image_fact(part->image, IMAGE_FACT_FOOTNOTE, (uint32_t)index, ret_anchor, ret_text);
}

static bool row(const void *data, size_t index, struct row *ret_row)
{
	const struct image_part *part = data;

	if (index >= part->row_count)
		return false;
	image_row(part->image, part->rows[index], ret_row);
	return true;
}

static bool person(const void *data, size_t index, struct person *ret_person)
{
	const struct image_part *part = data;

	if (index >= part->person_count)
		return false;
	image_person(part->image, part->people[index], ret_person);
	return true;
}

static struct slice fact(const struct image *image, enum image_fact kind)
{
	struct slice title, text;

	return image_fact(image, kind, 0, &title, &text) ? text : SLICE_NONE;
}

void render_image_page(struct out *out, const struct image_part *part,
		       const struct xhtml_page *page)
{
	const struct xhtml_content content = {
		.title = fact(part->image, IMAGE_FACT_TITLE),
		.updated = fact(part->image, IMAGE_FACT_UPDATED),
		.references = fact(part->image, IMAGE_FACT_REFERENCES),
		.expert = fact(part->image, IMAGE_FACT_EXPERT),
		.data = part,
		.note = note,
		.row = row,
		.person = person,
		.footnote = footnote,
	};

	render_xhtml_page(out, &content, page);
}
