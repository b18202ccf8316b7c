/* A change as one sentence. */
#include <errno.h>

#include "render/changes.h"

#define BIT(column) (1u << COLUMN_##column)

enum {
	SUBJECTS = 6, /* rows that are told one by one; of more, how many there are */
	TEXT = 60,    /* bytes of a text that is quoted, about */
};

/* The rows of one side of a change. */
struct rows {
	const struct registry *registry;
	const uint32_t *rows;
	uint32_t count;
};

static struct rows before(const struct changes *changes, const struct change *change)
{
	return (struct rows){changes->before, change->before, change->before_subjects};
}

static struct rows after(const struct changes *changes, const struct change *change)
{
	return (struct rows){changes->after, change->after, change->after_subjects};
}

/* On one line, blanks as one, not much longer than most bytes. */
static void put_line(struct out *out, struct slice text, size_t most)
{
	bool blank = false, cut = false;

	text = slice_trim(text);
	if (text.n > most) {
		/* Where a character begins. */
		while (most > 0 && ((unsigned char)text.p[most] & 0xc0) == 0x80)
			most--;
		text.n = most;
		cut = true;
	}
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c <= ' ' || c == 0x7f) {
			blank = true;
			continue;
		}
		if (blank)
			out_byte(out, ' ');
		blank = false;
		out_byte(out, (char)c);
	}
	if (cut)
		out_put(out, SLICE("..."));
}

static void put_name(struct out *out, const struct row *row)
{
	put_line(out, row->shown[COLUMN_NAME], 200);
}

static bool same_column(const struct row *a, const struct row *b, enum column column)
{
	return slice_eq(a->shown[column], b->shown[column]);
}

/* "1234/tcp,udp", "1234/tcp 1235/tcp", "tcp,udp" (without a port), or nothing. */
static void put_ports(struct out *out, const struct rows *rows)
{
	struct row previous = {}, row;
	uint32_t told = 0;

	for (uint32_t i = 0; i < rows->count; i++, previous = row) {
		bool same_port;

		row = registry_row(rows->registry, rows->rows[i]);
		same_port = i > 0 && same_column(&previous, &row, COLUMN_PORT);
		if (same_port && (same_column(&previous, &row, COLUMN_TRANSPORT) ||
				  row.transport == TRANSPORT_NONE))
			continue;
		if (told++ == SUBJECTS) {
			out_put(out, SLICE(" and more"));
			return;
		}
		if (!same_port) {
			out_put(out, i > 0 ? SLICE(" ") : SLICE(""));
			out_put(out, row.shown[COLUMN_PORT]);
		}
		if (row.transport == TRANSPORT_NONE)
			continue;
		if (same_port && previous.transport != TRANSPORT_NONE)
			out_byte(out, ',');
		else if (row.first_port >= 0)
			out_byte(out, '/');
		out_put(out, transport_name(row.transport));
	}
}

static struct row first_row(const struct rows *rows)
{
	return rows->count > 0 ? registry_row(rows->registry, rows->rows[0]) : (struct row){};
}

/* "Unassigned 1230-1240", "Reserved 80/udp". */
static void put_range(struct out *out, const struct row *row)
{
	struct slice words = row->shown[COLUMN_DESCRIPTION];

	if (words.n == 0)
		words = row->state == ROW_UNASSIGNED ? SLICE("Unassigned") : SLICE("Reserved");
	put_line(out, words, TEXT);
	if (row->first_port >= 0) {
		out_byte(out, ' ');
		out_put(out, row->shown[COLUMN_PORT]);
	}
	if (row->transport != TRANSPORT_NONE) {
		out_put(out, row->first_port >= 0 ? SLICE("/") : SLICE(" "));
		out_put(out, transport_name(row->transport));
	}
}

static void put_ranges(struct out *out, const struct rows *rows)
{
	for (uint32_t i = 0; i < rows->count; i++) {
		struct row row = registry_row(rows->registry, rows->rows[i]);

		if (i == SUBJECTS) {
			out_put(out, SLICE(" and more"));
			return;
		}
		out_put(out, i > 0 ? SLICE(", ") : SLICE(""));
		put_range(out, &row);
	}
}

