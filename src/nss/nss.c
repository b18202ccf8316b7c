#include "nss/nss.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdalign.h>
#include <stdatomic.h>

#include "builtin/builtin.h"
#include "current/current.h"
#include "query/query.h"

static struct image image;

/*
 * Where the walk is: of all ports and their transports, SERVICES_FEW names each. A single number,
 * so that no fork leaves it half changed.
 */
static _Atomic uint32_t position;

enum { KEYS = PORT_COUNT * TRANSPORT_COUNT };

void nss_use(const struct image *other)
{
	image = *other;
	atomic_store(&position, 0);
}

/*
 * When glibc loads the module, which it does once and with other threads kept out: nobody has to
 * look afterwards whether it was done. Were there no image at all, all would be not found.
 */
__attribute__((constructor)) static void start(void)
{
	int saved = errno;

	if (!current_open(CURRENT_FOLDER, &image) && image_open(&image, builtin_image(), NULL) < 0)
		image = (struct image){};
	errno = saved;
}

static enum nss_status failed(enum nss_status status, int error, int *ret_errno)
{
	*ret_errno = error;
	return status;
}

/* Text and a NUL; returns where it stands. */
static char *put(char **at, struct slice text)
{
	char *start = *at;

	memcpy(start, text.p, text.n);
	start[text.n] = '\0';
	*at += text.n + 1;
	return start;
}

/* The line that begins with the first of the names; its aliases follow. */
static enum nss_status answer(const struct service *line, size_t count, struct servent *ret_service,
			      char *buffer, size_t size, int *ret_errno)
{
	size_t padding = -(uintptr_t)buffer % alignof(char *), aliases = 1, need;
	struct slice protocol = transport_name((enum transport)line->transport);
	char **pointers, *at;

	while (aliases < count && line[aliases].alias)
		aliases++;
	need = padding + aliases * sizeof(char *) + protocol.n + 1;
	for (size_t i = 0; i < aliases; i++)
		need += line[i].name.n + 1;
	if (size < need)
		return failed(NSS_STATUS_TRYAGAIN, ERANGE, ret_errno);
	pointers = (char **)(void *)(buffer + padding);
	at = (char *)(pointers + aliases);
	ret_service->s_name = put(&at, line->name);
	ret_service->s_aliases = pointers;
	for (size_t i = 1; i < aliases; i++)
		*pointers++ = put(&at, line[i].name);
	*pointers = NULL;
	ret_service->s_port = htons(line->port);
	ret_service->s_proto = put(&at, protocol);
	return NSS_STATUS_SUCCESS;
}

/* A transport as services(5) writes it. TRANSPORT_NONE: any. False: none of the registry. */
static bool read_protocol(const char *protocol, enum transport *ret_transport)
{
	struct slice text = slice_cstr(protocol);

	*ret_transport = TRANSPORT_NONE;
	if (!protocol)
		return true;
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (slice_eq(transport_name((enum transport)i), text))
			*ret_transport = (enum transport)i;
	}
	return *ret_transport != TRANSPORT_NONE;
}

/* Which of the names begins the line that this one stands on. */
static size_t line_of(const struct service *services, size_t at)
{
	while (services[at].alias)
		at--;
	return at;
}

enum nss_status _nss_portbook_getservbyname_r(const char *name, const char *protocol,
					      struct servent *ret_service, char *buffer,
					      size_t size, int *ret_errno)
{
	struct service services[SERVICES_FEW];
	struct slice wanted = slice_cstr(name);
	enum transport transport;
	uint16_t port;
	size_t count;

	if (!read_protocol(protocol, &transport) ||
	    !query_service(&image, wanted, transport, &port, &transport))
		return failed(NSS_STATUS_NOTFOUND, ENOENT, ret_errno);
	count = query_services(&image, transport, port, services);
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(services[i].name, wanted)) {
			i = line_of(services, i);
			return answer(&services[i], count - i, ret_service, buffer, size,
				      ret_errno);
		}
	}
	return failed(NSS_STATUS_NOTFOUND, ENOENT, ret_errno);
}

enum nss_status _nss_portbook_getservbyport_r(int port, const char *protocol,
					      struct servent *ret_service, char *buffer,
					      size_t size, int *ret_errno)
{
	struct service services[SERVICES_FEW];
	enum transport wanted;

	/* Of an int half is no port. */
	if (port < 0 || port > UINT16_MAX || !read_protocol(protocol, &wanted))
		return failed(NSS_STATUS_NOTFOUND, ENOENT, ret_errno);
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		size_t count = 0;

		if (wanted == i || wanted == TRANSPORT_NONE)
			count = query_services(&image, (enum transport)i, ntohs((uint16_t)port),
					       services);
		if (count > 0)
			return answer(services, count, ret_service, buffer, size, ret_errno);
	}
	return failed(NSS_STATUS_NOTFOUND, ENOENT, ret_errno);
}

enum nss_status _nss_portbook_setservent(int stay_open)
{
	(void)stay_open;
	atomic_store(&position, 0);
	return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_portbook_endservent(void)
{
	return _nss_portbook_setservent(0);
}

/* Names from a position on; *at is then theirs. 0: there are no more. */
static size_t names_from(uint32_t *at, struct service services[static SERVICES_FEW])
{
	uint32_t skip = *at % SERVICES_FEW;

	for (uint32_t key = *at / SERVICES_FEW; key < KEYS; key++, skip = 0) {
		size_t count = query_services(&image, (enum transport)(key % TRANSPORT_COUNT),
					      (uint16_t)(key / TRANSPORT_COUNT), services);

		if (skip < count) {
			*at = key * SERVICES_FEW + skip;
			return count;
		}
	}
	return 0;
}

/* The position behind the line that begins at a position. */
static uint32_t behind(uint32_t at, const struct service *services, size_t count)
{
	size_t next = at % SERVICES_FEW + 1;

	while (next < count && services[next].alias)
		next++;
	return next < count ? at - at % SERVICES_FEW + (uint32_t)next
			    : (at / SERVICES_FEW + 1) * SERVICES_FEW;
}

enum nss_status _nss_portbook_getservent_r(struct servent *ret_service, char *buffer, size_t size,
					   int *ret_errno)
{
	struct service services[SERVICES_FEW];
	uint32_t from = atomic_load(&position), at;

	do {
		enum nss_status status;
		size_t count;

		at = from;
		count = names_from(&at, services);
		if (count == 0)
			return failed(NSS_STATUS_NOTFOUND, ENOENT, ret_errno);
		status = answer(&services[at % SERVICES_FEW], count - at % SERVICES_FEW,
				ret_service, buffer, size, ret_errno);
		/* The line is not passed over before somebody has it. */
		if (status != NSS_STATUS_SUCCESS)
			return status;
		at = behind(at, services, count);
	} while (!atomic_compare_exchange_strong(&position, &from, at));
	return NSS_STATUS_SUCCESS;
}
