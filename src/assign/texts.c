/* What the columns of a row say, from what an application says. */
#include "assign/edit.h"

#include "base/utf8.h"
#include "record/date.h"

struct slice edit_field(const struct edit *edit, enum application_field field)
{
	return edit->application->values[field];
}

struct slice edit_unless_none(struct slice text)
{
	return utf8_fold_eq(text, SLICE("none")) ? SLICE_NONE : text;
}

static unsigned days_in(unsigned year, unsigned month)
{
	struct date date;
	char text[DATE_LENGTH + 1] = "0000-00-31";

	text[0] = (char)('0' + year / 1000 % 10), text[1] = (char)('0' + year / 100 % 10);
	text[2] = (char)('0' + year / 10 % 10), text[3] = (char)('0' + year % 10);
	text[5] = (char)('0' + month / 10), text[6] = (char)('0' + month % 10);
	while (!date_parse((struct slice){text, DATE_LENGTH}, &date)) {
		if (text[9] == '0')
			text[8]--, text[9] = '9';
		else
			text[9]--;
	}
	return date.day;
}

struct slice edit_day_after(struct edit *edit, struct slice day, unsigned days)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct date date;

	if (!date_parse(day, &date) || date.day == 0)
		return SLICE_NONE;
	date.year += days / 365;
	if (date.day > days_in(date.year, date.month))
		date.day = days_in(date.year, date.month);
	date.day += days % 365;
	while (date.day > days_in(date.year, date.month)) {
		date.day -= days_in(date.year, date.month);
		date.year += date.month == 12;
		date.month = date.month % 12 + 1;
	}
	strbuf_printf(&text, "%04u-%02u-%02u", date.year, date.month, date.day);
	return edit_keep(edit, &text);
}

/* Until when it is assigned; absent: for good. */
static struct slice end_of(struct edit *edit)
{
	unsigned days = edit->application->procedure == PROCEDURE_EARLY ? edit->policy->early_term
									: edit->policy->term;

	if (edit_field(edit, FIELD_EXPIRES).p)
		return edit_field(edit, FIELD_EXPIRES);
	return days > 0 ? edit_day_after(edit, edit->options->day, days) : SLICE_NONE;
}

/* RFC 7120, section 2: temporary, with both dates. */
struct slice edit_description(struct edit *edit)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct slice end = end_of(edit), day = edit->options->day;

	strbuf_add(&text, edit_field(edit, FIELD_DESCRIPTION));
	if (end.p)
		strbuf_printf(&text, "%s(TEMPORARY - registered %.*s, expires %.*s)",
			      text.n > 0 ? " " : "", (int)day.n, day.p, (int)end.n, end.p);
	return edit_keep(edit, &text);
}

unsigned edit_term(const struct edit *edit)
{
	return edit->policy->term ? edit->policy->term : edit->policy->early_term;
}

struct slice edit_renewed(struct edit *edit, struct slice text)
{
	struct strbuf renewed CLEANUP(strbuf_done) = {};
	struct slice word = SLICE(", expires "), day = edit->options->day;
	struct slice old, end = edit_field(edit, FIELD_EXPIRES);
	size_t at = text.p ? slice_find(text, SLICE("TEMPORARY")) : (size_t)-1, expires;

	if (at == (size_t)-1)
		return SLICE_NONE;
	expires = slice_find(slice_skip(text, at), word);
	if (expires == (size_t)-1)
		return SLICE_NONE;
	at += expires;
	old = slice_skip(text, at + word.n);
	old.n = old.n < DATE_LENGTH ? old.n : DATE_LENGTH;
	if (!end.p)
		end = edit_day_after(edit, old, edit_term(edit));
	if (!end.p)
		return SLICE_NONE;
	strbuf_add(&renewed, (struct slice){text.p, at});
	strbuf_printf(&renewed, ", extension registered %.*s, expires %.*s", (int)day.n, day.p,
		      (int)end.n, end.p);
	strbuf_add(&renewed, slice_skip(text, at + word.n + old.n));
	return edit_keep(edit, &renewed);
}

static bool starts_folded(struct slice text, struct slice prefix)
{
	return text.n >= prefix.n && utf8_fold_eq((struct slice){text.p, prefix.n}, prefix);
}

/* "RFC9000", "RFC 9000"; absent: it is no RFC. */
static struct slice rfc_number(struct slice text)
{
	struct slice number;

