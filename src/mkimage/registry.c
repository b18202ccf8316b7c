#include "image/image.h"
#include "mkimage/mkimage.h"

static int keep_fact(struct registry *registry, const struct image *image, enum image_fact fact,
		     struct slice *ret_text)
{
	struct slice title, text;

	if (!image_fact(image, fact, 0, &title, &text))
		return 0;
	return registry_keep(registry, text, ret_text);
}

static int add_header(struct registry *registry, const struct image *image, struct fault *fault)
{
	struct registry_header *header = &registry->header;
	struct slice title, text;
	int result = 0;

	if (keep_fact(registry, image, IMAGE_FACT_PROLOG, &header->prolog) < 0 ||
	    keep_fact(registry, image, IMAGE_FACT_ID, &header->id) < 0 ||
	    keep_fact(registry, image, IMAGE_FACT_TITLE, &header->title) < 0 ||
	    keep_fact(registry, image, IMAGE_FACT_CATEGORY, &header->category) < 0 ||
	    keep_fact(registry, image, IMAGE_FACT_UPDATED, &header->updated) < 0 ||
	    keep_fact(registry, image, IMAGE_FACT_REFERENCES, &header->references) < 0 ||
	    keep_fact(registry, image, IMAGE_FACT_EXPERT, &header->expert) < 0)
		return fault_memory(fault);
	for (uint32_t i = 0; result == 0 && image_fact(image, IMAGE_FACT_NOTE, i, &title, &text);
	     i++)
		result = registry_add_note(registry, title, text, fault);
	for (uint32_t i = 0;
	     result == 0 && image_fact(image, IMAGE_FACT_FOOTNOTE, i, &title, &text); i++)
		result = registry_add_footnote(registry, title, text, fault);
	return result;
}

static int add_row(struct registry *registry, const struct image *image, uint32_t number,
		   struct fault *fault)
{
	struct row row;
	int result;

	image_row(image, number, &row);
	if (!row.assignee_given)
		row.rich[COLUMN_ASSIGNEE] = row.shown[COLUMN_ASSIGNEE] = SLICE_NONE;
	result = registry_add_row(registry, &row, fault);
	if (result > 0)
		return fault_set(fault, FAULT_MALFORMED, "corrupt image: row %u has a bad %s",
				 number, column_title((enum column)result).p);
	return result;
}

int mkimage_registry(struct slice image_bytes, struct registry **ret_registry, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct image image;
	int result = image_open(&image, image_bytes, fault);

	if (result < 0)
		return result;
	registry = registry_new();
	if (!registry)
		return fault_memory(fault);
	result = add_header(registry, &image, fault);
	for (uint32_t i = 0; result == 0 && i < image_row_count(&image); i++)
		result = add_row(registry, &image, i, fault);
	for (uint32_t i = 0; result == 0 && i < image_person_count(&image); i++) {
		struct person person;

		image_person(&image, i, &person);
		result = registry_add_person(registry, &person, fault);
	}
	if (result < 0)
		return result;
	*ret_registry = take(registry);
	return 0;
}
