/* Items: each pair of rows that differ, and each row without a partner, is one of a kind. */
#include <stdlib.h>

#include "base/hash.h"
#include "changes/work.h"

#define BIT(column) (1u << COLUMN_##column)
#define PEOPLE	    (BIT(ASSIGNEE) | BIT(CONTACT))

/* Kinds in which every row of a name and its ports is told with the others, whatever it says. */
static bool is_of_name(enum change_kind kind)
{
	return kind >= CHANGE_ASSIGNED && kind <= CHANGE_DEASSIGNED;
}

static struct slice temporary_words(struct slice text)
{
	return slice_skip(text, text.n > 0 ? slice_find(text, SLICE("TEMPORARY - ")) : 0);
}

bool changes_is_temporary(const struct row *row)
{
	return temporary_words(row->shown[COLUMN_DESCRIPTION]).n > 0 ||
	       temporary_words(row->shown[COLUMN_NOTES]).n > 0;
}

static bool is_extended(const struct row *a, const struct row *b)
{
	return !slice_eq(temporary_words(a->shown[COLUMN_DESCRIPTION]),
			 temporary_words(b->shown[COLUMN_DESCRIPTION])) ||
	       !slice_eq(temporary_words(a->shown[COLUMN_NOTES]),
			 temporary_words(b->shown[COLUMN_NOTES]));
}

/* The next "[reference]" of a list; absent at its end. */
static struct slice next_reference(struct slice *list)
{
	size_t at = list->n > 0 ? slice_find_byte(*list, '[') : (size_t)-1, end;
	struct slice reference;

	if (at == (size_t)-1)
		return SLICE_NONE;
	*list = slice_skip(*list, at);
	end = slice_find_byte(*list, ']');
	end = end == (size_t)-1 ? list->n : end + 1;
	reference = (struct slice){list->p, end};
	*list = slice_skip(*list, end);
	return reference;
}

static bool is_draft(struct slice reference)
{
	return slice_starts(reference, SLICE("[draft-")) || slice_starts(reference, SLICE("[RFC-"));
}

static bool is_rfc(struct slice reference)
{
	return slice_starts(reference, SLICE("[RFC")) && reference.n > 4 &&
	       byte_is_digit(reference.p[4]);
}

/* Whether the list has a reference that passes the test and that the other list has not. */
static bool has_only(struct slice list, struct slice other, bool (*test)(struct slice reference))
{
	struct slice reference;

	while ((reference = next_reference(&list)).n > 0) {
		if (test(reference) && (other.n == 0 || slice_find(other, reference) == (size_t)-1))
			return true;
	}
	return false;
}

static bool is_published(const struct row *a, const struct row *b)
{
	struct slice before = a->shown[COLUMN_REFERENCE], after = b->shown[COLUMN_REFERENCE];

	return has_only(before, after, is_draft) && has_only(after, before, is_rfc);
}

/* Where no assignee is given the contact is shown as such: a new one is a new contact. */
static bool is_assignee(const struct row *a, const struct row *b)
{
	return !slice_eq(a->shown[COLUMN_ASSIGNEE], a->shown[COLUMN_CONTACT]) ||
	       !slice_eq(b->shown[COLUMN_ASSIGNEE], b->shown[COLUMN_CONTACT]);
}

/* Of a pair with the same identity. */
static enum change_kind kind_of_columns(const struct row *a, const struct row *b, unsigned columns)
{
	if (changes_is_temporary(a) && !changes_is_temporary(b))
		return CHANGE_PERMANENT;
	if (changes_is_temporary(a) && is_extended(a, b))
		return CHANGE_EXTENDED;
	if (a->state != b->state)
		return CHANGE_STATE;
	if (columns & BIT(ASSIGNEE) && is_assignee(a, b))
		return CHANGE_ASSIGNEE;
	if (columns & PEOPLE)
		return CHANGE_CONTACT;
	if (columns & BIT(REFERENCE))
		return is_published(a, b) ? CHANGE_PUBLISHED : CHANGE_REFERENCE;
	if (columns & BIT(DESCRIPTION))
		return CHANGE_DESCRIPTION;
	if (columns & BIT(SERVICE_CODE))
		return CHANGE_SERVICE_CODE;
	if (columns & BIT(UNAUTHORIZED))
		return CHANGE_UNAUTHORIZED;
	return columns & BIT(NOTES) ? CHANGE_NOTES : CHANGE_DATES;
}

