/* What is assigned is renewed, modified or released. */
#include "assign/edit.h"
#include "base/utf8.h"

/* Sets a column and, where that changes something, when that was. */
static void update(struct edit *edit, size_t index, enum column column, struct slice text)
{
	struct row row = edit_row(edit, index), *changed;
	struct slice old = edit_rich(edit, &row, column);

	if (column == COLUMN_ASSIGNEE && !row.assignee_given)
		old = SLICE_NONE;
	if (!old.p == !text.p && slice_eq(old, text))
		return;
	changed = edit_change(edit, index);
	edit_set(edit, changed, column, text);
	edit_set(edit, changed, COLUMN_MODIFIED, edit->options->day);
}

static void set_ports(const struct row *row, struct assign_result *result)
{
	result->first_port = row->first_port;
	result->last_port = row->last_port;
}

/* RFC 7120, section 3.3: another term. */
int edit_renew(struct edit *edit, struct assign_result *result)
{
	static const enum column columns[] = {COLUMN_DESCRIPTION, COLUMN_NOTES};
	size_t subject = edit_subject(edit, 0);
	struct row row;

	if (subject == edit->count)
		return edit_no_subject(edit);
	if (!edit_field(edit, FIELD_EXPIRES).p && edit_term(edit) == 0)
		return fault_set(edit->fault, 1,
				 "say until when it is needed: the policy has no term");
	row = edit_row(edit, subject);
	set_ports(&row, result);
	for (; subject < edit->count; subject = edit_subject(edit, subject + 1)) {
		row = edit_row(edit, subject);
		for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
			struct slice old = edit_rich(edit, &row, columns[i]);
			struct slice text = edit_renewed(edit, old);

			if (text.p)
				update(edit, subject, columns[i], text);
		}
	}
	if (!edit->changed && !edit->failed)
		return edit_conflict(edit, "it is not assigned for a time", &row);
	return 0;
}

/* What an application for a modification says of a column; false: nothing. */
static bool modified_text(struct edit *edit, enum column column, struct slice *ret_text)
{
	const struct slice *values = edit->application->values;

	switch (column) {
	case COLUMN_DESCRIPTION:
		*ret_text = values[FIELD_DESCRIPTION];
		return values[FIELD_DESCRIPTION].p;
	case COLUMN_REFERENCE:
		*ret_text = edit_references(edit);
		return values[FIELD_REFERENCE].p;
	case COLUMN_NOTES:
		*ret_text = edit_notes(edit);
		return values[FIELD_NOTES].p || values[FIELD_TXT_KEYS].p;
	case COLUMN_SERVICE_CODE:
		*ret_text = edit_code(edit);
		return values[FIELD_SERVICE_CODE].p;
	case COLUMN_UNAUTHORIZED:
		*ret_text = edit_unless_none(values[FIELD_UNAUTHORIZED]);
		return values[FIELD_UNAUTHORIZED].p;
	default:
		return false;
	}
}

/* Another name; rows without a port go where it belongs. Returns whether the row went. */
static bool rename_row(struct edit *edit, size_t index, struct slice name)
{
	struct row row = edit_row(edit, index), *moved;

	if (!name.p || slice_eq(row.shown[COLUMN_NAME], name))
		return false;
	update(edit, index, COLUMN_NAME, name);
	if (row.first_port >= 0)
		return false;
	moved = edit->lines[index].made;
	if (!moved || edit->failed)
		return false;
	edit_drop(edit, index);
	edit_put(edit, moved);
	return true;
}

static void modify_row(struct edit *edit, size_t index, const struct assign_result *people)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		struct slice text;

		/* Codes are those of DCCP (RFC 6335, section 8.1.1). */
		if (i == COLUMN_SERVICE_CODE && edit_row(edit, index).transport != TRANSPORT_DCCP)
			continue;
		if (modified_text(edit, (enum column)i, &text))
			update(edit, index, (enum column)i, text);
	}
	if (people->assignee.p)
		update(edit, index, COLUMN_ASSIGNEE, edit_person(edit, people->assignee));
	if (people->contact.p)
		update(edit, index, COLUMN_CONTACT, edit_person(edit, people->contact));
}

