#include "base/utf8.h"
#include "query/query.h"

/* Rows that a quick answer may have: more than any real port or name has. */
enum { FEW = 64 };

static bool matches_transport(const struct query *query, enum transport transport)
{
	if (query->transport == TRANSPORT_NONE || transport == TRANSPORT_NONE)
		return true;
	/* RFC 6763, section 7: "_udp" names every transport other than TCP. */
	if (query->service_type && query->transport == TRANSPORT_UDP)
		return transport != TRANSPORT_TCP;
	return transport == query->transport;
}

static bool matches(const struct image *image, const struct query *query, uint32_t row)
{
	struct image_row_head head;

	if (!image_row_head(image, row, &head) || !matches_transport(query, head.transport))
		return false;
	if (query->kind == QUERY_NAME)
		return query->name.n > 0 &&
		       utf8_fold_eq(image_row_text(image, row, COLUMN_NAME), query->name);
	return !head.portless && head.first_port <= query->last && head.last_port >= query->first;
}

static size_t insert(uint32_t *rows, size_t count, uint32_t row)
{
	size_t at = count;

	for (; at > 0 && rows[at - 1] >= row; at--) {
		if (rows[at - 1] == row)
			return count;
	}
	memmove(rows + at + 1, rows + at, (count - at) * sizeof(*rows));
	rows[at] = row;
	return count + 1;
}

/* The answer by the image's tables; false where they do not give it and all rows must be asked. */
static bool few_rows(const struct image *image, const struct query *query, uint32_t *rows,
		     size_t *ret_count)
{
	uint32_t found[FEW];
	size_t count = 0;

	if (query->kind == QUERY_NAME) {
		size_t n = query_name(image, query->name, found, FEW);

		if (n > FEW)
			return false;
		for (size_t i = 0; i < n; i++) {
			if (matches(image, query, found[i]))
				rows[count++] = found[i];
		}
		*ret_count = count;
		return true;
	}
	if (query->first != query->last)
		return false;
	for (unsigned transport = 0; transport < TRANSPORT_COUNT; transport++) {
		size_t n;

		if (query->transport != TRANSPORT_NONE && query->transport != transport)
			continue;
		n = query_port(image, (enum transport)transport, query->first, found, FEW);
		if (n > FEW / TRANSPORT_COUNT)
			return false;
		for (size_t i = 0; i < n; i++)
			count = insert(rows, count, found[i]);
	}
	*ret_count = count;
	return true;
}

void query_rows(const struct image *image, const struct query *query, struct rowset *set)
{
	uint32_t rows[FEW];
	size_t count;

	if (few_rows(image, query, rows, &count)) {
		for (size_t i = 0; i < count; i++)
			rowset_add(set, rows[i]);
		return;
	}
	for (uint32_t row = 0; row < image_row_count(image); row++) {
		if (matches(image, query, row))
			rowset_add(set, row);
	}
}

size_t query_matching(const struct image *image, const struct query *query, uint32_t *ret_rows,
		      size_t max)
{
	uint32_t rows[FEW];
	size_t count;

	if (few_rows(image, query, rows, &count)) {
		if (max > 0)
			memcpy(ret_rows, rows, (count < max ? count : max) * sizeof(*rows));
		return count;
	}
	count = 0;
	for (uint32_t row = 0; row < image_row_count(image); row++) {
		if (!matches(image, query, row))
			continue;
		if (count < max)
			ret_rows[count] = row;
		count++;
	}
	return count;
}
