/*
 * The rows of a plain text table. Nothing parts them (text_table.h), so that all ways are weighed
 * in which the lines divide into rows: a row's cells must stand in its middle, and it has one
 * line with its key. Of those ways the one is taken that needs the fewest line breaks of the page
 * inside of cells; of several, the one with the fewest high rows, where a row that repeats the one
 * above (as for another transport) speaks for itself. docs/SOURCES.md says how well that does.
 *
 * This is a shortest path over the lines: from each line that a row can begin at, the two heights
 * that put its next key into the middle lead on. Every line is looked at a bounded number of times.
 */
#include "source/text_table.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "registry/registry.h"

/* Weights, in this order of importance: breaks, then the sum of the rows' squared heights. */
static const int64_t weight_break = 1 << 20, weight_height = 4, weight_repeated = -8;
static const int64_t unreached = INT64_MAX;

struct text_line {
	uint64_t hash;	 /* of its cells but the varying ones */
	int64_t cost;	 /* of the best way that a row begins here */
	uint32_t at;	 /* offset in the document */
	uint32_t breaks; /* ends of lines above that must be the page's breaks, in any column */
	uint16_t filled; /* a bit for each column */
	uint8_t above;	 /* height of the row above in the best way */
	bool repeats;	 /* ... and the row above that is the same again */
	uint8_t height;	 /* of the row that begins here; 0: none does */
	bool apart;	 /* from the line above: never in one row with it */
	bool one_word;	 /* in the leftmost column of those that stand for a key */
};

/* Whether the first word of the lower cell would have fitted behind the upper one. */
static bool ends_early(const struct text_cell *upper, const struct text_cell *lower, size_t width)
{
	size_t blank = slice_find_byte(lower->text, ' ');
	struct slice word = {lower->text.p, blank == (size_t)-1 ? lower->text.n : blank};

	return upper->end + 1 + utf8_text_width(word) <= width;
}

/* FNV-1a. */
static uint64_t hash_text(uint64_t hash, struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		hash = (hash ^ (unsigned char)text.p[i]) * 0x100000001b3;
	return (hash ^ '\n') * 0x100000001b3;
}

static void examine(const struct text_rows *rows, const struct text_cell *above,
		    const struct text_cell *cells, struct text_line *line)
{
	const struct text_form *form = rows->form;

	line->hash = 0xcbf29ce484222325;
	for (unsigned k = 0; k < form->columns; k++) {
		const struct text_cell *cell = &cells[k];

		if (!((form->varying >> k) & 1))
			line->hash = hash_text(line->hash, cell->text);
		if (cell->text.n == 0)
			continue;
		line->filled |= (uint16_t)(1 << k);
		if (above[k].text.n == 0 || !ends_early(&above[k], cell, rows->columns[k].width))
			continue;
		line->breaks++;
		if ((form->unbroken >> k) & 1)
			line->apart = true;
	}
	if (line->filled & form->keyless) {
		const struct text_cell *cell = &cells[__builtin_ctz(form->keyless)];

		line->one_word = cell->text.n > 0 && slice_find_byte(cell->text, ' ') == (size_t)-1;
	}
}

static size_t count_lines(struct slice text)
{
	struct slice line;
	size_t count = 0;

	while (text_next_line(&text, &line))
		count++;
	return count;
}

/* body: the table behind its titles, without empty lines at its ends. */
static int load_lines(struct text_rows *rows, struct slice body, struct fault *fault)
{
	struct text_cell cells[2][TEXT_COLUMNS_MAX] = {};
	uint32_t breaks = 0;
	struct slice line;

	rows->count = count_lines(body);
	if (rows->count > TEXT_LINES_MAX)
		return fault_at(fault, FAULT_LIMIT, rows->document.p, rows->document.n,
				(size_t)(body.p - rows->document.p),
				"a table of %s of more than the limit of %d lines",
				rows->form->name, TEXT_LINES_MAX);
	rows->lines = calloc(rows->count + 1, sizeof(*rows->lines));
	if (!rows->lines)
		return fault_memory(fault);
	for (size_t i = 0; text_next_line(&body, &line); i++) {
		struct text_line *at = &rows->lines[i];

		at->at = (uint32_t)(line.p - rows->document.p);
		at->breaks = breaks;
		text_cut_line(rows->columns, rows->form->columns, line, cells[i % 2]);
		examine(rows, cells[(i + 1) % 2], cells[i % 2], at);
		breaks = at->breaks;
	}
	return 0;
}

