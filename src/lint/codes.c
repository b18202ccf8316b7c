/* DCCP service codes (RFC 4340, sections 8.1.2 and 19.8; RFC 6335, sections 8.1.1 and 10.3). */
#include <stdlib.h>

#include "base/number.h"
#include "lint/checks.h"

enum { CODE_PRIVATE_FIRST = 0x3f000000, CODE_PRIVATE_LAST = 0x3fffffff };

struct code {
	uint64_t value;
	uint32_t row;
};

static int compare_codes(const void *a, const void *b)
{
	const struct code *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->row < y->row ? -1 : 1;
}

/* Whether the row has a code that is a number. */
static bool check_code(struct lint *lint, size_t index, uint64_t *ret_value)
{
	struct row row = registry_row(lint->registry, index);
	struct slice code = row.shown[COLUMN_SERVICE_CODE];
	uint64_t value;

	if (code.n == 0) {
		if (row.transport == TRANSPORT_DCCP && row.state == ROW_ASSIGNED)
			lint_row(lint, CODE_MISSING, index, SLICE_NONE);
		return false;
	}
	if (row.transport != TRANSPORT_DCCP)
		lint_row(lint, CODE_TRANSPORT, index, code);
	if (!number_parse(code, UINT32_MAX, &value)) {
		lint_row(lint, CODE_FORM, index, code);
		return false;
	}
	if (value == 0 || value == UINT32_MAX ||
	    (value >= CODE_PRIVATE_FIRST && value <= CODE_PRIVATE_LAST))
		lint_row(lint, CODE_RESERVED, index, code);
	*ret_value = value;
	return true;
}

void lint_codes(struct lint *lint)
{
	size_t rows = lint->registry->row_count, count = 0;
	struct code *codes = malloc((rows > 0 ? rows : 1) * sizeof(*codes));

	if (!codes) {
		lint->failed = true;
		return;
	}
	for (size_t i = 0; i < rows; i++) {
		codes[count].row = (uint32_t)i;
		if (check_code(lint, i, &codes[count].value))
			count++;
	}
	qsort(codes, count, sizeof(*codes), compare_codes);
	for (size_t i = 1; i < count; i++) {
		uint32_t row = codes[i].row;

		if (codes[i].value == codes[i - 1].value)
			lint_report(lint, CODE_TWICE, LINT_ROW, row,
				    registry_row(lint->registry, row).shown[COLUMN_SERVICE_CODE],
				    codes[i - 1].row);
	}
	free(codes);
}