/* RFC 6335, section 8.6. Whoever is there already, with another address, gets that. */
int edit_modify(struct edit *edit, struct assign_result *result)
{
	struct slice name = edit_field(edit, FIELD_NAME);
	size_t subject = edit_subject(edit, 0);
	struct row row;
	int conflict;

	if (subject == edit->count)
		return edit_no_subject(edit);
	row = edit_row(edit, subject);
	set_ports(&row, result);
	if (name.p) {
		conflict = edit_check_name(edit, name, row.shown[COLUMN_NAME]);
		if (conflict != 0)
			return conflict;
	}
	conflict = edit_check_code(edit);
	if (conflict != 0)
		return conflict;
	edit_people(edit,
		    row.assignee_given ? edit_first_person(row.rich[COLUMN_ASSIGNEE]) : SLICE_NONE,
		    edit_first_person(edit_rich(edit, &row, COLUMN_CONTACT)), &result->assignee,
		    &result->contact);
	for (; subject < edit->count; subject = edit_subject(edit, subject + 1))
		modify_row(edit, subject, result);
	/* Rows are no subject any more once they have another name. */
	for (subject = edit_subject(edit, 0); name.p && subject < edit->count;) {
		if (rename_row(edit, subject, name))
			subject = edit_subject(edit, 0);
		else
			subject = edit_subject(edit, subject + 1);
	}
	if (!edit->changed && !edit->failed)
		return edit_conflict(edit, "it is like that already", &row);
	return 0;
}

/* "De-assigned on D, previously N by [person]", unless the application says something else. */
static struct slice released_note(struct edit *edit, struct slice name, struct slice person)
{
	struct strbuf rich CLEANUP(strbuf_done) = {};
	struct slice day = edit->options->day;
	bool reuse = edit->application->procedure == PROCEDURE_REUSE;

	/* Of a reuse the notes are those of the service to come. */
	if (!reuse && edit_field(edit, FIELD_NOTES).p)
		return edit_notes(edit);
	strbuf_printf(&rich, "De-assigned on %.*s, previously %.*s", (int)day.n, day.p, (int)name.n,
		      name.p);
	if (person.p) {
		strbuf_add(&rich, SLICE(" by "));
		rich_add_reference(&rich, SLICE("person"), person, SLICE_NONE, SLICE_NONE);
	}
	return edit_keep(edit, &rich);
}

static void make_reserved(struct edit *edit, size_t index, struct slice person)
{
	struct row old = edit_row(edit, index), *row = edit_change(edit, index);
	struct row *reserved = edit_new_row(edit);
	struct slice note = released_note(edit, old.shown[COLUMN_NAME], person);

	if (!row || !reserved)
		return;
	edit_set(edit, reserved, COLUMN_DESCRIPTION, SLICE("Reserved"));
	if (old.transport != TRANSPORT_NONE)
		edit_set(edit, reserved, COLUMN_TRANSPORT, transport_name(old.transport));
	edit_set_ports(edit, reserved, old.first_port, old.last_port);
	edit_set(edit, reserved, COLUMN_NOTES, note);
	edit_set(edit, reserved, COLUMN_MODIFIED, edit->options->day);
	*row = *reserved;
}

/* Whose it was: the assignee, or else a contact, of any of the rows. */
static struct slice holder_of(struct edit *edit)
{
	for (size_t i = edit_subject(edit, 0); i < edit->count; i = edit_subject(edit, i + 1)) {
		struct row row = edit_row(edit, i);
		struct slice id = edit_first_person(edit_rich(edit, &row, COLUMN_ASSIGNEE));

		if (id.p)
			return id;
	}
	return SLICE_NONE;
}

/* A name that has no port any more is kept without one (RFC 6335, section 8.2). */
static void keep_without_port(struct edit *edit, const struct row *old)
{
	struct row *kept = edit_new_row(edit);

	if (!kept)
		return;
	*kept = *old;
	kept->verbatim = SLICE_NONE;
	edit_set_ports(edit, kept, -1, -1);
	/* The publisher says then whose it is, where it was the contact's. */
	if (kept->shown[COLUMN_ASSIGNEE].p)
		edit_set(edit, kept, COLUMN_ASSIGNEE, edit_rich(edit, old, COLUMN_ASSIGNEE));
	edit_set(edit, kept, COLUMN_MODIFIED, edit->options->day);
	if (!kept->shown[COLUMN_NOTES].p)
		edit_set(edit, kept, COLUMN_NOTES, SLICE("Defined TXT keys: None"));
	edit_put(edit, kept);
}

