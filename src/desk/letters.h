/* Inside desk/: who is told of what. */
#ifndef PORTBOOK_DESK_LETTERS_H
#define PORTBOOK_DESK_LETTERS_H

#include "desk/event.h"

/*
 * Queues the letters that an event causes, within its transaction, to those who have an address and
 * did not cause it. request is what it is after the event; action ACTION_COUNT: it is reviewed
 * again. 0 or a negative fault.
 */
int letters_put(struct desk *desk, const struct desk_request *request, const struct event *event,
		enum action action, struct fault *fault) MUST_USE;

#endif
