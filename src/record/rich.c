#include "record/rich.h"

enum {
	MARK_BREAK = 1,
	MARK_REFERENCE,
	MARK_FIELD,
	MARK_REFERENCE_END,
	MARK_PARAGRAPH,
	MARK_PARAGRAPH_END,
	MARK_BOUNDARY,
};

/* Bytes of a label where only shown text is known; what is longer is text. */
enum { LABEL_MAX = 1024 };

static bool is_mark(char c)
{
	return c >= MARK_BREAK && c <= MARK_BOUNDARY;
}

static void cut_reference(struct slice *rest, struct rich_run *run)
{
	struct slice body = slice_cut(rest, MARK_REFERENCE_END);

	if (!rest->p)
		*rest = (struct slice){"", 0};
	run->kind = RICH_REFERENCE;
	run->type = slice_cut(&body, MARK_FIELD);
	run->data = slice_cut(&body, MARK_FIELD);
	run->text = slice_cut(&body, MARK_FIELD);
	run->section = body;
}

bool rich_next(struct slice *rest, struct rich_run *ret_run)
{
	size_t n = 0;

	if (rest->n == 0)
		return false;
	*ret_run = (struct rich_run){};
	switch (rest->p[0]) {
	case MARK_BREAK:
		ret_run->kind = RICH_BREAK;
		break;
	case MARK_PARAGRAPH:
		ret_run->kind = RICH_PARAGRAPH;
		break;
	case MARK_PARAGRAPH_END:
		ret_run->kind = RICH_PARAGRAPH_END;
		break;
	case MARK_REFERENCE:
		*rest = slice_skip(*rest, 1);
		cut_reference(rest, ret_run);
		return true;
	case MARK_FIELD:
	case MARK_REFERENCE_END:
	case MARK_BOUNDARY:
		ret_run->kind = RICH_BOUNDARY;
		break;
	default:
		while (n < rest->n && !is_mark(rest->p[n]))
			n++;
		ret_run->kind = RICH_TEXT;
		ret_run->text = (struct slice){rest->p, n};
		*rest = slice_skip(*rest, n);
		return true;
	}
	*rest = slice_skip(*rest, 1);
	return true;
}

void rich_add_reference(struct strbuf *rich, struct slice type, struct slice data,
			struct slice text, struct slice section)
{
	strbuf_add_byte(rich, MARK_REFERENCE);
	strbuf_add(rich, type);
	strbuf_add_byte(rich, MARK_FIELD);
	strbuf_add(rich, data);
	strbuf_add_byte(rich, MARK_FIELD);
	strbuf_add(rich, text);
	strbuf_add_byte(rich, MARK_FIELD);
	strbuf_add(rich, section);
	strbuf_add_byte(rich, MARK_REFERENCE_END);
}

void rich_add_break(struct strbuf *rich)
{
	strbuf_add_byte(rich, MARK_BREAK);
}

void rich_add_paragraph(struct strbuf *rich)
{
	strbuf_add_byte(rich, MARK_PARAGRAPH);
}

void rich_add_paragraph_end(struct strbuf *rich)
{
	strbuf_add_byte(rich, MARK_PARAGRAPH_END);
}

void rich_add_boundary(struct strbuf *rich)
{
	strbuf_add_byte(rich, MARK_BOUNDARY);
}

/* Whether text is prefix (given in lower case) and then digits only, in either case of letters. */
static bool is_numbered(struct slice text, struct slice prefix)
{
	if (text.n <= prefix.n)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (i < prefix.n ? (c | 0x20) != prefix.p[i] : !byte_is_digit(c))
			return false;
	}
	return true;
}

void rich_add_label(struct strbuf *text, const struct rich_run *reference)
{
	if (reference->text.n > 0) {
		strbuf_add(text, reference->text);
	} else if (slice_eq(reference->type, SLICE("rfc")) &&
		   is_numbered(reference->data, SLICE("rfc"))) {
		strbuf_add(text, SLICE("RFC"));
		strbuf_add(text, slice_skip(reference->data, 3));
	} else {
		strbuf_add(text, reference->data);
	}
}

