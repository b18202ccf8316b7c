/*
 * Contacts and assignees: found by name and address, changed where they are the same with another
 * address, added by an id of the publisher's kind, and forgotten where no row speaks of them any
 * more.
 */
#include "assign/edit.h"

#include <stdlib.h>

#include "base/utf8.h"

/* What an application says of somebody; absent where it does not. */
struct said {
	struct slice name, organization, email;
};

bool edit_has_person(const struct edit *edit, struct slice id)
{
	for (size_t i = 0; i < edit->person_count; i++) {
		if (slice_eq(edit->people[i].id, id))
			return true;
	}
	return false;
}

static struct person *find(const struct edit *edit, struct slice id)
{
	for (size_t i = 0; i < edit->person_count && id.p; i++) {
		if (slice_eq(edit->people[i].id, id))
			return &edit->people[i];
	}
	return NULL;
}

/* As the publisher writes addresses: "mailto:user&host.example". */
static struct slice uri_of(struct edit *edit, struct slice email)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	if (!email.p)
		return SLICE_NONE;
	strbuf_add(&text, SLICE("mailto:"));
	for (size_t i = 0; i < email.n; i++)
		strbuf_add_byte(&text, email.p[i] == '@' ? '&' : email.p[i]);
	return edit_keep(edit, &text);
}

static bool same(struct slice a, struct slice b)
{
	return !a.p == !b.p && utf8_fold_eq(a, b);
}

/* Whether it is the very one: an organization that is not said of somebody with a name may be any.
 */
static bool is_said(const struct person *person, const struct said *said, struct slice uri)
{
	return same(person->name, said->name) && same(person->uri, uri) &&
	       (same(person->organization, said->organization) ||
		(!said->organization.p && said->name.p));
}

static bool id_is_taken(const struct edit *edit, struct slice id)
{
	for (size_t i = 0; i < edit->person_count; i++) {
		if (utf8_fold_eq(edit->people[i].id, id))
			return true;
	}
	return false;
}

/* The name, or else the organization, or else the address, as an id. */
static void write_id(struct strbuf *id, const struct said *said)
{
	struct slice text = said->name.p	   ? said->name
			    : said->organization.p ? said->organization
						   : said->email;
	bool between = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '@')
			break;
		if (c == '\'')
			continue;
		if (!byte_is_letter(c) && !byte_is_digit(c) && c > 0 && c != '-') {
			between = id->n > 0;
			continue;
		}
		if (between || (id->n == 0 && byte_is_digit(c)))
			strbuf_add_byte(id, '_');
		strbuf_add_byte(id, c);
		between = false;
	}
	if (id->n == 0)
		strbuf_add(id, SLICE("_"));
}

static struct slice new_id(struct edit *edit, const struct said *said)
{
	struct strbuf id CLEANUP(strbuf_done) = {};
	size_t n;

	write_id(&id, said);
	n = id.n;
	for (unsigned number = 2; id_is_taken(edit, strbuf_slice(&id)) && !id.failed; number++) {
		id.n = n;
		strbuf_add_byte(&id, '_');
		strbuf_add_uint(&id, number);
	}
	return edit_keep(edit, &id);
}

void edit_add_person(struct edit *edit, const struct person *person)
{
	bool *before = arena_alloc(&edit->arena, edit->person_count + 1);
	size_t place;

	if (edit->person_count == edit->person_size) {
		size_t size = edit->person_size * 2;
		struct person *people = realloc(edit->people, size * sizeof(*people));

		if (!people) {
			edit->failed = true;
			return;
		}
		edit->people = people;
		edit->person_size = size;
	}
	if (!before) {
		edit->failed = true;
		return;
	}
	for (size_t i = 0; i < edit->person_count; i++)
		before[i] = edit_compare_names(edit->people[i].id, person->id) <= 0;
	place = edit_seek(before, edit->person_count);
	memmove(&edit->people[place + 1], &edit->people[place],
		(edit->person_count - place) * sizeof(*edit->people));
	edit->people[place] = *person;
	edit->person_count++;
	edit->changed = true;
}

/* Makes a person what is said of them. */
static void change_person(struct edit *edit, struct person *person, const struct said *said,
			  struct slice uri)
{
	bool differs =
		(said->name.p && !slice_eq(person->name, said->name)) ||
		(said->organization.p && !slice_eq(person->organization, said->organization)) ||
		(uri.p && !same(person->uri, uri));

	if (!differs)
		return;
	if (said->name.p)
		person->name = said->name;
	if (said->organization.p)
		person->organization = said->organization;
	if (uri.p)
		person->uri = uri;
	person->updated = edit->options->day;
	person->verbatim = SLICE_NONE;
	edit->changed = true;
}

/* Whether it is the one who is there now, with something new. */
static bool is_present(const struct person *present, const struct said *said)
{
	if (!present)
		return false;
	if (said->name.p)
		return same(present->name, said->name);
	return !said->organization.p ||
	       (!present->name.p && same(present->organization, said->organization));
}

/* The id of somebody; absent: it is said of nobody. */
static struct slice identify(struct edit *edit, const struct said *said, struct slice id,
			     struct slice present_id)
{
	struct slice uri = uri_of(edit, said->email);
	struct person *person = find(edit, id), *present = find(edit, present_id);

