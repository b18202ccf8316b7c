/* People, and who names them. */
#include <stdlib.h>

#include "base/utf8.h"
#include "lint/checks.h"

struct known {
	struct slice folded, id;
	uint32_t index;
	bool used;
};

struct people {
	struct lint *lint;
	struct known *all; /* by folded id, id and place */
	size_t count;
	struct strbuf rich, folded; /* of what is looked at */
};

static int compare_ids(struct slice folded, struct slice id, const struct known *known)
{
	int result = slice_compare(folded, known->folded);

	return result != 0 ? result : slice_compare(id, known->id);
}

static int compare_known(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int result = compare_ids(x->folded, x->id, y);

	if (result == 0)
		result = x->index < y->index ? -1 : 1;
	return result;
}

/* The first person of exactly that id, or NULL. */
static struct known *find(struct people *people, struct slice id)
{
	size_t low = 0, high = people->count;
	struct slice folded;
	char *space;

	people->folded.n = 0;
	space = id.n > 0 ? strbuf_extend(&people->folded, id.n) : NULL;
	if (!space)
		return NULL;
	utf8_fold(id, space);
	folded = strbuf_slice(&people->folded);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_ids(folded, id, &people->all[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == people->count || !slice_eq(people->all[low].id, id))
		return NULL;
	return &people->all[low];
}

/* A reference's person is used, and must be there; where the document has no people, none is. */
static void follow(struct people *people, enum lint_subject subject, size_t index,
		   struct slice rich)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		struct known *known;
		bool failed = false;

		if (run.kind != RICH_REFERENCE || !slice_eq(run.type, SLICE("person")))
			continue;
		known = find(people, run.data);
		if (known) {
			known->used = true;
			continue;
		}
		lint_report(people->lint, PERSON_MISSING, subject, index,
			    arena_copy(&people->lint->arena, run.data, &failed), NOBODY);
		people->lint->failed = people->lint->failed || failed;
	}
}

static void follow_row(struct people *people, size_t index)
{
	struct row row = registry_row(people->lint->registry, index);

	for (unsigned i = COLUMN_DESCRIPTION; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;

		if (row.shown[i].n == 0 || (column == COLUMN_ASSIGNEE && !row.assignee_given) ||
		    slice_find_byte(row.shown[i], '[') == (size_t)-1)
			continue;
		people->rich.n = 0;
		row_rich(&row, column, &people->rich);
		follow(people, LINT_ROW, index, strbuf_slice(&people->rich));
	}
}

static void follow_all(struct people *people)
{
	const struct registry *registry = people->lint->registry;

	for (size_t i = 0; i < registry->row_count && !people->lint->failed; i++)
		follow_row(people, i);
	follow(people, LINT_HEADER, 0, registry->header.expert);
	follow(people, LINT_HEADER, 0, registry->header.references);
	for (size_t i = 0; i < registry->note_count; i++)
		follow(people, LINT_HEADER, 0, registry->notes[i].text);
	for (size_t i = 0; i < registry->footnote_count; i++)
		follow(people, LINT_HEADER, 0, registry->footnotes[i].text);
}

static bool is_mail_byte(char c)
{
	return byte_is_letter(c) || byte_is_digit(c) ||
	       slice_find_byte(SLICE("!#$%'*+/=?^_`{|}~.-"), c) != (size_t)-1;
}

/* "local&host.example", as the publisher writes addresses: two labels or more. */
static bool is_mail(struct slice text)
{
	struct slice host = text, local = slice_cut(&host, '&');
	size_t labels = 0;

	for (size_t i = 0; i < local.n; i++) {
		if (!is_mail_byte(local.p[i]))
			return false;
	}
	while (host.p) {
		struct slice label = slice_cut(&host, '.');

		for (size_t i = 0; i < label.n; i++) {
			if (!byte_is_letter(label.p[i]) && !byte_is_digit(label.p[i]) &&
			    label.p[i] != '-')
				return false;
		}
		if (label.n == 0)
			return false;
		labels++;
	}
	return local.n > 0 && labels >= 2;
}

static void check_uris(struct lint *lint, size_t index, struct slice uris)
{
	struct slice scheme = SLICE("mailto:");

	if (!uris.p)
		lint_person(lint, PERSON_URI_NONE, index, SLICE_NONE);
	while (uris.p) {
		struct slice uri = slice_cut(&uris, 0x07); /* rich text's boundary */

		if (!slice_starts(uri, scheme))
			lint_person(lint, PERSON_URI_KIND, index, uri);
		else if (!is_mail(slice_skip(uri, scheme.n)))
			lint_person(lint, PERSON_URI_FORM, index, uri);
	}
}

static void check_people(struct people *people)
{
	const struct registry *registry = people->lint->registry;
	struct slice folded[2] = {};

	for (size_t i = 0; i < registry->person_count; i++) {
		const struct person *person = &registry->people[i];

		folded[1] = folded[0];
		folded[0] = lint_fold(people->lint, person->id);
		if (i > 0 && slice_compare(folded[1], folded[0]) > 0)
			lint_report(people->lint, ORDER_PEOPLE, LINT_PERSON, i, SLICE_NONE, i - 1);
		if (person->name.n == 0 && person->organization.n == 0)
			lint_person(people->lint, PERSON_NAMELESS, i, SLICE_NONE);
		check_uris(people->lint, i, person->uri);
	}
}

static void check_ids(struct people *people)
{
	for (size_t i = 0; i < people->count; i++) {
		const struct known *known = &people->all[i];
		const struct known *before = i > 0 ? known - 1 : NULL;

		if (before && slice_eq(before->id, known->id))
			lint_report(people->lint, PERSON_TWICE, LINT_PERSON, known->index,
				    SLICE_NONE, before->index);
		else if (!known->used)
			lint_person(people->lint, PERSON_UNUSED, known->index, SLICE_NONE);
		if (before && slice_eq(before->folded, known->folded) &&
		    !slice_eq(before->id, known->id))
			lint_report(people->lint, PERSON_CASE, LINT_PERSON, known->index,
				    SLICE_NONE, before->index);
	}
}

void lint_people(struct lint *lint)
{
	const struct registry *registry = lint->registry;
	struct people people = {.lint = lint, .count = registry->person_count};

	/* A format without people names them all the same. */
	if (people.count == 0)
		return;
	people.all = malloc(people.count * sizeof(*people.all));
	if (!people.all) {
		lint->failed = true;
		return;
	}
	for (size_t i = 0; i < people.count; i++)
		people.all[i] = (struct known){.folded = lint_fold(lint, registry->people[i].id),
					       .id = registry->people[i].id,
					       .index = (uint32_t)i};
	qsort(people.all, people.count, sizeof(*people.all), compare_known);
	if (!lint->failed) {
		follow_all(&people);
		check_people(&people);
		check_ids(&people);
	}
	lint->failed = lint->failed || people.rich.failed || people.folded.failed;
	strbuf_done(&people.rich);
	strbuf_done(&people.folded);
	free(people.all);
}