/* Adds what a further row of the name and transport says to the one that is kept. */
static void merge_kept(struct edit *edit, size_t index, const struct row *old)
{
	struct row *kept = edit_change(edit, index);
	struct strbuf text CLEANUP(strbuf_done) = {};

	if (!kept)
		return;
	if (!slice_eq(kept->shown[COLUMN_DESCRIPTION], old->shown[COLUMN_DESCRIPTION])) {
		strbuf_add(&text, edit_rich(edit, kept, COLUMN_DESCRIPTION));
		strbuf_add_byte(&text, '/');
		strbuf_add(&text, edit_rich(edit, old, COLUMN_DESCRIPTION));
		edit_set(edit, kept, COLUMN_DESCRIPTION, edit_keep(edit, &text));
	}
	if (!kept->assignee_given && old->shown[COLUMN_ASSIGNEE].p)
		edit_set(edit, kept, COLUMN_ASSIGNEE, edit_rich(edit, old, COLUMN_ASSIGNEE));
	if (!kept->shown[COLUMN_CONTACT].p && old->shown[COLUMN_CONTACT].p)
		edit_set(edit, kept, COLUMN_CONTACT, edit_rich(edit, old, COLUMN_CONTACT));
}

static void keep_name(struct edit *edit, const struct row *old)
{
	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (row.first_port >= 0 ||
		    !utf8_fold_eq(row.shown[COLUMN_NAME], old->shown[COLUMN_NAME]))
			continue;
		if (row.transport != old->transport)
			continue;
		/* One that was there before is as it is. */
		if (edit->lines[i].made)
			merge_kept(edit, i, old);
		return;
	}
	keep_without_port(edit, old);
}

static bool has_port(const struct edit *edit, struct slice name)
{
	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (row.first_port >= 0 && utf8_fold_eq(row.shown[COLUMN_NAME], name))
			return true;
	}
	return false;
}

static void release_row(struct edit *edit, size_t index, struct slice holder)
{
	struct row row = edit_row(edit, index);

	if (edit->policy->publisher_rules && row.first_port >= 0) {
		make_reserved(edit, index, holder);
		return;
	}
	edit_drop(edit, index);
	if (row.first_port >= 0)
		edit_free_ports(edit, row.first_port, row.last_port);
}

void edit_release_rows(struct edit *edit, int32_t first, int32_t last, bool keep)
{
	struct slice holder = holder_of(edit);
	struct row *rows = NULL;
	size_t count = 0;

	for (size_t i = edit_subject(edit, 0); i < edit->count; i = edit_subject(edit, i + 1))
		count++;
	rows = arena_alloc(&edit->arena, (count + 1) * sizeof(*rows));
	if (!rows) {
		edit->failed = true;
		return;
	}
	count = 0;
	for (size_t i = edit_subject(edit, 0); i < edit->count && !edit->failed;) {
		struct row row = edit_row(edit, i);

		if (first >= 0 && !row_overlaps(&row, first, last)) {
			i = edit_subject(edit, i + 1);
			continue;
		}
		rows[count++] = row;
		release_row(edit, i, holder);
		i = edit_subject(edit, first >= 0 ? i : 0);
	}
	for (size_t i = 0; i < count && keep && !edit->failed; i++) {
		if (rows[i].first_port >= 0 && !has_port(edit, rows[i].shown[COLUMN_NAME]))
			keep_name(edit, &rows[i]);
	}
}

/* RFC 6335, sections 8.2 and 8.4. */
int edit_release(struct edit *edit, struct assign_result *result)
{
	size_t subject = edit_subject(edit, 0);
	struct row row;

	if (subject == edit->count)
		return edit_no_subject(edit);
	row = edit_row(edit, subject);
	set_ports(&row, result);
	edit_release_rows(edit, -1, -1, edit->policy->publisher_rules);
	return 0;
}
