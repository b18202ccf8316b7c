/* Lists of changes: JSON, unified text, Markdown. */
#include "render/changes.h"

#include <errno.h>

#include "render/render.h"

static void put_rows(struct out *out, struct slice key, const struct registry *registry,
		     const uint32_t *rows, uint32_t count)
{
	out_printf(out, ",\"%.*s\":[", (int)key.n, key.p);
	for (uint32_t i = 0; i < count; i++) {
		struct row row = registry_row(registry, rows[i]);

		out_put(out, i > 0 ? SLICE(",") : SLICE(""));
		render_json_row(out, &row);
	}
	out_byte(out, ']');
}

static void put_row(struct out *out, struct slice key, const struct registry *registry,
		    uint32_t index)
{
	struct row row;

	out_printf(out, ",\"%.*s\":", (int)key.n, key.p);
	if (index == CHANGE_NOTHING) {
		out_put(out, SLICE("null"));
		return;
	}
	row = registry_row(registry, index);
	render_json_row(out, &row);
}

/* The columns in which any pair differs, each as in the first pair that does. */
static void put_columns(struct out *out, const struct changes *changes, const struct change *change)
{
	struct slice separator = SLICE("");

	out_put(out, SLICE(",\"columns\":["));
	for (unsigned column = 0; column < COLUMN_COUNT; column++) {
		struct row old, new;
		uint32_t i = 0;

		if (!(change->columns >> column & 1))
			continue;
		do {
			old = registry_row(changes->before, change->before[i]);
			new = registry_row(changes->after, change->after[i]);
		} while (slice_eq(old.shown[column], new.shown[column]) && ++i < change->pairs);
		out_put(out, separator);
		out_put(out, SLICE("{\"column\":"));
		render_json_text(out, column_key((enum column)column));
		out_put(out, SLICE(",\"before\":"));
		render_json_text(out, old.shown[column]);
		out_put(out, SLICE(",\"after\":"));
		render_json_text(out, new.shown[column]);
		out_byte(out, '}');
		separator = SLICE(",");
	}
	out_byte(out, ']');
}

/* The person or note of an edition that the change is about. */
static void put_other(struct out *out, struct slice key, const struct registry *registry,
		      enum change_subject subject, uint32_t index)
{
	const struct registry_note *note;
	struct strbuf shown = {};

	out_printf(out, ",\"%.*s\":", (int)key.n, key.p);
	if (index == CHANGE_NOTHING) {
		out_put(out, SLICE("null"));
		return;
	}
	if (subject == CHANGE_OF_PERSON) {
		render_json_person(out, &registry->people[index]);
		return;
	}
	note = subject == CHANGE_OF_NOTE ? &registry->notes[index] : &registry->footnotes[index];
	rich_show(note->text, &shown);
	out_put(out, SLICE("{\"title\":"));
	render_json_text(out, note->title);
	out_put(out, SLICE(",\"text\":"));
	render_json_text(out, strbuf_slice(&shown));
	out_byte(out, '}');
	if (shown.failed && !out->error)
		out->error = ENOMEM;
	strbuf_done(&shown);
}

static bool begin_summary(struct out *summary, struct out *out, const struct changes *changes,
			  const struct change *change)
{
	if (out_init_memory(summary) < 0) {
		out->error = out->error ? out->error : ENOMEM;
		return false;
	}
	render_change_summary(summary, changes, change);
	if (summary->error && !out->error)
		out->error = summary->error;
	return true;
}

void render_change_json(struct out *out, const struct changes *changes, const struct change *change)
{
	enum change_subject subject = change_subject(change->kind);
	struct out summary;

	out_put(out, SLICE("{\"kind\":"));
	render_json_text(out, change_kind_name(change->kind));
	out_put(out, SLICE(",\"summary\":"));
	if (!begin_summary(&summary, out, changes, change))
		return;
	render_json_text(out, out_slice(&summary));
	out_done(&summary);
	put_rows(out, SLICE("before"), changes->before, change->before, change->before_count);
	put_rows(out, SLICE("after"), changes->after, change->after, change->after_count);
	put_columns(out, changes, change);
	put_row(out, SLICE("from"), changes->before, change->from);
	put_row(out, SLICE("into"), changes->after, change->into);
	put_other(out, SLICE("old"), changes->before, subject, change->old);
	put_other(out, SLICE("new"), changes->after, subject, change->new);
	out_byte(out, '}');
}

void render_changes_json(struct out *out, const struct changes *changes, bool lines)
{
	if (!lines)
		out_byte(out, '[');
	for (size_t i = 0; i < changes->count; i++) {
		if (!lines)
			out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		render_change_json(out, changes, &changes->all[i]);
		if (lines)
			out_byte(out, '\n');
	}
	if (!lines)
		out_put(out, changes->count > 0 ? SLICE("\n]\n") : SLICE("]\n"));
}

/* A field of a line; blanks that would end it, or control a terminal, are told as in TSV. */
static void put_field(struct out *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == '\\')
			out_put(out, SLICE("\\\\"));
		else if (c == '\n')
			out_put(out, SLICE("\\n"));
		else if (c == '\t')
			out_put(out, SLICE("\\t"));
		else if (c < ' ' || c == 0x7f)
			out_printf(out, "\\x%02x", (unsigned)c);
		else
			out_byte(out, (char)c);
	}
}

