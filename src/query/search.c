/*
 * Text search. Distinct texts (cells) are searched, not rows: the image lists the cells that have
 * each three letters in a row, these are folded and looked through, and each cell that has the text
 * gives its rows. Fewer than three letters look through all.
 */
#include "base/utf8.h"
#include "query/query.h"
#include "query/uses.h"

struct search {
	const struct image *image;
	struct slice needle; /* folded, not empty */
	unsigned columns;
	bool any_column; /* the columns are all that the cells can be in: no need to ask */
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

static void add_uses(const struct search *search, uint32_t cell)
{
	struct uses uses = uses_of(search->image, cell);
	uint32_t row;

	while (uses_next(&uses, &row)) {
		if (search->any_column || shows(search, row, cell + 1))
			rowset_add(search->set, row);
	}
}

/* The folded text's spare bytes are set here. */
static size_t find_folded(const struct search *search, struct slice text, char *folded)
{
	utf8_fold(text, folded);
	memset(folded + text.n, 0, SPARE);
	return find(folded, text.n, search->needle);
}

static void search_cell(const struct search *search, uint32_t cell, char *folded)
{
	struct slice text = image_cell(search->image, cell);

	if (text.n <= ROW_TEXT_MAX && find_folded(search, text, folded) < text.n)
		add_uses(search, cell);
}

/* Where a cell's text begins; past all text where there is no such cell. */
static uint32_t cell_start(const struct search *search, uint32_t cell)
{
	const unsigned char *record = image_record(search->image, IMAGE_CELLS, cell);

	return record ? image_u32(record) : UINT32_MAX;
}

/*
 * Looks through cells from first to before end, as many as fit folded as one text, with the NULs
 * between: the needle has none and so never matches across cells. Returns the cell to go on with.
 */
static uint32_t search_run(const struct search *search, uint32_t first, uint32_t end, char *folded)
{
	const struct image_section *section = &search->image->sections[IMAGE_TEXT];
	uint32_t start = cell_start(search, first), to = start, last = first, cell = first;
	size_t at;

	for (; last < end; last++) {
		uint32_t next = cell_start(search, last + 1);

		if (next <= to || next > section->count || next - start > ROW_TEXT_MAX + 1)
			break;
		to = next;
	}
	if (last == first)
		return first + 1;
	at = find_folded(search, (struct slice){(const char *)section->p + start, to - start},
			 folded);
	while (at < to - start) {
		while (cell_start(search, cell + 1) - start <= at)
			cell++;
		add_uses(search, cell++);
		at = cell_start(search, cell) - start;
		at += find(folded + at, to - start - at, search->needle);
	}
	return last;
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

/* A gram's list of cells: empty where no text has it. */
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

/* Cells from first to before end that both lists have. */
static void search_grams(const struct search *search, uint32_t first, uint32_t end, char *folded)
{
	struct uses lists[2] = {};
	uint32_t cell, other = 0;
	bool more;

	choose_lists(search, lists);
	more = uses_next(&lists[1], &other);
	while (more && uses_next(&lists[0], &cell)) {
		while (more && other < cell)
			more = uses_next(&lists[1], &other);
		if (!more || other != cell || cell < first || cell >= end)
			continue;
		if (search->needle.n == 3)
			add_uses(search, cell);
		else
			search_cell(search, cell, folded);
	}
}

static void search_cells(const struct search *search, uint32_t first, uint32_t end)
{
	char folded[ROW_TEXT_MAX + 1 + SPARE];

	if (search->needle.n >= 3)
		search_grams(search, first, end, folded);
	else
		while (first < end)
			first = search_run(search, first, end, folded);
}

void query_search(const struct image *image, struct slice text, unsigned columns,
		  struct rowset *set)
{
	unsigned dates = QUERY_COLUMN(COLUMN_REGISTERED) | QUERY_COLUMN(COLUMN_MODIFIED);
	uint32_t searched = image_u32(image_record(image, IMAGE_COUNTS, 0));
	uint32_t dated = image_u32(image_record(image, IMAGE_COUNTS, 1));
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
		search_cells(&search, 0, searched);
	}
	if (columns & dates) {
		search.any_column = (columns & dates) == dates;
		search_cells(&search, searched, searched + dated);
	}
}
