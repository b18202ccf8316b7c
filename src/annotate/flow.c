#include "annotate/flow.h"

#include "base/number.h"
#include "base/utf8.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice trim(struct slice text)
{
	while (text.n > 0 && is_blank(text.p[0]))
		text = slice_skip(text, 1);
	while (text.n > 0 && is_blank(text.p[text.n - 1]))
		text.n--;
	return text;
}

struct slice flow_bare(struct slice field)
{
	field = trim(field);
	if (field.n >= 2 && field.p[0] == '"' && field.p[field.n - 1] == '"')
		field = trim((struct slice){field.p + 1, field.n - 2});
	return field;
}

bool flow_odd_port(struct slice field, uint32_t *ret_value)
{
	return flow_digits(flow_bare(field), ret_value);
}

/* A number that is no transport of the registry's, or anything like a name. */
static enum flow_protocol read_other(struct slice text)
{
	uint64_t number;
	char first = text.n > 0 ? text.p[0] : '\0';

	if (number_parse(text, 255, &number))
		return FLOW_OTHER;
	if (!byte_is_letter(first))
		return FLOW_MALFORMED;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (!byte_is_letter(c) && !byte_is_digit(c) &&
		    slice_find_byte(SLICE("-+._/ "), c) == (size_t)-1)
			return FLOW_MALFORMED;
	}
	return FLOW_OTHER;
}

enum flow_protocol flow_protocol(struct slice field)
{
	static const struct {
		struct slice number;
		enum flow_protocol protocol;
	} numbers[] = {
		{{"6", 1}, FLOW_TCP},
		{{"17", 2}, FLOW_UDP},
		{{"132", 3}, FLOW_SCTP},
		{{"33", 2}, FLOW_DCCP},
	};
	enum transport transport;

	if (likely(field.n == 1 && field.p[0] == '6'))
		return FLOW_TCP;
	if (likely(field.n == 2 && field.p[0] == '1' && field.p[1] == '7'))
		return FLOW_UDP;
	field = flow_bare(field);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (slice_eq(field, numbers[i].number))
			return numbers[i].protocol;
	}
	if (transport_parse(field, &transport) && transport < TRANSPORT_COUNT)
		return (enum flow_protocol)transport;
	return read_other(field);
}

bool flow_bytes(struct slice field, uint64_t *ret_bytes)
{
	field = flow_bare(field);
	/* As exporters write that there is nothing to count. */
	if (field.n == 0 || slice_eq(field, SLICE("-"))) {
		*ret_bytes = 0;
		return true;
	}
	return number_parse(field, UINT64_MAX, ret_bytes);
}