	if (!starts_folded(text, SLICE("RFC")))
		return SLICE_NONE;
	number = slice_trim(slice_skip(text, 3));
	for (size_t i = 0; i < number.n; i++) {
		if (!byte_is_digit(number.p[i]))
			return SLICE_NONE;
	}
	return number.n > 0 ? number : SLICE_NONE;
}

/* One of a list: "RFC9000", "draft-...", each perhaps with ", Section 1.2", an address, a text. */
static void add_reference(struct strbuf *rich, struct slice line)
{
	struct slice word = SLICE(", Section "), document = line, section = SLICE_NONE, number;
	size_t at = slice_find(line, word);

	if (at != (size_t)-1) {
		document.n = at;
		section = slice_skip(line, at + word.n);
	}
	number = rfc_number(document);
	if (number.p) {
		struct strbuf data CLEANUP(strbuf_done) = {}, label CLEANUP(strbuf_done) = {};

		strbuf_printf(&data, "rfc%.*s", (int)number.n, number.p);
		if (section.p)
			strbuf_printf(&label, "RFC%.*s, Section %.*s", (int)number.n, number.p,
				      (int)section.n, section.p);
		rich_add_reference(rich, SLICE("rfc"), strbuf_slice(&data), strbuf_slice(&label),
				   section);
		rich->failed |= data.failed || label.failed;
	} else if (slice_starts(line, SLICE("draft-")) || slice_starts(line, SLICE("RFC-"))) {
		rich_add_reference(rich, SLICE("draft"), document, section.p ? line : SLICE_NONE,
				   section);
	} else if (slice_find(line, SLICE("://")) != (size_t)-1 &&
		   slice_find_byte(line, ' ') == (size_t)-1) {
		rich_add_reference(rich, SLICE("uri"), line, SLICE_NONE, SLICE_NONE);
	} else {
		rich_add_reference(rich, SLICE("text"), SLICE_NONE, line, SLICE_NONE);
	}
}

struct slice edit_references(struct edit *edit)
{
	struct strbuf rich CLEANUP(strbuf_done) = {};
	struct slice rest = edit_unless_none(edit_field(edit, FIELD_REFERENCE));

	while (rest.p) {
		struct slice line = slice_trim(slice_cut(&rest, '\n'));

		if (line.n > 2 && line.p[0] == '[' && line.p[line.n - 1] == ']')
			line = (struct slice){line.p + 1, line.n - 2};
		if (line.n > 0)
			add_reference(&rich, line);
	}
	return rich.n > 0 || rich.failed ? edit_keep(edit, &rich) : SLICE_NONE;
}

/* Whether all people that the text refers to are there. */
static bool refers_rightly(const struct edit *edit, struct slice rich)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		if (run.kind == RICH_REFERENCE && slice_eq(run.type, SLICE("person")) &&
		    !edit_has_person(edit, run.data))
			return false;
	}
	return true;
}

/* Keys that are not told are told to be none, as the publisher does for names without a port. */
struct slice edit_notes(struct edit *edit)
{
	struct strbuf rich CLEANUP(strbuf_done) = {};
	struct slice keys = edit_field(edit, FIELD_TXT_KEYS);
	struct slice notes = edit_unless_none(edit_field(edit, FIELD_NOTES));

	if (!keys.p && edit->application->procedure == PROCEDURE_NAME &&
	    edit->policy->publisher_rules)
		keys = SLICE("None");
	if (keys.p) {
		strbuf_add(&rich, SLICE("Defined TXT keys: "));
		strbuf_add(&rich, keys);
		if (notes.p)
			rich_add_break(&rich);
	}
	if (notes.p) {
		size_t at = rich.n;

		rich_read(notes, RICH_READ_TEXT, &rich);
		if (!refers_rightly(edit, slice_skip(strbuf_slice(&rich), at))) {
			rich.n = at;
			strbuf_add(&rich, notes);
		}
	}
	return rich.n > 0 || rich.failed ? edit_keep(edit, &rich) : SLICE_NONE;
}

struct slice edit_code(struct edit *edit)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	if (edit->application->service_code < 0)
		return SLICE_NONE;
	strbuf_add_uint(&text, (uint64_t)edit->application->service_code);
	return edit_keep(edit, &text);
}
