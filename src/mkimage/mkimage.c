#include "mkimage/mkimage.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/pages.h"
#include "base/utf8.h"
#include "image/image.h"
#include "mkimage/build.h"

/* Cell numbers take 24 bits, and the second half of them means a list in places. */
enum { CELLS_MAX = 1 << 23 };

void build_varint(struct strbuf *section, uint32_t value)
{
	for (; value >= 0x80; value >>= 7)
		build_u8(section, value | 0x80);
	build_u8(section, value);
}

static void build_done(struct build *build)
{
	cells_done(&build->searched);
	cells_done(&build->dates);
	cells_done(&build->others);
	cells_done(&build->orders);
	free(build->rows);
	free(build->row_cells);
	free(build->row_orders);
	for (unsigned i = 0; i < IMAGE_SECTION_COUNT; i++)
		strbuf_done(&build->sections[i]);
}

uint32_t build_row_text(const struct build *build, size_t row, enum column column)
{
	uint32_t text = build->row_cells[row * COLUMN_COUNT + column];

	return text && build_is_date(column) ? text + build_dates_from(build) : text;
}

/* A row's rich text where it must be kept because its shown text does not tell it. */
static int rich_to_keep(const struct row *row, enum column column, struct strbuf *scratch,
			struct slice *ret_rich)
{
	struct slice rich = row->rich[column];

	*ret_rich = SLICE_NONE;
	if (!rich.p)
		return 0;
	if (rich_is_plain(rich) && slice_find_byte(rich, '[') == (size_t)-1)
		return 0;
	scratch->n = 0;
	rich_read(row->shown[column], column_reading(column), scratch);
	if (scratch->failed)
		return FAULT_MEMORY;
	if (!slice_eq(strbuf_slice(scratch), rich))
		*ret_rich = rich;
	return 0;
}

static bool same_text(const struct row *a, const struct row *b, enum column column)
{
	return a->shown[column].p && !a->rich[column].p == !b->rich[column].p &&
	       slice_eq(a->shown[column], b->shown[column]) &&
	       slice_eq(a->rich[column], b->rich[column]);
}

/* cells: the row's, behind those of the row before. */
static int add_row_cell(struct build *build, const struct row *row, const struct row *before,
			enum column column, uint32_t *cells, struct strbuf *scratch)
{
	struct slice rich;
	uint32_t cell;

	if (!row->shown[column].p)
		return 0;
	/* Columns repeat from row to row, which comparing tells sooner than hashing. */
	if (same_text(before, row, column)) {
		cells[column] = cells[(int)column - COLUMN_COUNT];
		return 0;
	}
	if (column == COLUMN_CONTACT && !row->assignee_given) {
		cells[column] = cells[COLUMN_ASSIGNEE];
		return 0;
	}
	if (rich_to_keep(row, column, scratch, &rich) < 0 ||
	    cells_add(build_is_date(column) ? &build->dates : &build->searched, row->shown[column],
		      rich, &cell) < 0)
		return FAULT_MEMORY;
	cells[column] = cell + 1;
	return 0;
}

static int add_row_order(struct build *build, const struct row *row, uint32_t *ret_order)
{
	uint32_t number;

	if (!row->order.p)
		return 0;
	if (cells_add(&build->orders, row->order, SLICE_NONE, &number) < 0)
		return FAULT_MEMORY;
	*ret_order = number + 1;
	return 0;
}

static int add_rows(struct build *build, struct fault *fault)
{
	size_t rows = build->registry->row_count;
	struct strbuf scratch CLEANUP(strbuf_done) = {};
	struct row both[2] = {};

	build->rows = calloc(rows + 1, sizeof(*build->rows));
	build->row_cells = calloc(rows * COLUMN_COUNT + 1, sizeof(*build->row_cells));
	build->row_orders = calloc(rows + 1, sizeof(*build->row_orders));
	if (!build->rows || !build->row_cells || !build->row_orders)
		return fault_memory(fault);
	pages_expect(build->row_cells, rows * COLUMN_COUNT * sizeof(*build->row_cells));
	/* Nearly two texts a row, as they come in pairs for TCP and UDP. */
	build->searched.expected = 2 * (uint32_t)rows;
	for (size_t i = 0; i < rows; i++) {
		struct row *row = &both[i % 2];

		*row = registry_row(build->registry, i);
		build->rows[i] = (struct build_row){row->first_port, row->last_port, row->transport,
						    row->state, row->assignee_given};
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			if (add_row_cell(build, row, &both[(i + 1) % 2], (enum column)column,
					 build->row_cells + i * COLUMN_COUNT, &scratch) < 0)
				return fault_memory(fault);
		}
		if (add_row_order(build, row, &build->row_orders[i]) < 0)
			return fault_memory(fault);
	}
	return 0;
}

