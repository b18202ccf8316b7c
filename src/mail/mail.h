/*
 * The desk's mail: a queue of letters in the store's database, and their delivery by SMTP or to a
 * command.
 *
 * A letter is queued within the transaction of what it tells of, so that there is one if and only
 * if that was done, and once by its key, however often that is tried. Whoever sends takes one
 * letter at a time (mail_claim), delivers it (mail_deliver) and says what came of it (mail_settle);
 * there may be any number of such processes. No letter is lost: one whose sender died is taken
 * again after MAIL_STALE. None is sent twice knowingly: where it is not known whether a letter
 * arrived (the sender died, or the connection broke off after the letter and before the answer), it
 * is sent again with the same Message-ID, by which mail systems tell copies.
 *
 * Times are "YYYY-MM-DDThh:mm:ssZ" of the caller's clock. Faults are db/db.h's, FAULT_MALFORMED for
 * a time that is none, and what each says.
 */
#ifndef PORTBOOK_MAIL_MAIL_H
#define PORTBOOK_MAIL_MAIL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "db/db.h"
#include "record/time.h"

enum {
	MAIL_STALE = 1800,	/* seconds after which a letter that is being sent is taken again */
	MAIL_TRIES = 11,	/* over five days: 5 min, 15 min, 1, 3, 6, 12, then 24 h apart */
	MAIL_ADDRESS_MAX = 254, /* bytes: RFC 5321, section 4.5.3.1.3 */
	MAIL_SUBJECT_MAX = 1000,   /* bytes; of names, kinds, keys and threads as well */
	MAIL_BODY_MAX = 256 << 10, /* bytes */
};

enum mail_state {
	MAIL_QUEUED,  /* to be sent, now or when it is due again */
	MAIL_SENDING, /* taken, and not settled yet */
	MAIL_SENT,
	MAIL_FAILED, /* refused, or tried too often: mail_retry() */
	MAIL_ERASED, /* its person was erased before it was sent */
	MAIL_STATES,
};

/* "queued", "sending", "sent", "failed", "erased". Static; absent past the last. */
struct slice mail_state_name(enum mail_state state);
bool mail_state_find(struct slice name, enum mail_state *ret_state) MUST_USE;

struct mail_letter {
	/* What mail_put() is told: UTF-8, single lines but for the body. */
	struct slice key;     /* unique: "event-17-applicant" */
	struct slice kind;    /* for operators: "granted", "reminder" */
	int64_t account;      /* of its recipient; 0: none */
	struct slice address; /* mail_address_valid() */
	struct slice name;    /* of its recipient; may be absent */
	struct slice subject;
	struct slice body;   /* lines that end in line feeds; absent: removed (mail_prune) */
	struct slice thread; /* letters with the same one are shown together: "request-12";
				letters, digits and hyphens; absent: alone */
	int64_t event;	     /* that it tells of; 0: none */
	/* What the queue adds. */
	int64_t number;
	struct slice id; /* its Message-ID, left of the @ */
	enum mail_state state;
	unsigned tries;	      /* begun */
	struct slice created; /* when it was queued */
	struct slice changed; /* when its state became what it is */
	struct slice due;     /* when it is taken, at the earliest; absent: it is not */
	struct slice reason;  /* what went wrong when it was last tried; absent: nothing */
};

/*
 * One mailbox as it goes into SMTP and a header as it is: ASCII, "local@domain", without quotes,
 * comments, blanks and routes (a subset of RFC 5322, section 3.4.1).
 */
bool mail_address_valid(struct slice address);

/* -- The queue -- */

/* Its tables, for db_run(), once in a store. */
extern const char mail_schema[];

/*
 * Queues a letter, due now, within the caller's writing transaction. Control characters in it
 * become blanks. 0; 1: one with its key was queued before, and nothing was done. FAULT_MALFORMED:
 * an address or a thread that is none, no UTF-8; FAULT_LIMIT.
 */
int mail_put(struct db *db, const struct mail_letter *letter, struct slice now,
	     struct fault *fault) MUST_USE;

/*
 * Takes the letter that is due for longest, in a transaction of its own: it is being sent from now
 * on, and no other process gets it. 1: *ret_letter is it, with its text in the arena. 0: none is
 * due.
 */
int mail_claim(struct db *db, struct slice now, struct arena *arena, struct mail_letter *ret_letter,
	       struct fault *fault) MUST_USE;

/* What came of a delivery. */
enum mail_outcome {
	MAIL_OK,
	MAIL_LATER,   /* it may go well later: 4xx, no connection, no memory */
	MAIL_REFUSED, /* the letter was refused for good: 5xx */
};