static enum change_kind kind_of_pair(const struct row *a, const struct row *b, unsigned columns)
{
	if (columns & BIT(NAME))
		return a->first_port < 0 || work_is_similar(a, b) ? CHANGE_RENAMED
								  : CHANGE_REASSIGNED;
	if (columns & BIT(PORT) && a->first_port < 0)
		return CHANGE_PORT_ADDED;
	if (columns & BIT(PORT) && b->first_port < 0)
		return CHANGE_PORT_REMOVED;
	if (columns & BIT(PORT))
		return CHANGE_MOVED;
	return columns & BIT(TRANSPORT) ? CHANGE_TRANSPORT_CHANGED : kind_of_columns(a, b, columns);
}

/* What makes items one change. */
static void make_group(struct work *work, struct item *item, const struct row *a,
		       const struct row *b)
{
	struct strbuf *key = &work->scratch;
	bool of_name = is_of_name(item->kind);
	/* A name that lost (or had its first) ports lost them all together. */
	bool any_port = item->kind == CHANGE_PORT_ADDED || item->kind == CHANGE_PORT_REMOVED;

	key->n = 0;
	work_add_number(key, item->kind);
	work_add_text(key, a ? a->shown[COLUMN_NAME] : b->shown[COLUMN_NAME]);
	work_add_text(key, b ? b->shown[COLUMN_NAME] : a->shown[COLUMN_NAME]);
	work_add_text(key, any_port ? SLICE_NONE : (a ? a : b)->shown[COLUMN_PORT]);
	work_add_text(key, any_port ? SLICE_NONE : (b ? b : a)->shown[COLUMN_PORT]);
	work_add_number(key, of_name ? 0 : item->columns);
	for (unsigned i = 0; i < COLUMN_COUNT && a && b && !of_name; i++) {
		if (item->columns >> i & 1) {
			work_add_text(key, a->shown[i]);
			work_add_text(key, b->shown[i]);
		}
	}
	hash_wide(strbuf_slice(key), item->group);
}

/* People whose id alone is another are told once, with all rows that name them. */
static void make_pair(struct work *work, struct item *item)
{
	struct row a = registry_row(work->sides[0].registry, item->before);
	struct row b = registry_row(work->sides[1].registry, item->after);
	const struct renaming *renaming = NULL;

	item->columns = work_columns(&a, &b);
	item->kind = kind_of_pair(&a, &b, item->columns);
	if (item->columns & PEOPLE && !(item->columns & ~(PEOPLE | BIT(MODIFIED)))) {
		enum column column =
			item->columns & BIT(ASSIGNEE) ? COLUMN_ASSIGNEE : COLUMN_CONTACT;

		renaming = work_renaming(work, a.shown[column], b.shown[column]);
		if (renaming && item->columns & BIT(CONTACT) &&
		    !work_renaming(work, a.shown[COLUMN_CONTACT], b.shown[COLUMN_CONTACT]))
			renaming = NULL;
	}
	if (renaming) {
		item->kind = CHANGE_PERSON_RENAMED;
		item->change = renaming->change;
	} else {
		make_group(work, item, &a, &b);
	}
}

/* What is asked about the name of a row without a partner; whether others of its edition say so. */
struct asked {
	uint64_t hash;
	bool yes;
};

struct question {
	struct asked *asked; /* by hash */
	size_t count;
};

