/*
 * libnss_portbook.so.2: the registry as a source of glibc's name service switch. The functions are
 * those that glibc looks for by name; what they return, and when, is the interface of its modules
 * (the GNU C Library's manual, "NSS Module Function Internals"). Any number of threads may call
 * them; none allocates, and none takes a lock.
 */
#ifndef PORTBOOK_NSS_NSS_H
#define PORTBOOK_NSS_NSS_H

#include <netdb.h>
#include <nss.h>

#include "image/image.h"

#define NSS_ENTRY __attribute__((visibility("default")))

/*
 * NSS_STATUS_TRYAGAIN and ERANGE in *ret_errno where the buffer is too small: the same question
 * with a larger one has the answer. NSS_STATUS_NOTFOUND and ENOENT where there is none. All text
 * of an answer is in the buffer. protocol may be NULL: of any.
 */
NSS_ENTRY enum nss_status _nss_portbook_getservbyname_r(const char *name, const char *protocol,
							struct servent *ret_service, char *buffer,
							size_t size, int *ret_errno);
/* The port is in network byte order. */
NSS_ENTRY enum nss_status _nss_portbook_getservbyport_r(int port, const char *protocol,
							struct servent *ret_service, char *buffer,
							size_t size, int *ret_errno);

/*
 * All lines, one after another, from the first on and again after setservent or endservent. There
 * is one such walk in a process; threads that share it get each line once.
 */
NSS_ENTRY enum nss_status _nss_portbook_setservent(int stay_open);
NSS_ENTRY enum nss_status _nss_portbook_getservent_r(struct servent *ret_service, char *buffer,
						     size_t size, int *ret_errno);
NSS_ENTRY enum nss_status _nss_portbook_endservent(void);

/* What is asked from now on, instead of the current registry: for tests, of one thread. */
void nss_use(const struct image *image);

#endif
