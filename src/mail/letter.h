/* Inside mail/: texts of letters, made harmless. */
#ifndef PORTBOOK_MAIL_LETTER_H
#define PORTBOOK_MAIL_LETTER_H

#include "base/strbuf.h"
#include "mail/mail.h"

/* ASCII letters, digits and hyphens, at least one. */
bool letter_is_token(struct slice text);

/*
 * Adds the text as one line: control characters and separators of lines become blanks, malformed
 * bytes U+FFFD, and there are no blanks at the ends.
 */
void letter_clean_line(struct slice text, struct strbuf *line);

/* The same of lines, each of which ends in a line feed. Tabs stay. */
void letter_clean_body(struct slice text, struct strbuf *body);

/* Whether the sender's addresses are some. 0 or FAULT_MALFORMED. */
int letter_check_sender(const struct mail_options *options, struct fault *fault) MUST_USE;

#endif
