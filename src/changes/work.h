/*
 * Inside changes/: comparing goes in steps. Rows that both editions have are set aside and the
 * others paired (pair.c); each pair and each row left over is an item of a kind (kinds.c); items
 * that tell the same are one change, with the ranges around it (ranges.c), in order (changes.c).
 */
#ifndef PORTBOOK_CHANGES_WORK_H
#define PORTBOOK_CHANGES_WORK_H

#include "base/strbuf.h"
#include "changes/changes.h"

/* How rows came to be partners. */
enum match {
	MATCH_NONE,
	MATCH_EQUAL,
	MATCH_CHANGED,
};

struct side {
	const struct registry *registry;
	uint32_t *partner; /* of each row: a row of the other side */
	uint8_t *match;	   /* of each row: an enum match */
};

/* A pair of rows, a row without a partner, or (not a row) a header, note or person. */
struct item {
	uint64_t group[2]; /* a hash: items of the same become one change */
	uint64_t position;
	uint32_t before, after; /* rows; CHANGE_NOTHING */
	uint32_t change;
	unsigned columns;
	enum change_kind kind;
	bool is_range; /* a row of no name without a partner */
};

/* An id of a person that another one took the place of. */
struct renaming {
	struct slice from, to;
	uint32_t change;
};

struct work {
	struct side sides[2]; /* before, after */
	struct item *items;
	size_t item_count;
	struct change *changes; /* being made; of rows only kind, columns, position, from, into */
	size_t change_count, change_size;
	struct renaming *renamings; /* by from */
	size_t renaming_count;
	struct strbuf scratch, other;
	bool failed; /* memory ran out */
};

/* A text's bytes and length. */
void work_add_text(struct strbuf *key, struct slice text);
void work_add_number(struct strbuf *key, uint32_t number);

/* A new change, all absent; NULL: no memory. */
struct change *work_add_change(struct work *work, enum change_kind kind, uint64_t position);

/* Positions of what stands before all rows and behind them. */
static inline uint64_t work_row_position(uint32_t row_after)
{
	return ((uint64_t)row_after + 2) << 32;
}
#define WORK_POSITION_PEOPLE ((uint64_t)UINT32_MAX << 32)

void work_pair_rows(struct work *work);
unsigned work_columns(const struct row *a, const struct row *b); /* that differ */
void work_make_items(struct work *work);
void work_place_ranges(struct work *work);
void work_compare_header(struct work *work);
void work_compare_people(struct work *work);

/* The rename that is all that differs between two people columns; NULL: it is not. */
const struct renaming *work_renaming(struct work *work, struct slice before, struct slice after);

/* Whether enough stayed the same for rows of one port to be of one service. */
bool work_is_similar(const struct row *a, const struct row *b);

#endif