/* A text of the format for other than a row's column. Cells are numbered once rows are in. */
static int other_text(struct build *build, struct slice text, uint32_t *ret_text)
{
	uint32_t cell;

	*ret_text = 0;
	if (!text.p)
		return 0;
	if (cells_add(&build->others, text, SLICE_NONE, &cell) < 0)
		return FAULT_MEMORY;
	*ret_text = build_others_from(build) + cell + 1;
	return 0;
}

static int add_text(struct build *build, enum image_section_kind kind, struct slice text)
{
	uint32_t number;

	if (other_text(build, text, &number) < 0)
		return FAULT_MEMORY;
	build_u24(&build->sections[kind], number);
	return 0;
}

static int add_orders(struct build *build, struct fault *fault)
{
	if (build->orders.count >= UINT16_MAX)
		return fault_set(fault, FAULT_LIMIT,
				 "records in more than the limit of %d orders of elements",
				 UINT16_MAX - 1);
	for (uint32_t i = 0; i < build->orders.count; i++) {
		if (add_text(build, IMAGE_ORDERS, build->orders.p[i].text) < 0)
			return fault_memory(fault);
	}
	return 0;
}

static int add_rich(struct build *build, const struct cells *cells, uint32_t from)
{
	for (uint32_t i = 0; i < cells->count; i++) {
		uint32_t text;

		if (!cells->p[i].rich.p)
			continue;
		if (other_text(build, cells->p[i].rich, &text) < 0)
			return FAULT_MEMORY;
		build_u24(&build->sections[IMAGE_RICH], from + i);
		build_u24(&build->sections[IMAGE_RICH], text - 1);
	}
	return 0;
}

static int add_fact(struct build *build, enum image_fact fact, struct slice title,
		    struct slice text)
{
	if (!text.p)
		return 0;
	build_u8(&build->sections[IMAGE_FACTS], fact);
	build_u8(&build->sections[IMAGE_FACTS], 0);
	if (add_text(build, IMAGE_FACTS, title) < 0)
		return FAULT_MEMORY;
	return add_text(build, IMAGE_FACTS, text);
}

static int add_facts(struct build *build, struct slice origin)
{
	const struct registry *registry = build->registry;
	const struct registry_header *header = &registry->header;
	const struct {
		enum image_fact fact;
		struct slice text;
	} facts[] = {
		{IMAGE_FACT_PROLOG, header->prolog},   {IMAGE_FACT_ID, header->id},
		{IMAGE_FACT_TITLE, header->title},     {IMAGE_FACT_CATEGORY, header->category},
		{IMAGE_FACT_UPDATED, header->updated}, {IMAGE_FACT_REFERENCES, header->references},
		{IMAGE_FACT_EXPERT, header->expert},   {IMAGE_FACT_ORIGIN, origin},
	};

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		if (add_fact(build, facts[i].fact, SLICE_NONE, facts[i].text) < 0)
			return FAULT_MEMORY;
	}
	for (size_t i = 0; i < registry->note_count; i++) {
		if (add_fact(build, IMAGE_FACT_NOTE, registry->notes[i].title,
			     registry->notes[i].text) < 0)
			return FAULT_MEMORY;
	}
	for (size_t i = 0; i < registry->footnote_count; i++) {
		if (add_fact(build, IMAGE_FACT_FOOTNOTE, registry->footnotes[i].title,
			     registry->footnotes[i].text) < 0)
			return FAULT_MEMORY;
	}
	return 0;
}

