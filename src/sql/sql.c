#include "sql/sql.h"

#include "builtin/builtin.h"
#include "current/current.h"
#include "query/query.h"

/* Rows of a name that are looked at; the busiest of the registry has six. */
enum { NAME_ROWS = 256 };

static int open_path(const char *path, struct sql_registry *registry, struct fault *fault)
{
	int result = file_map(path, image_magic(), &registry->file, fault);

	if (result > 0)
		result = fault_set(fault, FAULT_UNKNOWN, "not an image of a registry");
	if (result == 0)
		result = image_open(&registry->image, registry->file.text, fault);
	return result == 0 ? image_verify(&registry->image, fault) : result;
}

int sql_open(const char *path, struct sql_registry *ret_registry, struct fault *fault)
{
	struct sql_registry registry = {};
	int result = 0;

	if (path)
		result = open_path(path, &registry, fault);
	else if (current_open(CURRENT_FOLDER, &registry.image))
		registry.current = true;
	else
		result = image_open(&registry.image, builtin_image(), fault);
	if (result == 0)
		*ret_registry = registry;
	else
		sql_close(&registry);
	return result;
}

void sql_close(struct sql_registry *registry)
{
	if (registry->current)
		current_close(&registry->image);
	file_content_done(&registry->file);
	*registry = (struct sql_registry){};
}

struct slice sql_edition(const struct image *image)
{
	struct slice title, text;

	return image_fact(image, IMAGE_FACT_UPDATED, 0, &title, &text) ? text : SLICE_NONE;
}

enum transport sql_transport(struct slice name)
{
	enum transport transport;

	/* As nearly all are written. */
	for (unsigned i = TRANSPORT_TCP; i <= TRANSPORT_UDP && name.n == 3; i++) {
		if (memcmp(name.p, transport_name((enum transport)i).p, 3) == 0)
			return (enum transport)i;
	}
	return transport_parse(name, &transport) ? transport : TRANSPORT_NONE;
}

/* The publisher's Assigned Internet Protocol Numbers. */
enum transport sql_transport_numbered(int64_t protocol)
{
	switch (protocol) {
	case 6:
		return TRANSPORT_TCP;
	case 17:
		return TRANSPORT_UDP;
	case 33:
		return TRANSPORT_DCCP;
	case 132:
		return TRANSPORT_SCTP;
	default:
		return TRANSPORT_NONE;
	}
}

static bool can_be_asked(int64_t port, enum transport transport)
{
	return port >= 0 && port <= PORT_MAX && transport < TRANSPORT_COUNT;
}

struct slice sql_service_name(const struct image *image, int64_t port, enum transport transport)
{
	uint32_t row;

	if (!can_be_asked(port, transport) ||
	    !query_port_named(image, transport, (uint16_t)port, &row))
		return SLICE_NONE;
	return image_row_text(image, row, COLUMN_NAME);
}

bool sql_service_port(const struct image *image, struct slice name, enum transport transport,
		      uint16_t *ret_port)
{
	uint32_t rows[NAME_ROWS];
	size_t count = transport < TRANSPORT_COUNT ? query_name(image, name, rows, NAME_ROWS) : 0;

	for (size_t i = 0; i < count && i < NAME_ROWS; i++) {
		struct image_row_head head;

		if (image_row_head(image, rows[i], &head) && !head.portless &&
		    head.state == ROW_ASSIGNED && head.transport == transport) {
			*ret_port = head.first_port;
			return true;
		}
	}
	return false;
}

struct slice sql_port_state(const struct image *image, int64_t port, enum transport transport)
{
	if (!can_be_asked(port, transport))
		return SLICE_NONE;
	return row_state_name(query_port_state(image, transport, (uint16_t)port));
}
