/* How the desk's letters are sent, as options and environment say. */
#ifndef PORTBOOK_CLI_MAILING_H
#define PORTBOOK_CLI_MAILING_H

#include "cli/cli.h"
#include "mail/mail.h"

enum { MAILING_WORDS_MAX = 16 };

/* Zeroed memory is a valid empty one. Borrows settings and environment. */
struct mailing {
	struct mail_options options;
	char *line; /* the command's words */
	const char *words[MAILING_WORDS_MAX + 1];
};

/*
 * Reads --mail and --mail-from, and $PORTBOOK_MAIL_USER and $PORTBOOK_MAIL_PASSWORD. 0; 1: no
 * letters are to be sent; FAULT_MALFORMED, FAULT_LIMIT or FAULT_MEMORY.
 */
int mailing_read(const struct cli *cli, struct mailing *ret_mailing, struct fault *fault) MUST_USE;
void mailing_done(struct mailing *mailing);

#endif
