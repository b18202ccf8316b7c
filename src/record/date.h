/* Dates as the registry writes them: YYYY-MM-DD, or YYYY-MM where the day is not known. */
#ifndef PORTBOOK_RECORD_DATE_H
#define PORTBOOK_RECORD_DATE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum { DATE_MONTH_LENGTH = 7, DATE_LENGTH = 10 };

struct date {
	unsigned year, month, day; /* day 0: not known */
};

/* False for what is no such date of the Gregorian calendar. */
bool date_parse(struct slice text, struct date *ret_date) MUST_USE;

/* Days since 1970-01-01 of a date with a day, and the other way round. */
int64_t date_number(struct date date);
struct date date_of_number(int64_t number);

/* "YYYY-MM-DD" of a date with a day, in a space of that length. */
struct slice date_write(struct date date, char space[static DATE_LENGTH]);

#endif
