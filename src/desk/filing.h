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

/* The ports that a request is about, and so who decides on it. Both -1: none. */
void find_ports(const struct desk *desk, const struct application *application, int32_t *ret_first,
		int32_t *ret_last);

/* Pre-flight, of what the desk has read. decided: of an appeal, when that was. */
int check_application(const struct desk *desk, const struct application *application,
		      struct slice now, struct slice decided, struct preflight *ret_preflight,
		      struct fault *fault) MUST_USE;

#endif
