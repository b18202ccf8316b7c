/* Inside desk/: requests as they are now, which follows from their events. */
#ifndef PORTBOOK_DESK_REQUESTS_H
#define PORTBOOK_DESK_REQUESTS_H

#include "desk/event.h"

/* The request of a number, but for its application. DESK_DONE, DESK_NOT_FOUND or a fault. */
int request_load(struct desk *desk, int64_t number, struct desk_request *ret_request,
		 struct fault *fault) MUST_USE;

/* Writes it, in the place of what was there. 0 or a negative fault. */
int request_save(struct desk *desk, const struct desk_request *request,
		 struct fault *fault) MUST_USE;

/*
 * What an event makes of its request; application is what the event brought, or NULL. Everything
 * that a request is comes from here, when it happens as well as when it is made anew from the log.
 * 0 or FAULT_MEMORY.
 */
int request_apply(struct desk_request *request, const struct event *event,
		  const struct application *application) MUST_USE;

/* What the policy says of its decision. 0 or FAULT_MEMORY. */
int request_judge(const struct desk *desk, struct desk_request *request) MUST_USE;
/*
 * Who is to review it, in STATE_REVIEW: DESK_NOT_FOUND where that is nobody's yet, or of somebody
 * who cannot any more. Text in the arena.
 */
int request_reviewer(struct desk *desk, const struct desk_request *request, struct arena *arena,
		     struct account *ret_reviewer, struct fault *fault) MUST_USE;

/* What is seen of it by an account (NULL: anybody). */
enum desk_sight request_sight(const struct account *actor, const struct desk_request *request);

/* Takes away what may not be seen. */
void request_hide(struct desk_request *request);

/*
 * Its application as it is now: public parts, and private ones where these are to be seen. 0 or a
 * negative fault.
 */
int request_application(struct desk *desk, const struct desk_request *request, bool private,
			struct application *ret_application, struct fault *fault) MUST_USE;

/* Columns of the table, in the order that request_get() reads; it needs requests as r. */
#define REQUEST_COLUMNS                                                                            \
	"r.request, r.version, r.procedure, r.state, r.came_from, r.name, r.first_port, "          \
	"r.last_port, r.transports, r.description, r.applicant, r.reviewer, r.filed, r.changed, "  \
	"r.deadline, r.expires, r.reviews, r.approvals, r.stage, r.application, r.edition, "       \
	"a.login, v.login "
#define REQUEST_TABLES                                                                             \
	"FROM desk_requests AS r LEFT JOIN accounts AS a ON a.number = r.applicant "               \
	"LEFT JOIN accounts AS v ON v.number = r.reviewer "

/* The request of a row, its text copied. 0 or a negative fault. */
int request_get(struct db_statement *statement, struct desk_request *ret_request,
		struct fault *fault) MUST_USE;

#endif
