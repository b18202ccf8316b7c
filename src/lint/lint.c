#include "lint/lint.h"

#include <stdlib.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "lint/checks.h"

/* Bytes of the text in question that a message quotes. */
enum { QUOTE_MAX = 80 };

struct slice lint_severity_name(enum lint_severity severity)
{
	static const struct slice names[LINT_SEVERITY_COUNT] = {
		{"note", 4}, {"warning", 7}, {"error", 5}};

	return names[severity];
}

void lint_report(struct lint *lint, enum check check, enum lint_subject subject, size_t index,
		 struct slice what, size_t other)
{
	if (lint->failed)
		return;
	if (lint->count == lint->size) {
		size_t size = lint->size ? lint->size * 2 : 1024;
		struct report *reports = realloc(lint->reports, size * sizeof(*reports));

		if (!reports) {
			lint->failed = true;
			return;
		}
		lint->reports = reports;
		lint->size = size;
	}
	lint->reports[lint->count] = (struct report){
		.what = what,
		.index = (uint32_t)index,
		.other = (uint32_t)other,
		.sequence = (uint32_t)lint->count,
		.number = (uint16_t)check,
		.subject = (uint8_t)subject,
	};
	lint->count++;
}

struct slice lint_fold(struct lint *lint, struct slice text)
{
	char *folded = arena_alloc(&lint->arena, text.n > 0 ? text.n : 1);

	if (!folded) {
		lint->failed = true;
		return SLICE_NONE;
	}
	utf8_fold(text, folded);
	return (struct slice){folded, text.n};
}

bool lint_has_column(const struct lint *lint, enum column column)
{
	for (size_t i = 0; i < lint->registry->row_count; i++) {
		if (registry_row(lint->registry, i).shown[column].n > 0)
			return true;
	}
	return false;
}

static bool is_word_byte(char c)
{
	return byte_is_letter(c) || byte_is_digit(c);
}

bool lint_has_word(struct slice text, struct slice word)
{
	for (size_t i = 0; i + word.n <= text.n; i++) {
		if (ascii_fold(text.p[i]) == word.p[0] &&
		    (i == 0 || !is_word_byte(text.p[i - 1])) &&
		    utf8_fold_eq((struct slice){text.p + i, word.n}, word) &&
		    (i + word.n == text.n || !is_word_byte(text.p[i + word.n])))
			return true;
	}
	return false;
}

static int compare_reports(const void *a, const void *b)
{
	const struct report *x = a, *y = b;

	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->sequence < y->sequence ? -1 : 1;
}

/* Line and column of ascending offsets of a document, found in one pass. */
struct places {
	struct slice document;
	struct slice
		line_feed; /* as the document's encoding has it, which places are multiples of */
	size_t at, line, line_at;
};

static struct places places_of(struct slice document)
{
	struct places places = {.document = document, .line_feed = SLICE("\n"), .line = 1};

	/* Offsets count from behind UTF-8's mark, and with UTF-16's. */
	if (slice_starts(document, SLICE("\xef\xbb\xbf")))
		places.document = slice_skip(document, 3);
	else if (slice_starts(document, SLICE("\xff\xfe")))
		places.line_feed = SLICE("\n\0");
	else if (slice_starts(document, SLICE("\xfe\xff")))
		places.line_feed = SLICE("\0\n");
	return places;
}

static void find_place(struct places *places, size_t at, struct lint_finding *finding)
{
	if (at > places->document.n || places->document.n == 0)
		return;
	/* People may stand before rows: from the start again, once. */
	if (at < places->at)
		places->at = places->line_at = 0, places->line = 1;
	while (places->at < at) {
		struct slice rest = slice_skip(places->document, places->at);

		places->at += places->line_feed.n;
		if (slice_starts(rest, places->line_feed)) {
			places->line++;
			places->line_at = places->at;
		}
	}
	finding->line = places->line;
	finding->column = at - places->line_at + 1;
}

/* "ssh 22/tcp", "22/tcp", "ssh" */
static void add_row_label(struct strbuf *text, const struct row *row)
{
	struct slice port = row->shown[COLUMN_PORT];

	strbuf_add(text, row->shown[COLUMN_NAME]);
	if (row->shown[COLUMN_NAME].n > 0 && (port.n > 0 || row->transport != TRANSPORT_NONE))
		strbuf_add_byte(text, ' ');
	strbuf_add(text, port);
	if (row->transport != TRANSPORT_NONE) {
		if (port.n > 0)
			strbuf_add_byte(text, '/');
		strbuf_add(text, transport_name(row->transport));
	}
}