/*
 * What the lines cost as a row, or -1: they are none, because cells do not stand in the middle,
 * wrap where they never do, or what tells a row is not there. keys: lines that hold its key.
 */
static int64_t cost_of(const struct text_form *form, const struct text_line *lines, size_t height,
		       unsigned keys)
{
	size_t first[TEXT_COLUMNS_MAX], last[TEXT_COLUMNS_MAX], count[TEXT_COLUMNS_MAX] = {};
	uint16_t seen = 0;
	int64_t breaks;

	if (!(lines[0].filled & lines[height - 1].filled))
		return -1;
	for (size_t i = 0; i < height; i++) {
		if ((lines[i].filled & seen & form->single) || (i > 0 && lines[i].apart))
			return -1;
		seen |= lines[i].filled;
		for (unsigned bits = lines[i].filled; bits; bits &= bits - 1) {
			int k = __builtin_ctz(bits);

			if (count[k]++ == 0)
				first[k] = i;
			last[k] = i;
		}
	}
	if (count[form->key] != keys)
		return -1;
	if (keys == 0 &&
	    ((seen & form->keyless) != form->keyless || count[__builtin_ctz(form->keyless)] != 1))
		return -1;
	breaks = lines[height - 1].breaks - lines[0].breaks;
	for (unsigned k = 0; k < form->columns; k++) {
		if (count[k] == 0)
			continue;
		if (first[k] != (height - (last[k] - first[k] + 1)) / 2)
			return -1;
		breaks += (int64_t)(last[k] - first[k] + 1 - count[k]);
	}
	return breaks * weight_break + weight_height * (int64_t)(height * height);
}

static void reach(struct text_line *line, int64_t cost, size_t above, bool repeats)
{
	if (cost >= line->cost)
		return;
	line->cost = cost;
	line->above = (uint8_t)above;
	line->repeats = repeats;
}

static bool is_repeated(const struct text_line *lines, size_t height)
{
	for (size_t i = 0; i < height; i++) {
		if (lines[i].hash != lines[height + i].hash)
			return false;
	}
	return true;
}

/* Goes on from the line at by rows whose middle the line middle is. */
static void go_on(struct text_rows *rows, size_t at, size_t middle, unsigned keys)
{
	struct text_line *lines = &rows->lines[at];
	size_t left = rows->count - at, height = 2 * (middle - at) + 1;

	for (unsigned i = 0; i < 2; i++, height++) {
		int64_t cost;

		if (height > TEXT_HEIGHT_MAX || height > left)
			return;
		cost = cost_of(rows->form, lines, height, keys);
		if (cost < 0)
			continue;
		cost += lines->cost;
		reach(&lines[height], cost, height, false);
		if (2 * height <= left && is_repeated(lines, height))
			reach(&lines[2 * height], cost + weight_repeated, height, true);
	}
}

static void find_ways(struct text_rows *rows)
{
	const struct text_form *form = rows->form;
	struct text_line *lines = rows->lines;
	size_t key = 0, word = 0;

	for (size_t i = 1; i <= rows->count; i++)
		lines[i].cost = unreached;
	for (size_t at = 0; at < rows->count; at++) {
		if (lines[at].cost == unreached)
			continue;
		key = key < at ? at : key;
		while (key < rows->count && !((lines[key].filled >> form->key) & 1))
			key++;
		word = word < at ? at : word;
		while (word < rows->count && !lines[word].one_word)
			word++;
		if (key < rows->count)
			go_on(rows, at, key, 1);
		if (word < key)
			go_on(rows, at, word, 0);
	}
}

