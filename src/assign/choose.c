/* Which ports and names are to be had. */
#include <stdlib.h>

#include "assign/edit.h"
#include "base/utf8.h"

/* What rows say of a port. */
struct port_use {
	unsigned char taken; /* mask of transports that services or reservations have */
	bool listed;	     /* by a row that is not Unassigned */
	bool assigned;	     /* to a service, with some transport */
	bool released;	     /* by one, which what is Reserved tells */
	bool reported;	     /* an unauthorized use of it is */
};

enum { ALL_TRANSPORTS = (1 << TRANSPORT_COUNT) - 1 };

static unsigned transports_of(const struct row *row)
{
	return row->transport == TRANSPORT_NONE ? ALL_TRANSPORTS : 1u << row->transport;
}

bool policy_assigns(const struct policy *policy, int32_t port)
{
	const struct policy_range *range = policy_range_of(policy, port);
	bool lent = policy->leases.first >= 0 && port >= policy->leases.first &&
		    port <= policy->leases.last;

	return range && !range->method->never && !lent &&
	       !policy_is_reserved(policy, (uint16_t)port);
}

/* One by one, for the reason. */
static int check_policy(struct edit *edit, int32_t first, int32_t last)
{
	for (int32_t port = first; port <= last; port++) {
		const struct policy_range *range = policy_range_of(edit->policy, port);

		if (policy_assigns(edit->policy, port))
			continue;
		if (!range)
			return fault_set(edit->fault, 1, "port %d is none of this registry",
					 (int)port);
		return fault_set(edit->fault, 1, "port %d is not assigned to anybody (%.*s)",
				 (int)port, (int)range->name.n, range->name.p);
	}
	return 0;
}

/* Whether text holds the words anywhere, in any letter case. */
static bool holds(struct slice text, struct slice words)
{
	for (size_t at = 0; at + words.n <= text.n; at++) {
		if (utf8_fold_eq((struct slice){text.p + at, words.n}, words))
			return true;
	}
	return false;
}

bool assign_is_released(const struct row *row)
{
	static const struct slice words[] = {SLICE("de-assigned"), SLICE("historic usage"),
					     SLICE("removed on"), SLICE("released"),
					     SLICE("previously assigned")};
	bool told = false;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		told |= holds(row->shown[COLUMN_NOTES], words[i]) ||
			holds(row->shown[COLUMN_DESCRIPTION], words[i]);
	return told && row->state == ROW_RESERVED;
}

static void use_ports(struct port_use *uses, const struct row *row)
{
	bool released = assign_is_released(row);

	for (int32_t port = row->first_port; port >= 0 && port <= row->last_port; port++) {
		uses[port].reported |= row->shown[COLUMN_UNAUTHORIZED].n > 0;
		if (row->state == ROW_UNASSIGNED)
			continue;
		uses[port].listed = true;
		uses[port].released |= released;
		if (row->state == ROW_ASSIGNED) {
			uses[port].assigned = true;
			uses[port].taken |= (unsigned char)transports_of(row);
		} else if (row->transport == TRANSPORT_NONE) {
			uses[port].taken = ALL_TRANSPORTS;
		}
	}
}

static struct port_use *uses_of(const struct edit *edit)
{
	struct port_use *uses = calloc(PORT_COUNT, sizeof(*uses));

	for (size_t i = 0; i < edit->count && uses; i++) {
		struct row row = edit_row(edit, i);

		use_ports(uses, &row);
	}
	return uses;
}

/*
 * A service may have what is Unassigned, or not listed; of a port that another service has, what
 * that one does not have; of a port that is Reserved, nothing, but where a service gave it back.
 */
int edit_check_ports(struct edit *edit, int32_t first, int32_t last, unsigned transports)
{
	struct port_use *uses;
	int result = check_policy(edit, first, last);

	if (result > 0)
		return result;
	uses = uses_of(edit);
	if (!uses)
		return fault_memory(edit->fault);
	for (size_t i = 0; i < edit->count && result == 0; i++) {
		struct row row = edit_row(edit, i);
		bool replaced;

		if (row.state == ROW_UNASSIGNED || !row_overlaps(&row, first, last))
			continue;
		if (row.state == ROW_RESERVED) {
			replaced = row.transport != TRANSPORT_NONE &&
				   (uses[first].assigned || uses[first].released) &&
				   row.first_port == first && row.last_port == last;
			if (!replaced)
				result = edit_conflict(edit, "the port is reserved", &row);
		} else if (transports_of(&row) & transports) {
			result = edit_conflict(edit, "the port is assigned already", &row);
		}
	}
	free(uses);
	return result;
}

