#include "history/list.h"

#include "base/hash.h"
#include "base/utf8.h"

/* The columns of rows, after those of the registry. */
enum {
	ROW_ELEMENTS = COLUMN_COUNT,
	ROW_RICH,
	ROW_VERBATIM,
	ROW_NAME_KEY,
	ROW_FIRST_PORT,
	ROW_LAST_PORT,
	ROW_STATE,
};

/* Ends a column's rich text in ROW_RICH; its number plus 'a' stands before it. */
#define RICH_END '\x1e'

static const struct list lists[LIST_COUNT] = {
	[LIST_HEADERS] = {"headers",
			  {{"prolog", LIST_CONTENT},
			   {"id", LIST_CONTENT},
			   {"title", LIST_CONTENT},
			   {"category", LIST_CONTENT},
			   {"reference", LIST_CONTENT},
			   {"expert", LIST_CONTENT},
			   {"header_layout", LIST_CONTENT},
			   {"people_layout", LIST_CONTENT},
			   {"end_layout", LIST_CONTENT}}},
	[LIST_NOTES] = {"notes", {{"title", LIST_CONTENT}, {"note", LIST_CONTENT}}},
	[LIST_FOOTNOTES] = {"footnotes",
			    {{"anchor", LIST_CONTENT},
			     {"note", LIST_CONTENT},
			     {"verbatim", LIST_CONTENT}}},
	[LIST_PEOPLE] = {"people",
			 {{"id", LIST_CONTENT},
			  {"name", LIST_CONTENT},
			  {"organization", LIST_CONTENT},
			  {"uri", LIST_CONTENT},
			  {"updated", LIST_CONTENT},
			  {"verbatim", LIST_CONTENT}}},
	[LIST_ROWS] = {"rows",
		       {{"name", LIST_CONTENT},
			{"port", LIST_CONTENT},
			{"transport", LIST_CONTENT},
			{"description", LIST_CONTENT},
			{"assignee", LIST_CONTENT},
			{"contact", LIST_CONTENT},
			{"registration_date", LIST_CONTENT},
			{"modification_date", LIST_CONTENT},
			{"reference", LIST_CONTENT},
			{"service_code", LIST_CONTENT},
			{"unauthorized_use", LIST_CONTENT},
			{"notes", LIST_CONTENT},
			{"elements", LIST_FORM},
			{"rich", LIST_FORM},
			{"verbatim", LIST_FORM},
			{"name_key", LIST_TEXT},
			{"first_port", LIST_NUMBER},
			{"last_port", LIST_NUMBER},
			{"state", LIST_TEXT}}},
};

const struct list *list_at(enum list_kind kind)
{
	return &lists[kind];
}

size_t list_columns(enum list_kind kind)
{
	size_t count = 0;

	while (count < LIST_COLUMNS_MAX && lists[kind].columns[count].name)
		count++;
	return count;
}

void list_entry_done(struct list_entry *entry)
{
	for (size_t i = 0; i < ARRAY_SIZE(entry->scratch); i++)
		strbuf_done(&entry->scratch[i]);
}

bool list_is_stated(enum list_kind kind, const struct registry *registry, bool is_xml)
{
	if (kind == LIST_HEADERS)
		return is_xml || registry->header.title.p;
	return is_xml || kind == LIST_ROWS || list_size(kind, registry) > 0;
}

size_t list_size(enum list_kind kind, const struct registry *registry)
{
	switch (kind) {
	case LIST_NOTES:
		return registry->note_count;
	case LIST_FOOTNOTES:
		return registry->footnote_count;
	case LIST_PEOPLE:
		return registry->person_count;
	case LIST_ROWS:
		return registry->row_count;
	default:
		return 1;
	}
}

#define UPDATED SLICE("<updated>")

/* A layout without the date in its <updated>, where that is there, into scratch. */
static struct slice without_date(struct slice layout, struct slice updated, struct strbuf *scratch)
{
	size_t at = layout.p ? slice_find(layout, UPDATED) : (size_t)-1;
	struct slice rest;

	if (at == (size_t)-1 || updated.n == 0)
		return layout;
	rest = slice_skip(layout, at + UPDATED.n);
	if (!slice_starts(rest, updated))
		return layout;
	scratch->n = 0;
	strbuf_add(scratch, slice_between(layout.p, rest.p));
	strbuf_add(scratch, slice_skip(rest, updated.n));
	return strbuf_slice(scratch);
}