static int divide(struct text_rows *rows, struct fault *fault)
{
	struct text_line *lines = rows->lines;
	size_t at = rows->count;

	find_ways(rows);
	while (lines[at].cost == unreached)
		at--;
	if (at < rows->count)
		return fault_at(fault, FAULT_MALFORMED, rows->document.p, rows->document.n,
				lines[at].at,
				"the lines from here on are no rows of the table of %s: their "
				"cells do not stand in the middle of their row",
				rows->form->name);
	while (at > 0) {
		uint8_t height = lines[at].above;

		if (lines[at].repeats) {
			at -= height;
			lines[at].height = height;
		}
		/* Where the row repeats one, the line between need not be on the way itself. */
		at -= height;
		lines[at].height = height;
	}
	return 0;
}

/* Without empty lines at both ends; blanks at the start of the first line stay. */
static struct slice trim_lines(struct slice text)
{
	struct slice rest = text, line;

	while (text_next_line(&rest, &line) && slice_trim(line).n == 0)
		text = rest;
	while (text.n > 0 && byte_is_blank(text.p[text.n - 1]))
		text.n--;
	return text;
}

int text_rows_open(struct text_rows *rows, const struct text_form *form, struct slice document,
		   struct slice table, struct fault *fault)
{
	struct slice body = table, line;
	int result;

	rows->form = form;
	rows->document = document;
	for (unsigned k = 0; k < form->columns; k++)
		rows->scratch[k].max = REGISTRY_CELL_MAX + TEXT_LINE_MAX + 1;
	result = text_find_columns(form, document, table, rows->columns, fault);
	if (result < 0)
		return result;
	for (unsigned i = text_title_lines(form, table); i > 0; i--) {
		if (!text_next_line(&body, &line))
			break;
	}
	result = load_lines(rows, trim_lines(body), fault);
	return result < 0 ? result : divide(rows, fault);
}

void text_rows_done(struct text_rows *rows)
{
	for (unsigned k = 0; k < TEXT_COLUMNS_MAX; k++)
		strbuf_done(&rows->scratch[k]);
	free(rows->lines);
	rows->lines = NULL;
}

/* A column's lines joined: by two line feeds, however many empty lines are between. */
static struct slice join(struct text_rows *rows, size_t height, unsigned k)
{
	struct strbuf *scratch = &rows->scratch[k];
	const struct text_cell *above = NULL;
	size_t above_at = 0;

	scratch->n = 0;
	for (size_t i = 0; i < height && scratch->n <= REGISTRY_CELL_MAX; i++) {
		const struct text_cell *cell = &rows->cells[i][k];

		if (cell->text.n == 0)
			continue;
		if (above && i > above_at + 1)
			strbuf_add(scratch, SLICE("\n\n"));
		else if (above)
			strbuf_add_byte(scratch, ends_early(above, cell, rows->columns[k].width)
							 ? '\n'
							 : ' ');
		strbuf_add(scratch, cell->text);
		above = cell;
		above_at = i;
	}
	return above ? strbuf_slice(scratch) : SLICE_NONE;
}

/* The offset of the row: of its key, or of its first cell. */
static size_t place_of(const struct text_rows *rows, size_t height)
{
	const char *at = NULL;

	for (size_t i = 0; i < height; i++) {
		const struct text_cell *cells = rows->cells[i];

		if (cells[rows->form->key].text.n > 0)
			return (size_t)(cells[rows->form->key].text.p - rows->document.p);
		for (unsigned k = 0; k < rows->form->columns && !at; k++)
			at = cells[k].text.p;
	}
	return (size_t)(at - rows->document.p);
}

int text_rows_next(struct text_rows *rows, struct slice ret_cells[static TEXT_COLUMNS_MAX],
		   size_t *ret_at, struct fault *fault)
{
	const struct text_form *form = rows->form;
	struct slice rest, line;
	size_t height;

	if (rows->next == rows->count)
		return 1;
	height = rows->lines[rows->next].height;
	rest = slice_skip(rows->document, rows->lines[rows->next].at);
	for (size_t i = 0; i < height && text_next_line(&rest, &line); i++)
		text_cut_line(rows->columns, form->columns, line, rows->cells[i]);
	for (unsigned k = 0; k < form->columns; k++) {
		ret_cells[k] = join(rows, height, k);
		if (rows->scratch[k].failed)
			return fault_memory(fault);
	}
	*ret_at = place_of(rows, height);
	rows->next += height;
	return 0;
}
