/* nginx: the listen directives of its servers, for HTTP, mail and streams. */
#include "audit/read.h"

enum { BLOCKS_MAX = 64, WORDS_MAX = 32, LUA_BRACKET_MAX = 16 };

struct directive {
	struct slice words[WORDS_MAX]; /* those that are more are left out */
	size_t count;
	char end; /* ; { or }; '\0' at the end of the text */
	const char *at;
};

struct nginx {
	struct reading *reading;
	struct slice rest;
	struct placer placer;
	struct slice blocks[BLOCKS_MAX]; /* that are open, by the word that they begin with */
	const char *opened[BLOCKS_MAX];
	size_t depth;
};

/* Blanks and comments. */
static void skip(struct slice *rest)
{
	while (rest->n > 0 && (byte_is_blank(rest->p[0]) || rest->p[0] == '#')) {
		if (rest->p[0] != '#')
			*rest = slice_skip(*rest, 1);
		else
			(void)slice_cut(rest, '\n');
	}
}

static bool is_end(char c)
{
	return c == ';' || c == '{' || c == '}';
}

static bool is_name_byte(char c)
{
	return byte_is_letter(c) || byte_is_digit(c) || c == '_';
}

/* A word of a directive; one in quotes without them. A variable's braces are its own. */
static struct slice next_word(struct slice *rest)
{
	char first = rest->p[0];
	size_t n = 0, end;

	if (first == '"' || first == '\'') {
		struct slice inside = slice_skip(*rest, 1);

		for (end = 0; end < inside.n && inside.p[end] != first; end++)
			end += inside.p[end] == '\\' && end + 1 < inside.n;
		*rest = slice_skip(inside, end + 1);
		return (struct slice){inside.p, end < inside.n ? end : inside.n};
	}
	while (n < rest->n && !byte_is_blank(rest->p[n]) && !is_end(rest->p[n])) {
		if (slice_starts(slice_skip(*rest, n), SLICE("${"))) {
			for (end = n + 2; end < rest->n && is_name_byte(rest->p[end]); end++)
				;
			n = end < rest->n && rest->p[end] == '}' ? end : n;
		}
		n++;
	}
	*rest = slice_skip(*rest, n);
	return (struct slice){rest->p - n, n};
}

/* Past "[==[ ... ]==]". False: there is none. */
static bool skip_brackets(struct slice *rest)
{
	size_t n = 1;
	char closing[LUA_BRACKET_MAX];

	while (n < rest->n && rest->p[n] == '=')
		n++;
	if (!slice_starts(*rest, SLICE("[")) || n + 1 > sizeof(closing) || n >= rest->n ||
	    rest->p[n] != '[')
		return false;
	memcpy(closing, rest->p, n + 1);
	closing[0] = closing[n] = ']';
	*rest = slice_skip(*rest, n + 1);
	n = slice_find(*rest, (struct slice){closing, n + 1});
	*rest = n == (size_t)-1 ? SLICE("") : slice_skip(*rest, n);
	return true;
}

/* Past Lua in braces (OpenResty), which may have braces of its own, also in texts and comments. */
static void skip_lua(struct slice *rest)
{
	size_t depth = 1;

	while (rest->n > 0 && depth > 0) {
		char c = rest->p[0];

		if (slice_starts(*rest, SLICE("--"))) {
			*rest = slice_skip(*rest, 2);
			if (!skip_brackets(rest))
				(void)slice_cut(rest, '\n');
		} else if (c == '"' || c == '\'') {
			(void)next_word(rest);
		} else if (!skip_brackets(rest)) {
			depth += c == '{';
			depth -= c == '}';
			*rest = slice_skip(*rest, 1);
		}
	}
}

static void next_directive(struct nginx *nginx, struct directive *directive)
{
	struct slice *rest = &nginx->rest;

	directive->count = 0;
	directive->end = '\0';
	skip(rest);
	directive->at = rest->p;
	while (rest->n > 0) {
		struct slice word;

		if (is_end(rest->p[0])) {
			directive->end = rest->p[0];
			*rest = slice_skip(*rest, 1);
			return;
		}
		word = next_word(rest);
		if (directive->count < WORDS_MAX)
			directive->words[directive->count++] = word;
		skip(rest);
	}
}

