#include "render/text_table.h"

#include <limits.h>

#include "base/utf8.h"

/* What parts two words, weakest first. */
enum gap {
	GAP_NONE,
	GAP_BLANK,
	GAP_LINE,
	GAP_EMPTY_LINE,
};

static bool is_blank(char c)
{
	return byte_is_blank(c) || c == '\f';
}

static void widen(enum gap *gap, enum gap to)
{
	if (*gap < to)
		*gap = to;
}

/* start: where the flow began, which has no gap before it. */
static void add_words(struct strbuf *flow, size_t start, struct slice text, enum gap *gap)
{
	static const struct slice gaps[] = {{"", 0}, {" ", 1}, {"\n", 1}, {"\n\n", 2}};

	for (size_t i = 0; i < text.n; i++) {
		if (is_blank(text.p[i])) {
			widen(gap, GAP_BLANK);
			continue;
		}
		if (*gap != GAP_NONE && flow->n > start)
			strbuf_add(flow, gaps[*gap]);
		*gap = GAP_NONE;
		strbuf_add_byte(flow, text.p[i]);
	}
}

void text_flow(struct slice rich, struct strbuf *flow, struct strbuf *label)
{
	enum gap gap = GAP_NONE;
	size_t start = flow->n;
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		switch (run.kind) {
		case RICH_TEXT:
			add_words(flow, start, run.text, &gap);
			break;
		case RICH_REFERENCE:
			label->n = 0;
			strbuf_add_byte(label, '[');
			rich_add_label(label, &run);
			strbuf_add_byte(label, ']');
			add_words(flow, start, strbuf_slice(label), &gap);
			break;
		case RICH_BREAK:
		case RICH_BOUNDARY:
			widen(&gap, gap < GAP_LINE ? GAP_LINE : GAP_EMPTY_LINE);
			break;
		case RICH_PARAGRAPH:
		case RICH_PARAGRAPH_END:
			widen(&gap, GAP_EMPTY_LINE);
			break;
		}
	}
	if (label->failed)
		flow->failed = true;
}

void text_verbatim(struct slice rich, struct strbuf *text)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		if (run.kind == RICH_TEXT) {
			strbuf_add(text, run.text);
		} else if (run.kind == RICH_REFERENCE) {
			strbuf_add_byte(text, '[');
			rich_add_label(text, &run);
			strbuf_add_byte(text, ']');
		} else if (run.kind != RICH_PARAGRAPH_END) {
			strbuf_add_byte(text, '\n');
		}
	}
}

/* The first word and what is left behind it: from the blank or line feed, or nothing. */
static struct slice first_word(struct slice text)
{
	size_t n = 0;

	while (n < text.n && text.p[n] != ' ' && text.p[n] != '\n')
		n++;
	return (struct slice){text.p, n};
}

bool text_take_line(struct slice *rest, size_t width, struct slice *ret_line, size_t *ret_width)
{
	struct slice text = *rest, word;
	size_t n, used;

	if (!text.p)
		return false;
	word = first_word(text);
	n = word.n;
	used = utf8_text_width(word);
	while (n < text.n && text.p[n] == ' ') {
		size_t more;

		word = first_word(slice_skip(text, n + 1));
		more = 1 + utf8_text_width(word);
		if (used + more > width)
			break;
		n += 1 + word.n;
		used += more;
	}
	*ret_line = (struct slice){text.p, n};
	*ret_width = used;
	*rest = n < text.n ? slice_skip(text, n + 1) : SLICE_NONE;
	return true;
}

/* A line of a cell, cut off the front of *rest. */
static bool next_line(const struct text_table *table, struct slice *rest, size_t width,
		      struct slice *ret_line, size_t *ret_width)
{
	if (!table->verbatim)
		return text_take_line(rest, width, ret_line, ret_width);
	if (!rest->p)
		return false;
	*ret_line = slice_cut(rest, '\n');
	*ret_width = utf8_text_width(*ret_line);
	return true;
}

void text_table_add(struct text_table *table, struct slice rich)
{
	size_t start = table->flow.n;

	if (table->verbatim)
		text_verbatim(rich, &table->flow);
	else
		text_flow(rich, &table->flow, &table->label);
	/* Empty lines at the end of a cell have no height. */
	while (table->flow.n > start && is_blank(table->flow.p[table->flow.n - 1]))
		table->flow.n--;
	table->ends[table->filled++] = table->flow.n;
}

/* A cell of the row in hand; absent where empty. */
static struct slice cell(const struct text_table *table, unsigned column)
{
	size_t start = column > 0 ? table->ends[column - 1] : 0, end = table->ends[column];
	struct slice text = {strbuf_slice(&table->flow).p + start, end - start};

	while (text.n > 0 && text.p[0] == '\n')
		text = slice_skip(text, 1);
	return text.n > 0 ? text : SLICE_NONE;
}

/* Takes the next row in hand, the titles first. False at the end. */
static bool next_row(struct text_table *table, const struct registry *registry, size_t *row)
{
	size_t i = (*row)++;

	table->flow.n = table->filled = 0;
	table->is_title = table->titles && i == 0;
	if (table->is_title) {
		for (unsigned k = 0; k < table->columns; k++)
			text_table_add(table, table->titles[k]);
		return true;
	}
	i -= table->titles ? 1 : 0;
	if (i >= table->rows)
		return false;
	table->add_row(table, registry, i);
	return true;
}

/* Raises each column's longest to that of the row in hand, wrapped at these widths. */
static void raise_longest(const struct text_table *table, const size_t wrap[static TEXT_CELLS],
			  size_t longest[static TEXT_CELLS])
{
	for (unsigned k = 0; k < table->columns; k++) {
		struct slice rest = cell(table, k), line;
		size_t width;

		while (next_line(table, &rest, wrap[k], &line, &width)) {
			if (width > longest[k])
				longest[k] = width;
		}
	}
}

