/*
 * Text search. Distinct texts (cells) are searched, not rows: the image lists the blocks of cells
 * that have each three letters in a row, the cells of such a block are folded and looked through,
 * and each cell that has the text gives its rows. Fewer than three letters look through all.
 */
#include "base/utf8.h"
#include "query/query.h"
#include "query/uses.h"

struct search {
	const struct image *image;
	struct slice needle; /* folded, not empty */
	unsigned columns;
	bool any_column; /* the columns are all that the block's cells can be in: no need to ask */
	struct rowset *set;
};

/* Bytes after a text that find() may look at, and that are zero. */
enum { SPARE = 16 };

typedef unsigned char vector __attribute__((vector_size(16)));
typedef uint64_t vector_words __attribute__((vector_size(16)));

/*
 * Offset of the needle in the folded text, or n. Sixteen places at a time are
 * compared with its first and its last byte. The text has SPARE zeroed bytes after its end.
 */
static size_t find(const char *text, size_t n, struct slice needle)
{
	unsigned char first_byte = (unsigned char)needle.p[0];
	unsigned char last_byte = (unsigned char)needle.p[needle.n - 1];
	vector first = first_byte - (vector){}, last = last_byte - (vector){};

	if (needle.n > n)
		return n;
	for (size_t at = 0; at <= n - needle.n; at += 16) {
		vector head, tail;
		vector_words hits;

		memcpy(&head, text + at, 16);
		memcpy(&tail, text + at + needle.n - 1, 16);
		hits = (vector_words)((head == first) & (tail == last));
		for (unsigned word = 0; word < 2; word++) {
			for (uint64_t bits = hits[word]; bits;) {
				unsigned byte = (unsigned)__builtin_ctzll(bits) / 8;
				size_t place = at + word * 8 + byte;

				if (place + needle.n <= n &&
				    memcmp(text + place, needle.p, needle.n) == 0)
					return place;
				bits &= ~(UINT64_C(0xff) << (byte * 8));
			}
		}
	}
	return n;
}

/* Whether one of the wanted columns of the row shows the text with that number. */
static bool shows(const struct search *search, uint32_t row, uint32_t text)
{
	for (unsigned column = 0; column < COLUMN_COUNT; column++) {
		const unsigned char *shown =
			image_row_column(search->image, row, (enum column)column);

		if (search->columns >> column & 1 && shown && image_u24(shown) == text)
			return true;
	}
	return false;
}

static void add_uses(const struct search *search, struct uses uses, uint32_t cell)
{
	uint32_t row;

	while (uses_next(&uses, &row)) {
		if (search->any_column || shows(search, row, cell + 1))
			rowset_add(search->set, row);
	}
}

/*
 * Where the text of a block's cells begins, and where the last one's ends, which is where the
 * next cell's begins. False where the image is corrupt there.
 */
static bool block_bounds(const struct image *image, uint32_t block,
			 uint32_t bounds[static IMAGE_BLOCK + 1])
{
	const struct image_section *text = &image->sections[IMAGE_TEXT];
	const unsigned char *last =
		image_record(image, IMAGE_CELLS, block * IMAGE_BLOCK + IMAGE_BLOCK);
	const unsigned char *record = image_record(image, IMAGE_CELLS, block * IMAGE_BLOCK);

	if (!last)
		return false;
	for (unsigned i = 0; i <= IMAGE_BLOCK; i++) {
		bounds[i] = image_u32(record);
		record += image->sections[IMAGE_CELLS].size;
		if (i > 0 &&
		    (bounds[i] <= bounds[i - 1] || bounds[i] - bounds[i - 1] > ROW_TEXT_MAX + 1))
			return false;
	}
	return bounds[IMAGE_BLOCK] <= text->count;
}

/*
 * Looks through the cells of one block. As many of them as fit are folded as one text, NULs
 * between; the needle has no NUL and so never matches across cells.
 */
static void search_cells(const struct search *search, uint32_t block, char *folded)
{
	const char *text = (const char *)search->image->sections[IMAGE_TEXT].p;
	const unsigned char *record = image_record(search->image, IMAGE_BLOCKS, block);
	uint32_t bounds[IMAGE_BLOCK + 1];
	struct uses uses;

	if (!record || !block_bounds(search->image, block, bounds))
		return;
	uses = uses_at(search->image, image_u32(record));
	for (uint32_t from = 0, to = IMAGE_BLOCK; from < IMAGE_BLOCK; from = to, to = IMAGE_BLOCK) {
		uint32_t start = bounds[from], at = 0, cell = from;
		size_t n;

		while (bounds[to] - start > ROW_TEXT_MAX + 1)
			to--;
		n = bounds[to] - start;
		utf8_fold((struct slice){text + start, n}, folded);
		memset(folded + n, 0, SPARE);
		while ((at += (uint32_t)find(folded + at, n - at, search->needle)) < n) {
			for (; bounds[cell + 1] - start <= at; cell++)
				uses = uses_after(search->image, &uses);
			add_uses(search, uses, block * IMAGE_BLOCK + cell);
			at = bounds[cell + 1] - start;
		}
		/* The uses of the cells before to were passed only as far as there were hits. */
		for (; to < IMAGE_BLOCK && cell < to; cell++)
			uses = uses_after(search->image, &uses);
	}
}

