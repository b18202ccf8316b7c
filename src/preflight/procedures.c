/* What there is already and is to change: that it is there, and may be changed like that. */
#include "base/utf8.h"
#include "preflight/checks.h"
#include "query/query.h"

/* Whose subject is a row. */
#define CHANGING                                                                                   \
	(IN(TRANSPORT) | IN(RENEWAL) | IN(MODIFICATION) | IN(DEASSIGNMENT) | IN(REUSE) |           \
	 IN(REVOCATION) | IN(TRANSFER) | IN(SERVICE_CODE))

static void attach_subject(struct work *work)
{
	for (size_t i = 0; i < work->subject.count; i++)
		work_precedent_row(work, work->subject.numbers[i], SLICE_NONE);
}

static void say_missing(struct work *work)
{
	const struct application_subject *subject = &work->application->subject;
	struct slice near[3];
	size_t count = query_suggest(work->image, subject->name, near, ARRAY_SIZE(near));

	if (count > 0)
		work_find(work, SUBJECT_MISSING, FIELD_SUBJECT,
			  "The registry has no \"%.*s\". Is \"%.*s\" meant?",
			  TEXT(brief(work_value(work, FIELD_SUBJECT))), TEXT(brief(near[0])));
	else
		work_find(work, SUBJECT_MISSING, FIELD_SUBJECT, "The registry has no \"%.*s\".",
			  TEXT(brief(work_value(work, FIELD_SUBJECT))));
}

/* Leaves of the subject only what is assigned; false where that is nothing, or not one service. */
static bool check_subject(struct work *work)
{
	struct rows *subject = &work->subject;
	size_t all = subject->count, kept = 0;
	struct slice name = SLICE_NONE;
	bool several = false;

	if (all == 0) {
		say_missing(work);
		return false;
	}
	for (size_t i = 0; i < all; i++) {
		struct row row;

		image_row(work->image, subject->numbers[i], &row);
		if (row.state != ROW_ASSIGNED)
			continue;
		if (!row_alias_of(&row).p) {
			several =
				several || (name.p && !utf8_fold_eq(name, row.shown[COLUMN_NAME]));
			name = row.shown[COLUMN_NAME];
		}
		subject->numbers[kept++] = subject->numbers[i];
	}
	if (kept == 0) {
		work_find(work, SUBJECT_UNASSIGNED, FIELD_SUBJECT,
			  "\"%.*s\" is not assigned, so that there is nothing to change.",
			  TEXT(brief(work_value(work, FIELD_SUBJECT))));
		attach_subject(work);
	}
	subject->count = kept;
	if (several) {
		work_find(work, SUBJECT_SEVERAL, FIELD_SUBJECT,
			  "\"%.*s\" is of several services: say which is meant, by its name.",
			  TEXT(brief(work_value(work, FIELD_SUBJECT))));
		attach_subject(work);
	}
	return kept > 0 && !several;
}

/* The subject's first row. */
static struct row first_row(const struct work *work)
{
	struct row row;

	image_row(work->image, work->subject.numbers[0], &row);
	return row;
}

static bool is_held(const struct work *work)
{
	for (size_t i = 0; i < work->subject.count; i++) {
		if (row_is_held(work, work->subject.numbers[i]))
			return true;
	}
	return false;
}

/* RFC 7120, section 2. */
static void check_early(struct work *work)
{
	struct slice reference = work_value(work, FIELD_REFERENCE);

	if (!holds(reference, SLICE("draft-")))
		work_find(work, EARLY_DRAFT, FIELD_REFERENCE,
			  "Early allocations are for drafts of the IETF: name it as draft-...");
	else if (!holds(reference, SLICE("draft-ietf-")) && !holds(reference, SLICE("draft-irtf-")))
		work_find(work, EARLY_GROUP, FIELD_REFERENCE,
			  "Early allocations are asked for by the chairs of a working group, for a "
			  "stable draft of the group (draft-ietf-...).");
}

/* The date behind the last word of its kind in what a temporary row says of itself; absent: none.
 */
static struct slice date_behind(struct slice text, struct slice word)
{
	struct slice date = SLICE_NONE, rest = text;
	size_t at;

	while ((at = slice_find(rest, word)) != (size_t)-1 && rest.n > 0) {
		rest = slice_skip(rest, at + word.n);
		date = day_of(rest);
	}
	return date;
}

