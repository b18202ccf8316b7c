/* Inside desk/: applications on their way to being events. */
#ifndef PORTBOOK_DESK_FILING_H
#define PORTBOOK_DESK_FILING_H

#include "desk/store.h"

/* An application as it is kept. Zeroed memory is a valid empty one. */
struct written {
	struct out public, private;
};

void written_done(struct written *written);
int write_application(const struct application *application, struct written *written,
		      struct fault *fault) MUST_USE;

/* What somebody may hand in: in which role, and which ports it is about (both -1: none). */
struct admission {
	enum role role;
	int32_t first_port, last_port; /* who has a role for all of them decides on it */
	char decided[DATE_LENGTH];     /* of an appeal: when what it is against was */
	size_t decided_size;
};

/* The ports that an application is about, by what the desk has read of the registry. */
void find_ports(const struct desk *desk, const struct application *application, int32_t *ret_first,
		int32_t *ret_last);

/*
 * Whether the account may file the application, or put it in the place of another, by what the desk
 * has read of the registry. Within a transaction. DESK_DONE, DESK_FORBIDDEN, DESK_NOT_NOW or a
 * negative fault.
 */
int admit(struct desk *desk, const struct account *actor, const struct application *application,
	  struct admission *ret_admission, struct desk_refusal *refusal,
	  struct fault *fault) MUST_USE;

/* Pre-flight, by the same: DESK_DONE, DESK_INVALID or a negative fault. */
int examine(const struct desk *desk, const struct application *application,
	    const struct admission *admission, struct slice now, struct desk_refusal *refusal,
	    struct fault *fault) MUST_USE;

#endif
