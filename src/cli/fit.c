/* How a table's columns share the width of a terminal. */
#include "cli/table.h"
#include "cli/text.h"

enum {
	GAP = 2,	 /* spaces between two columns */
	ALIGNED_MAX = 40 /* without wrapping: a wider cell pushes the rest of its line aside */
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Columns of the terminal that the columns beside take, gaps included. */
static size_t taken(const struct table *table, const struct table_layout *layout)
{
	size_t sum = 0;

	for (size_t i = 0; i < table->column_count; i++)
		sum += layout->place[i] == TABLE_BESIDE ? layout->width[i] + GAP : 0;
	return sum > 0 ? sum - GAP : 0;
}

/* Moves the column of the greatest rank below. False: all that are left stay beside. */
static bool move_below(const struct table *table, struct table_layout *layout)
{
	size_t which = 0;
	unsigned rank = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		if (layout->place[i] == TABLE_BESIDE && table->columns[i].rank > rank) {
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

void table_fit(const struct table *table, const size_t *widest, size_t width,
	       struct table_layout *ret_layout)
{
	struct table_layout layout = {};
	size_t wanted[TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < table->column_count; i++) {
		size_t title = text_width(table->columns[i].title);
		size_t least = table->columns[i].least;

		layout.place[i] = widest[i] > 0 ? TABLE_BESIDE : TABLE_NOWHERE;
		wanted[i] = widest[i] > title ? widest[i] : title;
		if (width == 0)
			layout.width[i] =
				smaller(wanted[i], title > ALIGNED_MAX ? title : ALIGNED_MAX);
		else
			layout.width[i] = smaller(wanted[i], least > title ? least : title);
	}
	if (width > 0) {
		while (taken(table, &layout) > width && move_below(table, &layout))
			;
		squeeze(table, &layout, width);
		stretch(table, wanted, width, &layout);
	}
	*ret_layout = layout;
}
