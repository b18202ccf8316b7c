/* What a machine has at its ports. */
#include "audit/audit.h"

int audit_seen_compare(const void *a, const void *b)
{
	const struct audit_seen *x = a, *y = b;
	int order;

	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->transport != y->transport)
		return x->transport < y->transport ? -1 : 1;
	order = slice_compare(x->reserved, y->reserved);
	return order != 0 ? order : slice_compare(x->running, y->running);
}

size_t audit_seen_find(const struct audit_options *options, enum transport transport, uint16_t port,
		       const struct audit_seen **ret_first)
{
	const struct audit_seen wanted = {.port = port, .transport = (uint8_t)transport};
	size_t low = 0, high = options->seen_count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (audit_seen_compare(&options->seen[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < options->seen_count && options->seen[end].port == port &&
			options->seen[end].transport == (uint8_t)transport;
	     end++)
		;
	*ret_first = options->seen + low;
	return end - low;
}
