/* Fields that must be there, and answers that say nothing. */
#include "base/utf8.h"
#include "preflight/checks.h"

#define TEXT_OF(literal)                                                                           \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}
#define NO_WHY                                                                                     \
	{                                                                                          \
		NULL, 0                                                                            \
	}
#define RFC6335(number) TEXT_OF("RFC 6335, section " number)
#define RFC7605(number) TEXT_OF("RFC 7605, section " number)

/* What a procedure itself demands, and why. */
static const struct demand {
	enum application_field field;
	unsigned procedures;
	bool must;
	bool publisher; /* of the public registry alone; elsewhere policies say it */
	struct slice section, why;
} demands[] = {
	{FIELD_NAME, NAMING, true, false, RFC6335("8.1.1"), NO_WHY},
	{FIELD_PORTS, PORTING, true, true, RFC6335("8.1.1"), NO_WHY},
	{FIELD_TRANSPORTS, NAMING | IN(TRANSPORT), true, false, RFC6335("8.1.1"),
	 TEXT_OF("A service without a port has one, too.")},
	{FIELD_DESCRIPTION, NAMING, true, false, RFC6335("8.1.1"), NO_WHY},
	{FIELD_REFERENCE, NAMING, true, true, RFC6335("8.1.1"),
	 TEXT_OF("Of what is not published it says so.")},
	{FIELD_ASSIGNEE_NAME, NAMING, true, true, RFC6335("8.1.1"), NO_WHY},
	{FIELD_ASSIGNEE_EMAIL, NAMING, true, true, RFC6335("8.1.1"), NO_WHY},
	{FIELD_CONTACT_NAME, NAMING, true, true, RFC6335("8.1.1"), NO_WHY},
	{FIELD_CONTACT_EMAIL, NAMING, true, true, RFC6335("8.1.1"), NO_WHY},
	{FIELD_NAME, IN(SERVICE_CODE), true, false, RFC6335("8.1.1"),
	 TEXT_OF("Or the service that is to have the code, where it is registered.")},
	{FIELD_SERVICE_CODE, IN(SERVICE_CODE), true, false, RFC6335("8.1.1"), NO_WHY},
	{FIELD_SUBJECT,
	 IN(TRANSPORT) | IN(RENEWAL) | IN(MODIFICATION) | IN(DEASSIGNMENT) | IN(REUSE) |
		 IN(REVOCATION) | IN(TRANSFER) | IN(APPEAL),
	 true, false, RFC6335("8"), NO_WHY},
	{FIELD_REASON, IN(REUSE), true, true, RFC6335("8.3"), NO_WHY},
	{FIELD_REASON, IN(REVOCATION), true, false, RFC6335("8.4"), NO_WHY},
	{FIELD_REASON, IN(APPEAL), true, false, TEXT_OF("RFC 2026, section 6.5.4"),
	 TEXT_OF("It is to have the facts of the dispute.")},
	{FIELD_REASON, IN(RENEWAL), false, false, TEXT_OF("RFC 7120, section 3.3"), NO_WHY},
	{FIELD_REASON, IN(DEASSIGNMENT), false, true, RFC6335("8.2"),
	 TEXT_OF("It is asked whether anybody uses it still.")},
	{FIELD_WHY_PORT, PORTING, true, true, RFC6335("8.1.1"),
	 TEXT_OF("Why would a Dynamic Port, found out when it is needed, not do?")},
	{FIELD_BROADCAST, NAMING, false, true, RFC6335("8.1.1"),
	 TEXT_OF("Where the protocol uses none of it, say so.")},
	{FIELD_WHY_TRANSPORTS, PORTING | IN(TRANSPORT), false, true, RFC7605("7.6"),
	 TEXT_OF("Each transport is to be used, and by another kind of traffic.")},
	{FIELD_UDP_TRAFFIC, PORTING, false, true, RFC7605("7.6"),
	 TEXT_OF("UDP leaves congestion to the protocol (RFC 8085).")},
	{FIELD_UDP_DISCOVERY, PORTING, false, true, RFC7605("7.6"), NO_WHY},
	{FIELD_VERSIONING, PORTING, false, true, RFC7605("7.5"),
	 TEXT_OF("One port is to serve all versions to come.")},
	{FIELD_SECURITY, PORTING, false, true, RFC7605("7.4"),
	 TEXT_OF("Insecure protocols are expected to be justified.")},
};