int list_restore_date(struct registry *registry, struct slice updated)
{
	struct slice *layout = &registry->layout.header;
	struct strbuf whole CLEANUP(strbuf_done) = {};
	size_t at = layout->p ? slice_find(*layout, UPDATED) : (size_t)-1;
	struct slice rest;

	if (registry_keep(registry, updated, &registry->header.updated) < 0)
		return FAULT_MEMORY;
	if (at == (size_t)-1 || updated.n == 0)
		return 0;
	rest = slice_skip(*layout, at + UPDATED.n);
	if (!slice_starts(rest, SLICE("</updated>")))
		return 0;
	strbuf_add(&whole, slice_between(layout->p, rest.p));
	strbuf_add(&whole, updated);
	strbuf_add(&whole, rest);
	return whole.failed ? FAULT_MEMORY : registry_keep(registry, strbuf_slice(&whole), layout);
}

static void read_header(const struct registry *registry, struct list_entry *entry)
{
	const struct registry_header *header = &registry->header;
	const struct registry_layout *layout = &registry->layout;
	const struct slice text[] = {
		header->prolog,
		header->id,
		header->title,
		header->category,
		header->references,
		header->expert,
		without_date(layout->header, header->updated, &entry->scratch[0]),
		layout->people,
		layout->end,
	};

	memcpy(entry->text, text, sizeof(text));
}

/* Rich text that does not follow from what is shown. False: no memory. */
static bool read_rich(const struct row *row, struct list_entry *entry)
{
	struct strbuf *rich = &entry->scratch[0], *read = &entry->scratch[1];

	rich->n = 0;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;

		/* Only these bytes are read as something else. */
		if (!row->rich[i].p || (slice_eq(row->rich[i], row->shown[i]) &&
					slice_find_byte(row->shown[i], '[') == (size_t)-1 &&
					slice_find_byte(row->shown[i], '\n') == (size_t)-1))
			continue;
		read->n = 0;
		rich_read(row->shown[i], column_reading(column), read);
		if (slice_eq(strbuf_slice(read), row->rich[i]))
			continue;
		strbuf_add_byte(rich, (char)('a' + i));
		strbuf_add(rich, row->rich[i]);
		strbuf_add_byte(rich, RICH_END);
	}
	if (rich->failed || read->failed)
		return false;
	entry->text[ROW_RICH] = rich->n > 0 ? strbuf_slice(rich) : SLICE_NONE;
	return true;
}

static int read_row(const struct registry *registry, size_t index, struct list_entry *entry)
{
	const struct row row = registry_row(registry, index);
	struct slice name = row.shown[COLUMN_NAME];
	char *folded;

	memcpy(entry->text, row.shown, sizeof(row.shown));
	if (!read_rich(&row, entry))
		return FAULT_MEMORY;
	entry->text[ROW_ELEMENTS] = row.order;
	entry->text[ROW_VERBATIM] = row.verbatim;
	if (name.n > 0) {
		entry->scratch[1].n = 0;
		folded = strbuf_extend(&entry->scratch[1], name.n);
		if (!folded)
			return FAULT_MEMORY;
		utf8_fold(name, folded);
		entry->text[ROW_NAME_KEY] = (struct slice){folded, name.n};
	}
	entry->number[ROW_FIRST_PORT] = row.first_port;
	entry->number[ROW_LAST_PORT] = row.last_port;
	entry->text[ROW_STATE] = row_state_name(row.state);
	return 0;
}

int list_read(enum list_kind kind, const struct registry *registry, size_t index,
	      struct list_entry *entry)
{
	memset(entry->text, 0, sizeof(entry->text));
	switch (kind) {
	case LIST_ROWS:
		return read_row(registry, index, entry);
	case LIST_PEOPLE: {
		const struct person *person = &registry->people[index];
		const struct slice text[] = {person->id,  person->name,	   person->organization,
					     person->uri, person->updated, person->verbatim};

		memcpy(entry->text, text, sizeof(text));
		return 0;
	}
	case LIST_NOTES:
		entry->text[0] = registry->notes[index].title;
		entry->text[1] = registry->notes[index].text;
		return 0;
	case LIST_FOOTNOTES:
		entry->text[0] = registry->footnotes[index].title;
		entry->text[1] = registry->footnotes[index].text;
		entry->text[2] = registry->footnotes[index].verbatim;
		return 0;
	default:
		read_header(registry, entry);
		return entry->scratch[0].failed ? FAULT_MEMORY : 0;
	}
}

static int append_header(struct registry *registry, const struct slice *text)
{
	struct registry_header *header = &registry->header;
	struct registry_layout *layout = &registry->layout;
	struct slice *const fields[] = {
		&header->prolog,   &header->id,		&header->title,
		&header->category, &header->references, &header->expert,
		&layout->header,   &layout->people,	&layout->end,
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (registry_keep(registry, text[i], fields[i]) < 0)
			return FAULT_MEMORY;
	}
	return 0;
}

