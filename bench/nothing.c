/* A source of services that says the same to everything: what glibc takes without any. */
#include <netdb.h>
#include <nss.h>
#include <stddef.h>

#define ENTRY __attribute__((visibility("default")))

ENTRY enum nss_status _nss_nothing_getservbyname_r(const char *name, const char *protocol,
						   struct servent *ret_service, char *buffer,
						   size_t size, int *ret_errno);
ENTRY enum nss_status _nss_nothing_getservbyport_r(int port, const char *protocol,
						   struct servent *ret_service, char *buffer,
						   size_t size, int *ret_errno);

static char *aliases[] = {NULL};
static char text[] = "any";

static enum nss_status answer(struct servent *ret_service)
{
	*ret_service = (struct servent){text, aliases, 0, text};
	return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_nothing_getservbyname_r(const char *name, const char *protocol,
					     struct servent *ret_service, char *buffer, size_t size,
					     int *ret_errno)
{
	(void)name, (void)protocol, (void)buffer, (void)size, (void)ret_errno;
	return answer(ret_service);
}

enum nss_status _nss_nothing_getservbyport_r(int port, const char *protocol,
					     struct servent *ret_service, char *buffer, size_t size,
					     int *ret_errno)
{
	(void)port, (void)protocol, (void)buffer, (void)size, (void)ret_errno;
	return answer(ret_service);
}
