/*
 * Rows of both sides become partners: first those that are equal, then by what identifies them,
 * the surest first. Each step hashes what it goes by and sorts; of several rows that are the same
 * to it, the first of one side becomes the partner of the first of the other, and so on.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "changes/work.h"

#define BIT(column) (1u << COLUMN_##column)

enum {
	EVERY = (1u << COLUMN_COUNT) - 1,
	IDENTITY = BIT(NAME) | BIT(PORT) | BIT(TRANSPORT),
	FAR = 8,     /* rows to look ahead for where editions agree again */
	MISSES = 64, /* times that they may not agree in a row */
};

struct step {
	unsigned columns; /* that must be equal */
	bool named;	  /* only rows with a name */
	bool (*fits)(const struct row *a, const struct row *b);
};

struct key {
	uint64_t hash[2];
	uint32_t row;
};

void work_add_number(struct strbuf *key, uint32_t number)
{
	strbuf_add(key, (struct slice){(const char *)&number, sizeof(number)});
}

void work_add_text(struct strbuf *key, struct slice text)
{
	work_add_number(key, (uint32_t)text.n);
	strbuf_add(key, text);
}

static bool columns_equal(const struct row *a, const struct row *b, unsigned columns)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (columns >> i & 1 && !slice_eq(a->shown[i], b->shown[i]))
			return false;
	}
	return true;
}

unsigned work_columns(const struct row *a, const struct row *b)
{
	unsigned columns = 0;

	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		columns |= (unsigned)!slice_eq(a->shown[i], b->shown[i]) << i;
	return columns;
}

static bool same(const struct row *a, const struct row *b, enum column column)
{
	return a->shown[column].n > 0 && slice_eq(a->shown[column], b->shown[column]);
}

/* Whether one of the first of a list of people is in the other, too. */
static bool share_person(struct slice list, struct slice other)
{
	for (unsigned i = 0; i < 8 && list.n > 0 && other.n > 0; i++) {
		size_t end = slice_find_byte(list, ']');

		if (end == (size_t)-1)
			break;
		if (slice_find(other, (struct slice){list.p, end + 1}) != (size_t)-1)
			return true;
		list = slice_skip(list, end + 1);
	}
	return false;
}

bool work_is_similar(const struct row *a, const struct row *b)
{
	return same(a, b, COLUMN_DESCRIPTION) || same(a, b, COLUMN_REGISTERED) ||
	       share_person(a->shown[COLUMN_ASSIGNEE], b->shown[COLUMN_ASSIGNEE]) ||
	       share_person(a->shown[COLUMN_CONTACT], b->shown[COLUMN_CONTACT]);
}

/* Without a port, only a description that is the same says that a name is another's. */
static bool is_other_name(const struct row *a, const struct row *b)
{
	return a->first_port < 0 && same(a, b, COLUMN_DESCRIPTION);
}

static const struct step steps[] = {
	{EVERY, false, NULL},
	{IDENTITY, false, NULL},
	{BIT(PORT) | BIT(TRANSPORT), true, work_is_similar},
	{BIT(PORT) | BIT(TRANSPORT) | BIT(DESCRIPTION) | BIT(CONTACT) | BIT(REGISTERED), true,
	 is_other_name},
	{BIT(NAME) | BIT(TRANSPORT), true, NULL},
	{BIT(NAME) | BIT(PORT), true, NULL},
	{BIT(NAME), true, NULL},
	{BIT(PORT) | BIT(TRANSPORT), true, NULL},
};

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	for (unsigned i = 0; i < 2; i++) {
		if (x->hash[i] != y->hash[i])
			return x->hash[i] < y->hash[i] ? -1 : 1;
	}
	return x->row < y->row ? -1 : x->row > y->row;
}

/* The keys of the rows without a partner, in order; their number. */
static size_t make_keys(struct work *work, const struct side *side, const struct step *step,
			struct key *keys)
{
	size_t count = 0;