/* RFC 7120, section 3.3. */
static void check_renewal(struct work *work)
{
	struct row row = first_row(work);
	struct slice description = row.shown[COLUMN_DESCRIPTION], notes = row.shown[COLUMN_NOTES];
	struct slice expires = date_behind(description, SLICE("expires "));
	unsigned renewals = 0;
	int64_t days;

	if (!expires.p)
		expires = date_behind(notes, SLICE("xpires "));
	if (!expires.p) {
		if (work->policy->publisher_rules || work->policy->term == 0)
			work_find(work, RENEWAL_PERMANENT, FIELD_SUBJECT,
				  "\"%.*s\" is not assigned for a time: there is nothing to renew.",
				  TEXT(brief(row.shown[COLUMN_NAME])));
		return;
	}
	for (struct slice rest = description; rest.n > 0; rest = slice_skip(rest, 1))
		renewals += slice_starts(rest, SLICE("extension registered"));
	if (work->policy->publisher_rules && renewals >= work->policy->renewals)
		work_find(work, RENEWAL_AGAIN, FIELD_SUBJECT,
			  "It was renewed %s before: a further renewal takes the approvers.",
			  renewals > 1 ? "several times" : "once");
	if (days_between(expires, work->facts->now, &days) && days > 0)
		work_find(work, RENEWAL_LATE, FIELD_SUBJECT,
			  "It expired on %.*s: ask before it does.", TEXT(expires));
}

/* Whether the assignee whom the application has is the row's, perhaps by another address. */
static bool same_assignee(const struct work *work, uint32_t number)
{
	struct slice name = work_value(work, FIELD_ASSIGNEE_NAME);
	struct slice rest = image_row_text(work->image, number, COLUMN_ASSIGNEE);

	if (row_has_person(work, number, COLUMN_ASSIGNEE, name,
			   work_value(work, FIELD_ASSIGNEE_EMAIL)) ||
	    row_has_person(work, number, COLUMN_ASSIGNEE, name, SLICE_NONE))
		return true;
	/* An organisation that has another person answer for it. */
	while (rest.n > 0) {
		struct slice id = slice_cut(&rest, ']');
		struct person person;
		uint32_t found;

		if (id.n < 2 || !query_person(work->image, slice_skip(id, 1), &found))
			continue;
		image_person(work->image, found, &person);
		if (person.organization.n > 0 &&
		    (utf8_fold_eq(person.organization, name) ||
		     utf8_fold_eq(person.organization,
				  work_value(work, FIELD_ASSIGNEE_ORGANIZATION))))
			return true;
	}
	return false;
}

static void check_modification(struct work *work)
{
	static const enum application_field changes[] = {
		FIELD_NAME,	     FIELD_DESCRIPTION,	   FIELD_REFERENCE,
		FIELD_TXT_KEYS,	     FIELD_NOTES,	   FIELD_UNAUTHORIZED,
		FIELD_ASSIGNEE_NAME, FIELD_ASSIGNEE_EMAIL, FIELD_ASSIGNEE_ORGANIZATION,
		FIELD_CONTACT_NAME,  FIELD_CONTACT_EMAIL,  FIELD_CONTACT_ORGANIZATION,
		FIELD_SERVICE_CODE,  FIELD_EXPIRES,
	};
	struct row row = first_row(work);
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		any = any || work_value(work, changes[i]).p;
	if (!any)
		work_find(work, MODIFICATION_NOTHING, FIELD_SUBJECT,
			  "Nothing is said of what is to change.");
	if (work->name.p && !utf8_fold_eq(work->name, row.shown[COLUMN_NAME])) {
		work_find(work, MODIFICATION_NAME, FIELD_NAME,
			  "Software knows the service as \"%.*s\", and will not find it by another "
			  "name.",
			  TEXT(brief(row.shown[COLUMN_NAME])));
		attach_subject(work);
	}
	if (row.assignee_given && row.shown[COLUMN_ASSIGNEE].n > 0 &&
	    (work_value(work, FIELD_ASSIGNEE_NAME).p || work_value(work, FIELD_ASSIGNEE_EMAIL).p) &&
	    !same_assignee(work, work->subject.numbers[0])) {
		work_find(
			work, MODIFICATION_ASSIGNEE, FIELD_ASSIGNEE_NAME,
			"The assignee, %.*s, cannot be changed for another one: it gives the port "
			"back, and the other one applies (section 8.5). A company that changed its "
			"name says so as its organization.",
			TEXT(brief(row.shown[COLUMN_ASSIGNEE])));
		attach_subject(work);
	}
}

/* What is known of who uses it. */
static void check_use(struct work *work)
{
	struct row row = first_row(work);
	struct slice since = row.shown[COLUMN_REGISTERED];

	work_find(
		work, IN_USE, FIELD_SUBJECT,
		"\"%.*s\" is registered%s%.*s. Whether it is still in use is found out first, from "
		"its assignee and from those who might know.%s",
		TEXT(brief(row.shown[COLUMN_NAME])), since.n ? " since " : "", TEXT(since),
		row.shown[COLUMN_UNAUTHORIZED].n ? " Unauthorized use is reported." : "");
	attach_subject(work);
}

