#include "query/query.h"

static bool parse_service_type(struct slice text, struct query *query)
{
	struct slice rest = text, label;
	struct slice name;

	if (!slice_starts(text, SLICE("_")))
		return false;
	label = slice_skip(text, slice_find_last_byte(text, '.') + 1);
	if (label.n == text.n || !slice_starts(label, SLICE("_")))
		return false;
	rest.n = text.n - label.n - 1;
	name = slice_skip(rest, 1);
	if (name.n == 0 || !transport_parse(slice_skip(label, 1), &query->transport))
		return false;
	query->kind = QUERY_NAME;
	query->name = name;
	query->service_type = true;
	return true;
}

/* Digits, perhaps with a dash between: meant as ports even where no port has that number. */
static bool looks_like_ports(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!byte_is_digit(text.p[i]) && (text.p[i] != '-' || i == 0))
			return false;
	}
	return text.n > 0;
}

bool query_parse(struct slice text, struct query *ret_query, struct fault *fault)
{
	struct query query = {.transport = TRANSPORT_NONE};
	struct slice head;
	size_t slash;

	text = head = slice_trim(text);
	slash = slice_find_last_byte(text, '/');
	if (parse_service_type(text, &query)) {
		*ret_query = query;
		return true;
	}
	/* Some names have a slash of their own ("914c/g"): it parts only a transport. */
	if (slash != (size_t)-1 && transport_parse(slice_skip(text, slash + 1), &query.transport))
		head.n = slash;
	if (head.n == 0) {
		fault_set(fault, FAULT_MALFORMED, "an empty query");
		return false;
	}
	if (looks_like_ports(head)) {
		if (!port_parse(head, &query.first, &query.last)) {
			fault_set(fault, FAULT_MALFORMED,
				  "\"%.*s\" is no port number or range of 0-65535",
				  head.n < 40 ? (int)head.n : 40, head.p);
			return false;
		}
		query.kind = QUERY_PORTS;
	} else {
		query.kind = QUERY_NAME;
		query.name = head;
	}
	*ret_query = query;
	return true;
}
