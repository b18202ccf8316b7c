/* Dates: YYYY-MM or YYYY-MM-DD, none later than the edition. */
#include "lint/checks.h"
#include "record/date.h"

/* Whether one date is certainly before another; of a month alone nothing is known but that. */
static bool is_before(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	return slice_compare((struct slice){a.p, n}, (struct slice){b.p, n}) < 0;
}

/* Whether there is a date and it is one. */
static bool check_date(struct lint *lint, enum lint_subject subject, size_t index,
		       struct slice date, struct slice edition)
{
	struct date parsed;

	if (date.n == 0)
		return false;
	if (!date_parse(date, &parsed)) {
		lint_report(lint, DATE_FORM, subject, index, date, NOBODY);
		return false;
	}
	if (edition.n > 0 && is_before(edition, date))
		lint_report(lint, DATE_FUTURE, subject, index, date, NOBODY);
	return true;
}

/* RFC 7120, section 3: "(TEMPORARY - registered D, expires D)". */
static void check_expiry(struct lint *lint, size_t index, struct slice edition)
{
	struct slice text = registry_row(lint->registry, index).shown[COLUMN_DESCRIPTION];
	struct slice word = SLICE("expires ");
	size_t at = slice_find(text, word);
	struct slice date = slice_skip(text, at == (size_t)-1 ? text.n : at + word.n);

	struct date parsed;

	if (date.n < DATE_LENGTH || slice_find(text, SLICE("TEMPORARY")) == (size_t)-1)
		return;
	date.n = DATE_LENGTH;
	if (date_parse(date, &parsed) && edition.n > 0 && is_before(date, edition))
		lint_row(lint, DATE_EXPIRED, index, date);
}

static void check_row(struct lint *lint, size_t index, struct slice edition, bool dates)
{
	struct row row = registry_row(lint->registry, index);
	struct slice registered = row.shown[COLUMN_REGISTERED];
	struct slice modified = row.shown[COLUMN_MODIFIED];
	bool is_registered = check_date(lint, LINT_ROW, index, registered, edition);
	bool is_modified = check_date(lint, LINT_ROW, index, modified, edition);

	if (is_registered && is_modified && is_before(modified, registered))
		lint_row(lint, DATE_ORDER, index, modified);
	if (is_registered && registered.n == DATE_MONTH_LENGTH)
		lint_row(lint, DATE_MONTH, index, registered);
	if (is_modified && modified.n == DATE_MONTH_LENGTH)
		lint_row(lint, DATE_MONTH, index, modified);
	if (dates && registered.n == 0 && row.state == ROW_ASSIGNED)
		lint_row(lint, DATE_MISSING, index, SLICE_NONE);
	check_expiry(lint, index, edition);
}

void lint_dates(struct lint *lint)
{
	const struct registry *registry = lint->registry;
	struct slice edition = registry->header.updated;
	bool dates = lint_has_column(lint, COLUMN_REGISTERED);

	if (!check_date(lint, LINT_HEADER, 0, edition, SLICE_NONE))
		edition = SLICE_NONE;
	for (size_t i = 0; i < registry->row_count; i++)
		check_row(lint, i, edition, dates);
	for (size_t i = 0; i < registry->person_count; i++)
		check_date(lint, LINT_PERSON, i, registry->people[i].updated, edition);
}
