#include "desk/judge.h"

#include <stdio.h>

#include "desk/requests.h"
#include "desk/states.h"
#include "query/query.h"

/* Whether a list of people ("[A_Person] [B_Person]") has this one. */
static bool names_person(struct slice people, struct slice id)
{
	struct slice rest = people, piece;

	while ((piece = slice_cut(&rest, ']')).p) {
		if (slice_ends(piece, id) && piece.n > id.n && piece.p[piece.n - id.n - 1] == '[')
			return true;
	}
	return false;
}

/* Whether a row is among those that an application for a change of the subject would change. */
static bool is_subject(const struct row *row, const struct application_subject *subject)
{
	if (row->state != ROW_ASSIGNED)
		return false;
	if (subject->first_port >= 0 &&
	    (row->first_port < subject->first_port || row->last_port > subject->last_port))
		return false;
	return subject->transports == 0 ||
	       (row->transport != TRANSPORT_NONE && subject->transports >> row->transport & 1);
}

enum { SUBJECT_MAX = 256 };

/* The numbers of those rows; more than SUBJECT_MAX: there are too many to be looked at. */
static size_t find_subject(const struct desk *desk, const struct application_subject *subject,
			   uint32_t rows[static SUBJECT_MAX])
{
	struct query query = {.kind = subject->name.p ? QUERY_NAME : QUERY_PORTS,
			      .name = subject->name,
			      .first = (uint16_t)subject->first_port,
			      .last = (uint16_t)subject->last_port,
			      .transport = TRANSPORT_NONE};
	size_t count, found = 0;

	if (!subject->name.p && subject->first_port < 0)
		return 0;
	count = query_matching(&desk->image, &query, rows, SUBJECT_MAX);
	if (count > SUBJECT_MAX)
		return count;
	for (size_t i = 0; i < count; i++) {
		struct row row;

		image_row(&desk->image, rows[i], &row);
		if (is_subject(&row, subject))
			rows[found++] = rows[i];
	}
	return found;
}

bool subject_row(const struct desk *desk, const struct application_subject *subject,
		 struct row *ret_row)
{
	uint32_t rows[SUBJECT_MAX];

	if (find_subject(desk, subject, rows) == 0)
		return false;
	image_row(&desk->image, rows[0], ret_row);
	return true;
}

/* Of all the rows: what is somebody else's is not changed beside. */
bool is_assignee(const struct desk *desk, const struct account *account,
		 const struct application_subject *subject)
{
	uint32_t rows[SUBJECT_MAX];
	size_t count;

	if (account->person.n == 0 || account->disabled.p)
		return false;
	count = find_subject(desk, subject, rows);
	for (size_t i = 0; i < count && count <= SUBJECT_MAX; i++) {
		struct row row;

		image_row(&desk->image, rows[i], &row);
		if (!names_person(row.shown[COLUMN_ASSIGNEE], account->person) &&
		    !names_person(row.shown[COLUMN_CONTACT], account->person))
			return false;
	}
	return count > 0 && count <= SUBJECT_MAX;
}

/* The roles of a mask that the account has for the request; assignee only of what is filed. */
static unsigned roles_of(const struct account *account, const struct desk_request *request,
			 unsigned roles)
{
	unsigned has = 0;

	if (!account || account->disabled.p)
		return 0;
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		if (!(roles >> role & 1))
			continue;
		if (role == ROLE_APPLICANT
			    ? account->number == request->applicant
			    : account_has_role_for(account, (enum role)role, request->first_port,
						   request->last_port))
			has |= 1u << role;
	}
	return has;
}

static void list_roles(unsigned roles, char *text, size_t size)
{
	size_t n = 0;

	text[0] = '\0';
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		if (roles >> role & 1)
			n += (size_t)snprintf(text + n, n < size ? size - n : 0, "%s%s",
					      n ? " or " : "", role_name((enum role)role).p);
	}
}

int refuse_role(struct desk_refusal *refusal, enum action action, unsigned roles,
		enum procedure procedure)
{
	char who[100];

	list_roles(roles, who, sizeof(who));
	return refuse(refusal, DESK_FORBIDDEN, action_section(action, procedure),
		      roles ? "\"%s\" is for the %s of its range" : "nobody may \"%s\" here%s",
		      action_name(action).p, who);
}

int judge(const struct desk *desk, const struct account *actor, const struct desk_request *request,
	  enum action action, struct slice now, enum role *ret_role, struct desk_refusal *refusal)
{
	const struct transition *transition =
		transition_find(request->state, action, request->procedure);
	struct slice section = action_section(action, request->procedure);
	unsigned may, has;

	if (!transition)
		return refuse(refusal, DESK_NOT_NOW, section,
			      "\"%s\" is not to be done while a request (%.*s) is %s",
			      action_name(action).p, (int)procedure_name(request->procedure).n,
			      procedure_name(request->procedure).p,
			      desk_state_name(request->state).p);
	may = transition->roles & desk->policy->roles[action];
	has = roles_of(actor, request, may);
	if (!has)
		return refuse_role(refusal, action, may, request->procedure);
	if ((action == ACTION_APPROVE || action == ACTION_REFUSE) &&
	    actor->number == request->applicant)
		return refuse(refusal, DESK_FORBIDDEN, section,
			      "nobody decides on a request of their own");
	if (action == ACTION_DECIDE && request->deadline.p &&
	    slice_compare(day_of(now), request->deadline) <= 0)
		return refuse(refusal, DESK_NOT_NOW, section, "comments are called for until %.*s",
			      (int)request->deadline.n, request->deadline.p);
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		if (has >> role & 1) {
			*ret_role = (enum role)role;
			break;
		}
	}
	return DESK_DONE;
}

int desk_may(const struct desk *desk, const struct account *actor,
	     const struct desk_request *request, enum action action, struct slice now,
	     struct desk_refusal *refusal)
{
	enum role role;

	return judge(desk, actor, request, action, now, &role, refusal);
}

unsigned desk_actions(const struct desk *desk, const struct account *actor,
		      const struct desk_request *request, struct slice now)
{
	struct desk_refusal refusal;
	unsigned actions = 0;

	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		if (desk_may(desk, actor, request, (enum action)i, now, &refusal) == DESK_DONE)
			actions |= 1u << i;
	}
	return actions;
}