static bool is_in(const struct nginx *nginx, struct slice block)
{
	for (size_t i = 0; i < nginx->depth && i < BLOCKS_MAX; i++) {
		if (slice_eq(nginx->blocks[i], block))
			return true;
	}
	return false;
}

static void read_listen(struct nginx *nginx, const struct directive *directive)
{
	struct slice value = directive->words[1], address, number, digits;
	struct audit_port port = {.owner = {"nginx", 5}, .use = AUDIT_TAKEN, .group = GROUP_HOST};
	bool secure = false, stream = is_in(nginx, SLICE("stream"));
	struct place place;

	if (slice_starts(value, SLICE("unix:")) || slice_find_byte(value, '$') != (size_t)-1)
		return;
	for (size_t i = 2; i < directive->count; i++) {
		struct slice word = directive->words[i];

		secure |= slice_eq(word, SLICE("ssl")) || slice_eq(word, SLICE("quic"));
		if (slice_eq(word, SLICE("udp")) || slice_eq(word, SLICE("quic")))
			port.transport = TRANSPORT_UDP;
	}
	address_split(value, &address, &number);
	digits = number;
	/* "listen 127.0.0.1" and "listen [::1]" are of port 80. */
	if (!number.p || (slice_find_byte(value, ':') == (size_t)-1 &&
			  (number.n == 0 || !byte_is_digit(number.p[0]) ||
			   slice_find_byte(number, '.') != (size_t)-1))) {
		address = number.p ? value : address;
		digits = SLICE("80");
	}
	port.address = address;
	port.web = !stream && !is_in(nginx, SLICE("mail"));
	port.owner = stream ? SLICE("nginx stream") : SLICE("nginx");
	if (port.web && secure)
		port.name = SLICE("https");
	place = placer_find(&nginx->placer, value.p);
	if (reading_port(nginx->reading, place, port.owner, digits, true, &port.first, &port.last))
		reading_found(nginx->reading, place, port);
}

static void complain(struct nginx *nginx, const char *at, const char *what)
{
	struct placer placer = placer_of(nginx->reading->text);

	reading_complain(nginx->reading, placer_find(&placer, at), MALFORMED, SLICE_NONE, "%s",
			 what);
}

/* False: nothing more is to be understood. */
static bool read_directive(struct nginx *nginx, const struct directive *directive)
{
	switch (directive->end) {
	case '{':
		if (directive->count > 0 &&
		    slice_ends(directive->words[0], SLICE("_by_lua_block"))) {
			skip_lua(&nginx->rest);
			return true;
		}
		if (nginx->depth < BLOCKS_MAX) {
			nginx->blocks[nginx->depth] =
				directive->count > 0 ? directive->words[0] : SLICE("");
			nginx->opened[nginx->depth] = directive->at;
		}
		nginx->depth++;
		return true;
	case '}':
		if (directive->count > 0 || nginx->depth == 0) {
			complain(nginx, directive->at,
				 directive->count > 0 ? "a directive ends without ;"
						      : "} closes nothing");
			return false;
		}
		nginx->depth--;
		return true;
	case ';':
		if (directive->count > 1 && slice_eq(directive->words[0], SLICE("listen")))
			read_listen(nginx, directive);
		return true;
	default:
		if (directive->count > 0)
			complain(nginx, directive->at, "a directive ends without ;");
		else if (nginx->depth > 0)
			complain(nginx,
				 nginx->opened[(nginx->depth < BLOCKS_MAX ? nginx->depth
									  : BLOCKS_MAX) -
					       1],
				 "a block is not closed");
		return false;
	}
}

void nginx_read(struct reading *reading)
{
	struct nginx nginx = {
		.reading = reading, .rest = reading->text, .placer = placer_of(reading->text)};
	struct directive directive;

	do {
		next_directive(&nginx, &directive);
	} while (read_directive(&nginx, &directive));
}
