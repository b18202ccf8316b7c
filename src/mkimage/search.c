/*
 * What searches need: the rows that use each cell, and for each three letters in a row the cells
 * that have them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "base/utf8.h"
#include "mkimage/build.h"

/* Calls fn for each cell of each row, rows ascending; a row may have a cell in two columns. */
static void each_use(const struct build *build,
		     void (*fn)(void *context, uint32_t cell, uint32_t row), void *context)
{
	for (size_t row = 0; row < build->registry->row_count; row++) {
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			uint32_t text = build_row_text(build, row, (enum column)column);

			if (text)
				fn(context, text - 1, (uint32_t)row);
		}
	}
}

struct uses {
	uint32_t *from; /* of each cell: where its rows begin; one more for the end */
	uint32_t *rows;
};

static void count_use(void *context, uint32_t cell, uint32_t row)
{
	struct uses *uses = context;

	(void)row;
	uses->from[cell + 1]++;
}

/* While filling, from[cell] is where the cell's next row goes. */
static void fill_use(void *context, uint32_t cell, uint32_t row)
{
	struct uses *uses = context;

	uses->rows[uses->from[cell]++] = row;
}

static void write_list(struct strbuf *section, const uint32_t *rows, uint32_t count)
{
	uint32_t previous = UINT32_MAX;

	for (uint32_t i = 0; i < count; i++) {
		if (rows[i] != previous)
			build_varint(section, rows[i] - previous - 1);
		previous = rows[i];
	}
}

int build_uses(struct build *build, struct fault *fault)
{
	uint32_t cells = build_others_from(build);
	uint32_t *from CLEANUP(build_freep) = calloc(cells + 2, sizeof(*from));
	uint32_t *rows CLEANUP(build_freep) = NULL;
	struct strbuf *section = &build->sections[IMAGE_USES];
	struct uses uses = {from, NULL};
	struct strbuf *places = &build->sections[IMAGE_USES_FROM];
	uint32_t begin = 0;

	if (!from)
		return fault_memory(fault);
	each_use(build, count_use, &uses);
	for (uint32_t i = 0; i < cells; i++)
		from[i + 1] += from[i];
	rows = uses.rows = malloc((from[cells] + 1) * sizeof(*rows));
	if (!rows)
		return fault_memory(fault);
	each_use(build, fill_use, &uses);
	/* A row's distance takes at most three bytes, as there are never more than two million. */
	_Static_assert(REGISTRY_ROWS_MAX < 1 << 21, "three bytes of a varint");
	build->place_size = (uint64_t)from[cells] * 3 < 1 << 24 ? 3 : 4;
	/* Filling has moved from[cell] to the cell's end, which is where the next one begins. */
	for (uint32_t i = 0; i < cells; i++) {
		build_uint(places, (uint32_t)section->n, build->place_size);
		write_list(section, rows + begin, from[i] - begin);
		begin = from[i];
	}
	build_uint(places, (uint32_t)section->n, build->place_size);
	return 0;
}

struct gram_list {
	uint64_t *p; /* the gram, and below it in 32 bits the cell */
	size_t count, size;
};

static bool add_gram(struct gram_list *list, uint32_t gram, uint32_t cell)
{
	if (list->count == list->size) {
		size_t size = list->size ? list->size * 2 : 1 << 10;
		uint64_t *grown = realloc(list->p, size * sizeof(*grown));

		if (!grown)
			return false;
		pages_expect(grown + list->count, (size - list->count) * sizeof(*grown));
		list->p = grown;
		list->size = size;
	}
	list->p[list->count++] = (uint64_t)gram << 32 | cell;
	return true;
}

enum { GRAM_BITS = 1 << 24 };

/* The distinct grams of one cell; seen has a bit for each possible gram, all of them 0. */
static bool add_cell(struct gram_list *list, struct slice text, uint32_t cell, uint8_t *seen,
		     struct strbuf *folded)
{
	size_t begin = list->count;
	const unsigned char *p;

	folded->n = 0;
	if (text.n < 3)
		return true;
	p = (unsigned char *)strbuf_extend(folded, text.n);
	if (!p)
		return false;
	utf8_fold(text, folded->p);
	for (size_t i = 0; i + 2 < text.n; i++) {
		uint32_t gram = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];

		if (seen[gram / 8] >> (gram % 8) & 1)
			continue;
		seen[gram / 8] |= (uint8_t)(1 << (gram % 8));
		if (!add_gram(list, gram, cell))
			return false;
	}
	for (; begin < list->count; begin++) {
		uint32_t gram = (uint32_t)(list->p[begin] >> 32);

		seen[gram / 8] &= (uint8_t) ~(1 << (gram % 8));
	}
	return true;
}

static bool add_table(struct gram_list *list, const struct cells *cells, uint32_t first,
		      uint8_t *seen, struct strbuf *folded)
{
	for (uint32_t i = 0; i < cells->count; i++) {
		if (!add_cell(list, cells->p[i].text, first + i, seen, folded))
			return false;
	}
	return true;
}

