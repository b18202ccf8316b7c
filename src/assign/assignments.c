/* What was not assigned becomes assigned. */
#include "assign/edit.h"
#include "base/utf8.h"

/* What the rows of an assignment share; rich texts. */
struct assignment {
	int32_t first, last; /* -1: no port */
	struct slice name;
	struct slice texts[COLUMN_COUNT]; /* but for name, port and transport; absent: none */
};

static void make_assignment(struct edit *edit, struct assign_result *result,
			    struct assignment *assignment)
{
	edit_people(edit, SLICE_NONE, SLICE_NONE, &result->assignee, &result->contact);
	if (!result->contact.p)
		result->contact = result->assignee;
	*assignment = (struct assignment){
		.first = result->first_port,
		.last = result->last_port,
		.name = edit_field(edit, FIELD_NAME),
		.texts =
			{
				[COLUMN_DESCRIPTION] = edit_description(edit),
				[COLUMN_ASSIGNEE] = edit_person(edit, result->assignee),
				[COLUMN_CONTACT] = edit_person(edit, result->contact),
				[COLUMN_REGISTERED] = edit->options->day,
				[COLUMN_REFERENCE] = edit_references(edit),
				[COLUMN_UNAUTHORIZED] =
					edit_unless_none(edit_field(edit, FIELD_UNAUTHORIZED)),
				[COLUMN_NOTES] = edit_notes(edit),
			},
	};
}

static struct row *row_of(struct edit *edit, const struct assignment *assignment,
			  enum transport transport)
{
	struct row *row = edit_new_row(edit);

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (assignment->texts[i].p)
			edit_set(edit, row, (enum column)i, assignment->texts[i]);
	}
	if (assignment->name.p)
		edit_set(edit, row, COLUMN_NAME, assignment->name);
	if (transport != TRANSPORT_NONE)
		edit_set(edit, row, COLUMN_TRANSPORT, transport_name(transport));
	if (transport == TRANSPORT_DCCP)
		edit_set(edit, row, COLUMN_SERVICE_CODE, edit_code(edit));
	edit_set_ports(edit, row, assignment->first, assignment->last);
	return row;
}

/* The row of no service that stands for these ports and transport; edit->count: none does. */
static size_t reserved_row(const struct edit *edit, int32_t first, int32_t last,
			   enum transport transport)
{
	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (row.state == ROW_RESERVED && row.first_port == first && row.last_port == last &&
		    row.transport == transport)
			return i;
	}
	return edit->count;
}

/* Puts the row of a transport where the Reserved one is, or in its place. */
static void put_transport(struct edit *edit, const struct assignment *assignment,
			  enum transport transport)
{
	struct row *row = row_of(edit, assignment, transport), *old;
	size_t index = edit->count;

	if (assignment->first >= 0)
		index = reserved_row(edit, assignment->first, assignment->last, transport);
	if (index == edit->count) {
		edit_put(edit, row);
		return;
	}
	old = edit_change(edit, index);
	if (old && row)
		*old = *row;
}

/* Rows of all transports, of several ones or of none. */
static void put_transports(struct edit *edit, const struct assignment *assignment,
			   unsigned transports)
{
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (transports & 1u << i)
			put_transport(edit, assignment, (enum transport)i);
	}
	if (transports == 0)
		put_transport(edit, assignment, TRANSPORT_NONE);
}

/*
 * RFC 6335, section 8.1: TCP and UDP ports are reserved for the service that has the other. The
 * publisher has rows for these two.
 */
static void reserve_counterparts(struct edit *edit, int32_t first, int32_t last)
{
	unsigned covered = 0;

	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (row_overlaps(&row, first, last))
			covered |= row.transport == TRANSPORT_NONE ? ~0u : 1u << row.transport;
	}
	for (unsigned i = TRANSPORT_TCP; i <= TRANSPORT_UDP; i++) {
		struct row *row;

		if (covered & 1u << i)
			continue;
		row = edit_new_row(edit);
		edit_set(edit, row, COLUMN_DESCRIPTION, SLICE("Reserved"));
		edit_set(edit, row, COLUMN_TRANSPORT, transport_name((enum transport)i));
		edit_set_ports(edit, row, first, last);
		edit_put(edit, row);
	}
}

int edit_assign(struct edit *edit, struct assign_result *result)
{
	const struct application *application = edit->application;
	struct assignment assignment;
	struct slice name = edit_field(edit, FIELD_NAME);
	int conflict = application->wants_port ? edit_check_new_port(edit, name)
					       : edit_check_name(edit, name, SLICE_NONE);

	if (conflict == 0)
		conflict = edit_check_code(edit);
	if (conflict == 0 && application->wants_port)
		conflict = edit_choose_ports(edit, &result->first_port, &result->last_port);
	if (conflict != 0)
		return conflict;
	make_assignment(edit, result, &assignment);
	if (assignment.first >= 0)
		edit_carve(edit, assignment.first, assignment.last);
	put_transports(edit, &assignment, application->transports);
	if (assignment.first >= 0 && edit->policy->publisher_rules)
		reserve_counterparts(edit, assignment.first, assignment.last);
	return 0;
}

