/* Inside lint/: the numbers of the checks, and how they report what they find. */
#ifndef PORTBOOK_LINT_CHECKS_H
#define PORTBOOK_LINT_CHECKS_H

#include "base/arena.h"
#include "lint/lint.h"

/* Permanent: a check that goes leaves its number behind. */
enum check {
	NAME_CHARACTER = 101,
	NAME_LENGTH = 102,
	NAME_LETTER = 103,
	NAME_EDGE_HYPHEN = 104,
	NAME_DOUBLE_HYPHEN = 105,
	NAME_EMPTY = 106,
	NAME_CASE = 107,
	NAME_VERSION = 108,
	NAME_WORD = 109,
	NAME_DISCOVERY = 110,
	NAME_TRANSPORT = 111,
	NAME_PORTS = 112,
	NAME_BOTH_WAYS = 113,
	ALIAS = 121,
	ALIAS_TARGET = 122,
	ALIAS_ELSEWHERE = 123,
	ALIAS_REPLACED = 124,
	DUPLICATE = 201,
	PORT_SHARED = 202,
	RANGE_OVERLAP = 203,
	RANGE_ADJACENT = 204,
	RANGE_SINGLE = 205,
	RANGE_NAMED = 206,
	PORT_DYNAMIC = 207,
	PORT_EDGE = 208,
	COUNTERPART = 209,
	EXPERIMENT_PORT = 210,
	EXPERIMENT_TRANSPORT = 211,
	PORT_STATES = 212,
	PERSON_MISSING = 301,
	PERSON_UNUSED = 302,
	PERSON_TWICE = 303,
	PERSON_CASE = 304,
	PERSON_NAMELESS = 305,
	PERSON_URI_NONE = 306,
	PERSON_URI_KIND = 307,
	PERSON_URI_FORM = 308,
	ASSIGNEE_MISSING = 309,
	CONTACT_MISSING = 310,
	CONTACT_IESG = 311,
	DATE_FORM = 401,
	DATE_ORDER = 402,
	DATE_FUTURE = 403,
	DATE_MONTH = 404,
	DATE_MISSING = 405,
	DATE_EXPIRED = 406,
	CODE_MISSING = 501,
	CODE_FORM = 502,
	CODE_RESERVED = 503,
	CODE_TWICE = 504,
	CODE_TRANSPORT = 505,
	ORDER_PORTS = 601,
	ORDER_PORTLESS = 602,
	ORDER_NAMES = 603,
	ORDER_PEOPLE = 604,
	ORDER_TRANSPORTS = 605,
	WORD_UNASSIGNED = 701,
	WORD_RESERVED = 702,
	DESCRIPTION_EMPTY = 703,
	NOTE_EMPTY = 704,
	DESCRIPTION_LINE = 705,
	NOTE_LINE = 706,
	WORD_TXT_KEYS = 707,
	WORD_UNAUTHORIZED = 708,
	DESCRIPTION_VERSION = 709,
	REFERENCE_DRAFT = 721,
	REFERENCE_TYPE = 722,
	REFERENCE_NOTE = 723,
	REFERENCE_RFC = 724,
	REFERENCE_TEXT = 725,
	ENCODING_DAMAGE = 801,
	ENCODING_INVISIBLE = 802,
	ENCODING_DESCRIPTION = 803,
	ENCODING_PERSON = 804,
};

enum { NOBODY = UINT32_MAX };

/* What was found, its words still to be made. */
struct report {
	struct slice what;     /* the text in question */
	uint32_t index, other; /* rows or people; other may be NOBODY */
	uint32_t sequence;     /* so that sorting keeps the order of finding */
	uint16_t number;
	uint8_t subject;
};

struct lint {
	const struct registry *registry;
	struct arena arena; /* of texts that the registry does not hold */
	struct report *reports;
	size_t count, size;
	bool failed; /* memory ran out; nothing is reported after it */
};

/* what is borrowed; other is a row or person that the subject does not agree with, or NOBODY. */
void lint_report(struct lint *lint, enum check check, enum lint_subject subject, size_t index,
		 struct slice what, size_t other);

static inline void lint_row(struct lint *lint, enum check check, size_t row, struct slice what)
{
	lint_report(lint, check, LINT_ROW, row, what, NOBODY);
}

static inline void lint_person(struct lint *lint, enum check check, size_t person,
			       struct slice what)
{
	lint_report(lint, check, LINT_PERSON, person, what, NOBODY);
}

/* The check of that number, which there is. */
const struct lint_check *lint_check_of(unsigned number);

/* Groups of checks. */
void lint_rows(struct lint *lint);   /* a row by itself, and against the one before */
void lint_codes(struct lint *lint);  /* DCCP service codes */
void lint_dates(struct lint *lint);  /* of rows, people and header */
void lint_names(struct lint *lint);  /* rows of one service name, against each other */
void lint_ports(struct lint *lint);  /* rows of one port */
void lint_people(struct lint *lint); /* people, and who names them */
void lint_texts(struct lint *lint);  /* wording, references, characters */

/* Whether any row says something in the column: a format that has no place for it is not to blame.
 */
bool lint_has_column(const struct lint *lint, enum column column);

/* Whether text has the word in any letter case, with no letter or digit on either side. */
bool lint_has_word(struct slice text, struct slice word);

/* A copy of text, folded, that lives as long as lint; absent where memory ran out. */
struct slice lint_fold(struct lint *lint, struct slice text);

/* When RFC 6335 was published; what was registered since is held to its form. */
#define LINT_RFC6335_DATE SLICE("2011-09")

static inline bool lint_row_since_rfc6335(const struct row *row)
{
	return slice_compare(row->shown[COLUMN_REGISTERED], LINT_RFC6335_DATE) >= 0;
}

#endif