static void add_label(struct strbuf *text, const struct registry *registry,
		      enum lint_subject subject, size_t index)
{
	if (subject == LINT_ROW) {
		struct row row = registry_row(registry, index);
		size_t before = text->n;

		add_row_label(text, &row);
		if (text->n == before)
			strbuf_printf(text, "row %zu", index + 1);
	} else if (subject == LINT_PERSON) {
		strbuf_add_byte(text, '[');
		strbuf_add(text, registry->people[index].id);
		strbuf_add_byte(text, ']');
	} else {
		strbuf_add(text, SLICE("registry"));
	}
}

/* A text in question: its beginning, where it is long. */
static void add_quote(struct strbuf *text, struct slice what)
{
	size_t n = what.n;

	if (n > QUOTE_MAX) {
		n = QUOTE_MAX;
		while (n > 0 && ((unsigned char)what.p[n] & 0xc0) == 0x80)
			n--;
	}
	strbuf_add(text, (struct slice){what.p, n});
	if (n < what.n)
		strbuf_add(text, SLICE("..."));
}

/* What is in the text stays one line. */
static void flatten(struct strbuf *text, size_t from)
{
	for (size_t i = from; i < text->n; i++) {
		if ((unsigned char)text->p[i] < ' ' || text->p[i] == 0x7f)
			text->p[i] = ' ';
	}
}

static void add_message(struct strbuf *text, const struct lint *lint, const struct report *report)
{
	struct slice rest = lint_check_of(report->number)->message;
	size_t at;

	while ((at = slice_find_byte(rest, '{')) != (size_t)-1) {
		strbuf_add(text, (struct slice){rest.p, at});
		rest = slice_skip(rest, at);
		if (slice_starts(rest, SLICE("{}")))
			add_quote(text, report->what);
		else if (report->other != NOBODY)
			add_label(text, lint->registry, (enum lint_subject)report->subject,
				  report->other);
		rest = slice_skip(rest, slice_find_byte(rest, '}') + 1);
	}
	strbuf_add(text, rest);
}

static size_t offset_of(const struct registry *registry, const struct report *report)
{
	switch ((enum lint_subject)report->subject) {
	case LINT_ROW:
		return registry_row(registry, report->index).at;
	case LINT_PERSON:
		return registry->people[report->index].at;
	case LINT_HEADER:
		break;
	}
	return 0;
}

static int hand_over(struct lint *lint, struct slice document, lint_handler *handler, void *context)
{
	struct strbuf who CLEANUP(strbuf_done) = {}, text CLEANUP(strbuf_done) = {};
	struct places places = places_of(document);
	int result = 0;

	for (size_t i = 0; i < lint->count && result == 0; i++) {
		const struct report *report = &lint->reports[i];
		struct lint_finding finding = {
			.check = lint_check_of(report->number),
			.subject = (enum lint_subject)report->subject,
			.index = report->index,
		};

		who.n = text.n = 0;
		add_label(&who, lint->registry, finding.subject, finding.index);
		flatten(&who, 0);
		add_message(&text, lint, report);
		flatten(&text, 0);
		if (who.failed || text.failed)
			return FAULT_MEMORY;
		find_place(&places, offset_of(lint->registry, report), &finding);
		finding.who = strbuf_slice(&who);
		finding.text = strbuf_slice(&text);
		result = handler(context, &finding);
	}
	return result;
}

int lint(const struct registry *registry, struct slice document, lint_handler *handler,
	 void *context, struct fault *fault)
{
	struct lint state = {.registry = registry};
	int result = FAULT_MEMORY;

	lint_rows(&state);
	lint_codes(&state);
	lint_dates(&state);
	lint_names(&state);
	lint_ports(&state);
	lint_people(&state);
	lint_texts(&state);
	if (!state.failed) {
		if (state.count > 0)
			qsort(state.reports, state.count, sizeof(*state.reports), compare_reports);
		result = hand_over(&state, document, handler, context);
	}
	free(state.reports);
	arena_done(&state.arena);
	return result == FAULT_MEMORY ? fault_memory(fault) : result;
}
