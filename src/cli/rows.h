/* Rows of the registry as an answer: gathered, sorted, cut into pages, and printed. */
#ifndef PORTBOOK_CLI_ROWS_H
#define PORTBOOK_CLI_ROWS_H

#include "cli/cli.h"
#include "cli/table.h"
#include "query/query.h"
#include "render/render.h"

/* Ports that no row of the registry covers. */
struct uncovered {
	struct row row;
	char ports[2 * 5 + 2]; /* "N" or "N-M", and NUL */
	size_t length;
};

/* Rows in the order in which they are printed. Zeroed memory, with an image, is none. */
struct rows {
	const struct image *image;
	uint32_t *numbers; /* of the image's rows; past them, indices of uncovered */
	size_t count, size;
	struct uncovered *uncovered;
	size_t uncovered_count;
};

void rows_done(struct rows *rows);

/* Append. 0 or FAULT_MEMORY. */
int rows_add(struct rows *rows, const struct rowset *set, struct fault *fault) MUST_USE;
int rows_add_uncovered(struct rows *rows, enum transport transport, uint16_t first, uint16_t last,
		       struct fault *fault) MUST_USE;

void rows_get(const struct rows *rows, size_t index, struct row *ret_row);

/* As query_sort and query_page: leaves the rows of a page, which is one of query_pages. */
int rows_sort(struct rows *rows, const struct sort_key *keys, size_t count,
	      struct fault *fault) MUST_USE;
void rows_cut_page(struct rows *rows, uint64_t page);

/* What writes rows in a format; NULL where it is not one that is rows and nothing else. */
const struct render_format *rows_renderer(enum format format);

/* How rows are to be printed. */
struct rows_view {
	bool explained; /* tables also say state, range, and how ports of the range are assigned */
	bool people_first;	     /* in tables; else after the rows */
	const struct rowset *people; /* to be printed as well, in tables and JSON; NULL: none */
	struct slice mark;	     /* in tables; absent: nothing */
	unsigned columns;	     /* mask of enum column in which it is marked */
};

/* Prints the rows in the format that is asked for. 0 or FAULT_MEMORY. */
int rows_print(struct cli *cli, const struct rows *rows, const struct rows_view *view,
	       struct fault *fault) MUST_USE;

#endif
