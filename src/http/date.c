/* Dates of HTTP (RFC 9110, section 5.6.7). Of its forms only the one that is sent is understood. */
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
	struct date date;

	if (!date_parse(text, &date) || date.day == 0 || date.year < 1970)
		return SLICE_NONE;
	memcpy(space, "Ddd, DD Mmm YYYY 00:00:00 GMT", HTTP_DATE_LENGTH);
	memcpy(space, days + day_number(&date) % 7 * 3, 3);
	put_two(space + 5, date.day);
	memcpy(space + 8, months + (size_t)(date.month - 1) * 3, 3);
	put_two(space + 12, date.year / 100);
	put_two(space + 14, date.year % 100);
	return (struct slice){space, HTTP_DATE_LENGTH};
}

static bool take_number(struct slice text, size_t at, size_t n, unsigned max, unsigned *ret_value)
{
	unsigned value = 0;

	for (size_t i = at; i < at + n; i++) {
		if (!byte_is_digit(text.p[i]))
			return false;
		value = value * 10 + (unsigned)(text.p[i] - '0');
	}
	*ret_value = value;
	return value <= max;
}

bool http_date_parse(struct slice text, int64_t *ret_seconds)
{
	struct date date = {};
	unsigned hour, minute, second;

	if (text.n != HTTP_DATE_LENGTH || !slice_ends(text, SLICE(" GMT")))
		return false;
	while (date.month < 12 && memcmp(months + (size_t)date.month * 3, text.p + 8, 3) != 0)
		date.month++;
	if (date.month++ == 12 || !take_number(text, 5, 2, 31, &date.day) || date.day == 0 ||
	    !take_number(text, 12, 4, 9999, &date.year) || date.year < 1970 ||
	    !take_number(text, 17, 2, 23, &hour) || !take_number(text, 20, 2, 59, &minute) ||
	    !take_number(text, 23, 2, 60, &second) || text.p[19] != ':' || text.p[22] != ':')
		return false;
	*ret_seconds = ((day_number(&date) * 24 + hour) * 60 + minute) * 60 + second;
	return true;
}