/* The rows of a needle of one byte stand in the image; false where it has none for this one. */
static bool search_byte(const struct search *search)
{
	uint32_t size = search->image->sections[IMAGE_LETTERS].size - 1;
	const unsigned char *record;

	if (size > (search->set->rows + 7) / 8)
		size = (search->set->rows + 7) / 8;
	for (uint32_t i = 0; (record = image_record(search->image, IMAGE_LETTERS, i)); i++) {
		if (record[0] != (unsigned char)search->needle.p[0])
			continue;
		for (uint32_t byte = 0; byte < size; byte++)
			rowset_add_eight(search->set, byte * 8, record[1 + byte]);
		return true;
	}
	return false;
}

/* A gram's list of blocks: empty where no text has it. */
static void find_gram(const struct image *image, const char *letters, const unsigned char **ret_p,
		      const unsigned char **ret_end)
{
	const struct image_section *postings = &image->sections[IMAGE_POSTINGS];
	const unsigned char *p = (const unsigned char *)letters;
	uint32_t gram = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
	uint32_t from = 0, to = image->sections[IMAGE_GRAMS].count;
	const unsigned char *record, *next;

	*ret_p = *ret_end = postings->p;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (image_u32(image_record(image, IMAGE_GRAMS, middle)) < gram)
			from = middle + 1;
		else
			to = middle;
	}
	record = image_record(image, IMAGE_GRAMS, from);
	next = image_record(image, IMAGE_GRAMS, from + 1);
	if (!record || !next || image_u32(record) != gram)
		return;
	from = image_u32(record + 4);
	to = image_u32(next + 4);
	if (from > to || to > postings->count)
		return;
	*ret_p = postings->p + from;
	*ret_end = postings->p + to;
}

/* The two shortest of the lists of the needle's grams; the second may be the first again. */
static void choose_lists(const struct search *search, struct uses lists[static 2])
{
	size_t lengths[2] = {SIZE_MAX, SIZE_MAX};

	for (size_t i = 0; i + 3 <= search->needle.n; i++) {
		struct uses list = {};
		size_t length;

		find_gram(search->image, search->needle.p + i, &list.p, &list.end);
		length = (size_t)(list.end - list.p);
		if (length < lengths[0]) {
			lists[1] = lists[0];
			lengths[1] = lengths[0];
			lists[0] = list;
			lengths[0] = length;
		} else if (length < lengths[1]) {
			lists[1] = list;
			lengths[1] = length;
		}
		if (length == 0)
			return;
	}
	if (lengths[1] == SIZE_MAX)
		lists[1] = lists[0];
}

/* Blocks from first to before end that both lists have. */
static void search_grams(const struct search *search, uint32_t first, uint32_t end, char *folded)
{
	struct uses lists[2] = {};
	uint32_t block, other = 0;
	bool more;

	choose_lists(search, lists);
	more = uses_next(&lists[1], &other);
	while (more && uses_next(&lists[0], &block)) {
		while (more && other < block)
			more = uses_next(&lists[1], &other);
		if (more && other == block && block >= first && block < end)
			search_cells(search, block, folded);
	}
}

static void search_blocks(const struct search *search, uint32_t first, uint32_t end)
{
	char folded[ROW_TEXT_MAX + 1 + SPARE];

	if (search->needle.n >= 3) {
		search_grams(search, first, end, folded);
		return;
	}
	for (uint32_t block = first; block < end; block++)
		search_cells(search, block, folded);
}

void query_search(const struct image *image, struct slice text, unsigned columns,
		  struct rowset *set)
{
	unsigned dates = QUERY_COLUMN(COLUMN_REGISTERED) | QUERY_COLUMN(COLUMN_MODIFIED);
	uint32_t searched = image_u32(image_record(image, IMAGE_COUNTS, 0)) / IMAGE_BLOCK;
	uint32_t dated = image_u32(image_record(image, IMAGE_COUNTS, 1)) / IMAGE_BLOCK;
	char needle[ROW_TEXT_MAX];
	struct search search = {image, {needle, text.n}, columns, false, set};

	/* No text is longer, and none has a NUL. */
	if (text.n > ROW_TEXT_MAX || slice_find_byte(text, '\0') != (size_t)-1)
		return;
	if (text.n == 0) {
		for (uint32_t row = 0; row < set->rows; row++)
			rowset_add(set, row);
		return;
	}
	utf8_fold(text, needle);
	if (text.n == 1 && columns == QUERY_SEARCHED && search_byte(&search))
		return;
	if (columns & QUERY_SEARCHED) {
		search.any_column = (columns & QUERY_SEARCHED) == QUERY_SEARCHED;
		search_blocks(&search, 0, searched);
	}
	if (columns & dates) {
		search.any_column = (columns & dates) == dates;
		search_blocks(&search, searched, searched + dated);
	}
}