/* Answers of these fields are sentences. */
static const enum application_field questions[] = {
	FIELD_WHY_PORT,	     FIELD_WHY_SYSTEM, FIELD_WHY_TRANSPORTS, FIELD_UDP_TRAFFIC,
	FIELD_VERSIONING,    FIELD_SECURITY,   FIELD_DEVELOPMENT,    FIELD_REASON,
	FIELD_UDP_DISCOVERY, FIELD_BROADCAST,  FIELD_DESCRIPTION,    FIELD_REFERENCE,
};

static bool is_question(size_t field)
{
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		if (questions[i] == field)
			return true;
	}
	return false;
}

/* Whether "no" is an answer. */
static bool may_be_denied(size_t field)
{
	return field == FIELD_UDP_DISCOVERY || field == FIELD_BROADCAST;
}

/* Without blanks and marks at its ends. */
static struct slice bare(struct slice text)
{
	struct slice marks = SLICE(" .,;:!?-*_/\"'()");

	while (text.n > 0 && slice_find_byte(marks, text.p[0]) != (size_t)-1)
		text = slice_skip(text, 1);
	while (text.n > 0 && slice_find_byte(marks, text.p[text.n - 1]) != (size_t)-1)
		text.n--;
	return text;
}

static bool is_one_of(struct slice text, const struct slice *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (utf8_fold_eq(text, words[i]))
			return true;
	}
	return false;
}

static bool is_hollow(size_t field, struct slice answer)
{
	static const struct slice never[] = {
		SLICE("tbd"),
		SLICE("tba"),
		SLICE("todo"),
		SLICE("to be determined"),
		SLICE("to be defined"),
		SLICE("unknown"),
		SLICE("later"),
		SLICE("test"),
		SLICE("asdf"),
		SLICE("foo"),
		SLICE("bar"),
		SLICE("x"),
		SLICE("xxx"),
		SLICE("see above"),
		SLICE("same"),
		SLICE("as above"),
		SLICE("ok"),
		SLICE("i do not know"),
	};
	static const struct slice denials[] = {
		SLICE("n/a"),	  SLICE("na"),	 SLICE("none"),
		SLICE("no"),	  SLICE("yes"),	 SLICE("not applicable"),
		SLICE("nothing"), SLICE("null"),
	};
	struct slice text = bare(answer);

	if (text.n == 0 || is_one_of(text, never, ARRAY_SIZE(never)))
		return true;
	return !may_be_denied(field) && is_one_of(text, denials, ARRAY_SIZE(denials));
}

/* Whether a question arises from what is asked for: of one transport there is nothing to say why
 * there are two. */
static bool arises(const struct work *work, size_t field)
{
	unsigned transports = work->application->transports;

	switch (field) {
	case FIELD_NAME:
		return !work_is(work, IN(SERVICE_CODE)) || !work_value(work, FIELD_SUBJECT).p;
	case FIELD_UDP_TRAFFIC:
	case FIELD_UDP_DISCOVERY:
		return transports >> TRANSPORT_UDP & 1;
	case FIELD_SERVICE_CODE:
		return work_is(work, IN(SERVICE_CODE)) || (transports >> TRANSPORT_DCCP & 1);
	case FIELD_WHY_TRANSPORTS:
		return work_is(work, IN(TRANSPORT)) || (transports & (transports - 1));
	default:
		return true;
	}
}

static void demand(struct work *work, bool done[static FIELD_COUNT], size_t field, bool must,
		   struct slice section, struct slice why)
{
	const struct application_field_info *info = application_field(field);
	struct slice value = work_value(work, field);
	bool hollow = value.p && is_question(field) && is_hollow(field, value);