static void put_unified_rows(struct out *out, char sign, const struct registry *registry,
			     const uint32_t *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct row row = registry_row(registry, rows[i]);

		out_byte(out, sign);
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			out_put(out, column > 0 ? SLICE("\t") : SLICE(""));
			put_field(out, row.shown[column]);
		}
		out_byte(out, '\n');
	}
}

static void put_unified_texts(struct out *out, char sign, const struct slice *texts, size_t count)
{
	out_byte(out, sign);
	for (size_t i = 0; i < count; i++) {
		out_put(out, i > 0 ? SLICE("\t") : SLICE(""));
		put_field(out, texts[i]);
	}
	out_byte(out, '\n');
}

/* The line of what is no row. */
static void put_unified_other(struct out *out, char sign, const struct registry *registry,
			      enum change_subject subject, uint32_t index)
{
	if (subject == CHANGE_OF_HEADER) {
		const struct registry_header *header = &registry->header;

		put_unified_texts(out, sign,
				  (struct slice[]){header->id, header->title, header->category,
						   header->expert, header->references},
				  5);
	} else if (subject == CHANGE_OF_PERSON && index != CHANGE_NOTHING) {
		const struct person *person = &registry->people[index];

		put_unified_texts(out, sign,
				  (struct slice[]){person->id, person->name, person->organization,
						   person->uri, person->updated},
				  5);
	} else if (subject != CHANGE_OF_ROWS && index != CHANGE_NOTHING) {
		const struct registry_note *note = subject == CHANGE_OF_NOTE
							   ? &registry->notes[index]
							   : &registry->footnotes[index];

		put_unified_texts(out, sign, (struct slice[]){note->title, note->text}, 2);
	}
}

/* "-FIRST,COUNT": lines count from 1; none are before the first. */
static void put_hunk_side(struct out *out, char sign, const uint32_t *rows, uint32_t count,
			  uint32_t others)
{
	out_printf(out, "%c%u,%u ", sign, count > 0 ? (unsigned)rows[0] + 1 : 0,
		   (unsigned)(count + others));
}

void render_changes_unified(struct out *out, const struct changes *changes, struct slice before,
			    struct slice after)
{
	if (changes->count == 0)
		return;
	out_put(out, SLICE("--- "));
	put_field(out, before);
	out_put(out, SLICE("\n+++ "));
	put_field(out, after);
	out_byte(out, '\n');
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->all[i];
		enum change_subject subject = change_subject(change->kind);
		bool header = subject == CHANGE_OF_HEADER;

		out_put(out, SLICE("@@ "));
		put_hunk_side(out, '-', change->before, change->before_count,
			      header || change->old != CHANGE_NOTHING);
		put_hunk_side(out, '+', change->after, change->after_count,
			      header || change->new != CHANGE_NOTHING);
		out_put(out, SLICE("@@ "));
		render_change_summary(out, changes, change);
		out_byte(out, '\n');
		put_unified_other(out, '-', changes->before, subject, change->old);
		put_unified_rows(out, '-', changes->before, change->before, change->before_count);
		put_unified_other(out, '+', changes->after, subject, change->new);
		put_unified_rows(out, '+', changes->after, change->after, change->after_count);
	}
}

void render_markdown_text(struct out *out, struct slice text)
{
	struct slice marks = SLICE("\\`*_[]<>#|~&!{}");
	bool number = true;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		/* What begins a list does so at the start, numbers with a point after them. */
		if (slice_find_byte(marks, c) != (size_t)-1 ||
		    (i == 0 && (c == '-' || c == '+' || c == '=')) ||
		    (number && i > 0 && (c == '.' || c == ')')))
			out_byte(out, '\\');
		number = number && byte_is_digit(c);
		out_byte(out, c == '\n' || c == '\r' ? ' ' : c);
	}
}

static void put_kind(struct out *out, const struct changes *changes, enum change_kind kind,
		     size_t count)
{
	out_put(out, SLICE("\n### "));
	out_put(out, change_kind_title(kind));
	out_printf(out, " (%zu)\n\n", count);
	for (size_t i = 0; i < changes->count; i++) {
		struct out summary;

		if (changes->all[i].kind != kind ||
		    !begin_summary(&summary, out, changes, &changes->all[i]))
			continue;
		out_put(out, SLICE("- "));
		render_markdown_text(out, out_slice(&summary));
		out_byte(out, '\n');
		out_done(&summary);
	}
}

void render_changes_markdown(struct out *out, const struct changes *changes, struct slice before,
			     struct slice after)
{
	size_t counts[CHANGE_KIND_COUNT] = {};

	for (size_t i = 0; i < changes->count; i++)
		counts[changes->all[i].kind]++;
	out_put(out, SLICE("## From "));
	render_markdown_text(out, before);
	out_put(out, SLICE(" to "));
	render_markdown_text(out, after);
	out_printf(out, "\n\n%zu change%s.\n", changes->count, changes->count == 1 ? "" : "s");
	for (unsigned kind = 0; kind < CHANGE_KIND_COUNT; kind++) {
		if (counts[kind] > 0)
			put_kind(out, changes, (enum change_kind)kind, counts[kind]);
	}
}
