/* Wording that varies, texts without content, references, and characters that are damaged. */
#include <stdlib.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "lint/checks.h"

/* Whether the words occur, in any letter case. */
static bool has(struct slice text, struct slice words)
{
	for (size_t i = 0; i + words.n <= text.n; i++) {
		if (ascii_fold(text.p[i]) == ascii_fold(words.p[0]) &&
		    utf8_fold_eq((struct slice){text.p + i, words.n}, words))
			return true;
	}
	return false;
}

static void check_state_words(struct lint *lint, size_t index, const struct row *row)
{
	struct slice text = row->shown[COLUMN_DESCRIPTION];

	if (row->state == ROW_ASSIGNED || slice_eq(text, SLICE("Unassigned")) ||
	    slice_eq(text, SLICE("Reserved")))
		return;
	lint_row(lint, has(text, SLICE("unassigned")) ? WORD_UNASSIGNED : WORD_RESERVED, index,
		 text);
}

/* A line feed among the characters, which is not a line break; only rich sources tell them apart.
 */
static bool has_line_feed(const struct row *row, enum column column)
{
	struct slice rich = row->rich[column];
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		if (run.kind == RICH_TEXT && slice_find_byte(run.text, '\n') != (size_t)-1)
			return true;
	}
	return false;
}

/* "version", or "v" and a number, as a word. */
static bool has_version(struct slice text)
{
	for (size_t i = 0; i + 1 < text.n; i++) {
		bool starts =
			i == 0 || !(byte_is_letter(text.p[i - 1]) || byte_is_digit(text.p[i - 1]));
		size_t end = i + 1;

		if (!starts || ascii_fold(text.p[i]) != 'v')
			continue;
		while (end < text.n && byte_is_digit(text.p[end]))
			end++;
		if (end > i + 1 && (end == text.n || !byte_is_letter(text.p[end])))
			return true;
	}
	return lint_has_word(text, SLICE("version"));
}

static void check_words(struct lint *lint, size_t index, const struct row *row)
{
	struct slice description = row->shown[COLUMN_DESCRIPTION];
	struct slice notes = row->shown[COLUMN_NOTES];
	struct slice unauthorized = row->shown[COLUMN_UNAUTHORIZED];

	check_state_words(lint, index, row);
	if (description.n == 0 && row->state == ROW_ASSIGNED)
		lint_row(lint, DESCRIPTION_EMPTY, index, SLICE_NONE);
	if (notes.p && notes.n == 0)
		lint_row(lint, NOTE_EMPTY, index, SLICE_NONE);
	if (has_line_feed(row, COLUMN_DESCRIPTION))
		lint_row(lint, DESCRIPTION_LINE, index, SLICE_NONE);
	if (has_line_feed(row, COLUMN_NOTES))
		lint_row(lint, NOTE_LINE, index, SLICE_NONE);
	if (notes.n > 0 && slice_find(notes, SLICE("Defined TXT Keys")) != (size_t)-1)
		lint_row(lint, WORD_TXT_KEYS, index, SLICE_NONE);
	if (unauthorized.n > 0 && !slice_starts(unauthorized, SLICE("Known Unauthorized Use")))
		lint_row(lint, WORD_UNAUTHORIZED, index, unauthorized);
	if (row->state == ROW_ASSIGNED && has_version(description))
		lint_row(lint, DESCRIPTION_VERSION, index, description);
}

/* The anchors of all footnotes, sorted. */
struct anchors {
	struct slice all[REGISTRY_NOTES_MAX];
	size_t count;
};

static int compare_anchors(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;

	return slice_compare(*x, *y);
}

static void find_anchors(const struct registry *registry, struct anchors *anchors)
{
	anchors->count = registry->footnote_count;
	for (size_t i = 0; i < anchors->count; i++)
		anchors->all[i] = registry->footnotes[i].title;
	qsort(anchors->all, anchors->count, sizeof(*anchors->all), compare_anchors);
}

/* A document without footnotes is of a format, or a page, that leaves them out. */
static bool has_footnote(const struct anchors *anchors, struct slice anchor)
{
	return anchors->count == 0 || bsearch(&anchor, anchors->all, anchors->count,
					      sizeof(*anchors->all), compare_anchors);
}

/* "rfc" and a number */
static bool is_rfc(struct slice data)
{
	if (!slice_starts(data, SLICE("rfc")) || data.n == 3)
		return false;
	for (size_t i = 3; i < data.n; i++) {
		if (!byte_is_digit(data.p[i]))
			return false;
	}
	return true;
}

