#include "cli/text.h"

#include "base/utf8.h"

/* Controls, and the marks with which text could pass for other text (Unicode TR 36). */
static bool is_obeyed(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static unsigned shown_width(uint32_t c)
{
	return is_obeyed(c) ? 1 : utf8_width(c);
}

size_t text_width(struct slice text)
{
	size_t width = 0;
	uint32_t c;

	while (text.n > 0) {
		text = slice_skip(text, utf8_next(text, &c));
		width += shown_width(c);
	}
	return width;
}

/* Writes text; characters that a terminal obeys as replace says, or as U+FFFD where it says 0. */
static void put(struct out *out, struct slice text, char (*replace)(struct slice rest))
{
	while (text.n > 0) {
		uint32_t c;
		size_t n = utf8_next(text, &c);

		if (c == 0xfffd) {
			out_put(out, SLICE("\xef\xbf\xbd"));
		} else if (!is_obeyed(c)) {
			out_put(out, (struct slice){text.p, n});
		} else {
			char instead = replace(text);

			out_put(out, instead ? (struct slice){&instead, 1} : SLICE("\xef\xbf\xbd"));
		}
		text = slice_skip(text, n);
	}
}

static char blank_as_space(struct slice rest)
{
	return byte_is_blank(rest.p[0]) ? ' ' : '\0';
}

static char layout_as_is(struct slice rest)
{
	bool ends_line = rest.p[0] == '\n' || slice_starts(rest, SLICE("\r\n"));

	return ends_line || rest.p[0] == '\t' ? rest.p[0] : '\0';
}

void text_put(struct out *out, struct slice text)
{
	put(out, text, blank_as_space);
}

void text_put_lines(struct out *out, struct slice text)
{
	put(out, text, layout_as_is);
}

struct slice text_line(struct slice *rest)
{
	return slice_cut(rest, '\n');
}

size_t text_lines_width(struct slice text)
{
	size_t width = 0;

	while (text.p) {
		size_t line = text_width(text_line(&text));

		width = line > width ? line : width;
	}
	return width;
}

/* How good it is to end a line before offset at, 0 < at < line.n: 2, 1, or 0 for in a word. */
static int break_at(struct slice line, size_t at)
{
	char before = line.p[at - 1], after = line.p[at];

	if (after == ' ' || (before == ']' && after == '['))
		return 2;
	return before != ' ' && slice_find_byte(SLICE("-/_.,:;&=?"), before) != (size_t)-1;
}

static struct slice skip_spaces(struct slice text)
{
	while (text.n > 0 && text.p[0] == ' ')
		text = slice_skip(text, 1);
	return text;
}

/* How many bytes of a line that is wider than width come first. */
static size_t cut(struct slice line, size_t width)
{
	size_t at = 0, used = 0, breaks[3] = {};

	while (at < line.n) {
		uint32_t c;
		size_t n = utf8_next(slice_skip(line, at), &c);

		if (at > 0)
			breaks[break_at(line, at)] = at;
		used += shown_width(c);
		if (used > width && at > 0)
			break;
		at += n;
	}
	if (breaks[2] > 0)
		return breaks[2];
	/* A word is not worth cutting at its punctuation when little of it comes before. */
	return breaks[1] > at / 2 ? breaks[1] : at;
}

struct slice text_wrap(struct slice *rest, size_t width)
{
	struct slice left = *rest, line = text_line(&left), first;

	if (text_width(line) <= width) {
		*rest = left;
		return line;
	}
	first = (struct slice){line.p, cut(line, width)};
	line = skip_spaces(slice_skip(line, first.n));
	if (line.n > 0)
		*rest = slice_between(line.p, rest->p + rest->n);
	else
		*rest = left;
	while (first.n > 0 && first.p[first.n - 1] == ' ')
		first.n--;
	return first;
}
