/* Where the columns of a plain text table stand, and what a line holds in each. */
#include "source/text_table.h"

#include "base/utf8.h"

enum { TITLE_LINES = 2, INDENT_MAX = 3 };

/* Where a line of a title stands; width 0: it has none there. */
struct piece {
	size_t left, width;
};

struct title {
	struct piece lines[TITLE_LINES];
};

bool text_next_line(struct slice *rest, struct slice *ret_line)
{
	if (rest->n == 0)
		return false;
	*ret_line = slice_cut(rest, '\n');
	if (slice_ends(*ret_line, SLICE("\r")))
		ret_line->n--;
	return true;
}

/*
 * Takes as many of the title's words as stand at *at of the line, after blanks and parted by one
 * blank each; false: none. *at and *words are left behind them.
 */
static bool take_words(struct slice line, size_t *at, struct slice *words, struct piece *ret_piece)
{
	struct slice rest;
	size_t n = 0;

	while (*at < line.n && line.p[*at] == ' ')
		++*at;
	rest = slice_skip(line, *at);
	while (n < words->n && n < rest.n && words->p[n] == rest.p[n])
		n++;
	while (n > 0 &&
	       !((n == words->n || words->p[n] == ' ') && (n == rest.n || rest.p[n] == ' ')))
		n--;
	if (n == 0)
		return false;
	*ret_piece = (struct piece){*at, n};
	*at += n;
	*words = slice_trim(slice_skip(*words, n));
	return true;
}

/* How many lines the titles take, 0: they are not there. */
static unsigned read_titles(const struct text_form *form, struct slice text,
			    struct title titles[static TEXT_COLUMNS_MAX])
{
	struct slice lines[TITLE_LINES] = {};
	size_t at[TITLE_LINES] = {};

	if (!text_next_line(&text, &lines[0]))
		return 0;
	/* A line of another length limit than a table's is none of its titles. */
	if (lines[0].n > TEXT_LINE_MAX)
		return 0;
	if (!text_next_line(&text, &lines[1]))
		lines[1] = SLICE("");
	for (unsigned i = 0; i < form->columns; i++) {
		struct slice words = form->titles[i];

		titles[i] = (struct title){};
		for (unsigned k = 0; k < TITLE_LINES && words.n > 0; k++) {
			if (!take_words(lines[k], &at[k], &words, &titles[i].lines[k]))
				return 0;
		}
		if (words.n > 0)
			return 0;
	}
	for (unsigned k = 0; k < TITLE_LINES; k++) {
		if (at[k] > 0 && slice_trim(slice_skip(lines[k], at[k])).n > 0)
			return 0;
	}
	return at[1] > 0 ? 2 : 1;
}

unsigned text_title_lines(const struct text_form *form, struct slice text)
{
	struct title titles[TEXT_COLUMNS_MAX];

	return read_titles(form, text, titles);
}

/* The character at the start of the text, its bytes and its width. */
static size_t next_character(struct slice text, size_t *ret_width)
{
	uint32_t character;
	size_t n;

	if (text.p[0] >= ' ' && text.p[0] <= '~') {
		*ret_width = 1;
		return 1;
	}
	n = utf8_next(text, &character);
	*ret_width = utf8_width(character);
	return n;
}

/* Marks the positions where the table has text, in one line at least. */
static int mark_used(const struct text_form *form, struct slice document, struct slice table,
		     bool used[static TEXT_LINE_MAX + 1], struct fault *fault)
{
	struct slice line;

	while (text_next_line(&table, &line)) {
		size_t start = (size_t)(line.p - document.p), at = 0, width;

		if (line.n > TEXT_LINE_MAX)
			return fault_at(fault, FAULT_LIMIT, document.p, document.n, start,
					"a line of the table of %s of more than the limit of %d "
					"bytes",
					form->name, TEXT_LINE_MAX);
		for (size_t i = 0; i < line.n; at += width) {
			if (line.p[i] >= 0 && line.p[i] < ' ')
				return fault_at(fault, FAULT_MALFORMED, document.p, document.n,
						start + i, "a control character in the table of %s",
						form->name);
			bool blank = line.p[i] == ' ';

			i += next_character(slice_skip(line, i), &width);
			for (size_t k = 0; k < width; k++)
				used[at + k] |= !blank;
		}
	}
	return 0;
}

