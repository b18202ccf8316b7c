/* References, and the people who are to answer for the service. */
#include "base/utf8.h"
#include "preflight/checks.h"
#include "query/query.h"

#define IESG  SLICE("iesg@ietf.org")
#define CHAIR SLICE("chair@ietf.org")

/* The next of the references, a line each; absent at the end. */
static struct slice next_reference(struct slice *rest)
{
	struct slice line = SLICE_NONE;

	while (rest->p && line.n == 0)
		line = slice_trim(slice_cut(rest, '\n'));
	while (line.n > 0 && line.p[0] == '[')
		line = slice_skip(line, 1);
	return line.n > 0 ? line : SLICE_NONE;
}

static bool begins(struct slice text, struct slice words)
{
	return text.n >= words.n && utf8_fold_eq((struct slice){text.p, words.n}, words);
}

/* "RFC9000", "RFC 9000". */
static bool is_rfc(struct slice reference)
{
	struct slice rest = slice_skip(reference, 3);

	return begins(reference, SLICE("RFC")) && rest.n > 0 &&
	       (byte_is_digit(rest.p[0]) ||
		(rest.p[0] == ' ' && rest.n > 1 && byte_is_digit(rest.p[1])));
}

/* Approved, and on its way to a number: "RFC-ietf-...". */
static bool is_approved(struct slice reference)
{
	return begins(reference, SLICE("RFC-"));
}

static bool is_draft(struct slice reference)
{
	return begins(reference, SLICE("draft-")) || holds(reference, SLICE("/draft-"));
}

static bool is_url(struct slice reference)
{
	return begins(reference, SLICE("http://")) || begins(reference, SLICE("https://"));
}

bool has_specification(const struct work *work)
{
	struct slice rest = work_value(work, FIELD_REFERENCE), reference;

	while ((reference = next_reference(&rest)).p) {
		if (is_rfc(reference) || is_approved(reference) || is_draft(reference) ||
		    is_url(reference))
			return true;
	}
	return false;
}

/* Places whose documents change or go. */
static bool is_unstable(struct slice reference)
{
	static const struct slice signs[] = {
		SLICE("localhost"),    SLICE("127.0.0.1"),    SLICE("/blob/master"),
		SLICE("/blob/main"),   SLICE("/tree/master"), SLICE("/tree/main"),
		SLICE("docs.google."), SLICE("drive.google"), SLICE("dropbox."),
		SLICE("pastebin."),    SLICE("gist.github"),  SLICE("example.com"),
		SLICE("example.org"),  SLICE("onedrive."),
	};

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		if (holds(reference, signs[i]))
			return true;
	}
	return false;
}

static void check_references(struct work *work)
{
	struct slice rest = work_value(work, FIELD_REFERENCE), reference;
	bool iesg = utf8_fold_eq(work_value(work, FIELD_ASSIGNEE_EMAIL), IESG);
	bool draft = false, rfc = false, group = false;

	while ((reference = next_reference(&rest)).p) {
		draft = draft || is_draft(reference);
		rfc = rfc || is_rfc(reference);
		group = group || is_approved(reference) || holds(reference, SLICE("draft-ietf-"));
		if (is_unstable(reference))
			work_find(work, REFERENCE_UNSTABLE, FIELD_REFERENCE,
				  "What \"%.*s\" shows may change or go: refer to a document that "
				  "stays, or to a revision of it.",
				  TEXT(brief(reference)));
	}
	if (draft)
		work_find(work, REFERENCE_DRAFT, FIELD_REFERENCE,
			  "Drafts expire after half a year; the reference is changed when there is "
			  "an "
			  "RFC.");
	if (!work->policy->publisher_rules || !work_is(work, NAMING))
		return;
	if (iesg && !utf8_fold_eq(work_value(work, FIELD_CONTACT_EMAIL), CHAIR))
		work_find(work, CONTACT_CHAIR, FIELD_CONTACT_EMAIL,
			  "The contact of what is assigned to the IESG is the IETF Chair "
			  "(chair@ietf.org).");
	if (iesg)
		return;
	/* What is assigned early is its group's until it is approved. */
	if (group && !work_is(work, IN(EARLY)))
		work_find(work, REFERENCE_IESG, FIELD_ASSIGNEE_NAME,
			  "What documents of the IETF stream define is assigned to the IESG "
			  "(iesg@ietf.org), with the IETF Chair (chair@ietf.org) as contact.");
	else if (rfc)
		work_find(work, REFERENCE_RFC, FIELD_ASSIGNEE_NAME,
			  "If the RFC is of the IETF stream, the service is assigned to the IESG "
			  "(iesg@ietf.org), with the IETF Chair (chair@ietf.org) as contact.");
}

