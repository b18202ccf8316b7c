/*
 * A granted application applied to a registry: the rows of its next edition as the publisher of the
 * public registry would write them (docs/DESK.md). Nothing is judged here but whether the change
 * can be made at all: who may have what is for the procedures to find out. Pure: no clock, no
 * store. The same input gives the same edition.
 */
#ifndef PORTBOOK_ASSIGN_ASSIGN_H
#define PORTBOOK_ASSIGN_ASSIGN_H

#include <stdint.h>

#include "application/application.h"
#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "policy/policy.h"
#include "registry/registry.h"

struct assign_options {
	struct slice day; /* YYYY-MM-DD: of the next edition, and of what is assigned in it */
	/*
	 * Ids of the people to use. One who is in the registry is made what the application says of
	 * them; another is added by that id. Absent: whoever has the same name and address, or
	 * somebody new by an id of the publisher's kind.
	 */
	struct slice assignee, contact;
};

struct assign_result {
	int32_t first_port, last_port; /* that it is about now; -1: none */
	/* Ids of those whom the application names, now in the registry; absent where it names
	 * none. They live as long as *ret_after. */
	struct slice assignee, contact;
};

/*
 * Makes the next edition; before is left as it is. *ret_after is the caller's (registry_free) and
 * borrows nothing. Its rows, people and notes that did not change are written byte for byte as
 * those of before (render/xml.h), where before was read with its layout.
 *
 * Returns 0; or 1 where the change cannot be made of this edition: the name or port is taken,
 * reserved, not there, or not in the state that the procedure is for; the fault says what has it.
 * Otherwise a negative fault.
 */
int assign_apply(const struct registry *before, const struct application *application,
		 const struct policy *policy, const struct assign_options *options,
		 struct registry **ret_after, struct assign_result *ret_result,
		 struct fault *fault) MUST_USE;

/*
 * Whether a row that is Reserved tells that the port was de-assigned. Another service may have that
 * then, though it should not while others are free (RFC 6335, section 8.2); of ports that are
 * Reserved otherwise, none.
 */
bool assign_is_released(const struct row *row);

/*
 * The first edition of a new registry: rows of its policy's ranges, Unassigned where something
 * assigns them and Reserved where nothing does. title absent: the policy's. 0 or a negative fault.
 */
int assign_begin_registry(const struct policy *policy, struct slice title, struct slice day,
			  struct registry **ret_registry, struct fault *fault) MUST_USE;

#endif
