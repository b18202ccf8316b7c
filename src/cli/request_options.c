/* The options of request alone. */
#include "base/number.h"
#include "cli/options.h"
#include "record/date.h"

#define SET_TEXT(member)                                                                           \
	static bool set_##member(struct settings *settings, struct slice value,                    \
				 struct fault *fault)                                              \
	{                                                                                          \
		(void)fault;                                                                       \
		settings->request.member = value;                                                  \
		return true;                                                                       \
	}

SET_TEXT(as)
SET_TEXT(policy)
SET_TEXT(title)
SET_TEXT(name)
SET_TEXT(email)
SET_TEXT(person)
SET_TEXT(note)
SET_TEXT(reviewer)
SET_TEXT(label)
SET_TEXT(host)
SET_TEXT(project)
SET_TEXT(from)
SET_TEXT(key)

#define SET_FLAG(member)                                                                           \
	static bool set_##member(struct settings *settings, struct slice value,                    \
				 struct fault *fault)                                              \
	{                                                                                          \
		(void)value, (void)fault;                                                          \
		return settings->request.member = true;                                            \
	}

SET_FLAG(internal)
SET_FLAG(mine)
SET_FLAG(queue)
SET_FLAG(overdue)
SET_FLAG(plain)

static bool set_expires(struct settings *settings, struct slice value, struct fault *fault)
{
	struct date date;

	settings->request.expires = value;
	if (date_parse(value, &date) && date.day > 0)
		return true;
	fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no date: YYYY-MM-DD", (int)value.n, value.p);
	return false;
}

static bool set_scope(struct settings *settings, struct slice value, struct fault *fault)
{
	size_t index;

	while (value.p) {
		if (!value_find(VALUE_SCOPE, slice_cut(&value, ','), &index, fault))
			return false;
		settings->request.scopes |= 1u << index;
	}
	return true;
}

static bool set_minutes(struct settings *settings, struct slice value, struct fault *fault)
{
	uint64_t minutes;

	if (!number_parse(value, 1000000, &minutes) || minutes == 0) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no number from 1 to 1000000",
			  (int)value.n, value.p);
		return false;
	}
	settings->request.minutes = (unsigned)minutes;
	return true;
}

#define AT(option) [OPTION_##option - OPTION_REQUEST]

static const struct option options[OPTION_COUNT - OPTION_REQUEST] = {
	AT(AS) = {SLICE("as"), '\0', VALUE_TEXT, SLICE("LOGIN"),
		  SLICE("Act as this account; without it, as the one of the user's login, where "
			"there is one"),
		  set_as},
	AT(POLICY) = {SLICE("policy"), '\0', VALUE_FILE, SLICE("NAME|FILE"),
		      SLICE("The policy: organisation, rfc6335 or a file (for check, "
			    "rfc6335 instead of that of the store)"),
		      set_policy},
	AT(TITLE) = {SLICE("title"), '\0', VALUE_TEXT, SLICE("TEXT"),
		     SLICE("The title of the registry, instead of that of the policy"), set_title},
	AT(NAME) = {SLICE("name"), '\0', VALUE_TEXT, SLICE("TEXT"), SLICE("The name of the person"),
		    set_name},
	AT(EMAIL) = {SLICE("email"), '\0', VALUE_TEXT, SLICE("ADDRESS"),
		     SLICE("Where letters of the desk go"), set_email},
	AT(PERSON) = {SLICE("person"), '\0', VALUE_TEXT, SLICE("ID"),
		      SLICE("Who of the people in the registry the account is"), set_person},
	AT(NOTE) = {SLICE("note"), '\0', VALUE_TEXT, SLICE("TEXT"),
		    SLICE("Say why; - is standard input"), set_note},
	AT(INTERNAL) = {SLICE("internal"), '\0', VALUE_NONE, SLICE_NONE,
			SLICE("The note is for those who review alone"), set_internal},
	AT(REVIEWER) = {SLICE("reviewer"), '\0', VALUE_TEXT, SLICE("LOGIN"),
			SLICE("The account that is to review it, of assign"), set_reviewer},
	AT(KEY) = {SLICE("key"), '\0', VALUE_TEXT, SLICE("TEXT"),
		   SLICE("A key: the same command with the same key is done once"), set_key},
	AT(MINE) = {SLICE("mine"), '\0', VALUE_NONE, SLICE_NONE,
		    SLICE("Only what the account has filed or taken"), set_mine},
	AT(QUEUE) = {SLICE("queue"), '\0', VALUE_NONE, SLICE_NONE,
		     SLICE("Only where the account has something to do"), set_queue},
	AT(OVERDUE) = {SLICE("overdue"), '\0', VALUE_NONE, SLICE_NONE,
		       SLICE("Only what was to be done by now"), set_overdue},
	AT(LABEL) = {SLICE("label"), '\0', VALUE_TEXT, SLICE("TEXT"),
		     SLICE("What the token is for"), set_label},
	AT(SCOPE) = {SLICE("scope"), '\0', VALUE_SCOPE, SLICE("SCOPE,..."),
		     SLICE("What the token may: read, file, act, lease, admin"), set_scope},
	AT(EXPIRES) = {SLICE("expires"), '\0', VALUE_DATE, SLICE("DATE"),
		       SLICE("The day (YYYY-MM-DD) from which the token is worth nothing"),
		       set_expires},
	AT(HOST) = {SLICE("host"), '\0', VALUE_TEXT, SLICE("TEXT"),
		    SLICE("The machine that the port is for"), set_host},
	AT(PROJECT) = {SLICE("project"), '\0', VALUE_TEXT, SLICE("TEXT"),
		       SLICE("The project that the port is for"), set_project},
	AT(MINUTES) = {SLICE("minutes"), '\0', VALUE_NUMBER, SLICE("N"),
		       SLICE("For so long; without it, for as long as the policy lets one"),
		       set_minutes},
	AT(FROM) = {SLICE("from"), '\0', VALUE_TEXT, SLICE("ADDRESS"),
		    SLICE("The address of the desk, which its letters are from"), set_from},
	AT(PLAIN) = {SLICE("plain"), '\0', VALUE_NONE, SLICE_NONE,
		     SLICE("Send without TLS to a server on another machine"), set_plain},
};

const struct option *request_option_at(size_t index)
{
	return index < ARRAY_SIZE(options) ? &options[index] : NULL;
}
