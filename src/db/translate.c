#include "base/number.h"
#include "db/driver.h"

static const struct word {
	struct slice word;
	const char *words[2]; /* by engine */
} words[] = {
	{SLICE("BYTES"), {"BLOB", "BYTEA"}},
	{SLICE("INTEGER"), {"INTEGER", "BIGINT"}},
	{SLICE("TEXT"), {"TEXT", "TEXT COLLATE \"C\""}},
	{SLICE("WITHOUT ROWID"), {"WITHOUT ROWID", ""}},
};

enum { PARAMETER_MAX = 999 };

static bool is_of_word(char c)
{
	return byte_is_letter(c) || byte_is_digit(c) || c == '_';
}

/* What is copied as it is: a quoted text or name, a comment, a word, or a single byte. */
static size_t token_size(struct slice rest)
{
	size_t n = 1;

	if (rest.p[0] == '\'' || rest.p[0] == '"') {
		n = slice_find_byte(slice_skip(rest, 1), rest.p[0]);
		return n == (size_t)-1 ? rest.n : n + 2;
	}
	if (slice_starts(rest, SLICE("--"))) {
		n = slice_find_byte(rest, '\n');
		return n == (size_t)-1 ? rest.n : n;
	}
	if (slice_starts(rest, SLICE("/*"))) {
		n = slice_find(rest, SLICE("*/"));
		return n == (size_t)-1 ? rest.n : n + 2;
	}
	while (is_of_word(rest.p[0]) && n < rest.n && is_of_word(rest.p[n]))
		n++;
	return n;
}

/* The word that the rest begins with, or NULL. */
static const struct word *find_word(struct slice rest)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct slice word = words[i].word;

		if (slice_starts(rest, word) && (rest.n == word.n || !is_of_word(rest.p[word.n])))
			return &words[i];
	}
	return NULL;
}

/* The number behind a question mark, or 0. */
static int parameter_of(struct slice rest)
{
	size_t n = 1;
	uint64_t number;

	while (n < rest.n && byte_is_digit(rest.p[n]))
		n++;
	if (rest.p[0] != '?' ||
	    !number_parse((struct slice){rest.p + 1, n - 1}, PARAMETER_MAX, &number))
		return 0;
	return (int)number;
}

int db_translate(const char *sql, enum db_engine engine, struct strbuf *to)
{
	struct slice rest = slice_cstr(sql);
	int highest = 0;

	while (rest.n > 0) {
		const struct word *word = find_word(rest);
		int parameter = parameter_of(rest);
		size_t n = word ? word->word.n : token_size(rest);

		if (parameter > highest)
			highest = parameter;
		if (word)
			strbuf_add(to, slice_cstr(word->words[engine]));
		else if (parameter > 0 && engine == DB_POSTGRES)
			strbuf_add_byte(to, '$');
		else
			strbuf_add(to, (struct slice){rest.p, n});
		rest = slice_skip(rest, n);
	}
	strbuf_add_byte(to, '\0');
	return highest;
}