/* What the application does not say is what the service's other rows say. */
static void inherit(struct edit *edit, const struct row *from, struct assignment *assignment)
{
	static const enum column columns[] = {COLUMN_DESCRIPTION, COLUMN_REFERENCE, COLUMN_NOTES};
	struct slice assignee = edit_rich(edit, from, COLUMN_ASSIGNEE);

	assignment->first = from->first_port;
	assignment->last = from->last_port;
	assignment->name = from->shown[COLUMN_NAME];
	if (!edit_field(edit, FIELD_DESCRIPTION).p)
		assignment->texts[COLUMN_DESCRIPTION] = SLICE_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		if (!assignment->texts[columns[i]].p)
			assignment->texts[columns[i]] = edit_rich(edit, from, columns[i]);
	}
	if (!assignment->texts[COLUMN_ASSIGNEE].p && from->assignee_given)
		assignment->texts[COLUMN_ASSIGNEE] = assignee;
	if (!assignment->texts[COLUMN_CONTACT].p)
		assignment->texts[COLUMN_CONTACT] = edit_rich(edit, from, COLUMN_CONTACT);
}

int edit_add_transport(struct edit *edit, struct assign_result *result)
{
	unsigned transports = edit->application->transports;
	size_t subject = edit_subject(edit, 0);
	struct assignment assignment;
	struct row from;
	int conflict = edit_check_code(edit);

	if (conflict != 0)
		return conflict;
	if (subject == edit->count)
		return edit_no_subject(edit);
	from = edit_row(edit, subject);
	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);
		bool same_port =
			from.first_port < 0
				? row.first_port < 0 && utf8_fold_eq(row.shown[COLUMN_NAME],
								     from.shown[COLUMN_NAME])
				: row_overlaps(&row, from.first_port, from.last_port);

		if (same_port && row.state == ROW_ASSIGNED &&
		    (row.transport == TRANSPORT_NONE || (transports & 1u << row.transport)))
			return edit_conflict(edit, "the transport is assigned already", &row);
	}
	make_assignment(edit, result, &assignment);
	inherit(edit, &from, &assignment);
	result->first_port = from.first_port;
	result->last_port = from.last_port;
	put_transports(edit, &assignment, transports);
	return 0;
}

/* For a service that uses DCCP already, or else for a new name without a port. */
int edit_add_code(struct edit *edit, struct assign_result *result)
{
	struct slice code = edit_code(edit);
	size_t subject = edit_subject(edit, 0);
	int conflict = edit_check_code(edit);
	struct assignment assignment;
	struct row row;

	if (conflict != 0)
		return conflict;
	if (!edit_field(edit, FIELD_SUBJECT).p) {
		conflict = edit_check_name(edit, edit_field(edit, FIELD_NAME), SLICE_NONE);
		if (conflict != 0)
			return conflict;
		make_assignment(edit, result, &assignment);
		put_transports(edit, &assignment, 1u << TRANSPORT_DCCP);
		return 0;
	}
	while (subject < edit->count) {
		row = edit_row(edit, subject);
		if (row.transport == TRANSPORT_DCCP)
			break;
		subject = edit_subject(edit, subject + 1);
	}
	if (subject == edit->count)
		return edit_no_subject(edit);
	if (row.shown[COLUMN_SERVICE_CODE].n > 0)
		return edit_conflict(edit, "it has a service code already", &row);
	edit_set(edit, edit_change(edit, subject), COLUMN_SERVICE_CODE, code);
	edit_set(edit, edit_change(edit, subject), COLUMN_MODIFIED, edit->options->day);
	result->first_port = row.first_port;
	result->last_port = row.last_port;
	return 0;
}

/*
 * Whether other services leave the transports of the subject's ports; where the application says
 * none, they are those of the subject.
 */
static int check_others(struct edit *edit, const struct row *subject, unsigned *transports)
{
	unsigned wanted = *transports;

	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);
		unsigned transport = row.transport == TRANSPORT_NONE ? 0 : 1u << row.transport;

		if (row.state != ROW_ASSIGNED ||
		    !row_overlaps(&row, subject->first_port, subject->last_port))
			continue;
		if (edit_is_subject(edit, &row))
			*transports |= wanted ? 0 : transport;
		else if (!transport || (wanted & transport))
			return edit_conflict(edit, "the port is assigned already", &row);
	}
	return 0;
}

/*
 * RFC 6335, section 8.3: the port is released and assigned to another service. Transports that this
 * one does not use remain released.
 */
int edit_reuse(struct edit *edit, struct assign_result *result)
{
	size_t subject = edit_subject(edit, 0);
	struct assignment assignment;
	unsigned transports = edit->application->transports;
	struct row row;
	int conflict;

	while (subject < edit->count && edit_row(edit, subject).first_port < 0)
		subject = edit_subject(edit, subject + 1);
	if (subject == edit->count)
		return edit_no_subject(edit);
	row = edit_row(edit, subject);
	conflict = edit_check_name(edit, edit_field(edit, FIELD_NAME), row.shown[COLUMN_NAME]);
	if (conflict == 0)
		conflict = edit_check_code(edit);
	if (conflict == 0)
		conflict = check_others(edit, &row, &transports);
	if (conflict != 0)
		return conflict;
	result->first_port = row.first_port;
	result->last_port = row.last_port;
	make_assignment(edit, result, &assignment);
	edit_release_rows(edit, row.first_port, row.last_port, false);
	edit_carve(edit, row.first_port, row.last_port);
	put_transports(edit, &assignment, transports);
	if (edit->policy->publisher_rules)
		reserve_counterparts(edit, row.first_port, row.last_port);
	return 0;
}