struct person_key {
	struct slice folded;
	uint32_t number;
};

static int compare_people(const void *left, const void *right)
{
	const struct person_key *a = left, *b = right;
	int order = slice_compare(a->folded, b->folded);

	return order ? order : (a->number > b->number) - (a->number < b->number);
}

static int add_people(struct build *build)
{
	const struct registry *registry = build->registry;
	struct person_key *keys CLEANUP(build_freep) =
		malloc((registry->person_count + 1) * sizeof(*keys));
	struct arena arena CLEANUP(arena_done) = {};

	if (!keys)
		return FAULT_MEMORY;
	for (size_t i = 0; i < registry->person_count; i++) {
		const struct person *person = &registry->people[i];
		char *folded = arena_alloc(&arena, person->id.n + 1);

		if (!folded || add_text(build, IMAGE_PEOPLE, person->id) < 0 ||
		    add_text(build, IMAGE_PEOPLE, person->name) < 0 ||
		    add_text(build, IMAGE_PEOPLE, person->organization) < 0 ||
		    add_text(build, IMAGE_PEOPLE, person->uri) < 0 ||
		    add_text(build, IMAGE_PEOPLE, person->updated) < 0)
			return FAULT_MEMORY;
		utf8_fold(person->id, folded);
		keys[i] = (struct person_key){{folded, person->id.n}, (uint32_t)i};
	}
	qsort(keys, registry->person_count, sizeof(*keys), compare_people);
	for (size_t i = 0; i < registry->person_count; i++)
		build_u24(&build->sections[IMAGE_PEOPLE_BY_ID], keys[i].number);
	return 0;
}

static void write_extras(struct build *build)
{
	struct strbuf *section = &build->sections[IMAGE_EXTRAS];

	for (size_t i = 0; i < build->registry->row_count; i++) {
		for (unsigned column = IMAGE_FULL_COLUMNS; column < COLUMN_COUNT; column++) {
			uint32_t text = build_row_text(build, i, (enum column)column);

			if (text == 0)
				continue;
			build_u24(section, (uint32_t)i);
			build_u8(section, column);
			build_u24(section, text);
		}
	}
}

static void write_rows(struct build *build)
{
	struct strbuf *section = &build->sections[IMAGE_ROWS];

	for (size_t i = 0; i < build->registry->row_count; i++) {
		const struct build_row *row = &build->rows[i];
		bool portless = row->first_port < 0;

		build_u16(section, portless ? 0 : (uint32_t)row->first_port);
		build_u16(section, portless ? 0 : (uint32_t)row->last_port);
		build_u8(section, row->transport);
		build_u8(section, (portless ? IMAGE_FLAG_PORTLESS : 0u) |
					  (row->assignee_given ? IMAGE_FLAG_ASSIGNEE_GIVEN : 0u) |
					  (uint32_t)row->state << IMAGE_FLAG_STATE_SHIFT);
		build_u16(section, build->row_orders[i]);
	}
	for (unsigned column = 0; column < IMAGE_FULL_COLUMNS; column++) {
		for (size_t i = 0; i < build->registry->row_count; i++)
			build_u24(&build->sections[IMAGE_COLUMNS],
				  build_row_text(build, i, (enum column)column));
	}
	write_extras(build);
}

static void write_table(struct build *build, const struct cells *cells)
{
	struct strbuf *text = &build->sections[IMAGE_TEXT];

	for (uint32_t i = 0; i < cells->count; i++) {
		build_u32(&build->sections[IMAGE_CELLS], (uint32_t)text->n);
		strbuf_add(text, cells->p[i].text);
		strbuf_add_byte(text, '\0');
	}
}

static void write_cells(struct build *build)
{
	write_table(build, &build->searched);
	write_table(build, &build->dates);
	write_table(build, &build->others);
	build_u32(&build->sections[IMAGE_CELLS], (uint32_t)build->sections[IMAGE_TEXT].n);
}

