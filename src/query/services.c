/* services(5) without the file: its answers about a port or a name, from the image. */
#include "query/query.h"

/* Rows of a name; the busiest of the registry has six. */
enum { NAME_ROWS = 256 };

/* The name that the row gives to a line; false: it has none there. */
static bool has_service(const struct image *image, uint32_t number, struct service *ret_service)
{
	struct image_row_head head;
	struct row row = {};

	if (!image_row_head(image, number, &head) || head.portless)
		return false;
	row.state = head.state;
	row.first_port = head.first_port;
	row.last_port = head.last_port;
	row.transport = head.transport;
	if (!services_has_line(&row))
		return false;
	*ret_service = (struct service){
		.name = image_row_text(image, number, COLUMN_NAME),
		.row = number,
		.port = head.first_port,
		.transport = (uint8_t)head.transport,
	};
	return ret_service->name.n > 0 && services_can_write(ret_service->name);
}

static struct slice target_of(const struct image *image, uint32_t number)
{
	struct row row = {};

	row.shown[COLUMN_NOTES] = image_row_text(image, number, COLUMN_NOTES);
	return row_alias_of(&row);
}

size_t query_services(const struct image *image, enum transport transport, uint16_t port,
		      struct service ret_services[static SERVICES_FEW])
{
	uint32_t rows[SERVICES_FEW];
	size_t all = query_port(image, transport, port, rows, SERVICES_FEW);
	size_t count = 0;

	for (size_t i = 0; i < all && i < SERVICES_FEW; i++) {
		struct service *service = &ret_services[count];

		/* Only a corrupt image has rows where they do not belong. */
		if (has_service(image, rows[i], service) && service->port == port &&
		    service->transport == transport)
			count++;
	}
	/* One alone stands on its own line, whatever it is an alias of. */
	for (size_t i = 0; count > 1 && i < count; i++)
		ret_services[i].target = target_of(image, ret_services[i].row);
	return services_order(ret_services, count);
}

bool query_service(const struct image *image, struct slice name, enum transport transport,
		   uint16_t *ret_port, enum transport *ret_transport)
{
	uint32_t rows[NAME_ROWS], best = UINT32_MAX;
	size_t all = query_name(image, name, rows, NAME_ROWS);

	for (size_t i = 0; i < all && i < NAME_ROWS; i++) {
		struct service service;
		uint32_t key;

		if (!has_service(image, rows[i], &service) || !slice_eq(service.name, name) ||
		    (transport != TRANSPORT_NONE && service.transport != transport))
			continue;
		key = (uint32_t)service.port * TRANSPORT_COUNT + service.transport;
		if (key < best)
			best = key;
	}
	if (best == UINT32_MAX)
		return false;
	*ret_port = (uint16_t)(best / TRANSPORT_COUNT);
	*ret_transport = (enum transport)(best % TRANSPORT_COUNT);
	return true;
}
