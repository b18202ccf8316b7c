/* The rows that an application is about: "NAME", "PORT", "PORT/TRANSPORT", "NAME PORT/TRANSPORT".
 */
#include "assign/edit.h"
#include "base/utf8.h"

bool edit_is_subject(const struct edit *edit, const struct row *row)
{
	const struct application_subject *subject = &edit->application->subject;

	if (row->state != ROW_ASSIGNED)
		return false;
	if (!subject->name.p && subject->first_port < 0)
		return false;
	if (subject->name.p && !utf8_fold_eq(row->shown[COLUMN_NAME], subject->name))
		return false;
	if (subject->first_port >= 0 &&
	    (row->first_port < subject->first_port || row->last_port > subject->last_port))
		return false;
	return subject->transports == 0 ||
	       (row->transport != TRANSPORT_NONE && (subject->transports & 1u << row->transport));
}

size_t edit_subject(const struct edit *edit, size_t from)
{
	for (size_t i = from; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (edit_is_subject(edit, &row))
			return i;
	}
	return edit->count;
}

/* What the ports are instead, where ports were said. */
int edit_no_subject(struct edit *edit)
{
	const struct application_subject *subject = &edit->application->subject;
	struct slice text = edit_field(edit, FIELD_SUBJECT);

	for (size_t i = 0; i < edit->count; i++) {
		struct row row = edit_row(edit, i);

		if (row_overlaps(&row, subject->first_port, subject->last_port))
			return edit_conflict(edit, "that is not what is assigned", &row);
	}
	return fault_set(edit->fault, 1, "%.*s is not assigned", (int)text.n,
			 text.n ? text.p : "what the application is about");
}