/* Of a table with these columns, blanks between them included. */
static size_t total(const struct text_table *table, const size_t widths[static TEXT_CELLS])
{
	size_t sum = table->columns - 1;

	for (unsigned k = 0; k < table->columns; k++)
		sum += widths[k];
	return sum;
}

/*
 * One round of giving out what is spare: each column gets its share by weight, but at least one
 * and at most what it lacks, the largest share first, until nothing is left. Returns what is.
 */
static size_t give_out(struct text_table *table, size_t spare, size_t weights[static TEXT_CELLS])
{
	size_t all = spare, sum = 0;

	for (unsigned k = 0; k < table->columns; k++)
		sum += weights[k];
	while (spare > 0) {
		size_t largest = 0;
		unsigned at = 0;

		for (unsigned k = 0; k < table->columns; k++) {
			size_t share = weights[k] ? all * weights[k] / sum : 0;
			size_t lacks = table->most[k] - table->width[k];

			if (weights[k] && share == 0)
				share = 1;
			if (share > lacks)
				share = lacks;
			if (share > largest) {
				largest = share;
				at = k;
			}
		}
		if (largest == 0)
			break;
		weights[at] = 0;
		if (largest > spare)
			largest = spare;
		table->width[at] += largest;
		spare -= largest;
	}
	return spare;
}

static unsigned longest_column(const struct text_table *table)
{
	unsigned at = 0;

	for (unsigned k = 1; k < table->columns; k++) {
		if (table->most[k] > table->most[at])
			at = k;
	}
	return at;
}

/* Widens columns, by weights that grow with their longest lines, until the table fills the room. */
static void stretch(struct text_table *table, size_t room)
{
	size_t spare = room - total(table, table->width), longest;

	longest = table->most[longest_column(table)];
	while (spare > 0) {
		size_t weights[TEXT_CELLS] = {};

		for (unsigned k = 0; k < table->columns; k++) {
			if (table->width[k] < table->most[k])
				weights[k] = 5 + table->most[k] * 10 / longest;
		}
		spare = give_out(table, spare, weights);
	}
}

/* Moves what columns do not use to the one with the longest lines, where it has use for that. */
static void tighten(struct text_table *table)
{
	unsigned at = longest_column(table);
	size_t widened = table->used[at] + total(table, table->width) - total(table, table->used);

	if (widened > table->most[at])
		return;
	memcpy(table->width, table->used, sizeof(table->width));
	table->width[at] = widened;
}

static void find_widths(struct text_table *table, const struct registry *registry)
{
	static const size_t word_by_word[TEXT_CELLS];
	size_t unwrapped[TEXT_CELLS], room = TEXT_PAGE - 2 * TEXT_MARGIN;

	for (unsigned k = 0; k < TEXT_CELLS; k++)
		unwrapped[k] = SIZE_MAX;
	for (size_t row = 0; next_row(table, registry, &row);) {
		raise_longest(table, word_by_word, table->least);
		raise_longest(table, unwrapped, table->most);
	}
	if (total(table, table->most) <= room) {
		memcpy(table->width, table->most, sizeof(table->width));
		return;
	}
	memcpy(table->width, table->least, sizeof(table->width));
	if (total(table, table->least) >= room)
		return;
	stretch(table, room);
	for (size_t row = 0; next_row(table, registry, &row);)
		raise_longest(table, table->width, table->used);
	tighten(table);
}

/* What the row in hand has left to write of a column: its lines, behind so many empty ones. */
struct column_left {
	struct slice text;
	size_t empty;
};

/* How many lines the row in hand is high. */
static size_t begin_row(const struct text_table *table, struct column_left left[static TEXT_CELLS])
{
	size_t heights[TEXT_CELLS] = {}, height = 1, width;
	struct slice line;

	for (unsigned k = 0; k < table->columns; k++) {
		struct slice rest = left[k].text = cell(table, k);

		while (next_line(table, &rest, table->width[k], &line, &width))
			heights[k]++;
		if (heights[k] > height)
			height = heights[k];
	}
	for (unsigned k = 0; k < table->columns; k++)
		left[k].empty = table->verbatim ? 0 : (height - heights[k]) / 2;
	return height;
}

static void put_row(const struct text_table *table, size_t indent, struct out *out)
{
	struct column_left left[TEXT_CELLS];
	size_t height = begin_row(table, left);

	while (height-- > 0) {
		size_t at = 0, column = indent, width;
		struct slice line;

		for (unsigned k = 0; k < table->columns; column += table->width[k++] + 1) {
			bool centred = table->is_title || (table->centred >> k & 1);
			size_t before;

			if (left[k].empty > 0) {
				left[k].empty--;
				continue;
			}
			if (!next_line(table, &left[k].text, table->width[k], &line, &width) ||
			    line.n == 0)
				continue;
			before = column + (centred ? (table->width[k] - width) / 2 : 0);
			out_repeat(out, ' ', before - at);
			out_put(out, line);
			at = before + width;
		}
		out_byte(out, '\n');
	}
}

void text_table_put(struct text_table *table, const struct registry *registry, struct out *out)
{
	size_t indent, width;

	find_widths(table, registry);
	width = total(table, table->width);
	indent = width >= TEXT_PAGE ? 0 : TEXT_PAGE - width;
	if (indent > TEXT_MARGIN)
		indent = TEXT_MARGIN;
	for (size_t row = 0; next_row(table, registry, &row);)
		put_row(table, indent, out);
	table->failed |= table->flow.failed || table->rich.failed;
}

void text_table_done(struct text_table *table)
{
	strbuf_done(&table->flow);
	strbuf_done(&table->label);
	strbuf_done(&table->rich);
}
