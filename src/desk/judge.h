/* Inside desk/: who may do what. */
#ifndef PORTBOOK_DESK_JUDGE_H
#define PORTBOOK_DESK_JUDGE_H

#include "desk/store.h"
#include "record/row.h"

/* As desk_may(), and in which role. */
int judge(const struct desk *desk, const struct account *actor, const struct desk_request *request,
	  enum action action, struct slice now, enum role *ret_role, struct desk_refusal *refusal);

/* Says that an action is for those with some roles (mask). DESK_FORBIDDEN. */
int refuse_role(struct desk_refusal *refusal, enum action action, unsigned roles,
		enum procedure procedure);

/* A row that a change of the subject would change; false: there is none. */
bool subject_row(const struct desk *desk, const struct application_subject *subject,
		 struct row *ret_row);

/* Whether the account's person is assignee or contact of what an application is about. */
bool is_assignee(const struct desk *desk, const struct account *account,
		 const struct application_subject *subject);

#endif
