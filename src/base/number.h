/*
 * Decimal numbers, read strictly: digits only, no sign, no blanks, no leading zero but "0"; and
 * bytes in hexadecimal digits.
 */
#ifndef PORTBOOK_BASE_NUMBER_H
#define PORTBOOK_BASE_NUMBER_H

#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum { NUMBER_DIGITS = 20 }; /* as many as the largest uint64_t has */

/* True, and the value, when the whole text is a number of at most max. */
bool number_parse(struct slice text, uint64_t max, uint64_t *ret_value) MUST_USE;

/* Bytes in lower case hexadecimal digits, written to a space for two of each byte. */
void hex_write(const unsigned char *bytes, size_t count, char *space);

/* The value's digits, written at the end of the given space and borrowed from it. */
struct slice number_write(uint64_t value, char space[static NUMBER_DIGITS]);

#endif
