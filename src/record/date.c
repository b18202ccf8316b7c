#include "record/date.h"

static bool read_digits(struct slice text, size_t at, size_t n, unsigned *ret_value)
{
	*ret_value = 0;
	for (size_t i = at; i < at + n; i++) {
		if (!byte_is_digit(text.p[i]))
			return false;
		*ret_value = *ret_value * 10 + (unsigned)(text.p[i] - '0');
	}
	return true;
}

static unsigned days_of(unsigned year, unsigned month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

bool date_parse(struct slice text, struct date *ret_date)
{
	struct date date = {};

	if ((text.n != DATE_MONTH_LENGTH && text.n != DATE_LENGTH) || text.p[4] != '-' ||
	    !read_digits(text, 0, 4, &date.year) || !read_digits(text, 5, 2, &date.month) ||
	    date.month < 1 || date.month > 12)
		return false;
	if (text.n == DATE_LENGTH && (text.p[7] != '-' || !read_digits(text, 8, 2, &date.day) ||
				      date.day < 1 || date.day > days_of(date.year, date.month)))
		return false;
	*ret_date = date;
	return true;
}

/* Of the proleptic Gregorian calendar, in years that begin with March. */
int64_t date_number(struct date date)
{
	int64_t year = date.month <= 2 ? (int64_t)date.year - 1 : (int64_t)date.year;
	int64_t month = (date.month + 9) % 12;

	return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 +
	       (int64_t)date.day - 1 - 719468;
}

struct date date_of_number(int64_t number)
{
	struct date date = {.year = (unsigned)((number + 719468) * 400 / 146097), .month = 1};

	/* The estimate is off by a year at most. */
	date.day = 1;
	if (date_number(date) > number)
		date.year--;
	else if (date_number((struct date){date.year + 1, 1, 1}) <= number)
		date.year++;
	number -= date_number((struct date){date.year, 1, 1});
	while (number >= days_of(date.year, date.month))
		number -= days_of(date.year, date.month++);
	date.day = (unsigned)number + 1;
	return date;
}

struct slice date_write(struct date date, char space[static DATE_LENGTH])
{
	unsigned numbers[] = {date.year, date.month, date.day}, at = DATE_LENGTH;

	for (unsigned i = 3; i-- > 0;) {
		for (unsigned digits = i ? 2 : 4; digits > 0; digits--, numbers[i] /= 10)
			space[--at] = (char)('0' + numbers[i] % 10);
		if (at > 0)
			space[--at] = '-';
	}
	return (struct slice){space, DATE_LENGTH};
}