/* Rich text of columns as read_rich() puts it together. */
static void split_rich(struct slice rich, struct row *row)
{
	while (rich.n > 1) {
		unsigned column = (unsigned)rich.p[0] - 'a';
		struct slice rest = slice_skip(rich, 1), text = slice_cut(&rest, RICH_END);

		if (column < COLUMN_COUNT)
			row->rich[column] = text;
		rich = rest;
	}
}

static int append_row(struct registry *registry, const struct list_entry *entry,
		      struct fault *fault)
{
	struct row row = {.order = entry->text[ROW_ELEMENTS]};
	int result;

	memcpy(row.shown, entry->text, sizeof(row.shown));
	split_rich(entry->text[ROW_RICH], &row);
	/* As a document says it: by its elements, or where it has none by what they show. */
	row.assignee_given =
		row.order.p ? slice_find_byte(row.order, ROW_ELEMENT_ASSIGNEE) != (size_t)-1
			    : !slice_eq(row.shown[COLUMN_ASSIGNEE], row.shown[COLUMN_CONTACT]);
	if (!row.assignee_given)
		row.shown[COLUMN_ASSIGNEE] = row.rich[COLUMN_ASSIGNEE] = SLICE_NONE;
	result = registry_add_row(registry, &row, fault);
	if (result > 0)
		return fault_set(fault, FAULT_MALFORMED, "a row with a bad %s",
				 column_title((enum column)result).p);
	if (result == 0 && entry->text[ROW_VERBATIM].p &&
	    registry_keep_verbatim(registry, registry->row_count - 1, entry->text[ROW_VERBATIM]) <
		    0)
		return fault_memory(fault);
	return result;
}

static int append_person(struct registry *registry, const struct slice *text, struct fault *fault)
{
	struct person person = {.id = text[0],
				.name = text[1],
				.organization = text[2],
				.uri = text[3],
				.updated = text[4]};
	int result = registry_add_person(registry, &person, fault);

	if (result == 0 &&
	    registry_keep(registry, text[5],
			  &registry->people[registry->person_count - 1].verbatim) < 0)
		return fault_memory(fault);
	return result;
}

static int append_footnote(struct registry *registry, const struct slice *text, struct fault *fault)
{
	int result = registry_add_footnote(registry, text[0], text[1], fault);

	if (result == 0 &&
	    registry_keep(registry, text[2],
			  &registry->footnotes[registry->footnote_count - 1].verbatim) < 0)
		return fault_memory(fault);
	return result;
}

int list_append(enum list_kind kind, struct registry *registry, const struct list_entry *entry,
		struct fault *fault)
{
	switch (kind) {
	case LIST_ROWS:
		return append_row(registry, entry, fault);
	case LIST_PEOPLE:
		return append_person(registry, entry->text, fault);
	case LIST_NOTES:
		return registry_add_note(registry, entry->text[0], entry->text[1], fault);
	case LIST_FOOTNOTES:
		return append_footnote(registry, entry->text, fault);
	default:
		return append_header(registry, entry->text) < 0 ? fault_memory(fault) : 0;
	}
}

/* Absent text is told from empty. */
static void add_hashed(struct strbuf *scratch, struct slice text)
{
	uint32_t length = text.p ? (uint32_t)text.n : UINT32_MAX;

	strbuf_add(scratch, (struct slice){(const char *)&length, sizeof(length)});
	strbuf_add(scratch, text);
}

int list_hash(enum list_kind kind, const struct list_entry *entry, struct strbuf *scratch,
	      struct run_entry *ret_entry)
{
	const struct list_column *columns = lists[kind].columns;
	size_t count = list_columns(kind), form;
	struct run_entry hashed = {};

	scratch->n = 0;
	for (size_t i = 0; i < count; i++) {
		if (columns[i].role == LIST_CONTENT)
			add_hashed(scratch, entry->text[i]);
	}
	hash_wide(strbuf_slice(scratch), hashed.content);
	form = scratch->n;
	for (size_t i = 0; i < count; i++) {
		if (columns[i].role != LIST_FORM)
			continue;
		add_hashed(scratch, entry->text[i]);
		hashed.form_known |= entry->text[i].p != NULL;
	}
	if (hashed.form_known)
		hashed.form = hash_bytes(slice_skip(strbuf_slice(scratch), form));
	if (scratch->failed)
		return FAULT_MEMORY;
	*ret_entry = hashed;
	return 0;
}
