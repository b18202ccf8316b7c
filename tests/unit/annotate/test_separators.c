/* Bits for the ends of fields and records, beside what a byte after the other says. */
#undef NDEBUG
#include "../testing.h"

#include <stdlib.h>

#include "annotate/separators.h"

enum { TEXT_MAX = 400, TEXTS = 200000 };

static uint32_t state = 1;

static unsigned some(unsigned below)
{
	state = state * 1664525 + 1013904223;
	return (unsigned)((uint64_t)(state >> 8) * below >> 24);
}

static bool is_marked(const struct block *block, size_t at)
{
	return block->separators[at / SEPARATORS_WORD] >> at % SEPARATORS_WORD & 1;
}

/* RFC 4180, section 2, and what it does not say: a quote elsewhere is any byte. */
static void check(const struct block *block, char delimiter, bool quotes)
{
	enum { START, PLAIN, QUOTED, AFTER_QUOTE } where = START;
	size_t last = 0;

	for (size_t i = 0; i < block->n; i++) {
		char c = block->p[i];
		bool ends = c == '\n' || (delimiter && c == delimiter);

		if (where == QUOTED) {
			where = c == '"' ? AFTER_QUOTE : QUOTED;
			ends = false;
		} else if (where == AFTER_QUOTE && c == '"') {
			where = QUOTED;
		} else if (where == START && c == '"' && quotes) {
			where = QUOTED;
		} else {
			where = ends ? START : PLAIN;
		}
		assert_int_equal(is_marked(block, i), ends);
		if (ends && c == '\n')
			last = i + 1;
	}
	for (size_t i = block->n; i % SEPARATORS_WORD != 0; i++)
		assert_false(is_marked(block, i));
	assert_int_equal(separators_last(block), last);
	assert_int_equal(block->open, where == QUOTED);
}

static void test_any_bytes(void **context)
{
	static const char usual[] = "\"\"\",,\n\r a1;\t";
	static const char delimiters[] = {',', ',', ';', '\t', '\0'};
	char space[TEXT_MAX + ANNOTATE_SLACK];
	uint64_t separators[TEXT_MAX / SEPARATORS_WORD + 1];
	struct block block = {.p = space, .size = TEXT_MAX, .separators = separators};

	(void)context;
	for (unsigned text = 0; text < TEXTS; text++) {
		char delimiter = delimiters[some(sizeof(delimiters))];
		unsigned plain = some(4) * 8;
		uint64_t lines = 0;

		block.n = some(2) ? some(TEXT_MAX + 1) : some(8);
		for (size_t i = 0; i < sizeof(space); i++) {
			space[i] = some(8 + plain) < plain ? 'x' : usual[some(sizeof(usual) - 1)];
			lines += i < block.n && space[i] == '\n';
		}
		memset(separators, 0xff, sizeof(separators));
		separators_find(&block, delimiter, text % 2);
		assert_true(block.separated);
		check(&block, delimiter, text % 2);
		assert_int_equal(separators_lines(space, block.n), lines);
	}
}

/* Only quotes that open and close fields, so that nothing is looked at byte by byte. */
static void test_quoted_fields(void **context)
{
	static const char *const fields[] = {"\"\"",	   "\"a,b\"", "\"\n\"", "\"\"\"\"",
					     "\"a\"\"b\"", "",	      "a",	"\"\r\n\""};
	char space[TEXT_MAX + ANNOTATE_SLACK];
	uint64_t separators[TEXT_MAX / SEPARATORS_WORD + 1];
	struct block block = {.p = space, .size = TEXT_MAX, .separators = separators};

	(void)context;
	for (unsigned text = 0; text < TEXTS / 10; text++) {
		block.n = 0;
		while (block.n < TEXT_MAX - 10) {
			const char *field = fields[some(ARRAY_SIZE(fields))];

			memcpy(space + block.n, field, strlen(field));
			block.n += strlen(field);
			space[block.n++] = some(5) ? ',' : '\n';
		}
		separators_find(&block, ',', true);
		check(&block, ',', true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_bytes),
					   cmocka_unit_test(test_quoted_fields)};

	return cmocka_run_group_tests_name("separators", tests, NULL, NULL);
}