/* What rows are: a name with its ports, or ports without a name. */
static void put_subject(struct out *out, const struct rows *rows)
{
	struct row row = first_row(rows);

	if (row.shown[COLUMN_NAME].n == 0) {
		put_ranges(out, rows);
		return;
	}
	put_name(out, &row);
	if (row.first_port >= 0 || row.transport != TRANSPORT_NONE)
		out_byte(out, ' ');
	put_ports(out, rows);
}

/* " (from Unassigned 1230-1240)", " (now Reserved 80/udp)". */
static void put_source(struct out *out, struct slice word, const struct registry *registry,
		       uint32_t index)
{
	struct row row;

	if (index == CHANGE_NOTHING)
		return;
	row = registry_row(registry, index);
	out_put(out, SLICE(" ("));
	out_put(out, word);
	out_byte(out, ' ');
	put_range(out, &row);
	out_byte(out, ')');
}

static void put_quoted(struct out *out, struct slice text)
{
	out_byte(out, '"');
	put_line(out, text, TEXT);
	out_byte(out, '"');
}

static void put_part(struct out *out, struct slice text, size_t skipped, bool quoted)
{
	if (!quoted) {
		put_line(out, text, 3 * TEXT);
		return;
	}
	out_put(out, skipped > 0 ? SLICE("\"...") : SLICE("\""));
	put_line(out, slice_skip(text, skipped), TEXT);
	out_byte(out, '"');
}

