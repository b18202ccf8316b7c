/* Inside mail/: a letter to a command. */
#ifndef PORTBOOK_MAIL_COMMAND_H
#define PORTBOOK_MAIL_COMMAND_H

#include "mail/mail.h"

/*
 * Runs the command, in a process group of its own, with the text on its standard input and an
 * environment of nothing but a PATH, and ends it where it takes longer. An enum mail_outcome by its
 * exit status (<sysexits.h>): 0, 75 (EX_TEMPFAIL) or others; of what it printed, a line is in
 * fault. Negative: it could not be run.
 */
int command_run(const char *const *arguments, struct slice text, unsigned timeout_ms,
		struct fault *fault) MUST_USE;

#endif