/* By gram; a stable sort, twelve bits a pass, so that a gram's cells stay ascending. */
static bool sort_grams(struct gram_list *list)
{
	uint64_t *other = malloc((list->count + 1) * sizeof(*other));

	if (!other)
		return false;
	pages_expect(other, list->count * sizeof(*other));
	for (unsigned shift = 32; shift < 56; shift += 12) {
		size_t at[4096] = {}, sum = 0;

		for (size_t i = 0; i < list->count; i++)
			at[list->p[i] >> shift & 4095]++;
		for (unsigned i = 0; i < 4096; i++) {
			size_t n = at[i];

			at[i] = sum;
			sum += n;
		}
		for (size_t i = 0; i < list->count; i++)
			other[at[list->p[i] >> shift & 4095]++] = list->p[i];

		uint64_t *sorted = other;

		other = list->p;
		list->p = sorted;
	}
	free(other);
	return true;
}

static void write_grams(struct build *build, const struct gram_list *list)
{
	struct strbuf *grams = &build->sections[IMAGE_GRAMS];
	struct strbuf *postings = &build->sections[IMAGE_POSTINGS];
	uint32_t gram = UINT32_MAX, previous = UINT32_MAX;

	for (size_t i = 0; i < list->count; i++) {
		uint32_t cell = (uint32_t)list->p[i];

		if (list->p[i] >> 32 != gram) {
			gram = (uint32_t)(list->p[i] >> 32);
			build_u32(grams, gram);
			build_u32(grams, (uint32_t)postings->n);
			previous = UINT32_MAX;
		}
		build_varint(postings, cell - previous - 1);
		previous = cell;
	}
	build_u32(grams, UINT32_MAX);
	build_u32(grams, (uint32_t)postings->n);
}

int build_grams(struct build *build, struct fault *fault)
{
	uint8_t *seen CLEANUP(build_freep) = calloc(GRAM_BITS / 8, 1);
	struct strbuf folded CLEANUP(strbuf_done) = {};
	struct gram_list list = {};
	bool done = seen && add_table(&list, &build->searched, 0, seen, &folded) &&
		    add_table(&list, &build->dates, build_dates_from(build), seen, &folded);

	done = done && (list.count == 0 || sort_grams(&list));
	if (done)
		write_grams(build, &list);
	free(list.p);
	build_u32(&build->sections[IMAGE_COUNTS], build->searched.count);
	build_u32(&build->sections[IMAGE_COUNTS], build->dates.count);
	return done ? 0 : fault_memory(fault);
}

/* The ASCII bytes of folded text, a bit each. */
struct letters {
	uint64_t bits[2];
};

static struct letters letters_of(struct slice text)
{
	struct letters letters = {};

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)ascii_fold(text.p[i]);

		if (c < 128)
			letters.bits[c / 64] |= UINT64_C(1) << (c % 64);
	}
	return letters;
}

struct letter_rows {
	const struct letters *cells;
	struct letters *rows, all;
	uint32_t cell_count;
};

static void add_letters(void *context, uint32_t cell, uint32_t row)
{
	struct letter_rows *letters = context;

	/* Cells from there on are dates. */
	if (cell >= letters->cell_count)
		return;
	for (unsigned i = 0; i < 2; i++) {
		letters->rows[row].bits[i] |= letters->cells[cell].bits[i];
		letters->all.bits[i] |= letters->cells[cell].bits[i];
	}
}

/* Each letter's bit for each row, written where the letter's record has it. */
static void write_letters(const struct letters *rows, uint32_t count,
			  unsigned char *const bitmaps[static 128])
{
	for (uint32_t row = 0; row < count; row++) {
		for (unsigned i = 0; i < 2; i++) {
			for (uint64_t bits = rows[row].bits[i]; bits; bits &= bits - 1) {
				unsigned letter = i * 64 + (unsigned)__builtin_ctzll(bits);

				bitmaps[letter][row / 8] |= (unsigned char)(1 << (row % 8));
			}
		}
	}
}

int build_letters(struct build *build, struct fault *fault)
{
	uint32_t rows = (uint32_t)build->registry->row_count;
	struct letters *of_cells CLEANUP(build_freep) =
		calloc(build->searched.count + 1, sizeof(*of_cells));
	struct letters *of_rows CLEANUP(build_freep) = calloc(rows + 1, sizeof(*of_rows));
	struct letter_rows letters = {of_cells, of_rows, {}, build->searched.count};
	unsigned char *bitmaps[128] = {}, *place;
	uint32_t count;

	build->letter_size = 1 + (rows + 7) / 8;
	if (!of_cells || !of_rows)
		return fault_memory(fault);
	for (uint32_t i = 0; i < build->searched.count; i++)
		of_cells[i] = letters_of(build->searched.p[i].text);
	each_use(build, add_letters, &letters);
	count = (uint32_t)(__builtin_popcountll(letters.all.bits[0]) +
			   __builtin_popcountll(letters.all.bits[1]));
	place = (unsigned char *)strbuf_extend(&build->sections[IMAGE_LETTERS],
					       (size_t)count * build->letter_size);
	if (!place)
		return fault_memory(fault);
	memset(place, 0, (size_t)count * build->letter_size);
	for (unsigned c = 0; c < 128; c++) {
		if (!(letters.all.bits[c / 64] >> (c % 64) & 1))
			continue;
		place[0] = (unsigned char)c;
		bitmaps[c] = place + 1;
		place += build->letter_size;
	}
	write_letters(of_rows, rows, bitmaps);
	return 0;
}
