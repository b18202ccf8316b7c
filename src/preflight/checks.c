/* The table of checks. docs/PREFLIGHT.md lists them. */
#include "preflight/checks.h"

#define CHECK(number_, level_, name_, section_, meaning_)                                          \
	{                                                                                          \
		.number = (number_), .level = PREFLIGHT_##level_, .name = SLICE(name_),            \
		.section = SLICE(section_), .meaning = SLICE(meaning_),                            \
	}

#define RFC6335	 "RFC 6335, section "
#define RFC7605	 "RFC 7605, section "
#define RFC4340	 "RFC 4340, section "
#define RFC7120	 "RFC 7120, section "
#define PRACTICE "the registry's practice"

static const struct preflight_check checks[] = {
	CHECK(FIELD_MISSING, MUST, "field-missing", "policy, requirements",
	      "A field that the procedure or the policy demands is not there, or what is there "
	      "says "
	      "nothing."),
	CHECK(FIELD_WANTED, SHOULD, "field-wanted", "policy, requirements",
	      "A field that experts ask for is not there, or what is there says nothing."),
	CHECK(ANSWER_HOLLOW, SHOULD, "answer-hollow", RFC6335 "7.2",
	      "An answer says nothing: n/a, TBD, test and the like."),
	CHECK(ANSWER_COPIED, SHOULD, "answer-copied", RFC6335 "7.2",
	      "An answer is a copy of another one, such as the description."),
	CHECK(ANSWER_SHORT, NOTE, "answer-short", RFC6335 "7.2",
	      "A question is answered in less than four words."),
	CHECK(EXPIRES_PAST, MUST, "expires-past", RFC7120 "2",
	      "The day until which it is needed is over."),
	CHECK(NAME_CHARACTER, MUST, "name-character", RFC6335 "5.1",
	      "A service name consists of the letters A to Z and a to z, digits and hyphens; a "
	      "policy may allow underscores."),
	CHECK(NAME_LENGTH, MUST, "name-length", RFC6335 "5.1",
	      "A service name has at most 15 characters, or as many as the policy says."),
	CHECK(NAME_LETTER, MUST, "name-letter", RFC6335 "5.1",
	      "A service name has at least one letter."),
	CHECK(NAME_EDGE_HYPHEN, MUST, "name-edge-hyphen", RFC6335 "5.1",
	      "A service name neither begins nor ends with a hyphen."),
	CHECK(NAME_DOUBLE_HYPHEN, MUST, "name-double-hyphen", RFC6335 "5.1",
	      "Hyphens in a service name do not stand side by side."),
	CHECK(NAME_TAKEN, MUST, "name-taken", RFC6335 "5.1",
	      "The name is registered, in any letter case, or is an alias that is."),
	CHECK(NAME_PAST, SHOULD, "name-past", RFC6335 "8.2",
	      "The name was registered in the past, and is no more."),
	CHECK(NAME_SIMILAR, NOTE, "name-similar", RFC6335 "5",
	      "Registered names are like it: by a letter or two, or one is the beginning of the "
	      "other."),
	CHECK(NAME_VARIANT, SHOULD, "name-variant", RFC6335 "7.2",
	      "A registered name differs from it in hyphens or the digits at its end alone."),
	CHECK(NAME_VERSION, SHOULD, "name-version", RFC7605 "7.5",
	      "The name ends in v and digits: names are for all versions."),
	CHECK(NAME_WORD, SHOULD, "name-word", RFC6335 "5",
	      "The name has the word port, service or protocol."),
	CHECK(NAME_DISCOVERY, SHOULD, "name-discovery", RFC6335 "5",
	      "A service for discovery alone has a name that does not end in -disc."),
	CHECK(NAME_SECURE, SHOULD, "name-secure", RFC7605 "7.4",
	      "The name is that of a registered service with s, -s, -tls, -ssl, -dtls, -sec or "
	      "-secure at its end."),
	CHECK(DESCRIPTION_VERSION, SHOULD, "description-version", RFC7605 "7.5",
	      "The description has a version."),
	CHECK(NAME_EXPERIMENT, MUST, "name-experiment", RFC6335 "10.2",
	      "exp1 and exp2 are for experiments, at 1021 and 1022."),
	CHECK(NAME_HAS_NO_PORT, NOTE, "name-has-no-port", RFC6335 "8.1.1",
	      "The name is the applicant's, without a port, and would get one."),
	CHECK(DESCRIPTION_TAKEN, SHOULD, "description-taken", RFC7605 "7.9",
	      "Another service has the same description: perhaps it is the same."),
	CHECK(PORT_NEVER, MUST, "port-never", RFC6335 "8.1.2",
	      "The port is of a range of which nothing is assigned, such as the Dynamic Ports."),
	CHECK(PORT_WITHHELD, MUST, "port-withheld", RFC6335 "6",
	      "The port is kept back by the policy: 0, 1023, 1024 and 49151."),
	CHECK(PORT_FOREIGN, MUST, "port-foreign", "policy, ranges",
	      "The port is in no range of the registry."),
	CHECK(PORT_ASSIGNED, MUST, "port-assigned", RFC6335 "8.1.1",
	      "The port is assigned to another service of somebody else."),
	CHECK(PORT_RESERVED, MUST, "port-reserved", RFC6335 "8.1.1",
	      "The port is Reserved for a reason of its own."),
	CHECK(PORT_COUNTERPART, SHOULD, "port-counterpart", RFC6335 "8.1",
	      "The port is Reserved beside another's service, which has it by another transport."),
	CHECK(PORT_PAST, SHOULD, "port-past", RFC6335 "8.2",
	      "The port was assigned in the past, and is no more."),
	CHECK(PORT_UNAUTHORIZED, SHOULD, "port-unauthorized", RFC7605 "7.8",
	      "A row of the port reports unauthorized use."),
	CHECK(PORT_COMMON, SHOULD, "port-common", RFC7605 "7.8",
	      "Well-known software uses the port without registration (data/common.csv)."),
	CHECK(PORT_SECOND, SHOULD, "port-second", RFC6335 "7.2",
	      "The service is the applicant's, and has another port already."),
	CHECK(PORTS_SEVERAL, SHOULD, "ports-several", RFC7605 "7.2",
	      "More than one port is asked for."),
	CHECK(PORTS_TOO_MANY, MUST, "ports-too-many", "policy, ports_most",
	      "More ports are asked for than one application may."),
	CHECK(PORT_NONE_LEFT, MUST, "port-none-left", RFC6335 "8.1",
	      "No port of those wanted is free for the transports."),
	CHECK(PORT_OTHER_TRANSPORT, SHOULD, "port-other-transport", RFC6335 "7.2",
	      "Another service has the port by another transport."),
	CHECK(SYSTEM_SPECIFICATION, MUST, "system-specification", RFC6335 "8.1.1",
	      "A System Port is asked for without a specification that is public and stable."),
	CHECK(PORT_APPROVAL, SHOULD, "port-approval", RFC6335 "8.1.1",
	      "The port is Reserved, in a range where approvers decide: they give it free, too."),
	CHECK(PORT_SHARED, SHOULD, "port-shared", RFC6335 "8.1.1",
	      "The port is the applicant's, for a service of another name."),
	CHECK(TRANSPORT_FOREIGN, MUST, "transport-foreign", "policy, transports",
	      "The registry does not assign ports of the transport."),
	CHECK(TRANSPORT_RARE, NOTE, "transport-rare", RFC7605 "7.6",
	      "SCTP or DCCP is asked for, which few services use."),
	CHECK(TRANSPORT_THERE, MUST, "transport-there", RFC6335 "8.1.1",
	      "The service has the transport already."),
	CHECK(CODE_MISSING, MUST, "code-missing", RFC6335 "10.3",
	      "DCCP is asked for without a service code, and the service has none."),
	CHECK(CODE_WITHOUT_DCCP, MUST, "code-without-dccp", RFC6335 "8.1.1",
	      "There is a service code, and DCCP is not asked for."),
	CHECK(CODE_RESERVED, MUST, "code-reserved", RFC4340 "19.8",
	      "The service code is 0, 4294967295 or one for private use."),
	CHECK(CODE_TAKEN, MUST, "code-taken", RFC4340 "19.8",
	      "The service code is that of another service."),
	CHECK(CODE_SPECIFICATION, MUST, "code-specification", RFC4340 "8.1.2",
	      "The service code consists of capitals, digits, blanks and marks, which takes a "
	      "specification, and the reference names none."),
	CHECK(CODE_TEXT, NOTE, "code-text", RFC4340 "19.8",
	      "The service code reads as text, and is to be shown as such, too."),
	CHECK(CODE_SEVERAL, NOTE, "code-several", RFC6335 "10.3",
	      "The service or port has another service code already."),
	CHECK(REFERENCE_UNSTABLE, SHOULD, "reference-unstable", RFC6335 "8.1.1",
	      "A reference is to a place whose documents change or go."),
	CHECK(REFERENCE_PROPRIETARY, MUST, "reference-proprietary", RFC6335 "8.1.1",
	      "A System Port or an early allocation is asked for what is proprietary."),
	CHECK(REFERENCE_IESG, MUST, "reference-iesg", RFC6335 "8.1.1",
	      "What a draft of the IETF defines is assigned to somebody else than the IESG."),
	CHECK(REFERENCE_DRAFT, NOTE, "reference-draft", RFC6335 "8.1.1",
	      "A reference is a draft, which expires."),
	CHECK(REFERENCE_RFC, SHOULD, "reference-rfc", RFC6335 "8.1.1",
	      "What an RFC defines, which may be of the IETF stream, is assigned to somebody else "
	      "than the IESG."),
	CHECK(HOLDER, SHOULD, "holder", RFC6335 "7.2",
	      "Assignee or contact has services already: one name and one port are to suffice."),
	CHECK(CONTACT_CHAIR, SHOULD, "contact-chair", RFC6335 "8.1.1",
	      "The assignee is the IESG, and the contact is not the IETF Chair."),
	CHECK(SUBJECT_MISSING, MUST, "subject-missing", RFC6335 "8",
	      "What is to be changed is not in the registry, or an appeal names no request."),
	CHECK(SUBJECT_UNASSIGNED, MUST, "subject-unassigned", RFC6335 "8",
	      "What is to be changed is not assigned."),
	CHECK(SUBJECT_SEVERAL, MUST, "subject-several", RFC6335 "8",
	      "What is to be changed is of several services."),
	CHECK(EARLY_DRAFT, MUST, "early-draft", RFC7120 "2",
	      "An early allocation is asked for without a draft."),
	CHECK(EARLY_GROUP, SHOULD, "early-group", RFC7120 "3.1",
	      "An early allocation is asked for a draft that is not a working group's."),
	CHECK(RENEWAL_PERMANENT, MUST, "renewal-permanent", RFC7120 "3.3",
	      "What is to be renewed does not expire."),
	CHECK(RENEWAL_AGAIN, SHOULD, "renewal-again", RFC7120 "3.3",
	      "It was renewed before as often as experts may; approvers decide."),
	CHECK(RENEWAL_LATE, SHOULD, "renewal-late", RFC7120 "3.3", "It has expired."),
	CHECK(MODIFICATION_ASSIGNEE, MUST, "modification-assignee", RFC6335 "8.6",
	      "The assignee is to be another one, which is no modification."),
	CHECK(MODIFICATION_NOTHING, MUST, "modification-nothing", RFC6335 "8.6",
	      "No field says what is to change."),
	CHECK(MODIFICATION_NAME, SHOULD, "modification-name", RFC6335 "8.6",
	      "The name is to be another one."),
	CHECK(TRANSFER, MUST, "transfer", RFC6335 "8.5",
	      "Nothing is transferred; de-assignment and reuse take its place."),
	CHECK(IN_USE, NOTE, "in-use", RFC6335 "8.2",
	      "What is to be ended, since when it is there, and what is reported of its use."),
	CHECK(REVOCATION_NAME, MUST, "revocation-name", RFC6335 "8.4",
	      "A name without a port is to be revoked."),
	CHECK(DEASSIGNMENT_REST, NOTE, "de-assignment-rest", RFC6335 "8.2",
	      "Other rows of the service stay."),
	CHECK(APPEAL_LATE, MUST, "appeal-late", "RFC 2026, section 6.5.4",
	      "The time for an appeal is over."),
	CHECK(APPEAL_TIME, NOTE, "appeal-time", "RFC 2026, section 6.5.4",
	      "How much of the time for an appeal is left."),
	CHECK(REUSE_NAME, MUST, "reuse-name", RFC6335 "8.3",
	      "A port is to be reused under the name that it has."),
	CHECK(HOLDER_CONFIRMS, NOTE, "holder-confirms", RFC6335 "8.1.1",
	      "The applicant is not the assignee, who is asked to confirm it."),
	CHECK(PRECEDENTS, NOTE, "precedents", PRACTICE,
	      "How many services were assigned in the range in the last five years, and the "
	      "newest."),
	CHECK(COUNTERPARTS, NOTE, "counterparts", PRACTICE,
	      "The transports that are not asked for are Reserved."),
};

const struct preflight_check *preflight_check_at(size_t index)
{
	return index < ARRAY_SIZE(checks) ? &checks[index] : NULL;
}

const struct preflight_check *check_of(enum check number)
{
	size_t i = 0;

	while (checks[i].number != number)
		i++;
	return &checks[i];
}