static void check_reference(struct lint *lint, const struct anchors *anchors, size_t index,
			    const struct rich_run *run)
{
	if (slice_eq(run->type, SLICE("draft"))) {
		lint_row(lint, REFERENCE_DRAFT, index, run->data);
	} else if (slice_eq(run->type, SLICE("note"))) {
		if (!has_footnote(anchors, run->data))
			lint_row(lint, REFERENCE_NOTE, index, run->data);
	} else if (slice_eq(run->type, SLICE("rfc"))) {
		if (!is_rfc(run->data))
			lint_row(lint, REFERENCE_RFC, index, run->data);
	} else if (!slice_eq(run->type, SLICE("person")) && !slice_eq(run->type, SLICE("uri")) &&
		   !slice_eq(run->type, SLICE("text"))) {
		lint_row(lint, REFERENCE_TYPE, index, run->type);
	}
}

/* Of what is rich: from shown text references can only be guessed. */
static void check_references(struct lint *lint, const struct anchors *anchors, size_t index,
			     const struct row *row)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		struct slice rich = row->rich[i];
		struct rich_run run;

		if (i == COLUMN_ASSIGNEE && !row->assignee_given)
			continue;
		while (rich_next(&rich, &run)) {
			if (run.kind == RICH_REFERENCE)
				check_reference(lint, anchors, index, &run);
		}
	}
}

static bool has_text(struct slice rich)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		if (run.kind == RICH_TEXT && slice_trim(run.text).n > 0)
			return true;
	}
	return false;
}

/* Columns of nothing but references, in rows that are not from XML. */
static void check_beside(struct lint *lint, size_t index, const struct row *row,
			 struct strbuf *rich)
{
	static const enum column columns[] = {COLUMN_ASSIGNEE, COLUMN_CONTACT, COLUMN_REFERENCE};

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		enum column column = columns[i];

		if (row->order.p || (column == COLUMN_ASSIGNEE && !row->assignee_given))
			continue;
		rich->n = 0;
		row_rich(row, column, rich);
		if (has_text(strbuf_slice(rich)))
			lint_row(lint, REFERENCE_TEXT, index, row->shown[column]);
	}
	lint->failed = lint->failed || rich->failed;
}

static bool is_invisible(uint32_t c)
{
	return c == 0xa0 || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
	       (c >= 0x80 && c <= 0x9f);
}

/*
 * UTF-8 that was read as another character set and written again: as Mac OS Roman its first byte
 * 0xc3 is a square root sign, as Latin-1 its bytes are a capital A with a mark and a control or
 * sign. U+FFFD is what a reader writes who gave up.
 */
static bool is_damaged(uint32_t before, uint32_t c)
{
	return c == 0x221a || c == 0xfffd ||
	       ((before == 0xc2 || before == 0xc3) && c >= 0x80 && c <= 0xbf);
}

enum marks { DAMAGED = 1, INVISIBLE = 2, FOREIGN = 4 };

static unsigned marks_of(struct slice text)
{
	uint32_t before = 0, c;
	unsigned marks = 0;

	for (size_t i = 0; i < text.n;) {
		if ((unsigned char)text.p[i] < 0x80) {
			before = 0;
			i++;
			continue;
		}
		i += utf8_next(slice_skip(text, i), &c);
		marks |= FOREIGN | (is_damaged(before, c) ? DAMAGED : 0) |
			 (is_invisible(c) ? INVISIBLE : 0);
		before = c;
	}
	return marks;
}

static void check_characters(struct lint *lint, enum lint_subject subject, size_t index,
			     const struct slice *texts, size_t count)
{
	unsigned reported = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned marks = marks_of(texts[i]) & ~reported;

		reported |= marks;
		if (marks & DAMAGED)
			lint_report(lint, ENCODING_DAMAGE, subject, index, texts[i], NOBODY);
		if (marks & INVISIBLE)
			lint_report(lint, ENCODING_INVISIBLE, subject, index, texts[i], NOBODY);
	}
}

void lint_texts(struct lint *lint)
{
	const struct registry *registry = lint->registry;
	struct strbuf rich CLEANUP(strbuf_done) = {};
	struct anchors anchors;

	find_anchors(registry, &anchors);
	for (size_t i = 0; i < registry->row_count && !lint->failed; i++) {
		struct row row = registry_row(registry, i);

		check_words(lint, i, &row);
		check_references(lint, &anchors, i, &row);
		check_beside(lint, i, &row, &rich);
		check_characters(lint, LINT_ROW, i, row.shown, COLUMN_COUNT);
		if (marks_of(row.shown[COLUMN_DESCRIPTION]))
			lint_row(lint, ENCODING_DESCRIPTION, i, row.shown[COLUMN_DESCRIPTION]);
	}
	for (size_t i = 0; i < registry->person_count && !lint->failed; i++) {
		const struct person *person = &registry->people[i];
		const struct slice texts[] = {person->id, person->name, person->organization,
					      person->uri};

		check_characters(lint, LINT_PERSON, i, texts, ARRAY_SIZE(texts));
		if (marks_of(person->id))
			lint_person(lint, ENCODING_PERSON, i, person->id);
	}
}