bool rich_is_plain(struct slice rich)
{
	if (rich.n == 0)
		return true;
	if (byte_is_blank(rich.p[0]) || byte_is_blank(rich.p[rich.n - 1]))
		return false;
	for (size_t i = 0; i < rich.n; i++) {
		if (is_mark(rich.p[i]) || rich.p[i] == '\n')
			return false;
	}
	return true;
}

/* Appends the characters, with references as labels, and break and paragraph marks kept. */
static void spell_out(struct slice rich, struct strbuf *text)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		switch (run.kind) {
		case RICH_TEXT:
			strbuf_add(text, run.text);
			break;
		case RICH_BREAK:
			strbuf_add_byte(text, MARK_BREAK);
			break;
		case RICH_REFERENCE:
			strbuf_add_byte(text, '[');
			rich_add_label(text, &run);
			strbuf_add_byte(text, ']');
			break;
		case RICH_PARAGRAPH:
			strbuf_add_byte(text, MARK_PARAGRAPH);
			break;
		case RICH_PARAGRAPH_END:
		case RICH_BOUNDARY:
			break;
		}
	}
}

/* Bytes of the run of breaks at i, with a line feed on either side of each; 0: none there. */
static size_t break_run(struct slice s, size_t i)
{
	size_t at = i;

	for (;;) {
		size_t next = at;

		if (next < s.n && s.p[next] == '\n')
			next++;
		if (next == s.n || s.p[next] != MARK_BREAK)
			return at - i;
		next++;
		if (next < s.n && s.p[next] == '\n')
			next++;
		at = next;
	}
}

/* Bytes of blanks at i that end in a paragraph's mark, with the mark; 0: none there. */
static size_t paragraph_start(struct slice s, size_t i)
{
	size_t at = i;

	while (at < s.n && byte_is_blank(s.p[at]))
		at++;
	return at < s.n && s.p[at] == MARK_PARAGRAPH ? at + 1 - i : 0;
}

/* Bytes at i of spaces, a line feed and spaces, at least one each; 0: none there. */
static size_t wrapped_line(struct slice s, size_t i)
{
	size_t at = i, after;

	while (at < s.n && s.p[at] == ' ')
		at++;
	if (at == i || at == s.n || s.p[at] != '\n')
		return 0;
	after = ++at;
	while (at < s.n && s.p[at] == ' ')
		at++;
	return at == after ? 0 : at - i;
}

static void reflow(struct slice s, struct strbuf *shown)
{
	size_t n, start = shown->n;
	/* A rule that did not hold for a run of blanks does not hold for the rest of it. */
	bool in_blanks = false, in_spaces = false;

	for (size_t i = 0; i < s.n; i += n) {
		if ((n = break_run(s, i))) {
			strbuf_add_byte(shown, '\n');
			in_blanks = in_spaces = false;
		} else if (!in_blanks && (n = paragraph_start(s, i))) {
			if (shown->n > start)
				strbuf_add(shown, SLICE("\n              "));
		} else if (!in_spaces && (n = wrapped_line(s, i))) {
			strbuf_add_byte(shown, ' ');
			in_blanks = true;
		} else {
			strbuf_add_byte(shown, s.p[i]);
			in_blanks = byte_is_blank(s.p[i]);
			in_spaces = s.p[i] == ' ';
			n = 1;
		}
	}
}

void rich_show(struct slice rich, struct strbuf *shown)
{
	struct strbuf text CLEANUP(strbuf_done) = {}, flowed CLEANUP(strbuf_done) = {};

	if (rich_is_plain(rich)) {
		strbuf_add(shown, rich);
		return;
	}
	spell_out(rich, &text);
	reflow(strbuf_slice(&text), &flowed);
	strbuf_add(shown, slice_trim(strbuf_slice(&flowed)));
	if (text.failed || flowed.failed)
		shown->failed = true;
}

static bool is_address(struct slice label)
{
	return (slice_starts(label, SLICE("http://")) || slice_starts(label, SLICE("https://")) ||
		slice_starts(label, SLICE("ftp://"))) &&
	       slice_find_byte(label, ' ') == (size_t)-1;
}

