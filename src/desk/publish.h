/* Inside desk/: new editions of the registry. */
#ifndef PORTBOOK_DESK_PUBLISH_H
#define PORTBOOK_DESK_PUBLISH_H

#include "desk/store.h"

/* Makes the first edition of a store that has none, within a writing transaction. 0 or fault. */
int publish_first(struct desk *desk, struct slice now, struct fault *fault) MUST_USE;

/* What came of granting an application. */
struct published {
	int64_t edition;
	int32_t first_port, last_port; /* that were assigned; -1: none */
	char expires[DATE_LENGTH];     /* of what is for a time; otherwise "" */
};

/*
 * Makes the next edition, with an application granted, within a writing transaction. DESK_DONE;
 * DESK_CONFLICT, and the refusal says what is in the way; or a negative fault.
 */
int publish_grant(struct desk *desk, const struct application *application, int64_t applicant,
		  struct slice now, struct published *ret_published, struct desk_refusal *refusal,
		  struct fault *fault) MUST_USE;

#endif
