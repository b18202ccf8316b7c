/* Inside desk/: events taken, and grants. All within a writing transaction. */
#ifndef PORTBOOK_DESK_GRANT_H
#define PORTBOOK_DESK_GRANT_H

#include "desk/event.h"

/* Appends the event, and makes the request what it makes of it. 0 or a negative fault. */
int take_event(struct desk *desk, struct desk_request *request, struct event *event,
	       const struct application *application, struct fault *fault) MUST_USE;

/*
 * Takes the event of a grant, with the edition that it makes. DESK_DONE, DESK_CONFLICT or a
 * negative fault.
 */
int grant(struct desk *desk, struct desk_request *request, struct event *event, struct slice now,
	  struct desk_refusal *refusal, struct fault *fault) MUST_USE;

#endif
