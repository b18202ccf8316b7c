/*
 * Eight threads ask the module everything at once, and each must hear what one thread alone hears;
 * all walk through the lines together, and each line is somebody's once. Built under
 * ThreadSanitizer, which sees what no answer shows.
 */
#include "nss/nss.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, ROOM = 1024, PORTS = 65536 };

struct asker {
	pthread_t thread;
	uint64_t sum;	/* of the answers by port and name */
	uint64_t lines; /* of the lines that it walked over, in any order */
	size_t count;
};

/* FNV-1a. */
static uint64_t hash(uint64_t sum, const char *text)
{
	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return sum;
}

static uint64_t hash_of(const struct servent *found)
{
	uint64_t sum = hash((uint64_t)found->s_port, found->s_name);

	for (char **alias = found->s_aliases; *alias; alias++)
		sum = hash(sum, *alias);
	return hash(sum, found->s_proto);
}

static void *ask(void *asker_)
{
	struct asker *asker = asker_;
	struct servent found, again;
	char buffer[ROOM], other[ROOM];
	int error;

	for (uint32_t port = 0; port < PORTS; port += 3) {
		if (_nss_portbook_getservbyport_r(htons((uint16_t)port), NULL, &found, buffer, ROOM,
						  &error) != NSS_STATUS_SUCCESS)
			continue;
		asker->sum = asker->sum * 3 + hash_of(&found);
		if (_nss_portbook_getservbyname_r(found.s_name, found.s_proto, &again, other, ROOM,
						  &error) != NSS_STATUS_SUCCESS)
			abort();
		asker->sum = asker->sum * 3 + hash_of(&again);
	}
	while (_nss_portbook_getservent_r(&found, buffer, ROOM, &error) == NSS_STATUS_SUCCESS) {
		asker->lines += hash_of(&found);
		asker->count++;
	}
	return NULL;
}

int main(void)
{
	struct asker alone = {}, together = {}, askers[THREADS] = {};

	ask(&alone);
	_nss_portbook_setservent(0);
	for (size_t i = 0; i < THREADS; i++) {
		if (pthread_create(&askers[i].thread, NULL, ask, &askers[i]) != 0)
			return 1;
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(askers[i].thread, NULL);
		together.lines += askers[i].lines;
		together.count += askers[i].count;
		if (askers[i].sum != alone.sum) {
			fprintf(stderr, "thread %zu hears other answers\n", i);
			return 1;
		}
	}
	printf("%zu lines of %zu\n", together.count, alone.count);
	return alone.count > 0 && together.count == alone.count && together.lines == alone.lines
		       ? 0
		       : 1;
}
