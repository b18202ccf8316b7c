/*
 * Whether what listens on a port is what the registry has there. "Registered" is not "running":
 * the registry says what a port is for, and who listens there may not care. By names alone, and
 * carefully: what is not clear is not told.
 */
#ifndef PORTBOOK_CLI_AGREEMENT_H
#define PORTBOOK_CLI_AGREEMENT_H

#include "image/image.h"

/*
 * The names that a process goes by are its command, the file it runs, and its unit. Each is
 * taken without its path, its version, and a final "d" or "-server" and the like; for some programs
 * that serve what they are not named after (nginx, sshd) it is known what.
 */
enum agreement {
	/* A name is the service's, or an alias, or a word of either or of its description. */
	AGREEMENT_AGREES,
	/* None is, and one is the name of another service that is registered with a port. */
	AGREEMENT_OTHER,
	/* Neither, or the process is not seen, or is one that runs all kinds of programs. */
	AGREEMENT_UNKNOWN,
	/* The port is not assigned, and could be. */
	AGREEMENT_UNREGISTERED,
	/* The port is never assigned. */
	AGREEMENT_DYNAMIC,
	AGREEMENT_COUNT,
};

/* "agrees", ... Static. */
struct slice agreement_name(enum agreement agreement);

/* What a port of a transport and a process with these names (absent: none) are to each other. */
enum agreement agreement_find(const struct image *image, enum transport transport, uint16_t port,
			      const struct slice *names, size_t count);

#endif