/* A person's id in prose: letters, digits and "_.-", with an underscore that tells it from a word.
 */
static bool is_person_id(struct slice label)
{
	bool underscore = false;

	for (size_t i = 0; i < label.n; i++) {
		char c = label.p[i];

		if (c == '_')
			underscore = true;
		else if (!byte_is_letter(c) && !byte_is_digit(c) && c != '-' && c != '.' && c > 0)
			return false;
	}
	return underscore;
}

static bool all_digits(struct slice label)
{
	for (size_t i = 0; i < label.n; i++) {
		if (!byte_is_digit(label.p[i]))
			return false;
	}
	return label.n > 0;
}

/* An RFC's label with a comma and more after the number: [RFC8765, Section 6.1]. */
static bool add_rfc(struct slice label, struct strbuf *rich)
{
	size_t comma = slice_find_byte(label, ',');
	struct slice number = {label.p, comma == (size_t)-1 ? label.n : comma};
	char data[32];

	if (!is_numbered(number, SLICE("rfc")) || number.n > sizeof(data))
		return false;
	if (!slice_starts(label, SLICE("RFC")))
		return false;
	memcpy(data, number.p, number.n);
	memcpy(data, "rfc", 3);
	rich_add_reference(rich, SLICE("rfc"), (struct slice){data, number.n},
			   comma == (size_t)-1 ? SLICE_NONE : label, SLICE_NONE);
	return true;
}

static bool add_bracketed(struct slice label, enum rich_reading reading, struct strbuf *rich)
{
	struct slice none = SLICE_NONE;

	if (label.n == 0)
		return false;
	if (reading == RICH_READ_PEOPLE) {
		rich_add_reference(rich, SLICE("person"), label, none, none);
		return true;
	}
	if (add_rfc(label, rich))
		return true;
	if (is_address(label))
		rich_add_reference(rich, SLICE("uri"), label, none, none);
	else if (slice_starts(label, SLICE("draft-")) || slice_starts(label, SLICE("RFC-")))
		rich_add_reference(rich, SLICE("draft"), label, none, none);
	else if (reading == RICH_READ_REFERENCES && all_digits(label))
		rich_add_reference(rich, SLICE("note"), label, none, none);
	else if (reading == RICH_READ_REFERENCES)
		rich_add_reference(rich, SLICE("text"), none, label, none);
	else if (is_person_id(label))
		rich_add_reference(rich, SLICE("person"), label, none, none);
	else
		return false;
	return true;
}

/*
 * Offset of the bracket that closes the one at s.p[0]; 0: none so near that a label lies between.
 * A list's labels may nest some; in prose, a line feed is a break and in no label.
 */
static size_t closing_bracket(struct slice s, enum rich_reading reading)
{
	unsigned depth = 0;

	for (size_t i = 0; i < s.n && i <= LABEL_MAX; i++) {
		if (s.p[i] == '\n' && reading == RICH_READ_TEXT)
			return 0;
		if (s.p[i] == '[' && (depth == 0 || reading != RICH_READ_TEXT))
			depth++;
		else if (s.p[i] == ']' && --depth == 0)
			return i;
	}
	return 0;
}

/* Breaks in a row would show as one line feed: several are not breaks. */
static bool in_feeds(struct slice shown, size_t i)
{
	return (i > 0 && shown.p[i - 1] == '\n') || (i + 1 < shown.n && shown.p[i + 1] == '\n');
}

void rich_read(struct slice shown, enum rich_reading reading, struct strbuf *rich)
{
	for (size_t i = 0; i < shown.n;) {
		struct slice rest = slice_skip(shown, i);
		size_t close = rest.p[0] == '[' ? closing_bracket(rest, reading) : 0;

		if (close && add_bracketed((struct slice){rest.p + 1, close - 1}, reading, rich)) {
			i += close + 1;
		} else if (rest.p[0] == '\n' && reading == RICH_READ_TEXT && !in_feeds(shown, i)) {
			rich_add_break(rich);
			i++;
		} else {
			strbuf_add_byte(rich, rest.p[0]);
			i++;
		}
	}
}
