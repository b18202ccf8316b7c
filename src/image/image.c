#include "image/image.h"

#include "base/hash.h"

const unsigned char image_record_size[IMAGE_SECTION_COUNT] = {
	[IMAGE_FACTS] = 8,	[IMAGE_ROWS] = 8,    [IMAGE_COLUMNS] = 3,      [IMAGE_EXTRAS] = 7,
	[IMAGE_ORDERS] = 3,	[IMAGE_PEOPLE] = 15, [IMAGE_PEOPLE_BY_ID] = 3, [IMAGE_CELLS] = 4,
	[IMAGE_TEXT] = 1,	[IMAGE_RICH] = 6,    [IMAGE_PORT_PAGES] = 2,   [IMAGE_PORTS] = 3,
	[IMAGE_PORT_LISTS] = 3, [IMAGE_NAMES] = 23,  [IMAGE_NAME_SLOTS] = 4,   [IMAGE_USES] = 1,
	[IMAGE_USES_FROM] = 3,	[IMAGE_GRAMS] = 8,   [IMAGE_POSTINGS] = 1,     [IMAGE_LETTERS] = 1,
	[IMAGE_COUNTS] = 4,
};

struct slice image_magic(void)
{
	return SLICE(IMAGE_MAGIC);
}

uint64_t image_checksum(struct slice bytes)
{
	struct slice before = {bytes.p, IMAGE_CHECKSUM_AT};

	return hash_bytes(before) ^ hash_bytes(slice_skip(bytes, IMAGE_HEADER_SIZE));
}

static int open_section(struct image *image, enum image_section_kind kind, struct fault *fault)
{
	const unsigned char *entry = (const unsigned char *)image->bytes.p + IMAGE_HEADER_SIZE +
				     (size_t)kind * IMAGE_ENTRY_SIZE;
	uint32_t offset = image_u32(entry), size = image_u32(entry + 4),
		 count = image_u32(entry + 8);

	/* Sections of single bytes are addressed byte by byte. */
	if (size < image_record_size[kind] ||
	    (image_record_size[kind] == 1 && kind != IMAGE_LETTERS && size != 1) ||
	    offset > image->bytes.n || (uint64_t)size * count > image->bytes.n - offset)
		return fault_set(fault, FAULT_MALFORMED,
				 "corrupt image: section %u lies outside of it", kind);
	image->sections[kind] =
		(struct image_section){(const unsigned char *)image->bytes.p + offset, count, size};
	return 0;
}

static int check_header(struct slice bytes, struct fault *fault)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	uint32_t version, sections;
	uint64_t size;

	if (!slice_starts(bytes, image_magic()))
		return fault_set(fault, FAULT_UNKNOWN, "not an image");
	if (bytes.n < IMAGE_HEADER_SIZE)
		return fault_set(fault, FAULT_MALFORMED, "truncated image: %zu bytes", bytes.n);
	version = image_u32(p + 8);
	sections = image_u32(p + 12);
	size = image_u64(p + 16);
	if (version != IMAGE_VERSION)
		return fault_set(fault, FAULT_UNKNOWN,
				 "an image of format version %u; this program reads version %d",
				 version, IMAGE_VERSION);
	if (size != bytes.n)
		return fault_set(fault, FAULT_MALFORMED,
				 "%s image: %zu bytes where its header says %llu",
				 bytes.n < size ? "truncated" : "corrupt", bytes.n,
				 (unsigned long long)size);
	if (sections < IMAGE_SECTION_COUNT ||
	    sections > (bytes.n - IMAGE_HEADER_SIZE) / IMAGE_ENTRY_SIZE)
		return fault_set(fault, FAULT_MALFORMED, "corrupt image: %u sections", sections);
	return 0;
}

int image_open(struct image *ret_image, struct slice bytes, struct fault *fault)
{
	struct image image = {.bytes = bytes};
	const unsigned char *counts;
	uint32_t slots;
	int result = check_header(bytes, fault);

	for (unsigned i = 0; result == 0 && i < IMAGE_SECTION_COUNT; i++)
		result = open_section(&image, (enum image_section_kind)i, fault);
	if (result < 0)
		return result;
	slots = image.sections[IMAGE_NAME_SLOTS].count;
	counts = image_record(&image, IMAGE_COUNTS, 0);
	if (image.sections[IMAGE_PORT_PAGES].count != TRANSPORT_COUNT * (PORT_COUNT / IMAGE_PAGE) ||
	    slots == 0 || (slots & (slots - 1)) != 0 ||
	    image.sections[IMAGE_ROWS].count >= IMAGE_LIST ||
	    image.sections[IMAGE_COLUMNS].count !=
		    image.sections[IMAGE_ROWS].count * (uint32_t)IMAGE_FULL_COLUMNS ||
	    image.sections[IMAGE_COUNTS].count < 2 ||
	    (uint64_t)image_u32(counts) + image_u32(image_record(&image, IMAGE_COUNTS, 1)) >
		    image.sections[IMAGE_CELLS].count)
		return fault_set(fault, FAULT_MALFORMED,
				 "corrupt image: a section's size is wrong");
	*ret_image = image;
	return 0;
}

