/* How a table's columns share the width of a terminal. */
#include "cli/table.h"
#include "cli/text.h"

enum {
	GAP = 2,	  /* spaces between two columns */
	ALIGNED_MAX = 40, /* without wrapping: a wider cell pushes the rest of its line aside */
	SPARSE = 3,	  /* a column is of which at most one cell in so many is filled */
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Columns of the terminal that the columns beside take, gaps included. */
static size_t taken(const struct table *table, const struct table_layout *layout)
{
	size_t sum = 0;

	for (size_t i = 0; i < table->column_count; i++)
		sum += layout->place[i] == TABLE_BESIDE ? layout->width[i] + GAP : 0;
	return sum > 0 ? sum - GAP : 0;
}

/*
 * Moves below the column of the greatest rank among those of which at most that many cells are
 * filled. False: all that are left stay beside.
 */
static bool move_below(const struct table *table, const struct table_extent *extents, size_t filled,
		       struct table_layout *layout)
{
	size_t which = 0;
	unsigned rank = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		if (layout->place[i] == TABLE_BESIDE && extents[i].filled <= filled &&
		    table->columns[i].rank > rank) {
			which = i;
			rank = table->columns[i].rank;
		}
	}
	layout->place[which] = rank > 0 ? TABLE_BELOW : layout->place[which];
	return rank > 0;
}

/* Takes from the widest column until the columns fit, on a terminal too narrow for any of this. */
static void squeeze(const struct table *table, struct table_layout *layout, size_t width)
{
	while (taken(table, layout) > width) {
		size_t widest = 0;

		for (size_t i = 0; i < table->column_count; i++) {
			if (layout->place[i] == TABLE_BESIDE &&
			    (layout->place[widest] != TABLE_BESIDE ||
			     layout->width[i] > layout->width[widest]))
				widest = i;
		}
		if (layout->width[widest] <= 1)
			return;
		layout->width[widest]--;
	}
}

/* Hands out what is left of the width, evenly, to the columns that want more. */
static void stretch(const struct table *table, const size_t *wanted, size_t width,
		    struct table_layout *layout)
{
	size_t used = taken(table, layout);

	for (bool grown = true; grown && used < width;) {
		grown = false;
		for (size_t i = 0; i < table->column_count && used < width; i++) {
			if (layout->place[i] != TABLE_BESIDE || layout->width[i] >= wanted[i])
				continue;
			layout->width[i]++;
			used++;
			grown = true;
		}
	}
}

void table_fit(const struct table *table, const struct table_extent *extents, size_t width,
	       struct table_layout *ret_layout)
{
	struct table_layout layout = {};
	size_t wanted[TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < table->column_count; i++) {
		size_t title = text_width(table->columns[i].title);

		layout.place[i] = extents[i].filled > 0 ? TABLE_BESIDE : TABLE_NOWHERE;
		wanted[i] = larger(extents[i].widest, title);
		layout.width[i] =
			width > 0 ? wanted[i] : smaller(wanted[i], larger(title, ALIGNED_MAX));
	}
	if (width > 0) {
		/* A column that few rows fill is not worth its width when others have to wrap. */
		while (taken(table, &layout) > width &&
		       move_below(table, extents, table->row_count / SPARSE, &layout))
			;
		for (size_t i = 0; i < table->column_count; i++)
			layout.width[i] =
				smaller(wanted[i], larger(table->columns[i].least,
							  text_width(table->columns[i].title)));
		while (taken(table, &layout) > width &&
		       move_below(table, extents, table->row_count, &layout))
			;
		squeeze(table, &layout, width);
		stretch(table, wanted, width, &layout);
	}
	*ret_layout = layout;
}