	if (!info || !(info->procedures >> work->application->procedure & 1) || done[field] ||
	    (value.p && !hollow) || !arises(work, field))
		return;
	done[field] = true;
	if (hollow)
		work_find_by(work, must ? FIELD_MISSING : FIELD_WANTED, field, section,
			     "The answer \"%.*s\" to \"%.*s\" says nothing.%s%.*s",
			     TEXT(brief(value)), TEXT(info->label), why.n ? " " : "", TEXT(why));
	else
		work_find_by(work, must ? FIELD_MISSING : FIELD_WANTED, field, section,
			     "\"%.*s\" %s answered.%s%.*s", TEXT(info->label),
			     must ? "must be" : "should be", why.n ? " " : "", TEXT(why));
}

/* Why a field is asked for that a policy demands: as where a procedure does. */
static struct slice why_of(size_t field, unsigned procedure)
{
	for (size_t i = 0; i < ARRAY_SIZE(demands); i++) {
		if (demands[i].field == field && (demands[i].procedures >> procedure & 1))
			return demands[i].why;
	}
	return SLICE_NONE;
}

static void check_required(struct work *work, bool done[static FIELD_COUNT])
{
	const struct policy *policy = work->policy;
	unsigned procedure = work->application->procedure;
	size_t range = work->range ? (size_t)(work->range - policy->ranges) : 32;

	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < policy->requirement_count; i++) {
			const struct policy_requirement *wanted = &policy->requirements[i];
			size_t field = application_field_find(wanted->field);

			if (wanted->must != (pass == 0) || field >= FIELD_COUNT || range >= 32 ||
			    !(wanted->procedures >> procedure & 1) ||
			    !(wanted->ranges >> range & 1))
				continue;
			demand(work, done, field, wanted->must, wanted->section,
			       why_of(field, procedure));
		}
		for (size_t i = 0; i < ARRAY_SIZE(demands); i++) {
			const struct demand *wanted = &demands[i];

			if (wanted->must == (pass == 0) && (wanted->procedures >> procedure & 1) &&
			    (!wanted->publisher || policy->publisher_rules))
				demand(work, done, wanted->field, wanted->must, wanted->section,
				       wanted->why);
		}
	}
}

static size_t words_of(struct slice text)
{
	size_t words = 0;

	for (size_t i = 0; i < text.n; i++)
		words += !byte_is_blank(text.p[i]) && (i == 0 || byte_is_blank(text.p[i - 1]));
	return words;
}

/* A field before it that says the same; FIELD_COUNT: none. */
static size_t copied_from(const struct work *work, size_t field)
{
	struct slice value = bare(work_value(work, field));

	for (size_t i = FIELD_NAME; i < field; i++) {
		struct slice other = work_value(work, i);

		if ((i == FIELD_NAME || is_question(i)) && other.p &&
		    utf8_fold_eq(bare(other), value))
			return i;
	}
	return FIELD_COUNT;
}

static void check_answer(struct work *work, size_t field)
{
	const struct application_field_info *info = application_field(field);
	struct slice value = work_value(work, field);
	size_t from;

	if (is_hollow(field, value)) {
		work_find(work, ANSWER_HOLLOW, field,
			  "The answer \"%.*s\" to \"%.*s\" says nothing: leave it out, or answer.",
			  TEXT(brief(value)), TEXT(info->label));
		return;
	}
	if (field == FIELD_REFERENCE || may_be_denied(field))
		return;
	from = copied_from(work, field);
	if (from < FIELD_COUNT) {
		work_find(work, ANSWER_COPIED, field, "\"%.*s\" has the same text as \"%.*s\".",
			  TEXT(info->label), TEXT(application_field(from)->label));
		return;
	}
	if (field != FIELD_DESCRIPTION && words_of(value) < 4)
		work_find(
			work, ANSWER_SHORT, field,
			"\"%.*s\" is answered in a word or two; experts ask back where they see no "
			"reasons.",
			TEXT(info->label));
}

void check_fields(struct work *work)
{
	bool done[FIELD_COUNT] = {};
	int64_t days;

	check_required(work, done);
	if (days_between(work_value(work, FIELD_EXPIRES), work->facts->now, &days) && days >= 0)
		work_find(work, EXPIRES_PAST, FIELD_EXPIRES,
			  "It is needed until %.*s, which is not to come.",
			  TEXT(work_value(work, FIELD_EXPIRES)));
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		if (work_value(work, questions[i]).p && !done[questions[i]])
			check_answer(work, questions[i]);
	}
}