/* How hard ports of a range are to get. */
static unsigned hardness_of(const struct policy_range *range)
{
	return range->method->approvals;
}

/* Where the application says no range: the ranges that are the easiest to get. */
static bool is_wanted(const struct edit *edit, int32_t port)
{
	const struct application *application = edit->application;
	const struct policy *policy = edit->policy;
	const struct policy_range *range = policy_range_of(policy, port);

	if (!policy_assigns(policy, port))
		return false;
	if (application->first_port >= 0)
		return port >= application->first_port && port <= application->last_port;
	for (size_t i = 0; i < policy->range_count; i++) {
		const struct policy_range *other = &policy->ranges[i];

		if (other->first >= 0 && !other->method->never &&
		    hardness_of(other) < hardness_of(range))
			return false;
	}
	return true;
}

/* How good a port is: 3 where nobody has it, 0 where it is not to be had. */
static unsigned goodness_of(const struct edit *edit, const struct port_use *use)
{
	if (use->listed)
		return use->assigned && !(use->taken & edit->application->transports) ? 1 : 0;
	return use->reported ? 2 : 3;
}

/*
 * The lowest that nobody has; where there is none one that is used all the same, and then one that
 * others leave a transport of.
 */
static int32_t choose(const struct edit *edit, const struct port_use *uses)
{
	int32_t best = -1;
	unsigned goodness = 0;

	for (int32_t port = 0; port <= PORT_MAX && goodness < 3; port++) {
		unsigned good = goodness_of(edit, &uses[port]);

		if (good > goodness && is_wanted(edit, port)) {
			best = port;
			goodness = good;
		}
	}
	return best;
}

int edit_choose_ports(struct edit *edit, int32_t *ret_first, int32_t *ret_last)
{
	const struct application *application = edit->application;
	struct port_use *uses;
	int32_t port;
	int result;

	if (!application->any_port) {
		result = edit_check_ports(edit, application->first_port, application->last_port,
					  application->transports);
		if (result != 0)
			return result;
		*ret_first = application->first_port;
		*ret_last = application->last_port;
		return 0;
	}
	uses = uses_of(edit);
	if (!uses)
		return fault_memory(edit->fault);
	port = choose(edit, uses);
	free(uses);
	if (port < 0)
		return fault_set(edit->fault, 1, "no port that is wanted is unassigned");
	*ret_first = *ret_last = port;
	return 0;
}

/* RFC 4340, section 8.1.2: a code is of one service. */
int edit_check_code(struct edit *edit)
{
	struct slice code = edit_code(edit), name = edit_field(edit, FIELD_NAME);
	bool modified = edit->application->procedure == PROCEDURE_MODIFICATION;

	for (size_t i = 0; i < edit->count && code.n > 0; i++) {
		struct row row = edit_row(edit, i);

		if (!slice_eq(row.shown[COLUMN_SERVICE_CODE], code) ||
		    (name.p && utf8_fold_eq(row.shown[COLUMN_NAME], name)) ||
		    (modified && edit_is_subject(edit, &row)))
			continue;
		return edit_conflict(edit, "the service code is assigned already", &row);
	}
	return 0;
}

int edit_check_new_port(struct edit *edit, struct slice name)
{
	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (row.state == ROW_ASSIGNED && utf8_fold_eq(row.shown[COLUMN_NAME], name) &&
		    !edit_is_held(edit, &row))
			return edit_conflict(edit, "the name is assigned already", &row);
	}
	return 0;
}

int edit_check_name(struct edit *edit, struct slice name, struct slice but)
{
	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (row.state == ROW_ASSIGNED && utf8_fold_eq(row.shown[COLUMN_NAME], name) &&
		    !utf8_fold_eq(row.shown[COLUMN_NAME], but))
			return edit_conflict(edit, "the name is assigned already", &row);
	}
	return 0;
}