static int assemble(struct build *build, struct strbuf *image, struct fault *fault)
{
	uint64_t size = IMAGE_HEADER_SIZE + IMAGE_SECTION_COUNT * IMAGE_ENTRY_SIZE;
	uint64_t checksum;
	bool failed = false;

	strbuf_add(image, image_magic());
	build_u32(image, IMAGE_VERSION);
	build_u32(image, IMAGE_SECTION_COUNT);
	for (unsigned i = 0; i < IMAGE_SECTION_COUNT; i++) {
		size += build->sections[i].n;
		failed |= build->sections[i].failed;
	}
	if (size > UINT32_MAX)
		return fault_set(fault, FAULT_LIMIT, "too large for an image");
	strbuf_reserve(image, size);
	build_u32(image, (uint32_t)size);
	build_u32(image, 0);
	build_u32(image, 0); /* the checksum's place */
	build_u32(image, 0);
	size = IMAGE_HEADER_SIZE + IMAGE_SECTION_COUNT * IMAGE_ENTRY_SIZE;
	for (unsigned i = 0; i < IMAGE_SECTION_COUNT; i++) {
		uint32_t record = i == IMAGE_LETTERS	 ? build->letter_size
				  : i == IMAGE_USES_FROM ? build->place_size
							 : image_record_size[i];

		build_u32(image, (uint32_t)size);
		build_u32(image, record);
		build_u32(image, (uint32_t)(build->sections[i].n / record));
		size += build->sections[i].n;
	}
	for (unsigned i = 0; i < IMAGE_SECTION_COUNT; i++)
		strbuf_add(image, strbuf_slice(&build->sections[i]));
	if (failed || image->failed)
		return fault_memory(fault);
	checksum = image_checksum(strbuf_slice(image));
	for (unsigned i = 0; i < 8; i++)
		image->p[IMAGE_CHECKSUM_AT + i] = (char)(checksum >> (8 * i));
	return 0;
}

/* What needs only the rows' cells is made beside all the others: about half of the work. */
struct text_index {
	struct build *build;
	struct fault *fault;
	int result;
};

/* Rows whose index takes less time than another thread. */
enum { BESIDE_MIN = 500 };

static void *build_text_index(void *context)
{
	struct text_index *index = context;

	index->result = build_grams(index->build, index->fault);
	if (index->result == 0)
		index->result = build_letters(index->build, index->fault);
	return NULL;
}

static int build_others(struct build *build, struct slice origin, struct fault *fault)
{
	int result = add_orders(build, fault);

	if (result == 0 && (add_rich(build, &build->searched, 0) < 0 ||
			    add_rich(build, &build->dates, build_dates_from(build)) < 0 ||
			    add_facts(build, origin) < 0 || add_people(build) < 0))
		result = fault_memory(fault);
	if (result == 0 && build_others_from(build) + build->others.count >= CELLS_MAX)
		result = fault_set(fault, FAULT_LIMIT, "more than the limit of %d distinct texts",
				   CELLS_MAX);
	if (result == 0)
		result = build_ports(build, fault);
	if (result == 0)
		result = build_uses(build, fault);
	if (result == 0)
		result = build_names(build, fault);
	if (result < 0)
		return result;
	write_rows(build);
	write_cells(build);
	return 0;
}

static int build_all(struct build *build, struct slice origin, struct strbuf *image,
		     struct fault *fault)
{
	struct fault index_fault = {};
	struct text_index index = {build, &index_fault, 0};
	pthread_t thread;
	bool beside;
	int result = add_rows(build, fault);

	if (result < 0)
		return result;
	beside = build->registry->row_count >= BESIDE_MIN &&
		 pthread_create(&thread, NULL, build_text_index, &index) == 0;
	result = build_others(build, origin, fault);
	if (beside)
		pthread_join(thread, NULL);
	else
		build_text_index(&index);
	if (result == 0 && index.result < 0) {
		result = index.result;
		if (fault)
			*fault = index_fault;
	}
	return result < 0 ? result : assemble(build, image, fault);
}

int mkimage(const struct registry *registry, struct slice origin, struct strbuf *image,
	    struct fault *fault)
{
	struct build build CLEANUP(build_done) = {.registry = registry};

	return build_all(&build, origin, image, fault);
}
