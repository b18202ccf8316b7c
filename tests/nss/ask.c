/*
 * Asks the C library for services: a question a line from standard input, an answer a line to
 * standard output ("name port/protocol alias ...", or "-" for none). Questions:
 *
 *     n NAME PROTOCOL     getservbyname; the protocol - is none
 *     p PORT PROTOCOL     getservbyport
 *     e                   all of getservent, and an empty line
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell(const struct servent *found)
{
	if (!found) {
		puts("-");
		return;
	}
	printf("%s %u/%s", found->s_name, ntohs((uint16_t)found->s_port), found->s_proto);
	for (char **alias = found->s_aliases; *alias; alias++)
		printf(" %s", *alias);
	putchar('\n');
}

static void tell_all(void)
{
	const struct servent *found;

	setservent(1);
	while ((found = getservent()))
		tell(found);
	endservent();
	putchar('\n');
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;

	/* Of files, or each look-up would open them anew. */
	setservent(1);
	while (getline(&line, &room, stdin) > 0) {
		char *next = line, *kind = strsep(&next, " \n"), *key = strsep(&next, " \n");
		char *protocol = strsep(&next, " \n");

		if (protocol && strcmp(protocol, "-") == 0)
			protocol = NULL;
		if (*kind == 'n')
			tell(getservbyname(key, protocol));
		else if (*kind == 'p')
			tell(getservbyport(htons((uint16_t)strtoul(key, NULL, 10)), protocol));
		else
			tell_all();
	}
	free(line);
	return 0;
}