/* Bytes at the start of long texts that are not worth telling: they are the same in both. */
static size_t same_start(struct slice a, struct slice b)
{
	size_t n = 0;

	if (a.n <= TEXT && b.n <= TEXT)
		return 0;
	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	if (n < TEXT)
		return 0;
	n -= TEXT / 3;
	/* Where a word begins, if one does soon. */
	for (size_t i = n; i < n + TEXT / 3; i++) {
		if (byte_is_blank(a.p[i]))
			return i + 1;
	}
	while (n > 0 && ((unsigned char)a.p[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* What became of the text that what stands for. */
static void put_text(struct out *out, struct slice what, struct slice old, struct slice new,
		     bool quoted)
{
	size_t skipped = quoted ? same_start(old, new) : 0;

	out_put(out, what);
	out_byte(out, ' ');
	if (old.n > 0)
		put_part(out, old, skipped, quoted);
	if (old.n > 0 && new.n > 0)
		out_put(out, SLICE(" is now "));
	if (new.n > 0)
		put_part(out, new, skipped, quoted);
	if (old.n == 0 || new.n == 0)
		out_put(out, old.n == 0 ? SLICE(" added") : SLICE(" removed"));
}

static void put_columns(struct out *out, const struct changes *changes, const struct change *change)
{
	static const struct {
		enum column column;
		struct slice what;
		bool quoted;
	} texts[] = {
		{COLUMN_ASSIGNEE, SLICE("assignee"), false},
		{COLUMN_CONTACT, SLICE("contact"), false},
		{COLUMN_REFERENCE, SLICE("reference"), false},
		{COLUMN_DESCRIPTION, SLICE("description"), true},
		{COLUMN_SERVICE_CODE, SLICE("service code"), false},
		{COLUMN_UNAUTHORIZED, SLICE("unauthorized use"), true},
		{COLUMN_NOTES, SLICE("note"), true},
		{COLUMN_REGISTERED, SLICE("registration date"), false},
		{COLUMN_MODIFIED, SLICE("modification date"), false},
	};
	struct row old = registry_row(changes->before, change->before[0]);
	struct row new = registry_row(changes->after, change->after[0]);
	struct slice separator = SLICE(": ");

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		enum column column = texts[i].column;
		bool is_date = column == COLUMN_REGISTERED || column == COLUMN_MODIFIED;

		if (!(change->columns >> column & 1) || (is_date && change->kind != CHANGE_DATES))
			continue;
		/* A contact stands for the assignee that is not given. */
		if (column == COLUMN_ASSIGNEE && change->kind == CHANGE_CONTACT)
			continue;
		out_put(out, separator);
		put_text(out, texts[i].what, old.shown[column], new.shown[column], texts[i].quoted);
		separator = SLICE(", ");
	}
}

/* "2025-02-17", of "... expires 2025-02-17"; absent where it is not said. */
static struct slice expiry(const struct row *row)
{
	struct slice words = SLICE("expires "), date;

	for (unsigned i = 0; i < 2; i++) {
		struct slice text = row->shown[i == 0 ? COLUMN_DESCRIPTION : COLUMN_NOTES];

		date = slice_skip(text, text.n > 0 ? slice_find(text, words) : 0);
		if (!slice_starts(date, words) || date.n < words.n + 10)
			continue;
		date = (struct slice){date.p + words.n, 10};
		return date;
	}
	return SLICE_NONE;
}

static void put_expiry(struct out *out, const struct rows *rows)
{
	struct row row = first_row(rows);
	struct slice date = expiry(&row);

	if (!date.p)
		return;
	out_put(out, SLICE(", until "));
	put_line(out, date, 10);
}

static void put_person(struct out *out, const struct registry *registry, uint32_t index)
{
	const struct person *person = &registry->people[index];

	out_byte(out, '[');
	put_line(out, person->id, 200);
	out_byte(out, ']');
}

static void put_person_change(struct out *out, const struct changes *changes,
			      const struct change *change)
{
	const struct person *old = &changes->before->people[change->old];
	const struct person *new = &changes->after->people[change->new];
	const struct {
		struct slice what, old, new;
	} texts[] = {
		{SLICE("name"), old->name, new->name},
		{SLICE("organization"), old->organization, new->organization},
		{SLICE("address"), old->uri, new->uri},
		{SLICE("date"), old->updated, new->updated},
	};
	struct slice separator = SLICE(": ");

	put_person(out, changes->after, change->new);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		/* The date follows from the rest. */
		if (slice_eq(texts[i].old, texts[i].new) ||
		    (i == 3 && slice_eq(separator, SLICE(", "))))
			continue;
		out_put(out, separator);
		put_text(out, texts[i].what, texts[i].old, texts[i].new, false);
		separator = SLICE(", ");
	}
}

static void put_of_person(struct out *out, const struct changes *changes,
			  const struct change *change)
{
	if (change->kind == CHANGE_PERSON_CHANGED) {
		put_person_change(out, changes, change);
	} else if (change->kind == CHANGE_PERSON_ADDED) {
		put_person(out, changes->after, change->new);
		out_put(out, SLICE(" added"));
	} else {
		put_person(out, changes->before, change->old);
		if (change->kind == CHANGE_PERSON_REMOVED) {
			out_put(out, SLICE(" removed"));
			return;
		}
		out_put(out, SLICE(" is now "));
		put_person(out, changes->after, change->new);
		if (change->pairs > 0)
			out_printf(out, ", in %u row%s", (unsigned)change->pairs,
				   change->pairs == 1 ? "" : "s");
	}
}

static void put_of_header(struct out *out, const struct changes *changes)
{
	const struct registry_header *old = &changes->before->header;
	const struct registry_header *new = &changes->after->header;
	const struct {
		struct slice what, old, new;
	} texts[] = {
		{SLICE("title"), old->title, new->title},
		{SLICE("id"), old->id, new->id},
		{SLICE("category"), old->category, new->category},
		{SLICE("experts"), old->expert, new->expert},
		{SLICE("references"), old->references, new->references},
	};
	struct strbuf shown[2] = {};
	struct slice separator = SLICE("");

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (slice_eq(texts[i].old, texts[i].new))
			continue;
		shown[0].n = shown[1].n = 0;
		rich_show(texts[i].old, &shown[0]);
		rich_show(texts[i].new, &shown[1]);
		out_put(out, separator);
		put_text(out, texts[i].what, strbuf_slice(&shown[0]), strbuf_slice(&shown[1]),
			 false);
		separator = SLICE(", ");
	}
	if ((shown[0].failed || shown[1].failed) && !out->error)
		out->error = ENOMEM;
	strbuf_done(&shown[0]);
	strbuf_done(&shown[1]);
}

/* Of a footnote its anchor, of a note its title, or its first words. */
static void put_of_note(struct out *out, const struct changes *changes, const struct change *change)
{
	bool is_footnote = change_subject(change->kind) == CHANGE_OF_FOOTNOTE;
	const struct registry *registry =
		change->new != CHANGE_NOTHING ? changes->after : changes->before;
	uint32_t index = change->new != CHANGE_NOTHING ? change->new : change->old;
	const struct registry_note *note =
		is_footnote ? &registry->footnotes[index] : &registry->notes[index];

	out_put(out, is_footnote ? SLICE("footnote ") : SLICE("note "));
	put_quoted(out, note->title.n > 0 ? note->title : note->text);
	if (change->old == CHANGE_NOTHING)
		out_put(out, SLICE(" added"));
	else
		out_put(out, change->new == CHANGE_NOTHING ? SLICE(" removed") : SLICE(" changed"));
}

/* The sentences of names that come, go, and become others. */
static void put_of_name(struct out *out, const struct changes *changes, const struct change *change)
{
	static const struct slice words[CHANGE_KIND_COUNT] = {
		[CHANGE_ASSIGNED] = SLICE(" assigned"),
		[CHANGE_ASSIGNED_TEMPORARILY] = SLICE(" assigned temporarily"),
		[CHANGE_NAME_ADDED] = SLICE(" registered without a port"),
		[CHANGE_TRANSPORT_ADDED] = SLICE(" added to its transports"),
		[CHANGE_PORT_ADDED] = SLICE(" assigned to a name without a port"),
		[CHANGE_EXTENDED] = SLICE(": temporary registration extended"),
		[CHANGE_PERMANENT] = SLICE(": temporary registration made permanent"),
		[CHANGE_PORT_REMOVED] = SLICE(" released, the name stays"),
		[CHANGE_TRANSPORT_REMOVED] = SLICE(" removed from its transports"),
		[CHANGE_NAME_REMOVED] = SLICE(" removed"),
		[CHANGE_EXPIRED] = SLICE(": temporary registration ended"),
		[CHANGE_DEASSIGNED] = SLICE(" de-assigned"),
	};
	struct rows old = before(changes, change), new = after(changes, change);
	struct row row = first_row(&new);
	bool gone = change->kind >= CHANGE_PORT_REMOVED;

	put_subject(out, new.count == 0 || gone || !words[change->kind].p ? &old : &new);
	out_put(out, words[change->kind]);
	if (change->kind == CHANGE_RENAMED) {
		out_put(out, SLICE(" renamed "));
		put_name(out, &row);
	} else if (change->kind == CHANGE_REASSIGNED) {
		out_put(out, SLICE(" assigned to another service, "));
		put_name(out, &row);
	} else if (change->kind == CHANGE_MOVED || change->kind == CHANGE_TRANSPORT_CHANGED) {
		out_put(out, SLICE(" moved to "));
		put_ports(out, &new);
		if (row.first_port < 0 && row.transport == TRANSPORT_NONE)
			out_put(out, SLICE("no transport"));
	} else if (change->kind == CHANGE_ASSIGNED_TEMPORARILY || change->kind == CHANGE_EXTENDED) {
		put_expiry(out, &new);
	}
	if (gone)
		put_source(out, SLICE("now"), changes->after, change->into);
	else
		put_source(out, SLICE("from"), changes->before, change->from);
}

static void put_of_ranges(struct out *out, const struct changes *changes,
			  const struct change *change)
{
	struct rows old = before(changes, change), new = after(changes, change);

	put_ranges(out, change->kind == CHANGE_RANGE_ADDED ? &new : &old);
	if (change->kind == CHANGE_RANGE_ADDED) {
		out_put(out, SLICE(" added"));
	} else if (change->kind == CHANGE_RANGE_REMOVED) {
		out_put(out, SLICE(" removed"));
	} else {
		out_put(out, SLICE(" is now "));
		put_ranges(out, &new);
	}
}

void render_change_summary(struct out *out, const struct changes *changes,
			   const struct change *change)
{
	struct rows old = before(changes, change);

	switch (change_subject(change->kind)) {
	case CHANGE_OF_HEADER:
		put_of_header(out, changes);
		return;
	case CHANGE_OF_NOTE:
	case CHANGE_OF_FOOTNOTE:
		put_of_note(out, changes, change);
		return;
	case CHANGE_OF_PERSON:
		put_of_person(out, changes, change);
		return;
	case CHANGE_OF_ROWS:
		break;
	}
	if (change->kind <= CHANGE_DEASSIGNED) {
		put_of_name(out, changes, change);
	} else if (change->kind <= CHANGE_RANGE_REMOVED) {
		put_of_ranges(out, changes, change);
	} else {
		put_subject(out, &old);
		put_columns(out, changes, change);
	}
}
