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
