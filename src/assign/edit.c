/* The lines of an edition that is changed, and what becomes of them: the next edition. */
#include "assign/edit.h"

#include <stdlib.h>

int edit_begin(struct edit *edit)
{
	const struct registry *before = edit->before;

	edit->size = before->row_count + 16;
	edit->person_size = before->person_count + 4;
	edit->lines = calloc(edit->size, sizeof(*edit->lines));
	edit->people = calloc(edit->person_size, sizeof(*edit->people));
	if (!edit->lines || !edit->people)
		return fault_memory(edit->fault);
	for (size_t i = 0; i < before->row_count; i++)
		edit->lines[edit->count++].from = i;
	if (before->person_count > 0)
		memcpy(edit->people, before->people, before->person_count * sizeof(*edit->people));
	edit->person_count = before->person_count;
	return 0;
}

void edit_done(struct edit *edit)
{
	arena_done(&edit->arena);
	free(edit->lines);
	free(edit->people);
	free(edit->left);
}

struct row edit_row(const struct edit *edit, size_t index)
{
	const struct edit_line *line = &edit->lines[index];

	return line->made ? *line->made : registry_row(edit->before, line->from);
}

struct slice edit_copy(struct edit *edit, struct slice text)
{
	return arena_copy(&edit->arena, text, &edit->failed);
}

struct slice edit_keep(struct edit *edit, struct strbuf *buffer)
{
	struct slice copy = edit_copy(edit, strbuf_slice(buffer));

	edit->failed |= buffer->failed;
	buffer->n = 0;
	return copy;
}

/* Remembers whom a row refers to that will be another or none. */
static void leave_people(struct edit *edit, const struct row *row)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		struct slice rich = edit_rich(edit, row, (enum column)i);
		struct rich_run run;

		while (rich_next(&rich, &run)) {
			struct slice *grown = edit->left;

			if (run.kind != RICH_REFERENCE || !slice_eq(run.type, SLICE("person")))
				continue;
			if (edit->left_count == edit->left_size) {
				edit->left_size = edit->left_size * 2 + 8;
				grown = realloc(edit->left, edit->left_size * sizeof(*grown));
			}
			if (!grown) {
				edit->left_size = edit->left_count;
				edit->failed = true;
				return;
			}
			edit->left = grown;
			edit->left[edit->left_count++] = run.data;
		}
	}
}

struct row *edit_new_row(struct edit *edit)
{
	struct row *row = arena_alloc(&edit->arena, sizeof(*row));

	if (!row) {
		edit->failed = true;
		return NULL;
	}
	*row = (struct row){.first_port = -1,
			    .last_port = -1,
			    .transport = TRANSPORT_NONE,
			    .state = ROW_RESERVED,
			    .order = {"", 0}};
	return row;
}

struct row *edit_change(struct edit *edit, size_t index)
{
	struct edit_line *line = &edit->lines[index];
	struct row *row = line->made;

	edit->changed = true;
	if (row)
		return row;
	row = edit_new_row(edit);
	if (!row)
		return NULL;
	*row = edit_row(edit, index);
	row->verbatim = SLICE_NONE;
	leave_people(edit, row);
	line->made = row;
	return row;
}

void edit_insert(struct edit *edit, size_t index, struct row *row)
{
	if (!row)
		return;
	if (edit->count == edit->size) {
		size_t size = edit->size * 2;
		struct edit_line *lines = realloc(edit->lines, size * sizeof(*lines));

		if (!lines) {
			edit->failed = true;
			return;
		}
		edit->lines = lines;
		edit->size = size;
	}
	memmove(&edit->lines[index + 1], &edit->lines[index],
		(edit->count - index) * sizeof(*edit->lines));
	edit->lines[index] = (struct edit_line){.made = row};
	edit->count++;
	edit->changed = true;
}

void edit_drop(struct edit *edit, size_t index)
{
	struct row row = edit_row(edit, index);

	leave_people(edit, &row);
	edit->count--;
	memmove(&edit->lines[index], &edit->lines[index + 1],
		(edit->count - index) * sizeof(*edit->lines));
	edit->changed = true;
}

/*
 * A document whose footnotes or people stand between its rows has them in the bytes of a row: its
 * layout is not kept.
 */