	if (!id.p && !said->name.p && !said->organization.p && !said->email.p)
		return SLICE_NONE;
	if (!id.p && is_present(present, said))
		person = present;
	for (size_t i = 0; i < edit->person_count && !id.p && !person; i++) {
		if (is_said(&edit->people[i], said, uri))
			person = &edit->people[i];
	}
	if (person) {
		change_person(edit, person, said, uri);
		return person->id;
	}
	struct person added = {.id = id.p ? id : new_id(edit, said),
			       .name = said->name,
			       .organization = said->organization,
			       .uri = uri,
			       .updated = edit->options->day};
	edit_add_person(edit, &added);
	return added.id;
}

void edit_people(struct edit *edit, struct slice present_assignee, struct slice present_contact,
		 struct slice *ret_assignee, struct slice *ret_contact)
{
	const struct assign_options *options = edit->options;
	struct said assignee = {edit_field(edit, FIELD_ASSIGNEE_NAME),
				edit_field(edit, FIELD_ASSIGNEE_ORGANIZATION),
				edit_field(edit, FIELD_ASSIGNEE_EMAIL)};
	struct said contact = {edit_field(edit, FIELD_CONTACT_NAME),
			       edit_field(edit, FIELD_CONTACT_ORGANIZATION),
			       edit_field(edit, FIELD_CONTACT_EMAIL)};
	bool both = assignee.name.p && same(assignee.name, contact.name) &&
		    (!contact.email.p || same(assignee.email, contact.email)) &&
		    (!contact.organization.p || same(assignee.organization, contact.organization));

	*ret_assignee = identify(edit, &assignee, options->assignee, present_assignee);
	if (both && !options->contact.p)
		*ret_contact = *ret_assignee;
	else
		*ret_contact = identify(edit, &contact, options->contact, present_contact);
}

/* By the address, or, where none is said, by the name. */
static bool is_of(const struct person *person, struct slice name, struct slice email,
		  struct slice uri)
{
	struct slice rest = person->uri;

	while (email.p && rest.p) {
		if (utf8_fold_eq(slice_cut(&rest, '\7'), uri))
			return true;
	}
	return !email.p && name.p && utf8_fold_eq(person->name, name);
}

bool edit_is_held(struct edit *edit, const struct row *row)
{
	static const enum application_field said[][2] = {
		{FIELD_ASSIGNEE_NAME, FIELD_ASSIGNEE_EMAIL},
		{FIELD_CONTACT_NAME, FIELD_CONTACT_EMAIL}};
	static const enum column columns[] = {COLUMN_ASSIGNEE, COLUMN_CONTACT};

	for (size_t i = 0; i < ARRAY_SIZE(said) * ARRAY_SIZE(columns); i++) {
		struct slice name = edit_field(edit, said[i / 2][0]);
		struct slice email = edit_field(edit, said[i / 2][1]);
		struct slice uri = uri_of(edit, email), rich = edit_rich(edit, row, columns[i % 2]);
		struct rich_run run;

		while (rich_next(&rich, &run)) {
			const struct person *person =
				run.kind == RICH_REFERENCE && slice_eq(run.type, SLICE("person"))
					? find(edit, run.data)
					: NULL;

			if (person && is_of(person, name, email, uri))
				return true;
		}
	}
	return false;
}

struct slice edit_person(struct edit *edit, struct slice id)
{
	struct strbuf rich CLEANUP(strbuf_done) = {};

	if (!id.p)
		return SLICE_NONE;
	rich_add_reference(&rich, SLICE("person"), id, SLICE_NONE, SLICE_NONE);
	return edit_keep(edit, &rich);
}

struct slice edit_first_person(struct slice rich)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		if (run.kind == RICH_REFERENCE && slice_eq(run.type, SLICE("person")))
			return run.data;
	}
	return SLICE_NONE;
}

/* Takes those that the text refers to out of the list of those left. */
static void keep_mentioned(struct edit *edit, struct slice rich)
{
	struct rich_run run;

	while (edit->left_count > 0 && rich_next(&rich, &run)) {
		if (run.kind != RICH_REFERENCE || !slice_eq(run.type, SLICE("person")))
			continue;
		for (size_t i = edit->left_count; i-- > 0;) {
			if (slice_eq(edit->left[i], run.data))
				edit->left[i] = edit->left[--edit->left_count];
		}
	}
}

void edit_forget_people(struct edit *edit)
{
	const struct registry *before = edit->before;

	for (size_t i = 0; i < edit->count && edit->left_count > 0; i++) {
		struct row row = edit_row(edit, i);

		for (unsigned column = 0; column < COLUMN_COUNT; column++)
			keep_mentioned(edit, edit_rich(edit, &row, (enum column)column));
	}
	for (size_t i = 0; i < before->note_count; i++)
		keep_mentioned(edit, before->notes[i].text);
	for (size_t i = 0; i < before->footnote_count; i++)
		keep_mentioned(edit, before->footnotes[i].text);
	for (size_t i = edit->person_count; i-- > 0 && edit->left_count > 0;) {
		bool left = false;

		for (size_t k = 0; k < edit->left_count; k++)
			left |= slice_eq(edit->left[k], edit->people[i].id);
		if (!left)
			continue;
		edit->person_count--;
		memmove(&edit->people[i], &edit->people[i + 1],
			(edit->person_count - i) * sizeof(*edit->people));
	}
}
