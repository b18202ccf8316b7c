/* Words, dates and people, as the checks compare them. */
#include "base/utf8.h"
#include "preflight/checks.h"
#include "query/query.h"
#include "record/date.h"

enum { BRIEF = 48 };

struct slice brief(struct slice text)
{
	size_t n = text.n < BRIEF ? text.n : BRIEF;

	while (n > 0 && n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return (struct slice){text.p, n};
}

static bool is_word_byte(char c)
{
	return byte_is_letter(c) || byte_is_digit(c);
}

/* The first place at or behind from where words stand, in any letter case; (size_t)-1: nowhere. */
static size_t find_folded(struct slice text, struct slice words, size_t from)
{
	for (size_t at = from; at + words.n <= text.n; at++) {
		if (utf8_fold_eq((struct slice){text.p + at, words.n}, words))
			return at;
	}
	return (size_t)-1;
}

bool holds(struct slice text, struct slice words)
{
	return find_folded(text, words, 0) != (size_t)-1;
}

bool has_word(struct slice text, struct slice word)
{
	size_t at = 0;

	while ((at = find_folded(text, word, at)) != (size_t)-1) {
		bool begins = at == 0 || !is_word_byte(text.p[at - 1]);
		bool ends = at + word.n == text.n || !is_word_byte(text.p[at + word.n]);

		if (begins && ends)
			return true;
		at++;
	}
	return false;
}

bool ends_folded(struct slice text, struct slice suffix)
{
	return text.n >= suffix.n && utf8_fold_eq(slice_skip(text, text.n - suffix.n), suffix);
}

struct slice day_of(struct slice time)
{
	return (struct slice){time.p, time.n < DATE_LENGTH ? time.n : DATE_LENGTH};
}

/* Days since 0000-03-01 of the Gregorian calendar, the year begun in March. */
static int64_t day_number(const struct date *date)
{
	int64_t month = (date->month + 9) % 12, year = date->year - (date->month < 3);

	return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 +
	       (int64_t)date->day - 1;
}

bool days_between(struct slice from, struct slice to, int64_t *ret_days)
{
	struct date a, b;

	if (!date_parse(day_of(from), &a) || !date_parse(day_of(to), &b) || a.day == 0 ||
	    b.day == 0)
		return false;
	*ret_days = day_number(&b) - day_number(&a);
	return true;
}

/* Whether an address as published, "mailto:user&host.example", is this one. */
static bool is_address(struct slice uri, struct slice email)
{
	struct slice scheme = SLICE("mailto:");
	size_t at = slice_find_byte(email, '@');
	struct slice rest = slice_skip(uri, scheme.n);

	if (email.n == 0 || at == (size_t)-1 || uri.n != scheme.n + email.n ||
	    !utf8_fold_eq((struct slice){uri.p, scheme.n}, scheme))
		return false;
	return (rest.p[at] == '&' || rest.p[at] == '@') &&
	       utf8_fold_eq((struct slice){rest.p, at}, (struct slice){email.p, at}) &&
	       utf8_fold_eq(slice_skip(rest, at + 1), slice_skip(email, at + 1));
}

bool person_is(const struct person *person, struct slice name, struct slice email)
{
	struct slice rest = person->uri;

	while (rest.p) {
		if (is_address(slice_cut(&rest, '\7'), email))
			return true;
	}
	return email.n == 0 && name.n > 0 && utf8_fold_eq(person->name, name);
}

bool row_of_transport(const struct row *row, unsigned transports)
{
	return row->transport == TRANSPORT_NONE || transports == 0 ||
	       (transports >> row->transport & 1);
}

bool row_has_person(const struct work *work, uint32_t number, enum column column, struct slice name,
		    struct slice email)
{
	struct slice rest = image_row_text(work->image, number, column);

	while (rest.n > 0) {
		size_t open = slice_find_byte(rest, '['), close;
		struct person person;
		uint32_t found;

		if (open == (size_t)-1)
			return false;
		rest = slice_skip(rest, open + 1);
		close = slice_find_byte(rest, ']');
		if (close == (size_t)-1)
			return false;
		if (query_person(work->image, (struct slice){rest.p, close}, &found)) {
			image_person(work->image, found, &person);
			if (person_is(&person, name, email))
				return true;
		}
		rest = slice_skip(rest, close + 1);
	}
	return false;
}

bool row_is_held(const struct work *work, uint32_t number)
{
	static const struct {
		enum application_field name, email;
	} people[] = {{FIELD_ASSIGNEE_NAME, FIELD_ASSIGNEE_EMAIL},
		      {FIELD_CONTACT_NAME, FIELD_CONTACT_EMAIL}};

	for (size_t i = 0; i < ARRAY_SIZE(people); i++) {
		struct slice name = work_value(work, people[i].name);
		struct slice email = work_value(work, people[i].email);

		if (row_has_person(work, number, COLUMN_ASSIGNEE, name, email) ||
		    row_has_person(work, number, COLUMN_CONTACT, name, email))
			return true;
	}
	return false;
}
