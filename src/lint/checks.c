/* The table of checks. docs/FINDINGS.md is made from it (portbook lint --explain). */
#include "lint/checks.h"

#define CHECK	LINT_CHECK
#define RFC6335 "RFC 6335, section "
#define RFC7605 "RFC 7605, section "
#define RFC4340 "RFC 4340, section "
#define HABIT	"the registry's practice"

static const struct lint_check checks[] = {
	CHECK(NAME_CHARACTER, LINT_ERROR, "name-character", RFC6335 "5.1",
	      "service name \"{}\" holds more than letters, digits and hyphens",
	      "A service name consists of the letters A to Z and a to z, digits, and hyphens. "
	      "Names "
	      "that are older than the rule have an alias that follows it."),
	CHECK(NAME_LENGTH, LINT_ERROR, "name-length", RFC6335 "5.1",
	      "service name \"{}\" is longer than 15 characters",
	      "A service name has at least 1 and at most 15 characters."),
	CHECK(NAME_LETTER, LINT_ERROR, "name-letter", RFC6335 "5.1",
	      "service name \"{}\" has no letter",
	      "A service name has at least one letter, so that it cannot be taken for a port."),
	CHECK(NAME_EDGE_HYPHEN, LINT_ERROR, "name-edge-hyphen", RFC6335 "5.1",
	      "service name \"{}\" begins or ends with a hyphen",
	      "A service name neither begins nor ends with a hyphen."),
	CHECK(NAME_DOUBLE_HYPHEN, LINT_ERROR, "name-double-hyphen", RFC6335 "5.1",
	      "service name \"{}\" has two hyphens side by side",
	      "Hyphens in a service name do not stand side by side."),
	CHECK(NAME_EMPTY, LINT_WARNING, "name-empty", HABIT, "the service name is there and empty",
	      "A row without a service name has no name element; an empty one says nothing, and "
	      "software may take it for a name. Only XML can tell."),
	CHECK(NAME_CASE, LINT_ERROR, "name-case", RFC6335 "5.1",
	      "service name \"{}\" differs in letter case alone from that of {other}",
	      "Names are compared without regard to letter case, so that one service has one way "
	      "of "
	      "writing its name."),
	CHECK(NAME_VERSION, LINT_NOTE, "name-version", RFC7605 "7.5",
	      "the service name ends in a version, \"{}\"",
	      "A service name should not contain a version number: versions are told apart within "
	      "the protocol. Found where the last of several words between hyphens is v and "
	      "digits."),
	CHECK(NAME_WORD, LINT_NOTE, "name-word", RFC6335 "5",
	      "the service name has the word \"{}\", which every name could have",
	      "The words port, service and protocol add nothing to a service name and should be "
	      "left out. Found as words between hyphens."),
	CHECK(NAME_DISCOVERY, LINT_NOTE, "name-discovery", RFC6335 "5",
	      "a discovery service whose name \"{}\" does not end in -disc",
	      "The name of a service that only discovers others should end in -disc. Found where "
	      "the description has the word discovery."),
	CHECK(NAME_TRANSPORT, LINT_WARNING, "name-transport", RFC6335 "8.1.1",
	      "service \"{}\" is assigned without a transport protocol",
	      "A request names one or more of TCP, UDP, SCTP and DCCP, also where no port is asked "
	      "for."),
	CHECK(NAME_PORTS, LINT_NOTE, "name-ports", RFC6335 "7.2",
	      "the service has another port as well: {other}",
	      "A service should have one port. Reported once for a name, at its second port."),
	CHECK(NAME_BOTH_WAYS, LINT_NOTE, "name-both-ways", RFC6335 "8.1.1",
	      "a row without a port, for a service that has one: {other}",
	      "A name is assigned with a port or without one; where both are there the row without "
	      "says nothing that the other does not, or the other is forgotten."),
	CHECK(ALIAS, LINT_NOTE, "alias", RFC6335 "10.1", "a historic alias of \"{}\"",
	      "Names that broke the rules when these were written stayed as aliases of well-formed "
	      "ones. They are not to be used by what looks names up."),
	CHECK(ALIAS_TARGET, LINT_ERROR, "alias-target", RFC6335 "10.1",
	      "an alias of \"{}\", which no row is called",
	      "The name that an alias stands for is a service name of the registry."),
	CHECK(ALIAS_ELSEWHERE, LINT_ERROR, "alias-elsewhere", RFC6335 "10.1",
	      "an alias of \"{}\", which has no row of this port and transport",
	      "An alias and the name that it stands for have the same ports and transports."),
	CHECK(ALIAS_REPLACED, LINT_WARNING, "alias-replaced", RFC6335 "10.1",
	      "a replacement for \"{}\", which no row is called",
	      "The description says that the name replaces another, which should still be there as "
	      "an alias."),
	CHECK(DUPLICATE, LINT_ERROR, "duplicate", RFC6335 "5",
	      "the same name, port and transport as an earlier row",
	      "A service name is there once for a port and transport, and once for a transport "
	      "where it has no port."),
	CHECK(PORT_SHARED, LINT_WARNING, "port-shared", RFC6335 "8.1.1",
	      "the port is assigned to {other} as well",
	      "A port of a transport is assigned to one service. Aliases, and rows whose notes "
	      "call "
	      "them a duplicate, are no findings. Reported once for a port and transport."),
	CHECK(RANGE_OVERLAP, LINT_ERROR, "range-overlap", RFC6335 "6",
	      "ports of this row are in row {other} as well",
	      "Rows with different ranges have no port in common. A row without a transport is "
	      "about all of them."),
	CHECK(RANGE_ADJACENT, LINT_NOTE, "range-adjacent", HABIT,
	      "unassigned ports that go on from row {other}",
	      "Unassigned ports that follow one another are one range, in one row."),
	CHECK(RANGE_SINGLE, LINT_WARNING, "range-single", HABIT, "the range {} is a single port",
	      "One port is written as a number, not as a range that ends where it begins."),
	CHECK(RANGE_NAMED, LINT_NOTE, "range-named", RFC6335 "7.2",
	      "the range of ports {} is assigned to one service",
	      "A service should have one port, and tell its instances apart by other means."),
	CHECK(PORT_DYNAMIC, LINT_ERROR, "port-dynamic", RFC6335 "8.1.2",
	      "{} is in the Dynamic Ports, which are never assigned",
	      "Ports from 49152 to 65535 are for local and temporary use, and have no rows."),
	CHECK(PORT_EDGE, LINT_ERROR, "port-edge", RFC6335 "6",
	      "the edge of a range of ports is {}, not reserved",
	      "Ports 0, 1023, 1024 and 49151 are the edges of the ranges and Reserved, so that the "
	      "ranges can be extended."),
	CHECK(COUNTERPART, LINT_NOTE, "counterpart", RFC6335 "8.1.1",
	      "no row tells whether the port is reserved for {}",
	      "Where a port is assigned for one of TCP and UDP, the other is Reserved, and has a "
	      "row "
	      "that says so. Reported once for a port."),
	CHECK(EXPERIMENT_PORT, LINT_ERROR, "experiment-port", RFC6335 "10.2",
	      "the experimental service is on another port than {}",
	      "The service exp1 has port 1021 and exp2 port 1022."),
	CHECK(EXPERIMENT_TRANSPORT, LINT_ERROR, "experiment-transport", RFC6335 "10.2",
	      "the experimental service has no row for {}",
	      "The services exp1 and exp2 are there for every transport."),
	CHECK(PORT_STATES, LINT_ERROR, "port-states", RFC6335 "6",
	      "the port is {} in this row, and there is {other}",
	      "A port of a transport is in one state: Assigned, Unassigned or Reserved."),
	CHECK(PERSON_MISSING, LINT_ERROR, "person-missing", RFC6335 "8.1.1",
	      "refers to [{}], who is not among the people",
	      "Every assignee and contact is listed with a name and an address. Not checked in "
	      "formats that list no people."),
	CHECK(PERSON_UNUSED, LINT_WARNING, "person-unused", HABIT, "no row names this person",
	      "People whom nothing refers to any more are taken off the list."),
	CHECK(PERSON_TWICE, LINT_ERROR, "person-twice", HABIT,
	      "the id is that of an earlier person",
	      "An id stands for one person. A second one of the same name gets _2 behind it."),
	CHECK(PERSON_CASE, LINT_WARNING, "person-case", HABIT,
	      "the id differs in letter case alone from {other}",
	      "Ids that differ in letter case alone are easily taken for each other, and are the "
	      "same where case does not count."),
	CHECK(PERSON_NAMELESS, LINT_WARNING, "person-nameless", RFC6335 "8.1.1",
	      "neither a name nor an organization", "An assignee or contact has a name."),
	CHECK(PERSON_URI_NONE, LINT_NOTE, "person-uri-none", RFC6335 "8.1.1", "no address",
	      "An assignee or contact has an e-mail address."),
	CHECK(PERSON_URI_KIND, LINT_NOTE, "person-uri-kind", RFC6335 "8.1.1",
	      "the address \"{}\" is not for e-mail",
	      "An assignee or contact has an e-mail address: an URI that begins with mailto:."),
	CHECK(PERSON_URI_FORM, LINT_WARNING, "person-uri-form", HABIT,
	      "the e-mail address \"{}\" is malformed",
	      "An address is written mailto:local&host, with & for @; local of letters, digits and "
	      "!#$%'*+/=?^_`{|}~.- , host of two or more labels of letters, digits and hyphens "
	      "with dots between."),
	CHECK(ASSIGNEE_MISSING, LINT_WARNING, "assignee-missing", RFC6335 "8.1.1",
	      "assigned {} without an assignee",
	      "What is assigned since September 2011, when the rule was published, has an "
	      "assignee. "
	      "Only XML can tell an assignee who is the contact from none."),
	CHECK(CONTACT_MISSING, LINT_NOTE, "contact-missing", RFC6335 "8.1.1",
	      "assigned without a contact",
	      "What is assigned has a contact. Not checked where no row has one, as in "
	      "services(5)."),
	CHECK(CONTACT_IESG, LINT_NOTE, "contact-iesg", RFC6335 "8.1.1",
	      "the assignee is the IESG, but the contact {}",
	      "For assignments by documents of the IETF the assignee is the IESG and the contact "
	      "the IETF Chair."),
	CHECK(DATE_FORM, LINT_ERROR, "date-form", HABIT, "\"{}\" is no date",
	      "Dates are YYYY-MM-DD, or YYYY-MM where the day is not known."),
	CHECK(DATE_ORDER, LINT_WARNING, "date-order", HABIT,
	      "modified on {}, before it was registered",
	      "An entry is modified after it was registered."),
	CHECK(DATE_FUTURE, LINT_WARNING, "date-future", HABIT, "the date {} is after the edition's",
	      "No date is later than that of the edition, where the document states it."),
	CHECK(DATE_MONTH, LINT_NOTE, "date-month", HABIT, "the date {} has no day",
	      "New entries have the day; only older ones have the month alone. Dates of people are "
	      "not counted."),
	CHECK(DATE_MISSING, LINT_NOTE, "date-missing", HABIT,
	      "assigned without a date of registration",
	      "New entries have a date; entries of the registry's first decades do not. Not "
	      "checked where no row has one, as in services(5)."),
	CHECK(DATE_EXPIRED, LINT_WARNING, "date-expired", "RFC 7120, section 3",
	      "a temporary assignment that expired on {}",
	      "An early assignment is for a year and is then renewed, made permanent, or "
	      "deprecated. Found where the description says TEMPORARY and expires with a date "
	      "before the edition's."),
	CHECK(CODE_MISSING, LINT_WARNING, "code-missing", RFC6335 "8.1.1",
	      "assigned for DCCP without a service code",
	      "A service over DCCP has a service code."),
	CHECK(CODE_FORM, LINT_ERROR, "code-form", RFC4340 "19.8",
	      "the service code \"{}\" is no number of 32 bits",
	      "A service code is written as a decimal number from 1 to 4294967294."),
	CHECK(CODE_RESERVED, LINT_ERROR, "code-reserved", RFC4340 "19.8",
	      "the service code {} cannot be assigned",
	      "Codes 0 and 4294967295 mean something else, and 1056964608 to 1073741823 are for "
	      "private use."),
	CHECK(CODE_TWICE, LINT_ERROR, "code-twice", RFC6335 "10.3",
	      "the service code {} is that of {other}",
	      "A service code stands for one service and has at most one port."),
	CHECK(CODE_TRANSPORT, LINT_ERROR, "code-transport", RFC6335 "8.1.1",
	      "the service code {} without DCCP", "Only services over DCCP have service codes."),
	CHECK(ORDER_PORTS, LINT_WARNING, "order-ports", HABIT,
	      "stands behind {other}, whose port is higher",
	      "Rows with ports stand in the order of their first port."),
	CHECK(ORDER_PORTLESS, LINT_WARNING, "order-portless", HABIT,
	      "a row with a port behind {other}, which has none",
	      "Rows without a port stand behind all others."),
	CHECK(ORDER_NAMES, LINT_NOTE, "order-names", HABIT,
	      "stands behind {other}, whose name is later in the alphabet",
	      "Rows without a port stand in the order of their names, without regard to letter "
	      "case."),
	CHECK(ORDER_PEOPLE, LINT_NOTE, "order-people", HABIT,
	      "stands behind {other}, whose id is later in the alphabet",
	      "People stand in the order of their ids, without regard to letter case."),
	CHECK(ORDER_TRANSPORTS, LINT_NOTE, "order-transports", HABIT, "stands behind {other}",
	      "Rows of one service and port stand in the order TCP, UDP, SCTP, DCCP."),
	CHECK(WORD_UNASSIGNED, LINT_NOTE, "word-unassigned", RFC6335 "6",
	      "unassigned in other words: \"{}\"",
	      "An unassigned port is described as Unassigned, with nothing else."),
	CHECK(WORD_RESERVED, LINT_NOTE, "word-reserved", RFC6335 "6",
	      "no service name, and the description is \"{}\"",
	      "A row without a service name is described as Unassigned or Reserved, with nothing "
	      "else."),
	CHECK(DESCRIPTION_EMPTY, LINT_WARNING, "description-empty", RFC6335 "8.1.1",
	      "assigned without a description", "What is assigned has a description."),
	CHECK(NOTE_EMPTY, LINT_NOTE, "note-empty", HABIT, "the note is there and empty",
	      "A note says something. Only XML can tell."),
	CHECK(DESCRIPTION_LINE, LINT_NOTE, "description-line", HABIT,
	      "a line feed in the description that is no line break",
	      "A line feed among the characters shows differently from one format to the next. "
	      "Found in XML and XHTML."),
	CHECK(NOTE_LINE, LINT_NOTE, "note-line", HABIT,
	      "a line feed in the notes that is no line break", "As with descriptions."),
	CHECK(WORD_TXT_KEYS, LINT_NOTE, "word-txt-keys", HABIT,
	      "\"Defined TXT Keys\" with a capital K",
	      "The keys of DNS-SD TXT records (RFC 6763, section 6) are told as Defined TXT keys."),
	CHECK(WORD_UNAUTHORIZED, LINT_NOTE, "word-unauthorized", HABIT,
	      "unauthorized use in other words: \"{}\"",
	      "Reports of unauthorized use begin with the words Known Unauthorized Use."),
	CHECK(DESCRIPTION_VERSION, LINT_NOTE, "description-version", RFC7605 "7.5",
	      "a version in the description \"{}\"",
	      "A description should not contain a version number. Found as the word version, or as "
	      "v and digits."),
	CHECK(REFERENCE_DRAFT, LINT_NOTE, "reference-draft", RFC6335 "8.1.1",
	      "refers to the draft \"{}\"",
	      "Drafts are replaced by RFCs, or expire; a reference to one needs attention."),
	CHECK(REFERENCE_TYPE, LINT_WARNING, "reference-type", HABIT,
	      "refers to something of the unknown kind \"{}\"",
	      "References are to people, RFCs, drafts, addresses (uri), footnotes (note) or "
	      "texts."),
	CHECK(REFERENCE_NOTE, LINT_ERROR, "reference-note", HABIT,
	      "refers to footnote {}, which is not there",
	      "A footnote that is referred to is in the document. Not checked where none is."),
	CHECK(REFERENCE_RFC, LINT_WARNING, "reference-rfc", HABIT,
	      "refers to the RFC \"{}\", which is not rfc and a number",
	      "An RFC is referred to as rfc and its number."),
	CHECK(REFERENCE_TEXT, LINT_WARNING, "reference-text", HABIT,
	      "text beside the references: \"{}\"",
	      "The assignee, the contact and the references of a row are references, in brackets, "
	      "and nothing else. XML has no place for other text, so that an export as XML loses "
	      "it; no finding in XML."),
	CHECK(ENCODING_DAMAGE, LINT_WARNING, "encoding-damage", HABIT,
	      "characters of the wrong character set: \"{}\"",
	      "Text that was read in the wrong character set shows a square root sign, the letters "
	      "A with tilde or circumflex before a sign, or U+FFFD. Reported once for a row or "
	      "person."),
	CHECK(ENCODING_INVISIBLE, LINT_WARNING, "encoding-invisible", HABIT,
	      "invisible characters: \"{}\"",
	      "Spaces that do not break, soft hyphens, characters without width, marks of "
	      "direction and control characters cannot be seen, and break comparisons. Reported "
	      "once for a row or person."),
	CHECK(ENCODING_DESCRIPTION, LINT_NOTE, "encoding-description", HABIT,
	      "characters beyond ASCII in the description",
	      "Descriptions are in English and ASCII, so that every format can carry them."),
	CHECK(ENCODING_PERSON, LINT_NOTE, "encoding-person", HABIT,
	      "characters beyond ASCII in the id \"{}\"",
	      "Ids of people are names in which everything but letters of ASCII is replaced."),
};

const struct lint_check *lint_check_at(size_t index)
{
	return index < ARRAY_SIZE(checks) ? &checks[index] : NULL;
}

const struct lint_check *lint_check_of(unsigned number)
{
	size_t low = 0, high = ARRAY_SIZE(checks);

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (checks[middle].number <= number)
			low = middle;
		else
			high = middle;
	}
	return &checks[low];
}