	for (size_t i = 0; i < side->registry->row_count; i++) {
		struct row row;

		if (side->match[i] != MATCH_NONE)
			continue;
		row = registry_row(side->registry, i);
		if (step->named && row.shown[COLUMN_NAME].n == 0)
			continue;
		work->scratch.n = 0;
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			if (step->columns >> column & 1)
				work_add_text(&work->scratch, row.shown[column]);
		}
		hash_wide(strbuf_slice(&work->scratch), keys[count].hash);
		keys[count++].row = (uint32_t)i;
	}
	qsort(keys, count, sizeof(*keys), compare_keys);
	return count;
}

/* Makes them partners, if they are what the step takes them for. */
static void join(struct work *work, const struct step *step, uint32_t before, uint32_t after)
{
	struct side *sides = work->sides;
	struct row a = registry_row(sides[0].registry, before);
	struct row b = registry_row(sides[1].registry, after);
	enum match match = step->columns == EVERY ? MATCH_EQUAL : MATCH_CHANGED;

	if (!columns_equal(&a, &b, step->columns) || (step->fits && !step->fits(&a, &b)))
		return;
	/* A name and no port says nothing about another name. */
	if (a.first_port < 0 && !(step->columns & BIT(NAME)) && !step->fits)
		return;
	sides[0].partner[before] = after;
	sides[1].partner[after] = before;
	sides[0].match[before] = sides[1].match[after] = (uint8_t)match;
}

static bool is_same_key(const struct key *a, const struct key *b)
{
	return a->hash[0] == b->hash[0] && a->hash[1] == b->hash[1];
}

static void take_step(struct work *work, const struct step *step, struct key *a, struct key *b)
{
	size_t i = 0, j = 0, a_count = make_keys(work, &work->sides[0], step, a);
	size_t b_count = make_keys(work, &work->sides[1], step, b);

	while (i < a_count && j < b_count) {
		if (is_same_key(&a[i], &b[j])) {
			join(work, step, a[i++].row, b[j++].row);
			continue;
		}
		/* Rows that the other side has fewer of are passed over. */
		if (a[i].hash[0] != b[j].hash[0] ? a[i].hash[0] < b[j].hash[0]
						 : a[i].hash[1] < b[j].hash[1])
			i++;
		else
			j++;
	}
}

static bool rows_equal(const struct work *work, size_t i, size_t j)
{
	struct row a, b;

	if (i >= work->sides[0].registry->row_count || j >= work->sides[1].registry->row_count)
		return false;
	a = registry_row(work->sides[0].registry, i);
	b = registry_row(work->sides[1].registry, j);
	return columns_equal(&a, &b, EVERY);
}

/* How far to go on each side for rows that are equal again, if that is not far. */
static void find_again(const struct work *work, size_t i, size_t j, size_t *ret_a, size_t *ret_b)
{
	for (size_t sum = 1; sum <= FAR; sum++) {
		for (size_t a = 0; a <= sum; a++) {
			if (rows_equal(work, i + a, j + sum - a)) {
				*ret_a = a;
				*ret_b = sum - a;
				return;
			}
		}
	}
	*ret_a = *ret_b = 1;
}

/*
 * Nearly all rows of neighbouring editions are equal and in the same order: they are found by
 * going along both. What this misses the first step finds.
 */
static void go_along(struct work *work)
{
	size_t i = 0, j = 0, a, b;
	unsigned misses = 0;

	while (i < work->sides[0].registry->row_count && j < work->sides[1].registry->row_count &&
	       misses < MISSES) {
		if (rows_equal(work, i, j)) {
			join(work, &steps[0], (uint32_t)i++, (uint32_t)j++);
			misses = 0;
			continue;
		}
		find_again(work, i, j, &a, &b);
		misses += a == 1 && b == 1;
		i += a;
		j += b;
	}
}

void work_pair_rows(struct work *work)
{
	size_t most = work->sides[0].registry->row_count;
	struct key *a, *b;

	if (work->sides[1].registry->row_count > most)
		most = work->sides[1].registry->row_count;
	a = malloc((most + 1) * sizeof(*a));
	b = malloc((most + 1) * sizeof(*b));
	if (!a || !b)
		work->failed = true;
	else
		go_along(work);
	for (size_t i = 0; i < ARRAY_SIZE(steps) && !work->failed; i++) {
		take_step(work, &steps[i], a, b);
		work->failed = work->scratch.failed;
	}
	free(a);
	free(b);
}
