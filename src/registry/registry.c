#include "registry/registry.h"

#include <stdlib.h>

#include "base/pages.h"
#include "registry/packed.h"

struct registry *registry_new(void)
{
	return calloc(1, sizeof(struct registry));
}

struct registry *registry_free(struct registry *registry)
{
	if (!registry)
		return NULL;
	arena_done(&registry->arena);
	strbuf_done(&registry->scratch);
	free(registry->notes);
	free(registry->footnotes);
	free(registry->rows);
	free(registry->people);
	free(registry);
	return NULL;
}

void registry_freep(struct registry **registry)
{
	*registry = registry_free(*registry);
}

int registry_keep(struct registry *registry, struct slice text, struct slice *ret_copy)
{
	bool failed = false;

	*ret_copy = arena_copy(&registry->arena, text, &failed);
	return failed ? FAULT_MEMORY : 0;
}

/* Room for one more element; false where memory ran out. */
static bool grow(void **array, size_t count, size_t *size, size_t element)
{
	size_t wanted = *size ? *size + *size / 4 : 16; /* little is left over at the end */
	void *grown;

	if (count < *size)
		return true;
	if (wanted > SIZE_MAX / element)
		return false;
	grown = realloc(*array, wanted * element);
	if (!grown)
		return false;
	pages_expect((char *)grown + count * element, (wanted - count) * element);
	*array = grown;
	*size = wanted;
	return true;
}

#define GROW(array, count, size) grow((void **)&(array), (count), &(size), sizeof(*(array)))

/*
 * The column's shown text, where it has to be made, goes behind what the scratch has. FAULT_LIMIT:
 * the column passes it.
 */
static int show_column(struct strbuf *scratch, struct row *row, enum column column)
{
	struct slice rich = row->rich[column];
	size_t from = scratch->n;

	if (rich.n > REGISTRY_CELL_MAX || row->shown[column].n > REGISTRY_CELL_MAX)
		return FAULT_LIMIT;
	if (!rich.p)
		return 0;
	row->shown[column] = rich;
	if (rich_is_plain(rich))
		return 0;
	rich_show(rich, scratch);
	row->shown[column] = (struct slice){NULL, scratch->n - from};
	if (scratch->failed)
		return FAULT_MEMORY;
	/* Paragraphs and labels show as more than they take. */
	return row->shown[column].n > REGISTRY_CELL_MAX ? FAULT_LIMIT : 0;
}

/* The shown text of rich columns. It is made in one buffer, which moves until all of it is. */
static int show_columns(struct strbuf *scratch, struct row *row, struct fault *fault)
{
	const char *made;

	scratch->n = 0;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;
		int result = show_column(scratch, row, column);

		if (result == FAULT_LIMIT)
			return fault_set(fault, FAULT_LIMIT,
					 "a %s of more than the limit of %d bytes",
					 column_title(column).p, REGISTRY_CELL_MAX);
		if (result < 0)
			return fault_memory(fault);
	}
	made = strbuf_slice(scratch).p;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!row->rich[i].p || row->shown[i].p)
			continue;
		row->shown[i].p = made;
		made += row->shown[i].n;
	}
	return 0;
}

int registry_add_row(struct registry *registry, const struct row *row, struct fault *fault)
{
	struct row shown = *row;
	struct packed_row *packed;
	int result;

	if (registry->row_count >= REGISTRY_ROWS_MAX)
		return fault_set(fault, FAULT_LIMIT, "more than the limit of %d rows",
				 REGISTRY_ROWS_MAX);
	result = show_columns(&registry->scratch, &shown, fault);
	if (result < 0)
		return result;
	if (!shown.assignee_given) {
		shown.shown[COLUMN_ASSIGNEE] = shown.shown[COLUMN_CONTACT];
		shown.rich[COLUMN_ASSIGNEE] = shown.rich[COLUMN_CONTACT];
	}
	shown.verbatim = SLICE_NONE;
	result = row_derive(&shown);
	if (result > 0)
		return result;
	if (!GROW(registry->rows, registry->row_count, registry->row_size))
		return fault_memory(fault);
	packed = packed_row_make(&registry->arena, &shown);
	if (!packed)
		return fault_memory(fault);
	registry->rows[registry->row_count++] = packed;
	return 0;
}

struct row registry_row(const struct registry *registry, size_t index)
{
	return packed_row_open(registry->rows[index]);
}

int registry_keep_verbatim(struct registry *registry, size_t index, struct slice bytes)
{
	struct row row = registry_row(registry, index);
	struct packed_row *packed;

	row.verbatim = bytes;
	packed = packed_row_make(&registry->arena, &row);
	if (!packed)
		return FAULT_MEMORY;
	registry->rows[index] = packed;
	return 0;
}