/* The questions of a side. */
struct names {
	struct question stays; /* are there rows of that name and ports that stay? */
	struct question
		portless; /* does (or did) the other edition have that name without a port? */
};

static int compare_asked(const void *a, const void *b)
{
	const struct asked *x = a, *y = b;

	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* The first of that hash; NULL: it is not asked about. */
static struct asked *find_asked(const struct question *question, uint64_t hash)
{
	struct asked wanted = {hash, false};
	struct asked *found = question->count == 0
				      ? NULL
				      : bsearch(&wanted, question->asked, question->count,
						sizeof(wanted), compare_asked);

	return found;
}

static bool is_so(const struct question *question, uint64_t hash)
{
	const struct asked *asked = find_asked(question, hash);

	return asked && asked->yes;
}

static void say_so(struct question *question, uint64_t hash)
{
	struct asked *asked = find_asked(question, hash);

	if (asked)
		asked->yes = true;
}

/* Sorts, and leaves one of each. */
static void order_question(struct question *question)
{
	size_t count = 0;

	qsort(question->asked, question->count, sizeof(*question->asked), compare_asked);
	for (size_t i = 0; i < question->count; i++) {
		if (count == 0 || question->asked[count - 1].hash != question->asked[i].hash)
			question->asked[count++] = question->asked[i];
	}
	question->count = count;
}

static uint64_t hash_name(struct work *work, const struct row *row, bool with_ports)
{
	work->scratch.n = 0;
	work_add_text(&work->scratch, row->shown[COLUMN_NAME]);
	if (with_ports)
		work_add_text(&work->scratch, row->shown[COLUMN_PORT]);
	return hash_bytes(strbuf_slice(&work->scratch));
}

/* Asks about each row of the side that has a name and no partner. */
static void ask(struct work *work, unsigned which, struct names *names)
{
	const struct side *side = &work->sides[which];
	size_t count = 0;

	for (size_t i = 0; i < side->registry->row_count; i++)
		count += side->match[i] == MATCH_NONE;
	names->stays.asked = calloc(count + 1, sizeof(*names->stays.asked));
	names->portless.asked = calloc(count + 1, sizeof(*names->portless.asked));
	if (!names->stays.asked || !names->portless.asked) {
		work->failed = true;
		return;
	}
	for (size_t i = 0; i < side->registry->row_count && count > 0; i++) {
		struct row row;

		if (side->match[i] != MATCH_NONE)
			continue;
		row = registry_row(side->registry, i);
		if (row.shown[COLUMN_NAME].n == 0)
			continue;
		names->stays.asked[names->stays.count++].hash = hash_name(work, &row, true);
		names->portless.asked[names->portless.count++].hash = hash_name(work, &row, false);
	}
	order_question(&names->stays);
	order_question(&names->portless);
}

/* What became of the row's partner answers questions about its name. */
static void answer_row(struct work *work, unsigned which, size_t index, struct names *names)
{
	const struct side *side = &work->sides[which];
	struct row row = registry_row(side->registry, index), other;

	if (row.shown[COLUMN_NAME].n == 0)
		return;
	if (side->match[index] == MATCH_CHANGED) {
		other = registry_row(work->sides[!which].registry, side->partner[index]);
		if (row.first_port >= 0 && other.first_port < 0)
			say_so(&names->portless, hash_name(work, &row, false));
		/* The ports have another service. */
		if (!slice_eq(row.shown[COLUMN_NAME], other.shown[COLUMN_NAME]) &&
		    !work_is_similar(&row, &other))
			return;
	}
	say_so(&names->stays, hash_name(work, &row, true));
}

static void find_names(struct work *work, unsigned which, struct names *names)
{
	const struct side *side = &work->sides[which];

	ask(work, which, names);
	if (work->failed || names->stays.count == 0)
		return;
	for (size_t i = 0; i < side->registry->row_count; i++) {
		if (side->match[i] != MATCH_NONE)
			answer_row(work, which, i, names);
	}
}

/* A row with a name and without a partner: which is 0 when it went, 1 when it came. */
static enum change_kind kind_of_single(struct work *work, unsigned which, const struct row *row,
				       const struct names *names)
{
	bool is_new = which == 1;

	if (row->first_port >= 0 && is_so(&names->portless, hash_name(work, row, false)))
		return is_new ? CHANGE_PORT_ADDED : CHANGE_PORT_REMOVED;
	if (is_so(&names->stays, hash_name(work, row, true)))
		return is_new ? CHANGE_TRANSPORT_ADDED : CHANGE_TRANSPORT_REMOVED;
	if (changes_is_temporary(row))
		return is_new ? CHANGE_ASSIGNED_TEMPORARILY : CHANGE_EXPIRED;
	if (row->first_port < 0)
		return is_new ? CHANGE_NAME_ADDED : CHANGE_NAME_REMOVED;
	return is_new ? CHANGE_ASSIGNED : CHANGE_DEASSIGNED;
}

static void make_single(struct work *work, unsigned which, struct item *item,
			const struct names *names)
{
	uint32_t index = which == 0 ? item->before : item->after;
	struct row row = registry_row(work->sides[which].registry, index);

	item->is_range = row.shown[COLUMN_NAME].n == 0;
	if (item->is_range)
		return;
	item->kind = kind_of_single(work, which, &row, names);
	make_group(work, item, which == 0 ? &row : NULL, which == 1 ? &row : NULL);
}

static size_t count_items(const struct work *work)
{
	size_t count = 0;

	for (size_t i = 0; i < work->sides[0].registry->row_count; i++)
		count += work->sides[0].match[i] != MATCH_EQUAL;
	for (size_t i = 0; i < work->sides[1].registry->row_count; i++)
		count += work->sides[1].match[i] == MATCH_NONE;
	return count;
}

/* Items of the rows before; those that went stand behind the row that they stood behind. */
static void add_before(struct work *work, const struct names *names)
{
	const struct side *side = &work->sides[0];
	uint64_t position = (uint64_t)1 << 32;

	for (uint32_t i = 0; i < side->registry->row_count; i++) {
		struct item *item = &work->items[work->item_count];

		if (side->match[i] != MATCH_NONE)
			position = work_row_position(side->partner[i]);
		if (side->match[i] == MATCH_EQUAL)
			continue;
		*item = (struct item){.position = position,
				      .before = i,
				      .after = CHANGE_NOTHING,
				      .change = CHANGE_NOTHING};
		work->item_count++;
		if (side->match[i] == MATCH_CHANGED) {
			item->after = side->partner[i];
			make_pair(work, item);
		} else {
			item->position += 1 + (uint64_t)i;
			make_single(work, 0, item, names);
		}
	}
}

static void add_after(struct work *work, const struct names *names)
{
	const struct side *side = &work->sides[1];

	for (uint32_t i = 0; i < side->registry->row_count; i++) {
		struct item *item = &work->items[work->item_count];

		if (side->match[i] != MATCH_NONE)
			continue;
		*item = (struct item){.position = work_row_position(i),
				      .before = CHANGE_NOTHING,
				      .after = i,
				      .change = CHANGE_NOTHING};
		work->item_count++;
		make_single(work, 1, item, names);
	}
}

void work_make_items(struct work *work)
{
	struct names names[2] = {};
	size_t count = count_items(work);

	/* Most editions differ in little from the one before. */
	work->items = malloc((count + 1) * sizeof(*work->items));
	if (!work->items)
		work->failed = true;
	for (unsigned which = 0; which < 2 && count > 0 && !work->failed; which++)
		find_names(work, which, &names[which]);
	if (!work->failed) {
		add_before(work, &names[0]);
		add_after(work, &names[1]);
	}
	work->failed = work->failed || work->scratch.failed || work->other.failed;
	for (unsigned which = 0; which < 2; which++) {
		free(names[which].stays.asked);
		free(names[which].portless.asked);
	}
}