struct placing {
	const struct text_form *form;
	const struct title *titles;
	const bool *used;
	struct text_column *columns;
};

/* Whether a column of this place has its title in the middle, in each of its lines. */
static bool is_centred(const struct title *title, size_t left, size_t width)
{
	for (unsigned k = 0; k < TITLE_LINES; k++) {
		const struct piece *piece = &title->lines[k];

		if (piece->width > 0 &&
		    (piece->width > width || piece->left != left + (width - piece->width) / 2))
			return false;
	}
	return true;
}

/*
 * Places the columns from this one on. With a column's left known, the middle of its title leaves
 * two widths; the position behind it must be blank in all lines.
 */
static bool place(const struct placing *placing, unsigned i, size_t left)
{
	const struct title *title;
	size_t width;

	if (i == placing->form->columns)
		return true;
	title = &placing->titles[i];
	if (title->lines[0].left < left)
		return false;
	width = title->lines[0].width + 2 * (title->lines[0].left - left);
	for (unsigned k = 0; k < 2; k++, width++) {
		if (left + width > TEXT_LINE_MAX || placing->used[left + width] ||
		    !is_centred(title, left, width) || !place(placing, i + 1, left + width + 1))
			continue;
		placing->columns[i] = (struct text_column){left, width};
		return true;
	}
	return false;
}

/* The table's left side is its first column's, and a margin where all of it fits a page. */
static bool place_all(const struct placing *placing)
{
	size_t indent = 0;

	while (indent < INDENT_MAX && !placing->used[indent])
		indent++;
	do {
		if (place(placing, 0, indent))
			return true;
	} while (indent-- > 0);
	return false;
}

static bool any_behind(const bool used[static TEXT_LINE_MAX + 1], const struct text_column *last)
{
	for (size_t at = last->left + last->width; at <= TEXT_LINE_MAX; at++) {
		if (used[at])
			return true;
	}
	return false;
}

int text_find_columns(const struct text_form *form, struct slice document, struct slice table,
		      struct text_column columns[static TEXT_COLUMNS_MAX], struct fault *fault)
{
	bool used[TEXT_LINE_MAX + 1] = {};
	struct title titles[TEXT_COLUMNS_MAX];
	struct placing placing = {form, titles, used, columns};
	int result = mark_used(form, document, table, used, fault);

	if (result < 0)
		return result;
	if (!read_titles(form, table, titles) || !place_all(&placing) ||
	    any_behind(used, &columns[form->columns - 1]))
		return fault_at(fault, FAULT_MALFORMED, document.p, document.n,
				(size_t)(table.p - document.p),
				"the columns of the table of %s do not stand apart under these "
				"titles",
				form->name);
	return 0;
}

void text_cut_line(const struct text_column *columns, unsigned count, struct slice line,
		   struct text_cell cells[static TEXT_COLUMNS_MAX])
{
	size_t i = 0, at = 0, width;

	for (unsigned k = 0; k < count; k++) {
		size_t left = columns[k].left, right = left + columns[k].width;
		const char *from = NULL, *to = NULL;

		cells[k] = (struct text_cell){};
		while (i < line.n) {
			const char *p = line.p + i;
			size_t n = next_character(slice_skip(line, i), &width);

			/* Combining characters belong to the one before. */
			if (at >= right && width > 0)
				break;
			i += n;
			at += width;
			if (*p == ' ')
				continue;
			from = from ? from : p;
			to = p + n;
			cells[k].end = at - left;
		}
		if (from)
			cells[k].text = slice_between(from, to);
	}
}
