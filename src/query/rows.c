#include "query/query.h"

/* Whether a row's transport is what the query asks for. */
static bool matches_transport(const struct query *query, uint32_t transport)
{
	if (query->transport == TRANSPORT_NONE || transport >= TRANSPORT_COUNT)
		return true;
	/* RFC 6763, section 7: "_udp" names every transport other than TCP. */
	if (query->service_type && query->transport == TRANSPORT_UDP)
		return transport != TRANSPORT_TCP;
	return transport == query->transport;
}

static void add_ports(const struct image *image, const struct query *query, struct rowset *set)
{
	const unsigned char *record;

	/* Numbered rows begin anywhere below the range's end, so all rows are looked at. */
	for (uint32_t i = 0; (record = image_record(image, IMAGE_ROWS, i)); i++) {
		if (!(record[IMAGE_ROW_FLAGS] & IMAGE_FLAG_PORTLESS) &&
		    image_u16(record + IMAGE_ROW_FIRST) <= query->last &&
		    image_u16(record + IMAGE_ROW_LAST) >= query->first &&
		    matches_transport(query, record[IMAGE_ROW_TRANSPORT]))
			rowset_add(set, i);
	}
}

static void add_port(const struct image *image, const struct query *query, struct rowset *set)
{
	for (unsigned transport = 0; transport < TRANSPORT_COUNT; transport++) {
		/* More rows than any real port has; the rest are found by looking at all. */
		uint32_t rows[64];
		size_t count;

		if (query->transport != TRANSPORT_NONE && query->transport != transport)
			continue;
		count = query_port(image, (enum transport)transport, query->first, rows,
				   ARRAY_SIZE(rows));
		if (count > ARRAY_SIZE(rows)) {
			add_ports(image, query, set);
			return;
		}
		for (size_t i = 0; i < count; i++)
			rowset_add(set, rows[i]);
	}
}

static void add_name(const struct image *image, const struct query *query, struct rowset *set)
{
	uint32_t few[64], *rows = few;
	size_t count = query_name(image, query->name, few, ARRAY_SIZE(few));

	if (count > ARRAY_SIZE(few)) {
		rows = malloc(count * sizeof(*rows));
		count = rows ? query_name(image, query->name, rows, count) : 0;
	}
	for (size_t i = 0; i < count; i++) {
		const unsigned char *record = image_record(image, IMAGE_ROWS, rows[i]);

		if (record && matches_transport(query, record[IMAGE_ROW_TRANSPORT]))
			rowset_add(set, rows[i]);
	}
	if (rows != few)
		free(rows);
}

void query_rows(const struct image *image, const struct query *query, struct rowset *set)
{
	if (query->kind == QUERY_NAME)
		add_name(image, query, set);
	else if (query->first == query->last)
		add_port(image, query, set);
	else
		add_ports(image, query, set);
}
