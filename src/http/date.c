/* Dates of HTTP (RFC 9110, section 5.6.7): one form is sent, and the obsolete ones are understood.
 */
#include "base/number.h"
#include "http/respond.h"
#include "record/date.h"

static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970 began with a Thursday */
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Days since 1970-01-01 of the Gregorian calendar; years from 1970. */
static int64_t day_number(const struct date *date)
{
	/* Years that begin in March have their leap day at the end. */
	int64_t month = (date->month + 9) % 12, year = date->year - (date->month < 3);

	return 365 * year + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 +
	       date->day - 1 - 719468;
}

static void put_two(char *to, unsigned value)
{
	to[0] = (char)('0' + value / 10);
	to[1] = (char)('0' + value % 10);
}

struct slice http_date_write(struct slice text, char space[static HTTP_DATE_LENGTH])
{
	struct slice day = slice_cut(&text, '.');
	uint64_t number = 1;
	struct date date;

	if (!date_parse(day, &date) || date.day == 0 || date.year < 1970)
		return SLICE_NONE;
	if (text.p && (!number_parse(text, 99, &number) || number == 0))
		return SLICE_NONE;
	memcpy(space, "Ddd, DD Mmm YYYY 00:00:00 GMT", HTTP_DATE_LENGTH);
	memcpy(space, days + day_number(&date) % 7 * 3, 3);
	put_two(space + 5, date.day);
	memcpy(space + 8, months + (size_t)(date.month - 1) * 3, 3);
	put_two(space + 12, date.year / 100);
	put_two(space + 14, date.year % 100);
	put_two(space + 20, (unsigned)(number - 1) / 60);
	put_two(space + 23, (unsigned)(number - 1) % 60);
	return (struct slice){space, HTTP_DATE_LENGTH};
}

struct moment {
	struct date date;
	unsigned hour, minute, second;
};

static bool take_number(struct slice *text, size_t n, unsigned max, unsigned *ret_value)
{
	unsigned value = 0;

	if (text->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!byte_is_digit(text->p[i]))
			return false;
		value = value * 10 + (unsigned)(text->p[i] - '0');
	}
	*text = slice_skip(*text, n);
	*ret_value = value;
	return value <= max;
}

static bool take_month(struct slice *text, unsigned *ret_month)
{
	for (unsigned i = 0; i < 12; i++) {
		if (slice_starts(*text, (struct slice){months + (size_t)i * 3, 3})) {
			*text = slice_skip(*text, 3);
			*ret_month = i + 1;
			return true;
		}
	}
	return false;
}

/* The weekday, in short or not: what it is follows from the date. */
static bool take_weekday(struct slice *text)
{
	size_t n = 0;

	while (n < text->n && byte_is_letter(text->p[n]))
		n++;
	*text = slice_skip(*text, n);
	return n > 0;
}

static bool take_byte(struct slice *text, char byte)
{
	bool is_there = text->n > 0 && text->p[0] == byte;

	*text = slice_skip(*text, is_there);
	return is_there;
}

static bool take_part(struct slice *text, char part, struct moment *moment)
{
	switch (part) {
	case 'W':
		return take_weekday(text);
	case 'D':
		return take_number(text, 2, 31, &moment->date.day);
	case 'd': /* a space in the place of a first 0 */
		return take_number(text, take_byte(text, ' ') ? 1 : 2, 31, &moment->date.day);
	case 'N':
		return take_month(text, &moment->date.month);
	case 'Y':
		return take_number(text, 4, 9999, &moment->date.year);
	case 'y':
		return take_number(text, 2, 99, &moment->date.year);
	case 'h':
		return take_number(text, 2, 23, &moment->hour);
	case 'm':
		return take_number(text, 2, 59, &moment->minute);
	case 's':
		return take_number(text, 2, 60, &moment->second);
	default:
		return take_byte(text, part);
	}
}

static bool take_all(struct slice text, const char *form, struct moment *moment)
{
	for (; *form; form++) {
		if (!take_part(&text, *form, moment))
			return false;
	}
	return text.n == 0;
}

/* The year of two digits that is not more than 50 years from now. */
static unsigned whole_year(unsigned two, int64_t now)
{
	enum { YEAR_SECONDS = 31556952 };
	unsigned this_year = (unsigned)(1970 + now / YEAR_SECONDS);
	unsigned year = this_year - this_year % 100 + two;

	return year > this_year + 50 ? year - 100 : year;
}

bool http_date_parse(struct slice text, int64_t now, int64_t *ret_seconds)
{
	struct moment moment = {};
	const struct date *date = &moment.date;

	/* IMF-fixdate, RFC 850's, and that of asctime(). */
	if (take_all(text, "W, D-N-y h:m:s GMT", &moment))
		moment.date.year = whole_year(date->year, now);
	else if (!take_all(text, "W, D N Y h:m:s GMT", &moment) &&
		 !take_all(text, "W N d h:m:s Y", &moment))
		return false;
	if (date->day == 0 || date->year < 1970)
		return false;
	*ret_seconds =
		((day_number(date) * 24 + moment.hour) * 60 + moment.minute) * 60 + moment.second;
	return true;
}
