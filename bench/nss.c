/*
 * Look-ups of services through glibc's name service switch, each timed by itself, whatever
 * nsswitch.conf says of them.
 *
 *     nss FILE COUNT [MODULE]     FILE: services(5), whose names, aliases and ports are the keys;
 *                                 MODULE: asked directly, without glibc between
 *
 * Reports the median of COUNT look-ups: port and name for keys of which each is as likely, and the
 * same with _zipf behind them for keys of which few are asked for often and most seldom.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <nss.h>
#include <stdbool.h>
#include <string.h>

#include "bench.h"

enum { KEYS_MAX = 1 << 16, ROOM = 1024 };

struct key {
	char *name, *protocol;
	int port; /* in network byte order */
};

typedef enum nss_status by_name(const char *name, const char *protocol, struct servent *ret,
				char *buffer, size_t size, int *ret_errno);
typedef enum nss_status by_port(int port, const char *protocol, struct servent *ret, char *buffer,
				size_t size, int *ret_errno);

/* Of a module that is asked directly; else NULL. */
static by_name *direct_name;
static by_port *direct_port;

static void *symbol(void *module, const char *name)
{
	void *found = dlsym(module, name);

	if (!found)
		bench_fail("the module has no such function");
	return found;
}

static void load(const char *path)
{
	void *module = dlopen(path, RTLD_NOW);

	if (!module)
		bench_fail("the module cannot be loaded");
	direct_name = (by_name *)symbol(module, "_nss_portbook_getservbyname_r");
	direct_port = (by_port *)symbol(module, "_nss_portbook_getservbyport_r");
}

/* Each name and alias of each line, but for those with a slash, where libnss-db cuts names. */
static size_t read_keys(const char *path, struct key *keys)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0, n = 0;

	if (!file)
		bench_fail("cannot read the services");
	while (getline(&line, &room, file) > 0) {
		char *rest = line, *name, *port, *protocol;

		line[strcspn(line, "#\n")] = '\0';
		name = strtok_r(line, " \t", &rest);
		port = name ? strtok_r(NULL, "/", &rest) : NULL;
		protocol = port ? strtok_r(NULL, " \t", &rest) : NULL;
		for (; protocol && name && n < KEYS_MAX; name = strtok_r(NULL, " \t", &rest)) {
			if (!strchr(name, '/'))
				keys[n++] = (struct key){strdup(name), strdup(protocol),
							 htons((uint16_t)strtoul(port, NULL, 10))};
		}
	}
	free(line);
	fclose(file);
	return n;
}

static void shuffle(struct key *keys, size_t n, uint64_t *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t other = bench_random(state) % i;
		struct key key = keys[i - 1];

		keys[i - 1] = keys[other];
		keys[other] = key;
	}
}

/* Of shuffled keys any, or the k-th with a chance in proportion to 1/k (Zipf's law). */
static void sample(const struct key *keys, size_t n, bool zipf, struct key *samples, size_t count,
		   uint64_t *state)
{
	double *sums = bench_alloc(n, sizeof(*sums)), sum = 0;

	for (size_t i = 0; i < n; i++)
		sums[i] = sum += zipf ? 1.0 / (double)(i + 1) : 1.0;
	for (size_t i = 0; i < count; i++)
		samples[i] = keys[bench_pick(sums, n, state)];
	free(sums);
}

static bool ask(const struct key *key, bool name)
{
	struct servent service, *found = &service;
	char buffer[ROOM];
	int error;

	if (direct_name && name)
		return direct_name(key->name, key->protocol, &service, buffer, ROOM, &error) ==
		       NSS_STATUS_SUCCESS;
	if (direct_port)
		return direct_port(key->port, key->protocol, &service, buffer, ROOM, &error) ==
		       NSS_STATUS_SUCCESS;
	error = name ? getservbyname_r(key->name, key->protocol, &service, buffer, ROOM, &found)
		     : getservbyport_r(key->port, key->protocol, &service, buffer, ROOM, &found);
	return error == 0 && found;
}

static void measure(const struct key *samples, size_t count, bool name, const char *what)
{
	double *times = bench_alloc(count, sizeof(*times));

	/* The first ones load modules and bring memory into the caches. */
	for (size_t i = 0; i < count && i < 50; i++)
		(void)ask(&samples[i], name);
	for (size_t i = 0; i < count; i++) {
		double start = bench_now();
		bool found = ask(&samples[i], name);

		times[i] = bench_now() - start;
		if (!found) {
			fprintf(stderr, "%s, port %u/%s: ", samples[i].name,
				ntohs((uint16_t)samples[i].port), samples[i].protocol);
			bench_fail("not found");
		}
	}
	bench_report(what, bench_quantile(times, count, 0.5));
	free(times);
}

int main(int argc, char **argv)
{
	struct key *keys = bench_alloc(KEYS_MAX, sizeof(*keys)), *samples;
	size_t count = 0, n;
	uint64_t state = 1;

	if (argc < 3 || argc > 4 || (count = (size_t)strtoul(argv[2], NULL, 10)) == 0)
		bench_fail("usage: nss FILE COUNT [MODULE]");
	if (argc == 4)
		load(argv[3]);
	n = read_keys(argv[1], keys);
	if (n == 0)
		bench_fail("no keys");
	samples = bench_alloc(count, sizeof(*samples));
	shuffle(keys, n, &state);
	sample(keys, n, false, samples, count, &state);
	measure(samples, count, false, "port");
	measure(samples, count, true, "name");
	sample(keys, n, true, samples, count, &state);
	measure(samples, count, false, "port_zipf");
	measure(samples, count, true, "name_zipf");
	bench_report("keys", (double)n);
	free(samples);
	return 0;
}