static bool keeps_layout(const struct registry *before)
{
	for (size_t i = 0; i < before->footnote_count; i++) {
		if (before->footnotes[i].verbatim.p && before->footnotes[i].verbatim.n == 0)
			return false;
	}
	return !before->layout.people.p || before->layout.people.n > 0;
}

/* The header's bytes with the new date in place of the old; absent where it is not found there. */
static struct slice redate(struct edit *edit, struct slice bytes, struct slice old,
			   struct slice day)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	size_t at;

	if (!bytes.p || !old.p)
		return SLICE_NONE;
	strbuf_printf(&text, "<updated>%.*s</updated>", (int)old.n, old.p);
	at = slice_find(bytes, strbuf_slice(&text));
	if (at == (size_t)-1 || text.failed)
		return SLICE_NONE;
	at += SLICE("<updated>").n;
	text.n = 0;
	strbuf_add(&text, (struct slice){bytes.p, at});
	strbuf_add(&text, day);
	strbuf_add(&text, slice_skip(bytes, at + old.n));
	return edit_keep(edit, &text);
}

static int keep_all(struct registry *registry, struct slice *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (registry_keep(registry, *texts[i], texts[i]) < 0)
			return FAULT_MEMORY;
	}
	return 0;
}

static int copy_header(struct edit *edit, struct registry *after, bool layout)
{
	const struct registry *before = edit->before;
	struct registry_header *header = &after->header;
	struct registry_layout *parts = &after->layout;
	struct slice *const texts[] = {
		&header->prolog,     &header->id,     &header->title, &header->category,
		&header->updated,    &header->expert, &parts->header, &parts->people,
		&header->references, &parts->end,
	};
	struct slice day = edit->options->day;
	int result;

	*header = before->header;
	header->updated = day;
	if (layout)
		parts->header = redate(edit, before->layout.header, before->header.updated, day);
	/* A list of people that begins or ceases to be is as usual. */
	if (layout && (before->person_count > 0) == (edit->person_count > 0)) {
		parts->people = before->layout.people;
		parts->end = before->layout.end;
	}
	result = keep_all(after, texts, ARRAY_SIZE(texts));
	for (size_t i = 0; i < before->note_count && result == 0; i++)
		result = registry_add_note(after, before->notes[i].title, before->notes[i].text,
					   edit->fault);
	for (size_t i = 0; i < before->footnote_count && result == 0; i++) {
		const struct registry_note *note = &before->footnotes[i];

		result = registry_add_footnote(after, note->title, note->text, edit->fault);
		if (result == 0 && layout)
			result =
				registry_keep(after, note->verbatim, &after->footnotes[i].verbatim);
	}
	return result;
}

static int copy_row(struct edit *edit, size_t index, struct registry *after, bool layout)
{
	struct row row = edit_row(edit, index);
	int result = registry_add_row(after, &row, edit->fault);

	if (result == 0 && layout && row.verbatim.p)
		result = registry_keep_verbatim(after, after->row_count - 1, row.verbatim);
	/* Ports and transports were read from a registry, or made here. */
	return result > 0 ? fault_set(edit->fault, FAULT_MALFORMED, "a row's %s is malformed",
				      column_title((enum column)result).p)
			  : result;
}

static int copy_people(struct edit *edit, struct registry *after, bool layout)
{
	int result = 0;

	for (size_t i = 0; i < edit->person_count && result == 0; i++) {
		const struct person *person = &edit->people[i];

		result = registry_add_person(after, person, edit->fault);
		if (result == 0 && layout)
			result = registry_keep(after, person->verbatim, &after->people[i].verbatim);
	}
	return result;
}

int edit_finish(struct edit *edit, struct registry **ret_after)
{
	struct registry *after CLEANUP(registry_freep) = registry_new();
	bool layout = keeps_layout(edit->before);
	int result;

	edit_forget_people(edit);
	if (!after || edit->failed)
		return fault_memory(edit->fault);
	result = copy_header(edit, after, layout);
	for (size_t i = 0; i < edit->count && result == 0; i++)
		result = copy_row(edit, i, after, layout);
	if (result == 0)
		result = copy_people(edit, after, layout);
	if (result == FAULT_MEMORY || edit->failed)
		return fault_memory(edit->fault);
	if (result < 0)
		return result;
	*ret_after = take(after);
	return 0;
}
