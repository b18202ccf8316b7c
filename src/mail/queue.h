/* Inside mail/: what statements give of letters. */
#ifndef PORTBOOK_MAIL_QUEUE_H
#define PORTBOOK_MAIL_QUEUE_H

#include "mail/mail.h"

/* The columns that queue_letter() reads, in its order. */
#define QUEUE_FIELDS                                                                               \
	"number, key, kind, account, address, name, subject, thread, event, id, state, tries, "    \
	"created, changed, due, reason, "
#define QUEUE_COLUMNS QUEUE_FIELDS "body"

/* The statement's row, borrowed from it. 0, or FAULT_MALFORMED: none that this program writes. */
int queue_letter(struct db_statement *statement, struct mail_letter *ret_letter,
		 struct fault *fault) MUST_USE;

/* Replaces the letter's texts by copies. failed is as arena_copy() has it. */
void queue_copy(struct mail_letter *letter, struct arena *arena, bool *failed);

/* Seconds of a time of the caller's; 0 or FAULT_MALFORMED. */
int queue_time(struct slice now, int64_t *ret_seconds, struct fault *fault) MUST_USE;

#endif
