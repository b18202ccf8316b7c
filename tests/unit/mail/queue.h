/* What tests of the queue share. Behind testing.h and db/database.h. */
#ifndef PORTBOOK_TESTS_QUEUE_H
#define PORTBOOK_TESTS_QUEUE_H

#include "mail/mail.h"

#define NOW SLICE("2026-11-22T07:00:00Z")

/* With an empty queue. */
static inline struct db *open_queue(void)
{
	struct db *db = open_again();

	run(db, "DROP TABLE IF EXISTS letters");
	run(db, mail_schema);
	return db;
}

static inline struct mail_letter made_up(const char *key)
{
	return (struct mail_letter){.key = slice_cstr(key),
				    .kind = SLICE("granted"),
				    .account = 7,
				    .address = SLICE("ada@example.com"),
				    .name = SLICE("Ada Example"),
				    .subject = SLICE("Request 12: granted"),
				    .body = SLICE("It was granted.\n"),
				    .thread = SLICE("request-12"),
				    .event = 17};
}

#endif
