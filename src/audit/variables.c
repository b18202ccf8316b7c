/*
 * Variables in texts, as compose files and Dockerfiles have them (Compose Specification,
 * "Interpolation"), and lines of NAME=VALUE that give them values.
 */
#include <search.h>

#include "audit/read.h"

enum {
	EXPANSION_DEPTH_MAX = 8,
	EXPANSION_MAX = 4096,		 /* bytes of a text, expanded */
	EXPANSIONS_MAX = AUDIT_FILE_MAX, /* of all texts of a file */
	LOOKED_UP_MAX = 64,		 /* variables of a text */
};

static bool is_name_byte(char c)
{
	return byte_is_letter(c) || byte_is_digit(c) || c == '_';
}

/* Without quotes, or without the comment that follows it. */
static struct slice value_of(struct slice text)
{
	struct slice value = slice_trim(text);
	size_t end;

	if (value.n > 0 && (value.p[0] == '"' || value.p[0] == '\'')) {
		end = slice_find_byte(slice_skip(value, 1), value.p[0]);
		if (end != (size_t)-1)
			return (struct slice){value.p + 1, end};
	}
	for (size_t i = 1; i < value.n; i++) {
		if (value.p[i] == '#' && byte_is_blank(value.p[i - 1]))
			return slice_trim((struct slice){value.p, i});
	}
	return value;
}

bool dotenv_next(struct slice *lines, struct slice *ret_name, struct slice *ret_value)
{
	while (lines->p) {
		struct slice value = slice_trim(slice_cut(lines, '\n')), name;

		if (slice_starts(value, SLICE("export ")))
			value = slice_trim(slice_skip(value, 7));
		if (slice_starts(value, SLICE("#")))
			continue;
		name = slice_trim(slice_cut(&value, '='));
		if (!value.p || name.n == 0)
			continue;
		*ret_name = name;
		*ret_value = value_of(value);
		return true;
	}
	return false;
}

struct variable {
	struct slice name, value;
};

static int compare(const void *a, const void *b)
{
	return slice_compare(((const struct variable *)a)->name,
			     ((const struct variable *)b)->name);
}

void variables_add(struct reading *reading, struct slice name, struct slice value)
{
	struct variable *variable = arena_alloc(&reading->audit->arena, sizeof(*variable)), **found;

	if (variable)
		variable->name = name;
	found = variable ? tsearch(variable, &reading->variables, compare) : NULL;
	if (found)
		(*found)->value = value;
	else
		reading->audit->failed = true;
}

void variables_add_lines(struct reading *reading, struct slice lines)
{
	struct slice name, value;

	while (dotenv_next(&lines, &name, &value))
		variables_add(reading, name, value);
}

void variables_done(struct reading *reading)
{
	tree_done(&reading->variables);
}

bool variables_find(const struct reading *reading, struct slice name, struct slice *ret_value)
{
	const struct variable wanted = {.name = name};
	struct variable *const *found = tfind(&wanted, &reading->variables, compare);

	if (found)
		*ret_value = (*found)->value;
	return found;
}

struct expansion {
	const struct reading *reading;
	struct strbuf text;
	struct slice unset; /* the first name without a value; absent: none */
	unsigned looked_up;
	bool over; /* a limit was */
};

static void add(struct expansion *expansion, struct slice text)
{
	expansion->over |= expansion->text.n + text.n > EXPANSION_MAX;
	if (!expansion->over)
		strbuf_add(&expansion->text, text);
}

static bool look_up(struct expansion *expansion, struct slice name, struct slice *ret_value)
{
	expansion->over |= ++expansion->looked_up > LOOKED_UP_MAX;
	return !expansion->over && variables_find(expansion->reading, name, ret_value);
}

static void expand_into(struct expansion *expansion, struct slice text, unsigned depth);

/* What is between the braces: NAME, NAME:-WORD, NAME-WORD, NAME:?..., NAME?..., NAME:+WORD, ... */
static void expand_braces(struct expansion *expansion, struct slice inside, unsigned depth)
{
	struct slice name = inside, value = SLICE_NONE, word;
	bool colon, set;
	char kind;

	name.n = 0;
	while (name.n < inside.n && is_name_byte(inside.p[name.n]))
		name.n++;
	word = slice_skip(inside, name.n);
	colon = slice_starts(word, SLICE(":"));
	word = slice_skip(word, colon);
	kind = word.n > 0 ? word.p[0] : '\0';
	word = slice_skip(word, 1);
	set = look_up(expansion, name, &value) && !(colon && value.n == 0);
	if (kind == '+')
		expand_into(expansion, set ? word : SLICE(""), depth + 1);
	else if (set)
		add(expansion, value);
	else if (kind == '-')
		expand_into(expansion, word, depth + 1);
	else if (!expansion->unset.p)
		expansion->unset = name;
}

/* Where the brace that closes the one before text stands. */
static size_t closing_brace(struct slice text)
{
	size_t open = 1;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '{')
			open++;
		else if (text.p[i] == '}' && --open == 0)
			return i;
	}
	return (size_t)-1;
}

static void expand_into(struct expansion *expansion, struct slice text, unsigned depth)
{
	while (text.n > 0 && depth < EXPANSION_DEPTH_MAX && !expansion->over) {
		size_t at = slice_find_byte(text, '$'), n = 0;
		struct slice value;

		add(expansion, at == (size_t)-1 ? text : (struct slice){text.p, at});
		if (at == (size_t)-1)
			return;
		text = slice_skip(text, at + 1);
		if (slice_starts(text, SLICE("$"))) {
			add(expansion, SLICE("$"));
			text = slice_skip(text, 1);
		} else if (slice_starts(text, SLICE("{"))) {
			text = slice_skip(text, 1);
			n = closing_brace(text);
			if (n == (size_t)-1)
				n = text.n;
			expand_braces(expansion, (struct slice){text.p, n}, depth);
			text = slice_skip(text, n + 1);
		} else {
			while (n < text.n && is_name_byte(text.p[n]))
				n++;
			if (look_up(expansion, (struct slice){text.p, n}, &value))
				add(expansion, value);
			else if (n > 0 && !expansion->unset.p)
				expansion->unset = (struct slice){text.p, n};
			text = slice_skip(text, n);
		}
	}
}

bool expand(struct reading *reading, struct slice text, struct slice *ret_text,
	    struct slice *ret_unset)
{
	struct expansion expansion = {.reading = reading, .text = {}};

	*ret_unset = SLICE_NONE;
	if (slice_find_byte(text, '$') == (size_t)-1) {
		*ret_text = text;
		return true;
	}
	expand_into(&expansion, text, 0);
	reading->expanded += expansion.text.n;
	expansion.over |= reading->expanded > EXPANSIONS_MAX;
	if (expansion.over)
		expansion.text.n = 0;
	reading->audit->failed |= expansion.text.failed;
	*ret_text = audit_copy(reading->audit, strbuf_slice(&expansion.text));
	*ret_unset = expansion.over ? SLICE("a text that is too long") : expansion.unset;
	strbuf_done(&expansion.text);
	return !ret_unset->p && ret_text->p;
}
