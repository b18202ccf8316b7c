/* What texts of several kinds of files have in common: places, ports, addresses, words. */
#define _GNU_SOURCE /* tdestroy */
#include <search.h>

#include "audit/read.h"
#include "base/number.h"
#include "base/utf8.h"

struct placer placer_of(struct slice text)
{
	return (struct placer){text.p, text.p + text.n, {1, 1}};
}

struct place placer_find(struct placer *placer, const char *p)
{
	while (placer->at < p && placer->at < placer->end) {
		char c = *placer->at++;

		if (c == '\n')
			placer->place = (struct place){placer->place.line + 1, 1};
		else if (((unsigned char)c & 0xc0) != 0x80) /* not a character's later byte */
			placer->place.column++;
	}
	return placer->place;
}

static void keep(void *node)
{
	(void)node;
}

void tree_done(void **tree)
{
	tdestroy(*tree, keep);
	*tree = NULL;
}

struct slice audit_unmarked(struct slice text)
{
	struct slice mark = SLICE("\xef\xbb\xbf");

	return slice_skip(text, slice_starts(text, mark) ? mark.n : 0);
}

struct slice path_base(struct slice path)
{
	size_t at = slice_find_last_byte(path, '/');

	return at == (size_t)-1 ? path : slice_skip(path, at + 1);
}

struct slice path_folder(struct slice path)
{
	size_t at = slice_find_last_byte(path, '/');

	return (struct slice){path.p, at == (size_t)-1 ? 0 : at};
}

static bool all_digits(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!byte_is_digit(text.p[i]))
			return false;
	}
	return text.n > 0;
}

static enum port_text read_one(struct slice text, uint16_t *ret_port)
{
	struct slice digits = text;
	uint64_t port;

	if (!all_digits(slice_skip(text, slice_starts(text, SLICE("-")))))
		return PORT_TEXT_NONE;
	while (digits.n > 1 && digits.p[0] == '0')
		digits = slice_skip(digits, 1);
	if (!number_parse(digits, PORT_MAX, &port) || port == 0)
		return PORT_TEXT_VALUE;
	*ret_port = (uint16_t)port;
	return PORT_TEXT_GOOD;
}

enum port_text port_text_read(struct slice text, uint16_t *ret_first, uint16_t *ret_last)
{
	struct slice last = text, first;
	uint16_t from, to;
	enum port_text result;

	if (slice_starts(text, SLICE("-")))
		return read_one(text, &from);
	first = slice_cut(&last, '-');
	result = read_one(first, &from);
	if (result != PORT_TEXT_GOOD)
		return result;
	to = from;
	if (last.p)
		result = read_one(last, &to);
	if (result != PORT_TEXT_GOOD)
		return result;
	if (to < from)
		return PORT_TEXT_NONE;
	*ret_first = from;
	*ret_last = to;
	return PORT_TEXT_GOOD;
}

bool reading_port(struct reading *reading, struct place place, struct slice who, struct slice text,
		  bool must, uint16_t *ret_first, uint16_t *ret_last)
{
	struct slice shown = reading->written.p ? reading->written : text;

	switch (port_text_read(text, ret_first, ret_last)) {
	case PORT_TEXT_GOOD:
		return true;
	case PORT_TEXT_VALUE:
		reading_complain(reading, place, PORT_VALUE, who,
				 "%.*s is no port: they go from 1 to 65535", (int)text.n, text.p);
		return false;
	case PORT_TEXT_NONE:
		if (must)
			reading_complain(reading, place, PORT_FORM, who,
					 "\"%.*s\" is no port and no range of ports", (int)shown.n,
					 shown.p);
	}
	return false;
}

void address_split(struct slice text, struct slice *ret_address, struct slice *ret_port)
{
	size_t at = slice_find_last_byte(text, ':');
	struct slice address = SLICE_NONE, port = text;

	if (slice_starts(text, SLICE("["))) {
		size_t end = slice_find_byte(text, ']');

		address = end == (size_t)-1 ? text : (struct slice){text.p + 1, end - 1};
		port = end == (size_t)-1 ? SLICE_NONE : slice_skip(text, end + 1);
		port = slice_starts(port, SLICE(":")) ? slice_skip(port, 1) : SLICE_NONE;
	} else if (at != (size_t)-1) {
		address = (struct slice){text.p, at};
		port = slice_skip(text, at + 1);
	}
	if (address.n == 0 || slice_eq(address, SLICE("*")))
		address = SLICE_NONE;
	*ret_address = address;
	*ret_port = port;
}

struct slice word_next(struct slice *text)
{
	struct slice rest = *text, word;
	char quote = '\0';
	size_t n = 0;

	while (rest.n > 0 && byte_is_blank(rest.p[0]))
		rest = slice_skip(rest, 1);
	if (rest.n == 0) {
		*text = rest;
		return SLICE_NONE;
	}
	for (; n < rest.n && (quote || !byte_is_blank(rest.p[n])); n++) {
		if (quote ? rest.p[n] == quote : rest.p[n] == '"' || rest.p[n] == '\'')
			quote = quote ? '\0' : rest.p[n];
	}
	word = (struct slice){rest.p, n};
	*text = slice_skip(rest, n);
	if (word.n >= 2 && (word.p[0] == '"' || word.p[0] == '\'') &&
	    word.p[word.n - 1] == word.p[0])
		word = (struct slice){word.p + 1, word.n - 2};
	return word;
}
