#include "base/number.h"

bool number_parse(struct slice text, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (text.n == 0 || text.n > NUMBER_DIGITS || (text.n > 1 && text.p[0] == '0'))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!byte_is_digit(text.p[i]) || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text.p[i] - '0'), &value))
			return false;
	}
	if (value > max)
		return false;
	*ret_value = value;
	return true;
}

struct slice number_write(uint64_t value, char space[static NUMBER_DIGITS])
{
	char *at = space + NUMBER_DIGITS;

	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return slice_between(at, space + NUMBER_DIGITS);
}

void hex_write(const unsigned char *bytes, size_t count, char *space)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		space[2 * i] = digits[bytes[i] >> 4];
		space[2 * i + 1] = digits[bytes[i] & 15];
	}
}
