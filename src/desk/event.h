/* Inside desk/: the log. */
#ifndef PORTBOOK_DESK_EVENT_H
#define PORTBOOK_DESK_EVENT_H

#include "desk/store.h"

/* An event with all of its columns; docs/DESK.md says what each is. Absent text is NULL. */
struct event {
	int64_t sequence, request;
	struct slice at;
	int64_t actor;
	struct slice role, action, state;
	int64_t account;
	struct slice application, body;
	int32_t first_port, last_port;
	struct slice deadline, expires;
	int64_t edition;
	struct slice private_hash, hash;
	/* Beside the log, where it is erased on demand. */
	bool has_private;
	struct slice salt, private_application, note;
	bool internal;
};

/*
 * Appends an event, within a writing transaction; sequence, hashes and salt are made here, and
 * sequence is set in it. 0 or a negative fault.
 */
int event_append(struct desk *desk, struct event *event, struct fault *fault) MUST_USE;

/* Columns of the table of events with those beside it, in the order that event_get() reads. */
#define EVENT_COLUMNS                                                                              \
	"e.sequence, e.request, e.at, e.actor, e.role, e.action, e.state, e.account, "             \
	"e.application, e.body, e.first_port, e.last_port, e.deadline, e.expires, e.edition, "     \
	"e.private, e.hash, p.salt, p.application, p.note, p.internal "
#define EVENT_TABLES "FROM desk_events AS e LEFT JOIN desk_private AS p ON p.sequence = e.sequence "

/* A port of a column, or -1; INT32_MIN: neither, which no event has. */
int32_t port_get(struct db_statement *statement, int column);
/* The event of a row; borrowed from the statement. */
void event_get(struct db_statement *statement, struct event *ret_event);

/* The hash that an event is to have after one of another hash (of the first: empty). */
void event_digest(const struct event *event, struct slice previous,
		  char ret_digits[static DIGEST_SIZE]);
/* The hash that its private parts are to have. */
void event_private_digest(const struct event *event, char ret_digits[static DIGEST_SIZE]);

#endif
