/*
 * What a desk needs done although nobody asks: letters sent, people reminded, what is over removed.
 * A thread of its own does it, on a connection of its own; there may be one in each of several
 * servers of a store.
 */
#ifndef PORTBOOK_HTTP_UPKEEP_H
#define PORTBOOK_HTTP_UPKEEP_H

#include "base/attr.h"
#include "base/fault.h"
#include "mail/mail.h"

struct upkeep_options {
	const char *store;			/* its desk may be made later */
	const struct mail_options *mail;	/* NULL: letters stay in the queue */
	void (*say)(const struct fault *fault); /* what went wrong, once until it is well again */
};

struct upkeep;

/* Begins. Everything in options outlives it. *ret_upkeep is the caller's. 0 or a negative fault. */
int upkeep_start(const struct upkeep_options *options, struct upkeep **ret_upkeep,
		 struct fault *fault) MUST_USE;

/* Stops, when the letter that is being sent was sent. Takes NULL. */
void upkeep_stop(struct upkeep *upkeep);

#endif
