/* The options of request alone. */
#include "cli/options.h"

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
};

const struct option *request_option_at(size_t index)
{
	return index < ARRAY_SIZE(options) ? &options[index] : NULL;
}
