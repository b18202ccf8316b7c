#include "mail/encode.h"

#include "base/utf8.h"

enum {
	LINE_MAX = 76,	/* of a line with encoded-words, or in quoted-printable */
	PLAIN_MAX = 78, /* of another one: RFC 5322, section 2.1.1 */
	/* Around an encoded-word's text; what fits into a line behind a blank is no longer than 75.
	 */
	WORD_FRAME = sizeof("=?UTF-8?Q?"
			    "?=") -
		     1,
};

struct header header_begin(struct strbuf *to, struct slice name)
{
	strbuf_add(to, name);
	strbuf_add_byte(to, ':');
	return (struct header){.to = to, .column = name.n + 1};
}

void header_end(struct header *header)
{
	strbuf_add(header->to, SLICE("\r\n"));
}

/* A blank, behind an end of line where n more bytes do not fit in max columns. */
static void separate(struct header *header, size_t n, size_t max)
{
	if (header->column + 1 + n > max) {
		strbuf_add(header->to, SLICE("\r\n"));
		header->column = 0;
	}
	strbuf_add_byte(header->to, ' ');
	header->column++;
}

void header_add(struct header *header, struct slice piece)
{
	separate(header, piece.n, PLAIN_MAX);
	strbuf_add(header->to, piece);
	header->column += piece.n;
}

static bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

/* Whether it can stand in a header as it is: what looks like an encoded-word would be decoded. */
static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!is_printable(text.p[i]))
			return false;
	}
	return slice_find(text, SLICE("=?")) == (size_t)-1;
}

static void add_hex(struct strbuf *to, char c)
{
	static const char digits[] = "0123456789ABCDEF";

	strbuf_add_byte(to, '=');
	strbuf_add_byte(to, digits[(unsigned char)c >> 4]);
	strbuf_add_byte(to, digits[(unsigned char)c & 15]);
}

/* What encoded-words may have as it is wherever they stand: RFC 2047, section 5 (3). */
static bool is_safe_in_word(char c)
{
	return byte_is_letter(c) || byte_is_digit(c) || (c && strchr("!*+-/", c));
}

/* Bytes that the character takes in an encoded-word. */
static size_t encoded_size(struct slice character)
{
	return character.n > 1						  ? 3 * character.n
	       : is_safe_in_word(character.p[0]) || character.p[0] == ' ' ? 1
									  : 3;
}

static void add_encoded(struct strbuf *to, struct slice character)
{
	for (size_t i = 0; i < character.n; i++) {
		if (character.p[i] == ' ')
			strbuf_add_byte(to, '_');
		else if (is_safe_in_word(character.p[i]))
			strbuf_add_byte(to, character.p[i]);
		else
			add_hex(to, character.p[i]);
	}
}

/* The longest beginning, in whole characters, that takes no more than room when encoded. */
static struct slice fitting(struct slice text, size_t room, size_t *ret_encoded)
{
	struct slice rest = text;
	size_t encoded = 0;

	while (rest.n > 0) {
		uint32_t character;
		size_t n = utf8_next(rest, &character);
		size_t size = encoded_size((struct slice){rest.p, n});

		if (encoded + size > room)
			break;
		encoded += size;
		rest = slice_skip(rest, n);
	}
	*ret_encoded = encoded;
	return slice_between(text.p, rest.p);
}

/* Words fill lines; blanks between them are not of the text. */
static void add_words(struct header *header, struct slice text)
{
	/* The longest character takes twelve bytes. */
	enum { ROOM_MIN = 12 };

	while (text.n > 0) {
		size_t room = LINE_MAX - 1 - WORD_FRAME, encoded;
		struct slice word;

		if (header->column + 1 + WORD_FRAME + ROOM_MIN <= LINE_MAX)
			room = LINE_MAX - header->column - 1 - WORD_FRAME;
		word = fitting(text, room, &encoded);
		separate(header, WORD_FRAME + encoded, LINE_MAX);
		strbuf_add(header->to, SLICE("=?UTF-8?Q?"));
		add_encoded(header->to, word);
		strbuf_add(header->to, SLICE("?="));
		header->column += WORD_FRAME + encoded;
		text = slice_skip(text, word.n);
	}
}

void header_add_text(struct header *header, struct slice text)
{
	if (is_ascii(text) && header->column + 1 + text.n <= PLAIN_MAX)
		header_add(header, text);
	else
		add_words(header, text);
}

void header_add_name(struct header *header, struct slice name)
{
	bool quotable = is_ascii(name) && name.n + 3 + header->column <= PLAIN_MAX &&
			slice_find_byte(name, '"') == (size_t)-1 &&
			slice_find_byte(name, '\\') == (size_t)-1;

	if (!quotable) {
		add_words(header, name);
		return;
	}
	separate(header, name.n + 2, PLAIN_MAX);
	strbuf_add_byte(header->to, '"');
	strbuf_add(header->to, name);
	strbuf_add_byte(header->to, '"');
	header->column += name.n + 2;
}

/* A dot may end a letter, and "From " begin one in a mailbox: some relays mend such lines. */
static bool starts_badly(struct slice line)
{
	return slice_starts(line, SLICE(".")) || slice_starts(line, SLICE("From "));
}

/* So may blanks at the end be gone. */
static bool ends_badly(struct slice line)
{
	return slice_ends(line, SLICE(" ")) || slice_ends(line, SLICE("\t"));
}

bool body_is_plain(struct slice body)
{
	while (body.n > 0) {
		struct slice line = slice_cut(&body, '\n');

		if (line.n > PLAIN_MAX || starts_badly(line) || ends_badly(line))
			return false;
		for (size_t i = 0; i < line.n; i++) {
			if (!is_printable(line.p[i]) && line.p[i] != '\t')
				return false;
		}
	}
	return true;
}

void body_add_plain(struct strbuf *to, struct slice body)
{
	while (body.n > 0) {
		strbuf_add(to, slice_cut(&body, '\n'));
		strbuf_add(to, SLICE("\r\n"));
	}
}

static void add_quoted_line(struct strbuf *to, struct slice line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];
		bool as_it_is = (is_printable(c) || c == '\t') && c != '=';

		if ((i + 1 == line.n && ends_badly(line)) ||
		    (column == 0 && starts_badly(slice_skip(line, i))))
			as_it_is = false;
		/* One column is for the sign that the line goes on. */
		if (column + (as_it_is ? 1 : 3) > LINE_MAX - 1) {
			strbuf_add(to, SLICE("=\r\n"));
			column = 0;
			i--;
			continue;
		}
		if (as_it_is)
			strbuf_add_byte(to, c);
		else
			add_hex(to, c);
		column += as_it_is ? 1 : 3;
	}
	strbuf_add(to, SLICE("\r\n"));
}

void body_add_quoted(struct strbuf *to, struct slice body)
{
	while (body.n > 0)
		add_quoted_line(to, slice_cut(&body, '\n'));
}