/* Rows of the same service and port that stay. */
static void check_rest(struct work *work)
{
	struct row row = first_row(work);
	uint32_t numbers[ROWS_MAX];
	size_t count = query_name(work->image, row.shown[COLUMN_NAME], numbers, ROWS_MAX);
	bool found = false;

	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		bool subject = false;

		for (size_t j = 0; j < work->subject.count; j++)
			subject = subject || work->subject.numbers[j] == numbers[i];
		if (subject)
			continue;
		if (!found)
			work_find(work, DEASSIGNMENT_REST, FIELD_SUBJECT,
				  "Other rows of \"%.*s\" stay as they are.",
				  TEXT(brief(row.shown[COLUMN_NAME])));
		found = true;
		work_precedent_row(work, numbers[i], SLICE_NONE);
	}
}

static void check_transfer(struct work *work)
{
	work_find(work, TRANSFER, FIELD_SUBJECT,
		  "Ports and names are not transferred. Their assignee gives them back "
		  "(de-assignment), and who wants them applies for them (reuse), with a reason of "
		  "his "
		  "own; a company that only changed its name asks for a modification.");
}

static void check_appeal(struct work *work)
{
	unsigned term = work->policy->deadlines[DEADLINE_APPEAL];
	int64_t days;

	if (work_value(work, FIELD_SUBJECT).p && work->application->subject.request == 0)
		work_find(
			work, SUBJECT_MISSING, FIELD_SUBJECT,
			"An appeal names the request whose decision it is against, by its number.");
	if (term == 0 || !days_between(work->facts->decided, work->facts->now, &days))
		return;
	if (days > (int64_t)term)
		work_find(work, APPEAL_LATE, FIELD_SUBJECT,
			  "It was decided on %.*s, %lld days ago; appeals are taken for %u days.",
			  TEXT(day_of(work->facts->decided)), (long long)days, term);
	else
		work_find(work, APPEAL_TIME, FIELD_SUBJECT,
			  "It was decided on %.*s: %lld of %u days are left to appeal.",
			  TEXT(day_of(work->facts->decided)), (long long)term - (long long)days,
			  term);
}

static void check_ending(struct work *work)
{
	struct row row = first_row(work);
	bool portless = true;

	for (size_t i = 0; i < work->subject.count; i++) {
		struct image_row_head head;

		portless = portless &&
			   image_row_head(work->image, work->subject.numbers[i], &head) &&
			   head.portless;
	}
	if (work_is(work, IN(REVOCATION)) && portless)
		work_find(work, REVOCATION_NAME, FIELD_SUBJECT,
			  "\"%.*s\" has no port. Names are not scarce and are not taken back.",
			  TEXT(brief(row.shown[COLUMN_NAME])));
	if (work_is(work, IN(DEASSIGNMENT) | IN(REVOCATION) | IN(REUSE)))
		check_use(work);
	if (work_is(work, IN(DEASSIGNMENT) | IN(REVOCATION)))
		check_rest(work);
}

static void check_name(struct work *work)
{
	struct row row = first_row(work);
	struct slice name = work_value(work, FIELD_NAME);

	if (name.p && work_is(work, IN(REUSE)) && utf8_fold_eq(name, row.shown[COLUMN_NAME]))
		work_find(work, REUSE_NAME, FIELD_NAME,
			  "A port that is used for another service has a new name; \"%.*s\" stays "
			  "with "
			  "the former one.",
			  TEXT(brief(row.shown[COLUMN_NAME])));
	if (work_is(work, IN(TRANSPORT) | IN(REUSE)) && !is_held(work)) {
		work_find(work, HOLDER_CONFIRMS, FIELD_SUBJECT,
			  "The assignee, %.*s, is asked to confirm it.",
			  TEXT(brief(row.shown[COLUMN_ASSIGNEE])));
		attach_subject(work);
	}
}

void check_procedures(struct work *work)
{
	if (work_is(work, IN(EARLY)) && work->policy->publisher_rules)
		check_early(work);
	if (work_is(work, IN(TRANSFER)))
		check_transfer(work);
	if (work_is(work, IN(APPEAL)))
		check_appeal(work);
	if (!work_is(work, CHANGING) || !work_value(work, FIELD_SUBJECT).p || !check_subject(work))
		return;
	check_name(work);
	check_ending(work);
	if (work_is(work, IN(RENEWAL)))
		check_renewal(work);
	if (work_is(work, IN(MODIFICATION)))
		check_modification(work);
}
