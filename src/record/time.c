#include "record/time.h"

#include "record/date.h"

enum { DAY = 86400 };

static const int64_t last = INT64_C(253402300799); /* 9999-12-31T23:59:59Z */

static bool read_pair(struct slice text, size_t at, unsigned below, int64_t *ret_value)
{
	if (!byte_is_digit(text.p[at]) || !byte_is_digit(text.p[at + 1]))
		return false;
	*ret_value = (text.p[at] - '0') * 10 + (text.p[at + 1] - '0');
	return *ret_value < below;
}

bool time_parse(struct slice text, int64_t *ret_seconds)
{
	struct date date;
	int64_t hour, minute, second;

	if (text.n != TIME_LENGTH || text.p[10] != 'T' || text.p[13] != ':' || text.p[16] != ':' ||
	    text.p[19] != 'Z' || !date_parse((struct slice){text.p, DATE_LENGTH}, &date) ||
	    !read_pair(text, 11, 24, &hour) || !read_pair(text, 14, 60, &minute) ||
	    !read_pair(text, 17, 60, &second))
		return false;
	*ret_seconds = date_number(date) * DAY + hour * 3600 + minute * 60 + second;
	return true;
}

static void write_pair(int64_t value, char *to)
{
	to[0] = (char)('0' + value / 10);
	to[1] = (char)('0' + value % 10);
}

struct slice time_write(int64_t seconds, char space[static TIME_LENGTH])
{
	int64_t day, rest;

	if (seconds > last)
		seconds = last;
	day = seconds / DAY - (seconds % DAY < 0);
	rest = seconds - day * DAY;
	(void)date_write(date_of_number(day), space);
	space[10] = 'T';
	write_pair(rest / 3600, space + 11);
	space[13] = ':';
	write_pair(rest / 60 % 60, space + 14);
	space[16] = ':';
	write_pair(rest % 60, space + 17);
	space[19] = 'Z';
	return (struct slice){space, TIME_LENGTH};
}