/*
 * Says what came of a letter that was claimed, in a transaction of its own. reason (where it is not
 * MAIL_OK) is for operators. 0; 1: it is no longer this claim's, because it was stale and is taken
 * by another, erased, or known as sent. MAIL_OK holds in any case: what was sent is not sent again.
 */
int mail_settle(struct db *db, const struct mail_letter *letter, enum mail_outcome outcome,
		struct slice reason, struct slice now, struct fault *fault) MUST_USE;

/*
 * Within the caller's writing transaction: sends one that failed, or waits to be tried again, now,
 * with all its tries anew. 0; 1: there is none of that number that waits or failed.
 */
int mail_retry(struct db *db, int64_t number, struct slice now, struct fault *fault) MUST_USE;

/*
 * Within the caller's writing transaction: removes address, name, subject, body and reason of all
 * letters of an account; those that were not sent are not sent.
 */
int mail_erase(struct db *db, int64_t account, struct slice now, struct fault *fault) MUST_USE;

/*
 * Removes the bodies of letters that were sent or failed so many days ago or before, in a
 * transaction of its own. Nothing else of them is removed: their keys hold on.
 */
int mail_prune(struct db *db, unsigned days, struct slice now, struct fault *fault) MUST_USE;

/* Which letters are wanted; zeroed: all. */
struct mail_filter {
	unsigned states; /* mask of 1 << enum mail_state; 0: all */
	int64_t account; /* 0: anybody's */
	int64_t below;	 /* only numbers below; 0: all: the cursor */
	unsigned most;	 /* 0: 50 */
	bool bodies;	 /* with them; else they are absent */
};

/* A result other than 0 ends the walk, and is what it returns. Borrowed until it returns. */
typedef int mail_handler(void *context, const struct mail_letter *letter);

/* By descending number. */
int mail_list(struct db *db, const struct mail_filter *filter, mail_handler *handler, void *context,
	      struct fault *fault) MUST_USE;

/* How many letters of each state there are. */
int mail_counts(struct db *db, int64_t ret_counts[static MAIL_STATES],
		struct fault *fault) MUST_USE;

/* -- Delivery -- */

struct mail_options {
	/*
	 * One of them. url: smtp://HOST[:PORT] or smtps://..., without user and password; what is
	 * behind a slash is what this host calls itself (EHLO). command: an absolute path and its
	 * arguments up to NULL, run without a shell; it reads the letter, whose lines end in line
	 * feeds, on standard input, and finds the recipient in it: {"/usr/sbin/sendmail", "-t",
	 * "-i", NULL}.
	 */
	const char *url;
	const char *const *command;
	const char *user, *password; /* of the url; NULL: none */
	const char *ca_file;	     /* trust these authorities (PEM) alone; NULL: the system's */
	bool plain;	     /* smtp:// to hosts other than loopback: without TLS, which else is
				demanded (STARTTLS). Never with a password */
	unsigned timeout_ms; /* for all of a delivery; 0: 120,000; at most a third of MAIL_STALE */
	struct slice from;   /* address of the desk; its domain is that of Message-IDs */
	struct slice from_name; /* may be absent */
	struct slice reply_to;	/* address; absent: from */
};

/*
 * Writes a letter as RFC 5322 and RFC 2045 have it: ASCII alone, no line of more than 78 characters
 * (but for addresses that are longer), ended by CR LF. The same letter and options at the same time
 * are the same bytes. No text in it can begin a header. 0; FAULT_MALFORMED: an address that is
 * none, or a letter without a body; FAULT_MEMORY.
 */
int mail_write(const struct mail_letter *letter, const struct mail_options *options,
	       struct slice now, struct strbuf *text, struct fault *fault) MUST_USE;

/*
 * Delivers a letter, whatever its state. An enum mail_outcome: where it is not MAIL_OK, fault says
 * why. Negative: a fault of this side (options, memory, libcurl is not there), to be settled as
 * MAIL_LATER. Not for several threads at once.
 */
int mail_deliver(const struct mail_letter *letter, const struct mail_options *options,
		 struct slice now, struct fault *fault) MUST_USE;

/* The caller's clock: the time, in the space. */
typedef struct slice mail_clock(void *context, char space[static TIME_LENGTH]);

/*
 * Takes the letter that is due, delivers it, and settles that: what whoever sends does until none
 * is due, and then again every few seconds. 1: there was one, whatever came of it. 0: none is due.
 * Negative: a fault; where it is of this side, the letter waits for its next try. Where nothing can
 * be written any more the letter is taken again after MAIL_STALE.
 */
int mail_send(struct db *db, const struct mail_options *options, mail_clock *clock, void *context,
	      struct fault *fault) MUST_USE;

#endif
