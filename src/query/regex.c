/* Regular expressions: the only code that names PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "query/query.h"
#include "query/uses.h"

enum {
	PATTERN_MAX = 4096,
	MATCH_MAX = 1000000, /* steps in one cell */
	HEAP_MAX = 8 * 1024, /* kilobytes */
};

static void free_code(pcre2_code **code)
{
	pcre2_code_free(*code);
}

static void free_data(pcre2_match_data **data)
{
	pcre2_match_data_free(*data);
}

static void free_context(pcre2_match_context **context)
{
	pcre2_match_context_free(*context);
}

static int compile(struct slice pattern, pcre2_code **ret_code, struct fault *fault)
{
	PCRE2_SIZE offset;
	int error;

	if (pattern.n > PATTERN_MAX)
		return fault_set(fault, FAULT_LIMIT, "a pattern of more than the limit of %d bytes",
				 PATTERN_MAX);
	*ret_code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
				  PCRE2_CASELESS | PCRE2_UTF | PCRE2_MULTILINE |
					  PCRE2_NEVER_BACKSLASH_C,
				  &error, &offset, NULL);
	if (!*ret_code) {
		PCRE2_UCHAR text[160];

		pcre2_get_error_message(error, text, sizeof(text));
		return fault_at_line(fault, FAULT_MALFORMED, 0, offset + 1,
				     "bad pattern at character %zu: %s", offset + 1,
				     (const char *)text);
	}
	/* Without just-in-time compilation it is merely slower. */
	pcre2_jit_compile(*ret_code, PCRE2_JIT_COMPLETE);
	return 0;
}

/* 1: it matches, 0: it does not, or a negative fault. */
static int match(const pcre2_code *code, struct slice text, pcre2_match_data *data,
		 pcre2_match_context *context, struct fault *fault)
{
	int result = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, 0, 0, data, context);

	/* Compiled code has little room for what it may have to go back to. */
	if (result == PCRE2_ERROR_JIT_STACKLIMIT)
		result = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, 0, PCRE2_NO_JIT, data,
				     context);
	switch (result) {
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
		return fault_set(fault, FAULT_LIMIT,
				 "the pattern takes more than the limit of %d steps in one text",
				 MATCH_MAX);
	case PCRE2_ERROR_NOMEMORY:
		return fault_memory(fault);
	default:
		return result >= 0;
	}
}

static void add_uses(const struct image *image, uint32_t cell, unsigned columns, struct rowset *set)
{
	struct uses uses = uses_of(image, cell);
	uint32_t row;

	while (uses_next(&uses, &row)) {
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			const unsigned char *shown =
				image_row_column(image, row, (enum column)column);

			if (columns >> column & 1 && shown && image_u24(shown) == cell + 1)
				rowset_add(set, row);
		}
	}
}

int query_regex(const struct image *image, struct slice pattern, unsigned columns,
		struct rowset *set, struct fault *fault)
{
	pcre2_code *code CLEANUP(free_code) = NULL;
	pcre2_match_data *data CLEANUP(free_data) = NULL;
	pcre2_match_context *context CLEANUP(free_context) = NULL;
	uint32_t cells = image_u32(image_record(image, IMAGE_COUNTS, 0)) +
			 image_u32(image_record(image, IMAGE_COUNTS, 1));
	int result = compile(pattern, &code, fault);

	if (result < 0)
		return result;
	data = pcre2_match_data_create_from_pattern(code, NULL);
	context = pcre2_match_context_create(NULL);
	if (!data || !context)
		return fault_memory(fault);
	pcre2_set_match_limit(context, MATCH_MAX);
	pcre2_set_heap_limit(context, HEAP_MAX);
	for (uint32_t cell = 0; cell < cells; cell++) {
		struct slice text = image_cell(image, cell);

		/* A column that is absent is searched by nothing, not even by what matches "". */
		if (text.n == 0)
			continue;
		result = match(code, text, data, context, fault);
		if (result < 0)
			return result;
		if (result > 0)
			add_uses(image, cell, columns, set);
	}
	return 0;
}