int image_verify(const struct image *image, struct fault *fault)
{
	uint64_t stated = image_u64((const unsigned char *)image->bytes.p + IMAGE_CHECKSUM_AT);

	if (stated != image_checksum(image->bytes))
		return fault_set(fault, FAULT_MALFORMED, "corrupt image: its checksum is wrong");
	return 0;
}

static void find_rich(const struct image *image, const unsigned char *text, struct slice *ret_rich)
{
	uint32_t cell = image_u24(text) - 1;
	uint32_t from = 0, to = image->sections[IMAGE_RICH].count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		const unsigned char *record = image_record(image, IMAGE_RICH, middle);
		uint32_t at = image_u24(record);

		if (at == cell) {
			*ret_rich = image_cell(image, image_u24(record + 3));
			return;
		}
		if (at < cell)
			from = middle + 1;
		else
			to = middle;
	}
}

/* What extras are ascending by. */
static uint64_t extra_key(const unsigned char *extra)
{
	return (uint64_t)image_u24(extra) << 8 | extra[3];
}

/* The first of the extras that are not before a column of a row. */
static uint32_t find_extra(const struct image *image, uint32_t number, unsigned column)
{
	uint64_t key = (uint64_t)number << 8 | column;
	uint32_t from = 0, to = image->sections[IMAGE_EXTRAS].count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (extra_key(image_record(image, IMAGE_EXTRAS, middle)) < key)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* What the extra of that index says of a column of a row; NULL: it is of another, or none. */
static const unsigned char *extra_text(const struct image *image, uint32_t index, uint32_t number,
				       unsigned column)
{
	const unsigned char *extra = image_record(image, IMAGE_EXTRAS, index);

	return extra && extra_key(extra) == ((uint64_t)number << 8 | column) ? extra + 4 : NULL;
}

const unsigned char *image_row_extra(const struct image *image, uint32_t number, enum column column)
{
	return extra_text(image, find_extra(image, number, column), number, column);
}

void image_row(const struct image *image, uint32_t number, struct row *ret_row)
{
	const unsigned char *order;
	struct image_row_head head;
	uint32_t extra;

	*ret_row = (struct row){.first_port = -1, .last_port = -1, .transport = TRANSPORT_NONE};
	if (!image_row_head(image, number, &head))
		return;
	extra = find_extra(image, number, IMAGE_FULL_COLUMNS);
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		const unsigned char *text =
			i < IMAGE_FULL_COLUMNS ? image_row_column(image, number, (enum column)i)
					       : extra_text(image, extra, number, i);

		if (text)
			ret_row->shown[i] = image_text(image, text);
		if (text && i >= IMAGE_FULL_COLUMNS)
			extra++;
		if (ret_row->shown[i].p)
			find_rich(image, text, &ret_row->rich[i]);
	}
	ret_row->transport = head.transport;
	ret_row->state = head.state;
	ret_row->assignee_given = head.assignee_given;
	if (!head.portless) {
		ret_row->first_port = head.first_port;
		ret_row->last_port = head.last_port;
	}
	order = image_record(image, IMAGE_ORDERS, head.order - 1u);
	if (order)
		ret_row->order = image_text(image, order);
}

void image_person(const struct image *image, uint32_t number, struct person *ret_person)
{
	const unsigned char *record = image_record(image, IMAGE_PEOPLE, number);

	*ret_person = (struct person){};
	if (!record)
		return;
	ret_person->id = image_text(image, record);
	ret_person->name = image_text(image, record + 3);
	ret_person->organization = image_text(image, record + 6);
	ret_person->uri = image_text(image, record + 9);
	ret_person->updated = image_text(image, record + 12);
}

bool image_fact(const struct image *image, enum image_fact fact, uint32_t index,
		struct slice *ret_title, struct slice *ret_text)
{
	const unsigned char *record;

	for (uint32_t i = 0; (record = image_record(image, IMAGE_FACTS, i)); i++) {
		if (record[0] != fact || index-- > 0)
			continue;
		*ret_title = image_text(image, record + 2);
		*ret_text = image_text(image, record + 5);
		return true;
	}
	return false;
}