int registry_add_person(struct registry *registry, const struct person *person, struct fault *fault)
{
	struct person copy = {.at = person->at};

	if (registry->person_count >= REGISTRY_PEOPLE_MAX)
		return fault_set(fault, FAULT_LIMIT, "more than the limit of %d people",
				 REGISTRY_PEOPLE_MAX);
	if (person->name.n > REGISTRY_CELL_MAX || person->organization.n > REGISTRY_CELL_MAX ||
	    person->uri.n > REGISTRY_CELL_MAX || person->id.n > REGISTRY_CELL_MAX ||
	    person->updated.n > REGISTRY_CELL_MAX)
		return fault_set(fault, FAULT_LIMIT,
				 "a person's text of more than the limit of %d bytes",
				 REGISTRY_CELL_MAX);
	if (!GROW(registry->people, registry->person_count, registry->person_size) ||
	    registry_keep(registry, person->id, &copy.id) < 0 ||
	    registry_keep(registry, person->name, &copy.name) < 0 ||
	    registry_keep(registry, person->organization, &copy.organization) < 0 ||
	    registry_keep(registry, person->uri, &copy.uri) < 0 ||
	    registry_keep(registry, person->updated, &copy.updated) < 0)
		return fault_memory(fault);
	registry->people[registry->person_count++] = copy;
	return 0;
}

static int add_note(struct registry *registry, struct registry_note **notes, size_t *count,
		    size_t *size, const struct registry_note *note, struct fault *fault)
{
	struct registry_note copy = {};

	if (*count >= REGISTRY_NOTES_MAX)
		return fault_set(fault, FAULT_LIMIT, "more than the limit of %d notes",
				 REGISTRY_NOTES_MAX);
	if (!GROW(*notes, *count, *size) || registry_keep(registry, note->title, &copy.title) < 0 ||
	    registry_keep(registry, note->text, &copy.text) < 0)
		return fault_memory(fault);
	(*notes)[(*count)++] = copy;
	return 0;
}

int registry_add_note(struct registry *registry, struct slice title, struct slice text,
		      struct fault *fault)
{
	struct registry_note note = {.title = title, .text = text};

	return add_note(registry, &registry->notes, &registry->note_count, &registry->note_size,
			&note, fault);
}

int registry_add_footnote(struct registry *registry, struct slice anchor, struct slice text,
			  struct fault *fault)
{
	struct registry_note note = {.title = anchor, .text = text};

	return add_note(registry, &registry->footnotes, &registry->footnote_count,
			&registry->footnote_size, &note, fault);
}

/* Room for another's elements behind ours, where there are ours; false where memory ran out. */
static bool make_room(void **array, size_t count, size_t more, size_t *size, size_t element)
{
	size_t wanted = count + more;
	void *grown;

	if (count == 0 || wanted <= *size)
		return true;
	grown = realloc(*array, wanted * element);
	if (!grown)
		return false;
	pages_expect((char *)grown + *size * element, (wanted - *size) * element);
	*array = grown;
	*size = wanted;
	return true;
}

/* Where there are none of ours, the arrays change hands. */
static void append(void **array, size_t *count, size_t *size, void **other, size_t *other_count,
		   size_t *other_size, size_t element)
{
	void *ours = *array;
	size_t our_size = *size;

	if (*count > 0 && *other_count > 0)
		memcpy((char *)ours + *count * element, *other, *other_count * element);
	if (*count == 0) {
		*array = *other, *size = *other_size;
		*other = ours, *other_size = our_size;
	}
	*count += *other_count;
	*other_count = 0;
}

#define MAKE_ROOM(registry, other, array, count, size)                                             \
	make_room((void **)&(registry)->array, (registry)->count, (other)->count,                  \
		  &(registry)->size, sizeof(*(registry)->array))

#define APPEND(registry, other, array, count, size)                                                \
	append((void **)&(registry)->array, &(registry)->count, &(registry)->size,                 \
	       (void **)&(other)->array, &(other)->count, &(other)->size,                          \
	       sizeof(*(registry)->array))

static void append_header(struct registry_header *header, struct registry_header *other)
{
	struct slice *const ours[] = {&header->prolog,	 &header->id,	   &header->title,
				      &header->category, &header->updated, &header->references,
				      &header->expert};
	struct slice *const theirs[] = {&other->prolog,	  &other->id,	   &other->title,
					&other->category, &other->updated, &other->references,
					&other->expert};

	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		if (!ours[i]->p)
			*ours[i] = *theirs[i];
	}
	*other = (struct registry_header){};
}

int registry_append(struct registry *registry, struct registry *other)
{
	struct registry empty = {};

	/* Nothing to add to: the whole of other is taken over as it is. */
	if (memcmp(registry, &empty, sizeof(empty)) == 0) {
		*registry = *other;
		*other = empty;
		return 0;
	}
	if (registry->row_count + other->row_count > REGISTRY_ROWS_MAX ||
	    registry->person_count + other->person_count > REGISTRY_PEOPLE_MAX ||
	    registry->note_count + other->note_count > REGISTRY_NOTES_MAX ||
	    registry->footnote_count + other->footnote_count > REGISTRY_NOTES_MAX)
		return FAULT_LIMIT;
	if (!MAKE_ROOM(registry, other, rows, row_count, row_size) ||
	    !MAKE_ROOM(registry, other, people, person_count, person_size) ||
	    !MAKE_ROOM(registry, other, notes, note_count, note_size) ||
	    !MAKE_ROOM(registry, other, footnotes, footnote_count, footnote_size))
		return FAULT_MEMORY;
	APPEND(registry, other, rows, row_count, row_size);
	APPEND(registry, other, people, person_count, person_size);
	APPEND(registry, other, notes, note_count, note_size);
	APPEND(registry, other, footnotes, footnote_count, footnote_size);
	append_header(&registry->header, &other->header);
	arena_adopt(&registry->arena, &other->arena);
	return 0;
}