/* RFC 6335, section 8.1.1: what is proprietary may have a name, or a User Port. */
static void check_proprietary(struct work *work)
{
	struct slice reference = work_value(work, FIELD_REFERENCE);
	int32_t port = work->first_port;
	bool system = port >= 0 && port_range_of((uint16_t)port) == PORT_RANGE_SYSTEM;

	if (work->policy->publisher_rules && has_word(reference, SLICE("proprietary")) &&
	    (work_is(work, IN(EARLY)) || (work_is(work, PORTING) && system)))
		work_find(work, REFERENCE_PROPRIETARY, FIELD_REFERENCE,
			  "A proprietary protocol may have a name or a User Port, but no %s.",
			  system ? "System Port" : "early allocation");
}

/* Adds the rows that name the people of that address, the IETF's own apart. */
static void add_rows(const struct work *work, struct slice email, struct rowset *rows)
{
	if (email.n == 0 || utf8_fold_eq(email, IESG) || utf8_fold_eq(email, CHAIR))
		return;
	for (uint32_t i = 0; i < image_person_count(work->image); i++) {
		struct person person;

		image_person(work->image, i, &person);
		if (person_is(&person, SLICE_NONE, email))
			query_person_rows(work->image, person.id, rows);
	}
}

/* Whether a row is one more service than those before it, and none that is asked for. */
static bool is_service(const struct work *work, uint32_t number, struct slice *before)
{
	struct row row;

	image_row(work->image, number, &row);
	if (row.state != ROW_ASSIGNED || row_alias_of(&row).p ||
	    utf8_fold_eq(row.shown[COLUMN_NAME], *before) ||
	    utf8_fold_eq(row.shown[COLUMN_NAME], work->name))
		return false;
	*before = row.shown[COLUMN_NAME];
	return true;
}

/* RFC 6335, section 7.2: one name and one port suffice. */
static void check_holder(struct work *work)
{
	struct rowset rows;
	struct slice before = SLICE_NONE;
	unsigned names = 0;

	if (!rowset_init(&rows, image_row_count(work->image))) {
		work->failed = true;
		return;
	}
	add_rows(work, work_value(work, FIELD_ASSIGNEE_EMAIL), &rows);
	if (!utf8_fold_eq(work_value(work, FIELD_CONTACT_EMAIL),
			  work_value(work, FIELD_ASSIGNEE_EMAIL)))
		add_rows(work, work_value(work, FIELD_CONTACT_EMAIL), &rows);
	ROWSET_EACH(&rows, number)
	names += is_service(work, number, &before);
	if (names > 0)
		work_find(work, HOLDER, FIELD_ASSIGNEE_NAME,
			  "Assignee or contact has %u service%s already: say why %s take this "
			  "in. One name and one port are to suffice.",
			  names, names == 1 ? "" : "s",
			  names == 1 ? "it cannot" : "none of them can");
	before = SLICE_NONE;
	ROWSET_EACH(&rows, number)
	{
		if (is_service(work, number, &before))
			work_precedent_row(work, number, SLICE_NONE);
	}
	rowset_done(&rows);
}

void check_people(struct work *work)
{
	check_references(work);
	check_proprietary(work);
	if (work_is(work, NAMING) && work->policy->publisher_rules)
		check_holder(work);
}
